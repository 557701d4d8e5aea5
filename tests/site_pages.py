"""A show and an episode for pages, with everything in them that HTML could stumble over."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta, timezone
from pathlib import Path

from lxml.html import HtmlElement, document_fromstring
from tools import need_package

from sayso.episode.checking.manifest_reading import read_manifest
from sayso.feed.rss import ReadItem
from sayso.model import (
    Channel,
    ChapterMark,
    Directory,
    Enclosure,
    FeedItem,
    Funding,
    Person,
    TranscriptLink,
)
from sayso.show.finding import starter_folder
from sayso.site import (
    EpisodePage,
    TranscriptChapter,
    TranscriptLine,
    TranscriptTurn,
    assets,
    index_html,
    page_html,
    transcript_of,
)

SHIPPED = (starter_folder() / "scripts",)
ROOT = "https://pod.example.org/show/"
DATE = datetime(2026, 11, 25, 18, 30, tzinfo=timezone(timedelta(hours=1)))


def channel(root: str = ROOT) -> Channel:
    return Channel(
        title="Late <Seats> & more",
        site_url=root,
        feed_url=root + "feed.xml",
        guid="9b024349-ccf0-5f69-a609-6b82873eab3c",
        description='Reviews, "read" aloud.',
        language="en-GB",
        image_url=root + "media/cover-0123456789ab.jpg",
        categories=(),
        author="Ada Quill",
        copyright="© 2026 Ada Quill",
        license="cc-by-4.0",
        license_url="https://creativecommons.org/licenses/by/4.0/",
        funding=(Funding("https://example.org/give?a=1&b=2", "Support <us>"),),
        persons=(Person("Ada Quill"),),
        directories=(Directory("Apple Podcasts", "https://podcasts.example.org/id1"),),
    )


def item(root: str = ROOT) -> FeedItem:
    return FeedItem(
        guid="917393e3-1b1e-5cef-ace4-edaa54e1f810",
        title='The Pier <b>"live"</b> & more',
        link=root + "the-pier/",
        date=DATE,
        description="<p>The lights are out, &amp; nobody &lt;asks&gt; why.</p>",
        notes=(
            "<p>The lights are out.</p>\n<p><strong>Chapters</strong></p>\n"
            "<p>00:00:00 Intro<br>\n00:00:09 The cast<br>\n00:01:23 Verdict</p>\n"
            '<p><a href="https://example.org/?a=1&amp;b=2">Read it</a></p>'
        ),
        enclosure=Enclosure(root + "media/the-pier-0123456789ab.mp3", 4_123_456),
        duration_s=257,
        season=2,
        episode=7,
        image_url=root + "media/the-pier-0123456789ab.jpg",
        chapters=(
            ChapterMark(0, "Intro"),
            ChapterMark(9_400, "The <cast>"),
            ChapterMark(83_000, "Verdict"),
        ),
        transcripts=(
            TranscriptLink(root + "media/the-pier-0123456789ab.vtt", "text/vtt", "en-GB", True),
            TranscriptLink(root + "media/the-pier-0123456789ab.txt", "text/plain", "en-GB"),
        ),
    )


TRANSCRIPT = (
    TranscriptChapter(
        "Intro",
        0.0,
        (
            TranscriptTurn("Host", (TranscriptLine(0.1, 2.0, "The lights are out."),)),
            TranscriptTurn("Host", (TranscriptLine(2.6, 3.0, "It cost <b>$3 & more</b>."),)),
        ),
    ),
    TranscriptChapter(
        "The <cast>",
        9.4,
        (
            TranscriptTurn(
                "Critic <1>",
                (
                    TranscriptLine(9.9, 11.0, "The cast is small."),
                    TranscriptLine(11.3, 12.0, "It is superb."),
                ),
            ),
        ),
    ),
    TranscriptChapter("Verdict", 83.0, ()),
)


def page(root: str = ROOT, **changes: object) -> EpisodePage:
    made = EpisodePage(channel(root), item(root), TRANSCRIPT)
    return replace(made, **changes)  # type: ignore[arg-type]


def html(made: EpisodePage | None = None, folders: Sequence[Path] = SHIPPED) -> str:
    return page_html(made or page(), folders)


def index(
    root: str = ROOT,
    folders: Sequence[Path] = SHIPPED,
    *items: FeedItem | ReadItem,
    **changes: object,
) -> str:
    options: dict[str, str | None] = {"older": "2/", "newer": None, **changes}  # type: ignore[dict-item]
    return index_html(channel(root), items or (item(root),), folders, **options)  # type: ignore[arg-type]


@dataclass(frozen=True)
class Site:
    """A site in a folder, with the page of one real episode."""

    folder: Path
    root: str
    page: EpisodePage

    @property
    def page_url(self) -> str:
        return self.page.item.link


def write_site(
    episode: Path,
    folder: Path,
    root: str,
    *,
    media_root: str | None = None,
    folders: Sequence[Path] = SHIPPED,
) -> Site:
    """Lay out a built episode's folder as a site at `root`, its media perhaps elsewhere."""
    manifest, findings = read_manifest(episode)
    assert manifest is not None, findings
    media = {
        "episode.mp3": "media/pier.mp3",
        "transcript.vtt": "media/pier.vtt",
        "cover.jpg": "media/pier.jpg",
    }
    for source, name in media.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(episode / source, folder / name)
    at = media_root or root
    show = replace(channel(root), image_url=at + "media/pier.jpg")
    made = EpisodePage(
        show,
        replace(
            item(root),
            title=manifest.title,
            notes=(episode / "notes.html").read_text("utf-8"),
            enclosure=Enclosure(at + "media/pier.mp3", (episode / "episode.mp3").stat().st_size),
            duration_s=manifest.n_samples // manifest.sample_rate,
            image_url=at + "media/pier.jpg",
            chapters=tuple(ChapterMark(manifest.ms(c.start), c.title) for c in manifest.chapters),
            transcripts=(TranscriptLink(at + "media/pier.vtt", "text/vtt", "en-US", True),),
        ),
        transcript_of(manifest),
        (episode / "waveform.svg").read_text("utf-8"),
    )
    pages = {
        "the-pier/index.html": page_html(made, folders),
        "index.html": index_html(show, [made.item] * 3, folders, older="2/", newer=None),
    }
    for name, text in pages.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, "utf-8")
    for asset in assets(folders):
        (folder / asset.name).parent.mkdir(parents=True, exist_ok=True)
        (folder / asset.name).write_bytes(asset.data)
    return Site(folder, root, made)


def valid(text: str) -> HtmlElement:
    """The document, which a strict parser must read without one complaint."""
    need_package("html5lib").HTMLParser(strict=True).parse(text)
    document = document_fromstring(text)
    ids = document.xpath("//@id")
    assert len(ids) == len(set(ids))
    return document
