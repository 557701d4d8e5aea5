"""Feeds of other publishers, as files in data/adopted/, and how to compare what became of them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

from feed.rss.shows import SHOW
from lxml import etree

from sayso.feed.rss import read_feed
from sayso.model import Channel

DATA = Path(__file__).parent / "data"
ADOPTED = sorted(p for p in (DATA / "adopted").glob("*.rss") if p.suffixes == [".rss"])

# The local names of what a channel says by a `Channel`; everything else is its publisher's.
GOVERNED = frozenset(
    [
        "title",
        "link",
        "description",
        "language",
        "generator",
        "image",
        "category",
        "explicit",
        "type",
        "owner",
        "guid",
        "locked",
        "medium",
        "txt",
        "pubDate",
        "lastBuildDate",
        "author",
        "copyright",
        "complete",
        "block",
        "new-feed-url",
    ]
)


def channel_of(raw: bytes) -> Channel:
    """The settings with which a show would take its feed over: the same title and address."""
    there = read_feed(raw, "adopted.rss")
    url = there.self_url or "https://adopted.example/feed.xml"
    return replace(SHOW, title=there.title, feed_url=url, guid=there.guid or SHOW.guid)


def channel_element(raw: bytes) -> Any:
    parser = etree.XMLParser(resolve_entities=False, no_network=True, strip_cdata=False)
    root = etree.fromstring(raw, parser)
    return next(one for one in root if etree.QName(one).localname == "channel")


def canonical(element: Any) -> bytes:
    """An element as C14N writes it: equal where nothing that XML means is different."""
    form: bytes
    if isinstance(element.tag, str):
        form = etree.tostring(element, method="c14n", exclusive=True, with_tail=False)
    else:  # lxml 6 crashes on a comment alone
        form = etree.tostring(element, with_tail=False)
    return form


def canonical_parts(raw: bytes) -> Iterator[bytes]:
    """The children of the channel that are not governed: items, comments, foreign elements."""
    for one in channel_element(raw):
        if not isinstance(one.tag, str) or (
            etree.QName(one).localname not in GOVERNED and one.get("rel") != "self"
        ):
            yield canonical(one)


def around_root(raw: bytes) -> list[bytes]:
    """Comments and instructions before and after the root, and the root's own attributes."""
    root = channel_element(raw).getparent()
    outside = [*root.itersiblings(preceding=True), *root.itersiblings()]
    return [*map(canonical, outside), repr(sorted(root.attrib.items())).encode()]
