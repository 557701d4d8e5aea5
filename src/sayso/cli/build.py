"""`sayso build`: review → episode."""

from __future__ import annotations

import time
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import click

from sayso.cli.console import Progressing, clock, near, plural, print_json
from sayso.cli.standard_input import keep_all, name_option
from sayso.errors import SaysoError
from sayso.work import Options, Work


@click.command("build")
@click.argument("reviews", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--draft", is_flag=True, help="Hum instead of speaking: check timing in a second.")
@click.option("--dry-run", is_flag=True, help="Say what would be done; write nothing.")
@click.option("--engine", metavar="NAME", help="Voice everything with this engine.")
@click.option("--kind", metavar="KIND", help="tv, film, game, book, gadget, restaurant …")
@click.option("--template", metavar="NAME", help="A template of scripts/ instead of the usual one.")
@click.option(
    "--jobs", "-j", type=click.IntRange(1, 256), help="Workers; one per core if not given."
)
@click.option("--workers", metavar="ADDRESS", help="Voice on a Dask cluster: tcp://HOST:8786.")
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
    name: str | None,
    as_json: bool,
    quiet: bool,
) -> int:
    """Turn REVIEWS into finished episodes, each in episodes/NAME/.

    The script is written first, and is yours: edit episodes/NAME/script.md and build again. Only
    what changed is voiced and encoded again. With - a review is read from standard input, and
    kept as reviews/NAME.md (.txt, .html) first, also for --dry-run.

    \b
    Examples:
      sayso build reviews/the-long-tide.md
      sayso build reviews/*.md --engine pyttsx3
      sayso build review.txt --draft
      sayso build - --name the-pier < review.md
      sayso build reviews/*.md --workers tcp://10.0.0.5:8786
    """
    from sayso.cli.batch import build_all

    options = Options(engine=engine, draft=draft, jobs=jobs, kind=kind, template=template)
    sources = keep_all(list(dict.fromkeys(reviews)), name)
    if len(sources) > 1:
        return build_all(sources, options, workers, dry_run=dry_run, as_json=as_json, quiet=quiet)
    try:
        result = _build(sources[0], options, workers, dry_run=dry_run, quiet=quiet or as_json)
    except SaysoError as error:
        if not as_json:
            raise
        failure = {"review": str(sources[0]), "error": str(error)}
        print_json({"command": "build", "dry_run": dry_run, "episodes": [failure]})
        return error.exit_code
    if as_json:
        print_json({"command": "build", "dry_run": dry_run, "episodes": [result]})
        return 0
    _print(result, dry_run=dry_run)
    if not dry_run and not quiet:
        _print_next(result)
    return 0


def _build(
    review: Path, options: Options, workers: str | None, *, dry_run: bool, quiet: bool
) -> dict[str, Any]:
    from sayso import pipeline
    from sayso.show import find_show

    start = time.monotonic()
    with ExitStack() as stack:
        reporter = stack.enter_context(Progressing(quiet=quiet))
        work = Work(review, find_show(review), options, reporter, write=not dry_run)
        if dry_run:
            pipeline.run(work, until="lines")
            return plan(work)
        if workers is not None:
            from sayso.speech import ClusterWorkers

            work.executor = stack.enter_context(ClusterWorkers(workers))
        pipeline.run(work)
    return facts(work, time.monotonic() - start)


def facts(work: Work, seconds: float) -> dict[str, Any]:
    """What a finished build tells a person or a program."""
    assert work.timeline is not None
    assert work.measured is not None
    assert work.script is not None
    return {
        "review": str(work.source),
        "title": work.script.get("title"),
        "folder": str(work.folder),
        "mp3": str(work.folder / "episode.mp3"),
        "script": str(work.script_path),
        "duration_s": round(work.timeline.n_samples / work.timeline.sample_rate, 3),
        "integrated_lufs": work.measured.integrated_lufs,
        "chapters": len(work.timeline.chapters),
        "sentences": len(work.lines),
        "voiced": work.n_voiced,
        "stretches": len(work.timeline.stretches),
        "encoded": work.n_encoded,
        "engines": sorted({line.voice.engine for line in work.lines}),
        "seconds": round(seconds, 2),
    }


def plan(work: Work) -> dict[str, Any]:
    """What a build would do."""
    from sayso.speech.takes import TakeStore
    from sayso.speech.voicing import missing

    assert work.script is not None
    absent = missing(work.lines, TakeStore(work.cache / "takes"))
    n_words = sum(len(line.spoken.split()) for line in work.lines)
    return {
        "review": str(work.source),
        "title": work.script.get("title"),
        "script": str(work.script_path),
        "sentences": len(work.lines),
        "to_voice": [line.written for line in absent],
        "about_s": round(n_words / 2.5),
        "engines": sorted({line.voice.engine for line in work.lines}),
    }


def _print(result: dict[str, Any], *, dry_run: bool) -> None:
    click.secho(result["title"], bold=True)
    engines = ", ".join(result["engines"])
    if dry_run:
        to_voice = result["to_voice"]
        click.echo(
            f"  would voice {len(to_voice)} of {plural(result['sentences'], 'sentence')} "
            f"with {engines}; about {clock(result['about_s'])} in all"
        )
        for sentence in to_voice[:5]:
            click.echo(f"    {sentence[:90]}")
        if len(to_voice) > 5:
            click.echo(f"    … and {len(to_voice) - 5} more")
        return
    lufs = result["integrated_lufs"]
    click.echo(
        f"  {clock(result['duration_s'])}, {plural(result['chapters'], 'chapter')}, "
        f"{'silent' if lufs is None else f'{lufs:.1f} LUFS'}, {engines}"
    )
    kept = result["sentences"] - result["voiced"]
    click.echo(
        f"  {plural(result['voiced'], 'sentence')} voiced, {kept} kept; "
        f"{result['encoded']} of {plural(result['stretches'], 'stretch', 'stretches')} encoded; "
        f"{result['seconds']:.1f} s"
    )
    click.echo(f"  {near(result['mp3'])}")


def _print_next(result: dict[str, Any]) -> None:
    click.echo(f"next: listen, edit {near(result['script'])}, and build again", err=True)
