"""Several pages at once: how many items each takes, and how each leads to the one before it."""

from __future__ import annotations

import bisect
import itertools
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timezone
from typing import Any
from urllib.parse import urljoin

from lxml import etree

from sayso.feed.rss.document import Document
from sayso.feed.rss.feed_reader import date_of, link_of
from sayso.feed.rss.pages import ITSELF, FeedPage, make_page, set_link
from sayso.model import Channel

DERIVED_BYTES = 512
"""Room for what a page says only when it has items and neighbours: links, date, whose voices."""


@dataclass(slots=True)
class Chain:
    """Pages that are being written, from the oldest on, each leading to the one before it."""

    channel: Channel
    max_bytes: int
    made: list[FeedPage] = field(default_factory=list)
    _older_url: str | None = None
    _last_url: str | None = ITSELF

    def follow(self, document: Document) -> None:
        """Lead to where `document` leads now."""
        self._older_url = link_of(document.channel, "next")
        if self._older_url is None:
            self._last_url = ITSELF
        else:
            self._last_url = link_of(document.channel, "last")

    def parts(self, like: Document, items: list[Any], in_order: list[Any]) -> list[list[Any]]:
        """`items`, the newest first, for as many pages as they need: the oldest page first.

        In each they stand as they do `in_order`.
        """
        empty = make_page(like, self.channel, 1, (), older_url="", last_url=self._last_url)
        room = self.max_bytes - len(empty.data) - DERIVED_BYTES
        order = {item: index for index, item in enumerate(in_order)}
        waiting = list(zip(items, item_sizes(items, like.channel), strict=True))[::-1]
        parts: list[list[Any]] = []
        while waiting:
            n = max(1, how_many([size for _, size in waiting], room))
            parts.append(sorted((item for item, _ in waiting[:n]), key=order.__getitem__))
            waiting = waiting[n:]
        return parts

    def add(self, like: Document, number: int, items: list[Any]) -> None:
        """Write the next newer page."""
        older, last = self._older_url, self._last_url
        page = make_page(like, self.channel, number, items, older_url=older, last_url=last)
        self.made.append(page)
        self._older_url = urljoin(self.channel.feed_url, page.name)
        if last == ITSELF:
            self._last_url = self._older_url

    def link_from(self, head: Document) -> None:
        """Lead from the feed to the newest page and the oldest."""
        older = self._older_url
        set_link(head.channel, "first", None if older is None else self.channel.feed_url)
        set_link(head.channel, "next", older)
        set_link(head.channel, "last", None if older is None else self._last_url)


def newest_first(items: list[Any]) -> list[Any]:
    """Items by date; one without a date goes where the item before it goes."""
    dated: list[tuple[datetime, Any]] = []
    date = datetime.max.replace(tzinfo=timezone.utc)
    for item in items:
        date = date_of(item) or date
        dated.append((date, item))
    return [item for _, item in sorted(dated, key=lambda pair: pair[0], reverse=True)]


def item_sizes(items: list[Any], channel: Any) -> list[int]:
    """How many bytes each item takes in its feed, with the line end after it."""
    bare = etree.Element("x", nsmap=channel.nsmap)
    declared = len(etree.tostring(bare)) - len("<x/>")  # written anew where an item stands alone
    return [len(etree.tostring(item, encoding="UTF-8")) - declared for item in items]


def how_many(sizes: Sequence[int], n_bytes: int) -> int:
    """How many of the first take `n_bytes` at most together."""
    return bisect.bisect_right(list(itertools.accumulate(sizes)), n_bytes)
