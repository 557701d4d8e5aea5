"""What of a review nobody will hear, in one line: `2 tables, 1 gallery, 3 footnotes`."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sayso.model import Aside, BlockKind, Outline

LeftOut = tuple[tuple[str, int], ...]
"""What is left out (`table`, `footnote`) and how many of each, in the order of `_PLURALS`."""

_PLURALS: Mapping[str, str] = {
    "table": "tables",
    "gallery": "galleries",
    "embed": "embeds",
    "code block": "code blocks",
    "piece of HTML": "pieces of HTML",
    "heading": "headings",
    "spoiler": "spoilers",
    "footnote": "footnotes",
    "repetition": "repetitions",
    "rating by others": "ratings by others",
    "line of credits": "lines of credits",
    "address": "addresses",
    "line on where it can be had": "lines on where it can be had",
    "note about the page": "notes about the page",
    "other passage": "other passages",
}
_BY_KIND: Mapping[BlockKind, str] = {
    "table": "table",
    "embed": "embed",
    "code": "code block",
    "html": "piece of HTML",
    "heading": "heading",
    "note": "footnote",
}
_BY_REASON: Mapping[str, str] = {
    "a spoiler": "spoiler",
    "a footnote": "footnote",
    "a rating by others": "rating by others",
    "credits or details": "line of credits",
    "an address": "address",
    "a byline": "byline",
    "tags": "line of tags",
    "a link": "link",
    "where it can be had": "line on where it can be had",
    "a note about the page": "note about the page",
}
_UNMISSED_KINDS = ("caption", "break")
_UNMISSED_REASONS = ("the title", "a comment", "names the segment of what follows")
"""What no listener misses; `sayso script --explain` lists it with the rest."""


def count_left_out(outline: Outline) -> LeftOut:
    """What of a review is not spoken, but for what no listener misses."""
    counts = Counter(name for aside in outline.asides if (name := _name(aside)))
    return tuple((name, counts[name]) for name in _PLURALS if counts[name])


def describe(left_out: LeftOut) -> str:
    """`left out: 2 tables, 1 gallery; …`."""
    things = ", ".join(f"{n} {name if n == 1 else _PLURALS[name]}" for name, n in left_out)
    them = "them" if sum(n for _, n in left_out) > 1 else "it"
    return f"left out: {things}; sayso script --explain lists {them}"


def _name(aside: Aside) -> str | None:
    block = aside.block
    if aside.bucket == "title" or block.kind in _UNMISSED_KINDS:
        return None
    if aside.reason in _UNMISSED_REASONS:
        return None
    if aside.bucket == "duplicate":
        return "repetition"
    if block.kind == "embed" and "gallery" in block.text[:30].casefold():
        return "gallery"
    return _BY_REASON.get(aside.reason) or _BY_KIND.get(block.kind) or "other passage"
