"""Long feeds: the newest items in the feed itself, older ones in pages that it leads to.

Everything here is pure. Pages that a function returns must be written before the feed that names
them; killed in between, a page is left that nobody names, and nothing is lost.
"""

from __future__ import annotations

import bisect
import itertools
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timezone
from typing import Any
from urllib.parse import urljoin

from lxml import etree

from sayso.feed.rss.dates import whole_seconds
from sayso.feed.rss.document import Document, parse, serialise, with_namespaces
from sayso.feed.rss.editing import append
from sayso.feed.rss.editing import remove as take_out
from sayso.feed.rss.pages import ITSELF, FeedPage, make_page, older_page, page_number, set_link
from sayso.feed.rss.reading import ReadItem, date_of, guid_of, items_of, link_of, read_item
from sayso.feed.rss.updating import finished, set_items, update_document, update_feed
from sayso.model import Channel, FeedItem

MAX_PAGE_BYTES = 1_000_000
"""A feed and each of its pages stay below 1 MiB (podcast namespace, "other recommendations")."""

_HEAD_BYTES = MAX_PAGE_BYTES // 2
"""What a feed keeps when it is parted: so it is parted once in a hundred episodes or so."""

Fetch = Callable[[str], bytes]
"""The bytes of a page by its name; raises PublishError where it cannot be had."""


@dataclass(frozen=True, slots=True)
class Paged:
    """A feed, and those of its pages that are new: they are to be written first."""

    head: bytes
    pages: tuple[FeedPage, ...] = ()


@dataclass(frozen=True, slots=True)
class FoundItem:
    """Where an item is."""

    item: ReadItem
    page: str | None
    """The name of its page; None in the feed itself."""


@dataclass(frozen=True, slots=True)
class _Page:
    name: str
    document: Document
    before: bytes

    def guids(self) -> set[str | None]:
        return {guid_of(item) for item in items_of(self.document)}


def paginate(head: bytes, channel: Channel) -> Paged:
    """Move the oldest items of a feed that is too long into new pages; any other stays as it is."""
    if len(head) <= MAX_PAGE_BYTES:
        return Paged(head)
    document = with_namespaces(parse(head, channel.feed_url))
    pages = _move_oldest(document, channel)
    return Paged(serialise(document), pages) if pages else Paged(head)


def update_paged_feed(
    previous: bytes | None,
    channel: Channel,
    put: Sequence[FeedItem] = (),
    remove: Collection[str] = (),
    *,
    built: datetime,
    fetch: Fetch,
) -> Paged:
    """`update_feed` for a feed with pages, and `paginate`: items are found wherever they are.

    A page that changes gets a new name, and so does every newer one, up to the feed. Pages never
    change under their name, so `fetch` may keep what it has once read. Raises PublishError where
    the feed or a page is no RSS 2.0 feed, or a page cannot be fetched.
    """
    if previous is None:
        return paginate(update_feed(None, channel, put, remove, built=built), channel)
    document = parse(previous, channel.feed_url)
    before = serialise(document)
    document = with_namespaces(document)
    moves = link_of(document.channel, "self") not in (None, channel.feed_url)
    here = {guid_of(item) for item in items_of(document)}
    sought = ({item.guid for item in put} - here) | set(remove)
    older = _find_pages(document, channel, sought, fetch, to_the_end=moves)
    _recall(document, older, put)
    rewritten = _rewrite(document, older, channel, put, remove, all_of_them=moves)
    in_pages = {guid for page in older for guid in page.guids()}
    here = {guid_of(item) for item in items_of(document)}
    in_head = [item for item in put if item.guid in here or item.guid not in in_pages]
    update_document(document, channel, in_head, remove)
    paged = paginate(finished(document, previous, before, built), channel)
    return Paged(paged.head, (*rewritten, *paged.pages))


def find_item(head: bytes, guid: str, fetch: Fetch, where: str = "feed.xml") -> FoundItem | None:
    """The item of that GUID, in the feed or in any of its pages; None where there is none."""
    document = parse(head, where)
    for item in items_of(document):
        if guid_of(item) == guid:
            return FoundItem(read_item(item), None)
    for page in _find_pages(document, None, {guid}, fetch):
        for item in items_of(page.document):
            if guid_of(item) == guid:
                return FoundItem(read_item(item), page.name)
    return None


def walk_pages(head: bytes, fetch: Fetch, where: str = "feed.xml") -> Iterator[FeedPage]:
    """The pages of a feed, from the newest to the oldest."""
    document, seen = parse(head, where), set[str]()
    while (name := older_page(document)) is not None and name not in seen:
        seen.add(name)
        page = FeedPage(name, fetch(name))
        yield page
        document = parse(page.data, name)


def _find_pages(
    head: Document,
    channel: Channel | None,
    guids: Collection[str],
    fetch: Fetch,
    *,
    to_the_end: bool = False,
) -> list[_Page]:
    """The pages from the newest on, up to the one with which all of `guids` are found."""
    pages: list[_Page] = []
    missing, seen, document = set(guids), set[str](), head
    while missing or to_the_end:
        name = older_page(document, channel)
        if name is None or name in seen:
            break
        seen.add(name)
        document = parse(fetch(name), name)
        pages.append(_Page(name, document, serialise(document)))
        missing -= pages[-1].guids()
    return pages


