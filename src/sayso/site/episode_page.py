"""The page of an episode: sound, chapters, notes and transcript."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from sayso.episode.notes import http_address
from sayso.model import Channel, ChapterMark, Enclosure, FeedItem
from sayso.script.template_context import Markup
from sayso.site.json_ld import episode_data
from sayso.site.links import LinkSurface, PageLocation
from sayso.site.markup import notes_markup, plain_text, waveform_markup
from sayso.site.render import render
from sayso.site.template_context import (
    PageSurface,
    PersonSurface,
    SiteShowSurface,
    day,
    megabytes,
    minutes,
    page_surface,
    person_surfaces,
    show_surface,
)
from sayso.site.transcript import TranscriptChapter, transcript_html
from sayso.system.clock import clock

TEMPLATE = "page.html.j2"


@dataclass(frozen=True, slots=True)
class EpisodePage:
    """Everything that the page of an episode is made from."""

    channel: Channel
    item: FeedItem
    """Its link is the page's address; its notes and chapters are shown, its transcripts offered."""
    transcript: tuple[TranscriptChapter, ...] = ()
    waveform_svg: str | None = None


@dataclass(frozen=True, slots=True)
class SiteChapterSurface:
    """One of `chapters` in the template."""

    title: str
    time: str
    """`1:23`."""
    link: str
    """`#t=83`."""


@dataclass(frozen=True, slots=True)
class AudioSurface:
    """`audio` in the template: the MP3 and what belongs to it."""

    link: str
    full_link: str
    """The same with its host, for other sites."""
    type: str
    size: str
    """`4.1 MB`."""
    seconds: int
    captions: str | None
    """WebVTT, where the page may load it."""
    waveform: Markup | None


@dataclass(frozen=True, slots=True)
class SiteEpisodeSurface:
    """`episode` in the template."""

    title: str
    description: str
    """Plain words, in one line."""
    notes: Markup
    date: str
    """`25 November 2026`."""
    datetime: str
    """The same for machines."""
    length: str
    """`4:17`."""
    minutes: int
    season: int | None
    number: int | None
    rating: str | None
    """The score that the review gives, as it is written: `8/10`."""
    kind: str
    """`full`, `trailer` or `bonus`."""
    explicit: bool
    synthetic_voice: bool
    image: str | None
    image_link: str | None
    """The same with its host, for other sites that show it."""
    persons: tuple[PersonSurface, ...]
    transcript: Markup | None
    transcripts: tuple[LinkSurface, ...]
    """Its formats, for download: `WebVTT`, `plain text` …"""


SURFACES: Mapping[str, type] = {
    "show": SiteShowSurface,
    "page": PageSurface,
    "episode": SiteEpisodeSurface,
    "audio": AudioSurface,
    "chapter": SiteChapterSurface,
    "link": LinkSurface,
    "person": PersonSurface,
}
"""What the template sees."""

_FORMS = {
    "text/vtt": "WebVTT",
    "application/x-subrip": "SRT",
    "application/srt": "SRT",
    "text/plain": "plain text",
    "text/html": "HTML",
    "application/json": "JSON",
}


def page_html(page: EpisodePage, folders: Sequence[Path]) -> str:
    """The page, by `page.html.j2` of the first of `folders` that has it.

    Raises TemplateError with template, line and hint.
    """
    channel, item = page.channel, page.item
    location = PageLocation(channel.site_url, item.link)
    description = plain_text(item.description)
    variables = {
        "show": show_surface(channel, location),
        "page": page_surface(channel, location, folders, episode_data(channel, item, description)),
        "episode": _episode(page, location, description),
        "audio": _audio(page, location),
        "chapters": tuple(map(_chapter, item.chapters)),
    }
    images, media = (item.image_url, channel.image_url), (item.enclosure.url,)
    return render(TEMPLATE, variables, SURFACES, folders, location, images=images, media=media)


def _episode(page: EpisodePage, location: PageLocation, description: str) -> SiteEpisodeSurface:
    item = page.item
    has_words = any(chapter.turns for chapter in page.transcript)
    image = item.image_url or page.channel.image_url
    return SiteEpisodeSurface(
        title=item.title,
        description=description,
        notes=notes_markup(item.notes or item.description, has_chapters=bool(item.chapters)),
        date=day(item.date),
        datetime=item.date.isoformat(),
        length=clock(item.duration_s),
        minutes=minutes(item.duration_s),
        season=item.season,
        number=item.episode,
        rating=item.reviewed.rating.text if item.reviewed else None,
        kind=item.episode_type,
        explicit=item.explicit,
        synthetic_voice=item.synthetic_voice,
        image=location.link(image),
        image_link=http_address(image),
        persons=person_surfaces(item.persons or page.channel.persons),
        transcript=transcript_html(page.transcript) if has_words else None,
        transcripts=tuple(
            LinkSurface(_FORMS.get(form.mime, form.mime), link)
            for form in item.transcripts
            if (link := location.link(form.url)) is not None
        ),
    )


def _audio(page: EpisodePage, location: PageLocation) -> AudioSurface:
    enclosure: Enclosure = page.item.enclosure
    # A track of another origin would need permission for the sound as well (HTML, "track").
    captions = [
        location.link(form.url)
        for form in page.item.transcripts
        if form.mime == "text/vtt" and location.is_own(form.url)
    ]
    return AudioSurface(
        link=location.link(enclosure.url) or "",
        full_link=http_address(enclosure.url) or "",
        type=enclosure.mime,
        size=megabytes(enclosure.n_bytes),
        seconds=page.item.duration_s,
        captions=captions[0] if captions and location.is_own(enclosure.url) else None,
        waveform=waveform_markup(page.waveform_svg),
    )


def _chapter(mark: ChapterMark) -> SiteChapterSurface:
    # Rounded down, so that a jump never cuts off a chapter's first word.
    seconds = mark.start_ms // 1000
    return SiteChapterSurface(mark.title, clock(seconds), f"#t={seconds}")
