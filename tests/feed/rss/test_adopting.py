"""Feeds of other publishers: what is not ours to say stays, whatever form it has."""

from __future__ import annotations

import codecs
from dataclasses import replace
from pathlib import Path

import pytest
from feed.rss.adopted import ADOPTED, around_root, canonical_parts, channel_element, channel_of
from feed.rss.shows import BUILT, FIRST, FULL_EPISODE, FULL_SHOW, SHOW, episode, guid

from sayso.feed.rss import read_feed, update_feed
from sayso.feed.rss.namespaces import NAMESPACES

OURS = episode(1).guid.encode()


def item_text(feed: bytes, n: int) -> str:
    """The bytes of an episode's item."""
    item = next(part for part in feed.decode().split("<item>")[1:] if guid(n) in part)
    return item.partition("</item>")[0]


@pytest.mark.parametrize("path", ADOPTED, ids=lambda p: p.stem)
def test_nothing_of_another_publisher_is_lost(path: Path) -> None:
    raw = path.read_bytes()
    after = update_feed(raw, channel_of(raw), [episode(1)], built=BUILT)
    assert [p for p in canonical_parts(after) if OURS not in p] == list(canonical_parts(raw))
    assert around_root(after) == around_root(raw)
    assert after.count(b"<![CDATA[") >= raw.split(b"<item")[-1].count(b"<![CDATA[")
    assert len(read_feed(after, "after").items) == len(read_feed(raw, "before").items) + 1


@pytest.mark.parametrize("path", ADOPTED, ids=lambda p: p.stem)
def test_published_twice_the_bytes_are_the_same(path: Path) -> None:
    raw = path.read_bytes()
    channel = channel_of(raw)
    once = update_feed(raw, channel, [episode(1)], built=BUILT)
    assert update_feed(once, channel, [episode(1)], built=FIRST) is once
    assert update_feed(once, channel, built=FIRST) is once


@pytest.mark.parametrize("path", ADOPTED, ids=lambda p: p.stem)
def test_every_namespace_is_declared_once_on_the_root(path: Path) -> None:
    raw = path.read_bytes()
    after = update_feed(raw, channel_of(raw), [FULL_EPISODE], built=BUILT)
    declared = channel_element(after).getparent().nsmap
    assert set(NAMESPACES.values()) <= set(declared.values())
    assert channel_element(raw).getparent().nsmap.items() <= declared.items()
    ours = after[after.index(OURS) :].partition(b"</item>")[0]
    assert b"xmlns" not in ours


@pytest.mark.parametrize(
    "encoding", ["utf-16", "utf-16-be", "iso-8859-1", "windows-1252", "utf-8-sig"]
)
def test_other_encodings_become_utf8_and_then_stay(encoding: str) -> None:
    path = next(p for p in ADOPTED if p.stem == "podlove")
    text = path.read_text("utf-8").replace("–", "-")
    named = text.replace('encoding="UTF-8"', f'encoding="{encoding.removesuffix("-sig")}"')
    bom = codecs.BOM_UTF16_BE if encoding == "utf-16-be" else b""
    raw = bom + named.replace('encoding="utf-16-be"', 'encoding="utf-16"').encode(encoding)
    channel = channel_of(raw)
    after = update_feed(raw, channel, [episode(1)], built=BUILT)
    assert [p for p in canonical_parts(after) if OURS not in p] == list(
        canonical_parts(text.encode())
    )
    assert after.startswith(b'<?xml version="1.0" encoding="UTF-8"?>\n')
    assert read_feed(after, "after").title == "Spätvorstellung"
    assert update_feed(after, channel, [episode(1)], built=FIRST) is after


def test_an_encoding_alone_is_reason_to_write() -> None:
    text = update_feed(None, SHOW, [episode(1)], built=BUILT).decode()
    for raw in (
        text.replace('encoding="UTF-8"', 'encoding="UTF-16"').encode("utf-16"),
        text.partition("\n")[2].encode(),  # no declaration
    ):
        assert update_feed(raw, SHOW, [episode(1)], built=BUILT) == text.encode()


def test_an_item_that_is_replaced_keeps_what_others_put_in_it() -> None:
    raw = update_feed(None, SHOW, [episode(1)], built=BUILT)
    foreign = (
        '<!-- by hand -->\n      <x:note xmlns:x="urn:x">  kept <![CDATA[<as it is>]]></x:note>\n'
        '      <podcast:value type="lightning"><podcast:valueRecipient name="a"/></podcast:value>\n'
        '      <podcast:txt purpose="other">text</podcast:txt>\n      '
    )
    edited = raw.replace(b"<title>Film number 1", foreign.encode() + b"<title>Film number 1")
    assert update_feed(edited, SHOW, [episode(1)], built=BUILT) is edited
    for changed in (episode(1, title="Other"), episode(1, date=FIRST.replace(year=2026))):
        after = update_feed(edited, SHOW, [changed], built=BUILT)
        text = item_text(after, 1)
        for part in foreign.strip().split("\n"):
            assert part.strip() in text
        assert changed.title in text
        assert text.count("<title>") == 1
        assert update_feed(after, SHOW, [changed], built=FIRST) is after


