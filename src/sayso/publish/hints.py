"""What the maker of a feed changes where it breaks a rule: a setting or a review, not the XML."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import replace

from sayso.feed.validation import FeedFinding
from sayso.publish.ledger import Ledger

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
    """ErrorGroup of the show's own feed, with the hints that its maker has.

    By the ledger, those of the episodes that are made here; what was adopted from another host is
    mended in the feed alone.
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
