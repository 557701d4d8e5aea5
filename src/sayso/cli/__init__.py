"""The command line: thin commands over the library, one file each.

Results go to stdout, progress and notes to stderr. Exit codes: 0 done, 1 something in the input is
wrong, 2 wrong usage, 3 the machine, 130 interrupted.
"""

from __future__ import annotations

import contextlib
import importlib
import os
import sys
import traceback
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click

from sayso._version import __version__
from sayso.errors import EnvironmentProblem, SaysoError

COMMANDS = {
    "new": "Make a folder for a show.",
    "script": "Turn a review into an episode script that you can edit.",
    "build": "Turn reviews into finished episodes.",
    "preview": "Edit a script in the browser, and hear every change at once.",
    "publish": "Put finished episodes on the podcast feed, with their pages.",
    "unpublish": "Take episodes out of the feed.",
    "check": "Check finished episodes, and the feed.",
    "play": "Play an episode, from any segment on.",
    "voices": "List the voices of this machine, and try them.",
    "say": "Show how a text will be said, and say it.",
    "convert": "Write a review in another encoding as UTF-8.",
    "lexicon": "List the names of a review that voices may stumble on.",
    "config": "List the settings in effect, and where each comes from.",
    "doctor": "Check what is installed, and prove that it speaks.",
    "explain": "Explain the code of an error.",
    "cache": "Show or clear what is kept to make builds fast.",
    "completion": "Print what makes a shell complete names at Tab.",
}


class Commands(click.Group):
    """Loads a command's module only when it is called, so that --help is instant."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """In the order that a newcomer needs them."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import `sayso.cli.NAME` and take its `command`."""
        if cmd_name not in COMMANDS:
            return None
        command = importlib.import_module(f"sayso.cli.{cmd_name}").command
        assert isinstance(command, click.Command)
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Name the nearest command where there is none of that name."""
        from sayso.errors import did_you_mean

        try:
            return super().resolve_command(ctx, args)
        except click.UsageError as error:
            raise click.UsageError(
                f"no command {args[0]!r} ({did_you_mean(args[0], COMMANDS)})", ctx
            ) from error

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List the commands without importing them."""
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))


@click.group(
    cls=Commands,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog="Start with: sayso new my-show",
)
@click.version_option(__version__, prog_name="sayso")
def sayso() -> None:
    """Turn a written review into a finished podcast episode, offline."""
    try:
        Path.cwd()
    except FileNotFoundError:  # nearly every command looks for the show from here on
        raise EnvironmentProblem(
            "the folder that you are in is not there any more",
            code="no-such-file",
            hint="cd to another one",
        ) from None


def run(arguments: Sequence[str] | None = None) -> int:
    """Run the command line; the exit code."""
    from sayso.cli.console import error_document, print_json, show_error, show_usage_error
    from sayso.system.atomic_files import os_problem

    # Work is spread over threads and processes already; numpy's own threads would only spin.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    problem: SaysoError
    try:
        result: Any = sayso.main(arguments, prog_name="sayso", standalone_mode=False)
    except click.exceptions.Abort:
        return interrupted()
    except click.ClickException as error:
        show_usage_error(error)
        return error.exit_code
    except SaysoError as error:
        problem = error
    except KeyboardInterrupt:
        return interrupted()
    except BrokenPipeError:
        # The reader has gone (`sayso voices | head`): nothing is left to say.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except OSError as error:
        if error.filename is not None:
            # A file or folder that may not even be looked at: the way there is closed.
            problem = os_problem(error, os.fsdecode(error.filename))
        elif _is_of_printing(error):
            problem = os_problem(error, "standard output")
        else:
            raise
    else:
        return result if isinstance(result, int) else 0
    show_error(problem)
    if "--json" in (sys.argv[1:] if arguments is None else arguments):
        with contextlib.suppress(OSError):  # nobody reads it, or the disk is full: it is told above
            print_json(error_document(problem))
    return problem.exit_code


def _is_of_printing(error: OSError) -> bool:
    """Whether `click.echo` raised it: where the output goes to a file, its disk may be full."""
    *_, (frame, _) = traceback.walk_tb(error.__traceback__)
    return frame.f_globals.get("__name__") == click.echo.__module__


def interrupted() -> int:
    """Say what an interrupt leaves; the exit code."""
    from sayso.cli.console import INTERRUPTED

    click.echo(
        "interrupted; finished takes are kept, the same command goes on from there", err=True
    )
    return INTERRUPTED
