"""A `Review` becomes an `Outline`: every block is placed in a segment or set aside."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Literal

from sayso.errors import ReviewError, did_you_mean
from sayso.model import Aside, Outline, Placement, Rating, Review, SegmentName
from sayso.review.kind import Kind, Kinds
from sayso.review.kind_guess import guess_kind
from sayso.review.non_spoken import is_title, left_out_reason, separate_non_spoken
from sayso.review.parsing import segment_of_comment
from sayso.review.placing import closing_segment, place_essay, segment_id
from sayso.review.rating import (
    agree,
    find_ratings,
    gives_rating,
    is_said,
    rating_of_block,
    rating_of_component,
    read_rating,
    split_heading,
    stated_rating,
)
from sayso.review.roundup import place_items
from sayso.review.sections import read_sections
from sayso.review.shape import ROUNDUP, ROUNDUP_NAMES, find_shape

KindReason = Literal["flag", "front matter", "show", "guess"]
_SHAPES = ("essay", "sectioned", ROUNDUP)


def outline(
    review: Review,
    kinds: Kinds,
    *,
    kind: str | None = None,
    kind_reason: KindReason = "flag",
    skip_spoilers: bool = False,
    best_rating: float | None = None,
) -> Outline:
    """Place every block of `review`: where its author says, else by cues, position and neighbours.

    `kind` names the kind of review, or `roundup` for one of several things, and `kind_reason` says
    where the name comes from. Without `kind`, the front matter names it, or it is guessed. With
    `skip_spoilers`, what the author hides is left out. `best_rating` is the scale of a rating in
    the front matter that is a number alone. Raises ReviewError for an unknown kind or segment.
    """
    if kind is None and review.kind is not None:
        kind, kind_reason = review.kind, "front matter"
    shape = _wanted_shape(review)
    if kind is not None and " ".join(kind.casefold().split()) in ROUNDUP_NAMES:
        kind, shape = None, ROUNDUP
    likely: str | None = None
    if kind is None:
        guess = guess_kind(review, kinds)
        kind, kind_reason = guess.used, "guess"
        likely = guess.kind if guess.kind != guess.used else None
    chosen = _find_kind(review, kinds, kind, kind_reason)
    _check_segments(review, chosen)
    spoken, asides = separate_non_spoken(review.blocks, review.title, skip_spoilers=skip_spoilers)
    sections = read_sections(review, {block.id for block in spoken}, chosen, silent=asides)
    found = find_shape(review, sections, kinds, shape)
    if found.shape == ROUNDUP:
        placements, names = place_items(sections, found.items, chosen)
    else:
        placements, names = place_essay(
            sections, chosen, review.title, whole=found.shape == "sectioned"
        )
    placements, asides = _say_ratings_once(placements, asides)
    asides |= _left_out_headings(review, placements, names, asides)
    placements += _rating_of_title(review, placements, closing_segment(chosen))
    rating, says_it = _rating(review, placements, chosen, found.shape, best_rating)
    return Outline(
        review=review,
        kind=chosen.id,
        kind_reason=kind_reason,
        names=names,
        placements=tuple(placements),
        asides=tuple(asides[b.id] for b in review.blocks if b.id in asides),
        likely_kind=likely,
        shape=found.shape,
        rating=rating,
        rating_is_said=says_it,
    )


def _wanted_shape(review: Review) -> str | None:
    """The shape that the front matter names."""
    if review.shape is None:
        return None
    folded = review.shape.casefold()
    if folded in ROUNDUP_NAMES:
        return ROUNDUP
    if folded not in _SHAPES:
        raise ReviewError(
            f"unknown shape '{review.shape}'",
            code="front-matter-value",
            file=review.source,
            hint=did_you_mean(folded, _SHAPES),
        )
    return folded


def _find_kind(review: Review, kinds: Kinds, named: str, reason: KindReason) -> Kind:
    kind = kinds.find(named)
    if kind is None:
        whose = ", named by show.toml" if reason == "show" else ""
        raise ReviewError(
            f"unknown kind of review '{named}'{whose}",
            code="unknown-kind",
            file=review.source if reason == "front matter" else None,
            hint=kinds.suggest(named),
        )
    return kind


def _check_segments(review: Review, kind: Kind) -> None:
    known = [segment.id for segment in kind.segments]
    for block in review.blocks:
        commented = segment_of_comment(block)
        named = commented or block.segment
        if named and segment_id(named, kind) is None:
            whose = "the comment names" if commented else "front matter puts this paragraph in"
            raise ReviewError(
                f"{whose} segment '{named}', which a {kind.id} review does not have",
                code="unknown-segment",
                file=review.source,
                line=block.line,
                hint=did_you_mean(named, known),
            )


def _left_out_headings(
    review: Review,
    placements: Iterable[Placement],
    names: Iterable[SegmentName],
    asides: dict[str, Aside],
) -> dict[str, Aside]:
    """The headings that nobody hears, with the reason: they title a chapter, or head nothing."""
    placed = {placement.block.id for placement in placements}
    titles = {name.heading for name in names}
    found: dict[str, Aside] = {}
    for block in review.blocks:
        if block.kind == "heading" and block.id not in placed and block.id not in asides:
            is_chapter = block.id in titles
            reason = "titles its chapter" if is_chapter else left_out_reason(block, review.title)
            found[block.id] = Aside(block, "title" if is_chapter else "left out", reason)
    return found


# ----------------------------------------------------------------------------------- the rating


def _say_ratings_once(
    placements: Sequence[Placement], asides: dict[str, Aside]
) -> tuple[list[Placement], dict[str, Aside]]:
    """Without the ratings of the whole that an equal one follows: head and foot often have both."""
    last: dict[tuple[str, float | None, float | None], Placement] = {}
    kept: list[Placement] = []
    asides = dict(asides)
    for placement in reversed(placements):
        rating = rating_of_block(placement.text) if placement.reason == "rating" else None
        if rating is not None and len(placement.block.sentences) == 1:
            key = (placement.segment, rating.value, rating.best)
            if rating.value is not None and key in last:
                repeated = last[key].block.id
                asides[placement.block.id] = Aside(
                    placement.block, "duplicate", f"repeats {repeated}"
                )
                continue
            last[key] = placement
        kept.append(placement)
    return kept[::-1], asides


def _rating_of_title(
    review: Review, placements: Sequence[Placement], closing: str
) -> Iterator[Placement]:
    """The rating in a heading that is the title, which the text does not say again."""
    for block in review.blocks:
        if block.kind == "heading" and is_title(block, review.title):
            rating = rating_of_block(block.sentences[-1]) if len(block.sentences) > 1 else None
            spoken = (sentence for placement in placements for sentence in placement.sentences)
            if rating is not None and not is_said(rating, spoken):
                yield Placement(block, closing, "rating", first=1)
            return


def _rating(
    review: Review, placements: Sequence[Placement], kind: Kind, shape: str, best: float | None
) -> tuple[Rating | None, bool]:
    """The rating of the whole, and whether the text says it: the front matter's, else the last."""
    closing = {segment.id for segment in kind.segments if segment.closes}
    of_whole = [p for p in placements if p.segment in closing or shape != ROUNDUP]
    given = [rating_of_block(p.text) for p in of_whole if p.reason == "rating"]
    if review.rating:
        rating = read_rating(review.rating, best)
        same = next((one for one in given if one and rating and agree(one, rating)), None)
        if same is not None:
            return same, True
        spoken = [
            sentence
            for placement in placements
            for sentence in placement.sentences
            if placement.segment in closing or gives_rating(sentence)
        ]
        return rating, rating is not None and is_said(rating, spoken)
    ratings = [rating for rating in given if rating is not None]
    prose = [p for p in of_whole if p.block.kind == "paragraph"]
    verdict = [s for p in prose if p.segment in closing for s in p.sentences]
    stated = stated_rating(verdict) or stated_rating(s for p in prose for s in p.sentences)
    if ratings or stated:
        return (ratings[-1] if ratings else stated), True
    shown = [
        rating_of_component(block.text)
        for block in review.blocks
        if block.kind in ("code", "embed")
    ]
    in_title = [found.rating for found in find_ratings(" ".join(split_heading(review.title)[1:]))]
    return next((one for one in (*shown, *in_title) if one is not None), None), False
