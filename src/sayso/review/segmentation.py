"""A `Review` becomes an `Outline`: every block is placed in a segment or set aside."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from typing import Literal

from sayso.errors import ReviewError, did_you_mean
from sayso.model import Block, Outline, Placement, Review
from sayso.review.cues import Evidence, rank_hits, weigh_cues
from sayso.review.kind import Kind, Kinds, guess_kind, segment_of_heading
from sayso.review.non_spoken import meta_reason, separate_non_spoken
from sayso.review.parsing import segment_of_comment
from sayso.review.viterbi import Choice, Weights, best_path, emissions

KindReason = Literal["flag", "front matter", "show", "guess"]

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
    """Place every block of `review`: where its author says, else by cues, position and neighbours.

    `kind` names the kind of review and `kind_reason` says where the name comes from. Without
    `kind`, the front matter names it, or it is guessed. Raises ReviewError for an unknown kind or
    segment.
    """
    chosen, reason = _choose_kind(review, kinds, kind, kind_reason)
    _check_segments(review, chosen)
    spoken, non_spoken = separate_non_spoken(review.blocks, review.title)
    passages = _cut_passages(spoken, _find_headings(review, chosen), chosen)
    choices = _choose_segments(passages, chosen)
    return Outline(
        review=review,
        kind=chosen.id,
        kind_reason=reason,
        names=chosen.names,
        placements=tuple(_join_placements(passages, choices, chosen)),
        asides=tuple(non_spoken[b.id] for b in review.blocks if b.id in non_spoken),
    )


def _choose_kind(
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
        commented = segment_of_comment(block)
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


def _find_headings(review: Review, kind: Kind) -> dict[str, str]:
    """Block id → the heading that the block is under, if that is not the title.

    Credits and ratings that are set as headings do not count. `Verdict: 8/10` does within the
    text, but not before all text, where it rates the whole.
    """
    found: dict[str, str] = {}
    heading: str | None = None
    begun = False
    for block in review.blocks:
        if block.kind == "heading":
            meta = meta_reason(block)
            rated = (
                meta == "a rating" and begun and segment_of_heading(block.text, kind) is not None
            )
            is_none = block.text == review.title or (meta is not None and not rated)
            heading = None if is_none else block.text
        elif heading is not None:
            found[block.id] = heading
        begun = begun or block.id.startswith("p")
    return found


def _cut_passages(spoken: Sequence[Block], headings: dict[str, str], kind: Kind) -> list[_Passage]:
    by_sentence = len(spoken) <= _FEW_BLOCKS
    ids = [segment.id for segment in kind.segments]
    found: list[_Passage] = []
    for block in spoken:
        heading = headings.get(block.id)
        if block.segment is not None:
            forced = _segment_id(block.segment, kind)
        else:
            forced = segment_of_heading(heading, kind) if heading is not None else None
        n = len(block.sentences)
        step = 1 if by_sentence and n >= _LONG_BLOCK and forced is None else n
        # Other headings may hold cues; in lower case, since they may be In Title Case.
        before = () if heading is None else (heading[:1] + heading[1:].casefold(),)
        for first in range(0, n, step):
            sentences = (*before, *block.sentences[first : first + step])
            weighed = weigh_cues(sentences, ids, kind.index)
            found.append(_Passage(block, first, first + step, weighed, forced))
    return found


def _choose_segments(passages: Sequence[_Passage], kind: Kind) -> list[Choice]:
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
    # The last of two paragraphs need not be a verdict: in a short review, place says little.
    full = Weights()
    share = min(1.0, n_passages / _FULL_LENGTH)
    return replace(
        full,
        position=full.position * share,
        opening=full.opening * share,
        closing=full.closing * share,
    )


def _join_placements(
    passages: Sequence[_Passage], choices: Sequence[Choice], kind: Kind
) -> Iterator[Placement]:
    """One placement for each run of passages of one block in one segment."""
    pairs = zip(passages, choices, strict=True)
    for _, run in groupby(pairs, key=lambda pair: (pair[0].block.id, pair[1].segment)):
        run_passages, run_choices = zip(*run, strict=True)
        yield _place_run(run_passages, run_choices, kind)


def _place_run(run: Sequence[_Passage], choices: Sequence[Choice], kind: Kind) -> Placement:
    block, last = run[0].block, run[-1].last
    is_whole = run[0].first == 0 and last == len(block.sentences)
    placement = Placement(
        block,
        kind.segments[choices[0].segment].id,
        "cues",
        first=run[0].first,
        last=None if is_whole else last,
    )
    if run[0].forced is not None:
        reason = block.segment_by if block.segment is not None else "heading"
        return replace(placement, reason=reason or "comment")
    placement = replace(placement, cues=rank_hits(h for p in run for h in p.evidence.hits))
    if len(kind.segments) == 1:
        return placement
    least = min(choices, key=lambda choice: choice.margin)
    return replace(
        placement,
        runner_up=kind.segments[least.runner_up].id,
        margin=round(least.margin, 3),
        unsure=least.margin < UNSURE_MARGIN,
    )


# ------------------------------------------------------------------- why a sentence is where it is


def placements_by_sentence(outline: Outline) -> dict[str, Placement]:
    """Where each sentence was placed, by its id: `p3.2` is sentence 2 of block p3."""
    return {
        f"{placement.block.id}.{number}": placement
        for placement in outline.placements
        for number, _ in enumerate(placement.sentences, placement.first + 1)
    }


def cue_words(placement: Placement) -> tuple[str, ...]:
    """The words that counted for the segment, each once, strongest first."""
    return tuple(
        dict.fromkeys(cue.words for cue in placement.cues if cue.segment == placement.segment)
    )


def explain_placement(placement: Placement, outline: Outline) -> str:
    """Why a paragraph is in its segment, in one line for the author."""
    names = {name.id: name.title for name in outline.names}
    if placement.reason != "cues":
        return f"because of your {placement.reason}"
    because = ", ".join(f"“{words}”" for words in cue_words(placement))
    because = because or "its place in the review"
    if placement.runner_up is None:
        return because
    rival = names.get(placement.runner_up, placement.runner_up)
    return f"{because}; next best: {rival}, {placement.margin:.1f} behind"
