"""`sayso build`: review → episode."""

from __future__ import annotations

import shlex
from pathlib import Path
from typing import Any

import click

from sayso.build.api import build_episode, plan_episode
from sayso.build.options import FORMATS, Options
from sayso.build.result import BuildPlan, BuildResult
from sayso.cli import completing
from sayso.cli.console import (
    Progressing,
    error_document,
    near,
    plural,
    print_json,
    quoted,
)
from sayso.cli.options import (
    engine_option,
    format_option,
    jobs_option,
    kind_option,
    stems_option,
    template_option,
    workers_option,
)
from sayso.cli.standard_input import keep_all, name_option
from sayso.errors import SaysoError, visible
from sayso.show.paths import EPISODES
from sayso.system.clock import clock


@click.command("build")
@click.argument(
    "reviews",
    nargs=-1,
    required=True,
    type=click.Path(path_type=Path),
    shell_complete=completing.reviews,
)
@click.option("--draft", is_flag=True, help="Hum instead of speaking: check timing in a second.")
@click.option("--dry-run", is_flag=True, help="Say what would be done; write nothing.")
@engine_option
@kind_option
@template_option
@jobs_option
@workers_option
@format_option
@stems_option
@name_option
@click.option("--json", "as_json", is_flag=True, help="Print the result for programs.")
@click.option("--quiet", "-q", is_flag=True, help="No progress and no notes.")
def command(
    reviews: tuple[Path, ...],
    draft: bool,
    dry_run: bool,
    engine: str | None,
    kind: str | None,
    template: str | None,
    jobs: int | None,
    workers: str | None,
    formats: tuple[str, ...],
    stems: bool,
    name: str | None,
    as_json: bool,
    quiet: bool,
) -> int:
    """Turn REVIEWS into finished episodes, each in episodes/NAME/.

    The script is written first, and is yours: edit episodes/NAME/script.md and build again. Only
    what changed is voiced and encoded again. With - a review is read from standard input, and
    kept as reviews/NAME.md (.txt, .html) first, also for --dry-run.

    --format and --stems write files beside the MP3, which later builds keep up to date for as
    long as they are there. FLAC and WAV hold the sound before it is coded; M4A and Opus need
    ffmpeg. The stems are as long as the episode and add up to the mix before it is mastered,
    12.04 dB below it so that nothing clips.

    \b
    Examples:
      sayso build reviews/the-long-tide.md
      sayso build reviews/*.md --engine pyttsx3
      sayso build review.txt --draft
      sayso build review.md --format flac --format m4a --stems
      sayso build - --name the-pier < review.md
      sayso build reviews/*.md --workers tcp://10.0.0.5:8786
    """
    wanted = tuple(each for each in FORMATS if each in formats)
    options = Options(
        engine=engine,
        draft=draft,
        jobs=jobs,
        formats=wanted,
        stems=stems,
        kind=kind,
        template=template,
    )
    sources = keep_all(list(dict.fromkeys(reviews)), name)
    if len(sources) > 1:
        from sayso.cli.batch import build_and_show

        return build_and_show(
            sources, options, workers, dry_run=dry_run, as_json=as_json, quiet=quiet
        )
    (source,) = sources
    done: BuildPlan | BuildResult
    try:
        with Progressing(quiet=quiet or as_json) as reporter:
            if dry_run:
                done = plan_episode(source, options, reporter=reporter)
            else:
                done = build_episode(source, options, reporter=reporter, workers=workers)
    except SaysoError as error:
        if not as_json:
            raise
        failed = failure_document(source, error)
        print_json({"command": "build", "dry_run": dry_run, "episodes": [failed]})
        return error.exit_code
    if as_json:
        print_json({"command": "build", "dry_run": dry_run, "episodes": [document(done)]})
    elif isinstance(done, BuildPlan):
        _print_plan(done)
    else:
        _print(done)
        if not quiet:
            _print_next(done)
    return 0


def document(done: BuildPlan | BuildResult) -> dict[str, Any]:
    """What a build has done, or would do, for programs."""
    told: dict[str, Any] = {"review": str(done.review), "title": done.title}
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
        "seconds": round(done.seconds, 2),
    }


def failure_document(review: Path, error: SaysoError) -> dict[str, Any]:
    """The same of a review that could not be built."""
    return {"review": str(review), "error": str(error), "code": error.code, **error_document(error)}


def _print_plan(plan: BuildPlan) -> None:
    click.secho(visible(plan.title), bold=True)
    click.echo(
        f"  would voice {len(plan.to_voice)} of {plural(plan.n_sentences, 'sentence')} "
        f"with {', '.join(plan.engines)}; about {clock(plan.about_s)} in all"
    )
    for sentence in plan.to_voice[:5]:
        click.echo(f"    {sentence[:90]}")
    if len(plan.to_voice) > 5:
        click.echo(f"    … and {len(plan.to_voice) - 5} more")


def _print(done: BuildResult) -> None:
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


def _print_next(done: BuildResult) -> None:
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
