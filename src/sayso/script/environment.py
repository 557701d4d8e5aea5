"""The Jinja environment of episode templates: sandboxed, counted, and plain.

A template may come from a stranger. It sees copies of plain values; it can call its own macros and
blocks and a dozen helpers, and nothing else; what it prints is words, unless a helper made it; and
all its work is counted (see `cost`).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Hashable, Mapping
from types import CodeType
from typing import Any

from jinja2 import StrictUndefined, Template, Undefined, nodes
from jinja2.ext import Extension
from jinja2.parser import Parser
from jinja2.runtime import BlockReference, Context, LoopContext, Macro
from jinja2.sandbox import ImmutableSandboxedEnvironment

from sayso.errors import TemplateError, did_you_mean
from sayso.model import Show
from sayso.script.assemble import OPTIONS, Assembly, Body
from sayso.script.cost_limit import MARKUP, CostCounting, CostLimit, size
from sayso.script.filters import MAX_ELEMENTS, check_length, filters, tests
from sayso.script.inline import escape_value, print_value
from sayso.script.loader import SUFFIX, FolderLoader, TemplateOutline, outline_of
from sayso.script.parse import MAX_PAUSE_MS
from sayso.script.template_context import (
    EpisodeSurface,
    Markup,
    ReviewSurface,
    SegmentSurface,
    ShowSurface,
    VoiceSurface,
    Words,
    print_words,
)

__all__ = ["SUFFIX", "FolderLoader", "ReadingEnvironment", "ScriptEnvironment", "check_length"]

_METHODS = {
    dict: ("get", "items", "keys", "values"),
    str: ("startswith", "endswith"),
    LoopContext: ("cycle", "changed"),
}
"""The methods that a template may call; all others have a filter, or no use."""
_MAX_RANGE = 10_000
_MAX_BITS = 256
"""Of a whole number: enough for every number in a review, too few to grow by squaring."""
_MAX_COMPILED = 64
_compiled: dict[tuple[Hashable, ...], tuple[CodeType, TemplateOutline]] = {}
"""Templates that this process has compiled: by the kind of environment, their text and place."""


class ScriptEnvironment(ImmutableSandboxedEnvironment):
    """Jinja for scripts: what a template prints is words, unless it is script markup already.

    Without a show, the names of stings and beds are not checked. `helpers` are further functions
    that a template may call.
    """

    variables: tuple[str, ...] = (
        *("show", "episode", "review", "segments", "voices", "host", "critic"),
    )
    """What a template is given, for messages."""
    surfaces: Mapping[str, type] = {
        "show": ShowSurface,
        "episode": EpisodeSurface,
        "review": ReviewSurface,
        "segment": SegmentSurface,
        "voice": VoiceSurface,
    }
    """What those values and their parts are, by the names that people know them by."""
    intercepted_binops = frozenset(["*", "**", "%", "+", "-", "/", "//"])

    def __init__(
        self,
        loader: FolderLoader,
        show: Show | None = None,
        helpers: Mapping[str, Callable[..., Any]] | None = None,
    ) -> None:
        super().__init__(
            loader=loader,
            undefined=StrictUndefined,
            finalize=self.to_script,
            trim_blocks=True,
            lstrip_blocks=True,
            autoescape=False,
            comment_start_string="{# ",  # `{#cast …}` is the id of a segment heading
            extensions=["sayso.script.environment.SegmentTags"],
        )
        self.cost = CostLimit()
        self.count_step = self.cost.count_step
        self.count_value = self.cost.count_value
        self.count_loop = self.cost.count_loop
        self.outlines: dict[str, TemplateOutline] = {}
        sounds = None if show is None else [sound.name for sound in show.sounds]
        self.helpers: dict[str, Callable[..., Any]] = {
            "range": _range,
            "pause": pause,
            "sting": lambda name: _cue("sting", name, sounds),
            "bed": lambda name: _cue("bed", name, sounds and [*sounds, "off"]),
            "sound": lambda file: _cue("sound", file, None),
            **(helpers or {}),
        }
        self.globals: dict[str, Any] = dict(self.helpers)
        self.filters = {**filters(self.cost), MARKUP: Markup}
        self.tests = tests(self.cost)  # type: ignore[assignment]

    # ------------------------------------------------------------------------------- parsing

    @property
    def dialect(self) -> tuple[Hashable, ...]:
        """What a template's code depends on besides its text."""
        return (type(self).__name__,)

    def compile(self, source: Any, name: str | None = None, *args: Any, **kwargs: Any) -> Any:
        """Jinja's compiler, once for each text: it takes longer than most templates run."""
        key = (*self.dialect, source, name, *args, *kwargs.items())
        if key not in _compiled:
            code = super().compile(source, name, *args, **kwargs)
            if len(_compiled) >= _MAX_COMPILED:
                _compiled.clear()
            _compiled[key] = (code, self.outlines[name or ""])
        code, self.outlines[name or ""] = _compiled[key]
        return code

    def _parse(self, source: str, name: str | None, filename: str | None) -> nodes.Template:
        tree = super()._parse(source, name, filename)
        self.outlines[name or ""] = outline_of(tree, filename or "")
        counted: nodes.Template = CostCounting().visit(tree)
        counted.set_environment(self)
        return counted

    def join_path(self, template: str, parent: str) -> str:
        """Jinja's question what a template means by the name of another."""
        assert isinstance(self.loader, FolderLoader)
        return self.loader.resolve_template(template, parent)

    # ------------------------------------------------------------------------------- running

    def print_template(self, template: Template, variables: Mapping[str, Any]) -> str:
        """All that a template prints, stopped where it gets too long."""
        parts: list[str] = []
        n_characters = 0
        for part in template.generate(variables):
            parts.append(part)
            n_characters += len(part)
            check_length(n_characters)
        return "".join(parts)

    def to_script(self, value: object) -> object:
        """What `{{ … }}` prints: markup as it is, everything else as words and nothing else."""
        if isinstance(value, Words):
            value = print_words(value)
        self.cost.charge(size(value))
        if isinstance(value, Markup):
            return str(value)
        if value is None:
            return ""
        if isinstance(value, (int, float)):
            return str(value)
        if isinstance(value, (str, Undefined)):  # an undefined one raises here
            # A byte order mark says nothing; at the start of a script it would hide what follows.
            words = str(value).replace("\0", " ").replace("\ufeff", "")
            return escape_value(" ".join(words.split()))
        kind = type(value).__name__.removesuffix("Surface").lower()
        raise TemplateError(
            f"cannot print a {kind}", hint="print one of its fields, or join a list by join_and"
        )

    def concatenate(self, *parts: object) -> str:
        """`~`: markup where one of the parts is markup, else text."""
        self.cost.count_step(sum(map(size, parts)))
        check_length(sum(map(size, parts)))
        if any(isinstance(part, (Markup, Words)) for part in parts):
            printed = self.finalize or self.to_script
            return Markup("".join(str(printed(part)) for part in parts))
        for part in parts:
            if not isinstance(part, (str, int, float, Undefined)):
                raise TemplateError("~ joins text", hint="a list becomes text by join_and")
        return "".join(map(str, parts))

    def call_binop(self, context: Context, operator: str, left: Any, right: Any) -> Any:
        """Arithmetic on numbers, `+` on text and lists: what cannot fill the memory."""
        self.cost.count_step(size(left) + size(right))
        for side in (left, right):
            if isinstance(side, Undefined):
                str(side)  # raises, naming what is undefined
        if isinstance(left, (int, float)) and isinstance(right, (int, float)):
            if operator == "**":
                raise TemplateError("templates have no **", hint="write the number out")
            result = super().call_binop(context, operator, left, right)
            if isinstance(result, int) and result.bit_length() > _MAX_BITS:
                raise TemplateError("a number is too large", code="template-limit")
            return result
        kinds = [t for t in (str, list, tuple) if isinstance(left, t) and isinstance(right, t)]
        if operator != "+" or not kinds or isinstance(left, Markup) or isinstance(right, Markup):
            raise TemplateError(f"{operator} is for numbers", hint="use ~ to join texts")
        result = left + right
        if not isinstance(result, str) and len(result) > MAX_ELEMENTS:
            raise TemplateError(
                f"a list of {len(result):,}",
                code="template-limit",
                hint=f"at most {MAX_ELEMENTS:,}",
            )
        check_length(size(result))
        return result

    def call(__self, __context: Context, __obj: Any, *args: Any, **kwargs: Any) -> Any:  # noqa: N805
        """Call what a template may call; what its own macros and blocks return is markup."""
        environment = __self
        owner = getattr(__obj, "__self__", None)
        if owner is environment or owner is environment.cost:
            return __obj(*args)  # Jinja adds keywords for functions that want its variables
        touched = [*args, owner] if isinstance(owner, str) else args
        environment.cost.count_step(sum(map(size, touched)))
        if isinstance(__obj, Undefined):
            str(__obj)  # raises, naming what is undefined
        if isinstance(__obj, (Macro, BlockReference)):
            return Markup(__context.call(__obj, *args, **kwargs))
        if not environment._may_call(__obj, owner):
            name = getattr(__obj, "__name__", type(__obj).__name__)
            raise TemplateError(
                f"a template cannot call {str(name)[:40]!r}",
                code="template-name",
                hint=did_you_mean(
                    str(name)[:40], [*environment.helpers, *_list_filters(environment)]
                ),
            )
        return __context.call(__obj, *args, **kwargs)

    def _may_call(self, function: object, owner: object) -> bool:
        if any(function is helper for helper in self.helpers.values()):
            return True
        if isinstance(function, LoopContext) or owner in self.extensions.values():
            return True
        name = getattr(function, "__name__", "")
        return any(isinstance(owner, kind) and name in names for kind, names in _METHODS.items())

    def is_safe_attribute(self, obj: Any, attr: str, value: Any) -> bool:
        """No private attribute; of a value's methods only those that may be called."""
        if not super().is_safe_attribute(obj, attr, value):
            return False
        return (
            not callable(value)
            or any(isinstance(obj, kind) and attr in names for kind, names in _METHODS.items())
            or isinstance(value, (Macro, BlockReference))
        )


