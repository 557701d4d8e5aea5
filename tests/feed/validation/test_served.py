"""A feed on a real web server: what is right passes, what the server gets wrong is found."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from datetime import datetime, timezone

import pytest
from feed.validation.small_site import SmallSite, picture, publish
from servers.servers import nginx

from sayso.feed.validation import FeedFinding, check_feed, check_served, verify_media
from sayso.net.http import Answer, Unreachable, ask

pytestmark = pytest.mark.xdist_group("feed-server")

NOW = datetime(2026, 4, 1, tzinfo=timezone.utc)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SmallSite]:
    folder = tmp_path_factory.mktemp("site")
    (folder / "public").mkdir()
    with nginx(folder / "public", folder / "run") as base_url:
        yield publish(folder / "public", base_url)


@pytest.fixture
def copy(site: SmallSite) -> Iterator[SmallSite]:
    """The site, to be spoilt; it is as before afterwards."""
    backup = site.docroot.with_name("backup")
    shutil.copytree(site.docroot, backup)
    yield site
    for path in backup.rglob("*"):
        if path.is_file():
            shutil.copy2(path, site.docroot / path.relative_to(backup))
    shutil.rmtree(backup)


def served(site: SmallSite) -> list[FeedFinding]:
    return list(check_served(site.feed_url, now=NOW))


NOTED = {"http-media-cache", "http-gzip"}
"""What this nginx leaves undone."""


def found(site: SmallSite) -> set[str]:
    return {finding.rule for finding in served(site)} - NOTED


def test_what_sayso_writes_and_nginx_serves_keeps_the_rules(site: SmallSite) -> None:
    assert [str(finding) for finding in check_feed(site.feed, "feed.xml", now=NOW)] == []
    findings = served(site)
    assert {f.rule for f in findings} == NOTED, [str(f) for f in findings]
    assert {f.severity for f in findings} == {"note"}
    items = [f.item for f in findings if f.rule == "http-media-cache"]
    assert items == [item.title for item in site.items]


def change_feed(site: SmallSite, old: str, new: str) -> None:
    text = site.feed.decode()
    assert old in text
    (site.docroot / "feed.xml").write_text(text.replace(old, new, 1), "utf-8")


def test_a_file_that_is_not_there(copy: SmallSite) -> None:
    copy.media(copy.items[0]).rename(copy.docroot / "away.mp3")
    findings = [f for f in served(copy) if f.severity == "error"]
    assert [(f.rule, f.item) for f in findings] == [("http-head", copy.items[0].title)]
    assert findings[0].problem == "HEAD is answered by 404"


def test_a_length_that_is_not_the_file_s(copy: SmallSite) -> None:
    length = copy.items[0].enclosure.n_bytes
    change_feed(copy, f'length="{length}"', f'length="{length + 1}"')
    assert {"http-length", "http-range"} == found(copy)


def test_a_type_that_is_not_the_feed_s(copy: SmallSite) -> None:
    change_feed(copy, 'type="text/vtt"', 'type="application/x-subrip"')
    assert "http-text-type" in found(copy)


def test_a_duration_that_is_not_the_sound_s(copy: SmallSite) -> None:
    for item, wrong in zip(copy.items, (55, 40, 33), strict=True):
        assert abs(wrong - item.duration_s) > 1
        change_feed(copy, f"<itunes:duration>{item.duration_s}<", f"<itunes:duration>{wrong}<")
    findings = [f for f in served(copy) if f.rule == "apple-duration-media"]
    assert [f.item for f in findings] == [item.title for item in copy.items]
    assert findings[0].problem == "the feed says 55 seconds, the MP3 has 53.0"


@pytest.mark.parametrize(
    ("size_px", "kind", "mode", "problem"),
    [
        (1200, "JPEG", "RGB", "1200×1200 pixels"),
        (3200, "JPEG", "RGB", "3200×3200 pixels"),
        (1400, "PNG", "RGB", "is a PNG, and named .jpg"),
        (1400, "PNG", "RGBA", "transparent"),
        (1400, "JPEG", "L", "not RGB but L"),
        (1400, "GIF", "RGB", "neither a JPEG nor a PNG"),
    ],
)
def test_a_cover_that_apple_refuses(
    copy: SmallSite, size_px: int, kind: str, mode: str, problem: str
) -> None:
    (copy.docroot / "media" / "cover.jpg").write_bytes(picture(size_px, kind, mode))
    findings = [f for f in served(copy) if f.rule == "apple-image-file"]
    assert problem in " ".join(f.problem for f in findings)
    assert all(f.severity == "error" for f in findings)


@pytest.mark.parametrize(
    ("document", "problem"),
    [
        ("[]", "no JSON object"),
        ("{}", "version"),
        ({"version": "1.2.0", "chapters": [{"startTime": 0}, {"startTime": "10"}]}, "1 chapters"),
        ({"version": "1.2.0", "chapters": [{"startTime": 9}, {"startTime": 4}]}, "chapter 2"),
        ({"version": "1.2.0", "chapters": [{"startTime": 0}, {"startTime": 999}]}, "after the end"),
        ({"version": 1.2, "chapters": [{"startTime": True}]}, "version"),
    ],
)
def test_chapters_that_are_wrong(copy: SmallSite, document: object, problem: str) -> None:
    text = document if isinstance(document, str) else json.dumps(document)
    (copy.docroot / "media" / "episode-3.chapters.json").write_text(text)
    problems = [f.problem for f in served(copy) if f.rule == "pc-chapters-file"]
    assert problem in " ".join(problems)


@pytest.mark.parametrize(
    ("name", "text", "problem"),
    [
        ("vtt", "00:00.000 --> 00:01.000\nHi\n", "WEBVTT"),
        ("vtt", "WEBVTT\n\n00:05.000 --> 00:01.000\nHi\n", "ends before it begins"),
        ("vtt", "WEBVTT\n\n00:05.000 --> 00:09.000\na\n\n00:04.000 --> 00:10.000\nb\n", "cue 2"),
        ("vtt", "WEBVTT\n\n00:05.000 --> 01:09.000\na\n", "after the episode"),
        ("vtt", "WEBVTT\n", "no cue"),
        ("srt", "one\n00:00:01,000 --> 00:00:02,000\nHi\n", "numbered"),
        ("srt", "", "empty"),
        ("transcript.json", "{}", "segments"),
        ("transcript.json", '{"segments": [{"startTime": 1}]}', "starts and ends"),
    ],
)
def test_transcripts_that_are_wrong(copy: SmallSite, name: str, text: str, problem: str) -> None:
    (copy.docroot / "media" / f"episode-3.{name}").write_text(text)
    problems = [f.problem for f in served(copy) if f.rule == "pc-transcript-file"]
    assert problem in " ".join(problems)


def test_a_feed_that_is_not_there(site: SmallSite) -> None:
    (finding,) = check_served(site.base_url + "nothing.xml")
    assert (finding.rule, finding.severity) == ("http-feed-status", "error")


def test_a_server_that_is_not_there() -> None:
    (finding,) = check_served("http://127.0.0.1:9/feed.xml")
    assert finding.rule == "http-reachable"
    assert "nothing listens there" in finding.problem


@pytest.mark.parametrize(
    "url", ["file:///etc/passwd", "ftp://example.org/feed.xml", "http://example.org/", "feed.xml"]
)
def test_addresses_that_are_never_asked(url: str) -> None:
    (finding,) = check_served(url)
    assert finding.rule == "http-reachable"
    with pytest.raises(Unreachable):
        ask(url)


def test_a_page_that_is_missing(copy: SmallSite) -> None:
    links = "".join(
        f'<atom:link rel="{relation}" href="{copy.base_url}feed-2.xml"/>'
        for relation in ("next", "last")
    )
    change_feed(copy, "<itunes:author>", links + "<itunes:author>")
    findings = [f for f in served(copy) if f.rule == "paging-links"]
    assert [f.problem for f in findings] == [f"the page “{copy.base_url}feed-2.xml” is not there"]


def test_only_the_newest_are_visited(copy: SmallSite) -> None:
    copy.media(copy.items[-1]).rename(copy.docroot / "away.mp3")
    assert "http-head" not in {f.rule for f in check_served(copy.feed_url, limit=2, now=NOW)}
    assert "http-head" in {f.rule for f in check_served(copy.feed_url, limit=None, now=NOW)}


# -------------------------------------------------------------------- what a publisher verifies


def test_media_as_uploaded(site: SmallSite) -> None:
    for item in site.items:
        data = site.media(item).read_bytes()
        assert verify_media(item.enclosure.url, len(data), "audio/mpeg", data[:500]) is None


def test_media_that_are_not_what_was_uploaded(site: SmallSite) -> None:
    item = site.items[0]
    data = site.media(item).read_bytes()

    def verify(n_bytes: int, mime: str, first: bytes, url: str = item.enclosure.url) -> str | None:
        finding = verify_media(url, n_bytes, mime, first, tries=1)
        return finding and f"{finding.severity} {finding.rule}"

    assert verify(len(data) + 1, "audio/mpeg", data[:500]) == "error http-length"
    assert verify(len(data), "audio/mpeg", b"\0" + data[1:500]) == "error http-range"
    assert verify(len(data), "audio/mp4", data[:500]) == "warning http-media-type"
    assert verify(9, "audio/mpeg", b"x", item.enclosure.url + "x") == "error http-head"


def test_storage_that_takes_a_moment() -> None:
    asked: list[str] = []

    def slow(url: str, *, method: str = "GET", headers=None, most_bytes: int = 0) -> Answer:
        asked.append(method)
        if len(asked) <= 4:
            return Answer(url, url, 404, {})
        common = {"content-type": "audio/mpeg", "content-length": "3"}
        return Answer(url, url, 200 if method == "HEAD" else 206, common, b"abc")

    url = "https://example.org/a.mp3"
    assert verify_media(url, 3, "audio/mpeg", b"abc", fetch=slow, wait_s=0.001) is None
    assert len(asked) == 6


def test_a_server_that_stays_away() -> None:
    finding = verify_media(
        "http://127.0.0.1:9/a.mp3", 3, "audio/mpeg", b"abc", tries=2, wait_s=0.01
    )
    assert finding is not None
    assert finding.rule == "http-reachable"
