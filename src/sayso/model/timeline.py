"""Lines, and where everything lies in time: integer samples, the single truth."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from sayso.model.show import Voice


@dataclass(frozen=True, slots=True)
class WordMark:
    """When a word starts within its take."""

    word: str
    start_ms: int
    estimated: bool = False
    """True where the engine told no time, and the sound and the letters were asked instead."""


@dataclass(frozen=True, slots=True)
class Line:
    """One sentence to be voiced: as written, as said, by whom, and where it is from."""

    written: str
    spoken: str
    """What the engine gets, after lexicon and rules."""
    voice: Voice
    """With the engine and the engine's voice resolved; never `auto`."""
    item: int
    """Index into `Script.items` of the paragraph that it is part of."""
    origin: str | None = None
    """`p3.2`: sentence 2 of block p3 (from 1), where these are the review's words; else None."""


@dataclass(frozen=True, slots=True)
class SpokenLine:
    """A line in its place on the timeline."""

    line: Line
    """What is said, and by whom."""
    start: int
    """First sample of the voice."""
    n_samples: int
    """How long the voice lasts, in samples of the episode."""
    segment: str
    """The id of its chapter; what comes before the first heading belongs to that one."""
    take: str
    """Key of its take."""
    words: tuple[WordMark, ...] = ()
    """When its words start, in milliseconds from `start`."""

    @property
    def end(self) -> int:
        """The sample after the last one of the voice."""
        return self.start + self.n_samples


@dataclass(frozen=True, slots=True)
class Music:
    """A sting, sound effect or bed in its place on the timeline."""

    role: Literal["sting", "sound", "bed"]
    name: str
    sound: str
    """Key of the decoded sound."""
    start: int
    n_samples: int
    """For a bed, how long it plays (it loops); else the length of the sound."""
    gain_db: float = 0.0

    @property
    def end(self) -> int:
        """The sample after the last one."""
        return self.start + self.n_samples


@dataclass(frozen=True, slots=True)
class Chapter:
    """A segment as listeners see it."""

    id: str
    """As in the script: `## The cast {#cast}`."""
    title: str
    start: int
    """Its first sample."""
    end: int
    """The sample after its last one, where the next chapter begins."""


@dataclass(frozen=True, slots=True)
class Chunk:
    """What lies between two silences: the unit that is mixed, mastered, encoded and cached.

    Starts and ends on the MP3 frame grid; chunks follow one another without a gap and fill the
    timeline.
    """

    start: int
    end: int
    lines: tuple[int, ...]
    """Indices into `Timeline.lines`."""
    music: tuple[int, ...]
    """Indices into `Timeline.music`."""


@dataclass(frozen=True, slots=True)
class Timeline:
    """The single truth about time: where everything is, in samples."""

    sample_rate: int
    """Samples a second, of everything here."""
    n_samples: int
    """The length of the episode."""
    lines: tuple[SpokenLine, ...]
    """Every sentence, in order."""
    music: tuple[Music, ...]
    """Every sting, sound effect and bed, by its beginning."""
    chapters: tuple[Chapter, ...]
    """The segments that listeners see, in order."""
    chunks: tuple[Chunk, ...]
    """The whole, cut at silences."""

    def ms(self, sample: int) -> int:
        """A sample as milliseconds, rounded to the nearest."""
        return (sample * 1000 + self.sample_rate // 2) // self.sample_rate
