"""Reading a feed, whoever wrote it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sayso.feed.rss.dates import read_date
from sayso.feed.rss.document import Document, parse
from sayso.feed.rss.editing import text_of
from sayso.feed.rss.namespaces import child, children, name_of


@dataclass(frozen=True, slots=True)
class ReadItem:
    """An item as a feed has it."""

    guid: str | None
    title: str
    link: str | None
    date: datetime | None
    """With its zone; None where there is none, or none that can be read."""
    enclosure_url: str | None
    n_bytes: int | None
    mime: str | None
    duration_s: int | None
    description: str
    """HTML."""
    notes: str | None
    """The whole show notes (`content:encoded`), HTML."""
    image_url: str | None
    season: int | None
    episode: int | None


@dataclass(frozen=True, slots=True)
class ReadFeed:
    """A feed as it is, or one page of it."""

    title: str
    guid: str | None
    """Its `podcast:guid`."""
    self_url: str | None
    next_url: str | None
    """Where its older items are (RFC 5005)."""
    image_url: str | None
    """The show's cover."""
    items: tuple[ReadItem, ...]
    """In the order of the feed."""


def read_feed(raw: bytes, where: str) -> ReadFeed:
    """Read any RSS 2.0 feed; `where` is its file or address, for errors.

    What is missing or makes no sense is None. Raises PublishError for what is no RSS 2.0 feed.
    """
    document = parse(raw, where)
    return ReadFeed(
        title=_text(document.channel, "title") or "",
        guid=_text(document.channel, "podcast:guid"),
        self_url=link_of(document.channel, "self"),
        next_url=link_of(document.channel, "next"),
        image_url=_image_url(document.channel),
        items=tuple(read_item(item) for item in items_of(document)),
    )


def items_of(document: Document) -> list[Any]:
    """The elements of all items."""
    return children(document.channel, "item")


def link_of(channel: Any, rel: str) -> str | None:
    """Where the `atom:link` of that relation leads."""
    for one in channel:
        if name_of(one) == "atom:link" and one.get("rel", "alternate") == rel:
            return (one.get("href") or "").strip() or None
    return None


def guid_of(item: Any) -> str | None:
    """The GUID of an item."""
    return _text(item, "guid")


def date_of(item: Any) -> datetime | None:
    """When an item was published."""
    text = _text(item, "pubDate")
    return None if text is None else read_date(text)


def read_item(item: Any) -> ReadItem:
    """What an item's element says."""
    parts: dict[str, Any] = {}
    for one in item:
        parts.setdefault(name_of(one), one)
    enclosure = parts.get("enclosure", {})
    image = parts.get("itunes:image", {})
    return ReadItem(
        guid=_said(parts, "guid"),
        title=_said(parts, "title") or _said(parts, "itunes:title") or "",
        link=_said(parts, "link"),
        date=None if (date := _said(parts, "pubDate")) is None else read_date(date),
        enclosure_url=_stripped(enclosure.get("url")),
        n_bytes=_whole_number(enclosure.get("length")),
        mime=_stripped(enclosure.get("type")),
        duration_s=_duration(_said(parts, "itunes:duration")),
        description=_said(parts, "description") or _said(parts, "itunes:summary") or "",
        notes=_said(parts, "content:encoded"),
        image_url=_stripped(image.get("href")),
        season=_whole_number(_said(parts, "itunes:season") or _said(parts, "podcast:season")),
        episode=_whole_number(_said(parts, "itunes:episode") or _said(parts, "podcast:episode")),
    )


def _image_url(channel: Any) -> str | None:
    image = child(channel, "itunes:image")
    return None if image is None else _stripped(image.get("href"))


def _text(parent: Any, name: str) -> str | None:
    one = child(parent, name)
    return None if one is None else _stripped(text_of(one))


def _said(parts: dict[str, Any], name: str) -> str | None:
    return _stripped(text_of(parts[name])) if name in parts else None


def _stripped(text: str | None) -> str | None:
    return (text or "").strip() or None


def _whole_number(text: str | None) -> int | None:
    found = re.fullmatch(r"\s*(\d{1,18})\s*", text or "", re.ASCII)
    return int(found[1]) if found else None


def _duration(text: str | None) -> int | None:
    """`3723`, `1:02:03`, `62:03` or `3723.4`, in whole seconds."""
    if text is None or not re.fullmatch(r"(\d{1,9}:){0,2}\d{1,9}([.,]\d+)?", text, re.ASCII):
        return None
    seconds = 0
    for part in re.split(r"[.,]", text)[0].split(":"):
        seconds = seconds * 60 + int(part)
    return seconds
