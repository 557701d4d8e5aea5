"""Several reviews in one `sayso build`: one display, one table at the end."""

from __future__ import annotations

import time
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any

import click

from sayso.build.batch import Outcome, build_all
from sayso.build.options import Options
from sayso.build.result import BuildFailure, BuildPlan
from sayso.cli.build_output import document, failure_document, loudness
from sayso.cli.console import plural, print_json, show_error, start_bars
from sayso.errors import SaysoError, visible
from sayso.system.atomic_files import working_folder
from sayso.system.clock import clock

if TYPE_CHECKING:
    from rich.progress import Progress, TaskID


def build_and_show(
    reviews: Sequence[Path],
    options: Options,
    workers: str | None,
    *,
    dry_run: bool,
    as_json: bool,
    quiet: bool,
) -> int:
    """Build `reviews`, print what became of each, and return the exit code.

    `workers` is the address of a Dask cluster; None for processes of this machine.
    """
    start = time.monotonic()
    outcomes: list[Outcome] = []
    with _Display(len(reviews), quiet=quiet or as_json) as display:
        reporters = {review: _Shown(display, review.stem) for review in reviews}
        for outcome in build_all(
            reviews,
            options,
            here=working_folder(),
            reporter_of=reporters.__getitem__,
            workers=workers,
            dry_run=dry_run,
        ):
            if isinstance(outcome, BuildFailure):
                display.failed(outcome.error)
            display.finished(reporters[outcome.review])
            outcomes.append(outcome)
    failures = [one for one in outcomes if isinstance(one, BuildFailure)]
    if as_json:
        episodes = [_document(outcome) for outcome in outcomes]
        print_json({"command": "build", "dry_run": dry_run, "episodes": episodes})
    else:
        _print_table(outcomes)
        done = plural(len(reviews), "review")
        what = "read" if dry_run else "built"
        took = clock(time.monotonic() - start)
        click.echo(f"{len(outcomes) - len(failures)} of {done} {what} in {took}")
    return max((one.error.exit_code for one in failures), default=0)


def _document(outcome: Outcome) -> dict[str, Any]:
    if isinstance(outcome, BuildFailure):
        return failure_document(outcome.review, outcome.error)
    return document(outcome)


class _Display:
    """On stderr: in a terminal a bar for the batch and one for each half of the work; elsewhere a
    line for each finished review."""

    def __init__(self, n_reviews: int, *, quiet: bool) -> None:
        self.quiet = quiet
        self.n_reviews = n_reviews
        self.n_done = 0
        self._bars: Progress | None = None
        self._tasks: dict[str, TaskID] = {}

    def __enter__(self) -> _Display:
        self._bars = start_bars(quiet=self.quiet)
        if self._bars is not None:
            total = self.n_reviews
            self._tasks["all"] = self._bars.add_task("episodes", total=total, count=f"0/{total}")
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._bars is not None:
            self._bars.stop()

    def show(self, half: str, text: str, done: int | None, total: int | None) -> None:
        """How one half of the work goes on. Called from both threads."""
        if self._bars is None:
            return
        count = "" if total is None else f"{done}/{total}"
        if half not in self._tasks:
            self._tasks[half] = self._bars.add_task(text, total=total, count=count)
        self._bars.update(
            self._tasks[half], description=text, completed=done or 0, total=total, count=count
        )

    def failed(self, error: SaysoError) -> None:
        """Say what is wrong with a review, above the bars."""
        if self._bars is None:
            if not self.quiet:
                show_error(error)
            return
        self._bars.stop()
        show_error(error)
        self._bars.start()

    def finished(self, reporter: _Shown) -> None:
        """A review is done, well or not."""
        self.n_done += 1
        if self._bars is not None:
            count = f"{self.n_done}/{self.n_reviews}"
            self._bars.update(self._tasks["all"], completed=self.n_done, count=count)
        elif not self.quiet:
            click.echo(visible(f"{self.n_done}/{self.n_reviews} {reporter.name}"), err=True)
        if not self.quiet:
            for note in reporter.notes:
                click.secho("note: ", fg="yellow", nl=False, err=True)
                click.echo(visible(f"{reporter.name}: {note}"), err=True)


class _Shown:
    """The reporter of one review of a batch."""

    def __init__(self, display: _Display, name: str) -> None:
        self.display = display
        self.name = name
        self.notes: list[str] = []
        self._half = "front"
        self._text = ""

    def stage(self, name: str, what: str) -> None:
        """A stage begins."""
        if name == "timeline":
            self._half = "back"
        self._text = f"{self.name}: {what}"
        self.display.show(self._half, self._text, None, None)

    def progress(self, done: int, total: int) -> None:
        """The stage has done so many of so many parts."""
        self.display.show(self._half, self._text, done, total)

    def note(self, text: str) -> None:
        """Kept until the review is done."""
        self.notes.append(text)


def _print_table(outcomes: Sequence[Outcome]) -> None:
    width = max(len(visible(each.review.stem)) for each in outcomes)
    for each in outcomes:
        name = f"{visible(each.review.stem):<{width}}"
        if isinstance(each, BuildFailure):
            click.secho(f"{name}  failed", fg="red", nl=False)
            click.echo(f": {str(each.error).splitlines()[0]}")
        elif isinstance(each, BuildPlan):
            click.echo(
                f"{name}  {clock(each.about_s):>7}  would voice {len(each.to_voice)} of "
                f"{plural(each.n_sentences, 'sentence')}"
            )
        else:
            click.echo(
                f"{name}  {clock(each.duration_s):>7}  {plural(each.n_chapters, 'chapter'):>11}"
                f"  {loudness(each):>10}"
                f"  {each.n_voiced} of {plural(each.n_sentences, 'sentence')} voiced"
            )
