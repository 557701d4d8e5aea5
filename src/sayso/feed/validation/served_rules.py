"""Rules about what a server answers: status, type, length, ranges, validators, caches."""

from __future__ import annotations

import re
from collections.abc import Iterator

from sayso.feed.validation.feed import line_of
from sayso.feed.validation.paging_rules import link
from sayso.feed.validation.rule import AnyRule, Fault, quoted, rule
from sayso.feed.validation.served import PIECE, ServedFeed, ServedMedia, ServedText
from sayso.net.http import Answer
from sayso.net.urls import bare

FEED_TYPES = ("application/rss+xml", "application/xml", "text/xml")
FEED_MAX_AGE_S = 3600
"""Ours: an episode that shows up an hour late is late; 300 s is what we ask for."""

_LOOK = "see whether the file is where the address says, and may be read by everybody"

# ---------------------------------------------------------------------------------------- the feed


@rule("http-reachable", "must", "Apple; PSP-1")
def http_reachable(problem: tuple[str, str]) -> Iterator[Fault]:
    """Every address answers, over https, without a detour to elsewhere."""
    yield Fault(*problem)


@rule("http-feed-status", "must", "Apple; PSP-1")
def http_feed_status(served: ServedFeed) -> Iterator[Fault]:
    """The feed is there for everybody: status 200, no password."""
    status = served.answer.status
    if status in (401, 403):
        yield Fault(f"the feed is answered by {status}: not everybody may read it", "open it")
    elif status != 200:
        yield Fault(f"the feed is answered by {status}", _LOOK)
    elif served.answer.is_cut:
        yield Fault("the feed is longer than any client reads", "put older items on other pages")


@rule("http-feed-type", "should", "RSS Advisory Board; PSP-1")
def http_feed_type(served: ServedFeed) -> Iterator[Fault]:
    """The feed's type is application/rss+xml, or XML at least."""
    mime = served.answer.mime
    if mime not in FEED_TYPES:
        hint = "let the server say application/rss+xml"
        yield Fault(f"the feed is served as {quoted(mime or 'nothing', 40)}", hint)


@rule("http-self", "should", "PSP-1")
def http_self(served: ServedFeed) -> Iterator[Fault]:
    """The feed's own address is the one that it is read at."""
    own = link(served.feed, "self") if served.feed else None
    if own is not None and bare(own) not in (bare(served.url), bare(served.answer.final_url)):
        hint = "correct the atom:link rel=self, or redirect this address there"
        line = line_of(served.feed.links["self"][0]) if served.feed else None
        yield Fault(f"the feed says that its address is {quoted(own, 100)}", hint, line)


@rule("http-feed-redirect", "nice", "Apple")
def http_feed_redirect(served: ServedFeed) -> Iterator[Fault]:
    """A feed that has moved says so with 301 or 308."""
    for status in served.answer.redirects:
        if status not in (301, 308):
            hint = "let it answer 301, and keep that for months"
            yield Fault(f"the address leads on by {status}, for the moment only", hint)


@rule("http-feed-validators", "should", "RFC 9110 §13; podcast clients poll")
def http_feed_validators(served: ServedFeed) -> Iterator[Fault]:
    """ETag or Last-Modified on the feed, and 304 where nothing has changed."""
    yield from _validators(served.answer, served.again)


@rule("http-feed-cache", "should", "RFC 9111 §5.2")
def http_feed_cache(served: ServedFeed) -> Iterator[Fault]:
    """The feed may be kept for minutes: max-age=300, an hour at the most."""
    control = served.answer.headers.get("cache-control", "").lower()
    age = re.search(r"\bmax-age=(\d{1,12})\b", control)
    if age is None and "no-cache" not in control and "no-store" not in control:
        hint = "let the server say Cache-Control: public, max-age=300"
        yield Fault("the feed does not say how long it may be kept", hint)
    elif age is not None and int(age[1]) > FEED_MAX_AGE_S:
        hint = "let the server say Cache-Control: public, max-age=300"
        yield Fault(f"caches may keep the feed for {int(age[1]):,} seconds", hint)


