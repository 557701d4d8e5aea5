"""What one step hands to the next: frozen, and complete from the moment that it is made.

    Begun ─► Found ─► Chosen ─► Fixed ─► Prepared ─► Uploaded ─► FeedWritten ─► Published

Each holds the one before it where a later step needs more than the last result. `Context` is what
is fixed for the whole publication.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Literal

from sayso.feed.rss import Change, Paged, ReadFeed
from sayso.model import Channel, FeedItem, Show
from sayso.publish.ledger import Entry, Ledger
from sayso.publish.media import FinishedEpisodes, MediaFile, Page
from sayso.publish.selection import Choice, Request
from sayso.publish.targets import Stored, Target
from sayso.reporter import Reporter, Silent


@dataclass(frozen=True, slots=True)
class Context:
    """What is fixed for one publication: show, target, request and reporter."""

    show: Show
    target: Target
    folders: tuple[Path, ...]
    """Where templates are looked for."""
    now: datetime
    request: Request = field(default_factory=Request)
    withdrawn: tuple[str, ...] = ()
    """Slugs to take out of the feed; nothing is published then."""
    adopt: bytes | None = None
    """A feed from elsewhere, to begin with."""
    check: Literal["web", "files"] = "files"
    """Whether uploads are fetched from their public addresses, or only their sizes checked."""
    reporter: Reporter = field(default_factory=Silent)

    @property
    def feed_name(self) -> str:
        """The feed's file."""
        return self.show.feed.file

    def feed_before(self, stored: Stored | None) -> bytes | None:
        """The feed to begin with: the one that is there, or the one to be adopted."""
        return self.adopt if stored is None else stored.data


@dataclass(frozen=True, slots=True)
class State:
    """What a step gives."""


@dataclass(frozen=True, slots=True)
class Begun(State):
    """Nothing yet."""


@dataclass(frozen=True, slots=True)
class Found(State):
    """What is there before anything is decided."""

    ledger: Ledger
    stored: Stored | None
    """The feed that is there."""
    feed: ReadFeed | None
    """The same, or the one to be adopted, read."""
    channel: Channel
    episodes: FinishedEpisodes
    common: tuple[MediaFile, ...]
    """What the feed and all pages refer to: cover, style, script."""
    site_key: str
    """A key of everything that pages are made with: templates, style, settings."""


@dataclass(frozen=True, slots=True)
class Chosen(State):
    """What will be done; every episode of it has been checked."""

    found: Found
    choice: Choice


@dataclass(frozen=True, slots=True)
class Fixed(State):
    """The same, with all GUIDs and dates in the ledger."""

    found: Found
    choice: Choice
    """As it is now, with the ledger as it is on disk."""
    removed: tuple[str, ...]
    """The GUIDs that must not be in the feed."""


@dataclass(frozen=True, slots=True)
class PreparedEpisode:
    """An episode that is ready to be published."""

    item: FeedItem
    digest: str
    """Of its manifest."""
    media: tuple[MediaFile, ...]
    page: Page


@dataclass(frozen=True, slots=True)
class Prepared(State):
    """The items of the feed and the pages of the episodes."""

    fixed: Fixed
    episodes: tuple[PreparedEpisode, ...]

    @property
    def found(self) -> Found:
        """What was there."""
        return self.fixed.found

    @property
    def files(self) -> tuple[MediaFile, ...]:
        """What the feed and the pages refer to: it must be there before them."""
        return (*self.found.common, *(file for one in self.episodes for file in one.media))


@dataclass(frozen=True, slots=True)
class Uploaded(State):
    """All media is there."""

    prepared: Prepared
    files: tuple[MediaFile, ...]
    """Those that were not there yet."""


@dataclass(frozen=True, slots=True)
class FeedWritten(State):
    """The feed is written, or would be."""

    uploaded: Uploaded
    merged: Paged
    is_changed: bool
    changes: tuple[Change, ...]

    @property
    def prepared(self) -> Prepared:
        """What it was written from."""
        return self.uploaded.prepared


@dataclass(frozen=True, slots=True)
class Published(State):
    """What a publication has done, or would do."""

    feed_url: str
    target: str
    """Its address, without secrets."""
    published: tuple[Entry, ...]
    scheduled: tuple[Entry, ...]
    withdrawn: tuple[Entry, ...]
    check: Literal["web", "files"]
    """How uploads were verified."""
    uploaded: tuple[MediaFile, ...] = ()
    """Media that was not there yet."""
    feed_changed: bool = False
    changes: tuple[Change, ...] = ()
    """What is different in the feed."""


def result(context: Context, fixed: Fixed, written: FeedWritten | None = None) -> Published:
    """What has been done; nothing was written to the target without a `written`."""
    return Published(
        feed_url=fixed.found.channel.feed_url,
        target=context.target.address,
        published=tuple(fixed.choice.now.values()),
        scheduled=fixed.choice.later,
        withdrawn=fixed.choice.withdrawn,
        check=context.check,
        uploaded=written.uploaded.files if written else (),
        feed_changed=written is not None and written.is_changed,
        changes=written.changes if written else (),
    )
