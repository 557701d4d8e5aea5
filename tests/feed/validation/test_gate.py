"""The gate over whole feeds: a good one passes, a broken or hostile one is a finding."""

from __future__ import annotations

from datetime import datetime, timezone
from pathlib import Path

import pytest

from sayso.feed.rss.document import MAX_BYTES
from sayso.feed.validation import FeedFinding, check_feed
from sayso.feed.validation.document import Document
from sayso.net import http

DATA = Path(__file__).parent / "data"
GOOD = (DATA / "good.xml").read_bytes()
NOW = datetime(2026, 4, 1, tzinfo=timezone.utc)


def rules(raw: bytes) -> list[str]:
    return [finding.rule for finding in check_feed(raw, "feed.xml", now=NOW)]


def test_a_feed_that_keeps_every_rule_has_no_finding() -> None:
    assert check_feed(GOOD, "good.xml", now=NOW) == ()


@pytest.mark.parametrize(
    ("raw", "rule"),
    [
        (b"", "xml-wellformed"),
        (b"\0", "xml-wellformed"),
        (b"404 page not found\n", "xml-wellformed"),
        (GOOD[:1500], "xml-wellformed"),
        (b'<?xml version="1.0" encoding="UTF-8"?>' + b"<a>" * 5000, "xml-wellformed"),
        (b"<rss>" + b" " * (65 << 20), "xml-size"),
        (b"<a/>" * 4_100_000, "xml-size"),
    ],
    ids=["empty", "zero", "no XML", "cut", "deep", "large", "many"],
)
def test_what_is_no_feed_is_one_finding(raw: bytes, rule: str) -> None:
    assert rules(raw) == [rule]


def test_a_bomb_of_entities_is_not_unpacked() -> None:
    entities = "".join(f'<!ENTITY a{i} "{f"&a{i - 1};" * 10}">' for i in range(1, 10))
    bomb = f'<?xml version="1.0"?>\n<!DOCTYPE rss [<!ENTITY a0 "ha">{entities}]>\n<rss>&a9;</rss>'
    (finding,) = check_feed(bomb.encode(), "feed.xml")
    assert (finding.rule, finding.severity, finding.line) == ("xml-no-dtd", "error", 2)


def test_a_finding_reads_as_a_sentence() -> None:
    finding = FeedFinding(
        "psp-guid", "error", "the item has no GUID", "give it one", "PSP-1", 12, "Tide", "feed.xml"
    )
    assert str(finding) == (
        "feed.xml:12: “Tide”: the item has no GUID (give it one) [psp-guid, PSP-1]"
    )


def test_the_largest_feed_that_is_read_can_be_written_and_fetched() -> None:
    assert not Document(b" " * MAX_BYTES, "feed.xml").is_too_large
    assert Document(b" " * (MAX_BYTES + 1), "feed.xml").is_too_large
    assert http.MOST_BYTES >= MAX_BYTES
