"""After the feed: the index of the site, the hub, and the ledger's last word."""

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
from sayso.publish.media import MediaFile
from sayso.publish.states import INDEX, Publication, Written
from sayso.publish.upload import put_page
from sayso.site import index_html

_MOST_ROUNDS = 20
_HUB_TIMEOUT_S = 15.0


def write_index(publication: Publication, written: Written) -> Written:
    """Write the index from the feed that is there now: other publishers' episodes are in it too.

    One that publishes at the same time may write it from an earlier feed; so whoever finds that the
    feed has changed meanwhile writes it again.
    """
    target, name = publication.target, publication.feed_name
    for _ in range(_MOST_ROUNDS):
        stored = target.read(name)
        if stored is None:
            break
        for page in _index_pages(publication, written, stored.data):
            put_page(target, page)
        again = target.read(name)
        if again is None or again.version == stored.version:
            break
    return written


def ping(publication: Publication, written: Written) -> Written:
    """Tell the WebSub hub (W3C WebSub §7: what a hub takes is its own; this is what they all do).

    A hub that does not answer is noted: apps find the episode all the same, only later.
    """
    channel = written.uploaded.prepared.fixed.found.channel
    hub = channel.hub
    if hub is None or not written.is_changed:
        return written
    fields = {"hub.mode": "publish", "hub.url": channel.feed_url}
    body = urllib.parse.urlencode(fields).encode("ascii")
    try:
        with urllib.request.urlopen(hub, body, timeout=_HUB_TIMEOUT_S):  # https, as show.toml asks
            pass
    except (OSError, http.client.HTTPException, ValueError) as error:
        publication.reporter.note(f"the hub {hub} was not told: {error}")
    return written


def mark(publication: Publication, written: Written) -> Written:
    """Note in the ledger what has been done."""
    prepared = written.uploaded.prepared
    with open_ledger(publication.show.root) as file:
        ledger = file.ledger
        for one in prepared.episodes:
            entry = ledger.of_guid(one.entry.guid)
            if entry is not None and entry.state in ("pending", "published"):
                digest = publication.library.read(one.slug).digest
                ledger = ledger.with_entry(replace(entry, state="published", manifest=digest))
        for guid in prepared.fixed.to_remove:
            entry = ledger.of_guid(guid)
            if entry is not None and entry.state == "withdrawn":
                ledger = ledger.with_entry(replace(entry, manifest=None))
        file.write(replace(ledger, site=prepared.fixed.found.site_key))
    return written


def _index_pages(publication: Publication, written: Written, head: bytes) -> Iterator[MediaFile]:
    """index.html, and one for each older page of the feed whose own is not up to date.

    Each names its neighbours, so the one behind a new one is written again.
    """
    pages = [(INDEX, head, True)]
    for page in walk_pages(head, publication.fetch):
        is_stale = _is_stale(publication, written, page.name)
        pages.append((f"index-{page_number(page.name)}.html", page.data, is_stale))
        if len(pages) > 2 and not is_stale and not pages[-2][2]:
            break  # and what is older is up to date as well
    channel = written.uploaded.prepared.fixed.found.channel
    for number, (name, raw, is_stale) in enumerate(pages):
        if is_stale or (number > 1 and pages[number - 1][2]):
            html = index_html(
                channel,
                read_feed(raw, name).items,
                publication.folders,
                older=pages[number + 1][0] if number + 1 < len(pages) else None,
                newer=pages[number - 1][0] if number else None,
                address=urljoin(channel.site_url, name) if number else None,
            ).encode("utf-8")
            yield MediaFile(name, "text/html", len(html), html)


def _is_stale(publication: Publication, written: Written, name: str) -> bool:
    """Whether the index page of a page of the feed has to be written."""
    fixed = written.uploaded.prepared.fixed
    if fixed.found.site_key != fixed.ledger.site:
        return True
    if name in {page.name for page in written.paged.pages}:
        return True
    return publication.target.size(f"index-{page_number(name)}.html") is None
