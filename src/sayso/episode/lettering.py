"""Lettering for covers, in Pillow's built-in typeface.

That typeface, Aileron (CC0), comes with ASCII and a few more glyphs. Accents are therefore drawn
here, as strokes over or under the letter, and what cannot be drawn at all is left out rather than
shown as a box. Lengths are parts of the cover's width, 0 to 1, until they are drawn.
"""

from __future__ import annotations

import math
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PIL.ImageDraw import ImageDraw
    from PIL.ImageFont import FreeTypeFont

CAPITAL = 0.73  # height of Aileron's capitals, in parts of the letter's size
DESCENDER = 0.2
TRACKING = 1.5  # letters move apart by this part of what fattening adds to them


@dataclass(frozen=True, slots=True)
class Lettering:
    """Text set left-aligned in lines, ready to be drawn."""

    lines: tuple[str, ...]
    size: float
    """Of the letters."""
    leading: float
    """From one baseline to the next, in parts of the letter's size."""
    left: float
    top: float
    """Of the first line's capitals."""
    stroke: float
    """How much each side of a stroke is fattened, in parts of the letter's size."""

    @property
    def foot(self) -> float:
        """The last line's baseline."""
        return self.top + self.size * (CAPITAL + self.leading * (len(self.lines) - 1))

    def draw(self, pen: ImageDraw, unit: int) -> None:
        """Paint it in white, with `unit` pixels to the cover's width."""
        font = _font(self.size * unit)
        width = round(self.stroke * self.size * unit)
        for index, line in enumerate(self.lines):
            y = (self.top + self.size * (CAPITAL + self.leading * index)) * unit
            for letter, marks, offset in _letters(line, font, self.size * unit, self.stroke):
                at = (self.left * unit + offset, y)
                pen.text(at, letter, fill=255, font=font, anchor="ls", stroke_width=width)
                _draw_accents(pen, letter, marks, at, font, self.size * unit, self.stroke)


def lay_out(
    text: str,
    *,
    left: float,
    top: float,
    width: float,
    height: float,
    largest: float,
    stroke: float,
) -> Lettering:
    """Set `text`, as `drawable` gives it, as large as the box allows, in evenly filled lines."""
    ruler = _font(200)

    def measure(line: str) -> float:
        bare = _bare(line)
        return ruler.getlength(bare) / 200 + TRACKING * stroke * len(bare)

    words = [piece for word in text.split() for piece in _pieces(word)]
    leading = 1.02 if _bare(text) == text else 1.14  # accents need room
    size = largest
    while True:
        lines = _wrap(words, width / size, measure)
        tall = CAPITAL + leading * (len(lines) - 1) + DESCENDER
        if max(map(measure, lines)) * size <= width and tall * size <= height:
            break
        size *= 0.97
    narrow, wide = 0.0, width / size
    for _ in range(12):  # the narrowest box with as many lines: no line is left with a lone word
        middle = (narrow + wide) / 2
        tried = _wrap(words, middle, measure)
        if len(tried) == len(lines) and max(map(measure, tried)) <= middle:
            lines, wide = tried, middle
        else:
            narrow = middle
    return Lettering(tuple(lines), size, leading, left, top, stroke)


def drawable(text: str) -> str:
    """`text` in letters that can be drawn, decomposed; empty where most of it cannot be."""
    font = _font(40)
    missing = bytes(font.getmask("\uffff"))
    kept, n_kept, n_lost = "", 0, 0
    for whole in unicodedata.normalize("NFC", text.translate(_SPELLED)):
        letters = unicodedata.normalize("NFKD", whole)
        if whole.isspace():
            kept += " "
        elif letters in _MARKS:
            kept += letters if kept[-1:].strip() else ""
        elif all(
            mark in _MARKS or (mark.isprintable() and bytes(font.getmask(mark)) != missing)
            for mark in letters
        ):
            kept += letters
            n_kept += whole.isalnum()
        else:
            n_lost += whole.isalnum()
    # A mark that stands alone (¯ is a space with a macron) has no letter to sit on.
    words = (word.lstrip("".join(_MARKS)) for word in kept.split())
    return " ".join(word for word in words if word) if n_kept > n_lost else ""


def _pieces(word: str, longest: int = 22) -> list[str]:
    """A word, or, where it is too long for any line, its parts with hyphens."""
    if len(_bare(word)) <= longest:
        return [word]
    cut = longest - 1
    while word[cut] in _MARKS:
        cut += 1
    return [word[:cut] + "-", *_pieces(word[cut:], longest)]


def _wrap(words: Sequence[str], width: float, measure: Callable[[str], float]) -> list[str]:
    lines: list[str] = []
    for word in words:
        if lines and measure(f"{lines[-1]} {word}") <= width:
            lines[-1] += f" {word}"
        else:
            lines.append(word)
    return lines


# ------------------------------------------------------------------------------- glyphs and accents

