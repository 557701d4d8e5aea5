"""Rules that hold an item against the others of its feed, or against the day."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from itertools import pairwise

from sayso.feed.validation.dates import read_date
from sayso.feed.validation.feed import Feed, Item, line_of
from sayso.feed.validation.rule import AnyRule, Fault, quoted, rule
from sayso.net.urls import bare


def _repeats(feed: Feed, key: Callable[[Item], str | None]) -> Iterator[tuple[Item, Item, str]]:
    """Items whose key an earlier one has: the earlier, the later, the key."""
    seen: dict[str, Item] = {}
    for item in feed.items:
        value = key(item)
        if not value:
            continue
        if value in seen:
            yield seen[value], item, value
        else:
            seen[value] = item


@rule("psp-guid-unique", "must", "PSP-1; RSS 2.0")
def psp_guid_unique(feed: Feed) -> Iterator[Fault]:
    """No GUID twice."""
    for earlier, later, guid in _repeats(feed, lambda item: item.text("guid")):
        yield Fault(
            f"the GUID {quoted(guid, 50)} is that of “{earlier.name}” too: clients fold the two",
            f"give the newer of the two, maybe “{later.name}”, a GUID of its own",
            line_of(later.first("guid")),
        )


def _media_url(item: Item) -> str | None:
    enclosure = item.first("enclosure")
    return None if enclosure is None else bare(enclosure.get("url", ""))


@rule("apple-enclosure-unique", "must", "Apple")
def apple_enclosure_unique(feed: Feed) -> Iterator[Fault]:
    """No media file in two items."""
    for earlier, later, _ in _repeats(feed, _media_url):
        yield Fault(
            f"“{later.name}” plays the same file as “{earlier.name}”",
            "point each item to its own file",
            line_of(later.first("enclosure")),
        )


@rule("apple-serial-episode", "must", "Apple")
def apple_serial_episode(feed: Feed) -> Iterator[Fault]:
    """A number on every full episode of a serial."""
    if feed.channel.text("itunes:type") != "serial":
        return
    for item in feed.items:
        kind = item.text("itunes:episodeType") or "full"
        if kind == "full" and not item.text("itunes:episode"):
            hint = "write <itunes:episode>, or make the show episodic"
            yield Fault(f"“{item.name}” of a serial has no number", hint, item.line)


@rule("feed-order", "nice", "RFC 5005; readers that keep the first items")
def feed_order(feed: Feed) -> Iterator[Fault]:
    """Newest items first."""
    dated = [
        (item, read.moment)
        for item in feed.items
        if (read := read_date(item.text("pubDate") or "")).moment is not None
    ]
    for (_, first), (item, second) in pairwise(dated):
        if first is not None and second is not None and second > first:
            hint = "sort the items by date, the newest first"
            yield Fault(f"“{item.name}” is newer than the item before it", hint, item.line)


@rule("pubDate-future", "should", "Apple")
def pubdate_future(feed: Feed) -> Iterator[Fault]:
    """No date that is still to come."""
    for item in feed.items:
        moment = read_date(item.text("pubDate") or "").moment
        if moment is not None and moment > feed.now + timedelta(days=1):
            hint = "publish it on its day: some apps show it now, others never"
            yield Fault(
                f"the date of “{item.name}” is still to come",
                hint,
                line_of(item.first("pubDate")),
            )


SEVERAL_ITEMS_RULES: tuple[AnyRule, ...] = (
    *(psp_guid_unique, apple_enclosure_unique, apple_serial_episode, feed_order, pubdate_future),
)
