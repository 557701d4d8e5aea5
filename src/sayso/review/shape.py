"""The shape of a review: prose, sections under headings of their own, or several things in turn."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sayso.language.text import word_set
from sayso.model import Review, Shape
from sayso.review.kind import Kinds, segment_of_heading
from sayso.review.rating import find_ratings, rating_of_block
from sayso.review.sections import Section, heading_name, is_contrast

ROUNDUP = "roundup"
"""Named as kind or shape, it makes a review one of several things."""
ROUNDUP_NAMES = word_set("roundup round-up round_up tasting diary log list several")

_FEWEST_ITEMS = 2
_SURE = 2.0
"""Points from which headings are taken for the names of things. In posts as published, headings of
essays reach 1.0 at most, those of round-ups seldom stay under 2.5."""

_NUMBERED = re.compile(
    r"\W*(?:(?:no\.?|number|nr\.?|#|day|week|month|episodes?|eps?\.?|chapters?|parts?|part|season|series"
    r"|vol(?:ume)?\.?|book|track|disc|round|stop|course|night|issue|case|film|game|beer|wine"
    r"|dram|whisky|place)\s*)?#?\d{1,3}(?:[.):–—-]|\s*[-–—:|]|\b)"
    r"|\W*(?:S\d{1,2}\s?E\d{1,3}|\d{1,2}x\d{2})\b"
    r"|\W*(?:first|second|third|fourth|fifth|sixth|last)\b(?= (?:up|place|course))",
    re.IGNORECASE,
)
_DETAIL = re.compile(
    r"\((?:[^()]{0,40}[,; ])?(?:1[89]|20)\d\d(?:[,; –-][^()]{0,40})?\)"  # `(1987)`
    r"|\b\d{1,2}(?:[.,]\d{1,2})? ?%"  # the strength of a drink
    r"|[$£€]\s?\d|\d\s?[€£]"
    r"|\b(?:by|from|dir(?:ected by|\.)) [A-Z]|\S [–—|] [A-Z]"
)
_SEVERAL = re.compile(
    r"\b(?:round[- ]?ups?|wrap[- ]?up|tasting(?: notes)?|diary|reviews|ranked|ranking)\b"
    r"|\b(?:episode|viewing|watch|reading|play)[- ]?log\b|\bfavou?rites?\b"
    r"|\b(?:mini|quick|short|capsule|brief|flash|micro)[- ]?reviews\b|\bbest (?:\w+ ){0,4}of\b"
    r"|\btop (?:\d|ten|five|three|twenty)|\bpart \d|\b(?:recently|lately) (?:read|watched|played)\b"
    r"|\b(?:films|movies|books|games|albums|beers|wines|whiskies|shows|things|places) (?:i|we)\b"
    r"|\b(?:i|we)(?:'ve)? (?:read|watched|saw|played|drank|heard|ate) (?:in|this|last)\b"
    r"|\bwhat (?:i|we)(?:'ve| have)? (?:been )?(?:read|watch|play|drink|drank|hear|listen)",
    re.IGNORECASE,
)
_PLURAL = re.compile(
    r"\b(?:films|movies|books|stories|novels|games|albums|records|songs|tracks|episodes|series"
    r"|beers|wines|whisk(?:y|ey|ie)s|coffees|teas|dishes|restaurants|places|hotels|gadgets|apps"
    r"|podcasts|shows|comics|concerts|plays)\b"
)
_MANY = 5
"""So many headings on one level name things more often than parts of one."""
_NUMBER_WORDS = "two three four five six seven eight nine ten eleven twelve".split()  # noqa: SIM905
_LITTLE = word_set(
    "a an and as at but by de der des die du el for from in into la le of on or the to vs with"
)


@dataclass(frozen=True, slots=True)
class FoundShape:
    """The shape of a review, and which sections begin an item of a round-up."""

    shape: Shape
    items: tuple[int, ...] = ()
    """Numbers of sections, from 0."""


def find_shape(
    review: Review, sections: Sequence[Section], kinds: Kinds, wanted: str | None
) -> FoundShape:
    """The shape of `review`. `wanted` is what its author says: `essay`, `sectioned`, `roundup`."""
    if wanted == "essay":
        return FoundShape("essay")
    found = _find_items(review, sections, kinds, surely=wanted == ROUNDUP)
    if found and wanted != "sectioned":
        return FoundShape("roundup", found)
    headed = [section for section in sections if section.heading and section.blocks]
    n_under = sum(len(section.blocks) for section in headed)
    n_all = sum(len(section.blocks) for section in sections)
    is_sectioned = wanted == "sectioned" or (len(headed) >= 3 and n_under * 10 >= n_all * 6)
    return FoundShape("sectioned" if is_sectioned else "essay")


def _find_items(
    review: Review, sections: Sequence[Section], kinds: Kinds, *, surely: bool
) -> tuple[int, ...]:
    """The sections that each speak of another thing: those of the likeliest level of headings."""
    found: tuple[int, ...] = ()
    best = _SURE - 0.001
    words = frozenset(
        re.findall(r"\w+", " ".join(b.text for b in review.blocks if b.kind != "heading"))
    )
    levels = [s.heading.level for s in sections if s.heading is not None and s.role != "rating"]
    for level in sorted(set(levels), key=lambda one: one or 7):
        candidates = [
            n for n, s in enumerate(sections) if s.heading is not None and s.heading.level == level
        ]
        names = [n for n in candidates if not _is_general(sections[n], kinds)]
        if len(names) < _FEWEST_ITEMS or not all(_has_text(sections, n) for n in names[:-1]):
            continue
        if surely:
            return tuple(names)
        if len(names) * 3 < len(candidates) * 2 or (len(names) == 2 and len(candidates) > 3):
            continue
        each = sum(_points(sections, n, words) for n in names) / len(names)
        above = [s.name for s in sections[: names[0]] if s.is_above(sections[names[0]])]
        told = each + _group_points([review.title, *above], len(names))
        if told > best and each > 0:
            # `Looks`, among `Stability` and `Price`, is one of them, though it names a segment.
            best = told
            chosen = frozenset(names)
            found = tuple(n for n in candidates if n in chosen or not _frames(sections[n], kinds))
    return found


def _has_text(sections: Sequence[Section], number: int) -> bool:
    """Whether a section has text, in itself or under deeper headings."""
    heading = sections[number].heading
    assert heading is not None
    for section in sections[number:]:
        if section.blocks:
            return True
        if (
            section.heading is not heading
            and section.heading
            and 0 < section.heading.level <= heading.level
        ):
            return False
    return False


def _is_general(section: Section, kinds: Kinds) -> bool:
    """Whether reviews of one thing have such a heading: `Plot`, `Pros`, `Final thoughts`."""
    if section.role == "several" or _names_nothing(section):
        return True
    return any(segment_of_heading(section.name, kind) is not None for kind in kinds)


def _names_nothing(section: Section) -> bool:
    """Whether a heading sets praise against blame, is a rating, or tells who wrote or made it."""
    is_other = section.role in ("contrast", "rating") or is_contrast(section.name)
    return is_other or section.name.casefold().startswith("by ")


def _frames(section: Section, kinds: Kinds) -> bool:
    """Whether a heading opens or ends a review, or names nothing."""
    if _names_nothing(section):
        return True
    named = {kind.id: segment_of_heading(section.name, kind) for kind in kinds}
    return any(
        segment.id == named[kind.id] and (segment.opens or segment.closes)
        for kind in kinds
        for segment in kind.segments
    )


def _points(sections: Sequence[Section], number: int, said: Collection[str]) -> float:
    """How much a heading looks like the name of one thing among several.

    `said` are the words of the text.
    """
    section = sections[number]
    heading = section.heading
    assert heading is not None
    name = heading_name(heading)
    points = 0.0
    if _NUMBERED.match(name):
        points += 2.0
    if len(heading.sentences) > 1 or next(find_ratings(heading.text), None):
        points += 1.5
    if any(rating_of_block(block.text) for block in section.blocks):
        points += 2.0
    if _DETAIL.search(heading.text):
        points += 1.5
    if _has_verdict(sections, number):
        points += 1.5
    words = [w for w in re.findall(r"[^\W\d_][\w'’]*", name) if w.casefold() not in _LITTLE]
    if words and all(word[0].isupper() for word in words):
        points += 0.5
    parts = [part for word in words for part in re.findall(r"\w+", word.casefold())]
    if len(words) <= 2 and all(part in said for part in parts):
        points -= 1.5  # a word of the text, and no name
    n_items = sum(block.kind == "item" for block in section.blocks)
    if n_items >= 2 and n_items * 2 > len(section.blocks):
        points += 1.0
    if len(words) > 8 or name.endswith(("?", "…", ".")):
        points -= 1.0
    return points


def _has_verdict(sections: Sequence[Section], number: int) -> bool:
    """Whether a section has a verdict, or praise and blame, under a heading of its own."""
    for part in sections[number + 1 :]:
        if not sections[number].is_above(part):
            return False
        name = part.name.casefold()
        if part.role == "contrast" or "verdict" in name or "conclusion" in name:
            return True
    return False


def _group_points(titles: Sequence[str], n_items: int) -> float:
    """How much a title, or a heading above, says that a review is of several things."""
    points = 1.0 if n_items >= _MANY else 0.0
    points += 0.75 if n_items >= 2 * _MANY else 0.0
    several = False
    for title in titles:
        folded = title.casefold()
        several = several or bool(_SEVERAL.search(folded) or _PLURAL.search(folded))
        counts = {
            int(number) for number in re.findall(r"\b(\d{1,3}) (?:[\w-]+ ){0,2}\w+s\b", folded)
        }
        counts |= {
            at
            for at, word in enumerate(_NUMBER_WORDS, 2)
            if re.search(rf"\b{word} (?:[\w-]+ ){{0,2}}\w+s\b", folded)
        }
        points += 2.0 if n_items in counts else 0.0
    return points + (1.5 if several else 0.0)
