"""Every rule is broken by a feed here, and the finding says where; what is allowed passes."""

from __future__ import annotations

from datetime import datetime, timezone
from pathlib import Path

import pytest

from sayso.feed.validation import check_feed
from sayso.feed.validation.rule import SEVERITY
from sayso.feed.validation.validate import BYTES_OF_A_FEED

GOOD = (Path(__file__).parent / "data" / "good.xml").read_text("utf-8")
NOW = datetime(2026, 4, 1, tzinfo=timezone.utc)
RULES = {rule.id: rule for _, rules in BYTES_OF_A_FEED for rule in rules}

PUBDATE = "Tue, 10 Mar 2026 06:00:00 +0000"
CHAPTERS = "00:00:00 Opening<br>00:01:10 The cast<br>00:03:00 The verdict"
NOTES = "<![CDATA[<p>A harbour town waits for a ship. <a"
FIRST_ENCLOSURE = (
    '<enclosure url="https://example.org/sitting/media/the-long-tide-0123456789ab.mp3" '
    'length="3840000" type="audio/mpeg"/>'
)
COVER = "media/cover-0a1b2c3d4e5f.jpg"
GUID = "6f1d2e8a-33b1-4c57-8f0e-7c1f5a0d9b42"
NEXT = '<atom:link rel="next" href="https://example.org/sitting/feed-2.xml"/>'

Change = tuple[str, str]

