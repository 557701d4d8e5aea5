"""A visit to a feed where listeners fetch it: the feed, and the files of its newest items."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timezone
from functools import partial

from sayso.feed.validation.document import read_document
from sayso.feed.validation.feed import Feed, Item, read_feed
from sayso.feed.validation.finding import FeedFinding
from sayso.feed.validation.paging_rules import link
from sayso.feed.validation.rule import AnyRule
from sayso.feed.validation.served import (
    ServedFeed,
    fetch_feed,
    fetch_image,
    fetch_media,
    fetch_text,
)
from sayso.feed.validation.served_file_rules import (
    CHAPTERS_FILE_RULES,
    IMAGE_RULES,
    TRANSCRIPT_FILE_RULES,
)
from sayso.feed.validation.served_rules import FEED_RULES, MEDIA_RULES, TEXT_RULES, http_reachable
from sayso.feed.validation.validate import check_feed
from sayso.net.http import Fetch, Unreachable, ask, outside
from sayso.net.urls import address_fault, bare

SERVED: tuple[tuple[str, tuple[AnyRule, ...]], ...] = (
    ("Served: the feed", (http_reachable, *FEED_RULES)),
    ("Served: media", MEDIA_RULES),
    ("Served: pictures", IMAGE_RULES),
    (
        "Served: chapters and transcripts",
        (*TEXT_RULES, *CHAPTERS_FILE_RULES, *TRANSCRIPT_FILE_RULES),
    ),
)
"""The rules that need a server."""

MOST_PAGES = 500
"""Ours: of a feed in pages, so many are fetched."""
MOST_TEXTS = 10
"""Ours: an item has five kinds of transcript, maybe in two languages."""
_AT_ONCE = 4
"""Ours: visitors that a small server bears."""


def check_served(
    feed_url: str,
    *,
    fetch: Fetch = ask,
    limit: int | None = 10,
    now: datetime | None = None,
) -> tuple[FeedFinding, ...]:
    """Fetch a feed and hold it and what its server answers against every rule.

    The feed and its pages go through `check_feed`; then the cover, and media, pictures, chapters
    and transcripts of the first `limit` items (None: of all) are asked for: a few requests each,
    four at a time, each within the bounds of `fetch`. Raises nothing; findings of the feed come
    first, then those of its items in order.
    """
    now = now or datetime.now(timezone.utc)
    try:
        answer, again = fetch_feed(feed_url, fetch)
        fetch = outside(feed_url, fetch)
    except Unreachable as error:
        return (_unreachable(error, feed_url),)
    document = read_document(answer.body, feed_url)
    feed = read_feed(document, now) if answer.status == 200 else None
    served = ServedFeed(feed_url, answer, feed, again)
    findings = _judge(FEED_RULES if answer.status == 200 else FEED_RULES[:1], served, feed_url)
    if answer.status != 200:
        return tuple(findings)
    pages, lost = _pages(feed, fetch) if feed else ({}, [])
    findings += lost
    findings += check_feed(answer.body, feed_url, pages=pages, now=now)
    if feed is None:
        return tuple(findings)
    jobs = [*_cover_jobs(feed, fetch), *_item_jobs(feed.items[:limit], fetch)]
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        for found in pool.map(lambda job: job(), jobs):
            findings += found
    return tuple(findings)


Job = Callable[[], list[FeedFinding]]


def _cover_jobs(feed: Feed, fetch: Fetch) -> Iterator[Job]:
    image = feed.channel.first("itunes:image")
    if image is not None:
        url = image.get("href", "")
        yield partial(_visit, url, None, IMAGE_RULES, partial(fetch_image, url, fetch))


def _item_jobs(items: tuple[Item, ...], fetch: Fetch) -> Iterator[Job]:
    pictures: set[str] = set()
    for item in items:
        for enclosure in item.all("enclosure")[:1]:
            url = enclosure.get("url", "")
            media = partial(fetch_media, item, enclosure, fetch)
            yield partial(_visit, url, item, MEDIA_RULES, media)
        for image in item.all("itunes:image")[:1]:
            url = image.get("href", "")
            if url not in pictures:
                pictures.add(url)
                yield partial(_visit, url, item, IMAGE_RULES, partial(fetch_image, url, fetch))
        for name, rules in (
            ("podcast:chapters", CHAPTERS_FILE_RULES),
            ("podcast:transcript", TRANSCRIPT_FILE_RULES),
        ):
            for element in item.all(name)[:MOST_TEXTS]:
                url = element.get("url", "")
                text = partial(fetch_text, item, element, fetch)
                yield partial(_visit, url, item, (*TEXT_RULES, *rules), text)


def _visit(
    url: str, item: Item | None, rules: tuple[AnyRule, ...], ask_for: Callable[[], object]
) -> list[FeedFinding]:
    """Ask for one file and judge it."""
    if address_fault(url) is not None:
        return []  # said already, of the feed's own text
    name = item.name if item else None
    try:
        served = ask_for()
    except Unreachable as error:
        return [_unreachable(error, url, name)]
    return _judge(rules, served, url, name)


def _judge(
    rules: tuple[AnyRule, ...], served: object, where: str, item: str | None = None
) -> list[FeedFinding]:
    return [finding for rule in rules for finding in rule.findings(served, where, item)]


def _unreachable(error: Unreachable, where: str, item: str | None = None) -> FeedFinding:
    problem = (error.problem, error.hint or "see whether the server is up")
    (finding,) = http_reachable.findings(problem, where, item)
    return finding


def _pages(feed: Feed, fetch: Fetch) -> tuple[dict[str, bytes], list[FeedFinding]]:
    """The pages that follow, and those that could not be had."""
    pages: dict[str, bytes] = {}
    url = link(feed, "next")
    while url is not None and len(pages) < MOST_PAGES and address_fault(url) is None:
        if bare(url) in {bare(there) for there in pages}:
            break
        try:
            answer = fetch(url)
        except Unreachable as error:
            return pages, [_unreachable(error, url)]
        if answer.status != 200:
            break  # a page that is not there: the rules of paging say so
        pages[url] = answer.body
        page = read_feed(read_document(answer.body, url), feed.now)
        url = link(page, "next") if page else None
    return pages, []
