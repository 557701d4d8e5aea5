"""A script: what an author edits, as items in order."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path


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
