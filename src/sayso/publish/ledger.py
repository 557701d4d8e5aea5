"""feed.lock.json, the ledger: the permanent GUID and date of every episode.

Podcast apps know an episode by its GUID: if it changes, every listener downloads the episode again.
So GUID and date are written here before anything leaves the machine, and the file belongs in
version control beside the reviews.
"""

from __future__ import annotations

import contextlib
import json
import re
import uuid
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any, Literal

from sayso.errors import PublishError
from sayso.system.atomic_files import exclusive, explain_os_errors, write_atomic

FILE_NAME = "feed.lock.json"
SCHEMA = 1

State = Literal["scheduled", "pending", "published", "withdrawn", "adopted"]
"""Scheduled: its date is in the future. Pending: a run was about to publish it and was killed; the
next run finishes. Withdrawn: taken out of the feed. Adopted: came with another feed."""
_STATES = ("scheduled", "pending", "published", "withdrawn", "adopted")

RESTORE = f"take {FILE_NAME} back from version control; --redate is for a change of date on purpose"


@dataclass(frozen=True, slots=True)
class Entry:
    """What is fixed for one episode."""

    slug: str | None
    """The name of its folder; None for one that was adopted."""
    guid: str
    date: datetime
    """When it was or will be published; whole seconds, with its zone."""
    state: State
    title: str
    manifest: str | None = None
    """SHA-256 of the episode.json that was published; None before it was."""


@dataclass(frozen=True, slots=True)
class Ledger:
    """All entries, and what is fixed for the feed itself."""

    feed_guid: str | None = None
    site: str | None = None
    """Key of what the pages were last made with: templates, style, settings."""
    entries: tuple[Entry, ...] = ()

    def of_slug(self, slug: str) -> Entry | None:
        """The entry of an episode's folder."""
        return next((entry for entry in self.entries if entry.slug == slug), None)

    def of_guid(self, guid: str) -> Entry | None:
        """The entry with a GUID."""
        return next((entry for entry in self.entries if entry.guid == guid), None)

    def with_entry(self, new: Entry, *, redate: bool = False) -> Ledger:
        """The ledger with an entry added or updated.

        An entry with a slug replaces an adopted one with the same GUID: its review is here now.
        Raises PublishError if that would change a GUID, or, without `redate`, the date of an
        episode that listeners have seen.
        """
        same_guid = self.of_guid(new.guid)
        old = same_guid if new.slug is None else self.of_slug(new.slug)
        if old is None and same_guid is not None:
            if same_guid.slug is not None:
                raise PublishError(
                    f"two episodes cannot share the GUID {new.guid}",
                    code="guid-changed",
                    hint=RESTORE,
                )
            old = same_guid
        if old is None:
            return replace(self, entries=(*self.entries, new))
        if old.guid != new.guid:
            raise PublishError(
                f"the GUID of {new.slug!r} is {old.guid} and would become {new.guid}: every "
                "listener would download it again",
                code="guid-changed",
                hint=RESTORE,
            )
        if old.date != new.date and old.state != "scheduled" and not redate:
            raise PublishError(
                f"{new.slug!r} has been published with the date {old.date.isoformat(' ')}, which "
                "podcast apps remember",
                code="date-changed",
                hint="leave --at away, or add --redate to change the date on purpose",
            )
        entries = tuple(new if entry is old else entry for entry in self.entries)
        return replace(self, entries=entries)


def make_guid() -> str:
    """A GUID for an episode: a random UUID, because names and addresses may change."""
    return str(uuid.uuid4())


def read_ledger(path: Path) -> Ledger:
    """The ledger, or an empty one if there is no file.

    Raises PublishError, with the line if it is known, for a file that is damaged or contradicts
    itself.
    """
    with explain_os_errors(path):
        if not path.is_file():
            return Ledger()
        raw = path.read_bytes()
    try:
        document = json.loads(raw)
    except (ValueError, RecursionError) as error:
        merged = raw.startswith(b"<<<<<<< ") or b"\n<<<<<<< " in raw
        raise PublishError(
            "a merge of two versions was not finished" if merged else f"not JSON: {error}",
            code="ledger-damaged",
            file=path,
            line=getattr(error, "lineno", None),
            hint="keep the entries of both sides" if merged else RESTORE,
        ) from error
    try:
        ledger = _ledger(document)
    except _Damaged as error:
        raise PublishError(str(error), code="ledger-damaged", file=path, hint=RESTORE) from error
    return ledger


