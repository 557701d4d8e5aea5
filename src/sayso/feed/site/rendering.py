"""A page from its template: what `{{ … }}` prints is text, whatever it holds."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import markupsafe

from sayso.feed.site.policy import with_policy
from sayso.script.environment import FolderLoader, ReadingEnvironment
from sayso.script.filling import fill_in
from sayso.script.surface import Markup

SUFFIX = ".html.j2"
_UNSEEN = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\ufeff]")


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
    """The page. Raises TemplateError with template, line and mend."""
    pages = environment(folders, list(variables), surfaces)
    document = fill_in(pages, name, variables)
    assert isinstance(pages.loader, FolderLoader)
    return with_policy(document, policy, pages.loader.find(name))


def as_html(text: str) -> Markup:
    """Text for an element or a quoted attribute."""
    return Markup(str(markupsafe.escape(_UNSEEN.sub(" ", text))))
