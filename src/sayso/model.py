"""What the rooms hand to one another: frozen, typed, with units in the names.

Imports nothing of ours. Text is `str`; samples are counted per channel; times in a `Timeline` are
integer samples at the episode's rate, and everything that shows a time is computed from them.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

# --------------------------------------------------------------------------------------- review

BlockKind = Literal["paragraph", "item", "quote", "heading", "caption", "table", "code", "html"]


@dataclass(frozen=True, slots=True)
class Block:
    """One block of the review, in reading order."""

    id: str
    """`p1`, `p2` … for text that can be spoken; `h1` … headings, `x1` … everything else."""
    kind: BlockKind
    text: str
    """Plain text as a reader sees it: inline markup removed, white space collapsed."""
    line: int
    """The line of the source that it starts on, from 1."""
    sentences: tuple[str, ...] = ()
    """`text` cut at sentence ends; joined with single spaces they give `text` again."""
    segment: str | None = None
    """The segment that the author put it in, if any."""
    segment_by: Literal["heading", "comment", "front matter"] | None = None
    """How the author did so."""


@dataclass(frozen=True, slots=True)
class Review:
    """A review as read: what it is about, and its blocks."""

    source: Path | None
    title: str
    blocks: tuple[Block, ...]
    subject: str | None = None
    """The thing reviewed, where it differs from the title."""
    author: str | None = None
    rating: str | None = None
    date: str | None = None
    """ISO 8601, as the author wrote it."""
    kind: str | None = None
    """The kind of review that the author named: `tv`, `film`, …"""
    language: str | None = None
    summary: str | None = None
    link: str | None = None
    """Where the review can be read."""
    extra: tuple[tuple[str, str], ...] = ()
    """What else the front matter holds, as text, for templates."""


@dataclass(frozen=True, slots=True)
class CueHit:
    """A cue that fired in a paragraph: the words found and what they add to a segment's score."""

    segment: str
    words: str
    score: float


@dataclass(frozen=True, slots=True)
class Placement:
    """A run of sentences of one block, and the segment it belongs to."""

    block: Block
    segment: str
    reason: Literal["cues", "heading", "comment", "front matter"]
    first: int = 0
    """Index of the first sentence, from 0."""
    last: int | None = None
    """Index after the last sentence; None for all."""
    cues: tuple[CueHit, ...] = ()
    runner_up: str | None = None
    margin: float = 0.0
    """How far the segment's score lies above the runner-up's."""
    doubtful: bool = False

    @property
    def sentences(self) -> tuple[str, ...]:
        """The sentences placed here."""
        return self.block.sentences[self.first : self.last]

    @property
    def text(self) -> str:
        """The sentences as one paragraph."""
        return " ".join(self.sentences)

    @property
    def origin(self) -> str:
        """`p3` for a whole block, `p3:2-5` for its sentences 2 to 5 (from 1, inclusive)."""
        end = len(self.block.sentences) if self.last is None else self.last
        if self.first == 0 and end == len(self.block.sentences):
            return self.block.id
        start = self.first + 1
        return f"{self.block.id}:{start}" if start == end else f"{self.block.id}:{start}-{end}"


@dataclass(frozen=True, slots=True)
class Aside:
    """A block that is not spoken, and why."""

    block: Block
    bucket: Literal["meta", "duplicate", "left out"]
    reason: str


@dataclass(frozen=True, slots=True)
class SegmentName:
    """What a segment is called: its id, its chapter title, and its name in a sentence."""

    id: str
    title: str
    spoken: str


@dataclass(frozen=True, slots=True)
class Outline:
    """A review with every block placed in a segment or set aside."""

    review: Review
    kind: str
    kind_reason: Literal["flag", "front matter", "show", "guess"]
    names: tuple[SegmentName, ...]
    """All segments of this kind of review, in the order that an episode has them."""
    placements: tuple[Placement, ...]
    """In the review's own order."""
    asides: tuple[Aside, ...]


# --------------------------------------------------------------------------------------- script


@dataclass(frozen=True, slots=True)
class Text:
    """Words said as they are written."""

    text: str


@dataclass(frozen=True, slots=True)
class Say:
    """Words said otherwise than written: by a respelling, or by IPA where the engine takes it."""

    text: str
    say: str | None = None
    ipa: str | None = None


@dataclass(frozen=True, slots=True)
class Emphasis:
    """Words with stress."""

    text: str


Span = Text | Say | Emphasis


