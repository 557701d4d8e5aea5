"""Outline + template → `Script`, and what goes wrong in a template → `TemplateError`."""

from __future__ import annotations

import re
import traceback
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import fields
from pathlib import Path
from types import MappingProxyType
from typing import Any

import jinja2

from sayso.errors import (
    EnvironmentProblem,
    ErrorGroup,
    ScriptError,
    TemplateError,
    did_you_mean,
    flatten,
)
from sayso.language.text import one_line
from sayso.model import Outline, Script, Show
from sayso.script import template_context as context
from sayso.script.assemble import Assembly
from sayso.script.coverage import cover
from sayso.script.environment import ScriptEnvironment, drop_second_stops
from sayso.script.filters import MAX_CHARACTERS
from sayso.script.loader import SUFFIX, FolderLoader, check_blocks
from sayso.script.parse import parse_script
from sayso.script.printing import print_script

FORMAT = "1"
BASE, ROUNDUP = "base", "roundup"


def render_script(
    outline: Outline,
    show: Show,
    folders: Sequence[Path],
    *,
    template: str | None = None,
    known_segments: Collection[str] = (),
    filters: Mapping[str, Callable[..., object]] = MappingProxyType({}),
    functions: Mapping[str, Callable[..., object]] = MappingProxyType({}),
) -> Script:
    """Render the script of a review.

    The template is the one named (with or without `.md.j2`), else the show's, else `roundup` for a
    review of several things, else the one named after the kind of review, else `base`. `folders`
    are searched in order. Every sentence that the outline places is in the script exactly once,
    whatever the template does. `filters` and `functions` are a program's own, by name; they are
    trusted.

    Raises TemplateError with template, line and hint.
    """
    loader = FolderLoader(folders)
    fitting = ROUNDUP if outline.shape == "roundup" else outline.kind
    name = _choose_template(template or show.template, fitting, loader)
    assembly = Assembly(outline, show, known_segments or {n.id for n in outline.names})
    helpers: dict[str, Any] = {
        "opener": assembly.opener,
        "ahead": assembly.ahead,
        "has": assembly.has,
        **functions,
    }
    environment = ScriptEnvironment(loader, show, helpers)
    environment.filters.update(filters)
    environment.assembly = assembly  # type: ignore[attr-defined]
    voices = context.voice_surfaces(show)
    by_name = {voice.name.casefold(): voice.name for voice in voices}
    variables = {
        "show": context.show_surface(show),
        "episode": context.episode_surface(outline),
        "review": context.review_surface(outline, show),
        "segments": assembly.segments,
        "voices": voices,
        # A show may name its voices as it likes: the first two take these parts.
        "host": by_name.get("host", voices[0].name),
        "critic": by_name.get("critic", voices[min(1, len(voices) - 1)].name),
    }
    extra = [key for key, _ in outline.review.extra]
    text = fill_template(environment, name, variables, assembly.fill_placeholders, extra)
    return _to_script(text, outline, name, loader)


def fill_template(
    environment: ScriptEnvironment,
    name: str,
    variables: Mapping[str, Any],
    finish: Callable[[str], str] = str,
    extra: Iterable[str] = (),
) -> str:
    """The text of template `name`, after `finish`.

    `extra` are the keys of the review's own front matter, for hints. Raises TemplateError with
    template, line and hint for whatever goes wrong.
    """
    assert isinstance(environment.loader, FolderLoader)
    try:
        template = environment.get_template(name)
        check_blocks(name, environment)
        text = environment.print_template(template, variables)
        try:
            return drop_second_stops(finish(text))
        except Exception:
            # Raises it again, with the lines of segments' bodies mapped to the template's.
            environment.handle_exception()
    except EnvironmentProblem:
        raise
    except Exception as error:  # a template is a program: whatever it does wrong is its error
        place = environment.loader.describe_place(name)
        raise _template_error(error, environment, place, extra) from error


def _to_script(text: str, outline: Outline, name: str, loader: FolderLoader) -> Script:
    if len(text) > MAX_CHARACTERS:
        raise TemplateError(
            f"the template makes a script of {len(text):,} characters",
            code="template-limit",
            file=loader.describe_place(name),
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
            file=loader.describe_place(name),
            hint=first.hint,
        ) from error
    review = outline.review
    own = (
        ("sayso", FORMAT),
        ("title", one_line(review.title)),
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
            file=loader.describe_place(name),
            hint="print {{ text }} as it is, once, in each segment",
        )
    return script


def _choose_template(wanted: str | None, fitting: str, loader: FolderLoader) -> str:
    if wanted is not None:
        name = wanted if wanted.endswith(SUFFIX) else wanted + SUFFIX
        loader.find(name)
        return name
    names = loader.names()
    return next((n + SUFFIX for n in (fitting, BASE) if n + SUFFIX in names), BASE + SUFFIX)


