"""Words that are written alike and said otherwise: which sound, by what stands around them.

The readings are data: `homographs.toml`, which says how they are written. They are said as
phonemes, by engines that take them; the others get the word as it is.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from sayso.system.toml import read_toml

_BEFORE, _AFTER, _NEAR = 60, 40, 150


@dataclass(frozen=True, slots=True)
class Homograph:
    """A word found at `start:end`, and how it is said."""

    start: int
    end: int
    ipa: str
    means: str


@dataclass(frozen=True, slots=True)
class _Reading:
    ipa: str
    means: str
    before: str = ""
    after: str = ""
    near: str = ""
    unless: str = ""

    def applies(self, text: str, start: int, end: int) -> bool:
        """Whether its contexts match around the word; they are bounded, so time is linear."""
        around = text[max(0, start - _NEAR) : end + _NEAR]
        return (
            _compiled(self.before).search(_words_before(text, start)) is not None
            and _compiled(self.after).match(text[end : end + _AFTER]) is not None
            and _compiled(self.near).search(around) is not None
            and not (self.unless and _compiled(self.unless).search(around))
        )


def find_homographs(text: str) -> Iterator[Homograph]:
    """The words of an English sentence that a reading of ours decides, in order."""
    words, readings = _table()
    for match in words.finditer(text):
        start, end = match.span()
        for reading in readings[match.group()]:
            if reading.applies(text, start, end):
                yield Homograph(start, end, reading.ipa, reading.means)
                break


def _words_before(text: str, start: int) -> str:
    """What stands before a word, without the space; from the beginning of a word."""
    first = max(0, start - _BEFORE)
    before = text[first:start]
    if first:
        before = before.partition(" ")[2]
    return before.rstrip(" ")


@cache
def _table() -> tuple[re.Pattern[str], dict[str, tuple[_Reading, ...]]]:
    """A pattern for all the words, and the readings of each as it may be written."""
    data = read_toml(files(__package__).joinpath("homographs.toml").read_text("utf-8"))
    readings: dict[str, tuple[_Reading, ...]] = {}
    for entry in data["reading"]:
        words, sounds = (
            [value] if isinstance(value, str) else value for value in (entry["word"], entry["ipa"])
        )
        contexts = [entry.get(name, "") for name in ("before", "after", "near", "unless")]
        for word, ipa in zip(words, sounds, strict=True):
            for written in {word} if entry.get("cased") else {word, word.capitalize()}:
                reading = _Reading(ipa, entry["means"], *contexts)
                readings[written] = (*readings.get(written, ()), reading)
    alternatives = "|".join(sorted(readings, key=len, reverse=True))
    return re.compile(rf"(?<![\w'’-])(?:{alternatives})(?![\w'’]|-(?=\w))"), readings


@cache
def _compiled(source: str) -> re.Pattern[str]:
    return re.compile(source, re.IGNORECASE)