class ReadingEnvironment(ScriptEnvironment):
    """The same sandbox for what is read, not said: no segments, no stings, no pauses.

    `as_text` makes what `{{ … }}` prints of a text or a number; what is markup already stays so.
    """

    def __init__(
        self,
        loader: FolderLoader,
        as_text: Callable[[str], Markup],
        variables: tuple[str, ...],
        surfaces: Mapping[str, type],
    ) -> None:
        super().__init__(loader)
        self.variables, self.surfaces = variables, surfaces
        self._as_text = as_text
        self.finalize = self.to_reading
        self.extensions.clear()
        self.helpers = {"range": _range}
        self.globals = dict(self.helpers)

    @property
    def dialect(self) -> tuple[Hashable, ...]:
        """Jinja prints the constants of a template when it compiles it."""
        return (type(self).__name__, self._as_text)

    def to_reading(self, value: object) -> Markup:
        """What `{{ … }}` prints."""
        self.cost.charge(size(value))
        if isinstance(value, Markup):
            return value
        if value is None:
            return Markup("")
        if isinstance(value, (str, int, float, Undefined)):  # an undefined one raises here
            return self._as_text(str(value))
        names = {surface: name for name, surface in self.surfaces.items()}
        raise TemplateError(
            f"cannot print a {names.get(type(value), type(value).__name__)}",
            hint="print one of its fields, or join a list",
        )


