"""What the page shows, as plain data: everything is decided before a template sees it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from sayso.speech.spoken import Step


@dataclass(frozen=True, slots=True)
class Remark:
    """A warning or an error, and how to mend it."""

    level: Literal["error", "warning"]
    problem: str
    hint: str | None = None
    place: str | None = None
    """`scripts/tv.md.j2:12`: where it is, unless it stands beside its line."""
    code: str | None = None
    """What it is, as docs/errors.md explains it."""


@dataclass(frozen=True, slots=True)
class Choice:
    """One option of a menu."""

    value: str
    name: str
    chosen: bool = False


@dataclass(frozen=True, slots=True)
class NameToSay:
    """A name in a sentence, and how the lexicon says it; empty where nothing says it yet."""

    name: str
    say: str = ""
    ipa: str = ""


@dataclass(frozen=True, slots=True)
class LineView:
    """A sentence."""

    id: str
    """Of its element: as long as its place in the paragraph stays, so does the id."""
    written: str
    spoken: str | None
    """What the voice is handed, where that is not what is written."""
    steps: tuple[Step, ...]
    names: tuple[NameToSay, ...]
    """Names in it that the lexicon has, or that a voice may stumble on."""
    take: str
    """Key of its take: `takes/KEY.wav`."""
    voiced: bool
    """Whether that can be played by now."""
    start_ms: int | None
    """Its place in the sound, once that is laid out."""
    end_ms: int | None
    origin: str | None
    """`p3.2`: the review's sentence that it is; None where it was edited or is the template's."""


@dataclass(frozen=True, slots=True)
class Placed:
    """A paragraph's place in the review, and why it is in its segment."""

    block: str
    """`p3`."""
    line: int
    """Of the review's file."""
    text: str
    """As the review has it."""
    segment: str
    """The segment's id."""
    why: str
    """The reason, as a sentence."""
    unsure: bool
    by_author: bool
    """Whether the front matter has put it there: such a choice can be taken back."""
    segments: tuple[Choice, ...]
    """Where it could be moved to."""


@dataclass(frozen=True, slots=True)
class ParagraphView:
    """A paragraph of the script."""

    id: str
    item: int
    """Its place among the script's items."""
    words: str
    """To be edited: the words with their markup."""
    voices: tuple[Choice, ...]
    """The cast, and first the voice that the segment gives (value ``)."""
    speaker: str
    """The name of the voice that says it."""
    lines: tuple[LineView, ...]
    placed: tuple[Placed, ...]
    """One for each paragraph of the review that it carries; empty for the template's own words."""
    remarks: tuple[Remark, ...]
    kind: Literal["paragraph"] = "paragraph"


@dataclass(frozen=True, slots=True)
class CueView:
    """A pause, sting, sound, bed or comment."""

    id: str
    item: int
    cue: Literal["pause", "sting", "sound", "bed", "comment"]
    value: str
    """Seconds of a pause, the name or file of a sound, the words of a comment."""
    choices: tuple[Choice, ...]
    """Instead of it: the show's sounds; for a bed also `off`. Empty where anything can be typed."""
    remarks: tuple[Remark, ...]
    kind: Literal["cue"] = "cue"


@dataclass(frozen=True, slots=True)
class SegmentView:
    """A segment, which is a chapter; what stands before the first has no heading."""

    id: str
    item: int | None
    title: str | None
    colour: int
    """From 0 to 7: of the waveform's part and of the heading."""
    voices: tuple[Choice, ...]
    stings: tuple[Choice, ...]
    beds: tuple[Choice, ...]
    start_ms: int | None
    duration_ms: int | None
    remarks: tuple[Remark, ...]
    items: tuple[ParagraphView | CueView, ...]


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A block of the review that is not spoken, and why."""

    line: int
    text: str
    reason: str


@dataclass(frozen=True, slots=True)
class ConflictView:
    """A change that met another one of the same words, or an edit that met a new rendering."""

    id: str
    file: str
    what: str
    """What happened, as a sentence."""
    mine: str
    """The page's words, or the script's."""
    theirs: str
    """The file's words, or the rendering's."""
    answers: tuple[Choice, Choice]
    """What keeps mine, and what takes theirs: the value goes to `settle`."""


@dataclass(frozen=True, slots=True)
class SoundView:
    """The episode as it can be heard now."""

    url: str
    duration_ms: int
    lufs: str
    """`-16.1 LUFS`, or `silent`."""
    target_lufs: str
    true_peak: str
    waveform: str
    """SVG, for the page itself."""
    stale: bool
    """Whether it is of an earlier state of the script."""


@dataclass(frozen=True, slots=True)
class ReviewView:
    """A review that can be opened."""

    slug: str
    title: str
    path: str
    is_built: bool


@dataclass(frozen=True, slots=True)
class ReviewsView:
    """The page of a show."""

    show: str
    """Its title."""
    reviews: tuple[ReviewView, ...]
    unfit: tuple[Remark, ...]
    """Why others cannot be opened."""


@dataclass(frozen=True, slots=True)
class StudioView:
    """All that the page shows of one review."""

    slug: str
    title: str
    show: str
    review: str
    """Its path."""
    script: str
    """The script's path."""
    kind: str
    version: int
    """Counts the states that the page has been told of."""
    seen: str
    """Digest of the script's text that is shown; every change names the one it was made on."""
    language: str
    segments: tuple[SegmentView, ...]
    left_out: tuple[LeftOut, ...]
    remarks: tuple[Remark, ...]
    """What belongs to no line: the template's or the review's errors, the cut sentences."""
    conflicts: tuple[ConflictView, ...]
    sound: SoundView | None
    busy: str | None
    """`voicing 3 of 44`, or nothing."""
    can_undo: str | None
    """What `undo` would take back, as a sentence."""
    built: str | None
    """`built 2 minutes ago`, `changed since it was built`, or None: not built."""
    n_unsure: int
    n_warnings: int
    stings: tuple[Choice, ...]
    """What can be inserted: the show's sounds."""
    beds: tuple[Choice, ...]
    """The same for beds, and `off`."""


@dataclass(frozen=True, slots=True)
class OutcomeView:
    """What a build or a publication came to, or what a publication would do."""

    ok: bool
    summary: str
    facts: tuple[tuple[str, str], ...] = ()
    """Names and values."""
    remarks: tuple[Remark, ...] = ()
    changes: str | None = None
    """A diff of the feed."""
    can_go_on: bool = False
    """Whether the dry run found something to publish and nothing against it."""