# ------------------------------------------------------------------------- errors of templates

_NAME = "template-name"
_IN_SEGMENTS = ("text", "segment")
_SEGMENT_FIELDS = [field.name for field in fields(context.SegmentSurface)]
_SEGMENT_TAGS = ("segment", "endsegment", "rest", "endrest")
_TAGS = (
    *("block", "endblock", "extends", "include", "if", "elif", "else", "endif", "for", "endfor"),
    *("set", "endset", "macro", "endmacro", "import", "from", "call", "endcall", "filter"),
    *("endfilter", "raw", "endraw", "with", "endwith"),
)


def _template_error(
    error: Exception, environment: ScriptEnvironment, name: str, extra: Iterable[str]
) -> TemplateError:
    """The error to raise for `error`, which rendering template `name` raised."""
    if isinstance(error, jinja2.TemplateSyntaxError):
        code, problem, hint = _explain_message(error.message or "syntax error", environment, extra)
        return TemplateError(
            problem,
            code=code or "template-syntax",
            file=error.filename or error.name or name,
            line=error.lineno,
            hint=hint,
        )
    file, line = _find_place(error, environment)
    if isinstance(error, TemplateError):
        return error if error.file is not None else error.at(file or name, line)
    code, hint = "template-limit", None
    if isinstance(error, (RecursionError, MemoryError, SyntaxError)):
        line = None
        problem = "the template nests too deeply, or calls, includes or extends itself without end"
    elif isinstance(error, NameError):  # Jinja writes 1e999 as inf, which Python does not know
        problem = "a number is too large"
    else:
        message = str(error).split("\n")[0][:300] or type(error).__name__
        code, problem, hint = _explain_message(message, environment, extra)
    return TemplateError(problem, code=code, file=file or name, line=line, hint=hint)


def _find_place(
    error: BaseException, environment: ScriptEnvironment
) -> tuple[str | None, int | None]:
    """The innermost template and line: Jinja maps its compiled code back to the source."""
    assert isinstance(environment.loader, FolderLoader)
    suffix = environment.loader.suffix
    frames = [f for f in traceback.extract_tb(error.__traceback__) if f.filename.endswith(suffix)]
    return (str(Path(frames[-1].filename)), frames[-1].lineno) if frames else (None, None)


def _explain_message(
    message: str, environment: ScriptEnvironment, extra: Iterable[str]
) -> tuple[str | None, str, str | None]:
    """Jinja's message in plain words, with the closest correct name: code, problem and hint.

    The code is None where the message is not about a name.
    """
    found = re.match(r"'([^']+)' is undefined", message)
    if found:
        name = found[1]
        in_segments = _IN_SEGMENTS if environment.extensions else ()
        if name in in_segments:
            return _NAME, f"{name!r} outside of a segment", "it stands in a segment or rest tag"
        if in_segments and name in _SEGMENT_FIELDS:
            # The body of a tag runs when the loop around it is over, and its variable gone.
            hint = f"in a segment or rest, write segment.{name}"
            return _NAME, f"unknown name {name!r}", hint
        known = [*environment.variables, *in_segments, *environment.helpers]
        return _NAME, f"unknown name {name!r}", did_you_mean(name, known)
    found = re.search(r"(\w+) object' has no attribute '([^']+)'", message)
    for kind, surface in environment.surfaces.items():
        if found and found[1].split(".")[-1] == surface.__name__:
            known = [field.name for field in fields(surface)]
            return _NAME, f"{kind} has no {found[2]!r}", did_you_mean(found[2], known)
    if found and found[1] == "dict":
        return _NAME, f"the front matter has no {found[2]!r}", did_you_mean(found[2], extra)
    found = re.match(r"[Nn]o (filter|test) named '([^']+)'", message)
    if found:
        names = environment.filter_names if found[1] == "filter" else environment.tests
        return _NAME, f"unknown {found[1]} {found[2]!r}", did_you_mean(found[2], names)
    found = re.match(r"access to attribute '([^']+)'", message)
    if found:
        hint = "what it can use is in scripts/README.md"
        return _NAME, f"a template cannot use {found[1]!r}", hint
    found = re.search(r"unknown tag '(\w+)'", message)
    if found:
        tags = _TAGS + (_SEGMENT_TAGS if environment.extensions else ())
        return _NAME, f"unknown tag {found[1]!r}", did_you_mean(found[1], tags)
    found = re.search(r"has no attribute '([^']+)'", message)
    if found:
        return _NAME, f"nothing here is called {found[1]!r}", None
    return None, message[:1].lower() + message[1:], None
