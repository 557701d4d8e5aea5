"""A table of show.toml → the fields of a dataclass; every error with its line."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from sayso.errors import SaysoError, ShowError, did_you_mean, near_name
from sayso.show.values import BetterMend, Key

_MOST_ERRORS = 100
"""Of one file: after so many, the rest would say nothing new."""


class TableReader:
    """Reads the tables of one show.toml and collects what is wrong with them.

    `homes` are all settings by the place of their table, for those that stand in another one.
    """

    def __init__(self, path: Path, text: str, homes: Mapping[str, Mapping[str, Key]]) -> None:
        self.path = path
        self.lines = text.splitlines()
        self.homes = homes
        self.errors: list[SaysoError] = []

    def named(self, table: str, entries: Any) -> list[tuple[str, Any]]:
        """The tables `[table.NAME]`, those with a usable name."""
        if not isinstance(entries, dict):
            self.fail("", table, f"{table} must be tables", f"write [{table}.NAME]")
            return []
        found = []
        for name, value in entries.items():
            if re.fullmatch(r"[^\W\d_][\w-]{0,39}", name):
                found.append((name, value))
            else:
                self.fail(
                    f"{table}.{name}",
                    "",
                    f"{name!r} cannot be a name",
                    "a letter first, then letters, digits and hyphens",
                )
        return found

    def table(
        self, table: str, values: Any, keys: Mapping[str, Key], also: tuple[str, ...] = ()
    ) -> dict[str, Any]:
        """The fields that the keys of a table give; names in `also` are tables inside it."""
        if not isinstance(values, dict):
            parent, _, last = table.rpartition(".")
            self.fail(parent, last, f"{table} must be a table", f"write [{table}]")
            return {}
        fields: dict[str, Any] = {}
        for name, value in values.items():
            if len(self.errors) >= _MOST_ERRORS:
                break
            key = keys.get(name)
            if key is None:
                self.fail(
                    table,
                    name,
                    f"unknown setting {dotted(table, name)!r}",
                    self._meant(name, [*keys, *also]),
                    code="unknown-setting",
                )
                continue
            try:
                fields[key.field] = key.read(value)
            except ValueError as error:
                better = str(error) if isinstance(error, BetterMend) else None
                self.fail(
                    table,
                    name,
                    f"{dotted(table, name)} cannot be {_shown(value)}",
                    better or f"write {key.expected}",
                )
        return fields

    def _meant(self, name: str, known: Sequence[str]) -> str | None:
        """The hint for an unknown setting: its own table, or a name from this one or another."""
        places = {key: place for place, keys in self.homes.items() for key in keys}
        if name in places:
            return f"{name!r} stands {places[name]}"
        if not near_name(name, known) and (near := near_name(name, places)):
            return f"did you mean {near!r} {places[near]}?"
        return did_you_mean(name, known)

    def fail(
        self, table: str, key: str, problem: str, hint: str | None, *, code: str | None = None
    ) -> None:
        """Note an error, with the line of the key or of its table."""
        line = line_of(self.lines, table, key)
        self.errors.append(ShowError(problem, code=code, file=self.path, line=line, hint=hint))


def line_of(lines: Sequence[str], table: str, key: str) -> int | None:
    """The line of a key, or of its table where it has none, as far as a plain layout shows it: TOML
    readers tell no places."""
    current, header = "", None
    for number, line in enumerate(lines, 1):
        head = re.match(r"\s*\[+\s*([^\]]+?)\s*\]+", line)
        if head:
            current = head[1].replace('"', "")
            if current == table:
                header = number
        elif current == table and key and re.match(rf"\s*\"?{re.escape(key)}\"?\s*=", line):
            return number
    return header


def dotted(table: str, name: str) -> str:
    """A setting with its table, which is empty at the top: `audio.bitrate`."""
    return f"{table}.{name}" if table else name


def _shown(value: Any) -> str:
    """A value for a message, without a password that an address in it may hold."""
    return re.sub(r"://[^/@\s]*@", "://…@", repr(value))
