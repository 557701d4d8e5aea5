"""A show and its episodes, for tests of the feed."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta, timezone
from typing import Any
from uuid import UUID

from sayso.model import (
    Category,
    Channel,
    ChapterMark,
    Enclosure,
    FeedItem,
    Funding,
    Person,
    Soundbite,
    TranscriptLink,
)

SITE = "https://tide.example/"
FEED = f"{SITE}feed.xml"
BUILT = datetime(2025, 10, 17, 18, 30, tzinfo=timezone.utc)
FIRST = datetime(2025, 10, 17, 18, 0, tzinfo=timezone(timedelta(hours=2)))

SHOW = Channel(
    title="Second Row",
    site_url=SITE,
    feed_url=FEED,
    guid="0f8e0f4c-6f0b-5d6e-9d44-8a0d4c1f6a3e",
    description="Reviews of what is on, said aloud.",
    language="en",
    image_url=f"{SITE}media/cover-0123456789ab.jpg",
    categories=(Category("TV & Film", "Film Reviews"),),
)

FULL_SHOW = replace(
    SHOW,
    categories=(Category("TV & Film", "Film Reviews"), Category("Arts", "Books"), Category("News")),
    author="Ada Quill & Ben",
    serial=True,
    owner_name="Ada Quill",
    owner_email="ada@tide.example",
    copyright="© 2025 Ada Quill",
    license="cc-by-4.0",
    license_url="https://creativecommons.org/licenses/by/4.0/",
    funding=(Funding("https://tide.example/give", "Buy us a ticket"),),
    persons=(Person("Ada Quill", link="https://ada.example"), Person("Ben", "editor", "crew")),
    update_frequency="weekly",
    update_rrule="FREQ=WEEKLY",
    podroll=("917393e3-1b1e-5cef-ace4-edaa54e1f810",),
    verify=(("verify", "code 123"), ("applepodcastsverify", "abc-def")),
    hub="https://hub.example/",
    new_url=FEED,
    complete=True,
    block=True,
)


def guid(n: int) -> str:
    return str(UUID(int=(0x5EC0DA << 96) | (4 << 76) | (8 << 60) | n))


def episode(n: int = 1, **changes: Any) -> FeedItem:
    """The n-th episode: a day after the one before it."""
    item = FeedItem(
        guid=guid(n),
        title=f"Film number {n}",
        link=f"{SITE}film-{n}/",
        date=FIRST + timedelta(days=n - 1),
        description=f"<p>What film {n} is like.</p>",
        notes=f"<p>What film {n} is like.</p>\n<p>And who is in it.</p>",
        enclosure=Enclosure(f"{SITE}media/film-{n}-0123456789ab.mp3", 1_000_000 + n),
        duration_s=300 + n,
    )
    return replace(item, **changes)


FULL_EPISODE = episode(
    1,
    title="The Long Tide <em> & after",
    notes='<p>Ends in ]]&gt; and <a href="https://a.example/?b=1&amp;c=2">a link</a>.</p>',
    explicit=True,
    author="Ben",
    image_url=f"{SITE}media/film-1-0123456789ab.jpg",
    season=2,
    season_name="Autumn",
    episode=5,
    episode_type="bonus",
    chapters_url=f"{SITE}media/film-1-0123456789ab.chapters.json",
    chapters=(ChapterMark(0, "Intro"), ChapterMark(83_456, 'Cast "& co"')),
    transcripts=(
        TranscriptLink(f"{SITE}media/film-1-0123456789ab.vtt", "text/vtt", "en", captions=True),
        TranscriptLink(f"{SITE}media/film-1-0123456789ab.transcript.html", "text/html", "en"),
    ),
    persons=(Person("Ben"),),
    soundbites=(Soundbite(73.25, 60.0, "On the sea"), Soundbite(100, 15)),
)
