"""What a kind of review is, and which segment a heading names."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TypeVar

from sayso.errors import did_you_mean
from sayso.model import SegmentName
from sayso.review.cues import Cue, CueIndex

_Owner = TypeVar("_Owner")


@dataclass(frozen=True, slots=True)
class Segment:
    """A segment as a kind file describes it."""

    id: str
    title: str
    spoken: str
    also: tuple[str, ...] = ()
    """Other names that a heading may have for it."""
    opens: bool = False
    """Whether it begins a review, and reviews seldom return to it."""
    closes: bool = False
    """Whether it ends a review, and another segment seldom follows."""
    position: tuple[tuple[float, float], ...] = ((0.0, 0.0), (1.0, 0.0))
    """Place in the review (0 start, 1 end) and points there; straight lines between."""
    cues: tuple[Cue, ...] = ()

    @property
    def name(self) -> SegmentName:
        """Id, title and spoken name."""
        return SegmentName(self.id, self.title, self.spoken)

    def points_at(self, place: float) -> float:
        """The points for a passage at `place`, from 0 (start) to 1 (end)."""
        before = self.position[0]
        for point in self.position:
            if place <= point[0]:
                width = point[0] - before[0]
                share = (place - before[0]) / width if width > 0 else 1.0
                return before[1] + (point[1] - before[1]) * share
            before = point
        return before[1]


@dataclass(frozen=True)
class Kind:
    """A kind of review. `segments` are in the order that an episode has them."""

    id: str
    title: str
    segments: tuple[Segment, ...]
    also: tuple[str, ...] = ()
    """Other names that front matter may have for it."""
    signs: tuple[Cue, ...] = ()
    """Cues that tell this kind from the others."""
    things: tuple[str, ...] = ()
    """What its reviews call the thing that they are about: `book`, as in `this book`."""
    titles: tuple[Cue, ...] = ()
    """Cues that tell it in the title alone: `by <Name> <Name>`."""
    sites: tuple[str, ...] = ()
    """Hosts that reviews of this kind link to: `imdb.com`, `tripadvisor.*`."""
    fields: tuple[str, ...] = ()
    """Keys of front matter that only this kind has: `isbn`."""

    @property
    def names(self) -> tuple[SegmentName, ...]:
        """The names of all segments."""
        return tuple(segment.name for segment in self.segments)

    @cached_property
    def headings(self) -> Mapping[str, str]:
        """What headings may call each segment, as `_normalize_name` leaves it, and its id."""
        names: dict[str, str] = {}
        for segment in self.segments:
            for name in (segment.id, segment.title, segment.spoken, *segment.also):
                names.setdefault(_normalize_name(name), segment.id)
        return names

    @cached_property
    def index(self) -> CueIndex[tuple[int, Cue]]:
        """The cues of all segments, each with its segment's number."""
        return _index((n, (*s.cues, *_announcements(s))) for n, s in enumerate(self.segments))


@dataclass(frozen=True)
class Kinds:
    """All kinds that are known."""

    by_id: Mapping[str, Kind] = field(default_factory=dict)

    def __iter__(self) -> Iterator[Kind]:
        return iter(self.by_id.values())

    def find(self, name: str) -> Kind | None:
        """The kind with this id or other name, in any case; None if there is none."""
        folded = " ".join(name.casefold().split())
        if folded in self.by_id:
            return self.by_id[folded]
        return next((kind for kind in self if folded in kind.also), None)

    def suggest(self, name: str) -> str | None:
        """The hint for an unknown kind."""
        return did_you_mean(name, self.by_id)

    @cached_property
    def signs(self) -> CueIndex[tuple[str, Cue]]:
        """The signs of all kinds, each with its kind's id."""
        return _index((kind.id, kind.signs) for kind in self)

    @cached_property
    def title_signs(self) -> CueIndex[tuple[str, Cue]]:
        """What tells kinds in a title alone."""
        return _index((kind.id, kind.titles) for kind in self)

    @cached_property
    def pointers(self) -> CueIndex[tuple[str, Cue]]:
        """How a review points at what it is about: `this book`, `the book`."""
        return _index((kind.id, _pointing(kind)) for kind in self)


_ANNOUNCED = 10.0
"""Points for a segment that a passage announces by name: as many as two or three strong cues."""


def _announcements(segment: Segment) -> Iterator[Cue]:
    """The names of a segment, as cues. A review seldom announces how it opens."""
    if segment.opens:
        return
    names = (segment.id, segment.title, segment.spoken, *segment.also)
    for name in sorted({_normalize_name(name) for name in names}):
        if name and not any(character.isdigit() for character in name):
            yield Cue(name, _ANNOUNCED, announces=True)
            yield Cue(f"{name}wise", _ANNOUNCED, announces=True)


_POINTING = {"this": 6.0, "these": 6.0, "the": 2.0}
"""Points for a thing after a word that points at it."""


def _pointing(kind: Kind) -> tuple[Cue, ...]:
    return tuple(
        Cue(f"{w} {thing}", points) for thing in kind.things for w, points in _POINTING.items()
    )


def _index(cues: Iterable[tuple[_Owner, Sequence[Cue]]]) -> CueIndex[tuple[_Owner, Cue]]:
    index: CueIndex[tuple[_Owner, Cue]] = CueIndex()
    for owner, owned in cues:
        for cue in owned:
            index.add(cue.phrase, (owner, cue))
    return index


_LEAD = re.compile(r"^(?:the|a|an|our|my|its|on|about|part \d+|chapter \d+|\d+[.):]?)\s+")
_PARTS = re.compile(r"\s*(?:\(|:|/|\||\s[–—-]\s|\bvs\b)\s*")
_JOINED = re.compile(r"\s*(?:&|,|\+|\band\b)\s*")


def segment_of_heading(heading: str, kind: Kind) -> str | None:
    """The segment that a heading names: by id, title, spoken name or one of its other names.

    Case, articles and punctuation do not count. In a heading of several parts, such as 'Old faces:
    the cast', the first part that names a segment counts; of parts that are joined, as in 'Story
    and setting', the first one: 'Devil and the details' is a name.
    """
    names = kind.headings
    text = heading.casefold().replace("’", "'")
    parts = _PARTS.split(text)
    for part in (text, *parts, *(_JOINED.split(part)[0] for part in parts)):
        normalized = _normalize_name(part)
        if normalized and normalized in names:
            return names[normalized]
    return None


def segments_of_heading(heading: str, kind: Kind) -> frozenset[str]:
    """All segments that the parts of a heading name: two of 'Story and cast'."""
    parts = _PARTS.split(heading.casefold().replace("’", "'"))
    pieces = (piece for part in parts for piece in _JOINED.split(part))
    named = (kind.headings.get(_normalize_name(piece)) for piece in pieces)
    return frozenset(segment for segment in named if segment is not None)


def _normalize_name(text: str) -> str:
    words = " ".join(re.findall(r"[\w']+", text.casefold().replace("-", " ")))
    while (shorter := _LEAD.sub("", words)) != words:
        words = shorter
    return words
