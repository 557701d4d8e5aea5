"""The Jinja environment of episode templates: sandboxed, bounded, and plain.

A template may come from a stranger. Jinja's immutable sandbox keeps it from attributes and
mutation; added here: templates are read only from the given folders and never through a symbolic
link, loops and output are counted, and repeating or powering a value up is bounded.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

from jinja2 import BaseLoader, StrictUndefined, nodes
from jinja2.environment import Environment
from jinja2.exceptions import SecurityError
from jinja2.sandbox import ImmutableSandboxedEnvironment

from sayso.errors import TemplateError, did_you_mean
from sayso.script.inline import escape, escape_start
from sayso.script.surface import Markup, SegmentSurface

MAX_STEPS = 200_000
"""Loop turns and macro calls of one rendering; a long episode takes a few thousand."""
MAX_CHARACTERS = 4_000_000
"""Length of any text that a template makes; a four-hour script has 200,000."""
MAX_TEMPLATE_BYTES = 256 * 1024
SUFFIX = ".md.j2"


class FolderLoader(BaseLoader):
    """Templates by file name from a list of folders, the first that has it.

    A name is a plain file name: no folder, no `..`; a symbolic link is refused, since it could show
    any file of the machine.
    """

    def __init__(self, folders: Sequence[Path]) -> None:
        self.folders = tuple(folders)

    def find(self, name: str) -> Path:
        """The file of a template. Raises TemplateError where there is none."""
        if not re.fullmatch(r"[\w][\w.-]*", name):
            raise TemplateError(
                f"{name!r} is not the name of a template", mend="use a file name of scripts/"
            )
        for folder in self.folders:
            path = folder / name
            if path.is_symlink():
                raise TemplateError(
                    "a template must not be a symbolic link", file=path, mend="copy the file"
                )
            if path.is_file():
                return path
        raise TemplateError(f"no template named {name!r}", mend=did_you_mean(name, self.names()))

    def names(self) -> list[str]:
        """File names of all templates, sorted."""
        return sorted({p.name for folder in self.folders for p in folder.glob("*" + SUFFIX)})

    def get_source(
        self, environment: Environment, template: str
    ) -> tuple[str, str, Callable[[], bool]]:
        """Jinja's question for a template's text."""
        path = self.find(template)
        raw = path.read_bytes()
        if len(raw) > MAX_TEMPLATE_BYTES:
            raise TemplateError(
                f"the template has {len(raw):,} bytes",
                file=path,
                mend=f"at most {MAX_TEMPLATE_BYTES:,}",
            )
        try:
            text = raw.decode("utf-8-sig")
        except UnicodeDecodeError as error:
            raise TemplateError(
                f"not UTF-8: byte {error.start}", file=path, mend="save the file as UTF-8"
            ) from error
        # A comment starts with `{#` and white space; Jinja is told of the space only.
        return re.sub(r"\{#(?=\r?\n)", "{# ", text), str(path), lambda: True

    def list_templates(self) -> list[str]:
        """Jinja's question for all names."""
        return self.names()


class ScriptEnvironment(ImmutableSandboxedEnvironment):
    """Jinja for scripts: what a template prints is words, unless it is script markup already."""

    intercepted_binops = frozenset(["*", "**", "%", "+", "~"])

    def __init__(self, loader: FolderLoader) -> None:
        super().__init__(
            loader=loader,
            undefined=StrictUndefined,
            finalize=to_script,
            trim_blocks=True,
            lstrip_blocks=True,
            autoescape=False,
            comment_start_string="{# ",  # `{#cast …}` is the id of a segment heading
            extensions=["sayso.script.tags.SegmentTags"],
        )
        self.steps = 0
        self.globals.clear()
        self.filters = {name: self.filters[name] for name in _SAFE_FILTERS}
        self.filters |= {
            "join_and": join_and,
            "names": names,
            "ordinal": ordinal,
            "spoken": spoken,
            "pick": pick,
        }
        self.globals |= {
            "range": _bounded_range,
            "pause": pause,
            "sting": sting,
            "bed": bed,
            "_step": self.count_step,
        }

    def count_step(self) -> str:
        """Called at every turn of a loop and every call of a macro."""
        self.steps += 1
        if self.steps > MAX_STEPS:
            raise SecurityError(f"the template runs more than {MAX_STEPS:,} steps")
        return ""

    def _parse(self, source: str, name: str | None, filename: str | None) -> nodes.Template:
        tree = super()._parse(source, name, filename)
        for node in tree.find_all((nodes.For, nodes.Macro)):
            if isinstance(node, nodes.For | nodes.Macro):
                step = nodes.Call(nodes.Name("_step", "load"), [], [], None, None)
                node.body.insert(0, nodes.ExprStmt(step, lineno=node.lineno))
        tree.set_environment(self)
        return tree

    def call_binop(self, context: Any, operator: str, left: Any, right: Any) -> Any:
        """Keep `"a" * 50000000`, `9 ** 9 ** 9` and `"%999999999d"` from filling the memory."""
        if operator == "**":
            raise SecurityError("templates have no **")
        if operator == "%" and isinstance(left, str):
            raise SecurityError("templates have no % for text; use ~ to join")
        if operator == "*":
            for text, times in ((left, right), (right, left)):
                if isinstance(text, (str, list, tuple)) and isinstance(times, int):
                    bound(len(text) * max(times, 0))
        if operator in "+~":
            bound(sum(len(side) for side in (left, right) if isinstance(side, (str, list, tuple))))
        return super().call_binop(context, operator, left, right)


