"""Do ledger, feed and media still agree? What `sayso check` asks after a publication."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from sayso.feed.checking import FeedFinding
from sayso.feed.ledger import FILE_NAME, RESTORE, Ledger
from sayso.feed.rss import ReadItem
from sayso.feed.targets import Target, is_name

_SOURCE = "feed.lock.json"


def disagreements(
    ledger: Ledger, items: Sequence[ReadItem], target: Target, site_url: str, where: str
) -> Iterator[FeedFinding]:
    """What in the feed, on all its pages, or on the target is not as the ledger has it."""
    there = {item.guid: item for item in items if item.guid is not None}
    for entry in ledger.entries:
        item = there.get(entry.guid)
        if entry.state in ("published", "adopted") and item is None:
            yield _finding(
                "ledger-missing",
                "the ledger says that it is published, and the feed does not have it",
                "publish it again; restore the feed if more are missing",
                where,
                entry.title,
            )
        elif entry.state == "withdrawn" and item is not None:
            mend = "unpublish it again"
            yield _finding(
                "ledger-withdrawn",
                "it was unpublished and is in the feed",
                mend,
                where,
                entry.title,
            )
        elif item is not None and entry.state == "published" and item.date != entry.date:
            yield _finding(
                "ledger-date",
                f"the feed says {item.date}, and {FILE_NAME} {entry.date}",
                RESTORE,
                where,
                entry.title,
            )
    yield from _media(there, target, site_url, where)


def _media(
    there: Mapping[str, ReadItem], target: Target, site_url: str, where: str
) -> Iterator[FeedFinding]:
    for item in there.values():
        url = item.enclosure_url or ""
        name = url.removeprefix(site_url)
        if not url.startswith(site_url) or not is_name(name):
            continue  # adopted: it lies with another host, or is of another's making
        size = target.size(name)
        if size != item.n_bytes:
            problem = (
                f"{name} is not there"
                if size is None
                else f"{name} has {size:,} bytes, and the feed says {item.n_bytes or 0:,}"
            )
            yield _finding("target-media", problem, "publish it again", where, item.title)


def _finding(rule: str, problem: str, mend: str, where: str, item: str) -> FeedFinding:
    return FeedFinding(rule, "error", problem, mend, _SOURCE, item=item, where=where)
