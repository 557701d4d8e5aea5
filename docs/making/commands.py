"""docs/commands.md: every command of sayso with its options, as `--help` tells them."""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterator

import click

from sayso.cli import sayso

HEAD = """\
# Commands

What `sayso COMMAND --help` says, on one page, written from the commands themselves. Results go to
standard output, progress and notes to standard error. Exit codes: 0 done; 1 something in the input
is wrong, or a check found something; 2 wrong usage; 3 the machine; 130 interrupted.
"""


def commands_page() -> str:
    """The page, as Markdown."""
    context = click.Context(sayso, info_name="sayso")
    return HEAD + "".join(_sections(sayso, context))


def _sections(group: click.Group, context: click.Context) -> Iterator[str]:
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        assert command is not None
        below = click.Context(command, info_name=name, parent=context)
        yield _section(command, below)
        if isinstance(command, click.Group):
            yield from _sections(command, below)


def _section(command: click.Command, context: click.Context) -> str:
    usage = " ".join([context.command_path, *command.collect_usage_pieces(context)])
    text, examples = _help(command)
    options = [param for param in command.params if isinstance(param, click.Option)]
    rows = [row for option in options if (row := option.get_help_record(context))]
    parts = [f"## {context.command_path}", f"`{usage}`", *text]
    if rows:
        table = ["| option | what it does |", "|---|---|"]
        table += [f"| `{_cell(option)}` | {_cell(what)} |" for option, what in rows]
        parts.append("\n".join(table))
    if examples:
        parts.append("\n".join(f"- `{each}`" for each in examples))
    return "\n" + "\n\n".join(parts) + "\n"


def _help(command: click.Command) -> tuple[list[str], list[str]]:
    """The paragraphs of the help, and its examples."""
    text: list[str] = []
    examples: list[str] = []
    for part in inspect.cleandoc(command.help or "").split("\n\n"):
        lines = [line.strip() for line in part.replace("\b\n", "").splitlines()]
        if lines and re.fullmatch(r"Examples?:", lines[0]):
            examples = lines[1:]
        elif lines:
            text.append(_marked(" ".join(lines)))
    return text, examples


def _marked(text: str) -> str:
    """Options and variables as code."""
    text = re.sub(r"(?<![`\w-])(--[a-z][\w-]*)", r"`\1`", text)
    return re.sub(r"(\$[A-Z_]+)", r"`\1`", text)


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ")