BREAKS: list[tuple[str, Change]] = [
    # bytes and XML
    ("xml-size", ("Reviews of", "Reviews of " + "x" * (65 << 20))),
    ("xml-no-dtd", ("<rss ", "<!DOCTYPE rss SYSTEM 'http://example.org/rss.dtd'><rss ")),
    ("xml-wellformed", ("&amp;", "&")),
    ("xml-wellformed", ("</channel>", "")),
    ("xml-wellformed", ("The Second", "The \x0b Second")),
    ("xml-utf8", (' encoding="UTF-8"', "")),
    ("xml-utf8", ("UTF-8", "ISO-8859-1")),
    ("rss-root", ("<channel>", "<channel><title>Another</title></channel><channel>")),
    ("rss-version", (' version="2.0"\n', "\n")),
    ("rss-version", ('rss version="2.0"', 'rss version="0.92"')),
    ("ns-exact", ("http://www.itunes.com/dtds/", "http://www.itunes.com/DTDs/")),
    ("ns-exact", ("https://podcastindex.org/ns", "http://podcastindex.org/ns")),
    ("ns-exact", ("rss/1.0/modules/content/", "rss/1.0/modules/content")),
    ("value-length", ("Plain Speaker</title>", "Plain " + "long " * 60 + "Speaker</title>")),
    ("value-trim", ("<title>Plain Speaker", "<title>\n  Plain Speaker")),
    ("rss-once", ("<language>en</language>", "<language>en</language><language>de</language>")),
    ("rss-once", ("<itunes:season>1", "<itunes:season>2</itunes:season><itunes:season>1")),
    ("feed-size", ("<p>A harbour town waits for a ship. ", "<p>" + "ship ahoy " * 110_000)),
    # channel
    ("psp-self", ('rel="self"', 'rel="alternate"')),
    ("psp-self", ("https://example.org/sitting/feed.xml", "/feed.xml")),
    ("psp-self", ('<atom:link rel="hub"', '<atom:link rel="self"')),
    ("rss-title", ("The Second Sitting", "")),
    ("rss-link", ("<link>https://example.org/sitting/</link>", "")),
    ("rss-link", ("<link>https://example.org/sitting/<", "<link>www.example.org<")),
    ("rss-desc", ("Reviews of what was on, read aloud.", "")),
    ("rss-desc", ("Reviews of", "é" * 2000)),
    ("rss-desc-markup", ("Reviews of", "Reviews &lt;table&gt; of")),
    ("psp-language", ("<language>en</language>", "")),
    ("psp-language", ("<language>en<", "<language>english<")),
    ("psp-language", ("<language>en<", "<language>en_US<")),
    ("psp-language", ("<language>en<", "<language>xx<")),
    ("apple-category", ('"TV &amp; Film"', '"TV and Film"')),
    ("apple-category", ("TV Reviews", "TV Review")),
    ("apple-category", ('"Arts"', '"Books"')),
    ("apple-explicit", ("<itunes:explicit>false", "<itunes:explicit>no")),
    ("apple-image", (COVER, COVER.replace(".jpg", ".webp"))),
    ("apple-image", (f"https://example.org/sitting/{COVER}", f"http://example.org/{COVER}")),
    ("apple-image", (f'<itunes:image href="https://example.org/sitting/{COVER}"/>', "")),
    ("apple-author", ("<itunes:author>Ada Lind</itunes:author>", "")),
    ("apple-type", ("episodic", "Episodic show")),
    ("apple-complete", ("<itunes:complete>yes", "<itunes:complete>true")),
    ("apple-block", ("<itunes:block>yes", "<itunes:block>no")),
    ("apple-new-feed-url", ("<itunes:new-feed-url>https:", "<itunes:new-feed-url>ftp:")),
    ("rss-copyright", ("<copyright>Ada Lind", "<copyright>© 2026 Ada Lind")),
    ("rss-copyright", ("<copyright>Ada Lind", "<copyright>")),
    ("owner-email", ("ada@example.org", "ada at example.org")),
    ("websub-hub", ("https://hub.example.net/", "http://hub.example.net/")),
    # item
    ("psp-item-title", ("Plain Speaker", "")),
    ("psp-item-title-number", ("<title>Plain", "<title>Episode 12: Plain")),
    ("psp-item-title-number", ("<title>Plain", "<title>#12 Plain")),
    ("psp-item-title-number", ("<title>Plain", "<title>S01E02 Plain")),
    ("youtube-title", ("Plain Speaker", "Plain &gt; Fancy")),
    ("youtube-title", ("Plain Speaker", "Plain " * 20)),
    ("psp-enclosure", (FIRST_ENCLOSURE, "")),
    ("psp-enclosure", (FIRST_ENCLOSURE, FIRST_ENCLOSURE * 2)),
    ("psp-enclosure-url", ("https://example.org/sitting/media/the", "http://example.org/the")),
    ("psp-enclosure-url", ("https://example.org/sitting/media/the", "media/the")),
    ("psp-enclosure-url", ("media/the-long-tide-0123456789ab.mp3", "the long tide.mp3")),
    ("psp-enclosure-url", ("media/the-long-tide-0123456789ab.mp3", "märchen.mp3")),
    ("psp-enclosure-url", ("media/the-long-tide-0123456789ab.mp3", "50%.mp3")),
    ("psp-enclosure-url", ("https://example.org/sitting/media/the", "https://a:b@example.org/the")),
    ("psp-enclosure-url", ("https://example.org/sitting/media/the", "https://[::1/the")),
    ("psp-enclosure-length", ('length="3840000"', 'length="3,840,000"')),
    ("psp-enclosure-length", ('length="3840000"', 'length="0"')),
    ("psp-enclosure-length", ('length="3840000"', 'length="３８４"')),
    ("psp-enclosure-length", ('length="3840000" ', "")),
    ("psp-enclosure-type", ('type="audio/mpeg"', 'type="audio/mp3"')),
    ("psp-enclosure-type", ('type="audio/mpeg"', "")),
    ("psp-enclosure-type", ("0123456789ab.mp3", "0123456789ab.m4a")),
    ("psp-guid", (GUID, "")),
    ("psp-guid", (f'<guid isPermaLink="false">{GUID}</guid>', "")),
    ("psp-guid-permalink", (f'<guid isPermaLink="false">{GUID}', f"<guid>{GUID}")),
    ("psp-guid-permalink", ('isPermaLink="false"', 'isPermaLink="no"')),
    ("psp-pubDate", (PUBDATE, "Wed, 10 Mar 2026 06:00:00 +0000")),
    ("psp-pubDate", (PUBDATE, "Di, 10 Mar 2026 06:00:00 +0000")),
    ("psp-pubDate", (PUBDATE, "Tue, 10 März 2026 06:00:00 +0000")),
    ("psp-pubDate", (PUBDATE, "Tue, 10 Mar 26 06:00:00 +0000")),
    ("psp-pubDate", (PUBDATE, "Tue, 10 Mar 2026 06:00:00 -0000")),
    ("psp-pubDate", (PUBDATE, "Tue, 10 Mar 2026 06:00:00 GMT")),
    ("psp-pubDate", (PUBDATE, "Tue, 10 Mar 2026 06:00:00")),
    ("psp-pubDate", (PUBDATE, "Tue, 10 Mar 2026 06:00:00 +9900")),
    ("psp-pubDate", (PUBDATE, "Tue, 31 Feb 2026 06:00:00 +0000")),
    ("psp-pubDate", (PUBDATE, "2026-03-10T06:00:00Z")),
    ("psp-pubDate", (f"<pubDate>{PUBDATE}</pubDate>", "")),
    ("psp-pubDate", ("Tue, 03 Mar 2026 06:00:00 +0000", "Thu, 01 Jan 1970 00:00:00 +0000")),
    ("psp-item-link", ("<link>https://example.org/sitting/plain-speaker/</link>", "")),
    ("psp-item-link", ("<link>https://example.org/sitting/plain", "<link>/plain")),
    ("psp-item-desc", ("A loudspeaker that says what it means.", "")),
    ("psp-item-desc", ("A loudspeaker", "A loudspeaker " * 300)),
    ("psp-item-desc-markup", ("<p>A harbour town waits for a ship.</p>", "<h1>Tide</h1>")),
    ("psp-item-desc-markup", ("for a ship.</p>", "for <a href='javascript:x()'>it</a></p>")),
    ("psp-item-desc-markup", ("for a ship.</p>", "for <a href='http:'>it</a></p>")),
    ("psp-item-desc-markup", ("for a ship.</p>", 'for <a href="/more">it</a></p>')),
    ("psp-item-desc-cdata", ("A loudspeaker", "&lt;b&gt;A&lt;/b&gt; loudspeaker")),
    ("content-encoded", (NOTES, NOTES.replace("<p>", "<script>x()</script><p>"))),
    ("apple-duration", ("<itunes:duration>240</itunes:duration>", "")),
    ("apple-duration", ("<itunes:duration>240<", "<itunes:duration>4:00<")),
    ("apple-duration", ("<itunes:duration>240<", "<itunes:duration>PT4M<")),
    ("apple-duration", ("<itunes:duration>240<", "<itunes:duration>0<")),
    ("apple-duration-length", ('length="3840000"', 'length="38400"')),
    ("apple-duration-length", ('length="3840000"', 'length="38400000"')),
    ("apple-item-explicit", ("120</itunes:duration>\n      <itunes:explicit>false</itunes:explicit>", "120</itunes:duration>")),
    ("apple-item-explicit", ("120</itunes:duration>\n      <itunes:explicit>false", "120</itunes:duration>\n      <itunes:explicit>clean")),
    ("apple-item-image", ("0123456789ab.jpg", "0123456789ab")),
    ("apple-episode-number", ("<itunes:season>1", "<itunes:season>0")),
    ("apple-episode-number", ("<itunes:episode>2", "<itunes:episode>2.5")),
    ("apple-episode-type", ("full</itunes:episodeType>", "Full</itunes:episodeType>")),
    ("chapter-timestamps", (CHAPTERS, "00:00:00 Opening<br>00:01:10 The cast")),
    ("chapter-timestamps", (CHAPTERS, CHAPTERS.replace("00:00:00", "00:00:05"))),
    ("chapter-timestamps", (CHAPTERS, CHAPTERS.replace("00:03:00", "00:01:00"))),
    ("chapter-timestamps", (CHAPTERS, CHAPTERS.replace("00:03:00", "00:04:30"))),
    # items among one another
    ("psp-guid-unique", ("0b6f2f0c-8d3e-4a57-9a53-0d1c2b3a4f5e", GUID)),
    ("apple-enclosure-unique", ("plain-speaker-ba9876543210.mp3", "the-long-tide-0123456789ab.mp3")),
    ("apple-serial-episode", ("episodic</itunes:type>", "serial</itunes:type>")),
    ("feed-order", ("Tue, 03 Mar 2026", "Tue, 17 Mar 2026")),
    ("pubDate-future", (PUBDATE, "Thu, 10 Mar 2033 06:00:00 +0000")),
    # Podcasting 2.0
    ("pc-locked", ("<podcast:locked>yes</podcast:locked>", "")),
    ("pc-locked", ("<podcast:locked>yes", "<podcast:locked>true")),
    ("pc-guid", ("2c2e3d0e-31bb-5b1e", "2c2e3d0e-31bb-4b1e")),
    ("pc-guid", ("2c2e3d0e-31bb-5b1e-9d0c-a3ea7d1f6f4b", "my-show")),
    ("pc-guid", ("<podcast:guid>2c2e3d0e-31bb-5b1e-9d0c-a3ea7d1f6f4b</podcast:guid>", "")),
    ("pc-medium", ("<podcast:medium>podcast", "<podcast:medium>radio")),
    ("pc-podroll", ("917393e3-1b1e-5cef-ace4-edaa54e1f810", "podnews.net/rss")),
    ("pc-updateFrequency", ("FREQ=WEEKLY;BYDAY=TU", "every week")),
    ("pc-updateFrequency", ("FREQ=WEEKLY;BYDAY=TU", "FREQ=WEEKLY;COUNT=8")),
    ("pc-funding", ("https://example.org/give", "")),
    ("pc-funding", ("Give a coin", "Give a coin " * 12)),
    ("pc-license", (' url="https://example.org/licence"', "")),
    ("pc-person", ('role="host"', 'role="hoster"')),
    ("pc-person", ('role="narrator" group="cast"', 'role="narrator" group="caste"')),
    ("pc-person", ("Ada Lind</podcast:person>", "</podcast:person>")),
    ("pc-txt", ("S6lpp-7ZCn8", "S6lpp-7ZCn8" * 400)),
    ("pc-txt", ('purpose="verify"', f'purpose="{"verify" * 30}"')),
    ("pc-ai-content", ('"ai-content">true', '"ai-content">yes')),
    ("pc-transcript", ('ba9876543210.vtt" type="text/vtt"', 'ba9876543210.vtt" type="text/webvtt"')),
    ("pc-transcript", ('rel="captions"', 'rel="caption"')),
    ("pc-transcript", ('type="text/vtt" language="en"', 'type="text/vtt" language="English"')),
    ("pc-transcript", ("<podcast:transcript url=\"https://example.org/sitting/media/plain-speaker-ba9876543210.vtt\" type=\"text/vtt\" language=\"en\"/>", "")),
    ("pc-chapters", ("application/json+chapters", "text/json")),
    ("psc-chapters", ("00:01:10.500", "00:03:10.500")),
    ("psc-chapters", ("00:03:00.000", "00:30:00.000")),
    ("psc-chapters", ("00:03:00.000", "3m")),
    ("pc-soundbite", ('duration="30.0"', 'duration="5"')),
    ("pc-soundbite", ('startTime="70.5"', 'startTime="220"')),
    ("pc-soundbite", ('startTime="70.5"', "")),
    ("pc-season-episode", ("<podcast:episode display", '<podcast:episode display="Part two of the whole story, at last" x')),
    ("pc-season-episode", ('name="Spring">1', 'name="Spring">one')),
    # pages
    ("paging-links", ("<itunes:author>", NEXT + "<itunes:author>")),
    ("paging-links", ("<itunes:author>", '<atom:link rel="last" href="feed-9.xml"/><itunes:author>')),
]  # fmt: skip

