"""What a build tells: for people, and for programs."""

from __future__ import annotations

import shlex
from pathlib import Path
from typing import Any

import click

from sayso.build.result import BuildPlan, BuildResult
from sayso.cli.console import error_document, near, plural, quoted
from sayso.errors import SaysoError, visible
from sayso.show.paths import EPISODES
from sayso.system.clock import clock


def document(done: BuildPlan | BuildResult) -> dict[str, Any]:
    """What a build has done, or would do, for programs."""
    told: dict[str, Any] = {
        "review": str(done.review),
        "title": done.title,
        "left_out": dict(done.left_out),
    }
    if isinstance(done, BuildPlan):
        return {
            **told,
            "script": str(done.script),
            "sentences": done.n_sentences,
            "to_voice": done.to_voice,
            "about_s": done.about_s,
            "engines": done.engines,
        }
    return {
        **told,
        "folder": str(done.folder),
        "mp3": str(done.mp3),
        "formats": [str(path) for path in done.formats],
        "stems": None if done.stems is None else str(done.stems),
        "script": str(done.script),
        "duration_s": done.duration_s,
        "integrated_lufs": done.integrated_lufs,
        "chapters": done.n_chapters,
        "sentences": done.n_sentences,
        "voiced": done.n_voiced,
        "stretches": done.n_chunks,
        "encoded": done.n_encoded,
        "engines": done.engines,
        "unchanged": done.unchanged,
        "because": dict(done.because),
        "notes": done.notes,
        "seconds": round(done.seconds, 2),
    }


def failure_document(review: Path, error: SaysoError) -> dict[str, Any]:
    """The same of a review that could not be built."""
    return {"review": str(review), "error": str(error), "code": error.code, **error_document(error)}


def print_plan(plan: BuildPlan) -> None:
    """What a build would do, for a person."""
    click.secho(visible(plan.title), bold=True)
    click.echo(
        f"  would voice {len(plan.to_voice)} of {plural(plan.n_sentences, 'sentence')} "
        f"with {', '.join(plan.engines)}; about {clock(plan.about_s)} in all"
    )
    for sentence in plan.to_voice[:5]:
        click.echo(f"    {sentence[:90]}")
    if len(plan.to_voice) > 5:
        click.echo(f"    … and {len(plan.to_voice) - 5} more")


def print_result(done: BuildResult) -> None:
    """What a build has done, for a person."""
    click.secho(visible(done.title), bold=True)
    click.echo(
        f"  {clock(done.duration_s)}, {plural(done.n_chapters, 'chapter')}, "
        f"{loudness(done)}, {', '.join(done.engines)}"
    )
    click.echo(
        f"  {plural(done.n_voiced, 'sentence')} voiced, {done.n_sentences - done.n_voiced} kept; "
        f"{done.n_encoded} of {plural(done.n_chunks, 'stretch', 'stretches')} encoded; "
        f"{done.seconds:.1f} s"
    )
    for reason in done.reasons:
        click.echo(f"  {reason}")
    for path in (done.mp3, *done.formats, *((done.stems,) if done.stems else ())):
        click.echo(f"  {near(path)}")


def loudness(done: BuildResult) -> str:
    """`-16.1 LUFS`, or that there is nothing to hear."""
    return "silent" if done.integrated_lufs is None else f"{done.integrated_lufs:.1f} LUFS"


def print_next(done: BuildResult) -> None:
    """What to do next."""
    again = f"listen, edit {near(done.script)}, and build again"
    if done.folder.name == "draft" and done.engines == ("tone",):
        review = quoted(done.review)
        click.echo(f"next: sayso build {review}  (without --draft: with voices)", err=True)
    elif (done.folder.parents[1] / "show.toml").is_file():
        click.echo(f"{again} until you like it", err=True)
        name = near(done.folder)
        name = done.folder.name if Path(name).parts == (EPISODES, done.folder.name) else name
        click.echo(f"next: sayso publish {shlex.quote(name)}", err=True)
    else:
        click.echo(f"next: {again}", err=True)
