"""`sayso config`: the settings in effect, and where each comes from."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import click
from click.core import ParameterSource

from sayso.cli.console import near, print_json
from sayso.cli.options import (
    OTHER_VARIABLES,
    PREFIX,
    SECRET,
    engine_option,
    format_option,
    jobs_option,
    kind_option,
    order_option,
    port_option,
    stems_option,
    template_option,
    workers_option,
)
from sayso.errors import ShowError, did_you_mean
from sayso.system.cache import is_limit

if TYPE_CHECKING:
    from sayso.model import Show
    from sayso.show.settings import Setting

PLAYER = "SAYSO_PLAYER"
"""The variable of `sayso play`."""


@dataclass(frozen=True, slots=True)
class Origin:
    """Somebody who gives a setting a value."""

    kind: Literal["flag", "environment", "file", "default"]
    place: str
    """`--engine`, `$SAYSO_ENGINE`, `show.toml:12` or `default`."""
    value: str | None


@dataclass(frozen=True, slots=True)
class Settled:
    """A setting, with all who have a say in it: the first is obeyed."""

    name: str
    origins: tuple[Origin, ...]


@click.command("config")
@click.option("--explain", is_flag=True, help="Say where each value comes from.")
@engine_option
@kind_option
@template_option
@order_option
@jobs_option
@workers_option
@format_option
@stems_option
@port_option
@click.option("--json", "as_json", is_flag=True, help="Print the result for programs.")
@click.pass_context
def command(ctx: click.Context, /, explain: bool, as_json: bool, **options: Any) -> None:
    """List the settings in effect here, and where each comes from.

    An option goes before a variable of the environment, the variable before show.toml, and
    show.toml before what sayso does by itself. Each of the options below is for many commands, and
    $SAYSO_ENGINE is the same as --engine for all of them. A review's front matter goes before
    show.toml for that review.

    \b
    Examples:
      sayso config
      sayso config --explain
      SAYSO_ENGINE=tone sayso config --explain --kind film
    """
    from sayso.show.finding import find_show
    from sayso.show.settings import settings

    show = find_show(Path.cwd())
    said = {name: _said(ctx, name) for name in options}
    settled = [_settle(each, show, said) for each in settings(show)]
    rest = [_option(name, said[name]) for name in options if name not in _TOP and name != "engine"]
    settled += [*rest, *_variables()]
    odd = list(odd_variables())
    if as_json:
        print_json(_document(show, settled, odd))
        return
    for each in settled:
        _print(each, explain=explain)
    for one in odd:
        click.secho("warning: ", fg="yellow", nl=False, err=True)
        click.echo(f"{one.problem} ({one.hint})  [{one.code}]", err=True)
    if not explain:
        click.echo("next: sayso config --explain says where each comes from", err=True)


def odd_variables() -> Iterator[ShowError]:
    """What is wrong with variables of the environment that no option reads: nothing obeys them."""
    for name in sorted(os.environ):
        if name.startswith(PREFIX) and name not in known_variables():
            yield ShowError(
                f"${name} is no variable of sayso",
                code="unknown-setting",
                hint=did_you_mean(name, known_variables()),
            )
    if not is_limit(os.environ.get("SAYSO_CACHE_MB", "0")):
        yield ShowError(
            f"$SAYSO_CACHE_MB cannot be {os.environ['SAYSO_CACHE_MB']!r}",
            hint="write how many MB, such as 2000",
        )


def known_variables() -> set[str]:
    """All variables that sayso reads."""
    options = {str(param.envvar) for param in command.params if param.envvar}
    return options | set(OTHER_VARIABLES) | {PLAYER}


_TOP = ("kind", "template", "order")
"""Options that are settings of show.toml, too."""


def _said(ctx: click.Context, name: str) -> list[Origin]:
    """What command line and environment say of an option, flag first."""
    parameter = next(each for each in command.params if each.name == name)
    variable = str(parameter.envvar)
    found = []
    if ctx.get_parameter_source(name) is ParameterSource.COMMANDLINE:
        found.append(Origin("flag", parameter.opts[0], _toml(ctx.params[name])))
    if os.environ.get(variable):
        by_variable = ctx.get_parameter_source(name) is ParameterSource.ENVIRONMENT
        value = ctx.params[name] if by_variable else os.environ[variable]
        found.append(Origin("environment", f"${variable}", _toml(value)))
    return found


def _settle(setting: Setting, show: Show, said: dict[str, list[Origin]]) -> Settled:
    origins: list[Origin] = []
    last = setting.name.rsplit(".", 1)[-1]
    if setting.name in _TOP:
        origins += said[setting.name]
    elif setting.name.startswith("voices.") and last == "engine":
        origins += said["engine"]
    elif setting.name.startswith("voices.") and last == "voice" and said["engine"]:
        first = said["engine"][0]
        name = setting.name.split(".")[1]
        if first.value != _toml(next(each.engine for each in show.voices if each.name == name)):
            origins.append(Origin(first.kind, first.place, None))  # it has other voices
    if setting.is_written and show.path is not None:
        place = f"{near(show.path)}:{setting.line}"
        origins.append(Origin("file", place, setting.value))
        if setting.default is not None:
            origins.append(Origin("default", "default", setting.default))
    else:
        origins.append(Origin("default", "default", setting.value))
    return Settled(setting.name, tuple(origins))


def _option(name: str, said: list[Origin]) -> Settled:
    parameter = next(each for each in command.params if each.name == name)
    return Settled(parameter.opts[0], (*said, Origin("default", "default", None)))


def _variables() -> Iterator[Settled]:
    from sayso.system.cache import cache_folder, cache_limit_mb

    for name in (*OTHER_VARIABLES, PLAYER):
        value: str | None = os.environ.get(name)
        by_itself = {
            "SAYSO_CACHE": lambda: _toml(str(cache_folder())),
            "SAYSO_CACHE_MB": lambda: f"{cache_limit_mb():g}",
        }.get(name, lambda: None)
        if value:
            shown = '"…"' if name == SECRET else _toml(value)
            yield Settled(f"${name}", (Origin("environment", f"${name}", shown),))
        else:
            yield Settled(f"${name}", (Origin("default", "default", by_itself()),))


def _toml(value: Any) -> str:
    from sayso.show.settings import toml

    return toml(value)


def _print(each: Settled, *, explain: bool) -> None:
    first, *others = each.origins
    if first.value is None and not explain:
        return
    value = "not set" if first.value is None else first.value
    line = f"{each.name} = {value}" if first.value is not None else f"{each.name}: {value}"
    if explain:
        over = "".join(
            f", over {other.place} {other.value}"
            for other in others
            if other.value not in (None, first.value)
        )
        line = f"{line:<42}  {first.place}{over}"
    click.echo(line)


def _document(show: Show, settled: list[Settled], odd: list[ShowError]) -> dict[str, Any]:
    return {
        "command": "config",
        "show": None if show.path is None else str(show.path),
        "settings": [
            {
                "name": each.name,
                "value": each.origins[0].value,
                "origin": {"kind": each.origins[0].kind, "place": each.origins[0].place},
                "over": [
                    {"kind": other.kind, "place": other.place, "value": other.value}
                    for other in each.origins[1:]
                ],
            }
            for each in settled
        ],
        "warnings": [{"code": one.code, "problem": one.problem, "hint": one.hint} for one in odd],
    }
