"""One publication under way: what was asked for, and what the steps have made of it so far."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Literal

from sayso.errors import PublishError
from sayso.feed.rss import Change, Paged, ReadFeed
from sayso.model import Channel, FeedItem, Show
from sayso.publish.ledger import Entry, Ledger
from sayso.publish.media import FinishedEpisode, MediaFile
from sayso.publish.selection import Choice, Request
from sayso.publish.targets import FileForm, Stored, Target
from sayso.reporter import Reporter, Silent

INDEX = "index.html"


@dataclass(frozen=True, slots=True)
class Prepared:
    """An episode that is ready to be published."""

    entry: Entry
    item: FeedItem
    media: tuple[MediaFile, ...]
    page: MediaFile


@dataclass
class Publication:
    """The state that the steps share."""

    show: Show
    target: Target
    request: Request
    episodes: tuple[Path, ...]
    """The folders of all finished episodes of the show."""
    folders: tuple[Path, ...]
    """Where templates are looked for."""
    cover: Callable[[], bytes]
    """Gives the show's cover, a JPEG; drawn only if it is needed."""
    now: datetime
    withdrawn: tuple[str, ...] = ()
    """Slugs to take out of the feed; nothing is published then."""
    adopt: bytes | None = None
    """A feed from elsewhere, to begin with."""
    check: Literal["web", "files"] = "files"
    """Whether what was uploaded is fetched from its public address, or only asked of the target."""
    reporter: Reporter = field(default_factory=Silent)

    stored: Stored | None = None
    """The feed that is there."""
    published: ReadFeed | None = None
    """The same, or the one to be adopted, read."""
    ledger: Ledger = field(default_factory=Ledger)
    choice: Choice = field(default_factory=lambda: Choice(Ledger()))
    channel: Channel | None = None
    digests: dict[str, str] = field(default_factory=dict)
    """Of the manifests of all finished episodes, by slug."""
    finished: dict[str, FinishedEpisode] = field(default_factory=dict)
    """Episodes that were read, by slug."""
    sound: set[str] = field(default_factory=set)
    """Slugs of those that were checked."""
    prepared: tuple[Prepared, ...] = ()
    common: tuple[MediaFile, ...] = ()
    """What the feed and all pages refer to: cover, style, script."""
    site_key: str = ""
    """What the pages are made with, as a key."""
    merged: Paged | None = None
    """The feed as it was written, or would be."""
    uploaded: list[MediaFile] = field(default_factory=list)
    """Files that were not there yet."""
    feed_changed: bool = False
    changes: tuple[Change, ...] = ()
    """What has changed in the feed, or would."""
    warned: set[str] = field(default_factory=set)
    """What has been noted of servers already: they do it for every file."""
    waited_in_vain: bool = False
    """Whether a file could not be fetched, however long it was asked for."""

    @property
    def feed_name(self) -> str:
        """The feed's file."""
        return self.show.feed.file

    @property
    def before(self) -> bytes | None:
        """The bytes of the feed to begin with."""
        return self.adopt if self.stored is None else self.stored.data

    @property
    def to_publish(self) -> tuple[Entry, ...]:
        """What is to be in the feed when all is done."""
        return () if self.withdrawn else self.choice.now

    @property
    def to_remove(self) -> tuple[str, ...]:
        """The GUIDs that are not to be in it: withdrawn, and not known to be gone.

        What is withdrawn now may be in the feed without a manifest, left there by a killed run.
        """
        return tuple(
            entry.guid
            for entry in self.ledger.entries
            if entry.state == "withdrawn"
            and (entry.manifest is not None or entry.slug in self.withdrawn)
        )

    def fetch(self, name: str) -> bytes:
        """A page of the feed that is there. Raises PublishError where it is gone."""
        return fetch_page(self.target, name)


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


def form_of(file: MediaFile) -> FileForm:
    """How a server should hand a file out: pages and the feed change under their names."""
    return FileForm(file.mime, immutable=file.name.startswith(("media/", "assets/")))
