"""A page from its template: `{{ … }}` prints text, never markup.

Every page gets a Content-Security-Policy (W3C CSP 3). No template can set or omit it: whoever wrote
a template or a title, the page runs only our script and loads nothing from other servers.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from html import escape
from pathlib import Path
from typing import Any

import markupsafe

from sayso.errors import TemplateError
from sayso.script.environment import ReadingEnvironment
from sayso.script.loader import FolderLoader
from sayso.script.render import fill_template
from sayso.script.template_context import Markup
from sayso.site.links import PageLocation, origin

SUFFIX = ".html.j2"
_UNSEEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\ufeff\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]"
    f"|[{''.join(chr(plane << 16 | last) for plane in range(1, 17) for last in (0xFFFE, 0xFFFF))}]"
)
"""What no HTML document may hold (WHATWG HTML §13.1.5, "Text"), and byte order marks."""

_START = re.compile(
    r'\s*<!doctype html>\s*<html(?:\s+[a-z-]+="[^"<>]*")*\s*>\s*<head>\s*', re.IGNORECASE
)

_ORIGIN = re.compile(r"https?://(?:[a-z0-9.-]+|\[[0-9a-f:.]+\])(?::\d+)?")
"""An origin that a policy can name: no character in it can end a directive."""


def render(
    name: str,
    variables: Mapping[str, Any],
    surfaces: Mapping[str, type],
    folders: Sequence[Path],
    location: PageLocation,
    *,
    images: Iterable[str | None],
    media: Iterable[str | None] = (),
) -> str:
    """The page, which may load `images` and `media` from the origins of these addresses.

    Raises TemplateError with template, line and hint.
    """
    loader = FolderLoader(folders, SUFFIX)
    sandbox = ReadingEnvironment(loader, as_html, tuple(variables), surfaces)
    document = fill_template(sandbox, name, variables)
    return _with_policy(clean(document), _policy(location, images, media), loader.find(name))


def as_html(text: str) -> Markup:
    """Text for an element or a quoted attribute."""
    return Markup(str(markupsafe.escape(text)))


def clean(text: str) -> str:
    """The text with a space for each character that no HTML document may hold."""
    return _UNSEEN.sub(" ", text)


def _policy(
    location: PageLocation, images: Iterable[str | None], media: Iterable[str | None]
) -> str:
    """The policy: load from the page's own origin and from the origins of these addresses."""
    return "; ".join(
        [
            "default-src 'none'",
            "script-src 'self'",
            "style-src 'self'",
            f"img-src {_sources(location, images)}",
            f"media-src {_sources(location, media)}",
            "connect-src 'self'",
            "base-uri 'none'",
            "form-action 'none'",
        ]
    )


def _with_policy(document: str, policy: str, template: Path) -> str:
    """The document with its policy before every element that could load something.

    Raises TemplateError if the document does not begin with its head.
    """
    start = _START.match(document)
    if start is None:
        raise TemplateError(
            "the page does not begin as an HTML document does",
            file=template,
            line=1,
            hint='begin with <!doctype html>, <html lang="…"> and <head>, as layout.html.j2 does',
        )
    meta = f'<meta http-equiv="Content-Security-Policy" content="{escape(policy, quote=False)}">\n'
    return document[: start.end()].lstrip() + meta + document[start.end() :]


def _sources(location: PageLocation, addresses: Iterable[str | None]) -> str:
    foreign = {origin(a) for a in addresses if a and location.link(a) and not location.is_own(a)}
    return " ".join(["'self'", *sorted(o for o in foreign if _ORIGIN.fullmatch(o))])