@rule("http-gzip", "nice", "RFC 9110 §8.4.1")
def http_gzip(served: ServedFeed) -> Iterator[Fault]:
    """The feed is packed for who asks for gzip."""
    packed = served.answer.headers.get("content-encoding", "")
    if len(served.answer.body) > 4096 and not packed:
        yield Fault("the feed is sent unpacked", "switch on gzip for XML: it saves nine tenths")


FEED_RULES: tuple[AnyRule, ...] = (
    *(http_feed_status, http_feed_type, http_self, http_feed_redirect, http_feed_validators),
    *(http_feed_cache, http_gzip),
)

# --------------------------------------------------------------------------------------- its media


@rule("http-head", "must", "Apple; PSP-1")
def http_head(served: ServedMedia) -> Iterator[Fault]:
    """Media answer HEAD with 200."""
    if served.head.status != 200:
        yield Fault(f"HEAD is answered by {served.head.status}", _LOOK)


@rule("http-length", "must", "RSS 2.0; PSP-1")
def http_length(served: ServedMedia) -> Iterator[Fault]:
    """Content-Length is the length that the feed says."""
    if served.head.status != 200:
        return
    length, said = served.head.length, served.said_bytes
    if length is None:
        yield Fault("the server does not tell the length", "let it send Content-Length")
    elif said is not None and length != said:
        hint = "correct the enclosure's length, or upload the right file"
        yield Fault(f"the feed says {said:,} bytes, the server {length:,}", hint)


@rule("http-media-type", "should", "RSS 2.0; Apple")
def http_media_type(served: ServedMedia) -> Iterator[Fault]:
    """Content-Type is the type that the feed says."""
    if served.head.status == 200 and served.head.mime != served.said_mime.lower():
        hint = "set the type where the server keeps its types"
        said = quoted(served.said_mime, 40)
        yield Fault(f"the feed says {said}, the server {quoted(served.head.mime, 40)}", hint)


@rule("http-range", "must", "Apple: byte-range requests")
def http_range(served: ServedMedia) -> Iterator[Fault]:
    """Byte ranges are answered with 206 and the right bytes."""
    if served.head.status != 200:
        return
    first, last = PIECE
    start, piece = served.start, served.piece
    if start.status != 206 or piece.status != 206:
        status = start.status if start.status != 206 else piece.status
        hint = "let the server answer byte ranges: Apple refuses media without"
        yield Fault(f"a byte range is answered by {status}, not by 206", hint)
    elif (n := len(start.body)) > last and piece.body != start.body[first : last + 1]:
        hint = "look at caches and proxies before the server"
        yield Fault(f"bytes {first} to {last} of {n} come out different when asked alone", hint)
    elif total := re.fullmatch(r"bytes \d+-\d+/(\d{1,18})", start.headers.get("content-range", "")):
        if served.said_bytes is not None and int(total[1]) != served.said_bytes:
            hint = "correct the enclosure's length, or upload the right file"
            problem = f"a range is said to be of {int(total[1]):,} bytes in all"
            yield Fault(f"{problem}, and the feed says {served.said_bytes:,}", hint)
    else:
        hint = "let the server send Content-Range with the whole length"
        yield Fault("a byte range does not tell what it is a part of", hint)


@rule("http-media-validators", "should", "RFC 9110 §13")
def http_media_validators(served: ServedMedia) -> Iterator[Fault]:
    """ETag or Last-Modified on media, and 304 where nothing has changed."""
    if served.head.status == 200:
        yield from _validators(served.head, served.again)


