"""Rules about an item: what RSS, PSP-1, Apple and YouTube ask of an episode."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

from lxml import etree

from sayso.feed.validation.channel_rules import image_faults
from sayso.feed.validation.dates import DATE_MEND, read_date
from sayso.feed.validation.feed import Item, line_of, raw_text_of
from sayso.feed.validation.markup import (
    elements,
    foreign_elements,
    timestamps,
    unsafe_links,
)
from sayso.feed.validation.rule import AnyRule, Fault, quoted, rule
from sayso.model.html_allowlist import MAX_DESCRIPTION_BYTES
from sayso.net.urls import ADDRESS_MEND, address_fault, extension

TITLE_MAX = 100  # YouTube, "Deliver podcasts using an RSS feed"

EXTENSIONS = {
    "audio/mpeg": (".mp3",),
    "audio/x-m4a": (".m4a",),
    "audio/mp4": (".m4a", ".mp4"),
    "video/mp4": (".mp4",),
    "video/x-m4v": (".m4v",),
    "video/quicktime": (".mov",),
}
"""Apple Podcasts, "Podcast RSS feed requirements": media types and their extensions."""

_LOWEST_KBPS, _HIGHEST_KBPS = 8, 330
"""ISO/IEC 11172-3 and 13818-3 layer III: 8 to 320 kbit/s; a little more for what is no frame."""
_TAG_BYTES = 2_000_000
"""Ours: what tag and cover may take beside the sound."""

# "Ep. 12", "Episode 12:", "#12", "S1E2" at the beginning; films and series have numbers elsewhere
_NUMBERED = re.compile(
    r"\s*(?:(?:ep|eps|episode|folge|épisode|episodio)\.?\s*#?\d+\b|#\d+\b|s\d{1,2}\s*[.:,]?\s*ep?\d+\b)",
    re.IGNORECASE,
)


@rule("psp-item-title", "must", "PSP-1; Apple")
def psp_item_title(item: Item) -> Iterator[Fault]:
    """A title."""
    if not item.text("title"):
        yield Fault("the item has no title", "give it one", item.line)


@rule("psp-item-title-number", "should", "PSP-1; Apple")
def psp_item_title_number(item: Item) -> Iterator[Fault]:
    """Titles without their number."""
    title = item.text("title") or ""
    if match := _NUMBERED.match(title):
        yield Fault(
            f"the title begins with a number: {quoted(match[0])}",
            "leave it to itunes:episode and itunes:season, which apps show",
            line_of(item.first("title")),
        )


@rule("youtube-title", "should", "YouTube")
def youtube_title(item: Item) -> Iterator[Fault]:
    """Titles of at most 100 characters without < and >."""
    title = item.text("title") or ""
    line = line_of(item.first("title"))
    if len(title) > TITLE_MAX:
        yield Fault(f"the title has {len(title)} characters", f"at most {TITLE_MAX}", line)
    if "<" in title or ">" in title:
        yield Fault("the title has < or > in it", "write it without", line)


def _enclosure(item: Item) -> etree._Element | None:
    """The enclosure, where it is the only one."""
    found = item.all("enclosure")
    return found[0] if len(found) == 1 else None


@rule("psp-enclosure", "must", "PSP-1; RSS 2.0")
def psp_enclosure(item: Item) -> Iterator[Fault]:
    """One enclosure."""
    found = item.all("enclosure")
    if not found:
        hint = "write <enclosure url=… length=… type=…/>, or take the item out"
        yield Fault("the item has no enclosure: clients drop it", hint, item.line)
    elif len(found) > 1:
        hint = "keep one; other formats go into podcast:alternateEnclosure"
        yield Fault(f"the item has {len(found)} enclosures", hint, line_of(found[1]))


@rule("psp-enclosure-url", "must", "PSP-1; Apple")
def psp_enclosure_url(item: Item) -> Iterator[Fault]:
    """Its address: https, absolute, encoded."""
    enclosure = _enclosure(item)
    if enclosure is not None and (fault := address_fault(enclosure.get("url", ""))):
        yield Fault(f"the address of the media {fault}", ADDRESS_MEND, line_of(enclosure))


@rule("psp-enclosure-length", "must", "PSP-1; RSS 2.0")
def psp_enclosure_length(item: Item) -> Iterator[Fault]:
    """Its length: the bytes of the file."""
    enclosure = _enclosure(item)
    if enclosure is None:
        return
    length = enclosure.get("length")
    if length is None or not re.fullmatch(r"0*[1-9]\d{0,17}", length, re.ASCII):
        said = "is missing" if length is None else f"is {quoted(length, 20)}"
        hint = "write how many bytes the file has, in digits alone"
        yield Fault(f"the length of the media {said}", hint, line_of(enclosure))


@rule("psp-enclosure-type", "must", "PSP-1; Apple")
def psp_enclosure_type(item: Item) -> Iterator[Fault]:
    """Its type, and an extension that agrees."""
    enclosure = _enclosure(item)
    if enclosure is None:
        return
    mime, line = enclosure.get("type", ""), line_of(enclosure)
    if mime not in EXTENSIONS:
        said = f"is {quoted(mime, 40)}" if mime else "is missing"
        yield Fault(f"the type of the media {said}", "write audio/mpeg for an MP3", line)
    elif (found := extension(enclosure.get("url", ""))) not in EXTENSIONS[mime]:
        said = f"ends in {found[:10]}" if found else "has no extension"
        hint = f"name the file {' or '.join(EXTENSIONS[mime])}, or give it its own type"
        yield Fault(f"the type is {mime}, and the address {said}", hint, line)


@rule("psp-guid", "must", "PSP-1; Apple, since 2023")
def psp_guid(item: Item) -> Iterator[Fault]:
    """A GUID that never changes."""
    if not item.text("guid"):
        hint = "give it a UUID once, and keep it for ever"
        yield Fault("the item has no GUID", hint, line_of(item.first("guid")) or item.line)


@rule("psp-guid-permalink", "must", "RSS 2.0")
def psp_guid_permalink(item: Item) -> Iterator[Fault]:
    """A GUID that is no address says isPermaLink=false."""
    guid = item.first("guid")
    text = item.text("guid")
    if guid is None or not text:
        return
    said = guid.get("isPermaLink")
    line = line_of(guid)
    if said not in (None, "true", "false"):
        hint = 'write isPermaLink="false"'
        yield Fault(f"isPermaLink is {quoted(said, 20)}", hint, line)
    elif said != "false" and address_fault(text, https=False) is not None:
        yield Fault(
            "the GUID counts as an address, and is none",
            'write <guid isPermaLink="false">; leave the GUID itself as it is',
            line,
        )


@rule("psp-pubDate", "should", "RFC 2822; PSP-1")
def psp_pubdate(item: Item) -> Iterator[Fault]:
    """A date: RFC 2822, right weekday, zone by number."""
    text = item.text("pubDate")
    if not text:
        yield Fault("the item has no date", f"give it a pubDate; {DATE_MEND}", item.line)
        return
    read = read_date(text)
    line = line_of(item.first("pubDate"))
    for fault in read.faults:
        yield Fault(f"the date {quoted(text, 40)} {fault}", DATE_MEND, line)
    if read.moment is not None and read.moment.year < 1995:
        hint = "give the day when it was published"
        yield Fault(f"the date {quoted(text, 40)} is older than the web's audio", hint, line)


@rule("psp-item-link", "should", "PSP-1; RSS 2.0")
def psp_item_link(item: Item) -> Iterator[Fault]:
    """A link to the episode's page."""
    link = item.text("link")
    if link is None:
        yield Fault("the item has no link", "write the address of the episode's page", item.line)
    elif fault := address_fault(link, https=False):
        line = line_of(item.first("link"))
        yield Fault(f"the address of the episode's page {fault}", ADDRESS_MEND, line)


