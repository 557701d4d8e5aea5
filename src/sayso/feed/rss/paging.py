"""Long feeds: the newest items in the feed itself, older ones in pages that it leads to.

Everything here is pure. Pages that a function returns must be written before the feed that names
them; killed in between, a page is left that nobody names, and nothing is lost.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from sayso.feed.rss.chain import DERIVED_BYTES, Chain, how_many, item_sizes, newest_first
from sayso.feed.rss.dates import whole_seconds
from sayso.feed.rss.document import Document, parse, serialise, with_namespaces
from sayso.feed.rss.editing import append
from sayso.feed.rss.editing import remove as take_out
from sayso.feed.rss.feed_reader import date_of, guid_of, items_of, link_of
from sayso.feed.rss.pages import FeedPage, older_page, page_number
from sayso.feed.rss.updating import finished, set_items, update_document, update_feed
from sayso.model import Channel, FeedItem

MAX_PAGE_BYTES = 1_000_000
"""A feed and each of its pages stay below 1 MiB (podcast namespace, "other recommendations")."""

Fetch = Callable[[str], bytes]
"""The bytes of a page by its name; raises PublishError where it cannot be had."""


@dataclass(frozen=True, slots=True)
class Paged:
    """A feed, and those of its pages that are new: they are to be written first."""

    head: bytes
    pages: tuple[FeedPage, ...] = ()
    replaced: tuple[bytes, ...] = ()
    """The pages in whose place they are, as they were."""


@dataclass(frozen=True, slots=True)
class _Page:
    name: str
    document: Document
    before: bytes

    def guids(self) -> set[str | None]:
        return {guid_of(item) for item in items_of(self.document)}


def paginate(head: bytes, channel: Channel, *, max_bytes: int = MAX_PAGE_BYTES) -> Paged:
    """Move the oldest items of a feed of over `max_bytes` into new pages; any other stays as it is.

    The feed keeps half of that, so that it is parted once in a hundred episodes or so.
    """
    if len(head) <= max_bytes:
        return Paged(head)
    document = with_namespaces(parse(head, channel.feed_url))
    chain = Chain(channel, max_bytes)
    _move_oldest(document, chain)
    return Paged(serialise(document), tuple(chain.made)) if chain.made else Paged(head)


def update_paged_feed(
    previous: bytes | None,
    channel: Channel,
    put: Sequence[FeedItem] = (),
    remove: Collection[str] = (),
    *,
    built: datetime,
    fetch: Fetch,
    max_bytes: int = MAX_PAGE_BYTES,
) -> Paged:
    """`update_feed` for a feed with pages, and `paginate`: items are found wherever they are.

    A page that changes gets a new name, and so does every newer one, up to the feed. Pages never
    change under their name, so `fetch` may keep what it has once read. Raises PublishError where
    the feed or a page is no RSS 2.0 feed, or a page cannot be fetched.
    """
    if previous is None:
        head = update_feed(None, channel, put, remove, built=built)
        return paginate(head, channel, max_bytes=max_bytes)
    document = parse(previous, channel.feed_url)
    before = serialise(document)
    document = with_namespaces(document)
    moves = link_of(document.channel, "self") not in (None, channel.feed_url)
    here = {guid_of(item) for item in items_of(document)}
    sought = ({item.guid for item in put} - here) | set(remove)
    older = _find_pages(document, channel, sought, fetch, to_the_end=moves)
    _recall(document, older, put)
    in_pages = {guid for page in older for guid in page.guids()}
    chain = Chain(channel, max_bytes)
    replaced = _rewrite(document, older, put, remove, chain, all_of_them=moves)
    here = {guid_of(item) for item in items_of(document)}
    in_head = [item for item in put if item.guid in here or item.guid not in in_pages]
    update_document(document, channel, in_head, remove)
    head = finished(document, previous, before, built)
    paged = paginate(head, channel, max_bytes=max_bytes)
    return Paged(paged.head, (*chain.made, *paged.pages), replaced)


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
    channel: Channel,
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
    newer = {item.guid: date for item in put if (date := whole_seconds(item.date)) > min(dates)}
    newer = {guid: newer[guid] for guid in newer.keys() - {guid_of(i) for i in items_of(head)}}
    for page in older:
        for item in items_of(page.document):
            date = newer.get(guid_of(item) or "")
            if date is not None and date_of(item) != date:
                take_out(item)
                append(head.channel, item, fresh=False)


def _rewrite(
    head: Document,
    older: list[_Page],
    put: Sequence[FeedItem],
    gone: Collection[str],
    chain: Chain,
    *,
    all_of_them: bool,
) -> tuple[bytes, ...]:
    """Write the pages in which something changes anew, and those before them; relink the feed.

    Gives these pages as they were.
    """
    changed = [_update_page(page, put, gone) or all_of_them for page in older]
    if not any(changed):
        return ()
    affected = older[: len(changed) - changed[::-1].index(True)]
    chain.follow(affected[-1].document)
    for page in reversed(affected):
        items = items_of(page.document)
        for part in chain.parts(page.document, newest_first(items), items):
            chain.add(page.document, page_number(page.name), part)
    chain.link_from(head)
    return tuple(page.before for page in affected)


def _update_page(page: _Page, put: Sequence[FeedItem], gone: Collection[str]) -> bool:
    """Change the items that a page holds; whether anything is different then."""
    guids = page.guids()
    set_items(page.document.channel, [item for item in put if item.guid in guids], gone)
    return serialise(page.document) != page.before


def _move_oldest(head: Document, chain: Chain) -> None:
    """Move the oldest items into pages, each as full as may be, and link the feed to them."""
    in_order = items_of(head)
    items = newest_first(in_order)
    sizes = item_sizes(items, head.channel)
    rest = len(serialise(head)) - sum(sizes) + DERIVED_BYTES
    n_kept = max(1, how_many(sizes, chain.max_bytes // 2 - rest))
    if n_kept == len(items):
        return  # a single episode that is too long: it cannot be parted
    chain.follow(head)
    name = older_page(head, chain.channel)
    number = page_number(name) if name else 0
    for part in chain.parts(head, items[n_kept:], in_order):
        number += 1
        chain.add(head, number, part)
    chain.link_from(head)
