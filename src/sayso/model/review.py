"""A review as read, and its outline: which sentence belongs to which segment."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

BlockKind = Literal[
    "paragraph",
    "item",
    "quote",
    "verse",
    "heading",
    "note",
    "caption",
    "table",
    "code",
    "embed",
    "html",
    "break",
]
"""A `verse` is lines of a poem or song, a `note` a footnote, an `embed` a player, post or gallery,
a `break` a rule between two parts, which has no text."""


Shape = Literal["essay", "sectioned", "roundup"]
"""How a review is built: prose that cues divide; sections under headings of their own; or several
things one after the other, each under its name."""


@dataclass(frozen=True, slots=True)
class Link:
    """A link in the text of a review."""

    text: str
    url: str


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
    """`text` cut at sentence ends; joined with single spaces they give `text` again. Those of a
    verse are its lines; those of a heading its name and, if it ends in one, a rating."""
    segment: str | None = None
    """The segment that the author put it in, if any."""
    segment_by: Literal["heading", "comment", "front matter"] | None = None
    """How the author did so."""
    level: int = 0
    """1 to 6 for a heading; 0 for a bold-only line that acts as one, and for all else."""
    group: int = 0
    """The outermost list, quote, callout or disclosure that it is in, by number; 0 for none. The
    parts of a paragraph that holds a spoiler have the same number below 0."""
    depth: int = 0
    """How many lists an item is in, from 1; 0 outside of lists."""
    number: int | None = None
    """The number of an item of an ordered list; only its first block has it."""
    spoiler: bool = False
    """Whether its author hides it from those who do not want to know."""
    links: tuple[Link, ...] = ()


@dataclass(frozen=True, slots=True)
class Rating:
    """The score that a review gives."""

    text: str
    """As it is written: `8/10`, `★★★★☆`, `B+`, `Recommended`."""
    value: float | None = None
    """None for a rating in words or letters."""
    best: float | None = None
    """The highest value of its scale; None where the review does not say."""


@dataclass(frozen=True, slots=True)
class ReviewNote:
    """Something at the head of a review that was set aside rather than understood."""

    line: int
    problem: str
    hint: str


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
    shape: str | None = None
    """The shape that the author named."""
    summary: str | None = None
    link: str | None = None
    """Where the review can be read."""
    extra: tuple[tuple[str, str], ...] = ()
    """What else the front matter holds, as text, for templates."""
    notes: tuple[ReviewNote, ...] = ()
    """What of the front matter was set aside."""


@dataclass(frozen=True, slots=True)
class CueHit:
    """A cue that fired in a paragraph: the words found and what they add to a segment's score."""

    segment: str
    words: str
    score: float


Reason = Literal["cues", "heading", "comment", "front matter", "rating", "shape", "warning"]
"""Why something is in its segment: what was found in it, what its author said, or what it is."""


@dataclass(frozen=True, slots=True)
class Placement:
    """A run of sentences of one block, and the segment it belongs to."""

    block: Block
    segment: str
    reason: Reason
    first: int = 0
    """Index of the first sentence, from 0."""
    last: int | None = None
    """Index after the last sentence; None for all."""
    cues: tuple[CueHit, ...] = ()
    runner_up: str | None = None
    margin: float = 0.0
    """How far the segment's score lies above the runner-up's."""
    unsure: bool = False

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
    bucket: Literal["meta", "duplicate", "title", "left out"]
    """A `title` is a heading that is the title of its chapter."""
    reason: str


@dataclass(frozen=True, slots=True)
class SegmentName:
    """What a segment is called: its id, its chapter title, and its name in a sentence."""

    id: str
    title: str
    spoken: str
    heading: str | None = None
    """The id of the author's heading that the title is."""


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
    likely_kind: str | None = None
    """The kind that it may well be of, where no kind was sure enough to be gone by."""
    shape: Shape = "essay"
    rating: Rating | None = None
    """What the review gives in the end, in its text or else in its front matter."""
    rating_is_said: bool = False
    """Whether a sentence of the review that is placed says it."""
