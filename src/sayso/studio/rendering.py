"""The page's templates, filled in."""

from __future__ import annotations

import functools
from collections.abc import Sequence
from pathlib import Path

import jinja2

from sayso.studio.view import LineView, OutcomeView, ReviewsView, StudioView
from sayso.system.clock import clock
from sayso.system.html_templates import html_templates

PAGE = Path(__file__).parent / "page"
"""The folder of the templates, and of the files that the page loads."""


def page(view: StudioView, token: str) -> str:
    """The whole page of a review."""
    return _template("studio.html.j2").render(view=view, token=token)


def state(view: StudioView) -> str:
    """What of the page can change."""
    return _template("state.html.j2").render(view=view)


def spoken(lines: Sequence[LineView]) -> str:
    """How the words in an editor would be said."""
    return _template("spoken.html.j2").render(lines=lines)


def outcome(came_to: OutcomeView) -> str:
    """What a build or a publication came to."""
    return _template("outcome.html.j2").render(outcome=came_to)


def reviews(view: ReviewsView) -> str:
    """The page of a show: its reviews."""
    return _template("reviews.html.j2").render(view=view)


@functools.cache
def _template(name: str) -> jinja2.Template:
    environment = html_templates(PAGE)
    environment.filters["clock"] = _clock
    environment.filters["sentence"] = _sentence
    return environment.get_template(name)


def _sentence(text: str) -> str:
    """What is a part of a line elsewhere, as a sentence of its own."""
    text = text.strip()
    return text[:1].upper() + text[1:] + ("" if text[-1:] in ("", *".!?…") else ".")


def _clock(ms: int | None) -> str:
    return "" if ms is None else clock(ms // 1000)
