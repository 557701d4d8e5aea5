"""What a server gives for a feed and for the files that it names: asked for here, judged by rules.

One dataclass for each kind of file, each with the function that asks for it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from lxml import etree

from sayso.feed.validation.feed import Feed, Item
from sayso.net.http import Answer, Fetch

START_BYTES = 64 * 1024
"""Of a media file: tag or first frames."""
PIECE = (100, 227)
"""First and last byte of the piece that is asked for a second time."""
IMAGE_BYTES = 1024 * 1024
"""Of a picture: its header, with whatever profile and preview stand before it."""
TEXT_BYTES = 16 * 1024 * 1024
"""Of chapters and transcripts: a day of speech."""


@dataclass(frozen=True, slots=True)
class ServedFeed:
    """A feed as it is served."""

    url: str
    answer: Answer
    feed: Feed | None
    again: Answer | None
    """The answer to the same question, only if it has changed; None where it cannot be asked."""


@dataclass(frozen=True, slots=True)
class ServedMedia:
    """The media file of an item as it is served."""

    url: str
    said_bytes: int | None
    said_mime: str
    duration_s: int | None
    head: Answer
    start: Answer
    """The answer to a range: the first `START_BYTES`."""
    piece: Answer
    """The answer to the range `PIECE`."""
    frames: Answer | None
    """An MP3's first frames after its tag, where that is longer than `start`."""
    again: Answer | None
    """As of `ServedFeed`, by HEAD."""


@dataclass(frozen=True, slots=True)
class ServedImage:
    """A picture as it is served."""

    url: str
    head: Answer
    start: Answer


@dataclass(frozen=True, slots=True)
class ServedText:
    """Chapters or a transcript as it is served."""

    url: str
    said_mime: str
    duration_s: int | None
    answer: Answer


def fetch_feed(url: str, fetch: Fetch) -> tuple[Answer, Answer | None]:
    """The feed, and the answer to asking for it again. Raises Unreachable."""
    answer = fetch(url, headers={"Accept-Encoding": "gzip"})
    conditions = _conditions(answer)
    return answer, fetch(url, headers=conditions) if conditions else None


def fetch_media(item: Item, enclosure: etree._Element, fetch: Fetch) -> ServedMedia:
    """An item's media: by HEAD, by ranges and only if changed. Raises Unreachable."""
    url = enclosure.get("url", "")
    head = fetch(url, method="HEAD")
    start = _range(url, 0, START_BYTES - 1, fetch)
    piece = _range(url, *PIECE, fetch)
    said = enclosure.get("length", "")
    conditions = _conditions(head)
    return ServedMedia(
        url,
        int(said) if said.isascii() and said.isdigit() and len(said) < 19 else None,
        enclosure.get("type", ""),
        item.duration_s,
        head,
        start,
        piece,
        _frames(url, start, fetch) if enclosure.get("type") == "audio/mpeg" else None,
        fetch(url, method="HEAD", headers=conditions) if conditions else None,
    )


def fetch_image(url: str, fetch: Fetch) -> ServedImage:
    """A picture by HEAD, and as much of it as tells what it is. Raises Unreachable."""
    return ServedImage(url, fetch(url, method="HEAD"), _range(url, 0, IMAGE_BYTES - 1, fetch))


def fetch_text(item: Item, link: etree._Element, fetch: Fetch) -> ServedText:
    """Chapters or a transcript. Raises Unreachable."""
    url = link.get("url", "")
    # Servers tell whether pages elsewhere may read a file only to those who ask from elsewhere.
    answer = fetch(url, headers={"Origin": "https://player.example"}, most_bytes=TEXT_BYTES)
    return ServedText(url, link.get("type", ""), item.duration_s, answer)


def _range(url: str, first: int, last: int, fetch: Fetch) -> Answer:
    return fetch(url, headers={"Range": f"bytes={first}-{last}"}, most_bytes=last - first + 1)


def _conditions(answer: Answer) -> Mapping[str, str]:
    """The headers that ask for a file only if it is another than before."""
    conditions = {}
    if etag := answer.headers.get("etag"):
        conditions["If-None-Match"] = etag
    if modified := answer.headers.get("last-modified"):
        conditions["If-Modified-Since"] = modified
    return conditions


def _frames(url: str, start: Answer, fetch: Fetch) -> Answer | None:
    """The first frames of an MP3, where its tag is longer than what has been asked for."""
    from sayso.master.frames import audio_start

    at = audio_start(start.body)
    if start.status != 206 or at + 4096 <= len(start.body):
        return None
    return _range(url, at, at + START_BYTES - 1, fetch)
