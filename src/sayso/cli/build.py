"""`sayso build`: review → episode."""

from __future__ import annotations

from pathlib import Path

import click

from sayso.build.api import build_episode, plan_episode
from sayso.build.options import FORMATS, Options
from sayso.build.result import BuildPlan, BuildResult
from sayso.cli import completing
from sayso.cli.build_output import document, failure_document, print_next, print_plan, print_result
from sayso.cli.console import (
    Progressing,
    print_json,
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
from sayso.errors import SaysoError
from sayso.system.atomic_files import working_folder


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
                done = plan_episode(source, options, here=working_folder(), reporter=reporter)
            else:
                done = build_episode(
                    source, options, here=working_folder(), reporter=reporter, workers=workers
                )
    except SaysoError as error:
        if not as_json:
            raise
        failed = failure_document(source, error)
        print_json({"command": "build", "dry_run": dry_run, "episodes": [failed]})
        return error.exit_code
    if as_json:
        print_json({"command": "build", "dry_run": dry_run, "episodes": [document(done)]})
    elif isinstance(done, BuildPlan):
        print_plan(done)
    else:
        print_result(done)
        if not quiet:
            print_next(done)
    return 0
