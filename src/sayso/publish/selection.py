"""Which episodes are published now, and what the ledger fixes for them first.

This module reads and writes nothing: it takes the ledger, the published feed and the finished
episodes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from sayso.errors import PublishError, SaysoError, did_you_mean, raise_all
from sayso.feed.rss import ReadItem
from sayso.publish.ledger import FILE_NAME, RESTORE, Entry, Ledger, make_guid

_SET_BACK = timedelta(days=1)
"""People correct a clock by seconds, or by hours if its zone was wrong; and the rules allow a date
that is less than this in the future."""


@dataclass(frozen=True, slots=True)
class Request:
    """What was asked for."""

    slugs: tuple[str, ...] = ()
    """The episodes that were named; empty: all that are new or have changed."""
    at: datetime | None = None
    """The date to publish them with; a future date schedules them. None: now."""
    redate: bool = False
    """Whether `at` may change the date of an episode that has been published."""
    due: bool = False
    """Publish only what was scheduled and is due, and what a killed run has left."""


@dataclass(frozen=True, slots=True)
class About:
    """What `choose` needs to know of an episode."""

    title: str
    written: str
    """The review's date, or nothing: episodes that are published together are sorted by it."""


@dataclass(frozen=True, slots=True)
class Choice:
    """What will be done."""

    ledger: Ledger
    """As it must be on disk before anything leaves the machine."""
    now: Mapping[str, Entry] = field(default_factory=dict)
    """To be published, by slug, oldest first."""
    later: tuple[Entry, ...] = ()
    """Scheduled."""
    withdrawn: tuple[Entry, ...] = ()
    """Taken out of the feed; they are as they were before."""


def choose(
    request: Request,
    ledger: Ledger,
    digests: Mapping[str, str],
    published: Mapping[str, ReadItem],
    about: Callable[[str], About],
    *,
    now: datetime,
    is_lost: bool = False,
) -> Choice:
    """Decide what is published.

    `digests` are those of the manifests of the show's finished episodes, by slug. `published` are
    the items of the published feed whose pages belong to the show, by slug: they restore what the
    ledger has lost, and must not contradict it. `about` describes an episode by its slug.
    `is_lost`: there is no feed, so everything published is published again.

    Raises PublishError (or ErrorGroup) for episodes that do not exist, and for whatever would
    change a GUID or a published date.
    """
    now = now.replace(microsecond=0)
    known = {entry.slug: entry for entry in ledger.entries if entry.slug is not None}
    _refuse_contradictions(known, published, request)
    for slug in digests:
        item = published.get(slug)
        if slug not in known and item is not None and item.guid is not None and item.date:
            # The ledger has been lost, or is another machine's.
            known[slug] = Entry(slug, item.guid, item.date, "pending", item.title or slug)
            ledger = ledger.with_entry(known[slug])

    wanted = _wanted(request, digests, known, now)
    if is_lost:
        lost = [slug for slug, entry in known.items() if entry.state == "published"]
        _refuse_loss(lost, digests, ledger)
        wanted = list(dict.fromkeys([*wanted, *lost]))
    fresh = {slug for slug in wanted if slug not in known}
    chosen = {slug: _dated(known[slug], request) for slug in wanted if slug in known}
    today = now if request.at else max(now, _after_the_newest(ledger, now, len(fresh)))
    chosen |= _new_entries({slug: about(slug) for slug in fresh}, request.at or today)
    publish: dict[str, Entry] = {}
    schedule: list[Entry] = []
    for slug, entry in chosen.items():
        is_unseen = slug in fresh or entry.state == "scheduled"
        if entry.date > now and not is_unseen and entry != known[slug]:
            raise PublishError(
                f"{slug!r} has been published and cannot be scheduled",
                code="date-changed",
                hint="unpublish it first, or choose a date that has come",
            )
        if entry.date > today and is_unseen:
            entry = replace(entry, state="scheduled")
            schedule.append(entry)
        else:
            # Until the feed has the new date, the entry is pending: the two may differ meanwhile.
            stays = entry.state == "published" and entry == known[slug]
            title = about(slug).title
            entry = replace(entry, state="published" if stays else "pending", title=title)
            publish[slug] = entry
        ledger = ledger.with_entry(entry, redate=request.redate)
    in_order = sorted(publish.items(), key=lambda one: (one[1].date, one[1].guid))
    return Choice(ledger, dict(in_order), tuple(schedule))