ALLOWED: list[Change] = [
    ("<title>Plain", "<title>12 Angry Men, S01E02 of Foundation, and Plain"),
    ("<title>Plain", "<title>1917: Plain"),
    ("<language>en<", "<language>pt-BR<"),
    ("<language>en<", "<language>zh-Hant-TW<"),
    ("<language>en<", "<language>gsw<"),
    (PUBDATE, "10 Mar 2026 06:00 +0130"),
    (PUBDATE, "Tue, 10 Mar 2026 23:59:60 -0330"),
    ("https://example.org/sitting/media/plain", "http://127.0.0.1:8080/media/plain"),
    ("https://example.org/sitting/media/plain", "http://[::1]:8080/media/plain"),
    ("media/plain-speaker-ba9876543210.mp3", "media/plain%20speaker.mp3?x=1&amp;y=2"),
    (f'<guid isPermaLink="false">{GUID}', "<guid>https://example.org/sitting/1"),
    ('house-rules-1</podcast:license>', "cc-by-4.0</podcast:license>"),
    ('<podcast:license url="https://example.org/licence">house-rules-1', "<podcast:license>CC-BY-4.0"),
    ("A loudspeaker that", "At 12:30 a loudspeaker that"),
    ("A loudspeaker that", "5 &lt; 6: a loudspeaker that"),
    ("<podcast:medium>podcast", "<podcast:medium>audiobook"),
    ("FREQ=WEEKLY;BYDAY=TU", "INTERVAL=2;FREQ=WEEKLY"),
    ("<channel>", "<!-- a comment --><channel><?pi?><!-- another -->"),
    ("<itunes:author>", '<x:new xmlns:x="urn:x"> of no known namespace </x:new><itunes:author>'),
    (' encoding="UTF-8"?>', " encoding='utf-8' standalone='yes' ?><!-- <!DOCTYPE x> -->"),
    ("podcast:", "pc:"),
    ("episodic", "serial"),
]  # fmt: skip


