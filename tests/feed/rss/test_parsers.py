"""Other people's parsers read of our feeds what we wrote."""

from __future__ import annotations

import io
from calendar import timegm
from typing import Any

import pytest
from feed.rss.adopted import ADOPTED, channel_of
from feed.rss.shows import BUILT, FULL_EPISODE, FULL_SHOW, SHOW, episode
from feed.rss.test_paging import shelf
from tools import need_package

from sayso.feed.rss import read_feed, update_feed

feedparser = need_package("feedparser")
podcastparser = need_package("podcastparser")

ITEMS = [episode(3), episode(2), FULL_EPISODE]


def test_feedparser_reads_what_was_written() -> None:
    parsed: Any = feedparser.parse(update_feed(None, FULL_SHOW, ITEMS, built=BUILT))
    assert not parsed.bozo
    assert (parsed.version, parsed.encoding.lower()) == ("rss20", "utf-8")
    assert (parsed.feed.title, parsed.feed.link) == (FULL_SHOW.title, FULL_SHOW.site_url)
    assert parsed.feed.image.href == FULL_SHOW.image_url
    assert parsed.feed.publisher_detail.email == FULL_SHOW.owner_email
    terms = [tag.term for tag in parsed.feed.tags]
    assert terms == ["TV & Film", "Film Reviews", "Arts", "Books", "News"]
    for entry, item in zip(parsed.entries, ITEMS, strict=True):
        assert (entry.id, entry.guidislink) == (item.guid, False)
        assert (entry.title, entry.link) == (item.title, item.link)
        assert timegm(entry.published_parsed) == item.date.timestamp()
        [enclosure] = entry.enclosures
        assert (enclosure.href, enclosure.length, enclosure.type) == (
            item.enclosure.url,
            str(item.enclosure.n_bytes),
            "audio/mpeg",
        )
        assert entry.itunes_duration == str(item.duration_s)
        assert entry.content[0].value.count("<p>") == item.notes.count("<p>")


def test_podcastparser_reads_what_was_written() -> None:
    raw = update_feed(None, FULL_SHOW, ITEMS, built=BUILT)
    parsed = podcastparser.parse(FULL_SHOW.feed_url, io.BytesIO(raw))
    assert parsed["title"] == FULL_SHOW.title
    assert parsed["cover_url"] == FULL_SHOW.image_url
    assert parsed["type"] == "serial"
    assert parsed["new_url"] == FULL_SHOW.new_url
    read = {one["guid"]: one for one in parsed["episodes"]}
    assert len(read) == len(parsed["episodes"]) == len(ITEMS)
    for item in ITEMS:
        one = read[item.guid]
        assert (one["guid"], one["title"], one["link"]) == (item.guid, item.title, item.link)
        assert one["published"] == item.date.timestamp()
        assert one["total_time"] == item.duration_s
        assert one["explicit"] == item.explicit
        assert one["description_html"] == item.notes
        # It reads whole seconds.
        assert [(mark["start"], mark["title"]) for mark in one.get("chapters", ())] == [
            (mark.start_ms // 1000, mark.title) for mark in item.chapters
        ]
        [enclosure] = one["enclosures"]
        assert enclosure["url"] == item.enclosure.url
        assert enclosure["file_size"] == item.enclosure.n_bytes
    last = read[FULL_EPISODE.guid]
    assert (last["number"], last["season"]) == (5, 2)


@pytest.mark.parametrize("path", ADOPTED, ids=lambda p: p.stem)
def test_an_adopted_feed_has_one_episode_more(path: Any) -> None:
    raw = path.read_bytes()
    after = update_feed(raw, channel_of(raw), [episode(1)], built=BUILT)
    before_titles = [entry.title for entry in feedparser.parse(raw).entries]
    parsed: Any = feedparser.parse(after)
    assert not parsed.bozo
    after_titles = [entry.title for entry in parsed.entries]
    after_titles.remove(episode(1).title)
    assert after_titles == before_titles


def test_each_page_is_a_feed_of_its_own() -> None:
    long = shelf()
    n_items = 0
    for raw in (long.head or b"", *(page.data for page in long.pages())):
        parsed: Any = feedparser.parse(raw)
        assert not parsed.bozo
        assert parsed.feed.title == SHOW.title
        assert len(parsed.entries) == len(read_feed(raw, "page").items)
        n_items += len(parsed.entries)
    assert n_items == 40
