"""New inputs from old ones: bytes flipped, words of the format put in, parts moved, doubled, joined.

The same seed gives the same inputs.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Sequence

_VALUE = re.compile(rb"\"[^\"\n]*\"|'[^'\n]*'|>[^<>]*<|[=:] *[^\s,}\]\n][^,}\]\n]*")
"""What holds a value in the formats that we read: in quotes, between tags, after a sign."""
_ELEMENT = re.compile(rb"<([\w:]+)[^<>]*>[^<>]*</\1>|<[\w:]+[^<>]*/>")
_NUMBERS = (0, 1, 0x7F, 0x80, 0xFF, 0x7FFF, 0xFFFF, 0x7FFFFFFF, 0xFFFFFFFF)


class Mutator:
    """Makes inputs for one target."""

    def __init__(self, seeds: Sequence[bytes], words: Sequence[bytes], max_bytes: int) -> None:
        self._seeds = [seed[:max_bytes] for seed in seeds] or [b""]
        self._words = words
        self._max_bytes = max_bytes
        self._changes: tuple[Callable[[bytes, random.Random], bytes], ...] = (
            *(self._word, self._word, self._word),
            *(_flip, _number, _cut, _cut, _move, _double, _lines, _lines),
            *(self._splice, self._splice, self._many, self._value, self._value, self._value),
            self._element,
        )

    def seeds(self) -> list[bytes]:
        """The inputs that it begins with."""
        return list(self._seeds)

    def new(self, chance: random.Random) -> bytes:
        """A new input, from a seed."""
        if chance.random() < 0.1:  # nothing but words of the format
            return b"".join(chance.choices(self._words, k=chance.randint(1, 30)))[: self._max_bytes]
        return self.change(chance.choice(self._seeds), chance)

    def change(self, data: bytes, chance: random.Random) -> bytes:
        """An input changed in one to eight places."""
        for _ in range(chance.choice((1, 1, 2, 3, 5, 8))):
            data = chance.choice(self._changes)(data, chance)[: self._max_bytes]
        return data

    def _word(self, data: bytes, chance: random.Random) -> bytes:
        at = chance.randint(0, len(data))
        gone = chance.choice((0, 0, 1, 4, 20))
        return data[:at] + chance.choice(self._words) + data[at + gone :]

    def _splice(self, data: bytes, chance: random.Random) -> bytes:
        other = chance.choice(self._seeds)
        at, start = chance.randint(0, len(data)), chance.randint(0, len(other))
        return data[:at] + other[start : start + chance.choice((10, 100, 10_000))] + data[at:]

    def _value(self, data: bytes, chance: random.Random) -> bytes:
        """A value replaced by another, or by a word, so that the whole stays well-formed."""
        found = list(_VALUE.finditer(data))
        if not found:
            return self._word(data, chance)
        old = chance.choice(found)
        first, last = data[old.start() : old.start() + 1], data[old.end() - 1 : old.end()]
        if chance.random() < 0.5:
            others = _VALUE.findall(chance.choice(self._seeds))
            alike = [each for each in others if each[:1] == first]
            new = chance.choice(alike) if alike else old[0]
        else:
            word = chance.choice(self._words)
            if first == b">":
                word = word.replace(b"&", b"&amp;").replace(b"<", b"&lt;")
            new = first + word.replace(first, b"") + (last if first in b"\"'>" else b"")
        return data[: old.start()] + new + data[old.end() :]

    def _element(self, data: bytes, chance: random.Random) -> bytes:
        """An element put in beside another, or taken out."""
        found = list(_ELEMENT.finditer(data))
        if not found:
            return self._word(data, chance)
        at = chance.choice(found)
        if chance.random() < 0.3:
            return data[: at.start()] + data[at.end() :]
        others = [each[0] for each in _ELEMENT.finditer(chance.choice(self._seeds))]
        return data[: at.end()] + chance.choice(others or [b""]) + data[at.end() :]

    def _many(self, data: bytes, chance: random.Random) -> bytes:
        """One word again and again: what takes time squared shows."""
        word = chance.choice(self._words)
        if chance.random() < 0.3:
            word += chance.choice(self._words)
        n = chance.choice((3, 30, 300, self._max_bytes // (len(word) or 1)))
        at = chance.randint(0, len(data))
        return data[:at] + word * n + data[at:]


def _flip(data: bytes, chance: random.Random) -> bytes:
    changed = bytearray(data or b"\0")
    for _ in range(chance.randint(1, 4)):
        changed[chance.randrange(len(changed))] ^= 1 << chance.randrange(8)
    return bytes(changed)


def _number(data: bytes, chance: random.Random) -> bytes:
    """A number in binary or in digits set to one at the edge of what can be."""
    digits = [found.span() for found in re.finditer(rb"\d+", data)]
    value = chance.choice(_NUMBERS)
    if digits and chance.random() < 0.5:
        start, end = chance.choice(digits)
        sign = chance.choice((b"", b"-", b"0."))
        return data[:start] + sign + str(value).encode() + data[end:]
    size = chance.choice((1, 2, 4))
    at = chance.randint(0, len(data))
    raw = (value % (1 << 8 * size)).to_bytes(size, chance.choice(("big", "little")))
    return data[:at] + raw + data[at + size :]


def _part(data: bytes, chance: random.Random) -> tuple[int, int]:
    start = chance.randint(0, len(data))
    return start, min(len(data), start + chance.choice((1, 3, 10, 50, 400)))


def _cut(data: bytes, chance: random.Random) -> bytes:
    start, end = _part(data, chance)
    return data[:start] if chance.random() < 0.1 else data[:start] + data[end:]


def _move(data: bytes, chance: random.Random) -> bytes:
    start, end = _part(data, chance)
    rest = data[:start] + data[end:]
    at = chance.randint(0, len(rest))
    return rest[:at] + data[start:end] + rest[at:]


def _double(data: bytes, chance: random.Random) -> bytes:
    start, end = _part(data, chance)
    return data[:end] + data[start:end] * chance.choice((1, 1, 2, 40)) + data[end:]


def _lines(data: bytes, chance: random.Random) -> bytes:
    """Lines swapped, taken out or doubled."""
    lines = data.split(b"\n")
    at, other = chance.randrange(len(lines)), chance.randrange(len(lines))
    match chance.randrange(3):
        case 0:
            lines[at], lines[other] = lines[other], lines[at]
        case 1:
            del lines[at]
        case _:
            lines.insert(at, lines[other])
    return b"\n".join(lines)
