"""The index of the site: the show and its episodes, newest first, in pages."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from urllib.parse import urljoin

from sayso.feed.rss import ReadItem
from sayso.model import Channel, FeedItem
from sayso.site.csp import policy
from sayso.site.formatting import day, minutes
from sayso.site.json_ld import series_data
from sayso.site.links import LinkSurface, Place
from sayso.site.markup import plain_text
from sayso.site.render import render
from sayso.site.template_context import (
    PageSurface,
    PersonSurface,
    SiteShowSurface,
    page_surface,
    show_surface,
)
from sayso.system.clock import clock

TEMPLATE = "index.html.j2"
SUMMARY = 240
"""Characters of a summary: three lines on the page."""


@dataclass(frozen=True, slots=True)
class IndexEntry:
    """An episode in the list, whoever published it."""

    title: str
    link: str | None
    date: datetime | None
    duration_s: int | None
    summary: str
    """Plain text."""
    image_url: str | None = None


@dataclass(frozen=True, slots=True)
class EntrySurface:
    """One of `episodes` in the template; what its item does not say is None."""

    title: str
    link: str | None
    date: str | None
    """`25 November 2026`."""
    datetime: str | None
    length: str | None
    """`4:17`."""
    minutes: int | None
    summary: str
    image: str | None
    """Only where the site itself has it: the list asks no other server."""


SURFACES: Mapping[str, type] = {
    "show": SiteShowSurface,
    "page": PageSurface,
    "episode": EntrySurface,
    "link": LinkSurface,
    "person": PersonSurface,
}
"""What the template sees."""


def entry_of(item: FeedItem | ReadItem) -> IndexEntry:
    """The entry of an item, ours or another publisher's."""
    return IndexEntry(
        item.title,
        item.link,
        item.date,
        item.duration_s,
        plain_text(_first_paragraph(item.description)),
        item.image_url,
    )


def _first_paragraph(html: str) -> str:
    """The notes go on with chapters and credits, which a list of episodes need not say."""
    return html.partition("</p>")[0]


def index_html(
    channel: Channel,
    entries: Sequence[IndexEntry],
    folders: Sequence[Path],
    *,
    older: str | None,
    newer: str | None,
    address: str | None = None,
) -> str:
    """A page of the index, by `index.html.j2` of the first of `folders` that has it.

    `older` and `newer` are the addresses of the pages beside it, or their names in the site.
    `address` is its own; without it, it is the first page, at the show's address.

    Raises TemplateError with template, line and hint.
    """
    place = Place(channel.site_url, address or channel.site_url)
    variables = {
        "show": show_surface(channel, place),
        "page": page_surface(channel, place, folders, series_data(channel)),
        "episodes": tuple(_entry(entry, place) for entry in entries),
        "older": None if older is None else place.link(urljoin(channel.site_url, older)),
        "newer": None if newer is None else place.link(urljoin(channel.site_url, newer)),
    }
    rules = policy(place, images=(channel.image_url,), media=())
    return render(TEMPLATE, variables, SURFACES, folders, rules)


def _entry(entry: IndexEntry, place: Place) -> EntrySurface:
    return EntrySurface(
        title=entry.title,
        link=place.link(entry.link),
        date=None if entry.date is None else day(entry.date),
        datetime=None if entry.date is None else entry.date.isoformat(),
        length=None if entry.duration_s is None else clock(entry.duration_s),
        minutes=None if entry.duration_s is None else minutes(entry.duration_s),
        summary=_shortened(entry.summary),
        image=place.link(entry.image_url) if place.is_own(entry.image_url) else None,
    )


def _shortened(text: str) -> str:
    """The text up to a word, with dots where it was longer."""
    if len(text) <= SUMMARY:
        return text
    return text[:SUMMARY].rsplit(" ", 1)[0].rstrip(" ,;:–—-") + " …"
