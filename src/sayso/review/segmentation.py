"""A `Review` becomes an `Outline`: every block is placed in a segment or set aside."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

from sayso.errors import ReviewError, did_you_mean
from sayso.model import Block, Outline, Placement, Review
from sayso.review.guess import guess_kind
from sayso.review.headings import named_segment
from sayso.review.kind import Kind, Kinds
from sayso.review.non_spoken import drop_meta, why_meta
from sayso.review.parsing import named_by_comment
from sayso.review.scoring import Evidence, evidence
from sayso.review.viterbi import Choice, Weights, best_path, emissions

KindReason = Literal["flag", "front matter", "show", "guess"]

DOUBTFUL_MARGIN = 2.0
"""Under this margin a placement is marked unsure. Of the labelled reviews a third of the
placements lie under it, and four fifths of the errors; above it 98 of 100 are right."""

_FEW_BLOCKS = 2
_LONG_BLOCK = 8
"""A text of at most so many blocks is placed sentence by sentence, where one has so many."""

_FULL_LENGTH = 6
"""Passages from which on their place in the review counts in full."""

_FORCED = 1e6


@dataclass(frozen=True, slots=True)
class _Passage:
    """Sentences of one block that go to one segment: a paragraph, or a single sentence of it."""

    block: Block
    first: int
    last: int
    evidence: Evidence
    forced: str | None


def outline(
    review: Review,
    kinds: Kinds,
    *,
    kind: str | None = None,
    kind_reason: KindReason = "flag",
) -> Outline:
    """Place every block of `review`: by its author's word, else by cues, position and neighbours.

    `kind` names the kind of review and `kind_reason` who says so; without it the review's front
    matter does, else it is guessed. Raises ReviewError for an unknown kind or segment.
    """
    chosen, reason = _kind_of(review, kinds, kind, kind_reason)
    _check_segments(review, chosen)
    spoken, asides = drop_meta(review.blocks, review.title)
    passages = _passages(spoken, _headings(review, chosen), chosen)
    choices = _choose(passages, chosen)
    return Outline(
        review=review,
        kind=chosen.id,
        kind_reason=reason,
        names=chosen.names,
        placements=tuple(_placements(passages, choices, chosen)),
        asides=tuple(asides[b.id] for b in review.blocks if b.id in asides),
    )


def _kind_of(
    review: Review, kinds: Kinds, named: str | None, reason: KindReason
) -> tuple[Kind, KindReason]:
    if named is None and review.kind is not None:
        named, reason = review.kind, "front matter"
    if named is None:
        named, reason = guess_kind(review, kinds), "guess"
    kind = kinds.find(named)
    if kind is None:
        whose = ", named by show.toml" if reason == "show" else ""
        raise ReviewError(
            f"unknown kind of review '{named}'{whose}",
            code="unknown-kind",
            file=review.source if reason == "front matter" else None,
            hint=kinds.suggest(named),
        )
    return kind, reason


def _check_segments(review: Review, kind: Kind) -> None:
    known = [segment.id for segment in kind.segments]
    for block in review.blocks:
        commented = named_by_comment(block)
        named = commented or block.segment
        if named and _segment_id(named, kind) is None:
            whose = "the comment names" if commented else "front matter puts this paragraph in"
            raise ReviewError(
                f"{whose} segment '{named}', which a {kind.id} review does not have",
                code="unknown-segment",
                file=review.source,
                line=block.line,
                hint=did_you_mean(named, known),
            )


def _segment_id(name: str, kind: Kind) -> str | None:
    folded = name.casefold()
    return next((s.id for s in kind.segments if folded in (s.id, s.title.casefold())), None)


def _headings(review: Review, kind: Kind) -> dict[str, str]:
    """Block id → the heading that it is under, if that is not the title.

    Credits and ratings set as headings head nothing, but `Verdict: 8/10` within the text does;
    before all text it rates the whole.
    """
    found: dict[str, str] = {}
    heading: str | None = None
    begun = False
    for block in review.blocks:
        if block.kind == "heading":
            meta = why_meta(block)
            rated = meta == "a rating" and begun and named_segment(block.text, kind) is not None
            is_none = block.text == review.title or (meta is not None and not rated)
            heading = None if is_none else block.text
        elif heading is not None:
            found[block.id] = heading
        begun = begun or block.id.startswith("p")
    return found


def _passages(spoken: Sequence[Block], headings: dict[str, str], kind: Kind) -> list[_Passage]:
    by_sentence = len(spoken) <= _FEW_BLOCKS
    found: list[_Passage] = []
    for block in spoken:
        heading = headings.get(block.id)
        if block.segment is not None:
            forced = _segment_id(block.segment, kind)
        else:
            forced = named_segment(heading, kind) if heading is not None else None
        n = len(block.sentences)
        step = 1 if by_sentence and n >= _LONG_BLOCK and forced is None else n
        # A heading that names no segment still tells; small letters, since it may be In Title Case.
        before = () if heading is None else (heading[:1] + heading[1:].casefold(),)
        for first in range(0, n, step):
            weighed = evidence((*before, *block.sentences[first : first + step]), kind)
            found.append(_Passage(block, first, first + step, weighed, forced))
    return found


def _choose(passages: Sequence[_Passage], kind: Kind) -> list[Choice]:
    n = len(passages)
    weights = _weights(n)
    ids = [segment.id for segment in kind.segments]
    points: list[list[float]] = []
    stays: list[float] = []
    for at, passage in enumerate(passages):
        place = at / (n - 1) if n > 1 else 0.5
        row = emissions(passage.evidence.scores, place, kind, weights)
        if passage.forced is not None:
            row[ids.index(passage.forced)] += _FORCED
        points.append(row)
        same_block = at > 0 and passages[at - 1].block is passage.block
        stays.append(weights.stay_sentence if same_block else weights.stay)
    return best_path(points, stays, kind, weights)


def _weights(n_passages: int) -> Weights:
    # Of two paragraphs the last need not be a verdict: place tells little in a short review.
    full = Weights()
    share = min(1.0, n_passages / _FULL_LENGTH)
    return replace(
        full,
        position=full.position * share,
        opening=full.opening * share,
        closing=full.closing * share,
    )


def _placements(
    passages: Sequence[_Passage], choices: Sequence[Choice], kind: Kind
) -> list[Placement]:
    """One placement for each run of passages of one block in one segment."""
    found: list[Placement] = []
    at = 0
    while at < len(passages):
        end = at + 1
        while (
            end < len(passages)
            and passages[end].block is passages[at].block
            and choices[end].segment == choices[at].segment
        ):
            end += 1
        found.append(_placement(passages[at:end], choices[at:end], kind))
        at = end
    return found


def _placement(run: Sequence[_Passage], choices: Sequence[Choice], kind: Kind) -> Placement:
    block, first, last = run[0].block, run[0].first, run[-1].last
    whole = first == 0 and last == len(block.sentences)
    segment = kind.segments[choices[0].segment].id
    if run[0].forced is not None:
        reason = block.segment_by if block.segment is not None else "heading"
        return Placement(
            block, segment, reason or "comment", first=first, last=None if whole else last
        )
    least = min(choices, key=lambda choice: choice.margin)
    hits = sorted(
        (hit for passage in run for hit in passage.evidence.hits),
        key=lambda hit: (-abs(hit.score), hit.segment, hit.words),
    )
    has_other = len(kind.segments) > 1
    return Placement(
        block,
        segment,
        "cues",
        first=first,
        last=None if whole else last,
        cues=tuple(hits),
        runner_up=kind.segments[least.runner_up].id if has_other else None,
        margin=round(least.margin, 3) if has_other else 0.0,
        unsure=has_other and least.margin < DOUBTFUL_MARGIN,
    )
