"""Whatever the bytes are, the gate tells what is wrong with them and ends."""

from __future__ import annotations

import re
from datetime import datetime, timezone
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sayso.feed.rss.namespaces import NAMESPACES
from sayso.feed.validation import FeedFinding, at_most, check_feed
from sayso.feed.validation.rule import MOST_FAULTS

GOOD = (Path(__file__).parent / "data" / "good.xml").read_bytes()
NOW = datetime(2026, 4, 1, tzinfo=timezone.utc)


def check(raw: bytes) -> tuple[FeedFinding, ...]:
    """The findings, each with all that a person needs."""
    findings = check_feed(raw, "feed.xml", now=NOW)
    for finding in findings:
        assert finding.problem
        assert finding.hint
        assert finding.source
        assert "\n" not in str(finding)
        assert len(str(finding)) < 1000
    return findings


@given(st.binary(max_size=400))
def test_any_bytes(raw: bytes) -> None:
    assert check(raw)


@given(st.integers(0, len(GOOD)), st.integers(0, 60), st.binary(max_size=30))
def test_any_bytes_in_a_good_feed(at: int, n_gone: int, new: bytes) -> None:
    check(GOOD[:at] + new + GOOD[at + n_gone :])


_names = st.sampled_from(
    sorted(set(re.findall(r"<([a-zA-Z:]+)", GOOD.decode())) | {"x", "item", "channel", "rss"})
)
_words = st.text("a0Zé٣²\u2028 \n\t<&>\"':/.%-+", max_size=12) | st.sampled_from(
    ["", "0", "-1", "1e999", "٣", "true", "99:99:99", "http://[", "https://é", "FREQ=", "0.5", "²"]
)
_attributes = st.dictionaries(
    st.sampled_from(
        [
            *("url", "href", "length", "type", "text", "rel", "start", "title", "startTime"),
            *("duration", "isPermaLink", "feedGuid", "role", "group", "rrule", "purpose", "name"),
        ]
    ),
    _words,
    max_size=4,
)


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace('"', "&quot;")


def _element(name: str, attributes: dict[str, str], content: list[str] | str) -> str:
    inner = "".join(content) if isinstance(content, list) else _escaped(content)
    said = "".join(f' {key}="{_escaped(value)}"' for key, value in attributes.items())
    return f"<{name}{said}>{inner}</{name}>"


_leaves = st.builds(_element, _names, _attributes, _words)
_trees = _leaves | st.builds(_element, _names, _attributes, st.lists(_leaves, max_size=4))


@settings(max_examples=60)
@given(st.lists(_trees, max_size=6), st.lists(st.lists(_leaves, max_size=8), max_size=3))
def test_any_elements_in_any_order(channel: list[str], items: list[list[str]]) -> None:
    namespaces = " ".join(f'xmlns:{prefix}="{uri}"' for prefix, uri in NAMESPACES.items())
    inner = "".join(channel) + "".join(f"<item>{''.join(item)}</item>" for item in items)
    check(
        f'<?xml version="1.0" encoding="UTF-8"?><rss version="2.0" {namespaces}>'
        f"<channel>{inner}</channel></rss>".encode()
    )


@pytest.mark.parametrize(
    "text",
    [
        "<" * 200_000,
        "<a " * 100_000,
        "<!--" * 100_000,
        "<a href='" * 60_000,
        "(" * 200_000,
        "1:" * 150_000,
        "0:00\n" * 60_000,
        "a-" * 150_000,
        "%" * 300_000,
        "https://" + "a." * 150_000,
        "=;BY=" * 60_000,
        " " * 300_000 + "x",
    ],
    ids=lambda text: text[:8],
)
def test_long_values_take_no_long_time(text: str) -> None:
    """A third of a megabyte in every value: a rule that is not linear takes minutes here."""
    value = _escaped(text)
    raw = GOOD.decode().replace("Ada Lind", value).replace("FREQ=WEEKLY;BYDAY=TU", value)
    for old in ("en</language>", "TV &amp; Film", "Plain Speaker", "Tue, 03 Mar", "A loudspeaker"):
        assert old in raw
        raw = raw.replace(old, value + old, 1)
    raw = raw.replace("https://example.org/sitting/plain", value, 1)
    raw = raw.replace("<itunes:duration>120", "<itunes:duration>" + value, 1)
    assert check(raw.encode())


def test_thousands_of_faults_are_bounded_and_told_in_short() -> None:
    start, end = GOOD.index(b"<item>"), GOOD.index(b"</item>") + len(b"</item>")
    item = GOOD[start:end].replace(b'"TV', b'"XX').replace(b"full</", b"Full</")
    findings = check_feed(GOOD[:end] + item * 300 + GOOD[end:], "feed.xml", now=NOW)
    of_type = [f for f in findings if f.rule == "apple-episode-type"]
    assert len(of_type) == MOST_FAULTS
    short = at_most(findings, 3)
    assert [f.rule for f in short].count("apple-episode-type") == 3
    last = [f for f in short if f.rule == "apple-episode-type"][-1]
    assert last.problem.endswith(f"(and {MOST_FAULTS - 3} more like it)")
