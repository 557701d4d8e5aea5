"""After the feed: the index of the site, the hub, and the ledger's last word."""

from __future__ import annotations

import http.client
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator, Sequence
from dataclasses import replace
from urllib.parse import urljoin

from sayso.feed.rss import ReadItem, page_number, read_feed, walk_pages
from sayso.publish.ledger import open_ledger
from sayso.publish.media import MediaFile
from sayso.publish.state import INDEX, Publication
from sayso.publish.upload import put_page
from sayso.site import entry_of, index_html

_MOST_ROUNDS = 20
_HUB_TIMEOUT_S = 15.0


def write_index(work: Publication) -> None:
    """Write the index from the feed that is there now: other publishers' episodes are in it too.

    One that publishes at the same time may write it from an earlier feed; so whoever finds that the
    feed has changed meanwhile writes it again.
    """
    for _ in range(_MOST_ROUNDS):
        stored = work.target.read(work.feed_name)
        if stored is None:
            return
        for page in _index_pages(work, stored.data):
            put_page(work, page)
        again = work.target.read(work.feed_name)
        if again is None or again.version == stored.version:
            return


def ping(work: Publication) -> None:
    """Tell the WebSub hub (W3C WebSub §7: what a hub takes is its own; this is what they all do).

    A hub that does not answer is noted: apps find the episode all the same, only later.
    """
    assert work.channel is not None
    hub = work.channel.hub
    if hub is None or not work.feed_changed:
        return
    fields = {"hub.mode": "publish", "hub.url": work.channel.feed_url}
    body = urllib.parse.urlencode(fields).encode("ascii")
    try:
        with urllib.request.urlopen(hub, body, timeout=_HUB_TIMEOUT_S):  # https, as show.toml asks
            pass
    except (OSError, http.client.HTTPException, ValueError) as error:
        work.reporter.note(f"the hub {hub} was not told: {error}")


def mark(work: Publication) -> None:
    """Note in the ledger what has been done."""
    with open_ledger(work.show.root) as file:
        ledger = file.ledger
        for one in work.prepared:
            entry = ledger.of_guid(one.entry.guid)
            assert one.entry.slug is not None
            if entry is not None and entry.state in ("pending", "published"):
                digest = work.finished[one.entry.slug].digest
                ledger = ledger.with_entry(replace(entry, state="published", manifest=digest))
        for guid in work.to_remove:
            entry = ledger.of_guid(guid)
            if entry is not None and entry.state == "withdrawn":
                ledger = ledger.with_entry(replace(entry, manifest=None))
        file.write(replace(ledger, site=work.site_key))
        work.ledger = file.ledger


def _index_pages(work: Publication, head: bytes) -> Iterator[MediaFile]:
    """index.html, and one for each older page of the feed whose own is not up to date.

    Each names its neighbours, so the one behind a new one is written again.
    """
    pages = [(INDEX, head, True)]
    for page in walk_pages(head, work.fetch):
        is_stale = _is_stale(work, page.name)
        pages.append((f"index-{page_number(page.name)}.html", page.data, is_stale))
        if len(pages) > 2 and not is_stale and not pages[-2][2]:
            break  # and what is older is up to date as well
    for number, (name, raw, is_stale) in enumerate(pages):
        if is_stale or (number > 1 and pages[number - 1][2]):
            yield _index_page(
                work,
                name,
                read_feed(raw, name).items,
                older=pages[number + 1][0] if number + 1 < len(pages) else None,
                newer=pages[number - 1][0] if number else None,
            )


def _is_stale(work: Publication, name: str) -> bool:
    """Whether the index page of a page of the feed has to be written."""
    if work.site_key != work.ledger.site:
        return True
    written = {page.name for page in work.merged.pages} if work.merged else set()
    return name in written or work.target.size(f"index-{page_number(name)}.html") is None


def _index_page(
    work: Publication,
    name: str,
    items: Sequence[ReadItem],
    *,
    older: str | None,
    newer: str | None,
) -> MediaFile:
    assert work.channel is not None
    address = urljoin(work.channel.site_url, name) if newer else None
    html = index_html(
        work.channel,
        [entry_of(item) for item in items],
        work.folders,
        older=older,
        newer=newer,
        address=address,
    ).encode("utf-8")
    return MediaFile(name, "text/html", len(html), html)