def _recall(head: Document, older: list[_Page], put: Sequence[FeedItem]) -> None:
    """Move items that are given a new date, among those that the feed holds, back into the feed."""
    dates = [date for item in items_of(head) if (date := date_of(item)) is not None]
    if not dates:
        return
    newer = {item.guid: item.date for item in put if item.date > min(dates)}
    newer = {guid: newer[guid] for guid in newer.keys() - {guid_of(i) for i in items_of(head)}}
    for page in older:
        for item in items_of(page.document):
            date = newer.get(guid_of(item) or "")
            if date is not None and date_of(item) != whole_seconds(date):
                take_out(item)
                append(head.channel, item, fresh=False)


def _rewrite(
    head: Document,
    older: list[_Page],
    channel: Channel,
    put: Sequence[FeedItem],
    gone: Collection[str],
    *,
    all_of_them: bool,
) -> tuple[FeedPage, ...]:
    """New forms of the pages in which something changes, and of those before them; the links."""
    changed = [_update_page(page, put, gone) or all_of_them for page in older]
    if not any(changed):
        return ()
    affected = older[: len(changed) - changed[::-1].index(True)]
    oldest = affected[-1].document.channel
    older_url, last_url = link_of(oldest, "next"), link_of(oldest, "last")
    if older_url is None:
        last_url = ITSELF
    made: list[FeedPage] = []
    for page in reversed(affected):
        items = items_of(page.document)
        if items:
            number = page_number(page.name)
            made.append(
                make_page(
                    page.document, channel, number, items, older_url=older_url, last_url=last_url
                )
            )
            older_url = urljoin(channel.feed_url, made[-1].name)
            last_url = older_url if last_url == ITSELF else last_url
    _link_to(head, channel, older_url, last_url)
    return tuple(made)


def _update_page(page: _Page, put: Sequence[FeedItem], gone: Collection[str]) -> bool:
    """Change the items that a page holds; whether anything is different then."""
    guids = page.guids()
    set_items(page.document.channel, [item for item in put if item.guid in guids], gone)
    return serialise(page.document) != page.before


def _link_to(head: Document, channel: Channel, next_url: str | None, last_url: str | None) -> None:
    has_pages = next_url is not None
    set_link(head.channel, "first", channel.feed_url if has_pages else None)
    set_link(head.channel, "next", next_url)
    set_link(head.channel, "last", (last_url or None) if has_pages else None)


def _move_oldest(head: Document, channel: Channel) -> tuple[FeedPage, ...]:
    """Move the oldest items into pages, each as full as may be, and link the feed to them."""
    items = _newest_first(items_of(head))
    sizes = _sizes(items, head.channel)
    rest = len(serialise(head)) - sum(sizes)
    n_kept = max(1, _how_many(sizes, _HEAD_BYTES - rest))
    if n_kept == len(items):
        return ()  # a single episode that is too long: it cannot be parted
    name = older_page(head, channel)
    number = page_number(name) if name else 0
    older_url, last_url = link_of(head.channel, "next"), link_of(head.channel, "last")
    if older_url is None:
        last_url = ITSELF
    room = MAX_PAGE_BYTES - len(make_page(head, channel, 1, (), older_url="", last_url="").data)
    order = {item: index for index, item in enumerate(items_of(head))}
    waiting = list(zip(items, sizes, strict=True))[n_kept:][::-1]
    made: list[FeedPage] = []
    while waiting:
        n = max(1, _how_many([size for _, size in waiting], room))
        taken = sorted((item for item, _ in waiting[:n]), key=order.__getitem__)
        waiting = waiting[n:]
        number += 1
        page = make_page(head, channel, number, taken, older_url=older_url, last_url=last_url)
        made.append(page)
        older_url = urljoin(channel.feed_url, page.name)
        last_url = older_url if last_url == ITSELF else last_url
    _link_to(head, channel, older_url, last_url)
    return tuple(made)


def _newest_first(items: list[Any]) -> list[Any]:
    """Items by date; one without a date goes where the item before it goes."""
    dated: list[tuple[datetime, Any]] = []
    date = datetime.max.replace(tzinfo=timezone.utc)
    for item in items:
        date = date_of(item) or date
        dated.append((date, item))
    return [item for _, item in sorted(dated, key=lambda pair: pair[0], reverse=True)]


def _sizes(items: list[Any], channel: Any) -> list[int]:
    """How many bytes each item takes in its feed, with the line end after it."""
    bare = etree.Element("x", nsmap=channel.nsmap)
    declared = len(etree.tostring(bare)) - len("<x/>")  # written anew where an item stands alone
    return [len(etree.tostring(item, encoding="UTF-8")) - declared for item in items]


def _how_many(sizes: Sequence[int], n_bytes: int) -> int:
    """How many of the first take `n_bytes` at most together."""
    return bisect.bisect_right(list(itertools.accumulate(sizes)), n_bytes)
