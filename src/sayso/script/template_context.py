"""What a template sees: plain text and numbers, which cannot do anything.

Templates may come from strangers, so they get these copies and never the objects of the program.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from sayso.errors import TemplateError
from sayso.model import Outline, Placement, Show
from sayso.review.titles import subject_of
from sayso.script.inline import escape, escape_start

INTRO, VERDICT = "intro", "verdict"
"""The ids of the first and the last segment of every kind of review."""

WORDS_PER_MINUTE = 150
"""The pace of a spoken review with its pauses; only used to say `about four minutes`."""

SPOILERS_AHEAD, SPOILERS_OVER = "Spoilers ahead.", "No more spoilers."
"""Around what the author hides, where the show has it read."""


class Markup(str):
    """Text that is already script markup and is not escaped again."""

    __slots__ = ()


class Words:
    """`text` in a template: the paragraphs of a segment, which it must print once and unchanged."""

    __slots__ = ("_markup", "_plain", "_printed", "_segment")

    def __init__(self, segment: str, placements: Sequence[Placement]) -> None:
        paragraphs = paragraphs_markup(placements)
        self._markup = "\n\n" + "\n\n".join(paragraphs) + "\n\n" if paragraphs else ""
        self._plain = "\n\n".join(placement.text for placement in placements)
        self._printed = False
        self._segment = segment

    def __bool__(self) -> bool:
        return bool(self._plain)

    def __len__(self) -> int:
        return len(self._plain)

    def __contains__(self, words: object) -> bool:
        return str(words) in self._plain

    def __str__(self) -> str:
        raise TemplateError(
            "this would change the words of the review",
            code="lost-words",
            hint="print {{ text }} as it is",
        )


def plain_words(words: Words) -> str:
    """The words without any markup. Templates cannot call this."""
    return words._plain


def print_words(words: Words) -> Markup:
    """What `{{ text }}` prints. Raises TemplateError the second time."""
    if words._printed:
        raise TemplateError(
            f"the text of segment {words._segment!r} is printed twice",
            code="lost-words",
            hint="print {{ text }} once in each segment",
        )
    words._printed = True
    return Markup(words._markup)


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
    """The length of the episode in whole minutes, at least 1."""


@dataclass(frozen=True, slots=True)
class ReviewSurface:
    """`review` in a template. Fields that the review does not give are None."""

    title: str
    subject: str
    """The thing reviewed; where the review does not name it, what its title says of it."""
    kind: str
    author: str | None
    rating: str | None
    """What the front matter or the text gives, with its scale where that is known."""
    rating_is_said: bool
    """Whether the text of the review gives it."""
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
    """Its place in the episode: the introduction 0, then from 1."""
    words: int
    leans: bool = False
    """Whether its text opens with `But`, `Yet`, `However` …, and is better without a lead-in."""


@dataclass(frozen=True, slots=True)
class VoiceSurface:
    """One of `voices` in a template."""

    name: str
    speaker: str


def show_surface(show: Show) -> ShowSurface:
    """`show` for a template."""
    return ShowSurface(show.title, show.author, show.description, show.language)


def review_surface(outline: Outline, show: Show) -> ReviewSurface:
    """`review` for a template."""
    review = outline.review
    return ReviewSurface(
        title=review.title,
        subject=subject_of(review, (show.title, show.author)),
        kind=outline.kind,
        author=review.author,
        rating=outline.rating.text if outline.rating else review.rating,
        rating_is_said=outline.rating_is_said,
        date=review.date,
        summary=review.summary,
        link=review.link,
        words=n_words(outline),
        extra=dict(review.extra),
    )


def episode_surface(outline: Outline) -> EpisodeSurface:
    """`episode` for a template."""
    return EpisodeSurface(
        outline.review.title, max(1, math.ceil(n_words(outline) / WORDS_PER_MINUTE))
    )


def segment_surfaces(outline: Outline) -> list[SegmentSurface]:
    """`segments` for a template: those that the review has, in the order of its kind."""
    present: list[SegmentSurface] = []
    for name in outline.names:
        words = sum(len(p.text.split()) for p in outline.placements if p.segment == name.id)
        if words:
            present.append(SegmentSurface(name.id, name.title, name.spoken, 0, words))
    return numbered(present)


def numbered(segments: Iterable[SegmentSurface]) -> list[SegmentSurface]:
    """The segments with their numbers: from 1, or from 0 if the introduction comes first."""
    found = list(segments)
    start = 0 if found and found[0].id == INTRO else 1
    return [replace(segment, number=number) for number, segment in enumerate(found, start)]


def voice_surfaces(show: Show) -> tuple[VoiceSurface, ...]:
    """`voices` for a template."""
    return tuple(VoiceSurface(voice.name, voice.speaker or voice.name) for voice in show.voices)


def n_words(outline: Outline) -> int:
    """Words of the review that are spoken."""
    return sum(len(placement.text.split()) for placement in outline.placements)


def paragraphs_markup(placements: Sequence[Placement]) -> list[str]:
    """Placed paragraphs as script text, with a word of warning before and after spoilers."""
    found: list[str] = []
    hidden = False
    for placement in placements:
        if placement.block.spoiler != hidden:
            hidden = placement.block.spoiler
            found.append(SPOILERS_AHEAD if hidden else SPOILERS_OVER)
        found += map(paragraph_markup, _lines(placement))
    return [*found, SPOILERS_OVER] if hidden else found


def _lines(placement: Placement) -> Iterable[Placement]:
    """A placed verse line by line, since each is heard as one; anything else as it is."""
    if placement.block.kind != "verse":
        return [placement]
    end = len(placement.block.sentences) if placement.last is None else placement.last
    return [replace(placement, first=at, last=at + 1) for at in range(placement.first, end)]


def paragraph_markup(placement: Placement) -> str:
    """A placed paragraph as script text, with its provenance."""
    return f"{escape_start(escape(placement.text))} {{from={placement.origin}}}"
