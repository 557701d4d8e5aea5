"""Parsers that other people wrote read the same of a feed as we meant."""

from __future__ import annotations

import io
import json
import subprocess
from calendar import timegm
from pathlib import Path
from typing import Any

import pytest
from feed.validation.small_site import CUES, SmallSite, publish
from tools import absent, need, need_package

from sayso.model import FeedItem

pytestmark = pytest.mark.xdist_group("readers")  # what it looks at is made once then

feedparser = need_package("feedparser")
podcastparser = need_package("podcastparser")

NODE = Path(__file__).parents[2] / "node"

# What podcast-partytime calls SubRip
_OTHER_NAMES = {"application/x-subrip": "application/srt"}


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> SmallSite:
    return publish(tmp_path_factory.mktemp("readers"), "http://127.0.0.1/")


@pytest.fixture(scope="module")
def by_javascript(site: SmallSite) -> Any:
    if not (NODE / "node_modules" / "feedsmith").is_dir():
        absent("no feedsmith (npm ci --prefix tests/node)")
    files = [site.docroot / "feed.xml", *sorted((site.docroot / "media").glob("*.vtt"))]
    command = [need("node"), NODE / "read_feed.mjs", *files]
    done = subprocess.run(command, capture_output=True, timeout=60, check=True)
    return json.loads(done.stdout)


def told(item: FeedItem) -> dict[str, Any]:
    """An item as we mean it."""
    return {
        "guid": item.guid,
        "title": item.title,
        "url": item.enclosure.url,
        "n_bytes": item.enclosure.n_bytes,
        "duration_s": item.duration_s,
        "date": item.date.timestamp(),
    }


def links(item: FeedItem) -> dict[str, Any]:
    return {
        "chapters_url": item.chapters_url,
        "transcripts": [[one.url, one.mime] for one in item.transcripts],
    }


def test_feedparser_agrees(site: SmallSite) -> None:
    parsed: Any = feedparser.parse(site.feed)
    assert not parsed.bozo
    read = [
        {
            "guid": entry.id,
            "title": entry.title,
            "url": entry.enclosures[0].href,
            "n_bytes": int(entry.enclosures[0].length),
            "duration_s": int(entry.itunes_duration),
            "date": timegm(entry.published_parsed),
        }
        for entry in parsed.entries
    ]
    assert read == [told(item) for item in site.items]


def test_podcastparser_agrees(site: SmallSite) -> None:
    parsed = podcastparser.parse(site.feed_url, io.BytesIO(site.feed))
    read = [
        {
            "guid": one["guid"],
            "title": one["title"],
            "url": one["enclosures"][0]["url"],
            "n_bytes": one["enclosures"][0]["file_size"],
            "duration_s": one["total_time"],
            "date": one["published"],
        }
        for one in parsed["episodes"]
    ]
    assert read == [told(item) for item in site.items]
    marks = [[mark["title"] for mark in one["chapters"]] for one in parsed["episodes"]]
    assert marks == [[mark.title for mark in item.chapters] for item in site.items]


def test_feedsmith_agrees(site: SmallSite, by_javascript: Any) -> None:
    marks = [[f"00:00:{mark.start_ms / 1000:06.3f}", mark.title] for mark in site.items[0].chapters]
    wanted = [
        {**told(item), **links(item), "n_enclosures": 1, "marks": marks} for item in site.items
    ]
    assert by_javascript["feedsmith"] == wanted


def test_partytime_agrees(site: SmallSite, by_javascript: Any) -> None:
    wanted = [{**told(item), **links(item)} for item in site.items]
    for one in wanted:
        one["transcripts"] = [
            [url, _OTHER_NAMES.get(mime, mime)] for url, mime in one["transcripts"]
        ]
    assert by_javascript["partytime"] == wanted


def test_webvtt_parser_agrees(site: SmallSite, by_javascript: Any) -> None:
    assert len(by_javascript["vtt"]) == len(site.items)
    for read in by_javascript["vtt"]:
        assert read["errors"] == []
        assert [(start, end) for start, end, _ in read["cues"]] == [
            (start, end) for start, end, _, _ in CUES
        ]