def ledger_text(ledger: Ledger) -> str:
    """The ledger as JSON: one line for each entry, by date, so that versions merge well."""
    rows = [
        json.dumps(_row(entry), ensure_ascii=False)
        for entry in sorted(ledger.entries, key=lambda entry: (entry.date, entry.guid))
    ]
    head = {"schema": SCHEMA, "feed_guid": ledger.feed_guid, "site": ledger.site}
    fields = [f" {json.dumps(key)}: {json.dumps(value)}" for key, value in head.items()]
    listed = "\n" + ",\n".join(f"  {row}" for row in rows) + "\n " if rows else ""
    fields.append(f' "episodes": [{listed}]')
    return "{\n" + ",\n".join(fields) + "\n}\n"


class LedgerFile:
    """The ledger on disk, while only this process may change it."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.ledger = read_ledger(path)

    def write(self, ledger: Ledger) -> None:
        """Write a new version, durably."""
        write_atomic(self.path, ledger_text(ledger))
        self.ledger = ledger


@contextlib.contextmanager
def open_ledger(folder: Path) -> Iterator[LedgerFile]:
    """The ledger of a show folder, to be changed; other processes wait until then.

    Raises PublishError as `read_ledger` does, EnvironmentProblem if it cannot be written.
    """
    with exclusive(folder):
        yield LedgerFile(folder / FILE_NAME)


class _Damaged(Exception):
    """A ledger holds something that it cannot."""


def _ledger(document: Any) -> Ledger:
    if not isinstance(document, dict) or document.get("schema") != SCHEMA:
        raise _Damaged("it is no ledger that this version of sayso can read")
    rows = document.get("episodes")
    if not isinstance(rows, list):
        raise _Damaged("it has no list of episodes")
    entries = tuple(map(_entry, rows))
    slugs = Counter(entry.slug for entry in entries if entry.slug is not None)
    guids = Counter(entry.guid for entry in entries)
    for name, n_times in (*slugs.items(), *guids.items()):
        if n_times > 1:
            raise _Damaged(f"{name!r} is in it twice")
    return Ledger(_text_or_none(document, "feed_guid"), _text_or_none(document, "site"), entries)


def _entry(row: Any) -> Entry:
    if not isinstance(row, dict):
        raise _Damaged("an episode is no table")
    guid, title, state = (_text(row, key) for key in ("guid", "title", "state"))
    slug = _text_or_none(row, "slug")
    if state not in _STATES:
        raise _Damaged(f"the state of {title!r} cannot be {state!r}")
    if slug is None and state != "adopted":
        raise _Damaged(f"{title!r} has no slug")
    if re.search(r"[\x00-\x08\ud800-\udfff]", guid):  # an adopted GUID need not be a UUID
        raise _Damaged(f"no feed can hold the GUID of {title!r}: {guid!r}")
    try:
        date = datetime.fromisoformat(_text(row, "date").replace("Z", "+00:00"))
    except ValueError as error:
        raise _Damaged(f"the date of {title!r} is no date") from error
    if date.tzinfo is None:
        raise _Damaged(f"the date of {title!r} has no time zone")
    manifest = _text_or_none(row, "manifest")
    return Entry(slug, guid, date, state, title, manifest)  # type: ignore[arg-type]


def _row(entry: Entry) -> dict[str, str]:
    row = {
        "slug": entry.slug,
        "guid": entry.guid,
        "date": entry.date.isoformat(),
        "state": entry.state,
        "title": entry.title,
        "manifest": entry.manifest,
    }
    return {key: value for key, value in row.items() if value is not None}


def _text(row: dict[str, Any], key: str) -> str:
    value = row.get(key)
    if not isinstance(value, str) or not value:
        raise _Damaged(f"an episode has no {key}")
    return value


def _text_or_none(row: dict[str, Any], key: str) -> str | None:
    return None if row.get(key) is None else _text(row, key)
