"""Show notes: a template and what is known of an episode → Markdown, and HTML for the feed.

The template may come from a stranger, so it runs in the sandbox of the script's templates; what it
prints is words and nothing but words. The HTML holds only what every podcast app shows: p, ol, ul,
li, a, b, i, strong, em, br (PSP-1, "Item description").
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from urllib.parse import quote, urldefrag, urljoin, urlsplit

from sayso.episode.chapter_lists import Timestamp, clock, timestamps
from sayso.language.calendar import MONTHS
from sayso.model import Outline, Review, Show, Timeline
from sayso.script.environment import ReadingEnvironment
from sayso.script.loader import FolderLoader
from sayso.script.render import fill_template
from sayso.script.template_context import (
    Markup,
    ReviewSurface,
    SegmentSurface,
    ShowSurface,
    VoiceSurface,
    review_surface,
    segment_surfaces,
    show_surface,
)

TEMPLATE = "notes.md.j2"


@dataclass(frozen=True, slots=True)
class ChapterSurface:
    """One of `chapters` in the notes template."""

    id: str
    time: str
    """`00:01:23`."""
    start_s: int
    title: str


@dataclass(frozen=True, slots=True)
class NotesEpisodeSurface:
    """`episode` in the notes template."""

    title: str
    minutes: int
    """Whole minutes, at least 1."""
    duration: str
    """`00:04:17`."""
    date: str | None
    """As in `17 October 2025`; None where the review has none."""


@dataclass(frozen=True, slots=True)
class ReviewLinkSurface:
    """One of `links` in the notes template: a link in the text of the review."""

    text: str
    url: str
    """A whole address: `https:`, `http:` or `mailto:`."""


SURFACES: Mapping[str, type] = {
    "show": ShowSurface,
    "episode": NotesEpisodeSurface,
    "review": ReviewSurface,
    "segment": SegmentSurface,
    "chapter": ChapterSurface,
    "voice": VoiceSurface,
    "link": ReviewLinkSurface,
}
"""What a notes template sees."""
VARIABLES = ("show", "episode", "review", "segments", "chapters", "voices", "links")


def notes_environment(folders: Sequence[Path]) -> ReadingEnvironment:
    """The sandbox of a notes template, which the first of `folders` that has it gives."""
    environment = ReadingEnvironment(FolderLoader(folders), _as_words, VARIABLES, SURFACES)
    environment.filters["link"] = link
    return environment


def notes_markdown(
    timeline: Timeline,
    outline: Outline,
    show: Show,
    title: str,
    folders: Sequence[Path],
    *,
    name: str = TEMPLATE,
) -> str:
    """Render the notes of an episode by `notes.md.j2`, the first that `folders` hold.

    Raises TemplateError with template, line and hint.
    """
    seconds = timeline.n_samples // timeline.sample_rate
    heard = {line.line.voice.name for line in timeline.lines}
    voices = [voice for voice in show.voices if voice.name in heard]
    text = fill_template(
        notes_environment(folders),
        name,
        {
            "show": show_surface(show),
            "episode": NotesEpisodeSurface(
                title,
                max(1, math.ceil(seconds / 60)),
                clock(seconds),
                _date(outline.review.date),
            ),
            "review": review_surface(outline, show),
            "segments": segment_surfaces(outline),
            "chapters": tuple(map(_chapter, timestamps(timeline))),
            "links": review_links(outline.review),
            "voices": tuple(VoiceSurface(v.name, v.speaker or v.name) for v in voices),
        },
    )
    return re.sub(r"\n{3,}", "\n\n", text).strip() + "\n"


def review_links(review: Review) -> tuple[ReviewLinkSurface, ...]:
    """The links of a review in its order, each address once.

    Where the review says where it can be read, an address without a host belongs to that page.
    Left out are links within that page, to it, and to anything but the web and mail.
    """
    home = urldefrag(review.link or "").url
    found: dict[str, ReviewLinkSurface] = {}
    for block in review.blocks:
        for each in block.links:
            try:
                url = link_address(urljoin(review.link or "", each.url.strip()))
            except ValueError:  # no address at all, such as `http://[`
                continue
            if url is not None and url not in found and urldefrag(url).url != home:
                text = " ".join(each.text.split()) or url.partition(":")[2].strip("/")
                short = text if len(text) <= _LONGEST_LINK else text[: _LONGEST_LINK - 1] + "…"
                found[url] = ReviewLinkSurface(short, url)
    return tuple(found.values())


def words(text: str) -> str:
    """Text as Markdown that shows exactly these words: everything that would be markup escaped."""
    plain = " ".join("".join(c if c.isprintable() else " " for c in text).split())
    plain = re.sub(r"([\\`*_\[\]<~])|(&)(?=#?\w+;)", r"\\\1\2", plain)
    # What opens a block, at the start of a line: headings, lists, quotes, rules.
    return re.sub(r"\A(?:([#+=>-])|(\d{1,9})([.)])(?=\s|\Z))", r"\2\\\1\3", plain)


_LONGEST_LINK = 100
"""Characters of a link's text: a whole sentence may be one."""


def link(address: object, label: str) -> Markup:
    """`{{ review.link | link("Read the review") }}`: a link, where the address is safe."""
    url = web_address(address)
    shown = words(label)
    return Markup(f"[{shown}]({url})" if url else shown)


def web_address(address: object) -> str | None:
    """A link's address in Markdown: http, https or mailto; None for anything else."""
    url = link_address(address)
    # What Markdown would take for a character's name is spelt out: `?a=1&copy;=2`.
    return None if url is None else re.sub(r"&(?=#?\w+;)", "&amp;", url)


def http_address(address: object) -> str | None:
    """An http or https address with everything unusual escaped; None for anything else."""
    if not isinstance(address, str):
        return None
    try:
        parts = urlsplit(address.strip())
        if parts.scheme.lower() not in ("http", "https") or not parts.hostname:
            return None
    except ValueError:
        return None
    return _escaped(address.strip())


def link_address(address: object) -> str | None:
    """`http_address`, or a mail address (`mailto:`) with everything unusual escaped."""
    if isinstance(address, str) and _MAIL.fullmatch(address.strip()):
        return _escaped(address.strip())
    return http_address(address)


def _escaped(address: str) -> str:
    whole = re.sub(r"%(?![0-9A-Fa-f]{2})", "%25", address)
    return quote(whole, safe="!#$%&'*+,/:;=?@~")


_MAIL = re.compile(r"mailto:[^\s@:/]{1,200}@[^\s@:/]{1,200}", re.IGNORECASE)


def _as_words(text: str) -> Markup:
    return Markup(words(text))


def _chapter(timestamp: Timestamp) -> ChapterSurface:
    return ChapterSurface(timestamp.id, timestamp.time, timestamp.start_s, timestamp.title)


def _date(iso: str | None) -> str | None:
    try:
        day = date.fromisoformat((iso or "")[:10])
    except ValueError:
        return None
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}"
