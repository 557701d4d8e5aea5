"""The passages of a review of one thing → segments: by headings, cues, position, neighbours."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from sayso.model import Block, Placement, Reason, SegmentName
from sayso.review.cues import Evidence, rank_hits, weigh_cues
from sayso.review.kind import Kind
from sayso.review.passages import Passage, read_passages
from sayso.review.rating import is_total, rating_of_block
from sayso.review.sections import Section
from sayso.review.viterbi import Choice, Weights, best_path, emissions

UNSURE_MARGIN = 2.0
"""A placement with a smaller margin is marked unsure. In the labelled reviews a third of the
placements, and four fifths of the errors, are below it; above it 98 of 100 are right."""

_FEW_BLOCKS = 2
_LONG_BLOCK = 8
"""A text of at most `_FEW_BLOCKS` blocks is placed sentence by sentence in each block that has at
least `_LONG_BLOCK` sentences."""

_FULL_LENGTH = 6
"""From this number of passages on, the place of a passage in the review counts in full."""

_FORCED = 1e6
"""Points for a segment that the author named: more than all cues can give."""

_FIRST = 3
"""A warning counts as the review's first word where it is among so many blocks."""
_WARNING = re.compile(r"\bspoiler", re.IGNORECASE)
_WARNING_WORDS = 20


@dataclass(frozen=True, slots=True)
class _Unit:
    """What the model places at once: a passage, or a single sentence of a long paragraph."""

    passage: Passage
    evidence: Evidence
    forced: str | None
    first: int = 0
    last: int | None = None
    """The sentences of the passage's only block; None for all."""


def place_essay(
    sections: Sequence[Section], kind: Kind, title: str, *, whole: bool
) -> tuple[list[Placement], tuple[SegmentName, ...]]:
    """Place the passages of a review of the thing `title`; with `whole`, no section is divided.

    The placements are in the review's order, but for the ratings of the whole, which come last. The
    names are those of the kind; where one section of the author's makes up a segment, its heading
    is the segment's title.
    """
    passages = read_passages(sections, kind)
    closing = closing_segment(kind)
    ratings: list[Passage] = []
    placed: list[Passage] = []
    for passage in passages:
        (ratings if _is_rating(passage) else placed).append(passage)
    rating_all = _headings_that_rate_the_whole(sections, closing)
    if whole:
        placed = _join_sections(placed)
    units = list(_make_units(placed, kind, title_words(title)))
    chosen = _place_units(units, _choose_segments(units, kind), kind)
    titles = _titles(placed, chosen)
    found: list[Placement] = []
    for at, passage in enumerate(placed):
        mine = chosen[at]
        found += _say_headings(passage, mine[0].segment, titles)
        found += mine
        following = placed[at + 1].section if at + 1 < len(placed) else None
        heading = passage.section.heading
        ends = passage.section is not following
        if ends and heading is not None and heading.id not in rating_all:
            found += _rate_section(passage.section, mine[-1].segment)
    for passage in ratings:
        found += _say_headings(passage, closing, titles)
        found += (Placement(block, closing, "rating") for block in passage.blocks)
    heads = {s.heading.id for p in passages for s in p.headings if s.heading is not None}
    rated = {placement.block.id for placement in found if placement.reason == "rating"}
    for section in sections:
        if section.heading is not None and section.heading.id not in rated:
            found += _rate_section(section, closing, heads_text=section.heading.id in heads)
    return found, tuple(_name_segments(kind, titles))


def title_words(title: str) -> frozenset[str]:
    """The words of a title that are those of a name, in small letters."""
    words = re.findall(r"[^\W\d_][\w'’]*", title)
    return frozenset(word.casefold().replace("’", "'") for word in words if word[0].isupper())


def closing_segment(kind: Kind) -> str:
    """The id of the segment that ends a review of this kind."""
    return next((s.id for s in kind.segments if s.closes), kind.segments[-1].id)


def opening_segment(kind: Kind) -> str:
    """The id of the segment that begins a review of this kind."""
    return next((s.id for s in kind.segments if s.opens), kind.segments[0].id)


def segment_id(name: str, kind: Kind) -> str | None:
    """The id of the segment that is called so, in any case; None if there is none."""
    folded = name.casefold()
    return next((s.id for s in kind.segments if folded in (s.id, s.title.casefold())), None)


