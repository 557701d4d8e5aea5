"""A review of several things → a segment for each, in the author's order."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from sayso.model import Placement, SegmentName
from sayso.review.kind import Kind
from sayso.review.placing import closing_segment, opening_segment, say_heading, segment_id
from sayso.review.rating import is_total, rating_of_block
from sayso.review.sections import Section


def place_items(
    sections: Sequence[Section], items: Sequence[int], kind: Kind
) -> tuple[list[Placement], tuple[SegmentName, ...]]:
    """Place the sections: each of the `items`, by number, begins a segment of its own.

    What comes before the first is the introduction; what follows the last under a heading that
    names the verdict, or after a rule as only it has one, is the verdict. An item's name is said
    first and its rating last.
    """
    opening, closing = opening_segment(kind), closing_segment(kind)
    named = {name.id: name for name in kind.names}
    names = [named.pop(opening)]
    end = named.pop(closing)
    placed: list[Placement] = []
    ratings: list[Placement] = []
    of_whole: list[Placement] = []
    segment = opening
    waiting: list[Section] = []
    item: Section | None = None
    begins = frozenset(items)
    epilogue = _epilogue(sections, items)
    for number, section in enumerate(sections):
        heads_item = not section.blocks and number + 1 in begins
        if heads_item and section.is_above(sections[number + 1]):
            waiting.append(section)  # `Whites`, above the first white wine
            continue
        if number in begins:
            placed += ratings
            ratings = []
            segment = f"item-{len(names)}"
            item, heading = section, section.heading
            assert heading is not None
            names.append(SegmentName(segment, section.name, _spoken(section.name), heading.id))
            for above in waiting:
                _say(above, segment, placed, ratings)
            waiting = []
        elif section.segment == closing and not _is_part(section, item):
            placed += ratings
            ratings = []
            segment = closing
        titles = segment == closing and end.heading is None and section.role == "segment"
        if titles and section.heading is not None and section.blocks:
            end = replace(end, title=section.name, heading=section.heading.id)
        _say(section, segment, placed, ratings, silent=end.heading)
        for at, block in enumerate(section.blocks):
            if number == len(sections) - 1 and at == epilogue:
                placed += ratings
                ratings, segment = [], closing
            if block.segment is not None:
                own = segment_id(block.segment, kind) or segment
                placed.append(Placement(block, own, block.segment_by or "comment"))
                if own in named:
                    names.append(named.pop(own))
            elif rating_of_block(block.text) and not block.group:
                of = ratings if segment != opening else of_whole
                of.append(Placement(block, segment if of is ratings else closing, "rating"))
            else:
                is_item = segment not in (opening, closing)
                placed.append(Placement(block, segment, "heading" if is_item else "shape"))
    return [*placed, *ratings, *of_whole], (*names, end)


_NUMBER = re.compile(r"\A\W*\d{1,3}[.):]\s+")
_DETAIL = re.compile(
    r"(?:\s+\d{4}-\d\d-\d\d|\s*[(\[][^()\[\]]{0,80}[)\]]|,\s*\W?\d[\d.,]*\s?\W?)\Z"
)


def _spoken(name: str) -> str:
    """What an item is called within a sentence: `1. Hop Lantern, 6.2%` is `Hop Lantern`."""
    short = _DETAIL.sub("", _NUMBER.sub("", name))
    return short if any(char.isalpha() for char in short) else name


def _say(
    section: Section,
    segment: str,
    placed: list[Placement],
    ratings: list[Placement],
    *,
    silent: str | None = None,
) -> None:
    """Place a section's heading, unless its id is `silent`, and keep its rating for the end."""
    heading = section.heading
    if heading is None:
        return
    if section.role == "rating" or (len(heading.sentences) > 1 and is_total(heading.text)):
        ratings.append(Placement(heading, segment, "rating"))
        return
    if heading.id != silent:
        placed.append(say_heading(heading, segment))
    if len(heading.sentences) > 1:
        ratings.append(Placement(heading, segment, "rating", first=1))


def _is_part(section: Section, item: Section | None) -> bool:
    """Whether a heading stands within an item: each beer may have its verdict."""
    return item is not None and item.is_above(section) and section.heading is not None


def _epilogue(sections: Sequence[Section], items: Sequence[int]) -> int | None:
    """Where in the last section what is said of all items begins: after a rule, as no item has."""
    if any(_inner_breaks(sections[number]) for number in items[:-1]):
        return None
    return max(_inner_breaks(sections[-1]), default=None)


def _inner_breaks(section: Section) -> list[int]:
    return [at for at in section.breaks if 0 < at < len(section.blocks)]
