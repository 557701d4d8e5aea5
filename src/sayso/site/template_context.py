"""What both templates see of the show and of the page itself; dates, minutes and sizes as text."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sayso.episode.notes import http_address
from sayso.language.calendar import MONTHS
from sayso.model import Channel, Person
from sayso.script.template_context import Markup
from sayso.site.links import LinkSurface, PageLocation, app_links, assets


@dataclass(frozen=True, slots=True)
class PersonSurface:
    """Somebody who made the show or the episode."""

    name: str
    role: str
    link: str | None


@dataclass(frozen=True, slots=True)
class SiteShowSurface:
    """`show` in a page's template."""

    title: str
    author: str | None
    description: str
    language: str
    link: str
    """The index."""
    image: str | None
    image_link: str | None
    """The same with its host, for other sites that show it."""
    feed: str
    apps: tuple[LinkSurface, ...]
    """What opens the feed in podcast apps."""
    directories: tuple[LinkSurface, ...]
    funding: tuple[LinkSurface, ...]
    persons: tuple[PersonSurface, ...]
    copyright: str | None
    license: LinkSurface | None
    """Its link is empty where the licence has no address."""


@dataclass(frozen=True, slots=True)
class PageSurface:
    """`page` in a template: what its head refers to."""

    link: str
    """The canonical address."""
    style: str
    player: str
    linked_data: Markup


def show_surface(channel: Channel, location: PageLocation) -> SiteShowSurface:
    """`show` for a page at its location."""
    return SiteShowSurface(
        title=channel.title,
        author=channel.author,
        description=channel.description,
        language=channel.language,
        link=location.link(channel.site_url) or "",
        image=location.link(channel.image_url),
        image_link=http_address(channel.image_url),
        feed=http_address(channel.feed_url) or "",
        # The show's own page in a directory says more than a link that opens the app.
        apps=tuple(
            app
            for app in app_links(http_address(channel.feed_url) or "")
            if app.name not in {directory.name for directory in channel.directories}
        ),
        directories=_links((d.name, d.url) for d in channel.directories),
        funding=_links((f.text, f.url) for f in channel.funding),
        persons=person_surfaces(channel.persons),
        copyright=channel.copyright,
        license=_license(channel),
    )


def page_surface(
    channel: Channel, location: PageLocation, folders: Sequence[Path], linked_data: Markup
) -> PageSurface:
    """`page` for a page at its location."""
    style, player = assets(folders)
    return PageSurface(
        link=http_address(location.page_url) or "",
        style=location.link(channel.site_url + style.name) or "",
        player=location.link(channel.site_url + player.name) or "",
        linked_data=linked_data,
    )


def person_surfaces(persons: Sequence[Person]) -> tuple[PersonSurface, ...]:
    """People for a template."""
    return tuple(PersonSurface(p.name, p.role, http_address(p.link)) for p in persons)


def _links(pairs: Iterable[tuple[str, str]]) -> tuple[LinkSurface, ...]:
    known = ((name, http_address(address)) for name, address in pairs)
    return tuple(LinkSurface(name, link) for name, link in known if link is not None)


def _license(channel: Channel) -> LinkSurface | None:
    if not channel.license:
        return None
    return LinkSurface(channel.license, http_address(channel.license_url) or "")


def minutes(seconds: int) -> int:
    """The nearest whole minutes, at least 1."""
    return max(1, (seconds + 30) // 60)


def day(date: datetime) -> str:
    """`25 November 2026`, in the date's own zone and in English whatever the machine speaks."""
    return f"{date.day} {MONTHS[date.month - 1]} {date.year}"


def megabytes(n_bytes: int) -> str:
    """`4.1 MB`."""
    return f"{max(n_bytes, 50_000) / 1e6:.1f} MB"