# ------------------------------------------------------------------------------------- ratings


def _is_rating(passage: Passage) -> bool:
    """Whether a passage is the rating of the whole and nothing else.

    A list of ratings is one if it ends in a total; else it may be a list of things.
    """
    blocks = passage.blocks
    if any(block.segment is not None or rating_of_block(block.text) is None for block in blocks):
        return False
    return len(blocks) == 1 or any(is_total(block.text) for block in blocks)


def _headings_that_rate_the_whole(sections: Sequence[Section], closing: str) -> frozenset[str]:
    """The ids of headings that rate the whole: `Verdict: 8/10`, or the review's first heading.

    The first one does only where no other heading has a rating.
    """
    n_rated = sum(s.heading is not None and len(s.heading.sentences) > 1 for s in sections)
    first = sections[0] if n_rated == 1 and sections else None
    return frozenset(
        s.heading.id
        for s in sections
        if s.heading is not None
        and (s.role == "rating" or s.segment == closing or (s is first and s.role == "name"))
    )


def _rate_section(
    section: Section, segment: str, *, heads_text: bool = True
) -> Iterator[Placement]:
    """The rating in a section's heading: it is said after the section.

    A heading that heads no text is said as a whole, since its name titles nothing.
    """
    heading = section.heading
    if heading is None:
        return
    if len(heading.sentences) > 1 and heads_text and section.role != "rating":
        yield Placement(heading, segment, "rating", first=1)
    elif len(heading.sentences) > 1 or section.role == "rating":
        yield Placement(heading, segment, "rating")


# ------------------------------------------------------------------------------------ headings


def _titles(
    passages: Sequence[Passage], chosen: Sequence[Sequence[Placement]]
) -> dict[str, Section]:
    """The sections that make up a segment alone and name it, by segment."""
    owners: dict[str, set[str | None]] = defaultdict(set)
    naming: dict[str, Section] = {}
    for passage, placements in zip(passages, chosen, strict=True):
        for placement in placements:
            owners[placement.segment].add(passage.section.owner)
        for section in passage.headings:
            if section.role == "segment" and section.heading is not None:
                naming[section.heading.id] = section
    return {
        segment: naming[only]
        for segment, (only, *more) in owners.items()
        if not more and only in naming and naming[only].segment == segment
    }


def _say_headings(
    passage: Passage, segment: str, titles: Mapping[str, Section]
) -> Iterator[Placement]:
    """The headings above a passage that are said: those that do not title the chapter."""
    for section in passage.headings:
        is_title = titles.get(segment) is section
        if section.heading is not None and section.role != "rating" and not is_title:
            yield say_heading(section.heading, segment)


def say_heading(heading: Block, segment: str) -> Placement:
    """The placement of a heading's words, without the rating at its end."""
    last = 1 if len(heading.sentences) > 1 else None
    return Placement(heading, segment, "heading", last=last)


def _name_segments(kind: Kind, titles: Mapping[str, Section]) -> Iterator[SegmentName]:
    for name in kind.names:
        section = titles.get(name.id)
        if section is not None and section.heading is not None:
            name = replace(name, title=section.name, heading=section.heading.id)
        yield name


# --------------------------------------------------------------------------------------- units


def _join_sections(passages: Sequence[Passage]) -> list[Passage]:
    """One passage for each section under a heading, unless that names several segments."""
    found: list[Passage] = []
    for _, run in groupby(passages, key=lambda passage: id(passage.section)):
        mine = list(run)
        section = mine[0].section
        if section.heading is None or section.role == "several":
            found += mine
        else:
            found.append(replace(mine[0], blocks=tuple(b for p in mine for b in p.blocks)))
    return found


