"""Servers that do it wrong: each is an answer, a finding or a refusal, within bounds."""

from __future__ import annotations

import gzip
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from feed.validation.odd_server import MEDIA, odd_server

from sayso.feed.validation import check_served
from sayso.net.http import Unreachable, _unpacked, ask

FEED = (Path(__file__).parent / "data" / "good.xml").read_bytes()
SITE = b"https://example.org/sitting/"


def feed_with(*media: str) -> bytes:
    """The good feed on the odd server, its items playing the media named."""
    raw = FEED.replace(SITE, b"BASE")
    names = (b"media/the-long-tide-0123456789ab.mp3", b"media/plain-speaker-ba9876543210.mp3")
    for name, other in zip(names, media, strict=False):
        raw = raw.replace(name, other.encode())
    return raw.replace(b'length="3840000"', f'length="{len(MEDIA)}"'.encode())


@pytest.fixture(scope="module")
def base_url() -> Iterator[str]:
    with odd_server(feed_with("no-range/a.mp3", "wrong-range/b.mp3")) as url:
        yield url


def test_what_a_plain_server_lacks(base_url: str) -> None:
    findings = check_served(base_url + "feed.xml")
    rules = {finding.rule for finding in findings}
    wanted = {"http-feed-type", "http-feed-validators", "http-feed-cache", "http-gzip"}
    assert wanted <= rules
    media = [f for f in findings if f.rule == "http-range"]
    assert [f.item for f in media] == ["The Long Tide", "Plain Speaker"]
    assert "answered by 200, not by 206" in media[0].problem
    assert "come out different" in media[1].problem
    again = [f.problem for f in findings if f.rule == "http-media-validators"]
    assert again == ["asked for changes only, it is answered by 200, not by 304"] * 2


def test_media_without_head() -> None:
    with odd_server(feed_with("no-head/a.mp3")) as base_url:
        findings = check_served(base_url + "feed.xml")
    assert [f.problem for f in findings if f.rule == "http-head"] == [
        "HEAD is answered by 405",
        "HEAD is answered by 404",
    ]


def test_a_feed_that_moves_for_the_moment(base_url: str) -> None:
    findings = check_served(base_url + "moved")
    assert "http-feed-redirect" in {f.rule for f in findings}
    answer = ask(base_url + "moved", method="HEAD")
    assert (answer.status, answer.redirects, answer.final_url) == (
        200,
        (302,),
        base_url + "feed.xml",
    )


def test_a_feed_behind_a_password(base_url: str) -> None:
    (finding,) = check_served(base_url + "locked")
    assert finding.rule == "http-feed-status"
    assert "not everybody may read it" in finding.problem


@pytest.mark.parametrize(
    ("path", "problem"),
    [
        ("loop", "leads on more than 5 times"),
        ("away", "which begins with file:"),
        ("out", "which is not https"),
        ("nowhere", "which is no address"),
        ("cut", "it breaks off 4 bytes before its end"),
    ],
)
def test_answers_that_are_refused(base_url: str, path: str, problem: str) -> None:
    with pytest.raises(Unreachable, match=problem):
        ask(base_url + path)
    (finding,) = check_served(base_url + path)
    assert (finding.rule, finding.severity) == ("http-reachable", "error")


@pytest.mark.parametrize(
    ("path", "bounds"), [("drip", (9, 0.3)), ("headers", (9, 0.3)), ("silent", (0.2, 9))]
)
def test_a_slow_server_is_left(base_url: str, path: str, bounds: tuple[float, float]) -> None:
    timeout_s, deadline_s = bounds
    began = time.monotonic()
    with pytest.raises(Unreachable, match="it takes too long"):
        ask(base_url + path, timeout_s=timeout_s, deadline_s=deadline_s)
    assert time.monotonic() - began < 3  # it would go on for four seconds


def test_an_endless_answer_is_cut(base_url: str) -> None:
    answer = ask(base_url + "endless", most_bytes=100_000)
    assert (answer.is_cut, len(answer.body)) == (True, 100_000)


def test_a_bomb_of_gzip_is_cut() -> None:
    packed = gzip.compress(b"\0" * 50_000_000)
    body, is_cut = _unpacked(packed, 1_000_000, False)
    assert (len(body), is_cut) == (1_000_000, True)
    assert _unpacked(gzip.compress(FEED), 1_000_000, False) == (FEED, False)