_SPELLED = str.maketrans(
    {
        **{"ß": "ss", "æ": "ae", "Æ": "AE", "œ": "oe", "Œ": "OE", "ø": "o", "Ø": "O", "ł": "l"},
        **{"Ł": "L", "đ": "d", "Đ": "D", "ð": "d", "Ð": "D", "þ": "th", "Þ": "Th", "ı": "i"},
        **{"–": "-", "—": "-", "‐": "-", "‑": "-", "−": "-", "×": "x", "·": "-", "•": "-"},
    }
)

# Accents as strokes in parts of the letter's size, from the middle of the letter's top (or, below
# it, of its foot), upwards.
_ABOVE: dict[str, tuple[tuple[tuple[float, float], ...], ...]] = {
    "\u0300": (((-0.09, 0.12), (0.04, 0.0)),),
    "\u0301": (((-0.04, 0.0), (0.09, 0.12)),),
    "\u0302": (((-0.12, 0.0), (0.0, 0.12), (0.12, 0.0)),),
    "\u030c": (((-0.12, 0.12), (0.0, 0.0), (0.12, 0.12)),),
    "\u0303": (((-0.13, 0.02), (-0.07, 0.075), (0.07, 0.02), (0.13, 0.075)),),
    "\u0304": (((-0.12, 0.05), (0.12, 0.05)),),
    "\u0306": (((-0.11, 0.11), (-0.06, 0.03), (0.06, 0.03), (0.11, 0.11)),),
    "\u0307": (((0.0, 0.05), (0.0, 0.051)),),
    "\u0308": (((-0.1, 0.05), (-0.1, 0.051)), ((0.1, 0.05), (0.1, 0.051))),
    "\u030a": (
        tuple((0.075 * math.sin(a / 2), 0.075 - 0.075 * math.cos(a / 2)) for a in range(14)),
    ),
    "\u030b": (((-0.11, 0.0), (-0.02, 0.12)), ((0.04, 0.0), (0.13, 0.12))),
}
_BELOW: dict[str, tuple[tuple[tuple[float, float], ...], ...]] = {
    "\u0323": (((0.0, -0.1), (0.0, -0.101)),),
    "\u0326": (((0.02, -0.07), (-0.03, -0.17)),),
    "\u0327": (((0.01, 0.0), (0.05, -0.1), (-0.05, -0.17)),),
    "\u0328": (((0.05, 0.0), (-0.01, -0.1), (0.07, -0.15)),),
}

_MARKS = frozenset(_ABOVE) | frozenset(_BELOW)


def _font(size_px: float) -> FreeTypeFont:
    from PIL import ImageFont

    font = ImageFont.load_default(size_px)
    assert isinstance(font, ImageFont.FreeTypeFont)  # with FreeType, which every wheel has
    return font


def _bare(line: str) -> str:
    """A line without its accents: what the typeface itself sets."""
    return "".join(mark for mark in line if mark not in _MARKS)


def _letters(
    line: str, font: FreeTypeFont, size: float, stroke: float
) -> Iterator[tuple[str, str, float]]:
    """Each letter of a line, its accents, and where it stands, kerned and tracked."""
    done = ""
    rest = line
    while rest:
        letter, rest = rest[0], rest[1:]
        marks = ""
        while rest and rest[0] in _MARKS:
            marks, rest = marks + rest[0], rest[1:]
        done += letter
        offset = font.getlength(done) - font.getlength(letter)
        yield letter, marks, offset + TRACKING * stroke * size * (len(done) - 0.5)


def _draw_accents(
    pen: ImageDraw,
    letter: str,
    marks: str,
    at: tuple[float, float],
    font: FreeTypeFont,
    size: float,
    stroke: float,
) -> None:
    """Draw the accents of a letter that stands at `at`, the left end of its baseline."""
    left, top, right, foot = font.getbbox(letter, anchor="ls")
    weight = size * (0.062 + 2 * stroke)
    x = at[0] + (left + right) / 2
    lift = 0.07 + stroke
    if letter in "ij" and any(mark in _ABOVE for mark in marks):
        stem = font.getbbox("x", anchor="ls")[1]
        reach = (right - left) / 2 + stroke * size + 1
        dot = [x - reach, at[1] + top - weight, x + reach, at[1] + stem - size * (stroke + 0.01)]
        pen.rectangle(dot, fill=0)
        top = stem
    for mark in marks:
        if mark in _ABOVE:
            y = at[1] + top - size * lift - weight / 4
            lift += 0.18
        else:
            y = at[1] + max(0.0, foot)
        for path in (*_ABOVE.get(mark, ()), *_BELOW.get(mark, ())):
            points = [(x + dx * size, y - dy * size) for dx, dy in path]
            pen.line(points, fill=255, width=round(weight), joint="curve")
            for px, py in (points[0], points[-1]):
                r = weight / 2
                pen.ellipse([px - r, py - r, px + r, py + r], fill=255)
