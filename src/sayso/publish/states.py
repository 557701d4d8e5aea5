"""What one step of a publication hands to the next: frozen, and complete from the start.

    Found ─► Chosen ─► Fixed ─► Prepared ─► Uploaded ─► Written

`Publication` is what is fixed for the whole way.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Literal

from sayso.errors import PublishError
from sayso.feed.rss import Change, Paged, ReadFeed
from sayso.model import Channel, FeedItem, Show
from sayso.publish.ledger import Entry, Ledger
from sayso.publish.library import Library
from sayso.publish.media import MediaFile
from sayso.publish.selection import Choice, Request
from sayso.publish.targets import Stored, Target
from sayso.reporter import Reporter

INDEX = "index.html"


@dataclass(frozen=True, slots=True)
class Publication:
    """What is asked for, by whom, and where it goes."""

    show: Show
    target: Target
    request: Request
    library: Library
    """The finished episodes of the show."""
    folders: tuple[Path, ...]
    """Where templates are looked for."""
    cover: Callable[[], bytes]
    """Gives the show's cover, a JPEG; drawn only if it is needed."""
    now: datetime
    reporter: Reporter
    withdrawn: tuple[str, ...] = ()
    """Slugs to take out of the feed; nothing is published then."""
    adopt: bytes | None = None
    """A feed from elsewhere, to begin with."""
    check: Literal["web", "files"] = "files"
    """Whether what was uploaded is fetched from its public address, or only asked of the target."""

    @property
    def feed_name(self) -> str:
        """The feed's file."""
        return self.show.feed.file

    def fetch(self, name: str) -> bytes:
        """A page of the feed that is there. Raises PublishError where it is gone."""
        return fetch_page(self.target, name)


@dataclass(frozen=True, slots=True)
class Begun:
    """Nothing yet."""


@dataclass(frozen=True, slots=True)
class Found:
    """What is there before anything is done."""

    ledger: Ledger
    stored: Stored | None
    """The feed on the target."""
    before: bytes | None
    """The bytes of the feed to begin with: the stored one, or the one that is adopted."""
    published: ReadFeed | None
    """The same, read."""
    channel: Channel
    common: tuple[MediaFile, ...]
    """What the feed and all pages refer to: cover, style, script."""
    site_key: str
    """What the pages are made with, as a key."""


@dataclass(frozen=True, slots=True)
class Chosen:
    """What is to be done, checked but not yet fixed."""

    found: Found
    choice: Choice


@dataclass(frozen=True, slots=True)
class Fixed:
    """The same, with GUIDs and dates in the ledger."""

    found: Found
    choice: Choice
    ledger: Ledger
    to_publish: Mapping[str, Entry]
    """What is to be in the feed when all is done, by slug, oldest first."""
    to_remove: tuple[str, ...]
    """The GUIDs that are not to be in it."""


@dataclass(frozen=True, slots=True)
class PreparedEpisode:
    """An episode that is ready to be published."""

    slug: str
    entry: Entry
    item: FeedItem
    media: tuple[MediaFile, ...]
    page: MediaFile


@dataclass(frozen=True, slots=True)
class Prepared:
    """The items of the feed and the pages of the episodes."""

    fixed: Fixed
    episodes: tuple[PreparedEpisode, ...]

    @property
    def media(self) -> list[MediaFile]:
        """What the feed and the pages refer to: it must be there before them."""
        return [*self.fixed.found.common, *(file for one in self.episodes for file in one.media)]


@dataclass(frozen=True, slots=True)
class Uploaded:
    """Media and pages are on the target."""

    prepared: Prepared
    files: tuple[MediaFile, ...]
    """Media that was not there yet."""


@dataclass(frozen=True, slots=True)
class Written:
    """The feed is on the target; or what it would be."""

    uploaded: Uploaded
    paged: Paged
    is_changed: bool
    changes: tuple[Change, ...]
    """What is different in the feed."""


def fetch_page(target: Target, name: str) -> bytes:
    """A page of the feed that a target holds. Raises PublishError where it is gone."""
    stored = target.read(name)
    if stored is None:
        raise PublishError(
            f"a page of the feed is missing: {name}",
            code="feed-lost",
            file=target.address,
            hint="restore it from a backup, or from another copy of the site",
        )
    return stored.data
