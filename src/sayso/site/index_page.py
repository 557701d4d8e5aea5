"""The index of the site: the show and its episodes, newest first, in pages."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urljoin

from sayso.feed.rss import ReadItem
from sayso.model import Channel, FeedItem
from sayso.site.json_ld import series_data
from sayso.site.links import LinkSurface, PageLocation
from sayso.site.markup import plain_text
from sayso.site.render import render
from sayso.site.template_context import (
    PageSurface,
    PersonSurface,
    SiteShowSurface,
    day,
    minutes,
    page_surface,
    show_surface,
)
from sayso.system.clock import clock

TEMPLATE = "index.html.j2"
SUMMARY = 240
"""Characters of a summary: three lines on the page."""


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


def index_html(
    channel: Channel,
    items: Sequence[FeedItem | ReadItem],
    folders: Sequence[Path],
    *,
    older: str | None,
    newer: str | None,
    address: str | None = None,
) -> str:
    """A page of the index, by `index.html.j2` of the first of `folders` that has it.

    `items` are the episodes on it, ours and those of other publishers.

    `older` and `newer` are the addresses of the pages beside it, or their names in the site.
    `address` is its own; without it, it is the first page, at the show's address.

    Raises TemplateError with template, line and hint.
    """
    location = PageLocation(channel.site_url, address or channel.site_url)
    variables = {
        "show": show_surface(channel, location),
        "page": page_surface(channel, location, folders, series_data(channel)),
        "episodes": tuple(_entry(item, location) for item in items),
        "older": None if older is None else location.link(urljoin(channel.site_url, older)),
        "newer": None if newer is None else location.link(urljoin(channel.site_url, newer)),
    }
    return render(TEMPLATE, variables, SURFACES, folders, location, images=(channel.image_url,))


def _entry(item: FeedItem | ReadItem, location: PageLocation) -> EntrySurface:
    # The notes go on with chapters and credits, which a list of episodes need not say.
    first_paragraph = item.description.partition("</p>")[0]
    return EntrySurface(
        title=item.title,
        link=location.link(item.link),
        date=None if item.date is None else day(item.date),
        datetime=None if item.date is None else item.date.isoformat(),
        length=None if item.duration_s is None else clock(item.duration_s),
        minutes=None if item.duration_s is None else minutes(item.duration_s),
        summary=_shortened(plain_text(first_paragraph)),
        image=location.link(item.image_url) if location.is_own(item.image_url) else None,
    )


def _shortened(text: str) -> str:
    """The text up to a word, with dots where it was longer."""
    if len(text) <= SUMMARY:
        return text
    return text[:SUMMARY].rsplit(" ", 1)[0].rstrip(" ,;:–—-") + " …"