def test_settings_that_say_nothing_leave_the_feed_alone() -> None:
    full = update_feed(None, replace(FULL_SHOW, complete=False, block=False), built=BUILT)
    quiet = replace(SHOW, categories=FULL_SHOW.categories, serial=True)
    assert update_feed(full, quiet, built=FIRST) is full


def test_complete_and_block_go_when_they_are_off() -> None:
    full = update_feed(None, FULL_SHOW, built=BUILT)
    after = update_feed(full, replace(FULL_SHOW, complete=False, block=False), built=BUILT)
    lines = [line for line in full.decode().splitlines() if "Yes<" not in line]
    assert after.decode().splitlines() == lines


def test_one_of_several_contradicting_elements_stays() -> None:
    raw = update_feed(None, replace(SHOW, author="Ada"), built=BUILT)
    twice = raw.replace(b"<language>", b"<itunes:author>Old</itunes:author>\n    <language>")
    after = update_feed(twice, replace(SHOW, author="Ada"), built=BUILT)
    assert after.count(b"<itunes:author>Ada</itunes:author>") == 1
    assert b"Old" not in after


def test_a_repeated_guid_of_ours_becomes_one_item() -> None:
    raw = update_feed(None, SHOW, [episode(2), episode(1)], built=BUILT)
    twice = raw.replace(guid(2).encode(), guid(1).encode())
    after = update_feed(twice, SHOW, [episode(1)], built=BUILT)
    assert [item.guid for item in read_feed(after, "after").items] == [guid(1)]
    gone = update_feed(twice, SHOW, remove=[guid(1)], built=BUILT)
    assert read_feed(gone, "gone").items == ()


def test_items_stand_by_date_the_newest_first() -> None:
    feed = None
    for n in (3, 1, 5, 2, 4):
        feed = update_feed(feed, SHOW, [episode(n)], built=BUILT)
    at_once = update_feed(None, SHOW, [episode(n) for n in (2, 5, 3, 1, 4)], built=BUILT)
    assert feed == at_once
    assert [item.guid for item in read_feed(at_once, "f").items] == [
        guid(n) for n in (5, 4, 3, 2, 1)
    ]
    redated = update_feed(feed, SHOW, [episode(2, date=episode(6).date)], built=BUILT)
    assert [item.guid for item in read_feed(redated, "f").items] == [
        guid(n) for n in (2, 5, 4, 3, 1)
    ]


def test_what_is_put_and_removed_at_once_is_put() -> None:
    feed = update_feed(None, SHOW, [episode(1)], [guid(1)], built=BUILT)
    assert len(read_feed(feed, "f").items) == 1


def test_a_date_without_a_zone_is_an_error() -> None:
    with pytest.raises(ValueError, match="zone"):
        update_feed(None, SHOW, [episode(1, date=FIRST.replace(tzinfo=None))], built=BUILT)


def test_the_channel_tells_of_computer_voices_as_its_items_do() -> None:
    def said(feed: bytes) -> list[str]:
        named = channel_element(feed).findall(f"{{{NAMESPACES['podcast']}}}txt")
        return [one.text for one in named if one.get("purpose") == "ai-content"]

    human = update_feed(None, SHOW, [episode(1, synthetic_voice=False)], built=BUILT)
    both = update_feed(human, SHOW, [episode(2)], built=BUILT)
    assert (said(human), said(both)) == (["false"], ["true"])
    assert said(update_feed(both, SHOW, remove=[guid(2)], built=BUILT)) == ["false"]
    assert said(update_feed(None, SHOW, built=BUILT)) == []


def test_values_are_clean_and_not_too_long() -> None:
    channel = replace(
        SHOW, title=" A\x00 title\n with\x1b\u2028 lines ", description="word " * 2000
    )
    item = episode(
        1, title="x" * 300, link="https://tide.example/a b", description="<p>\x07Hi]]></p>"
    )
    feed = read_feed(update_feed(None, channel, [item], built=BUILT), "f")
    assert feed.title == "A title with lines"
    assert (feed.items[0].title, feed.items[0].link) == (
        "x" * 254 + "…",
        "https://tide.example/a%20b",
    )
    assert feed.items[0].description == "<p> Hi]]&gt;</p>"
    description = channel_element(update_feed(None, channel, built=BUILT)).findtext("description")
    assert description.endswith("word…")
    assert 3990 <= len(description.encode()) <= 4000