def withdraw(slugs: Sequence[str], ledger: Ledger) -> Choice:
    """Take episodes out of the feed. Raises PublishError (or ErrorGroup) for unpublished ones."""
    known = {entry.slug: entry for entry in ledger.entries if entry.slug is not None}
    raise_all(
        [
            PublishError(
                f"{slug!r} has not been published",
                code="no-episode",
                hint=did_you_mean(slug, known),
            )
            for slug in slugs
            if slug not in known
        ]
    )
    gone = []
    for entry in map(known.__getitem__, dict.fromkeys(slugs)):
        if entry.state == "scheduled":  # nobody has seen its GUID or its date
            rest = tuple(other for other in ledger.entries if other is not entry)
            ledger = replace(ledger, entries=rest)
        else:
            ledger = ledger.with_entry(replace(entry, state="withdrawn"))
        gone.append(entry)
    return Choice(ledger, withdrawn=tuple(gone))


def _wanted(
    request: Request, digests: Mapping[str, str], known: Mapping[str, Entry], now: datetime
) -> list[str]:
    """The slugs of the episodes that were asked for."""

    def is_due(entry: Entry) -> bool:
        return entry.state == "pending" or (entry.state == "scheduled" and entry.date <= now)

    if request.due:
        due = [slug for slug, entry in known.items() if is_due(entry)]
        _must_be_here(due, digests)
        return due
    if request.slugs:
        named = list(dict.fromkeys(request.slugs))
        _must_be_here(named, digests)
        return named
    return [
        slug
        for slug, digest in digests.items()
        if (entry := known.get(slug)) is None
        or is_due(entry)
        or (entry.state == "published" and entry.manifest != digest)
    ]


def _must_be_here(slugs: Iterable[str], digests: Mapping[str, str]) -> None:
    raise_all(
        [
            PublishError(
                f"no finished episode {slug!r}",
                code="no-episode",
                hint=f"sayso build reviews/{slug}.md",
            )
            for slug in slugs
            if slug not in digests
        ]
    )


def _refuse_loss(lost: Sequence[str], digests: Mapping[str, str], ledger: Ledger) -> None:
    """Raises PublishError if a new feed would lack episodes that the lost one had."""
    if any(entry.state == "adopted" for entry in ledger.entries):
        raise PublishError(
            "the feed is not where it is published to, and it held episodes of another host",
            code="feed-lost",
            hint="bring it back: sayso publish --adopt FILE, or its address",
        )
    away = [slug for slug in lost if slug not in digests]
    if away:
        raise PublishError(
            f"the feed is not where it is published to, and {len(away)} of its episodes are not "
            f"here to begin it again: {', '.join(away[:5])}{' …' * (len(away) > 5)}",
            code="feed-lost",
            hint="bring it back (sayso publish --adopt FILE, or its address), or build them",
        )


def _dated(entry: Entry, request: Request) -> Entry:
    return entry if request.at is None else replace(entry, date=request.at.replace(microsecond=0))


def _after_the_newest(ledger: Ledger, now: datetime, n: int) -> datetime:
    """The date of the last of `n` new episodes, so that they follow the published ones.

    That is later than now if the clock was set back by less than a day. If the newest date is
    further ahead, the clock was wrong then, and the date is ignored.
    """
    there = [e.date for e in ledger.entries if e.state in ("pending", "published")]
    newest = max(there, default=now)
    return newest + timedelta(seconds=n) if now <= newest < now + _SET_BACK else now


def _new_entries(fresh: Mapping[str, About], last: datetime) -> dict[str, Entry]:
    """Entries for new episodes: one second apart, so that every app sorts them alike."""
    last = last.replace(microsecond=0)
    ordered = sorted(fresh.items(), key=lambda one: (one[1].written, one[0]))
    dates = [last - timedelta(seconds=n) for n in reversed(range(len(ordered)))]
    return {
        slug: Entry(slug, make_guid(), date, "pending", about.title)
        for (slug, about), date in zip(ordered, dates, strict=True)
    }


def _refuse_contradictions(
    known: Mapping[str, Entry], published: Mapping[str, ReadItem], request: Request
) -> None:
    """Raises ErrorGroup where feed and ledger differ: somebody has edited one of them."""
    errors: list[SaysoError] = []
    for slug, item in published.items():
        entry = known.get(slug)
        if entry is None or item.guid is None:
            continue
        if item.guid != entry.guid:
            errors.append(
                PublishError(
                    f"the feed has {slug!r} under the GUID {item.guid}, and the ledger under "
                    f"{entry.guid}: every listener would download it again",
                    code="guid-changed",
                    file=FILE_NAME,
                    hint=RESTORE,
                )
            )
        elif (
            item.date is not None
            and item.date != entry.date
            and entry.state == "published"
            and not request.redate
        ):
            errors.append(
                PublishError(
                    f"the feed has {slug!r} with the date {item.date.isoformat(' ')}, and the "
                    f"ledger with {entry.date.isoformat(' ')}",
                    code="date-changed",
                    file=FILE_NAME,
                    hint=RESTORE,
                )
            )
    raise_all(errors)
