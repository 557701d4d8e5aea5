"""Whatever a template does wrong becomes one TemplateError: where, what, and the nearest name."""

from __future__ import annotations

import re
import traceback
from collections.abc import Iterable
from dataclasses import fields
from pathlib import Path

import jinja2

from sayso.errors import TemplateError, did_you_mean
from sayso.script.cost_limit import MARKUP
from sayso.script.environment import FolderLoader, ScriptEnvironment
from sayso.script.template_context import SegmentSurface

_NAME = "template-name"
_IN_SEGMENTS = ("text", "segment")
_SEGMENT_FIELDS = [field.name for field in fields(SegmentSurface)]
_SEGMENT_TAGS = ("segment", "endsegment", "rest", "endrest")
_TAGS = (
    *("block", "endblock", "extends", "include"),
    *(
        "if",
        "elif",
        "else",
        "endif",
        "for",
        "endfor",
        "set",
        "endset",
        "macro",
        "endmacro",
        "import",
    ),
    *("from", "call", "endcall", "filter", "endfilter", "raw", "endraw", "with", "endwith"),
)


def template_error(
    error: Exception, environment: ScriptEnvironment, name: str, extra: Iterable[str] = ()
) -> TemplateError:
    """The error to raise for `error`, which rendering template `name` raised.

    `extra` are the keys of the review's own front matter.
    """
    if isinstance(error, jinja2.TemplateSyntaxError):
        code, problem, hint = _explain(error.message or "syntax error", environment, extra)
        return TemplateError(
            problem,
            code=code or "template-syntax",
            file=error.filename or error.name or name,
            line=error.lineno,
            hint=hint,
        )
    file, line = _place(error, environment)
    if isinstance(error, TemplateError):
        if error.file is not None:
            return error
        return error.at(file or name, line)
    if isinstance(error, (RecursionError, MemoryError, SyntaxError)):
        return TemplateError(
            "the template nests too deeply, or calls, includes or extends itself without end",
            code="template-limit",
            file=file or name,
        )
    if isinstance(error, NameError):  # Jinja writes 1e999 as inf, which Python does not know
        return TemplateError(
            "a number is too large", code="template-limit", file=file or name, line=line
        )
    message = str(error).split("\n")[0][:300] or type(error).__name__
    code, problem, hint = _explain(message, environment, extra)
    return TemplateError(problem, code=code, file=file or name, line=line, hint=hint)


def _place(error: BaseException, environment: ScriptEnvironment) -> tuple[str | None, int | None]:
    """The innermost template and line: Jinja maps its compiled code back to the source."""
    assert isinstance(environment.loader, FolderLoader)
    suffix = environment.loader.suffix
    frames = [f for f in traceback.extract_tb(error.__traceback__) if f.filename.endswith(suffix)]
    return (str(Path(frames[-1].filename)), frames[-1].lineno) if frames else (None, None)


def _explain(
    message: str, environment: ScriptEnvironment, extra: Iterable[str]
) -> tuple[str | None, str, str | None]:
    """Jinja's message in plain words, with the nearest right name: code, problem and hint.

    The code is None where the message is of something else than a name.
    """
    found = re.match(r"'([^']+)' is undefined", message)
    if found:
        segments = bool(environment.extensions)
        if segments and found[1] in _IN_SEGMENTS:
            return _NAME, f"{found[1]!r} outside of a segment", "it stands in a segment or rest tag"
        if segments and found[1] in _SEGMENT_FIELDS:
            # The body of a tag runs when the loop around it is over, and its variable gone.
            return (
                _NAME,
                f"unknown name {found[1]!r}",
                f"in a segment or rest, write segment.{found[1]}",
            )
        known = [*environment.variables, *(_IN_SEGMENTS if segments else ()), *environment.helpers]
        return _NAME, f"unknown name {found[1]!r}", did_you_mean(found[1], known)
    found = re.search(r"(\w+) object' has no attribute '([^']+)'", message)
    for kind, surface in environment.surfaces.items():
        if found and found[1].split(".")[-1] == surface.__name__:
            known = [field.name for field in fields(surface)]
            return _NAME, f"{kind} has no {found[2]!r}", did_you_mean(found[2], known)
    found = re.search(r"'dict object' has no attribute '([^']+)'", message)
    if found:
        return _NAME, f"the front matter has no {found[1]!r}", did_you_mean(found[1], extra)
    found = re.match(r"[Nn]o (filter|test) named '([^']+)'", message)
    if found:
        names = environment.filters if found[1] == "filter" else environment.tests
        known = [name for name in names if name != MARKUP]
        return _NAME, f"unknown {found[1]} {found[2]!r}", did_you_mean(found[2], known)
    found = re.match(r"access to attribute '([^']+)'", message)
    if found:
        return (
            _NAME,
            f"a template cannot use {found[1]!r}",
            "what it can use is in scripts/README.md",
        )
    found = re.search(r"unknown tag '(\w+)'", message)
    if found:
        tags = _TAGS + (_SEGMENT_TAGS if environment.extensions else ())
        return _NAME, f"unknown tag {found[1]!r}", did_you_mean(found[1], tags)
    found = re.search(r"has no attribute '([^']+)'", message)
    if found:
        return _NAME, f"nothing here is called {found[1]!r}", None
    return None, message[:1].lower() + message[1:], None
