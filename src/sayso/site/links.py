"""What pages refer to: addresses relative to the page, podcast apps, style and script.

Style and script are named after their content, so that browsers may keep them for ever.
"""

from __future__ import annotations

import contextlib
import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from urllib.parse import quote, urlsplit

from sayso.episode.notes import http_address
from sayso.script.loader import FolderLoader

STYLE = "site.css"
"""In `scripts/`: a show's own replaces ours."""
PLAYER = "player.js"


@dataclass(frozen=True, slots=True)
class LinkSurface:
    """A link in a template."""

    name: str
    link: str


@dataclass(frozen=True, slots=True)
class PageLocation:
    """Where a page is: addresses of the site are written relative to it.

    So the site works wherever its folder is served, in a preview too.
    """

    site_url: str
    page_url: str

    def link(self, address: str | None) -> str | None:
        """The address as the page writes it; None for what is neither http nor https."""
        url = http_address(address)
        if url is None or not url.startswith(self.site_url):
            return url
        if not self.page_url.startswith(self.site_url):
            return url
        depth = self.page_url[len(self.site_url) :].count("/")
        rest = url[len(self.site_url) :]
        # `./x:y`, since a colon in the first part of a path would end a scheme; `.///x`, since two
        # slashes would begin a host.
        is_plain = re.match(r"[^:?#/][^:?#]*\Z", rest) is not None
        return "../" * depth + rest if depth or is_plain else "./" + rest

    def is_own(self, address: str | None) -> bool:
        """Whether the browser takes the address for the page's own origin."""
        link = self.link(address)
        return link is not None and (
            http_address(link) is None or origin(link) == origin(self.page_url)
        )


def origin(url: str) -> str:
    """`https://host` or `https://host:port` of an http address."""
    parts = urlsplit(url)
    host = (parts.hostname or "").lower()
    if not host.isascii():
        with contextlib.suppress(UnicodeError):
            host = host.encode("idna").decode("ascii")
    host = f"[{host}]" if ":" in host else host
    port = f":{parts.port}" if parts.port else ""
    return f"{parts.scheme.lower()}://{host}{port}"


def app_links(feed_url: str) -> tuple[LinkSurface, ...]:
    """What opens the feed in podcast apps: each by the scheme that it has registered."""
    whole = quote(feed_url, safe="")
    bare = re.sub(r"\Ahttps?://", "", feed_url, flags=re.IGNORECASE)
    return (
        LinkSurface("Apple Podcasts", f"podcast://{bare}"),
        LinkSurface("Overcast", f"overcast://x-callback-url/add?url={whole}"),
        LinkSurface("Pocket Casts", f"pktc://subscribe/{bare}"),
        LinkSurface("AntennaPod", f"antennapod-subscribe://{bare}"),
    )


@dataclass(frozen=True, slots=True)
class SiteFile:
    """A file that pages refer to."""

    name: str
    """Relative to the site's root: `assets/site-0123456789ab.css`."""
    data: bytes
    mime: str


def assets(folders: Sequence[Path]) -> tuple[SiteFile, SiteFile]:
    """Style and script, which every page refers to.

    The first of `folders` that has `site.css` gives the style. Raises TemplateError where none is
    valid.
    """
    loader = FolderLoader(folders, suffix=".css")
    style = loader.read_text(loader.find(STYLE)).encode("utf-8")
    player = files("sayso.site").joinpath(PLAYER).read_bytes()
    return (
        SiteFile(_name(STYLE, style), style, "text/css"),
        SiteFile(_name(PLAYER, player), player, "text/javascript"),
    )


def _name(name: str, data: bytes) -> str:
    stem, dot, suffix = name.rpartition(".")
    return f"assets/{stem}-{hashlib.sha256(data).hexdigest()[:12]}{dot}{suffix}"
