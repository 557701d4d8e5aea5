"""The gate: the bytes of a feed in, every rule that they break out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime, timezone
from itertools import islice

from sayso.feed.validation.channel_rules import CHANNEL_RULES
from sayso.feed.validation.document import Document, read_document
from sayso.feed.validation.document_rules import BYTES_RULES, DOCUMENT_RULES
from sayso.feed.validation.feed import Feed, read_feed
from sayso.feed.validation.finding import FeedFinding
from sayso.feed.validation.item_rules import ITEM_RULES
from sayso.feed.validation.paging_rules import PAGING_RULES, PagedFeed
from sayso.feed.validation.podcast_rules import (
    PODCAST_CHANNEL_RULES,
    PODCAST_ITEM_RULES,
    PODCAST_NODE_RULES,
)
from sayso.feed.validation.rule import MOST_FAULTS, AnyRule
from sayso.feed.validation.several_items_rules import SEVERAL_ITEMS_RULES
from sayso.net.urls import bare

BYTES_OF_A_FEED: tuple[tuple[str, tuple[AnyRule, ...]], ...] = (
    ("Bytes and XML", (*BYTES_RULES, *DOCUMENT_RULES)),
    ("Channel", CHANNEL_RULES),
    ("Item", ITEM_RULES),
    ("Items among one another", SEVERAL_ITEMS_RULES),
    ("Podcasting 2.0", (*PODCAST_CHANNEL_RULES, *PODCAST_NODE_RULES, *PODCAST_ITEM_RULES)),
    ("Pages", PAGING_RULES),
)
"""The rules that need nothing but the feed, by subject."""


def check_feed(
    raw: bytes,
    where: str,
    *,
    pages: Mapping[str, bytes] | None = None,
    now: datetime | None = None,
) -> tuple[FeedFinding, ...]:
    """Hold the bytes of a feed, ours or a stranger's, against every rule.

    `where` is the feed's name or address, for the findings; `pages` are its other pages by address
    (RFC 5005), each judged as well; `now` is the day to judge dates by, the clock's without one.
    A rule gives a hundred findings in a document at most. Raises nothing, whatever the bytes are;
    findings come in the order of the document, those of the whole of it first.
    """
    now = now or datetime.now(timezone.utc)
    document = read_document(raw, where)
    feed = read_feed(document, now)
    findings = list(_of_document(document, feed))
    read: dict[str, Feed | None] = {}
    for url, page_bytes in (pages or {}).items():
        page = read_document(page_bytes, url)
        read[bare(url)] = read_feed(page, now)
        findings += _of_document(page, read[bare(url)])
    if feed is not None:
        for rule in PAGING_RULES:
            findings += rule.findings(PagedFeed(feed, None if pages is None else read), where)
    return tuple(findings)


def _of_document(document: Document, feed: Feed | None) -> list[FeedFinding]:
    """The findings of one document."""
    where = document.where
    found = [finding for rule in BYTES_RULES for finding in rule.findings(document, where)]
    if feed is None:
        return found
    for rule in (*DOCUMENT_RULES, *CHANNEL_RULES, *PODCAST_CHANNEL_RULES, *SEVERAL_ITEMS_RULES):
        found += rule.findings(feed, where)
    for rule in PODCAST_NODE_RULES:
        found += rule.findings(feed.channel, where)
    for rule in (*ITEM_RULES, *PODCAST_NODE_RULES, *PODCAST_ITEM_RULES):
        found += _of_items(rule, feed)
    return sorted(found, key=lambda finding: (finding.line is not None, finding.line or 0))


def _of_items(rule: AnyRule, feed: Feed) -> Iterator[FeedFinding]:
    faults = ((item, fault) for item in feed.items for fault in rule.check(item))
    for item, fault in islice(faults, MOST_FAULTS):
        yield rule.finding(fault, feed.document.where, item.name)