@rule("http-media-cache", "nice", "RFC 9111 §5.2; RFC 8246")
def http_media_cache(served: ServedMedia) -> Iterator[Fault]:
    """Media may be kept for long: new bytes come under a new name."""
    control = served.head.headers.get("cache-control", "").lower()
    if served.head.status != 200:
        return
    age = re.search(r"\bmax-age=(\d{1,12})\b", control)
    if "immutable" not in control and (age is None or int(age[1]) < 86_400):
        hint = "let the server say Cache-Control: public, max-age=31536000, immutable"
        yield Fault("the media do not say that they may be kept", hint)


@rule("apple-duration-media", "should", "Apple")
def apple_duration_media(served: ServedMedia) -> Iterator[Fault]:
    """An MP3 is as long as the feed says, within a hundredth."""
    seconds = mp3_seconds(served)
    said = served.duration_s
    if seconds is not None and said and abs(seconds - said) > max(1.0, 0.01 * seconds):
        hint = f"write {round(seconds)} in itunes:duration"
        yield Fault(f"the feed says {said} seconds, the MP3 has {seconds:,.1f}", hint)


def mp3_seconds(served: ServedMedia) -> float | None:
    """The length of an MP3 by its Info header, or by its constant bitrate; None where unknown."""
    from sayso.master.frames import audio_start, read_header, walk
    from sayso.master.info import read_info

    if served.said_mime != "audio/mpeg" or served.start.status != 206 or not served.said_bytes:
        return None
    tag_bytes = audio_start(served.start.body)
    data = served.frames.body if served.frames else served.start.body[tag_bytes:]
    header = read_header(data[:4])
    if header is None:
        return None
    info = read_info(data, 0, header)
    if info is not None:
        # An Info header of MPEG-2 counts frames of half the length.
        n_samples = info.n_frames * header.n_samples - info.delay - info.padding
        return n_samples / header.sample_rate
    frames = [frame for _, frame in walk(data)]
    rates = {(frame.sample_rate, frame.bitrate_kbps) for frame in frames}
    if len(frames) < 20 or len(rates) > 1:
        return None  # a variable bitrate without a header tells nothing
    return (served.said_bytes - tag_bytes) * 8 / (header.bitrate_kbps * 1000)


MEDIA_RULES: tuple[AnyRule, ...] = (
    *(http_head, http_length, http_media_type, http_range, http_media_validators),
    *(http_media_cache, apple_duration_media),
)

# ---------------------------------------------------------------------------- chapters, transcripts


@rule("http-text-type", "should", "podcast namespace: docs/tags/transcript.md, chapters.md")
def http_text_type(served: ServedText) -> Iterator[Fault]:
    """Chapters and transcripts are there, under the type that the feed says."""
    answer = served.answer
    if answer.status != 200:
        yield Fault(f"it is answered by {answer.status}", _LOOK)
    elif answer.mime != served.said_mime.lower():
        said = quoted(served.said_mime, 40)
        hint = "set the type where the server keeps its types"
        yield Fault(f"the feed says {said}, the server {quoted(answer.mime, 40)}", hint)


@rule("http-cors", "nice", "podcast namespace: docs/examples/transcripts/transcripts.md")
def http_cors(served: ServedText) -> Iterator[Fault]:
    """Players on other sites may read timed transcripts and chapters."""
    timed = ("text/vtt", "application/json", "application/json+chapters")
    if served.answer.status == 200 and served.said_mime in timed:
        allowed = served.answer.headers.get("access-control-allow-origin")
        if allowed is None:
            hint = "let the server say Access-Control-Allow-Origin: *"
            yield Fault("players on other sites may not read it", hint)


TEXT_RULES: tuple[AnyRule, ...] = (http_text_type, http_cors)


def _validators(answer: Answer, again: Answer | None) -> Iterator[Fault]:
    if answer.status != 200:
        return
    if again is None:
        hint = "let the server send ETag or Last-Modified"
        yield Fault("clients cannot ask whether it has changed: they load it all again", hint)
    elif again.status != 304:
        hint = "let the server answer 304 to If-None-Match and If-Modified-Since"
        yield Fault(f"asked for changes only, it is answered by {again.status}, not by 304", hint)