@rule("psp-item-desc", "should", "PSP-1; Apple")
def psp_item_desc(item: Item) -> Iterator[Fault]:
    """A description of at most 4000 bytes."""
    text = item.text("description")
    line = line_of(item.first("description"))
    if not text:
        hint = "say in its description what the episode is about"
        yield Fault("the item has no description", hint, line or item.line)
    elif (n_bytes := len(text.encode("utf-8", "replace"))) > MAX_DESCRIPTION_BYTES:
        hint = "shorten it; the whole notes go into content:encoded"
        yield Fault(
            f"the description has {n_bytes:,} bytes, {MAX_DESCRIPTION_BYTES:,} are the most",
            hint,
            line,
        )


@rule("psp-item-desc-markup", "should", "Apple")
def psp_item_desc_markup(item: Item) -> Iterator[Fault]:
    """No markup in it but p ol ul li a b i strong em br, and links to the web."""
    text = item.text("description") or ""
    line = line_of(item.first("description"))
    if foreign := foreign_elements(text):
        yield Fault(
            f"the description has elements that apps drop: {quoted(', '.join(foreign))}",
            "use p, ol, ul, li, a, b, i, strong, em and br only",
            line,
        )
    for target in unsafe_links(text):
        yield Fault(f"a link leads to {quoted(target)}", ADDRESS_MEND, line)


@rule("psp-item-desc-cdata", "nice", "PSP-1; podcast namespace: docs/other-recommendations.md")
def psp_item_desc_cdata(item: Item) -> Iterator[Fault]:
    """A description with markup in a CDATA section."""
    found = item.first("description")
    if found is None or not any(True for _ in elements(raw_text_of(found))):
        return
    if b"<![CDATA[" not in etree.tostring(found, with_tail=False):
        hint = "write <description><![CDATA[…]]></description>"
        yield Fault("the description's markup is written as escapes", hint, line_of(found))


@rule("content-encoded", "nice", "RSS content module")
def content_encoded(item: Item) -> Iterator[Fault]:
    """Whole notes without scripts and frames."""
    text = item.text("content:encoded")
    if text is None:
        return
    line = line_of(item.first("content:encoded"))
    if not text:
        yield Fault("content:encoded is empty", "fill it, or leave it out", line)
    active = {"script", "style", "iframe", "object", "embed", "form", "link", "meta"}
    if found := sorted({name for name, _ in elements(text)} & active):
        hint = "leave them out: apps drop them, or all of the notes"
        yield Fault(f"the notes have {quoted(', '.join(found))} in them", hint, line)


