"""Do ledger, feed and media still agree? What `sayso check` asks after a publication."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sayso.feed.rss import ReadItem
from sayso.feed.validation import FeedFinding
from sayso.feed.validation.rule import AnyRule, Fault, rule
from sayso.publish.ledger import FILE_NAME, RESTORE, Entry, Ledger
from sayso.publish.targets import Target, is_name


@dataclass(frozen=True, slots=True)
class Noted:
    """An entry of the ledger, and its item in the feed."""

    entry: Entry
    item: ReadItem | None


@dataclass(frozen=True, slots=True)
class Announced:
    """An item of the feed, and where its media must lie."""

    item: ReadItem
    target: Target
    site_url: str


def disagreements(
    ledger: Ledger, items: Sequence[ReadItem], target: Target, site_url: str, where: str
) -> Iterator[FeedFinding]:
    """What in the feed, on all its pages, or on the target is not as the ledger has it.

    `items` are those of the feed and its pages, `where` is the feed's place, for the findings.
    """
    there = {item.guid: item for item in items if item.guid is not None}
    for entry in ledger.entries:
        for one in LEDGER_RULES:
            yield from one.findings(Noted(entry, there.get(entry.guid)), where, entry.title)
    for item in there.values():
        yield from target_media.findings(Announced(item, target, site_url), where, item.title)


@rule("ledger-missing", "must", FILE_NAME)
def ledger_missing(noted: Noted) -> Iterator[Fault]:
    """What the ledger has as published is in the feed."""
    if noted.entry.state in ("published", "adopted") and noted.item is None:
        problem = "the ledger says that it is published, and the feed does not have it"
        yield Fault(problem, "publish it again; restore the feed if more are missing")


@rule("ledger-withdrawn", "must", FILE_NAME)
def ledger_withdrawn(noted: Noted) -> Iterator[Fault]:
    """What was unpublished is not in the feed."""
    if noted.entry.state == "withdrawn" and noted.item is not None:
        yield Fault("it was unpublished and is in the feed", "unpublish it again")


@rule("ledger-date", "must", FILE_NAME)
def ledger_date(noted: Noted) -> Iterator[Fault]:
    """An episode has the date that the ledger has."""
    entry, item = noted.entry, noted.item
    if entry.state == "published" and item is not None and item.date != entry.date:
        yield Fault(f"the feed says {item.date}, and {FILE_NAME} {entry.date}", RESTORE)


@rule("target-media", "must", "RSS 2.0; PSP-1")
def target_media(announced: Announced) -> Iterator[Fault]:
    """Media lies where it was published to, as long as the feed says."""
    item, site_url = announced.item, announced.site_url
    url = item.enclosure_url or ""
    name = url.removeprefix(site_url)
    if not url.startswith(site_url) or not is_name(name):
        return  # adopted: it lies with another host, or is of another's making
    size = announced.target.size(name)
    if size is None:
        yield Fault(f"{name} is not there", "publish it again")
    elif size != item.n_bytes:
        problem = f"{name} has {size:,} bytes, and the feed says {item.n_bytes or 0:,}"
        yield Fault(problem, "publish it again")


LEDGER_RULES: tuple[AnyRule, ...] = (ledger_missing, ledger_withdrawn, ledger_date)

AGREEING: tuple[tuple[str, tuple[AnyRule, ...]], ...] = (
    ("Ledger, feed and target", (*LEDGER_RULES, target_media)),
)
"""The rules that need the show's ledger and its target."""
