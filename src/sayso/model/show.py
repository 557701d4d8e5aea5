"""The settings of a show, with every default filled in."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from sayso.model.feed import Category, Directory, Funding, Person


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
class FeedSettings:
    """The podcast feed: `[feed]` of show.toml."""

    url: str | None = None
    """The address of the site, with a slash at its end; the feed lies in it."""
    file: str = "feed.xml"
    categories: tuple[Category, ...] = ()
    explicit: bool = False
    type: Literal["episodic", "serial"] = "episodic"
    locked: bool = True
    owner_name: str | None = None
    owner_email: str | None = None
    copyright: str | None = None
    license: str | None = None
    license_url: str | None = None
    medium: str = "podcast"
    update_frequency: str | None = None
    update_rrule: str | None = None
    podroll: tuple[str, ...] = ()
    hub: str | None = None
    new_url: str | None = None
    complete: bool = False
    block: bool = False
    funding: tuple[Funding, ...] = ()
    people: tuple[Person, ...] = ()
    verify: tuple[tuple[str, str], ...] = ()
    directories: tuple[Directory, ...] = ()


@dataclass(frozen=True, slots=True)
class PublishSettings:
    """Where the feed is published: `[publish]` of show.toml."""

    target: str = "public"
    """A folder, relative to the show's, or the address of a store."""
    check: Literal["web", "files"] | None = None
    """Whether uploads are verified over the web, or as files of a folder; None: as fits."""


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
    spoilers: Literal["announce", "skip"] = "announce"
    """Whether what an author hides is read, with a word before and after, or left out."""
    best_rating: float | None = None
    """The scale of a rating in the front matter that is a number alone."""
    voices: tuple[Voice, ...] = (Voice("host"),)
    sounds: tuple[Sound, ...] = ()
    pauses: Pauses = Pauses()
    audio: AudioSettings = AudioSettings()
    feed: FeedSettings = FeedSettings()
    publish: PublishSettings = PublishSettings()
    path: Path | None = None
    """show.toml itself; None for the built-in show."""
