"""Rules on whether ledger, feed and media still agree; `sayso check` applies them.

And hints for the maker of a feed that breaks a rule: which setting or review to change, not XML.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

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
    """Where the feed, its older pages or the target differ from the ledger.

    `items` are those of the feed and its pages; `where` names the feed in the findings.
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
        return  # adopted: another host has it, or another program named it
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

_TOP = "{} at the top of show.toml, and publish again"
_FEED = "{} under [feed] in show.toml, and publish again"
_REVIEW = "{} in the review's front matter; build and publish again"

_OF_THE_SHOW = {
    "apple-author": _TOP.format('write author = "Your name"'),
    "apple-image": _TOP.format("name a cover"),
    "apple-image-file": _TOP.format("name a square cover of 1400 to 3000 pixels, JPEG or PNG,"),
    "apple-one-item": "publish an episode, or a trailer",
    "owner-email": _FEED.format("correct email"),
    "pc-ai-content": "leave ai-content out of [feed.verify] in show.toml, and publish again",
    "pc-license": _FEED.format("write license_url, the address of the licence's text,"),
    "pc-medium": _FEED.format('write medium = "podcast", or leave medium out'),
    "pc-person": "correct group and role in [[feed.people]] in show.toml, and publish again",
    "pc-updateFrequency": _FEED.format("correct rrule, such as FREQ=WEEKLY,"),
    "psp-language": _TOP.format("correct language, a code such as en or pt-BR,"),
    "rss-copyright": _FEED.format("write in copyright only who holds the rights"),
    "rss-desc-markup": _TOP.format("write description as plain text"),
}
_OF_AN_EPISODE = {
    "apple-serial-episode": _REVIEW.format("write podcast_episode, its number,"),
    "chapter-timestamps": "change scripts/notes.md.j2; build and publish again",
    "psp-item-title-number": _REVIEW.format(
        "leave the number out of title, write podcast_episode and podcast_season"
    ),
    "youtube-title": _REVIEW.format("write a title of at most 100 characters, without < and >,"),
}


def with_own_hints(findings: Iterable[FeedFinding], ledger: Ledger) -> tuple[FeedFinding, ...]:
    """Findings in the show's own feed, with the hints that its maker can act on.

    The ledger says which episodes are made here; what was adopted from another host can be
    corrected in the feed alone.
    """
    own_titles = [entry.title for entry in ledger.entries if entry.slug is not None]
    return tuple(_with_own_hint(one, own_titles) for one in findings)


def _with_own_hint(finding: FeedFinding, own_titles: Collection[str]) -> FeedFinding:
    hint = _OF_THE_SHOW.get(finding.rule)
    if finding.item is not None or finding.rule in _OF_AN_EPISODE:
        named = _named(finding, own_titles)
        hint = _OF_AN_EPISODE.get(finding.rule) if named else None
    return finding if hint is None else replace(finding, hint=hint)


def _named(finding: FeedFinding, own_titles: Collection[str]) -> bool:
    """Whether a finding speaks of one of the episodes; it may cut a title short."""
    if finding.item is not None:
        return any(title.startswith(finding.item.removesuffix("…")) for title in own_titles)
    return any(f"“{title}”" in finding.problem for title in own_titles)
