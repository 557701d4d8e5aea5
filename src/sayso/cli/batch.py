"""Several reviews in one `sayso build`: one set of workers, one display, one table at the end.

While an episode is mixed and encoded here, the next one's sentences are voiced in the workers. A
review that fails is reported, and the others go on.
"""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Sequence
from concurrent.futures import Executor, Future, wait
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any

import click

from sayso.build.options import Options
from sayso.build.state import Work
from sayso.cli.build import failure, finished, plan, unchanged
from sayso.cli.console import plural, print_json, show_error, start_bars
from sayso.errors import SaysoError, visible
from sayso.system.cache import cache_folder
from sayso.system.clock import clock
from sayso.system.threads import Threads

if TYPE_CHECKING:
    from rich.progress import Progress, TaskID

_AHEAD = 2  # episodes voiced and not yet mixed: enough to keep the workers busy


def build_all(
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
    from sayso.speech.voicing import WAKE_S

    start = time.monotonic()
    results: list[dict[str, Any]] = []
    errors: list[SaysoError] = []
    with ExitStack() as stack:
        # Left in reverse order: the workers end first, which frees the thread. It reads, writes
        # scripts and waits for the workers.
        front = stack.enter_context(Threads(1, thread_name_prefix="sayso-front"))
        pool = stack.enter_context(_open(workers, options))
        shown = stack.enter_context(_Display(len(reviews), quiet=quiet or as_json))
        waiting: deque[tuple[Path, _Shown, Future[Work | dict[str, Any]]]] = deque()
        left = deque(reviews)
        while left or waiting:
            while left and len(waiting) <= _AHEAD:
                review = left.popleft()
                reporter = _Shown(shown, review.stem)
                task = front.submit(_begin, review, options, reporter, pool, dry_run)
                waiting.append((review, reporter, task))
            review, reporter, task = waiting.popleft()
            try:
                while not wait([task], WAKE_S).done:
                    pass
                results.append(_finish(task.result(), dry_run=dry_run))
            except SaysoError as error:
                errors.append(error)
                results.append(failure(review, error))
                shown.failed(error)
            shown.finished(reporter)
    if as_json:
        print_json({"command": "build", "dry_run": dry_run, "episodes": results})
    else:
        _print_table(results, dry_run=dry_run)
        done = plural(len(reviews), "review")
        what = "read" if dry_run else "built"
        took = clock(time.monotonic() - start)
        click.echo(f"{len(results) - len(errors)} of {done} {what} in {took}")
    return max((error.exit_code for error in errors), default=0)


def _open(workers: str | None, options: Options) -> Executor:
    if workers is not None:
        from sayso.speech import ClusterWorkers

        return ClusterWorkers(workers)
    from sayso.speech.workers import CALL_LIMIT_S, LocalWorkers

    return LocalWorkers(options.jobs, limit_s=CALL_LIMIT_S)  # starts none until there is work


def _begin(
    review: Path, options: Options, reporter: _Shown, pool: Executor, dry_run: bool
) -> Work | dict[str, Any]:
    """The work with its takes; what is told of it where nothing has changed."""
    from sayso.build.up_to_date import Watch

    reporter.start = time.monotonic()
    watch = None if dry_run else Watch(review, options, cache_folder())
    if watch is not None:
        done = unchanged(watch, review, reporter.note, reporter.start)
        if done is not None:
            return done
    from sayso.build import pipeline
    from sayso.show import find_show

    work = Work(
        review, find_show(review), options, reporter, executor=pool, write=not dry_run, ahead=False
    )
    if watch is not None:
        work.watch = watch
        watch.see_show(work)
    pipeline.run(work, until="lines" if dry_run else "takes")
    return work


def _finish(work: Work | dict[str, Any], *, dry_run: bool) -> dict[str, Any]:
    if isinstance(work, dict):
        return work
    if dry_run:
        return plan(work)
    from sayso.build import pipeline

    assert isinstance(work.reporter, _Shown)
    pipeline.run(work, after="takes")
    return finished(work, work.reporter.notes, work.reporter.start)


# ----------------------------------------------------------------------------- what is shown


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
        self.start = 0.0
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


def _print_table(results: Sequence[dict[str, Any]], *, dry_run: bool) -> None:
    width = max(len(visible(Path(each["review"]).stem)) for each in results)
    for each in results:
        name = f"{visible(Path(each['review']).stem):<{width}}"
        if "error" in each:
            click.secho(f"{name}  failed", fg="red", nl=False)
            click.echo(f": {each['error'].splitlines()[0]}")
        elif dry_run:
            click.echo(
                f"{name}  {clock(each['about_s']):>7}  would voice {len(each['to_voice'])} of "
                f"{plural(each['sentences'], 'sentence')}"
            )
        else:
            lufs = each["integrated_lufs"]
            click.echo(
                f"{name}  {clock(each['duration_s']):>7}  {plural(each['chapters'], 'chapter'):>11}"
                f"  {'silent' if lufs is None else f'{lufs:.1f} LUFS':>10}"
                f"  {each['voiced']} of {plural(each['sentences'], 'sentence')} voiced"
            )
