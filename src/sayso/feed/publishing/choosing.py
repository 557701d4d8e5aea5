"""Which episodes are published now, and what the ledger fixes for them first.

Nothing is read or written here: the ledger, the feed that is there and the finished episodes go in.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sayso.errors import PublishError, SaysoError, did_you_mean, raise_all
from sayso.feed.ledger import FILE_NAME, RESTORE, Entry, Ledger, make_guid
from sayso.feed.rss import ReadItem


@dataclass(frozen=True, slots=True)
class Request:
    """What was asked for."""

    slugs: tuple[str, ...] = ()
    """The episodes that were named; none: all that are new or have changed."""
    at: datetime | None = None
    """The date to publish them with; in the future, it schedules them. None: now."""
    redate: bool = False
    """Whether `at` may change the date of an episode that has been published."""
    due: bool = False
    """Only what was scheduled and is due, and what a killed run has left."""


@dataclass(frozen=True, slots=True)
class Finished:
    """A finished episode of the show, as far as choosing needs it."""

    slug: str
    title: str
    digest: str
    """Of its manifest."""
    order: str = ""
    """What puts episodes that are published at once in order: the review's date."""


@dataclass(frozen=True, slots=True)
class Choice:
    """What will be done."""

    ledger: Ledger
    """As it must be on disk before anything leaves the machine."""
    now: tuple[Entry, ...] = ()
    """To be published, oldest first."""
    later: tuple[Entry, ...] = ()
    """Scheduled."""


def choose(
    request: Request,
    ledger: Ledger,
    finished: Sequence[Finished],
    published: Mapping[str, ReadItem],
    now: datetime,
) -> Choice:
    """Decide what is published.

    `finished` are the show's finished episodes. `published` are the items of the feed that is there
    by slug, as far as their pages are the show's: what the ledger has lost is taken from them, and
    what it contradicts is refused. Raises PublishError (or Findings) for episodes that are not
    there, and for what would change a GUID or a published date.
    """
    now = now.replace(microsecond=0)
    here = {one.slug: one for one in finished}
    known = {entry.slug: entry for entry in ledger.entries if entry.slug is not None}
    _refuse_contradictions(known, published, request)
    for slug, one in here.items():
        if slug not in known and slug in published:  # the ledger was lost, or is another machine's
            item = published[slug]
            if item.guid is not None and item.date is not None:
                known[slug] = Entry(slug, item.guid, item.date, "pending", one.title)
                ledger = ledger.with_entry(known[slug])

    wanted = _wanted(request, here, known, now)
    fresh = [slug for slug in wanted if slug not in known]
    chosen = [_dated(known[slug], request) for slug in wanted if slug in known]
    chosen += _new_entries([here[slug] for slug in fresh], request.at or now)
    publish: list[Entry] = []
    schedule: list[Entry] = []
    for entry in chosen:
        assert entry.slug is not None
        if entry.date > now and (entry.slug in fresh or entry.state == "scheduled"):
            entry = replace(entry, state="scheduled")
            schedule.append(entry)
        elif entry.date > now:
            raise PublishError(
                f"{entry.slug!r} has been published and cannot be scheduled",
                mend="unpublish it first, or choose a date that has come",
            )
        else:
            stays = entry.state == "published" and entry == known[entry.slug]
            state = "published" if stays else "pending"  # a date on its way may differ from the feed's
            entry = replace(entry, state=state, title=here[entry.slug].title)
            publish.append(entry)
        ledger = ledger.with_entry(entry, redate=request.redate)
    publish.sort(key=lambda entry: (entry.date, entry.slug))
    return Choice(ledger, tuple(publish), tuple(schedule))


def withdraw(slugs: Sequence[str], ledger: Ledger) -> Choice:
    """Take episodes out of the feed. Raises PublishError (or Findings) for unpublished ones."""
    known = {entry.slug: entry for entry in ledger.entries if entry.slug is not None}
    raise_all(
        [
            PublishError(f"{slug!r} has not been published", mend=did_you_mean(slug, known))
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
    return Choice(ledger, tuple(gone))


def _wanted(
    request: Request, here: Mapping[str, Finished], known: Mapping[str, Entry], now: datetime
) -> list[str]:
    """The slugs to see to, in no special order."""

    def is_due(entry: Entry) -> bool:
        return entry.state == "pending" or (entry.state == "scheduled" and entry.date <= now)

    if request.due:
        due = [slug for slug, entry in known.items() if is_due(entry)]
        _must_be_here(due, here)
        return due
    if request.slugs:
        named = list(dict.fromkeys(request.slugs))
        _must_be_here(named, here)
        return named
    return [
        slug
        for slug, one in here.items()
        if (entry := known.get(slug)) is None
        or is_due(entry)
        or (entry.state == "published" and entry.manifest != one.digest)
    ]


def _must_be_here(slugs: Sequence[str], here: Mapping[str, Finished]) -> None:
    raise_all(
        [
            PublishError(f"no finished episode {slug!r}", mend=f"sayso build reviews/{slug}.md")
            for slug in slugs
            if slug not in here
        ]
    )


def _dated(entry: Entry, request: Request) -> Entry:
    return entry if request.at is None else replace(entry, date=request.at.replace(microsecond=0))


def _new_entries(fresh: Sequence[Finished], last: datetime) -> list[Entry]:
    """Entries for new episodes: a second apart, so that every app has them in one order."""
    ordered = sorted(fresh, key=lambda one: (one.order, one.slug))
    return [
        Entry(
            one.slug,
            make_guid(),
            (last - timedelta(seconds=len(ordered) - number)).replace(microsecond=0),
            "pending",
            one.title,
        )
        for number, one in enumerate(ordered, 1)
    ]


def _refuse_contradictions(
    known: Mapping[str | None, Entry], published: Mapping[str, ReadItem], request: Request
) -> None:
    """The feed and the ledger must agree: one of them has been changed by hand."""
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
                    file=FILE_NAME,
                    mend=RESTORE,
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
                    file=FILE_NAME,
                    mend=RESTORE,
                )
            )
    raise_all(errors)