@dataclass(frozen=True, slots=True)
class SegmentHead:
    """`## Title {#id voice=… sting=… bed=…}`: opens a segment, which is a chapter."""

    title: str
    id: str
    voice: str | None = None
    sting: str | None = None
    bed: str | None = None
    line: int = field(default=0, compare=False)
    source: str = field(default="", compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph of speech."""

    spans: tuple[Span, ...]
    voice: str | None = None
    origin: str | None = None
    """Where in the review it came from: `p3`, `p3:2-5`; None for the template's or editor's own."""
    line: int = field(default=0, compare=False)
    source: str = field(default="", compare=False, repr=False)

    @property
    def text(self) -> str:
        """The written words, without markup."""
        return "".join(span.text for span in self.spans)


@dataclass(frozen=True, slots=True)
class Pause:
    """`{pause 0.6s}`."""

    pause_ms: int
    line: int = field(default=0, compare=False)
    source: str = field(default="", compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class StingCue:
    """`{sting NAME}`: a piece of music of the show, by name."""

    name: str
    line: int = field(default=0, compare=False)
    source: str = field(default="", compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class SoundCue:
    """`{sound FILE}`: a sound file of the show folder."""

    file: str
    line: int = field(default=0, compare=False)
    source: str = field(default="", compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class BedCue:
    """`{bed NAME}` starts music under the speech; `{bed off}` (name None) ends it."""

    name: str | None
    line: int = field(default=0, compare=False)
    source: str = field(default="", compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Comment:
    """`<!-- … -->`: a note between paragraphs, never spoken."""

    text: str
    line: int = field(default=0, compare=False)
    source: str = field(default="", compare=False, repr=False)


Item = SegmentHead | Paragraph | Pause | StingCue | SoundCue | BedCue | Comment


@dataclass(frozen=True, slots=True)
class Script:
    """An episode script: front matter and items, in order.

    `source` fields keep the exact text that an item was parsed from, so that printing gives the
    file back byte for byte; they take no part in comparison.
    """

    meta: tuple[tuple[str, str], ...]
    items: tuple[Item, ...]
    path: Path | None = field(default=None, compare=False)
    head_source: str = field(default="", compare=False, repr=False)

    def get(self, key: str) -> str | None:
        """The front-matter value of `key`, or None."""
        return next((value for name, value in self.meta if name == key), None)


# ----------------------------------------------------------------------------------------- show


@dataclass(frozen=True, slots=True)
class Voice:
    """A member of the cast: `[voices.NAME]` of show.toml."""

    name: str
    engine: str = "auto"
    voice: str | None = None
    """The engine's id for the voice; None for the engine's best."""
    speed: float = 1.0
    """1.0 is the engine's natural pace; 1.2 is a fifth faster."""
    gain_db: float = 0.0
    speaker: str | None = None
    """The name that transcripts show; None for the cast name."""


@dataclass(frozen=True, slots=True)
class Sound:
    """A sting or bed: `[sounds.NAME]` of show.toml."""

    name: str
    file: str
    """Relative to the show folder, or to the starter show where it has no such file."""
    gain_db: float = 0.0
    overlap_ms: int = 0
    """How much of its tail may lie under the speech that follows."""


@dataclass(frozen=True, slots=True)
class Pauses:
    """Silence that sayso puts between lines, in milliseconds."""

    sentence_ms: int = 280
    paragraph_ms: int = 620
    segment_ms: int = 900


@dataclass(frozen=True, slots=True)
class AudioSettings:
    """How the episode is mastered and encoded."""

    sample_rate: int = 44_100
    n_channels: int = 2
    bitrate_kbps: int = 128
    target_lufs: float = -16.0


@dataclass(frozen=True, slots=True)
class Show:
    """The settings of a show, with every default filled in."""

    root: Path
    """The folder that paths are relative to, and that `episodes/` is written in."""
    title: str
    author: str | None = None
    description: str | None = None
    language: str = "en-US"
    cover: str | None = None
    template: str | None = None
    """The template for every episode; None for the one named after the kind of review."""
    kind: str | None = None
    order: Literal["template", "source"] = "template"
    voices: tuple[Voice, ...] = (Voice("host"),)
    sounds: tuple[Sound, ...] = ()
    pauses: Pauses = Pauses()
    audio: AudioSettings = AudioSettings()
    path: Path | None = None
    """show.toml itself; None for the built-in show."""


# --------------------------------------------------------------------------------------- speech


@dataclass(frozen=True, slots=True)
class WordMark:
    """When a word starts within its take."""

    word: str
    start_ms: int


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


# ------------------------------------------------------------------------------------- timeline


@dataclass(frozen=True, slots=True)
class SpokenLine:
    """A line in its place on the timeline."""

    line: Line
    start: int
    """First sample of the voice."""
    n_samples: int
    segment: str
    take: str
    """Key of its take."""
    words: tuple[WordMark, ...] = ()

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
    title: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Stretch:
    """What lies between two silences: the unit that is mixed, mastered, encoded and cached.

    Starts and ends on the MP3 frame grid; stretches follow one another without a gap and fill the
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
    n_samples: int
    lines: tuple[SpokenLine, ...]
    music: tuple[Music, ...]
    chapters: tuple[Chapter, ...]
    stretches: tuple[Stretch, ...]

    def ms(self, sample: int) -> int:
        """A sample as milliseconds, rounded to the nearest."""
        return (sample * 1000 + self.sample_rate // 2) // self.sample_rate
