"""A show whose every field holds an attack: each file that comes of it says it as words.

One show is built and published; each test looks at one place where words could become commands.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from attacks.hostile_show import ALL, HTML, Hostile, make
from lxml import etree, html
from tools import need_package

from sayso.build.options import Options
from sayso.episode.checking.id3_reading import read_tag
from sayso.episode.checking.transcripts import read_json, read_srt, read_vtt
from sayso.feed.rss import read_feed
from sayso.script import read_script
from sayso.show.finding import find_show
from sayso.studio.listing import reviews_of

pytestmark = pytest.mark.xdist_group("hostile")  # what it looks at is made once then

SECRETS = {
    "AWS_SECRET_ACCESS_KEY": "qqSECRETs3qq",
    "SAYSO_WEBDAV_PASSWORD": "qqSECRETdavqq",
    "AWS_SESSION_TOKEN": "qqSECRETtokenqq",
}


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Hostile]:
    with pytest.MonkeyPatch.context() as patch:
        for name, secret in SECRETS.items():
            patch.setenv(name, secret)
        yield make(tmp_path_factory.mktemp("hostile"))


SCHEMES = (
    "antennapod-subscribe",
    "https",
    "http",
    "mailto",
    "data",
    "podcast",
    "feed",
    "pktc",
    "overcast",
    "castro",
)


def harmless(page: str) -> None:
    """No element, attribute or address in a page is an attacker's."""
    root = html.document_fromstring(page)
    for one in root.iter():
        if not isinstance(one.tag, str):
            assert "PWN" not in (one.text or ""), "a comment"
            continue
        assert one.tag not in ("iframe", "object", "embed", "base")
        if one.tag == "script" and "PWN" in (one.text or ""):
            assert one.get("type") == "application/ld+json"
            assert json.loads(one.text)
            assert "<" not in one.text
        if one.tag == "style":
            assert "PWN" not in (one.text or "")
        assert one.get("src") != "x"
        for name, value in one.attrib.items():
            assert not name.startswith("on"), (one.tag, name)
            assert "PWN" not in name
            if name in ("href", "src", "action", "formaction", "data", "srcset", "poster"):
                scheme = re.match(r"[\s\0]*([^/?#]*?):", value)
                assert scheme is None or scheme[1].lower() in SCHEMES, value


PAGES = (
    "episodes/the-pier/report.html", "episodes/the-pier/notes.html",
    "episodes/the-pier/transcript.html", "public/index.html", "public/the-pier/index.html",
)  # fmt: skip


@pytest.mark.parametrize("name", PAGES)
def test_pages_show_it_as_words(name: str, hostile: Hostile) -> None:
    pages = hostile.pages()
    assert set(PAGES) <= set(pages)
    harmless(pages[name])
    assert "&lt;script&gt;PWN" in pages[name]


def test_the_studio_shows_it_as_words(hostile: Hostile) -> None:
    client_of = need_package("starlette.testclient").TestClient
    app = need_package("sayso.studio.app")
    show = find_show(hostile.root)
    studio = app.Studio(show, reviews_of(show, None), Options(engine="tone"), None)
    with client_of(app.application(studio, "token")) as client:
        page = client.get("/the-pier/").text
        state = client.get("/the-pier/state").text
        said = client.post("/the-pier/spoken", data={"words": HTML.replace("{", "")}).text
    for text in (page, f"<main>{state}</main>", f"<main>{said}</main>"):
        assert "PWN" in text
        harmless(text)


def test_the_feed_says_it_as_words(hostile: Hostile) -> None:
    raw = (hostile.root / "public/feed.xml").read_bytes()
    root = etree.fromstring(raw)
    names = {etree.QName(one).localname for one in root.iter() if isinstance(one.tag, str)}
    assert not names & {"script", "img", "svg", "PWN"}
    assert not [one for one in root.iter() if not isinstance(one.tag, str)]
    assert len(root.findall("channel/item")) == 1
    assert b"javascript:" not in raw
    (item,) = read_feed(raw, "feed.xml").items
    assert "</title></script><script>PWN(1)</script>" in item.title
    for markup in (item.description, item.notes or ""):
        harmless(f"<div>{markup}</div>")


@pytest.mark.parametrize("form", ["vtt", "srt", "json"])
def test_a_transcript_holds_no_cue_of_theirs(form: str, hostile: Hostile) -> None:
    text = (hostile.episode / f"transcript.{form}").read_text("utf-8")
    cues = {"vtt": read_vtt, "srt": read_srt, "json": read_json}[form](text)
    assert all(cue.end_ms < 10 * 60_000 for cue in cues)
    assert [cue.start_ms for cue in cues] == sorted(cue.start_ms for cue in cues)
    if form == "vtt":
        for line in text.split("\n"):
            assert line.count("-->") <= 1
            assert not re.match(r"NOTE|STYLE|REGION|WEBVTT .", line)
        blocks = text.strip().split("\n\n")
        assert len(blocks) == len(cues) + 1
        assert not re.search(r"<(?!/?v[ >])", text)
    if form == "srt":
        assert len(text.strip().split("\n\n")) == len(cues)


def test_chapters_are_the_segments(hostile: Hostile) -> None:
    document = json.loads((hostile.episode / "chapters.json").read_text("utf-8"))
    assert len(document["chapters"]) == 4
    assert {key for row in document["chapters"] for key in row} <= {"startTime", "endTime", "title"}


def test_the_tag_is_whole(hostile: Hostile) -> None:
    tag = read_tag((hostile.episode / "episode.mp3").read_bytes())
    assert tag.problem is None
    assert len(tag.chapters) == 4
    assert "PWN(1)" in tag.texts["TIT2"]


def test_the_waveform_is_shapes(hostile: Hostile) -> None:
    root = etree.fromstring((hostile.episode / "waveform.svg").read_bytes())
    names = {etree.QName(one).localname for one in root.iter() if isinstance(one.tag, str)}
    assert not names & {"script", "foreignObject", "image", "a", "use"}
    assert not [name for one in root.iter() for name in one.attrib if name.startswith("on")]


def test_the_script_has_no_cue_and_no_segment_of_theirs(hostile: Hostile) -> None:
    script = read_script(hostile.episode / "script.md")
    kinds = [type(item).__name__ for item in script.items]
    assert kinds.count("SegmentHead") == 4
    assert "SoundCue" not in kinds
    assert "Comment" not in kinds


def test_nothing_of_theirs_is_evaluated(hostile: Hostile) -> None:
    for path in (*hostile.episode.iterdir(), *(hostile.root / "public").rglob("*")):
        if path.is_file() and path.suffix in (".md", ".html", ".xml", ".json", ".vtt", ".txt"):
            assert "1337" not in re.sub(r"[0-9a-f]{12,}|\d[\d.]*\d", _unless_1337, path.read_text())


def _unless_1337(match: re.Match[str]) -> str:
    return match[0] if match[0] == "1337" else ""


def test_nothing_turns_text_around(hostile: Hostile) -> None:
    assert "\u202e" in ALL
    for path in (*hostile.episode.iterdir(), *(hostile.root / "public").rglob("*")):
        if path.is_file():
            assert "\u202e".encode() not in path.read_bytes(), path


def test_no_secret_is_in_any_file(hostile: Hostile) -> None:
    cache = Path(os.environ["SAYSO_CACHE"])
    for path in (*hostile.root.rglob("*"), *cache.rglob("*")):
        if path.is_file():
            assert b"qqSECRET" not in path.read_bytes(), path