def _list_filters(environment: ScriptEnvironment) -> list[str]:
    return [name for name in environment.filters if name != MARKUP]


# ---------------------------------------------------------------------------------------- helpers


def _range(*arguments: int) -> range:
    numbers = range(*arguments)
    if len(numbers) > _MAX_RANGE:
        raise TemplateError(
            f"a range of {len(numbers):,}", code="template-limit", hint=f"at most {_MAX_RANGE:,}"
        )
    return numbers


def pause(seconds: float) -> Markup:
    """`{{ pause(0.6) }}`: silence, in seconds."""
    if not isinstance(seconds, (int, float)) or not 0 <= seconds <= MAX_PAUSE_MS / 1000:
        raise TemplateError("pause takes seconds, from 0 to 60", hint="{{ pause(0.6) }}")
    return Markup(f"\n\n{{pause {seconds:.3f}s}}\n\n")


def _cue(what: str, name: object, known: list[str] | None) -> Markup:
    """`{{ sting("intro") }}`, `{{ bed("calm") }}` or `bed("off")`, `{{ sound("door.wav") }}`."""
    text = str(name)  # raises for what is undefined
    if known is not None and text not in known:
        raise TemplateError(
            f"unknown {what} {text[:80]!r}", code="unknown-sound", hint=did_you_mean(text, known)
        )
    if not re.fullmatch(r"[^\x00-\x1f\x7f]{1,200}", text):
        raise TemplateError(f"{text[:80]!r} is not the name of a {what}")
    return Markup(f"\n\n{{{what} {print_value(text)}}}\n\n")


class SegmentTags(Extension):
    """Parses `segment` and `rest`; the environment's `assembly` does the work."""

    tags = {"segment", "rest"}  # noqa: RUF012 - Jinja declares it so

    def parse(self, parser: Parser) -> nodes.Node:
        """Jinja's call for a tag of ours."""
        token = next(parser.stream)
        tag, line = token.value, token.lineno
        arguments: list[nodes.Expr] = []
        if tag == "segment":
            if parser.stream.current.type == "block_end":
                parser.fail('segment needs a name: {% segment "cast" %}', line)
            arguments.append(parser.parse_expression())
        keys: list[nodes.Pair] = []
        while parser.stream.current.type != "block_end":
            parser.stream.skip_if("comma")
            key = parser.stream.expect("name")
            if key.value not in OPTIONS:
                raise TemplateError(
                    f"unknown option {key.value!r} of {tag}",
                    code="template-syntax",
                    file=parser.filename,
                    line=key.lineno,
                    hint=did_you_mean(key.value, OPTIONS),
                )
            parser.stream.expect("assign")
            keys.append(nodes.Pair(nodes.Const(key.value), parser.parse_expression()))
        arguments.append(nodes.Dict(keys))
        body = parser.parse_statements((f"name:end{tag}",), drop_needle=True)
        parameters = [nodes.Name("text", "param"), nodes.Name("segment", "param")]
        call = self.call_method(f"_{tag}", arguments, lineno=line)
        return nodes.CallBlock(call, parameters, [], body, lineno=line)

    def _segment(self, name: object, options: dict[str, object], caller: Body) -> Markup:
        assembly: Assembly = self.environment.assembly  # type: ignore[attr-defined]
        return assembly.place_segment(name, options, caller)

    def _rest(self, options: dict[str, object], caller: Body) -> Markup:
        assembly: Assembly = self.environment.assembly  # type: ignore[attr-defined]
        return assembly.place_rest(options, caller)
