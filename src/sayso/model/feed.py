"""A podcast feed: its channel and its items, as the feed room hands them on."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from sayso.model.review import Rating

EpisodeType = Literal["full", "trailer", "bonus"]


@dataclass(frozen=True, slots=True)
class Category:
    """A category of Apple's list."""

    name: str
    sub: str | None = None


@dataclass(frozen=True, slots=True)
class Funding:
    """Where listeners may give."""

    url: str
    text: str


@dataclass(frozen=True, slots=True)
class Person:
    """Who made it: a name, and group and role of the podcast taxonomy."""

    name: str
    role: str = "host"
    group: str = "cast"
    link: str | None = None


@dataclass(frozen=True, slots=True)
class Directory:
    """The show's page in a directory, such as Apple Podcasts or Spotify."""

    name: str
    url: str


@dataclass(frozen=True, slots=True)
class Channel:
    """What a feed says of the show."""

    title: str
    site_url: str
    """The address of the show's page, with a slash at its end."""
    feed_url: str
    """The canonical address of the feed."""
    guid: str
    """The show's `podcast:guid`, a UUID that never changes."""
    description: str
    """Plain text, at most 4000 bytes."""
    language: str
    image_url: str
    categories: tuple[Category, ...]
    explicit: bool = False
    author: str | None = None
    serial: bool = False
    """True: to be heard from the first episode on (`itunes:type`)."""
    locked: bool = True
    """True: no other host may import the feed."""
    owner_name: str | None = None
    owner_email: str | None = None
    copyright: str | None = None
    license: str | None = None
    """A slug of the list of the podcast namespace, such as `cc-by-4.0`, or a name of one's own."""
    license_url: str | None = None
    medium: str = "podcast"
    funding: tuple[Funding, ...] = ()
    persons: tuple[Person, ...] = ()
    update_frequency: str | None = None
    """In words, such as `weekly`."""
    update_rrule: str | None = None
    """As an RFC 5545 recurrence rule, such as `FREQ=WEEKLY`."""
    podroll: tuple[str, ...] = ()
    """The `podcast:guid` of other shows that this one recommends."""
    verify: tuple[tuple[str, str], ...] = ()
    """`podcast:txt` records that prove who owns the feed: purpose and text."""
    hub: str | None = None
    """A WebSub hub."""
    new_url: str | None = None
    """Where the feed has moved to, or moved in from (`itunes:new-feed-url`)."""
    complete: bool = False
    """True: no further episode will come."""
    block: bool = False
    """True: directories are asked not to list the show."""
    directories: tuple[Directory, ...] = ()
    """Where else the show can be followed, for its pages."""


@dataclass(frozen=True, slots=True)
class Enclosure:
    """The media file of an item."""

    url: str
    n_bytes: int
    mime: str = "audio/mpeg"


@dataclass(frozen=True, slots=True)
class TranscriptLink:
    """A transcript that an item points to."""

    url: str
    mime: str
    language: str
    captions: bool = False
    """True where its lines are timed for the screen (`rel="captions"`)."""


@dataclass(frozen=True, slots=True)
class ChapterMark:
    """Where a chapter begins, for the chapter list in the feed itself."""

    start_ms: int
    title: str


@dataclass(frozen=True, slots=True)
class Soundbite:
    """A piece of the episode that may stand for it."""

    start_s: float
    duration_s: float
    title: str | None = None


@dataclass(frozen=True, slots=True)
class Reviewed:
    """The thing that an episode is about, and the score that it is given."""

    name: str
    rating: Rating
    link: str | None = None
    """Where the review can be read."""


@dataclass(frozen=True, slots=True)
class FeedItem:
    """An episode as the feed tells it."""

    guid: str
    """A UUID that never changes."""
    title: str
    link: str
    """The episode's page."""
    date: datetime
    """When it was or will be published, with its zone; whole seconds."""
    description: str
    """HTML of allowed elements (p ol ul li a b i strong em br), at most 4000 bytes."""
    notes: str
    """The whole show notes, HTML of the same elements, of any length."""
    enclosure: Enclosure
    duration_s: int
    explicit: bool = False
    author: str | None = None
    image_url: str | None = None
    season: int | None = None
    season_name: str | None = None
    episode: int | None = None
    episode_type: EpisodeType = "full"
    chapters_url: str | None = None
    chapters: tuple[ChapterMark, ...] = ()
    transcripts: tuple[TranscriptLink, ...] = ()
    persons: tuple[Person, ...] = ()
    soundbites: tuple[Soundbite, ...] = ()
    reviewed: Reviewed | None = None
    """What the episode judges, for its page; feeds have no place for it."""
    synthetic_voice: bool = True
    """Whether computer voices speak (`podcast:txt purpose="ai-content"`)."""
