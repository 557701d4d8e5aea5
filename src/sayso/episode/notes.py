"""Show notes: a template and what is known of an episode → Markdown, and HTML for the feed.

The template may come from a stranger, so it runs in the sandbox of the script's templates; what it
prints is words and nothing but words. The HTML holds only what every podcast app shows: p, ol, ul,
li, a, b, i, strong, em, br (PSP-1, "Item description").
"""

from __future__ import annotations

import math
import re
import traceback
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date
from pathlib import Path
from urllib.parse import quote, urlsplit

import jinja2
from jinja2 import StrictUndefined
from jinja2.exceptions import SecurityError

from sayso.episode.chapter_lists import Timestamp, clock, timestamps
from sayso.errors import TemplateError, did_you_mean
from sayso.model import Outline, Show, Timeline
from sayso.script.environment import FolderLoader, ScriptEnvironment, bound
from sayso.script.surface import (
    Markup,
    ReviewSurface,
    SegmentSurface,
    ShowSurface,
    VoiceSurface,
    review_surface,
    segment_surfaces,
    show_surface,
)

TEMPLATE = "notes.md.j2"


@dataclass(frozen=True, slots=True)
class ChapterSurface:
    """One of `chapters` in the notes template."""

    id: str
    time: str
    """`00:01:23`."""
    start_s: int
    title: str


@dataclass(frozen=True, slots=True)
class NotesEpisodeSurface:
    """`episode` in the notes template."""

    title: str
    minutes: int
    """Whole minutes, at least 1."""
    duration: str
    """`00:04:17`."""
    date: str | None
    """As in `17 October 2025`; None where the review has none."""


def notes_markdown(
    timeline: Timeline,
    outline: Outline,
    show: Show,
    title: str,
    folders: Sequence[Path],
    *,
    name: str = TEMPLATE,
) -> str:
    """Render the notes of an episode by `notes.md.j2`, the first that `folders` hold.

    Raises TemplateError with template, line and mend.
    """
    loader = FolderLoader(folders)
    environment = NotesEnvironment(loader)
    seconds = timeline.n_samples // timeline.sample_rate
    heard = {line.line.voice.name for line in timeline.lines}
    voices = [voice for voice in show.voices if voice.name in heard]
    try:
        parts: list[str] = []
        n_characters = 0
        for part in environment.get_template(name).generate(
            show=show_surface(show),
            episode=NotesEpisodeSurface(
                title,
                max(1, math.ceil(seconds / 60)),
                clock(seconds),
                _date(outline.review.date),
            ),
            review=review_surface(outline),
            segments=segment_surfaces(outline),
            chapters=tuple(map(_chapter, timestamps(timeline))),
            voices=tuple(VoiceSurface(v.name, v.speaker or v.name) for v in voices),
        ):
            parts.append(part)
            n_characters += len(part)
            bound(n_characters)
        text = "".join(parts)
    except jinja2.TemplateSyntaxError as error:
        raise TemplateError(
            error.message or "syntax error", file=error.filename or name, line=error.lineno
        ) from error
    except TemplateError as error:
        if error.file is not None:
            raise
        where = loader.find(name)
        raise TemplateError(
            error.problem, file=where, line=_line(error), mend=error.mend
        ) from error
    except Exception as error:  # a template is a program: whatever it does wrong is its error
        raise TemplateError(
            str(error) or type(error).__name__,
            file=loader.find(name),
            line=_line(error),
            mend=_mend(str(error)),
        ) from error
    return re.sub(r"\n{3,}", "\n\n", text).strip() + "\n"


class NotesEnvironment(ScriptEnvironment):
    """The sandbox of the script's templates, for Markdown that is read, not said."""

    def __init__(self, loader: FolderLoader) -> None:
        super().__init__(loader)
        self.finalize = _to_markdown
        self.extensions.clear()  # no segments and no rest here
        for name in ("pause", "sting", "bed", "sound"):
            self.globals.pop(name, None)
        self.filters["link"] = link


def words(text: str) -> str:
    """Text as Markdown that shows exactly these words: everything that would be markup escaped."""
    plain = " ".join("".join(c if c.isprintable() else " " for c in text).split())
    plain = re.sub(r"([\\`*_\[\]<~])|(&)(?=#?\w+;)", r"\\\1\2", plain)
    # What opens a block, at the start of a line: headings, lists, quotes, rules.
    return re.sub(r"\A(?:([#+=>-])|(\d{1,9})([.)])(?=\s|\Z))", r"\2\\\1\3", plain)


def link(address: object, label: str) -> Markup:
    """`{{ review.link | link("Read the review") }}`: a link, where the address is safe."""
    url = web_address(address)
    shown = words(label)
    return Markup(f"[{shown}]({url})" if url else shown)


def web_address(address: object) -> str | None:
    """An http or https address with everything unusual escaped; None for anything else."""
    if not isinstance(address, str):
        return None
    try:
        parts = urlsplit(address.strip())
        if parts.scheme.lower() not in ("http", "https") or not parts.hostname:
            return None
    except ValueError:
        return None
    # What Markdown would take for a character's name is spelt out: `?a=1&copy;=2`.
    url = quote(address.strip(), safe="!#$%&'*+,/:;=?@~")
    return re.sub(r"&(?=#?\w+;)", "&amp;", url)


def _to_markdown(value: object) -> object:
    """What `{{ … }}` prints: markup as it is, everything else as words."""
    if isinstance(value, Markup):
        return value
    if value is None:
        return ""
    if isinstance(value, (str, int, float, StrictUndefined)):  # an undefined one raises here
        return Markup(words(str(value)))
    kind = type(value).__name__.removesuffix("Surface").lower()
    raise SecurityError(f"cannot print a {kind}; print one of its fields, or join a list")


def _chapter(timestamp: Timestamp) -> ChapterSurface:
    return ChapterSurface(timestamp.id, timestamp.time, timestamp.start_s, timestamp.title)


_MONTHS = (
    *("January", "February", "March", "April", "May", "June", "July"),
    *("August", "September", "October", "November", "December"),
)


def _date(iso: str | None) -> str | None:
    try:
        day = date.fromisoformat((iso or "")[:10])
    except ValueError:
        return None
    return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"


def _line(error: BaseException) -> int | None:
    frames = [f for f in traceback.extract_tb(error.__traceback__) if f.filename.endswith(".md.j2")]
    return frames[-1].lineno if frames else None


_VARIABLES = ("show", "episode", "review", "segments", "chapters", "voices")
_SURFACES: Mapping[str, type] = {
    surface.__name__: surface
    for surface in (
        *(ShowSurface, NotesEpisodeSurface, ReviewSurface),
        *(SegmentSurface, ChapterSurface, VoiceSurface),
    )
}


def _mend(message: str) -> str | None:
    variable = re.match(r"'([^']+)' is undefined", message)
    if variable:
        return did_you_mean(variable[1], _VARIABLES)
    attribute = re.search(r"(\w+) object' has no attribute '([^']+)'", message)
    surface = _SURFACES.get(attribute[1]) if attribute else None
    if attribute is None or surface is None:
        return None
    return did_you_mean(attribute[2], (field.name for field in fields(surface)))
