"""`sayso build`: review → episode."""

from __future__ import annotations

import contextlib
import shlex
import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from sayso.build.export_formats import STEMS_FOLDER, format_file, wanted_formats, wants_stems
from sayso.build.options import FORMATS, Options
from sayso.build.state import Work
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
from sayso.errors import EnvironmentProblem, SaysoError, visible
from sayso.system.cache import cache_folder
from sayso.system.clock import clock

if TYPE_CHECKING:
    from sayso.build.up_to_date import Watch


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
    from sayso.cli.batch import build_all

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
        return build_all(sources, options, workers, dry_run=dry_run, as_json=as_json, quiet=quiet)
    try:
        result = _build(sources[0], options, workers, dry_run=dry_run, quiet=quiet or as_json)
    except SaysoError as error:
        if not as_json:
            raise
        failed = failure(sources[0], error)
        print_json({"command": "build", "dry_run": dry_run, "episodes": [failed]})
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
    from sayso.build.up_to_date import Watch

    start = time.monotonic()
    with ExitStack() as stack:
        reporter = stack.enter_context(Progressing(quiet=quiet))
        if dry_run:
            from sayso.build import pipeline
            from sayso.show import find_show

            work = Work(review, find_show(review), options, reporter, write=False)
            pipeline.run(work, until="lines")
            return plan(work)
        watch = Watch(review, options, cache_folder())
        done = unchanged(watch, review, reporter.note, start)
        if done is not None:
            return done
        from sayso.build.warm_up import warm_speakers
        from sayso.show import find_show

        work = Work(review, find_show(review), options, reporter, watch=watch)
        watch.see_show(work)
        if workers is not None:
            from sayso.speech import ClusterWorkers

            work.executor = stack.enter_context(ClusterWorkers(workers))
        stack.enter_context(warm_speakers(work))
        from sayso.build import pipeline  # most of all imports: the speakers start beside it

        pipeline.run(work)
        return finished(work, reporter.notes, start)


def failure(review: Path, error: SaysoError) -> dict[str, Any]:
    """What is told of a review that could not be built."""
    return {"review": str(review), "error": str(error), "code": error.code, **error_document(error)}


def unchanged(
    watch: Watch, review: Path, note: Callable[[str], None], start: float
) -> dict[str, Any] | None:
    """What the last build told, where there is nothing to do; None where there is."""
    record = watch.unchanged()
    if record is None:
        return None
    for each in record.notes:
        note(each)
    seconds = round(time.monotonic() - start, 2)
    nothing = {"voiced": 0, "encoded": 0, "unchanged": True, "because": {}, "seconds": seconds}
    return {**record.result, "review": str(review), **nothing}


def finished(work: Work, notes: Sequence[str], start: float) -> dict[str, Any]:
    """What a build that has just ended tells; keeps the record for the next one."""
    told = facts(work, time.monotonic() - start)
    if work.watch is not None:
        with contextlib.suppress(EnvironmentProblem):  # the episode is done: a full cache may wait
            work.watch.keep(work, told, notes)
    return told


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
        "formats": [str(work.folder / format_file(name)) for name in wanted_formats(work)],
        "stems": str(work.folder / STEMS_FOLDER) if wants_stems(work) else None,
        "script": str(work.script_path),
        "duration_s": round(work.timeline.n_samples / work.timeline.sample_rate, 3),
        "integrated_lufs": work.measured.integrated_lufs,
        "chapters": len(work.timeline.chapters),
        "sentences": len(work.lines),
        "voiced": work.n_voiced,
        "stretches": len(work.timeline.chunks),
        "encoded": work.n_encoded,
        "engines": sorted({line.voice.engine for line in work.lines}),
        "unchanged": False,
        "because": _because(work),
        "seconds": round(seconds, 2),
    }


def _because(work: Work) -> dict[str, list[str]]:
    """Why something was voiced or encoded again; empty for a first build."""
    from sayso.build import pipeline

    changed = work.watch.changed(work) if work.watch is not None else None
    if changed is None:
        return {}
    again = {"voiced": ("takes", work.n_voiced), "encoded": ("sound", work.n_encoded)}
    return {
        what: list(pipeline.reasons(stage, changed)) or ["the cache"]
        for what, (stage, n) in again.items()
        if n
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
    click.secho(visible(result["title"]), bold=True)
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
    for reason in reasons_in_words(result):
        click.echo(f"  {reason}")
    stems = [result["stems"]] if result["stems"] else []
    for path in [result["mp3"], *result["formats"], *stems]:
        click.echo(f"  {near(path)}")


def reasons_in_words(result: dict[str, Any]) -> list[str]:
    """`voiced again: script.md changed`, a line for each reason."""
    if result["unchanged"]:
        return ["nothing changed since the last build"]
    whats: dict[str, list[str]] = {}
    for what, names in result["because"].items():
        more = f" and {len(names) - 3} more" if len(names) > 3 else ""
        whats.setdefault(f"{', '.join(names[:3])}{more} changed", []).append(what)
    return [f"{' and '.join(what)} again: {words}" for words, what in whats.items()]


def _print_next(result: dict[str, Any]) -> None:
    folder = Path(result["folder"])
    again = f"listen, edit {near(result['script'])}, and build again"
    if folder.name == "draft" and result["engines"] == ["tone"]:
        review = quoted(result["review"])
        click.echo(f"next: sayso build {review}  (without --draft: with voices)", err=True)
    elif (folder.parents[1] / "show.toml").is_file():
        click.echo(f"{again} until you like it", err=True)
        name = near(folder)
        name = folder.name if Path(name).parts == ("episodes", folder.name) else name
        click.echo(f"next: sayso publish {shlex.quote(name)}", err=True)
    else:
        click.echo(f"next: {again}", err=True)
