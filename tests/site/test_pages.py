"""The bytes of pages: valid HTML, whatever a title holds, and everything in its head."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import datetime, timezone
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml.html import HtmlElement, document_fromstring
from site_pages import DATE, ROOT, SHIPPED, TRANSCRIPT, channel, html, index, item, page, valid

from sayso.feed.rss import ReadItem
from sayso.model import Channel, Enclosure, FeedItem, TranscriptLink
from sayso.site import (
    EpisodePage,
    TranscriptChapter,
    TranscriptLine,
    TranscriptTurn,
    assets,
    page_html,
    transcript_of,
)
from sayso.site.links import PageLocation
from sayso.site.markup import notes_markup, plain_text, waveform_markup

PAGES = {"page": html, "index": index}


def meta(document: HtmlElement, name: str) -> str:
    (found,) = document.xpath(f'//meta[@name="{name}" or @property="{name}"]/@content')
    return str(found)


@pytest.mark.parametrize("name", PAGES)
def test_pages_are_valid(name: str) -> None:
    valid(PAGES[name]())


def test_the_head_of_a_page() -> None:
    document = valid(html())
    assert document.get("lang") == "en-GB"
    assert document.findtext(".//title") == 'The Pier <b>"live"</b> & more · Late <Seats> & more'
    assert document.xpath('//link[@rel="canonical"]/@href') == [ROOT + "the-pier/"]
    (feed,) = document.xpath('//link[@rel="alternate"]')
    assert (feed.get("type"), feed.get("href")) == ("application/rss+xml", ROOT + "feed.xml")
    assert meta(document, "description") == "The lights are out, & nobody <asks> why."
    assert meta(document, "og:title") == 'The Pier <b>"live"</b> & more'
    assert meta(document, "og:type") == "article"
    assert meta(document, "og:url") == ROOT + "the-pier/"
    assert meta(document, "og:image") == ROOT + "media/the-pier-0123456789ab.jpg"
    assert meta(document, "og:audio") == ROOT + "media/the-pier-0123456789ab.mp3"
    assert meta(document, "og:audio:type") == "audio/mpeg"
    assert meta(document, "twitter:card") == "summary"


def test_the_head_of_the_index() -> None:
    document = valid(index(newer="./", older="3/", address=ROOT + "2/"))
    assert document.xpath('//link[@rel="canonical"]/@href') == [ROOT + "2/"]
    assert document.xpath('//*[@rel="prev"]/@href') == ["../"] * 2
    assert document.xpath('//*[@rel="next"]/@href') == ["../3/"] * 2
    assert meta(document, "og:image") == ROOT + "media/cover-0123456789ab.jpg"
    assert meta(document, "og:type") == "website"
    alone = valid(index(older=None))
    assert alone.xpath('//*[@rel="prev" or @rel="next"]') == []


def data_of(text: str) -> Any:
    (block,) = document_fromstring(text).xpath('//script[@type="application/ld+json"]/text()')
    assert not re.search(r"[<>&]", block)
    return json.loads(block)


def test_what_search_engines_are_told() -> None:
    told = data_of(html())
    assert (told["@context"], told["@type"]) == ("https://schema.org", "PodcastEpisode")
    assert told["name"] == 'The Pier <b>"live"</b> & more'
    assert told["datePublished"] == "2026-11-25T18:30:00+01:00"
    assert told["timeRequired"] == "PT257S"
    assert told["associatedMedia"] == {
        "@type": "AudioObject",
        "contentUrl": ROOT + "media/the-pier-0123456789ab.mp3",
        "encodingFormat": "audio/mpeg",
        "contentSize": "4123456",
        "duration": "PT257S",
    }
    assert [(c["startOffset"], c["endOffset"]) for c in told["hasPart"]] == [
        (0, 9),
        (9, 83),
        (83, 257),
    ]
    assert told["partOfSeries"]["webFeed"] == ROOT + "feed.xml"
    assert "isBasedOn" not in told
    show = data_of(index())
    assert (show["@type"], show["name"], show["url"]) == ("PodcastSeries", channel().title, ROOT)
    assert None not in show.values()


def test_within_the_site_addresses_are_relative() -> None:
    """So the folder works wherever it is served; cards, data and the feed name the real host."""
    document = valid(html())
    for path in ("//audio/source/@src", "//track/@src", "//article//img/@src", "//script/@src"):
        (address,) = document.xpath(path)
        assert str(address).startswith("../"), path
    (style,) = document.xpath('//link[@rel="stylesheet"]/@href')
    assert style == "../" + assets(SHIPPED)[0].name
    assert document.xpath('//header[@class="site"]/a/@href') == ["../"]
    home = valid(index())
    assert home.xpath('//link[@rel="stylesheet"]/@href') == [assets(SHIPPED)[0].name]
    assert home.xpath("//h3/a/@href") == ["the-pier/"]


def test_no_address_of_the_site_becomes_one_of_another_host() -> None:
    home = PageLocation(ROOT, ROOT)
    assert home.link(f"{ROOT}//other.example/a.png") == ".///other.example/a.png"
    assert home.link(f"{ROOT}a:b") == "./a:b"
    assert PageLocation(ROOT, f"{ROOT}the-pier/").link(f"{ROOT}a.png") == "../a.png"


def test_files_are_named_by_what_they_hold() -> None:
    style, player = assets(SHIPPED)
    assert (style.mime, player.mime) == ("text/css", "text/javascript")
    assert re.fullmatch(r"assets/site-[0-9a-f]{12}\.css", style.name)
    assert re.fullmatch(r"assets/player-[0-9a-f]{12}\.js", player.name)
    assert len(style.data) < 16_000
    assert len(player.data) < 16_000


def test_notes_lose_the_chapter_list_that_the_page_has_itself() -> None:
    notes = item().notes
    assert notes_markup(notes, has_chapters=True) == (
        '<p>The lights are out.</p>\n<p><a href="https://example.org/?a=1&amp;b=2">Read it</a></p>'
    )
    kept = notes_markup(notes, has_chapters=False)
    assert '<strong>Chapters</strong></p>\n<p><a href="#t=0">00:00:00</a> Intro<br>' in kept
    assert '<a href="#t=83">00:01:23</a> Verdict</p>' in kept


@pytest.mark.parametrize(
    ("notes", "shown"),
    [
        ('<p onclick="x()" style="a">a</p>', "<p>a</p>"),
        ("<script>alert(1)</script><p>a</p>", "<p>a</p>"),
        ('<p>a<img src="x" onerror="y()">b</p>', "<p>ab</p>"),
        ('<p><a href="javascript:alert(1)">a</a></p>', "<p>a</p>"),
        ('<p><a href=" JAVA&#9;SCRIPT:alert(1)">a</a></p>', "<p>a</p>"),
        ('<p><a href="data:text/html,x">a</a></p>', "<p>a</p>"),
        ("<h1>a <b>b</b></h1><table><tr><td>c</td></tr></table>", "a <b>b</b>c"),
        ("<p>a<!-- b --></p><style>c</style>", "<p>a</p>"),
        ("<p>a", "<p>a</p>"),
        ("only words & <more", "only words &amp;"),
        ("<svg><p>a</p></svg>", "<p>a</p>"),
    ],
)
def test_notes_are_rebuilt_from_what_is_allowed(notes: str, shown: str) -> None:
    assert notes_markup(notes, has_chapters=False) == shown


def test_a_waveform_is_rebuilt_from_its_shapes() -> None:
    hostile = (
        '<svg xmlns="http://www.w3.org/2000/svg" role="img" onload="x()"><style>*{}</style>'
        '<script>alert(1)</script><path class="a" d="M1 2v3" onclick="x()"/>'
        '<a href="javascript:x"><path d="M0"/></a><rect x="1"><title>&lt;b></title></rect>'
        '<foreignObject><p xmlns="http://www.w3.org/1999/xhtml">x</p></foreignObject></svg>'
    )
    assert waveform_markup(hostile) == (
        '<svg viewBox="0 26 1200 128" preserveAspectRatio="none" role="img">'
        '<path class="a" d="M1 2v3"></path><rect x="1"><title>&lt;b&gt;</title></rect></svg>'
    )
    for other in (None, "", "no picture", "<svg/>", '<!DOCTYPE svg [<!ENTITY a "b">]><svg>&a;'):
        assert waveform_markup(other) is None


def test_a_transcript_of_turns_chapters_and_times() -> None:
    document = valid(html())
    turns = document.xpath('//p[@class="turn"]')
    assert [turn.get("id") for turn in turns] == [None, "t=2", None]
    assert document.xpath('//div[@class="transcript"]/section/@id') == ["t=0", "t=9", "t=83"]
    assert [t.text_content() for t in document.xpath('//b[@class="speaker"]')] == [
        "Host: ",
        "Critic <1>: ",
    ]
    spans = document.xpath('//span[@class="line"]')
    assert [(s.get("data-start"), s.get("data-end"), s.text) for s in spans] == [
        (f"{line.start_s:.3f}", f"{line.end_s:.3f}", line.text)
        for chapter in TRANSCRIPT
        for turn in chapter.turns
        for line in turn.lines
    ]


def test_an_episode_without_transcript_chapters_and_picture_has_a_page() -> None:
    bare = FeedItem(
        guid="g",
        title="Bare",
        link=ROOT + "bare/",
        date=datetime(2026, 1, 2, tzinfo=timezone.utc),
        description="",
        notes="",
        enclosure=Enclosure(ROOT + "media/bare.mp3", 10),
        duration_s=3_725,
        episode_type="bonus",
        explicit=True,
    )
    show = Channel("S", ROOT, ROOT + "feed.xml", "g", "", "en", "", ())
    document = valid(page_html(EpisodePage(show, bare), SHIPPED))
    words = " ".join(document.find(".//header[@class='episode']").text_content().split())
    assert "Bonus 2 January 2026 62 min Explicit Bare" in words
    assert document.xpath("//img | //nav | //track | //*[@id='transcript']") == []


def test_the_index_shows_what_others_published_too() -> None:
    def read(
        title: str, link: str | None = None, duration_s: int | None = None, words: str = ""
    ) -> ReadItem:
        date = DATE if link else None
        media, rest = (None, None, None), (None, None, None, None)
        return ReadItem(None, title, link, date, *media, duration_s, words, *rest)

    items = (
        item(),
        read("No page"),
        read("Elsewhere", "https://other.example/x", 59, "word " * 100),
        read("Hostile", "javascript:alert(1)", 59, "&lt;script&gt;x&lt;/script&gt;"),
    )
    document = valid(index(ROOT, SHIPPED, *items))
    assert document.xpath("//h3/a/@href") == ["the-pier/", "https://other.example/x"]
    rows = [" ".join(li.text_content().split()) for li in document.xpath("//main//ol/li")]
    assert rows[0].startswith("25 November 2026 4 min The Pier <b>")
    assert rows[1] == "No page"
    assert rows[2].endswith("word word …")
    assert len(rows[2]) < 290
    assert rows[3].endswith("Hostile <script>x</script>")


def test_ways_to_follow_the_show() -> None:
    document = valid(index())
    links = {a.text: a.get("href") for a in document.xpath('//section[@class="follow"]//a')}
    whole = "https%3A%2F%2Fpod.example.org%2Fshow%2Ffeed.xml"
    assert links == {
        "Apple Podcasts": "https://podcasts.example.org/id1",
        "Overcast": f"overcast://x-callback-url/add?url={whole}",
        "Pocket Casts": "pktc://subscribe/pod.example.org/show/feed.xml",
        "AntennaPod": "antennapod-subscribe://pod.example.org/show/feed.xml",
        "Support <us>": "https://example.org/give?a=1&b=2",
    }
    assert document.xpath('//input[@id="feed"]/@value') == [ROOT + "feed.xml"]
    unlisted = page(channel=replace(channel(), directories=()))
    (apple,) = valid(html(unlisted)).xpath('//a[text()="Apple Podcasts"]/@href')
    assert apple == "podcast://pod.example.org/show/feed.xml"


def test_a_description_in_one_line() -> None:
    assert plain_text("<p>a &amp; b</p><ul><li>c</li><li>d</li></ul>e<br>f") == "a & b c d e f"
    assert plain_text(" \n") == ""
    assert plain_text("plain") == "plain"


TEXT = st.one_of(
    st.text(max_size=40),
    st.sampled_from(
        [
            '"><script>alert(1)</script>',
            "'--><img src=x onerror=alert(1)>",
            "</title></script></style></textarea>",
            "{{ show }} {% raw %}",
            "\0\x01\x0b\ufeff\u2028\ud800",
            "&amp;lt; &#60;",
        ]
    ),
)


@given(TEXT, TEXT, TEXT)
@settings(max_examples=20)
def test_any_text_is_shown_as_text(title: str, words: str, speaker: str) -> None:
    made = page(
        channel=replace(channel(), title=title, description=words, author=speaker),
        item=replace(item(), title=title, description=f"<p>{words}</p>", notes=f"<p>{words}</p>"),
        transcript=(
            TranscriptChapter(
                title,
                0.0,
                (TranscriptTurn(speaker, (TranscriptLine(0.0, 1.0, words),)),),
            ),
        ),
    )
    plain, shown = document_fromstring(html()), valid(html(made))
    own = {e.tag for e in plain.iter() if isinstance(e.tag, str)}
    assert {e.tag for e in shown.iter() if isinstance(e.tag, str)} <= own | {"p", "b", "i"}
    assert len(shown.xpath("//script")) == len(plain.xpath("//script"))
    assert shown.xpath("//@*[starts-with(name(), 'on') or name() = 'style']") == []
    (line,) = shown.xpath('//span[@class="line"]')
    assert visible(line.text_content()) == visible(words)
    assert visible(shown.findtext(".//h1")) == visible(title)


def visible(text: str) -> str:
    return re.sub(
        r"[\s\x00-\x20\x7f-\x9f\ufeff\ud800-\udfff\ufdd0-\ufdef]|[^\u0000-\uffff]|[\ufffe\uffff\ufffd]",
        "",
        text,
    )


def test_the_transcript_of_a_manifest(episode: Any) -> None:
    from sayso.episode.checking.manifest_reading import read_manifest

    manifest, _ = read_manifest(episode)
    assert manifest is not None
    chapters = transcript_of(manifest)
    assert [c.title for c in chapters] == [c.title for c in manifest.chapters]
    lines = [line for c in chapters for turn in c.turns for line in turn.lines]
    assert [line.text for line in lines] == [line.written for line in manifest.lines]
    assert [line.start_s for line in lines] == [
        manifest.ms(line.start) / 1000 for line in manifest.lines
    ]
    intro = chapters[0]
    assert [len(turn.lines) for turn in intro.turns] == [1, 1, 1]
    assert [len(turn.lines) for turn in chapters[1].turns] == [2]


def test_captions_come_from_the_pages_own_origin_only() -> None:
    """A track from elsewhere would need permission for the sound as well, or nothing would play."""
    away = (TranscriptLink("https://cdn.example.net/pier.vtt", "text/vtt", "en"),)
    document = valid(html(page(item=replace(item(), transcripts=away))))
    assert document.xpath("//track") == []
    assert document.xpath('//a[text()="WebVTT"]/@href') == ["https://cdn.example.net/pier.vtt"]
