"""A page from its template: what `{{ … }}` prints is text, whatever it holds."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import markupsafe

from sayso.script.environment import ReadingEnvironment
from sayso.script.loader import FolderLoader
from sayso.script.render import fill_template
from sayso.script.template_context import Markup
from sayso.site.csp import with_policy

SUFFIX = ".html.j2"
_UNSEEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\ufeff\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]"
    f"|[{''.join(chr(plane << 16 | last) for plane in range(1, 17) for last in (0xFFFE, 0xFFFF))}]"
)
"""What no HTML document may hold (WHATWG HTML §13.1.5, "Text"), and byte order marks."""


def environment(
    folders: Sequence[Path], variables: Sequence[str], surfaces: Mapping[str, type]
) -> ReadingEnvironment:
    """The sandbox of a page's template."""
    return ReadingEnvironment(FolderLoader(folders, SUFFIX), as_html, tuple(variables), surfaces)


def render(
    name: str,
    variables: Mapping[str, Any],
    surfaces: Mapping[str, type],
    folders: Sequence[Path],
    policy: str,
) -> str:
    """The page. Raises TemplateError with template, line and hint."""
    pages = environment(folders, list(variables), surfaces)
    document = fill_template(pages, name, variables)
    assert isinstance(pages.loader, FolderLoader)
    return with_policy(clean(document), policy, pages.loader.find(name))


def as_html(text: str) -> Markup:
    """Text for an element or a quoted attribute."""
    return Markup(str(markupsafe.escape(text)))


def clean(text: str) -> str:
    """The text with a space for each character that no HTML document may hold."""
    return _UNSEEN.sub(" ", text)
