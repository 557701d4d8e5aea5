"""What all commands share: errors, notes, progress, JSON."""

from __future__ import annotations

import json
import os
import shlex
import sys
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any

import click

from sayso.errors import SaysoError, flatten, visible

if TYPE_CHECKING:
    from rich.progress import Progress, TaskID


INTERRUPTED = 130
"""The exit code after Ctrl-C: 128 + SIGINT, as shells have it."""
USAGE = "usage"
"""The code of an error in the command line itself."""


_VARIABLES = {
    "unknown-engine": "SAYSO_ENGINE",
    "engine-missing": "SAYSO_ENGINE",
    "unknown-kind": "SAYSO_KIND",
    "unknown-template": "SAYSO_TEMPLATE",
}
"""Errors in a name that may come from the environment, where nobody looks for it."""


def show_error(error: SaysoError) -> None:
    """Print an error, or all of several, with place, problem and mend."""
    for one in flatten(error):
        click.secho("error: ", fg="red", bold=True, nl=False, err=True)
        where = (
            f"{near(one.file)}{'' if one.line is None else f':{one.line}'}: " if one.file else ""
        )
        first, *more = one.problem.split("\n")
        click.echo("\n".join([f"{where}{first}  [{one.code}]", *more]), err=True)
        if one.hint:
            click.echo(f"       {one.hint}", err=True)
        variable = _VARIABLES.get(one.code, "")
        value = os.environ.get(variable)
        if value and f"'{value}" in one.problem:
            click.echo(f"       ${variable} is set to it", err=True)


def show_usage_error(error: click.ClickException) -> None:
    """Print what is wrong with the command line, and which help tells more."""
    if isinstance(error, getattr(click.exceptions, "NoArgsIsHelpError", ())):
        error.show()  # `sayso` alone: its message is the help
        return
    context = error.ctx if isinstance(error, click.UsageError) else None
    if context is not None:
        click.echo(context.get_usage(), err=True)
    click.secho("error: ", fg="red", bold=True, nl=False, err=True)
    message = " ".join(error.format_message().split()).rstrip(".")  # click lists choices in lines
    click.echo(f"{message[:1].lower()}{message[1:]}  [{USAGE}]", err=True)
    if context is not None:
        click.echo(f"       {context.command_path} --help", err=True)


def error_document(error: SaysoError) -> dict[str, Any]:
    """The same as `show_error`, for programs."""
    return {
        "errors": [
            {
                "code": one.code,
                "problem": one.problem,
                "file": one.file,
                "line": one.line,
                "hint": one.hint,
            }
            for one in flatten(error)
        ]
    }


def near(path: str | Path) -> str:
    """A path as short as it can be written from here."""
    try:
        relative = os.path.relpath(path)
    except ValueError:  # another drive
        return visible(str(path))
    return visible(str(path) if Path(relative).parts[:2] == ("..", "..") else relative)


def quoted(path: str | Path) -> str:
    """The same for a command that is to be typed."""
    return shlex.quote(near(path))


def print_json(document: dict[str, Any]) -> None:
    """Print a result for programs; every document has a `schema` number."""
    click.echo(json.dumps({"schema": 1, **document}, ensure_ascii=False, indent=1))


def plural(number: int, one: str, many: str | None = None) -> str:
    """`1 sentence`, `2 sentences`."""
    return f"{number} {one if number == 1 else many or one + 's'}"


def start_bars(*, quiet: bool) -> Progress | None:
    """Progress bars on stderr, with a field `count`; None where there is no terminal."""
    if quiet or not sys.stderr.isatty():
        return None
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

    bars = Progress(
        TextColumn("{task.description}", markup=False),  # it may hold a file's name
        BarColumn(bar_width=28),
        TextColumn("{task.fields[count]}"),
        TimeElapsedColumn(),
        console=Console(stderr=True),
        transient=True,
    )
    bars.start()
    return bars


class Progressing:
    """Shows stages and their progress on stderr: a bar in a terminal, plain lines elsewhere."""

    def __init__(self, *, quiet: bool = False) -> None:
        self.quiet = quiet
        self.notes: list[str] = []
        self._bars: Progress | None = None
        self._task: TaskID | None = None

    def __enter__(self) -> Progressing:
        self._bars = start_bars(quiet=self.quiet)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._bars is not None:
            self._bars.stop()
        if not self.quiet:
            for note in self.notes:
                click.secho("note: ", fg="yellow", nl=False, err=True)
                click.echo(visible(note), err=True)

    def stage(self, name: str, what: str) -> None:
        """A stage begins."""
        if self._bars is None:
            return
        if self._task is None:
            self._task = self._bars.add_task(what, total=None, count="")
        else:
            self._bars.reset(self._task, description=what, total=None, count="")

    def progress(self, done: int, total: int) -> None:
        """The stage has done so many of so many parts."""
        if self._bars is not None and self._task is not None:
            self._bars.update(self._task, completed=done, total=total, count=f"{done}/{total}")

    def note(self, text: str) -> None:
        """Kept until the bars are gone."""
        self.notes.append(text)