def bound(n_characters: int) -> None:
    """Raise SecurityError where a template would make a text longer than any script."""
    if n_characters > MAX_CHARACTERS:
        raise SecurityError(f"the template makes a text of {n_characters:,} characters")


_SAFE_FILTERS = (
    *("abs", "capitalize", "count", "default", "d", "first", "float", "groupby", "int", "join"),
    *("last", "length", "list", "lower", "map", "max", "min", "reject", "rejectattr", "replace"),
    *("reverse", "round", "select", "selectattr", "sort", "string", "sum", "title", "trim"),
    *("truncate", "unique", "upper", "wordcount"),
)


def to_script(value: object) -> object:
    """What `{{ … }}` prints: markup as it is, everything else as words and nothing but words."""
    if isinstance(value, Markup):
        return value
    if value is None:
        return ""
    if isinstance(value, (str, int, float, StrictUndefined)):  # an undefined one raises here
        return Markup(escape_start(escape(" ".join(str(value).split()))))
    kind = type(value).__name__.removesuffix("Surface").lower()
    raise SecurityError(f"cannot print a {kind}; print one of its fields, or join a list")


def _bounded_range(*arguments: int) -> range:
    numbers = range(*arguments)
    if len(numbers) > MAX_STEPS:
        raise SecurityError(f"a range of {len(numbers):,}")
    return numbers


def pause(seconds: float) -> Markup:
    """`{{ pause(0.6) }}`: silence, in seconds."""
    return Markup(f"\n\n{{pause {float(seconds):.3f}s}}\n\n")


def sting(name: str) -> Markup:
    """`{{ sting("intro") }}`: a piece of the show's music."""
    return Markup(f"\n\n{{sting {_name(name)}}}\n\n")


def bed(name: str | None) -> Markup:
    """`{{ bed("calm") }}` starts music under the speech, `{{ bed("off") }}` ends it."""
    return Markup(f"\n\n{{bed {_name(name or 'off')}}}\n\n")


def join_and(values: Iterable[object]) -> str:
    """`a`, `a and b`, `a, b and c`."""
    words = [str(value) for value in values]
    if len(words) < 2:
        return "".join(words)
    return f"{', '.join(words[:-1])} and {words[-1]}"


def names(segments: Iterable[SegmentSurface]) -> list[str]:
    """The spoken names of segments."""
    return [segment.spoken for segment in segments]


_SMALL = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
_ORDINALS = (
    *("zeroth", "first", "second", "third", "fourth", "fifth"),
    *("sixth", "seventh", "eighth", "ninth", "tenth"),
)


def ordinal(number: int) -> str:
    """3 → `third`; above ten in digits: `13th`."""
    if 0 <= number < len(_ORDINALS):
        return _ORDINALS[number]
    last = number % 10 if number % 100 not in (11, 12, 13) else 0
    return f"{number}{ {1: 'st', 2: 'nd', 3: 'rd'}.get(last, 'th') }"


def spoken(value: object) -> str:
    """Small numbers in words, as a host says them; everything else as it is."""
    if isinstance(value, int) and 0 <= value < len(_SMALL):
        return _SMALL[value]
    return str(value)


def pick(choices: Sequence[object], number: int) -> object:
    """The choice for a number from 1, starting over at the end: phrases that take turns."""
    return choices[(number - 1) % len(choices)]


def _name(value: str) -> str:
    if not re.fullmatch(r"[\w.-]{1,80}", value):
        raise SecurityError(f"{value!r} is not the name of a sting or bed")
    return value