def changed(change: Change) -> bytes:
    old, new = change
    if old == "podcast:":  # another prefix for the same namespace
        return GOOD.replace("podcast:", "pc:").replace("xmlns:podcast", "xmlns:pc").encode()
    if old == "https://podcastindex.org/ns":
        return GOOD.replace(
            "https://podcastindex.org/namespace", "http://podcastindex.org/namespace"
        ).encode()
    assert old in GOOD, old
    return GOOD.replace(old, new, 1).encode()


@pytest.mark.parametrize(("rule", "change"), BREAKS, ids=[rule for rule, _ in BREAKS])
def test_a_feed_that_breaks_a_rule(rule: str, change: Change) -> None:
    if rule == "apple-serial-episode":
        raw = changed(change).replace(b"<itunes:episode>1</itunes:episode>", b"")
    else:
        raw = changed(change)
    findings = check_feed(raw, "feed.xml", now=NOW)
    mine = [finding for finding in findings if finding.rule == rule]
    assert mine, [str(finding) for finding in findings]
    for finding in mine:
        assert finding.severity == SEVERITY[RULES[rule].level]
        assert finding.source == RULES[rule].source
        assert finding.problem
        assert finding.hint
        assert len(str(finding)) < 500
        assert finding.line is not None or rule in ("xml-size", "feed-size")


