"""The steps after the feed: the index of the site, the hub, and the ledger."""

from __future__ import annotations

import http.client
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator
from dataclasses import replace
from urllib.parse import urljoin

from sayso.feed.rss import page_number, read_feed, walk_pages
from sayso.publish.ledger import open_ledger
from sayso.publish.media import Page
from sayso.publish.prepare import INDEX
from sayso.publish.states import Context, FeedWritten, Published, result
from sayso.publish.targets import page_fetcher
from sayso.publish.upload import put_page
from sayso.site import index_html

_MOST_ROUNDS = 20
_HUB_TIMEOUT_S = 15.0


def write_index(context: Context, written: FeedWritten) -> FeedWritten:
    """Write the index from the feed as it is now: it has other publishers' episodes too.

    Another publisher may write the index from an earlier feed at the same time; so whoever finds
    that the feed has changed meanwhile writes it again.
    """
    for _ in range(_MOST_ROUNDS):
        stored = context.target.read(context.feed_name)
        if stored is None:
            break
        for page in _index_pages(context, written, stored.data):
            put_page(context.target, page)
        again = context.target.read(context.feed_name)
        if again is None or again.version == stored.version:
            break
    return written


def ping_hub(context: Context, written: FeedWritten) -> FeedWritten:
    """Tell the WebSub hub (W3C WebSub §7: what a hub takes is its own; this is what they all do).

    A hub that does not answer is noted: apps find the episode all the same, only later.
    """
    channel = written.prepared.found.channel
    if channel.hub is None or not written.is_changed:
        return written
    fields = {"hub.mode": "publish", "hub.url": channel.feed_url}
    body = urllib.parse.urlencode(fields).encode("ascii")
    try:  # the address begins with https, as show.toml asks
        with urllib.request.urlopen(channel.hub, body, timeout=_HUB_TIMEOUT_S):
            pass
    except (OSError, http.client.HTTPException, ValueError) as error:
        context.reporter.note(f"the hub {channel.hub} was not told: {error}")
    return written


def mark_published(context: Context, written: FeedWritten) -> Published:
    """Record in the ledger what was published and what was removed."""
    prepared = written.prepared
    with open_ledger(context.show.root) as file:
        ledger = file.ledger
        for one in prepared.episodes:
            entry = ledger.of_guid(one.item.guid)
            if entry is not None and entry.state in ("pending", "published"):
                done = replace(entry, state="published", manifest=one.digest)
                ledger = ledger.with_entry(done)
        for guid in prepared.fixed.removed:
            entry = ledger.of_guid(guid)
            if entry is not None and entry.state == "withdrawn":
                ledger = ledger.with_entry(replace(entry, manifest=None))
        file.write(replace(ledger, site=prepared.found.site_key))
    return result(context, prepared.fixed, written)


def _index_pages(context: Context, written: FeedWritten, head: bytes) -> Iterator[Page]:
    """index.html, and one for each older page of the feed whose index is out of date.

    Each links to its neighbours, so the one after a new one is written again.
    """
    pages = [(INDEX, head, True)]
    for page in walk_pages(head, page_fetcher(context.target)):
        is_stale = _is_stale(context, written, page.name)
        pages.append((_index_name(page.name), page.data, is_stale))
        if len(pages) > 2 and not is_stale and not pages[-2][2]:
            break  # all older pages are up to date as well
    channel = written.prepared.found.channel
    for number, (name, raw, is_stale) in enumerate(pages):
        if is_stale or (number > 1 and pages[number - 1][2]):
            html = index_html(
                channel,
                read_feed(raw, name).items,
                context.folders,
                older=pages[number + 1][0] if number + 1 < len(pages) else None,
                newer=pages[number - 1][0] if number else None,
                address=urljoin(channel.site_url, name) if number else None,
            )
            yield Page(name, html.encode("utf-8"))


def _is_stale(context: Context, written: FeedWritten, name: str) -> bool:
    """Whether the index of an older page of the feed has to be written."""
    return (
        written.prepared.found.site_key != written.prepared.fixed.choice.ledger.site
        or name in {page.name for page in written.merged.pages}
        or context.target.size(_index_name(name)) is None
    )


def _index_name(name: str) -> str:
    """The index page of an older page of the feed."""
    return f"index-{page_number(name)}.html"
