"""The Jinja environment of episode templates: a sandbox that limits what a template costs.

A template may come from a stranger. It sees copies of plain values. It can call its own macros and
blocks and a dozen helpers, and nothing else. What it prints is words, unless a helper made it. All
its work is counted (see `cost_limit`).

Two tags place the review in a script. `{% segment "cast", voice="critic", sting="transition" %}
First the faces. {{ text }}{% endsegment %}` renders the cast segment, or nothing where the review
has none. `{% rest %}…{% endrest %}` renders, by the same body, every segment that the template does
not name.
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
from sayso.language.text import one_line
from sayso.model import Show
from sayso.script.assemble import OPTIONS, Assembly, Body
from sayso.script.cost_limit import MARKUP, CostCounting, CostLimit, size
from sayso.script.filters import MAX_ELEMENTS, check_length, filters, tests
from sayso.script.inline import escape_value, print_value
from sayso.script.loader import FolderLoader, TemplateOutline, outline_of
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

_METHODS = {
    dict: ("get", "items", "keys", "values"),
    str: ("startswith", "endswith"),
    LoopContext: ("cycle", "changed"),
}
"""The methods that a template may call; for all others there is a filter, or no use."""
_MAX_RANGE = 10_000
_MAX_BITS = 256
"""Of a whole number: enough for any number in a review, too few to grow by squaring."""
_MAX_COMPILED = 64
STOPPED = "\0.\1"
"""Follows what `{{ … }}` prints where that ends in a stop, until `drop_second_stops`."""
_ENDS_IN_STOP = re.compile(r"[.?!…。？！][’”\"')\]]?\Z")
_SECOND_STOP = re.compile(f"{re.escape(STOPPED)}([’”\"')\\]]?)\\.(?!\\.)([’”\"')\\]]?)")
_compiled: dict[tuple[Hashable, ...], tuple[CodeType, TemplateOutline]] = {}
"""Templates that this process has compiled, by kind of environment, text and place."""


class ScriptEnvironment(ImmutableSandboxedEnvironment):
    """Jinja for scripts: what a template prints is words, unless it is script markup already.

    Without a show, the names of stings and beds are not checked. `helpers` are further functions
    that a template may call. Templates raise TemplateError, or SecurityError at a limit.
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
    """The classes of those values and their parts, by the name that messages use."""
    joined_by = " by join_and"
    """For the hint: how this environment joins a list."""
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
            finalize=self.to_markup,
            trim_blocks=True,
            lstrip_blocks=True,
            autoescape=False,
            comment_start_string="{# ",  # `{#cast …}` is the id of a segment heading
            extensions=[SegmentTags],
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

    @property
    def filter_names(self) -> list[str]:
        """The names of the filters that a template can use."""
        return [name for name in self.filters if name != MARKUP]

    # ------------------------------------------------------------------------------- parsing

    @property
    def dialect(self) -> tuple[Hashable, ...]:
        """What a template's code depends on besides its text."""
        return (type(self).__name__,)

    def compile(self, source: Any, name: str | None = None, *args: Any, **kwargs: Any) -> Any:
        """Called by Jinja. Compiles each text once: that takes longer than most templates run."""
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
        """Called by Jinja: the template that `parent` means by the name `template`."""
        assert isinstance(self.loader, FolderLoader)
        return self.loader.resolve_template(template, parent)

    # ------------------------------------------------------------------------------- running

    def print_template(self, template: Template, variables: Mapping[str, Any]) -> str:
        """All that a template prints. Raises SecurityError where it is too long."""
        parts: list[str] = []
        n_characters = 0
        for part in template.generate(variables):
            parts.append(part)
            n_characters += len(part)
            check_length(n_characters)
        return "".join(parts)

    def to_markup(self, value: object) -> Markup:
        """What `{{ … }}` prints: markup as it is, everything else as words and nothing else."""
        if isinstance(value, Words):
            value = print_words(value)
        self.cost.charge(size(value))
        if isinstance(value, Markup):
            return value
        if value is None:
            return Markup("")
        if isinstance(value, (str, int, float, Undefined)):
            words = self.as_words(value)
            return Markup(words + STOPPED) if _ENDS_IN_STOP.search(words) else words
        names = {surface: name for name, surface in self.surfaces.items()}
        raise TemplateError(
            f"cannot print a {names.get(type(value), type(value).__name__)}",
            hint=f"print one of its fields, or join a list{self.joined_by}",
        )

    def as_words(self, value: str | float | Undefined) -> Markup:
        """Text or a number as markup that says it. An undefined value raises UndefinedError."""
        if isinstance(value, (int, float)):
            return Markup(value)
        # A byte order mark says nothing; at the start of a script it would hide what follows.
        words = str(value).replace("\0", " ").replace("\ufeff", "")
        return Markup(escape_value(one_line(words)))

    def concatenate(self, *parts: object) -> str:
        """The value of `a ~ b`: markup where one of the parts is markup, else text."""
        self.cost.count_step(sum(map(size, parts)))
        check_length(sum(map(size, parts)))
        if any(isinstance(part, (Markup, Words)) for part in parts):
            return Markup("".join(map(self.to_markup, parts)))
        for part in parts:
            if not isinstance(part, (str, int, float, Undefined)):
                raise TemplateError("~ joins text", hint="a list becomes text by join_and")
        return "".join(map(str, parts))

    def call_binop(self, context: Context, operator: str, left: Any, right: Any) -> Any:
        """Arithmetic on numbers, and `+` on texts and lists, with limits on the result."""
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
        """Call a function, if a template may; what its macros and blocks return is markup."""
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
                    str(name)[:40], [*environment.helpers, *environment.filter_names]
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
        """Whether a template may read an attribute: none that is private, no other methods."""
        if not super().is_safe_attribute(obj, attr, value):
            return False
        return (
            not callable(value)
            or any(isinstance(obj, kind) and attr in names for kind, names in _METHODS.items())
            or isinstance(value, (Macro, BlockReference))
        )


class ReadingEnvironment(ScriptEnvironment):
    """The same sandbox for what is read, not spoken: no segments, no stings, no pauses.

    `as_text` turns a text or number that `{{ … }}` prints into markup.
    """

    joined_by = ""

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
        self.extensions.clear()
        self.helpers = {"range": _range}
        self.globals = dict(self.helpers)

    @property
    def dialect(self) -> tuple[Hashable, ...]:
        """Jinja prints the constants of a template when it compiles it."""
        return (type(self).__name__, self._as_text)

    def as_words(self, value: str | float | Undefined) -> Markup:
        """Text or a number as markup. An undefined value raises UndefinedError."""
        return self._as_text(str(value))


def drop_second_stops(text: str) -> str:
    """What a template printed, without the full stop that it sets after a name such as `Bike!`."""
    return _SECOND_STOP.sub(r"\1\2", text).replace(STOPPED, "")


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
        """Called by Jinja at one of these tags."""
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
