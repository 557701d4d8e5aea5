"""What stands between two marks that Markdown does not know: spoilers, comments, containers.

Blog engines, note programs and forums have a pair of marks each for words that are hidden, for
remarks that nobody reads, and for boxes. They are dealt with before Markdown is parsed, which would
take some of them for something else. The number of lines stays the same.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from sayso.language.text import one_line
from sayso.model import BlockKind
from sayso.review.blocks import SPOILER_CLOSES, SPOILER_OPENS, RawBlock

_Use = Literal["spoiler", "comment", "code"]


@dataclass(frozen=True, slots=True)
class _Pair:
    """Two marks, and what is between them."""

    use: _Use
    opens: str
    closes: str


_HIDING = "spoilers?|details|hidden|hide|collapse|expand|fold"
_PAIRS = (
    # BBCode
    _Pair("spoiler", r"\[spoiler(?:[= ][^\]\n]{0,80})?\]", r"\[/spoiler\]"),
    # Hugo
    _Pair(
        "spoiler",
        rf"\{{\{{[<%]\s*(?:{_HIDING}|[\w-]{{1,40}}(?=\s[^}}\n]{{0,200}}spoiler)(?![^}}\n]{{0,200}}warning))"
        r"\b[^}\n]{0,400}[>%]\}\}",
        r"\{\{[<%]\s*/\s*[\w-]{1,40}\s*[>%]\}\}",
    ),
    # Liquid: Jekyll, Eleventy, Hexo
    _Pair(
        "spoiler",
        rf"\{{%-?\s*(?:{_HIDING})\b[^}}\n]{{0,200}}%\}}",
        rf"\{{%-?\s*end(?:{_HIDING})\s*-?%\}}",
    ),
    # Reddit
    _Pair("spoiler", r">!(?=[^\n])", r"!<"),
    # HTML
    _Pair(
        "spoiler",
        r"<span\b[^<>\n]{0,200}\bclass\s*=\s*[\"']?[^<>\"'\n]{0,80}spoiler[^<>\n]{0,200}>",
        r"</span>",
    ),
    # Liquid, Go
    _Pair("comment", r"\{%-?\s*comment\s*-?%\}", r"\{%-?\s*endcomment\s*-?%\}"),
    _Pair("comment", r"\{\{-?\s*/\*", r"\*/\s*-?\}\}"),
    # Liquid, Hugo
    _Pair("code", r"\{%-?\s*highlight\b[^}\n]{0,200}%\}", r"\{%-?\s*endhighlight\s*-?%\}"),
    _Pair(
        "code",
        r"\{\{<\s*highlight\b[^}\n]{0,200}>\}\}",
        r"\{\{<\s*/\s*highlight\s*>\}\}",
    ),
)
_MARK = re.compile(
    "|".join(
        f"(?P<{side}{number}>{mark})"
        for number, pair in enumerate(_PAIRS)
        for side, mark in (("opens", pair.opens), ("closes", pair.closes))
    ),
    re.IGNORECASE,
)
_MAY_HOLD_MARK = re.compile(r"\[/spoiler|[{]%|[{][{]|!<|spoiler|%%|\|\|", re.IGNORECASE)
_BARS = re.compile(r"(?<![|\w`])\|\|(?=[^\s|])([^|\n]{0,1000}?[^\s|])\|\|(?![|\w])")
_REMARK = re.compile(r"%%")
_FENCE = re.compile(r" {0,3}(`{3,}|~{3,})")
_BOX_OPENS = re.compile(
    r"\s{0,8}:{3,}\s*(?:\{([^}\n]*)\}|([A-Za-z][\w-]*))(?:\[([^\]\n]*)\])?[ \t]*([^\n]*)"
)
_BOX_CLOSES = re.compile(r"\s{0,8}:{3,}\s*")
_ADMONITION = re.compile(r"(?:!!!|\?\?\?\+?)\s+([\w-]+)(?:\s+[\w-]+)*[ \t]*(?:\"([^\"\n]*)\")?\s*")
_DETAILS = re.compile(r"<details\b|</details\s*>", re.IGNORECASE)
_SUMMARY = re.compile(r"<summary\b[^>]{0,200}>([^<]{0,200})", re.IGNORECASE)
_HIDES = re.compile(r"spoil|ending|twist|reveal|hid|solution|click|show|open", re.IGNORECASE)


_SHELF_MARK = re.compile(r"\[(?:b|bc|a|ac|book|author):([^|\[\]\n]{1,200})\|\d[^\[\]\n]{0,500}\]")
"""Goodreads' `[b:The Pier|12|The Pier|Ann Ide|https://…|34]`, of which it shows the name."""


@dataclass(frozen=True, slots=True)
class Region:
    """Lines, by number from 0, that belong together."""

    first: int
    last: int
    spoiler: bool


@dataclass(frozen=True, slots=True)
class Prepared:
    """A text that Markdown can read."""

    text: str
    regions: tuple[Region, ...]
    removed: tuple[RawBlock, ...]
    """What is not for reading, in order."""


def prepare(text: str, first_line: int) -> Prepared:
    """Mark what is hidden in `text`, whose first line is line `first_line` of the file.

    Spoilers within a paragraph get the marks of `RawBlock`; longer ones, and boxes, are regions.
    """
    regions: list[Region] = []
    removed: list[RawBlock] = []
    code = code_lines(text)
    if _MAY_HOLD_MARK.search(text):
        text = _resolve_pairs(text, first_line, code, regions, removed)
        text = _remove_remarks(text, first_line, code, removed)
        text = _BARS.sub(rf"{SPOILER_OPENS}\1{SPOILER_CLOSES}", text) if "||" in text else text
    if ":::" in text or "!!!" in text or "???" in text:
        text = _unwrap_boxes(text, code, regions)
    if "<details" in text.casefold():
        regions += _find_details(text, code)
    text = _SHELF_MARK.sub(r"\1", text) if "|" in text else text
    removed.sort(key=lambda block: block.line)
    return Prepared(text, tuple(regions), tuple(removed))


