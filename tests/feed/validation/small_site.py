"""A small show as it lies on a server: three episodes with sound, pictures, chapters, transcripts."""

from __future__ import annotations

import io
import json
import random
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from pathlib import Path

import numpy as np
from master.signals import sine
from PIL import Image

from sayso.episode.id3 import Picture, Tags, write_id3
from sayso.feed.rss import make_feed_guid, update_feed
from sayso.master import FRAME, Encoded, Mp3Format, encode_blocks, write_mp3
from sayso.model import (
    Category,
    Channel,
    ChapterMark,
    Enclosure,
    FeedItem,
    TranscriptLink,
)

BUILT = datetime(2026, 3, 17, 7, 0, tzinfo=timezone.utc)
FIRST = datetime(2026, 3, 3, 6, 0, tzinfo=timezone(timedelta(hours=1)))
SECONDS = (31, 42, 53)
"""Lengths of the episodes; the first is the oldest."""
CUES = ((0.0, 2.5, "Ada", "Good evening."), (2.5, 9.75, "Ben", "It is the tide & the ship."))
CHAPTERS = ((0, "Opening"), (10_500, "The cast"), (20_000, "The verdict"))
TITLES = ("The Long Tide", "Plain Speaker – “loud”", "Søren & the Sea")


@dataclass(frozen=True)
class SmallSite:
    """A published show."""

    docroot: Path
    base_url: str
    items: tuple[FeedItem, ...]
    """The newest first, as in the feed."""

    @property
    def feed_url(self) -> str:
        return self.base_url + "feed.xml"

    @property
    def feed(self) -> bytes:
        return (self.docroot / "feed.xml").read_bytes()

    def media(self, item: FeedItem) -> Path:
        return self.docroot / item.enclosure.url.removeprefix(self.base_url)


def publish(docroot: Path, base_url: str) -> SmallSite:
    """Write the show below `docroot`, to be served as `base_url`."""
    media = docroot / "media"
    media.mkdir(parents=True)
    (media / "cover.jpg").write_bytes(picture(1400, "JPEG"))
    items = [_episode(number, media, base_url) for number in range(len(SECONDS))]
    channel = Channel(
        title="The Second Sitting",
        site_url=base_url,
        feed_url=base_url + "feed.xml",
        guid=make_feed_guid(base_url + "feed.xml"),
        description="Reviews of what was on, read aloud.",
        language="en",
        image_url=base_url + "media/cover.jpg",
        categories=(Category("TV & Film", "TV Reviews"),),
        author="Ada Lind",
    )
    (docroot / "feed.xml").write_bytes(update_feed(None, channel, items, built=BUILT))
    return SmallSite(docroot, base_url, tuple(reversed(items)))


def picture(size_px: int, kind: str, mode: str = "RGB") -> bytes:
    out = io.BytesIO()
    Image.new(mode, (size_px, size_px)).save(out, kind)
    return out.getvalue()


def _noise() -> bytes:
    """A picture that packs badly: over 64 KiB."""
    out = io.BytesIO()
    pixels = random.Random(1).randbytes(300 * 300 * 3)
    Image.frombytes("RGB", (300, 300), pixels).save(out, "JPEG", quality=95)
    assert out.tell() > 64 * 1024
    return out.getvalue()


def mp3(seconds: int, hz: float, *, tag: bytes = b"") -> bytes:
    """A tone in an MP3 as sayso writes it."""
    form = Mp3Format(44_100, 1, 64)
    n_frames = round(seconds * form.sample_rate / FRAME)
    pcm = np.zeros((n_frames * FRAME, 1), np.int16)
    tone = sine(hz, form.sample_rate, (n_frames - 8) * FRAME / form.sample_rate, -20)
    pcm[4 * FRAME : 4 * FRAME + len(tone)] = (tone * 32767).astype(np.int16)
    out = io.BytesIO()
    chunk = encode_blocks([pcm], form)
    write_mp3(out, [Encoded.of(chunk)], form, tag=tag)
    return out.getvalue()


def _episode(number: int, media: Path, base_url: str) -> FeedItem:
    slug, seconds = f"episode-{number + 1}", SECONDS[number]
    # The second one's tag is longer than what a reader asks for first.
    cover = _noise() if number == 1 else picture(1400, "JPEG")
    tag = write_id3(Tags(title=TITLES[number], cover=Picture("image/jpeg", cover)))
    sound = mp3(seconds, 220.0 * (number + 1), tag=tag)
    (media / f"{slug}.mp3").write_bytes(sound)
    (media / f"{slug}.jpg").write_bytes(picture(1400, "JPEG"))
    (media / f"{slug}.vtt").write_text(_vtt(), "utf-8")
    (media / f"{slug}.srt").write_text(_srt(), "utf-8")
    (media / f"{slug}.txt").write_text("Ada: Good evening.\n", "utf-8")
    (media / f"{slug}.transcript.html").write_text("<p>Good evening.</p>\n", "utf-8")
    (media / f"{slug}.transcript.json").write_text(json.dumps(_transcript_json()), "utf-8")
    rows = [{"startTime": at / 1000, "title": title} for at, title in CHAPTERS]
    document = {"version": "1.2.0", "chapters": rows}
    (media / f"{slug}.chapters.json").write_text(json.dumps(document), "utf-8")
    files = base_url + f"media/{slug}"
    return FeedItem(
        guid=f"6f1d2e8a-33b1-4c57-8f0e-7c1f5a0d9b4{number}",
        title=TITLES[number],
        link=f"{base_url}{slug}/",
        date=FIRST + timedelta(days=7 * number),
        description=f"<p>What {slug} is like.</p>",
        notes=f'<p>What {slug} is like. <a href="https://example.org/a?b=1&amp;c=2">More</a></p>',
        enclosure=Enclosure(files + ".mp3", len(sound)),
        duration_s=seconds,
        image_url=files + ".jpg",
        season=1,
        episode=number + 1,
        chapters_url=files + ".chapters.json",
        chapters=tuple(ChapterMark(at, title) for at, title in CHAPTERS),
        transcripts=(
            TranscriptLink(files + ".vtt", "text/vtt", "en", captions=True),
            TranscriptLink(files + ".srt", "application/x-subrip", "en", captions=True),
            TranscriptLink(files + ".transcript.json", "application/json", "en"),
            TranscriptLink(files + ".transcript.html", "text/html", "en"),
            TranscriptLink(files + ".txt", "text/plain", "en"),
        ),
    )


def _vtt() -> str:
    cues = [
        f"{_clock(start)}.{_ms(start)} --> {_clock(end)}.{_ms(end)}\n"
        f"<v {speaker}>{text.replace('&', '&amp;')}"
        for start, end, speaker, text in CUES
    ]
    return "WEBVTT\n\n" + "\n\n".join(cues) + "\n"


def _srt() -> str:
    cues = [
        f"{n}\n{_clock(start)},{_ms(start)} --> {_clock(end)},{_ms(end)}\n{speaker}: {text}"
        for n, (start, end, speaker, text) in enumerate(CUES, 1)
    ]
    return "\n\n".join(cues) + "\n"


def _transcript_json() -> dict[str, object]:
    rows = [
        {"speaker": speaker, "startTime": start, "endTime": end, "body": text}
        for start, end, speaker, text in CUES
    ]
    return {"version": "1.0.0", "segments": rows}


def _clock(seconds: float) -> str:
    return f"{int(seconds) // 3600:02}:{int(seconds) // 60 % 60:02}:{int(seconds) % 60:02}"


def _ms(seconds: float) -> str:
    return f"{round(seconds * 1000) % 1000:03}"