@rule("apple-duration", "should", "Apple; PSP-1")
def apple_duration(item: Item) -> Iterator[Fault]:
    """The duration in whole seconds."""
    text = item.text("itunes:duration")
    line = line_of(item.first("itunes:duration"))
    if text is None:
        hint = "write <itunes:duration>, in seconds"
        yield Fault("the item does not say how long it is", hint, item.line)
    elif not item.duration_s:
        yield Fault(f"the duration is {quoted(text, 20)}", "write it in whole seconds", line)
    elif ":" in text:
        hint = f"write {item.duration_s}"
        yield Fault(f"the duration is {quoted(text, 20)}, not in seconds", hint, line)


@rule("apple-duration-length", "should", "ISO/IEC 11172-3")
def apple_duration_length(item: Item) -> Iterator[Fault]:
    """A duration that an MP3 of that length can have."""
    enclosure, duration_s = _enclosure(item), item.duration_s
    if enclosure is None or not duration_s or enclosure.get("type") != "audio/mpeg":
        return
    length = enclosure.get("length", "")
    if not re.fullmatch(r"\d{1,18}", length, re.ASCII):
        return
    kbps = int(length) * 8 / 1000 / duration_s
    most_kbps = _HIGHEST_KBPS + _TAG_BYTES * 8 / 1000 / duration_s
    if not _LOWEST_KBPS <= kbps <= most_kbps:
        yield Fault(
            f"{length} bytes in {duration_s} seconds are {kbps:,.1f} kbit/s, which no MP3 has",
            "correct the length or the duration",
            line_of(enclosure),
        )


@rule("apple-item-explicit", "should", "Apple; PSP-1")
def apple_item_explicit(item: Item) -> Iterator[Fault]:
    """Explicit: true or false."""
    text = item.text("itunes:explicit")
    line = line_of(item.first("itunes:explicit"))
    if text is None:
        hint = "write <itunes:explicit>false</itunes:explicit>, or true"
        yield Fault("the item does not say whether it is explicit", hint, item.line)
    elif text not in ("true", "false"):
        yield Fault(f"explicit is {quoted(text, 20)}", "write true or false", line)


@rule("apple-item-image", "nice", "Apple")
def apple_item_image(item: Item) -> Iterator[Fault]:
    """A picture of its own: https, .jpg or .png."""
    for image in item.all("itunes:image"):
        yield from image_faults(image, "the picture")


@rule("apple-episode-number", "nice", "Apple")
def apple_episode_number(item: Item) -> Iterator[Fault]:
    """Season and episode: numbers from 1."""
    for name in ("itunes:season", "itunes:episode"):
        text = item.text(name)
        if text is not None and not re.fullmatch(r"[1-9]\d{0,5}", text, re.ASCII):
            hint = "write a whole number from 1, or leave it out"
            yield Fault(f"{name} is {quoted(text, 20)}", hint, line_of(item.first(name)))


@rule("apple-episode-type", "nice", "Apple")
def apple_episode_type(item: Item) -> Iterator[Fault]:
    """Full, trailer or bonus."""
    text = item.text("itunes:episodeType")
    if text is not None and text not in ("full", "trailer", "bonus"):
        line = line_of(item.first("itunes:episodeType"))
        yield Fault(f"the type is {quoted(text, 20)}", "write full, trailer or bonus", line)


@rule("chapter-timestamps", "nice", "Apple; Spotify; YouTube")
def chapter_timestamps(item: Item) -> Iterator[Fault]:
    """A chapter list in the description: three times or more, rising from 00:00."""
    found = item.first("description")
    times = timestamps(raw_text_of(found)) if found is not None else []
    if not times:
        return
    line = line_of(found)
    if len(times) < 3:
        hint = "list three chapters or more, or none"
        yield Fault(
            f"the description lists {len(times)} times: apps make chapters of three", hint, line
        )
    if times[0] != 0:
        hint = "begin the list with 00:00:00"
        yield Fault("the description's first chapter does not begin at 00:00", hint, line)
    if any(a >= b for a, b in pairwise(times)):
        yield Fault("the description's chapters are not in order", "sort them by time", line)
    if item.duration_s and max(times) >= item.duration_s:
        hint = "keep the times inside the episode"
        yield Fault("the description lists a time after the end", hint, line)


ITEM_RULES: tuple[AnyRule, ...] = (
    *(psp_item_title, psp_item_title_number, youtube_title, psp_enclosure, psp_enclosure_url),
    *(psp_enclosure_length, psp_enclosure_type, psp_guid, psp_guid_permalink, psp_pubdate),
    *(psp_item_link, psp_item_desc, psp_item_desc_markup, psp_item_desc_cdata, content_encoded),
    *(apple_duration, apple_duration_length, apple_item_explicit, apple_item_image),
    *(apple_episode_number, apple_episode_type, chapter_timestamps),
)