def code_lines(text: str) -> frozenset[int]:
    """The numbers of the lines in fenced code."""
    if "```" not in text and "~~~" not in text:
        return frozenset()
    found: set[int] = set()
    fence = ""
    for number, line in enumerate(text.split("\n")):
        mark = _FENCE.match(line)
        if fence:
            found.add(number)
            if mark and mark[1].startswith(fence) and not line.strip(f" {fence[0]}"):
                fence = ""
        elif mark:
            fence = mark[1]
            found.add(number)
    return frozenset(found)


def _resolve_pairs(
    text: str, first_line: int, code: frozenset[int], regions: list[Region], removed: list[RawBlock]
) -> str:
    """`text` with the words between marks where they belong; a mark without its other stays."""
    waiting: dict[int, tuple[int, int, int]] = {}
    cuts: list[tuple[int, int, str]] = []
    line = counted = 0
    for mark in _MARK.finditer(text):
        line += text.count("\n", counted, mark.start())
        counted = mark.start()
        if line in code or text[mark.start() - 1 : mark.start()] == "`":
            continue
        side, number = (mark.lastgroup or "")[:-1], int(re.sub(r"\D", "", mark.lastgroup or "0"))
        if side.startswith("opens"):
            waiting.setdefault(number, (mark.start(), mark.end(), line))
            continue
        opened = waiting.pop(number, None)
        if opened is None:
            continue
        start, inner, at = opened
        words = text[inner : mark.start()]
        use = _PAIRS[number].use
        if use == "spoiler" and "\n\n" not in words:
            cuts += [(start, inner, SPOILER_OPENS), (mark.start(), mark.end(), SPOILER_CLOSES)]
        elif use == "spoiler":
            cuts += [(start, inner, ""), (mark.start(), mark.end(), "")]
            regions.append(Region(at, line, spoiler=True))
        else:
            kind: BlockKind = "html" if use == "comment" else "code"
            removed.append(RawBlock(kind, one_line(text[start : mark.end()]), first_line + at))
            cuts.append((start, mark.end(), "\n" * words.count("\n")))
    return _cut(text, cuts)


def _cut(text: str, cuts: list[tuple[int, int, str]]) -> str:
    parts: list[str] = []
    at = 0
    for start, end, instead in sorted(cuts):
        if start >= at:
            parts += [text[at:start], instead]
            at = end
    return "".join([*parts, text[at:]])


def _remove_remarks(
    text: str, first_line: int, code: frozenset[int], removed: list[RawBlock]
) -> str:
    """`text` without Obsidian's `%%remarks%%`."""
    marks = list(_REMARK.finditer(text)) if "%%" in text else []
    cuts: list[tuple[int, int, str]] = []
    for opens, closes in zip(marks[::2], marks[1::2], strict=False):
        line = text.count("\n", 0, opens.start()) if len(marks) < 200 else 0
        if line in code:
            return text
        words = text[opens.start() : closes.end()]
        removed.append(RawBlock("html", one_line(words), first_line + line))
        cuts.append((opens.start(), closes.end(), "\n" * words.count("\n")))
    return _cut(text, cuts)


def _unwrap_boxes(text: str, code: frozenset[int], regions: list[Region]) -> str:
    """`text` without the marks of boxes: `::: note`, `!!! note`; a title of its own stays."""
    lines = text.split("\n")
    waiting: list[tuple[int, bool]] = []
    number = 0
    while number < len(lines):
        line = lines[number]
        opens = _BOX_OPENS.fullmatch(line) if number not in code and ":::" in line else None
        admonition = _ADMONITION.fullmatch(line) if number not in code else None
        if opens:
            name = f"{opens[1] or ''}{opens[2] or ''}"
            waiting.append(
                (number, "spoiler" in name.casefold() or "spoiler" in opens[4].casefold())
            )
            lines[number] = (opens[3] or opens[4]).strip(" :{}")
        elif admonition:
            last = number
            for at in range(number + 1, len(lines)):
                if lines[at].strip() and not lines[at].startswith(("    ", "\t")):
                    break
                if lines[at].strip():
                    last = at
                    lines[at] = re.sub(r"\A(?: {4}|\t)", "", lines[at])
            lines[number] = admonition[2] or ""
            regions.append(Region(number, last, "spoiler" in admonition[1].casefold()))
        elif waiting and ":::" in line and _BOX_CLOSES.fullmatch(line) and number not in code:
            first, hides = waiting.pop()
            lines[number] = ""
            regions.append(Region(first, number, hides))
        number += 1
    return "\n".join(lines)


def _find_details(text: str, code: frozenset[int]) -> Iterator[Region]:
    """The regions of `<details>`: what is hidden until somebody asks for it."""
    waiting: list[tuple[int, bool]] = []
    line = counted = 0
    for tag in _DETAILS.finditer(text):
        line += text.count("\n", counted, tag.start())
        counted = tag.start()
        if line in code:
            continue
        if tag[0][1] != "/":
            summary = _SUMMARY.search(text, tag.end(), tag.end() + 600)
            words = summary[1].strip() if summary else ""
            waiting.append((line, not words or _HIDES.search(words) is not None))
        elif waiting:
            first, hides = waiting.pop()
            yield Region(first, line, hides)