def _make_units(passages: Sequence[Passage], kind: Kind, title: Collection[str]) -> Iterator[_Unit]:
    by_sentence = sum(len(passage.blocks) for passage in passages) <= _FEW_BLOCKS
    ids = [segment.id for segment in kind.segments]
    for at, passage in enumerate(passages):
        forced = _forced_segment(passage, at, kind)
        # Headings may hold cues; in lower case, since they may be In Title Case.
        heads = [
            s.name[:1] + s.name[1:].casefold()
            for s in passage.headings
            if s.role in ("name", "several")
        ]
        sentences = [sentence for block in passage.blocks for sentence in block.sentences]
        n = len(sentences)
        is_long = by_sentence and len(passage.blocks) == 1 and n >= _LONG_BLOCK and not forced
        step = 1 if is_long else n
        for first in range(0, n, step):
            said = (*heads, *sentences[first : first + step])
            weighed = weigh_cues(said, ids, kind.index, title)
            whole = None if step == n else first + step
            yield _Unit(passage, weighed, forced, first, whole)


def _forced_segment(passage: Passage, at: int, kind: Kind) -> str | None:
    """The segment that the author names, by paragraph or heading, or that a warning belongs to."""
    first, section = passage.blocks[0], passage.section
    for block in passage.blocks:
        if block.segment is not None:
            return segment_id(block.segment, kind)
    if section.segment is not None:
        return section.segment
    if section.role == "contrast":
        return closing_segment(kind)
    is_short = len(passage.blocks) == 1 and len(first.text.split()) <= _WARNING_WORDS
    is_warning = at < _FIRST and is_short and _WARNING.search(first.text) is not None
    return opening_segment(kind) if is_warning else None


def _choose_segments(units: Sequence[_Unit], kind: Kind) -> list[Choice]:
    n = len(units)
    weights = _weights(n)
    ids = [segment.id for segment in kind.segments]
    points: list[list[float]] = []
    stays: list[float] = []
    for at, unit in enumerate(units):
        place = at / (n - 1) if n > 1 else 0.5
        row = emissions(unit.evidence.scores, place, kind, weights)
        if unit.forced is not None:
            row[ids.index(unit.forced)] += _FORCED
        points.append(row)
        same_block = at > 0 and units[at - 1].passage is unit.passage
        stays.append(weights.stay_sentence if same_block else weights.stay)
    return best_path(points, stays, kind, weights)


def _weights(n_units: int) -> Weights:
    # The last of two paragraphs need not be a verdict: in a short review, place says little.
    full = Weights()
    share = min(1.0, n_units / _FULL_LENGTH)
    return replace(
        full,
        position=full.position * share,
        opening=full.opening * share,
        closing=full.closing * share,
    )


# ---------------------------------------------------------------------------------- placements


def _place_units(
    units: Sequence[_Unit], choices: Sequence[Choice], kind: Kind
) -> list[list[Placement]]:
    """For each passage, its placements: one for each block, or run of sentences in a segment."""
    found: list[list[Placement]] = []
    pairs = zip(units, choices, strict=True)
    for _, of_passage in groupby(pairs, key=lambda pair: id(pair[0].passage)):
        mine: list[Placement] = []
        for _, run in groupby(of_passage, key=lambda pair: pair[1].segment):
            run_units, run_choices = zip(*run, strict=True)
            mine += _place_run(run_units, run_choices, kind)
        found.append(mine)
    return found


def _place_run(run: Sequence[_Unit], choices: Sequence[Choice], kind: Kind) -> Iterator[Placement]:
    passage, last = run[0].passage, run[-1].last
    for block in passage.blocks:
        is_whole = last is None or (run[0].first == 0 and last == len(block.sentences))
        placement = Placement(
            block,
            kind.segments[choices[0].segment].id,
            "cues",
            first=run[0].first,
            last=None if is_whole else last,
        )
        if run[0].forced is not None:
            yield replace(placement, reason=_reason(passage, kind))
            continue
        placement = replace(placement, cues=rank_hits(h for u in run for h in u.evidence.hits))
        if len(kind.segments) > 1:
            least = min(choices, key=lambda choice: choice.margin)
            placement = replace(
                placement,
                runner_up=kind.segments[least.runner_up].id,
                margin=round(least.margin, 3),
                unsure=least.margin < UNSURE_MARGIN,
            )
        yield placement


def _reason(passage: Passage, kind: Kind) -> Reason:
    """Why a passage is where its author or its heading wants it."""
    by = next((block.segment_by for block in passage.blocks if block.segment is not None), None)
    if by is not None:
        return by
    has_heading = passage.section.segment is not None or passage.section.role == "contrast"
    return "heading" if has_heading else "warning"