@pytest.mark.parametrize("change", ALLOWED, ids=[new[:40] for _, new in ALLOWED])
def test_what_is_allowed_passes(change: Change) -> None:
    found = check_feed(changed(change), "feed.xml", now=NOW)
    assert [str(finding) for finding in found] == []


def test_every_rule_is_broken_by_some_feed() -> None:
    elsewhere = {"paging-unique", "apple-one-item"}  # below
    assert set(RULES) == {rule for rule, _ in BREAKS} | elsewhere


def test_rules_have_names_of_their_own() -> None:
    assert len(RULES) == sum(len(rules) for _, rules in BYTES_OF_A_FEED)


def test_a_mutation_breaks_nothing_but_its_rule() -> None:
    related = {
        *("psp-guid", "psp-enclosure", "rss-root", "ns-exact", "value-length", "psp-item-desc"),
        *("rss-desc", "psp-pubDate", "rss-once", "apple-enclosure-unique", "psp-enclosure-url"),
    }
    for rule, change in BREAKS:
        found = {finding.rule for finding in check_feed(changed(change), "feed.xml", now=NOW)}
        if rule not in related:
            assert len(found) <= 2, (rule, change[1][:60], found)


def test_a_feed_without_items() -> None:
    start, end = GOOD.index("<item>"), GOOD.rindex("</item>") + len("</item>")
    empty = GOOD[:start] + GOOD[end:]
    found = check_feed(empty.encode(), "feed.xml", now=NOW)
    assert [(finding.rule, finding.severity) for finding in found] == [("apple-one-item", "error")]


