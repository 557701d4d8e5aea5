"""lexicon.toml as its author keeps it: entries that wait, commented out, to be filled in.

# "Cho Yi-hyun" = ""   # p1.2: Cho Yi-hyun walks it alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from sayso.errors import ShowError
from sayso.speech.spoken.lexicon import entry_name, parse_lexicon
from sayso.system.toml_edit import NoPlace, key_of, keys_under, with_lines

_WAITING = re.compile(
    r"""^\#\ ?(?P<key>"(?:[^"\\\n]|\\.)*"|'[^'\n]*')[ \t]*=[ \t]*
    (?P<value>"(?:[^"\\\n]|\\.)*"|'[^'\n]*')""",
    re.MULTILINE | re.VERBOSE,
)
"""An entry commented out; an example set further in is none."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """An entry that is commented out, and where its line, its key and its value stand."""

    name: str
    start: int
    key: int
    value: tuple[int, int]


def waiting(text: str) -> Iterator[Waiting]:
    """The entries that wait, in order."""
    for found in _WAITING.finditer(text):
        name = entry_name(key_of(found["key"]))
        if name:
            yield Waiting(name, found.start(), found.start("key"), found.span("value"))


def add_waiting(text: str, lines: Mapping[str, str], path: Path) -> tuple[str, tuple[str, ...]]:
    """Add entries, commented out, at the end of `[words]`: of each name its line of TOML.

    A name that is there, commented out or not, is not added. Returns the text, in which all else
    is as it was, and the names that were added. Raises ShowError where there is no place for them.
    """
    parse_lexicon(text, path)
    there = {entry_name(key) for key in keys_under(text, ("words",))}
    there |= {each.name for each in waiting(text)}
    new = tuple(name for name in lines if entry_name(name) not in there)
    if not new:
        return text, ()
    end = "\r\n" if "\r\n" in text else "\n"
    try:
        return with_lines(text, ("words",), "".join(f"# {lines[n]}{end}" for n in new)), new
    except NoPlace:
        raise ShowError(
            "no line can be added to its words",
            code="bad-lexicon",
            file=path,
            hint="put [words] on a line of its own, and the entries below it",
        ) from None
