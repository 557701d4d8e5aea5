"""Each rule of serving, on answers made by hand: one that keeps it and one that breaks it."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

import pytest
from feed.validation.small_site import mp3, picture

from sayso.feed.validation.document import read_document
from sayso.feed.validation.feed import read_feed
from sayso.feed.validation.http_checks import SERVED
from sayso.feed.validation.served import ServedFeed, ServedImage, ServedMedia, ServedText
from sayso.net.http import Answer

RULES = {rule.id: rule for _, rules in SERVED for rule in rules}
FEED = (Path(__file__).parent / "data" / "good.xml").read_bytes()
NOW = datetime(2026, 4, 1, tzinfo=timezone.utc)
BASE = "https://example.org/sitting/"
MP3 = mp3(10, 440)


def answer(status: int = 200, body: bytes = b"", **headers: str) -> Answer:
    names = {name.replace("_", "-"): value for name, value in headers.items()}
    return Answer(BASE + "feed.xml", BASE + "feed.xml", status, names, body)


GOOD_FEED = ServedFeed(
    BASE + "feed.xml",
    answer(
        body=FEED,
        content_type="application/rss+xml; charset=utf-8",
        cache_control="Public, Max-Age=300",
        content_encoding="gzip",
    ),
    read_feed(read_document(FEED, "feed.xml"), NOW),
    answer(304),
)
GOOD_MEDIA = ServedMedia(
    url=BASE + "a.mp3",
    said_bytes=len(MP3),
    said_mime="audio/mpeg",
    duration_s=10,
    head=answer(
        content_type="audio/mpeg",
        content_length=str(len(MP3)),
        cache_control="public, max-age=31536000, immutable",
    ),
    start=answer(206, MP3[:65_536], content_range=f"bytes 0-65535/{len(MP3)}"),
    piece=answer(206, MP3[100:228], content_range=f"bytes 100-227/{len(MP3)}"),
    frames=None,
    again=answer(304),
)
GOOD_IMAGE = ServedImage(
    BASE + "a.jpg", answer(content_type="image/jpeg"), answer(206, picture(1400, "JPEG"))
)
VTT = b"WEBVTT\n\n00:00.000 --> 00:04.000\nHi\n"
GOOD_VTT = ServedText(
    BASE + "a.vtt",
    "text/vtt",
    10,
    answer(body=VTT, content_type="text/vtt", access_control_allow_origin="*"),
)
CHAPTERS = b'{"version": "1.2.0", "chapters": [{"startTime": 0}, {"startTime": 4.5}]}'
GOOD_CHAPTERS = ServedText(
    BASE + "a.chapters.json",
    "application/json+chapters",
    10,
    answer(
        body=CHAPTERS, content_type="application/json+chapters", access_control_allow_origin="*"
    ),
)


def feed(**headers: str) -> ServedFeed:
    """The good feed with other headers; an empty one is not sent."""
    changed = {**GOOD_FEED.answer.headers, **{k.replace("_", "-"): v for k, v in headers.items()}}
    sent = {name: value for name, value in changed.items() if value}
    return replace(GOOD_FEED, answer=replace(GOOD_FEED.answer, headers=sent))


def media(**changes: Any) -> ServedMedia:
    return replace(GOOD_MEDIA, **changes)


BREAKS: list[tuple[str, Any]] = [
    ("http-reachable", ("no such host", "see whether the server is up")),
    ("http-feed-status", replace(GOOD_FEED, answer=answer(500))),
    ("http-feed-status", replace(GOOD_FEED, answer=answer(403))),
    ("http-feed-status", replace(GOOD_FEED, answer=replace(GOOD_FEED.answer, is_cut=True))),
    ("http-feed-type", feed(content_type="text/html")),
    ("http-feed-type", feed(content_type="")),
    ("http-self", replace(GOOD_FEED, url=BASE + "rss", answer=replace(answer(), final_url=BASE + "rss"))),
    ("http-feed-redirect", replace(GOOD_FEED, answer=replace(GOOD_FEED.answer, redirects=(301, 302)))),
    ("http-feed-validators", replace(GOOD_FEED, again=None)),
    ("http-feed-validators", replace(GOOD_FEED, again=answer(200))),
    ("http-feed-cache", feed(cache_control="")),
    ("http-feed-cache", feed(cache_control="max-age=86400")),
    ("http-gzip", replace(feed(content_encoding=""), answer=answer(body=b"x" * 9000))),
    ("http-head", media(head=answer(405))),
    ("http-length", media(said_bytes=len(MP3) + 1)),
    ("http-length", media(head=answer(content_type="audio/mpeg"))),
    ("http-media-type", media(head=answer(content_type="application/octet-stream"))),
    ("http-range", media(start=answer(200, MP3))),
    ("http-range", media(piece=answer(416))),
    ("http-range", media(piece=answer(206, MP3[101:229]))),
    ("http-range", media(start=answer(206, MP3[:65_536]))),
    ("http-range", media(start=answer(206, MP3[:65_536], content_range="bytes 0-65535/1"))),
    ("http-media-validators", media(again=None)),
    ("http-media-cache", media(head=answer(cache_control="max-age=60"))),
    ("apple-duration-media", media(duration_s=13)),
    ("apple-image-file", replace(GOOD_IMAGE, head=answer(403))),
    ("apple-image-file", replace(GOOD_IMAGE, start=answer(206, picture(1399, "JPEG")))),
    ("apple-image-file", replace(GOOD_IMAGE, start=answer(206, b"<html>"))),
    ("apple-image-file", replace(GOOD_IMAGE, head=answer(content_type="text/plain"))),
    ("http-text-type", replace(GOOD_VTT, answer=answer(404))),
    ("http-text-type", replace(GOOD_VTT, answer=answer(body=VTT, content_type="text/plain"))),
    ("http-cors", replace(GOOD_VTT, answer=answer(body=VTT, content_type="text/vtt"))),
    ("pc-chapters-file", replace(GOOD_CHAPTERS, duration_s=3)),
    ("pc-transcript-file", replace(GOOD_VTT, duration_s=2)),
    ("pc-transcript-file", replace(GOOD_VTT, answer=answer(body=b"WEBVTT\n\n\xff"))),
]  # fmt: skip


@pytest.mark.parametrize(("rule", "subject"), BREAKS, ids=[rule for rule, _ in BREAKS])
def test_an_answer_that_breaks_a_rule(rule: str, subject: Any) -> None:
    found = list(RULES[rule].findings(subject, BASE, "Tide"))
    assert found
    assert all(f.problem and f.hint and f.where == BASE and f.item == "Tide" for f in found)


def test_every_rule_of_serving_is_broken_by_some_answer() -> None:
    assert {rule for rule, _ in BREAKS} == set(RULES)


@pytest.mark.parametrize(
    "subject",
    [GOOD_FEED, GOOD_MEDIA, GOOD_IMAGE, GOOD_VTT, GOOD_CHAPTERS],
    ids=["feed", "media", "image", "vtt", "chapters"],
)
def test_answers_that_keep_every_rule(subject: Any) -> None:
    mine = {rule: one for rule, one in RULES.items() if type(_broken(rule)) is type(subject)}
    if isinstance(subject, ServedText):
        del mine["pc-chapters-file" if subject is GOOD_VTT else "pc-transcript-file"]
    assert mine
    assert [(rule, list(one.check(subject))) for rule, one in mine.items()] == [
        (rule, []) for rule in mine
    ]


def _broken(rule: str) -> Any:
    return next(subject for name, subject in BREAKS if name == rule)