def test_a_finding_names_line_item_and_nearest_category() -> None:
    raw = changed(('"TV &amp; Film"', '"TV and Film"'))
    (finding,) = check_feed(raw, "feed.xml", now=NOW)
    assert finding.line == 17
    assert finding.hint == "did you mean 'TV & Film'?"
    (finding,) = check_feed(changed(('"Arts"', '"Books"')), "feed.xml", now=NOW)
    assert finding.hint == "put it into the category Arts"
    (finding,) = check_feed(changed(('length="1920000"', 'length="x"')), "feed.xml", now=NOW)
    assert finding.item == "Plain Speaker"


def page(self_url: str, guid: str, links: str) -> bytes:
    """A page of the good feed, with one item."""
    start, end = GOOD.index("<item>"), GOOD.index("</item>") + len("</item>")
    only = GOOD[:start] + GOOD[GOOD.rindex("<item>") :]
    assert end
    only = only.replace("https://example.org/sitting/feed.xml", self_url, 1)
    only = only.replace("0b6f2f0c-8d3e-4a57-9a53-0d1c2b3a4f5e", guid)
    return only.replace("<itunes:author>", links + "<itunes:author>", 1).encode()


BASE = "https://example.org/sitting/"


def link(relation: str, name: str) -> str:
    return f'<atom:link rel="{relation}" href="{BASE}{name}"/>'


FIRST = GOOD.replace(
    "<itunes:author>",
    link("first", "feed.xml") + link("next", "feed-2.xml") + link("last", "feed-3.xml") + "<itunes:author>",
    1,
).encode()  # fmt: skip


def pages_of(back: str = "feed-2.xml", last_guid: str = "c") -> dict[str, bytes]:
    return {
        BASE + "feed-2.xml": page(
            BASE + "feed-2.xml", "b", link("prev", "feed.xml") + link("next", "feed-3.xml") + link("last", "feed-3.xml")
        ),
        BASE + "feed-3.xml": page(BASE + "feed-3.xml", last_guid, link("prev", back)),
    }  # fmt: skip


@pytest.mark.parametrize("relation", ["prev", "none"])
def test_pages_that_hang_together_pass(relation: str) -> None:
    """With links back, and without."""
    pages = {u: raw.replace(b'"prev"', f'"{relation}"'.encode()) for u, raw in pages_of().items()}
    assert [str(f) for f in check_feed(FIRST, "feed.xml", now=NOW, pages=pages)] == []


@pytest.mark.parametrize(
    ("pages", "rule"),
    [
        (pages_of(back="feed.xml"), "paging-links"),
        (dict(list(pages_of().items())[:1]), "paging-links"),
        (pages_of(last_guid=GUID), "paging-unique"),
        (pages_of() | {BASE + "feed-3.xml": b"<html/>"}, "paging-links"),
        ({BASE + "feed-2.xml": FIRST}, "paging-links"),
    ],
    ids=["back", "missing", "twice", "no feed", "circle"],
)
def test_pages_that_do_not(pages: dict[str, bytes], rule: str) -> None:
    assert rule in {f.rule for f in check_feed(FIRST, "feed.xml", now=NOW, pages=pages)}


def test_pages_are_judged_themselves() -> None:
    pages = {url: raw.replace(b"audio/mpeg", b"audio/mp3") for url, raw in pages_of().items()}
    found = check_feed(FIRST, "feed.xml", now=NOW, pages=pages)
    assert {f.where for f in found} == set(pages)
