"""The Content-Security-Policy of a page (W3C CSP 3), and its place in the document.

No template gives it or leaves it out: whoever wrote a template or a title, the page runs no script
but ours, and asks no server but the show's.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from html import escape
from pathlib import Path

from sayso.errors import TemplateError
from sayso.site.links import Place, origin

_START = re.compile(
    r'\s*<!doctype html>\s*<html(?:\s+[a-z-]+="[^"<>]*")*\s*>\s*<head>\s*', re.IGNORECASE
)

_ORIGIN = re.compile(r"https?://(?:[a-z0-9.-]+|\[[0-9a-f:.]+\])(?::\d+)?")
"""What a policy can name: nothing in a host's name may end a directive."""


def policy(place: Place, *, images: Iterable[str | None], media: Iterable[str | None]) -> str:
    """The policy: everything from the page's own origin, or from where these addresses lie."""
    return "; ".join(
        [
            "default-src 'none'",
            "script-src 'self'",
            "style-src 'self'",
            f"img-src {_sources(place, images)}",
            f"media-src {_sources(place, media)}",
            "connect-src 'self'",
            "base-uri 'none'",
            "form-action 'none'",
        ]
    )


def with_policy(document: str, policy: str, template: Path) -> str:
    """The document with its policy before everything that could load something.

    Raises TemplateError where the document does not begin with its head, plainly.
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


def _sources(place: Place, addresses: Iterable[str | None]) -> str:
    foreign = {origin(a) for a in addresses if a and place.link(a) and not place.is_own(a)}
    return " ".join(["'self'", *sorted(o for o in foreign if _ORIGIN.fullmatch(o))])
