"""One page of a feed: the file that holds older items (RFC 5005 §3, "Paged Feeds").

A page's name tells its content, so a page once written never changes, and a feed that is read while
it is being published never mixes two states. The price: a page cannot name the page after it, whose
name comes from what it says itself. So pages have `first`, `next` and `last`, and no `previous`.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urljoin

from lxml import etree

from sayso.feed.rss.channel import MIME, scratch, set_channel, set_slot
from sayso.feed.rss.document import Document, serialise
from sayso.feed.rss.editing import append
from sayso.feed.rss.editing import remove as take_out
from sayso.feed.rss.feed_reader import link_of
from sayso.feed.rss.namespaces import add, name_of
from sayso.feed.rss.updating import set_derived
from sayso.model import Channel

_NAME = re.compile(r"feed-([1-9]\d*)-[0-9a-f]{10}\.xml", re.ASCII)
_OWN_NAME = "feed-0-0000000000.xml"
"""Stands for the page's own name while that is not known."""

ITSELF = ""
"""The `last` address of a page that is the oldest."""


@dataclass(frozen=True, slots=True)
class FeedPage:
    """A page of older items, as a file beside the feed."""

    name: str
    """`feed-<n>-<hash>.xml`; the oldest page is the first."""
    data: bytes


def older_page(document: Document, channel: Channel | None = None) -> str | None:
    """The name of the page that a feed or page calls its next, where it is one of our pages.

    It is ours where it lies beside the document, or beside the feed that `channel` names.
    """
    url = link_of(document.channel, "next")
    name = "" if url is None else url.rpartition("/")[2]
    if not _NAME.fullmatch(name):
        return None
    bases = (link_of(document.channel, "self"), channel.feed_url if channel else None)
    return name if any(urljoin(base, name) == url for base in bases if base) else None


def page_number(name: str) -> int:
    """3 of `feed-3-0123456789.xml`."""
    found = _NAME.fullmatch(name)
    assert found is not None, name
    return int(found[1])


def make_page(
    like: Document,
    channel: Channel,
    n: int,
    items: Sequence[Any],
    *,
    older_url: str | None,
    last_url: str | None,
) -> FeedPage:
    """Move item elements into a page of their own, the `n`th from the oldest.

    The page has the root and namespaces of `like`, where the items come from, and says of the show
    what a feed must. `last_url` is ITSELF for the oldest page, None where it is not known.
    """
    document = _empty(like)
    element = document.channel
    own_url = urljoin(channel.feed_url, _OWN_NAME)
    set_channel(element, replace(channel, hub=None, new_url=None, complete=False), own_url)
    set_link(element, "first", channel.feed_url)
    set_link(element, "next", older_url)
    set_link(element, "last", own_url if last_url == ITSELF else last_url)
    for item in items:
        take_out(item)
        append(element, item, fresh=False)
    set_derived(document)
    content = hashlib.sha256(serialise(document)).hexdigest()[:10]
    name = f"feed-{n}-{content}.xml"
    for rel in ("self", "last") if last_url == ITSELF else ("self",):
        set_link(element, rel, urljoin(channel.feed_url, name))
    return FeedPage(name, serialise(document))


def set_link(element: Any, rel: str, url: str | None) -> None:
    """Set the `atom:link` of a relation in a channel; None removes it."""
    if url is None:
        for one in _links(element, rel):
            take_out(one)
        return
    made = scratch(element)
    add(made, "atom:link", href=url, rel=rel, type=MIME)
    set_slot(element, ("atom:link", rel), list(made))


def _links(element: Any, rel: str) -> Iterator[Any]:
    for one in list(element):
        if name_of(one) == "atom:link" and one.get("rel") == rel:
            yield one


def _empty(like: Document) -> Document:
    """A document with the root, the attributes and the namespaces of another, and no content."""
    root = etree.Element(like.root.tag, dict(like.root.attrib), nsmap=like.root.nsmap)
    inner = dict(like.channel.attrib)
    element = etree.SubElement(root, like.channel.tag, inner, nsmap=like.channel.nsmap)
    root.text, element.text, element.tail = "\n  ", "\n  ", "\n"
    return Document(root, element, True)
