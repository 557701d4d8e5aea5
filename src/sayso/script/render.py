"""Outline + template → `Script`."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from pathlib import Path
from typing import Any

from sayso.errors import EnvironmentProblem, ErrorGroup, ScriptError, TemplateError, flatten
from sayso.model import Outline, Script, Show
from sayso.script import template_context as surface
from sayso.script.assemble import Weave
from sayso.script.blocks import check_blocks
from sayso.script.coverage import cover
from sayso.script.environment import ScriptEnvironment
from sayso.script.filters import MAX_CHARACTERS
from sayso.script.loader import SUFFIX, FolderLoader
from sayso.script.parse import parse_script
from sayso.script.printing import print_script
from sayso.script.template_errors import template_error

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

    Raises TemplateError with template, line and hint.
    """
    loader = FolderLoader(folders)
    name = _choose(template or show.template, outline.kind, loader)
    weave = Weave(outline, show, known_segments or {n.id for n in outline.names})
    helpers: dict[str, Any] = {"opener": weave.opener, "ahead": weave.ahead, "has": weave.has}
    environment = ScriptEnvironment(loader, show, helpers)
    environment.weave = weave  # type: ignore[attr-defined]
    try:
        text = _render(environment, name, weave)
    except EnvironmentProblem:
        raise
    except Exception as error:  # a template is a program: whatever it does wrong is its error
        extra = [key for key, _ in outline.review.extra]
        raise template_error(error, environment, loader.place(name), extra) from error
    return _to_script(text, outline, name, loader)


def _render(environment: ScriptEnvironment, name: str, weave: Weave) -> str:
    page = environment.get_template(name)
    check_blocks(name, environment)
    voices = surface.voice_surfaces(weave.show)
    by_name = {voice.name.casefold(): voice.name for voice in voices}
    variables = {
        "show": surface.show_surface(weave.show),
        "episode": surface.episode_surface(weave.outline),
        "review": surface.review_surface(weave.outline),
        "segments": weave.segments,
        "voices": voices,
        # A show may call its voices as it likes: the first two take these parts.
        "host": by_name.get("host", voices[0].name),
        "critic": by_name.get("critic", voices[min(1, len(voices) - 1)].name),
    }
    text = environment.printed(page, variables)
    try:
        return weave.fill(text)
    except Exception:
        # Raises it again, with the lines of segments' bodies mapped to the template's.
        environment.handle_exception()


def _to_script(text: str, outline: Outline, name: str, loader: FolderLoader) -> Script:
    if len(text) > MAX_CHARACTERS:
        raise TemplateError(
            f"the template makes a script of {len(text):,} characters",
            code="template-limit",
            file=loader.place(name),
            hint=f"at most {MAX_CHARACTERS:,}",
        )
    text = re.sub(r"\n{3,}", "\n\n", text).strip() + "\n"
    try:
        body = parse_script(text)
    except (ScriptError, ErrorGroup) as error:
        first = flatten(error)[0]
        line = text.split("\n")[(first.line or 1) - 1].strip()[:60]
        raise TemplateError(
            f"the template renders what no script can hold: {first.problem}, near {line!r}",
            file=loader.place(name),
            hint=first.hint,
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
            code="lost-words",
            file=loader.place(name),
            hint="print {{ text }} as it is, once, in each segment",
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
