"""What a kind of review is: its segments, and the cues that tell them apart."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from sayso.errors import did_you_mean
from sayso.model import SegmentName
from sayso.review.cues import CueIndex


@dataclass(frozen=True, slots=True)
class Cue:
    """A phrase (see `cues`) and the points it gives."""

    phrase: str
    points: float


@dataclass(frozen=True, slots=True)
class Segment:
    """A segment as a kind file describes it."""

    id: str
    title: str
    spoken: str
    also: tuple[str, ...] = ()
    """Other names that a heading may have for it."""
    opens: bool = False
    """Whether it begins a review and is seldom come back to."""
    closes: bool = False
    """Whether it ends a review and seldom lets another follow."""
    position: tuple[tuple[float, float], ...] = ((0.0, 0.0), (1.0, 0.0))
    """Place in the review (0 start, 1 end) and points there; straight lines between."""
    cues: tuple[Cue, ...] = ()

    @property
    def name(self) -> SegmentName:
        """Id, title and spoken name."""
        return SegmentName(self.id, self.title, self.spoken)

    def points_at(self, place: float) -> float:
        """The position's points at `place`, from 0 to 1."""
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

    @property
    def names(self) -> tuple[SegmentName, ...]:
        """The names of all segments."""
        return tuple(segment.name for segment in self.segments)

    @cached_property
    def index(self) -> CueIndex[tuple[int, Cue]]:
        """The cues of all segments, each with its segment's number."""
        index: CueIndex[tuple[int, Cue]] = CueIndex()
        for number, segment in enumerate(self.segments):
            for cue in segment.cues:
                index.add(cue.phrase, (number, cue))
        return index


@dataclass(frozen=True)
class Kinds:
    """All kinds that are known."""

    by_id: Mapping[str, Kind] = field(default_factory=dict)

    def __iter__(self) -> Iterator[Kind]:
        return iter(self.by_id.values())

    def find(self, name: str) -> Kind | None:
        """The kind with this id or other name, in capitals or small letters."""
        folded = " ".join(name.casefold().split())
        if folded in self.by_id:
            return self.by_id[folded]
        return next((kind for kind in self if folded in kind.also), None)

    def suggest(self, name: str) -> str | None:
        """The mend for an unknown kind."""
        return did_you_mean(name, self.by_id)

    @cached_property
    def signs(self) -> CueIndex[tuple[str, Cue]]:
        """The signs of all kinds, each with its kind's id."""
        index: CueIndex[tuple[str, Cue]] = CueIndex()
        for kind in self:
            for cue in kind.signs:
                index.add(cue.phrase, (kind.id, cue))
        return index
