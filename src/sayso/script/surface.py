"""What a template sees: plain text and numbers, nothing that can do anything.

Templates may come from strangers, so they get these copies and never the objects of the program.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

from sayso.model import Outline, Placement, Review, Show
from sayso.script.inline import escape, escape_start

WORDS_PER_MINUTE = 150
"""Pace of a read review with its pauses; only used to say `about four minutes`."""


class Markup(str):
    """Text that is already script markup and is not escaped again."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class ShowSurface:
    """`show` in a template."""

    title: str
    author: str | None
    description: str | None
    language: str


@dataclass(frozen=True, slots=True)
class EpisodeSurface:
    """`episode` in a template."""

    title: str
    minutes: int
    """How long the episode will take, in whole minutes, at least 1."""


@dataclass(frozen=True, slots=True)
class ReviewSurface:
    """`review` in a template. What the review does not say is None."""

    title: str
    subject: str
    """The thing reviewed; the title where the review names none."""
    kind: str
    author: str | None
    rating: str | None
    date: str | None
    summary: str | None
    link: str | None
    words: int
    extra: Mapping[str, str]
    """Other keys of the front matter."""


@dataclass(frozen=True, slots=True)
class SegmentSurface:
    """One of `segments` in a template, and `segment` inside a segment or rest tag."""

    id: str
    title: str
    spoken: str
    """The segment's name within a sentence: `the cast`."""
    number: int
    """Its place among the segments present, or within a rest tag among those, from 1."""
    words: int


@dataclass(frozen=True, slots=True)
class VoiceSurface:
    """One of `voices` in a template."""

    name: str
    speaker: str


def show_surface(show: Show) -> ShowSurface:
    """`show` for a template."""
    return ShowSurface(show.title, show.author, show.description, show.language)


def review_surface(outline: Outline) -> ReviewSurface:
    """`review` for a template."""
    review = outline.review
    return ReviewSurface(
        title=review.title,
        subject=review.subject or review.title,
        kind=outline.kind,
        author=review.author,
        rating=review.rating,
        date=review.date,
        summary=review.summary,
        link=review.link,
        words=n_words(outline),
        extra=dict(review.extra),
    )


def episode_surface(outline: Outline) -> EpisodeSurface:
    """`episode` for a template."""
    return EpisodeSurface(
        episode_title(outline.review), max(1, math.ceil(n_words(outline) / WORDS_PER_MINUTE))
    )


def segment_surfaces(outline: Outline) -> tuple[SegmentSurface, ...]:
    """`segments` for a template: those that the review has, in the episode's order."""
    present: list[SegmentSurface] = []
    for name in outline.names:
        words = sum(len(p.text.split()) for p in outline.placements if p.segment == name.id)
        if words:
            present.append(
                SegmentSurface(name.id, name.title, name.spoken, len(present) + 1, words)
            )
    return tuple(present)


def voice_surfaces(show: Show) -> tuple[VoiceSurface, ...]:
    """`voices` for a template."""
    return tuple(VoiceSurface(voice.name, voice.speaker or voice.name) for voice in show.voices)


def episode_title(review: Review) -> str:
    """The title of the episode: the review's."""
    return review.title


def n_words(outline: Outline) -> int:
    """Words of the review that are spoken."""
    return sum(len(placement.text.split()) for placement in outline.placements)


def paragraph_markup(placement: Placement) -> str:
    """A placed paragraph as script text, with its provenance."""
    return f"{escape_start(escape(placement.text))} {{from={placement.origin}}}"
