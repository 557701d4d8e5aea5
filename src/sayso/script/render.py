"""Outline + template → `Script`."""

from __future__ import annotations

import re
import traceback
from collections.abc import Collection, Sequence
from dataclasses import fields
from pathlib import Path

import jinja2

from sayso.errors import Findings, ScriptError, TemplateError, did_you_mean
from sayso.model import Outline, Script, Show
from sayso.script import surface
from sayso.script.coverage import cover
from sayso.script.environment import SUFFIX, FolderLoader, ScriptEnvironment, bound
from sayso.script.parse import parse_script
from sayso.script.printing import print_script
from sayso.script.tags import Weave

FORMAT = "1"
BASE = "base"


def render_script(
    outline: Outline,
    show: Show,
    folders: Sequence[Path],
    *,
    template: str | None = None,
    known_segments: Collection[str] = (),
) -> Script:
    """Render the script of a review.

    The template is the one named (with or without `.md.j2`), else the show's, else the one named
    after the kind of review, else `base`. `folders` are searched in order. Every sentence that the
    outline places is in the script exactly once, whatever the template does.

    Raises TemplateError with template, line and mend.
    """
    loader = FolderLoader(folders)
    name = _choose(template or show.template, outline.kind, loader)
    environment = ScriptEnvironment(loader)
    weave = Weave(outline, known_segments or {n.id for n in outline.names}, show.order)
    environment.weave = weave  # type: ignore[attr-defined]
    try:
        page = environment.get_template(name)
        parts: list[str] = []
        n_characters = 0
        for part in page.generate(
            show=surface.show_surface(show),
            episode=surface.episode_surface(outline),
            review=surface.review_surface(outline),
            segments=surface.segment_surfaces(outline),
            voices=surface.voice_surfaces(show),
            opener=weave.opener,
        ):
            parts.append(part)
            n_characters += len(part)
            bound(n_characters)
        text = weave.fill("".join(parts))
    except jinja2.TemplateSyntaxError as error:
        raise TemplateError(
            error.message or "syntax error", file=error.filename or name, line=error.lineno
        ) from error
    except jinja2.UndefinedError as error:
        raise TemplateError(
            f"{error.message}", file=_file(loader, name), line=_line(error), mend=_nearest(error)
        ) from error
    except TemplateError:
        raise
    except RecursionError as error:
        raise TemplateError(
            "the template calls itself without end", file=_file(loader, name)
        ) from error
    except Exception as error:  # a template is a program: whatever it does wrong is its error
        raise TemplateError(
            str(error) or type(error).__name__, file=_file(loader, name), line=_line(error)
        ) from error
    return _to_script(text, outline, name, loader)


def _to_script(text: str, outline: Outline, name: str, loader: FolderLoader) -> Script:
    bound(len(text))
    try:
        body = parse_script(re.sub(r"\n{3,}", "\n\n", text).strip() + "\n")
    except (ScriptError, Findings) as error:
        first = error.errors[0] if isinstance(error, Findings) else error
        line = text.strip().splitlines()[(first.line or 1) - 1][:60] if first.line else ""
        raise TemplateError(
            f"the template renders what no script can hold: {first.problem}, near {line!r}",
            file=_file(loader, name),
            mend=first.mend,
        ) from error
    review = outline.review
    own = (
        ("sayso", FORMAT),
        ("title", _one_line(surface.episode_title(review))),
        *((("review", review.source.as_posix()),) if review.source else ()),
        ("kind", outline.kind),
        ("template", name.removesuffix(SUFFIX)),
    )
    meta = (*own, *(pair for pair in body.meta if pair[0] not in dict(own)))
    # Once more through print and parse, so that the script is as it will be read from its file.
    script = parse_script(print_script(Script(meta, body.items), canonical=True))
    coverage = cover(script, outline)
    for claim in (*coverage.missing, *coverage.changed, *coverage.repeated):
        raise TemplateError(
            f"the script would lose or repeat sentence {claim.id} of the review: "
            f"{claim.sentence[:60]!r}",
            file=_file(loader, name),
            mend="print {{ text }} as it is, once, in each segment",
        )
    return script


def _choose(wanted: str | None, kind: str, loader: FolderLoader) -> str:
    if wanted is not None:
        name = wanted if wanted.endswith(SUFFIX) else wanted + SUFFIX
        loader.find(name)
        return name
    names = loader.names()
    return next((n + SUFFIX for n in (kind, BASE) if n + SUFFIX in names), BASE + SUFFIX)


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _file(loader: FolderLoader, name: str) -> Path | str:
    try:
        return loader.find(name)
    except TemplateError:
        return name


def _line(error: BaseException) -> int | None:
    """The template's line in a traceback: Jinja maps its compiled code back to the source."""
    frames = [f for f in traceback.extract_tb(error.__traceback__) if f.filename.endswith(SUFFIX)]
    return frames[-1].lineno if frames else None


_FIELDS = {
    "show": surface.ShowSurface,
    "episode": surface.EpisodeSurface,
    "review": surface.ReviewSurface,
    "segment": surface.SegmentSurface,
}


def _nearest(error: jinja2.UndefinedError) -> str | None:
    message = error.message or ""
    variable = re.match(r"'([^']+)' is undefined", message)
    if variable:
        return did_you_mean(
            variable[1], ["show", "episode", "review", "segments", "voices", "text"]
        )
    attribute = re.search(r"(\w+)Surface object' has no attribute '([^']+)'", message)
    if attribute:
        kind = _FIELDS.get(attribute[1].lower())
        return did_you_mean(attribute[2], (f.name for f in fields(kind))) if kind else None
    return None
