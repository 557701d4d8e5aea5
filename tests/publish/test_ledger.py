from __future__ import annotations

import multiprocessing
from dataclasses import replace
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from publish.writing_ledgers import DAY, add_entries

from sayso.errors import PublishError
from sayso.publish.ledger import (
    FILE_NAME,
    Entry,
    Ledger,
    ledger_text,
    make_guid,
    read_ledger,
)

ENTRY = Entry("the-pier", "0b0e8d8e-5c0d-4f43-9c58-0d6a3a7a2f11", DAY, "published", "The Pier")

ENTRIES = st.lists(
    st.builds(
        Entry,
        slug=st.from_regex(r"[a-z0-9][a-z0-9-]{0,20}", fullmatch=True),
        guid=st.uuids().map(str),
        date=st.datetimes(
            datetime(1990, 1, 1), datetime(2100, 1, 1), timezones=st.just(timezone.utc)
        ).map(lambda date: date.replace(microsecond=0)),
        state=st.sampled_from(["scheduled", "pending", "published", "withdrawn"]),
        title=st.text(min_size=1),
        manifest=st.none() | st.just("0" * 64),
    ),
    unique_by=(lambda entry: entry.slug, lambda entry: entry.guid),
)


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A ledger's place."""
    return tmp_path_factory.mktemp("ledger") / FILE_NAME


@settings(max_examples=40)
@given(ENTRIES)
def test_what_is_written_is_read(path: Path, entries: list[Entry]) -> None:
    ledger = Ledger("guid", "site", tuple(sorted(entries, key=lambda e: (e.date, e.guid))))
    path.write_text(ledger_text(ledger), "utf-8")
    assert read_ledger(path) == ledger


def test_an_episode_is_one_line_of_the_file() -> None:
    text = ledger_text(Ledger("g", None, (ENTRY, replace(ENTRY, slug="b", guid=make_guid()))))
    assert sum('"slug"' in line for line in text.splitlines()) == 2


def test_a_guid_never_changes() -> None:
    with pytest.raises(PublishError, match="download it again"):
        Ledger(entries=(ENTRY,)).with_entry(replace(ENTRY, guid=make_guid()))


def test_no_two_episodes_share_a_guid() -> None:
    with pytest.raises(PublishError, match="share"):
        Ledger(entries=(ENTRY,)).with_entry(replace(ENTRY, slug="another"))


def test_a_published_date_changes_only_on_purpose() -> None:
    later = replace(ENTRY, date=DAY + timedelta(days=1))
    with pytest.raises(PublishError, match="remember") as caught:
        Ledger(entries=(ENTRY,)).with_entry(later)
    assert "--redate" in (caught.value.hint or "")
    assert Ledger(entries=(ENTRY,)).with_entry(later, redate=True).of_slug("the-pier") == later
    planned = replace(ENTRY, state="scheduled")
    assert Ledger(entries=(planned,)).with_entry(replace(later, state="scheduled"))


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("{", "not JSON"),
        ('{\n<<<<<<< ours\n"schema": 1\n', "a merge of two versions"),
        ("[]", "no ledger"),
        ('{"schema": 9}', "no ledger"),
        ('{"schema": 1}', "no list of episodes"),
        ('{"schema": 1, "episodes": [3]}', "no table"),
        ('{"schema": 1, "episodes": [{"guid": "x", "title": "T", "state": "sold"}]}', "'sold'"),
    ],
)
def test_a_damaged_ledger_is_said_to_be_so(tmp_path: Path, text: str, words: str) -> None:
    path = tmp_path / FILE_NAME
    path.write_text(text, "utf-8")
    with pytest.raises(PublishError, match=words) as caught:
        read_ledger(path)
    assert caught.value.file == str(path)
    assert caught.value.hint


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("2025-10-17T06:00:00+00:00", "yesterday", "no date"),
        ("2025-10-17T06:00:00+00:00", "2025-10-17T06:00:00", "no time zone"),
        (ENTRY.guid, r"\u0000", "no feed can hold"),
        ('"slug": "the-pier", ', "", "no slug"),
        ('"title": "The Pier"', '"title": 3', "no title"),
    ],
)
def test_an_edited_ledger_must_make_sense(tmp_path: Path, old: str, new: str, words: str) -> None:
    text = ledger_text(Ledger(entries=(ENTRY,)))
    assert old in text
    (tmp_path / FILE_NAME).write_text(text.replace(old, new), "utf-8")
    with pytest.raises(PublishError, match=words):
        read_ledger(tmp_path / FILE_NAME)


def test_an_episode_twice_is_an_error(tmp_path: Path) -> None:
    twice = Ledger(entries=(ENTRY, replace(ENTRY, guid=make_guid())))
    (tmp_path / FILE_NAME).write_text(ledger_text(twice), "utf-8")
    with pytest.raises(PublishError, match="twice"):
        read_ledger(tmp_path / FILE_NAME)


def test_processes_that_write_at_once_lose_nothing(tmp_path: Path) -> None:
    context = multiprocessing.get_context("spawn")
    writers = [context.Process(target=add_entries, args=(tmp_path, n, 20)) for n in range(3)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join(60)
    assert len(read_ledger(tmp_path / FILE_NAME).entries) == 60
    assert [path.name for path in tmp_path.iterdir()] == [FILE_NAME]
