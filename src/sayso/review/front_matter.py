"""Front matter: YAML between `---` lines or TOML between `+++` lines at the head of a review."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sayso.errors import ReviewError
from sayso.language.text import clean_text, one_line
from sayso.system.toml import TomlProblem, read_toml

_LOOKS_LIKE_YAML = re.compile(r"""\s*(?:#|\{|(?:-\s+)?["']?[\w -]{1,40}["']?\s*:(?:\s|$))""")
_ISO_DATE = re.compile(
    r"\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?\s?(?:Z|[+-]\d\d:?\d\d)?)?"
)
_TEXT_FIELDS = frozenset(
    {"title", "subject", "author", "rating", "date", "kind", "shape", "summary", "link"}
)
_MAX_DEPTH = 20
_TOO_DEEP = "front matter: values are nested too deep"
_ONE_A_LINE = "write one key: value a line"

Value = str | list["Value"] | dict[str, "Value"]


@dataclass(frozen=True, slots=True)
class FrontMatter:
    """What the front matter says, as text; `n_lines` is how many lines of the file it takes."""

    fields: tuple[tuple[str, str], ...] = ()
    """The known fields that are given and not empty."""
    extra: tuple[tuple[str, str], ...] = ()
    segments: tuple[tuple[int, str, int], ...] = ()
    """Number of the spoken block (from 1), segment, and the line that says so."""
    n_lines: int = 0

    def get(self, key: str) -> str | None:
        """The known field `key`, or None."""
        return next((value for name, value in self.fields if name == key), None)


@dataclass(frozen=True, slots=True)
class _Entry:
    """A key, its value with all scalars as text, and its line in the file."""

    key: str
    value: Value
    line: int


def read_front_matter(lines: list[str], file: Path | None) -> FrontMatter:
    """Read the front matter at the head of `lines`; empty where there is none.

    A first line of `---` that is not followed by `key: value` is a rule, not front matter.
    Raises ReviewError for front matter that is never closed, does not parse, repeats a key, or
    has a value of the wrong type.
    """
    fence = lines[0].rstrip() if lines else ""
    if fence not in ("---", "+++"):
        return FrontMatter()
    first = next((line for line in lines[1:] if line.strip()), "")
    if fence == "---" and not (_LOOKS_LIKE_YAML.match(first) or first.rstrip() == "---"):
        return FrontMatter()
    closers = ("---", "...") if fence == "---" else ("+++",)
    end = next((i for i, line in enumerate(lines[1:], 1) if line.rstrip() in closers), None)
    if end is None:
        raise _syntax_error(
            "the front matter is never closed", file, 1, f"end it with a line of {fence}"
        )
    parse = _parse_yaml if fence == "---" else _parse_toml
    fields: list[tuple[str, str]] = []
    extra: list[tuple[str, str]] = []
    segments: tuple[tuple[int, str, int], ...] = ()
    seen: set[str] = set()
    for entry in list(parse("\n".join(lines[1:end]), file)):
        key = entry.key.strip()
        folded = key.casefold()
        if folded in seen:
            raise _value_error(f"front matter gives '{key}' twice", file, entry, "keep one")
        seen.add(folded)
        if folded == "segments":
            segments = _read_segments(entry, file)
        elif folded in _TEXT_FIELDS:
            text = _read_field(folded, entry, file)
            if text:
                fields.append((folded, text))
        elif key:
            extra.append((key, _flatten(entry.value)))
    return FrontMatter(tuple(fields), tuple(extra), segments, end + 1)


def _read_field(key: str, entry: _Entry, file: Path | None) -> str:
    value = entry.value
    if key == "author" and isinstance(value, list) and all(isinstance(v, str) for v in value):
        names = [str(v).strip() for v in value]
        value = " and ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)
    if not isinstance(value, str):
        raise _value_error(
            f"front matter: '{key}' is {'a list' if isinstance(value, list) else 'a table'}, "
            "not text",
            file,
            entry,
            f"write it as {key}: some text, in quotes if it holds a colon",
        )
    text = one_line(_clean_value(value))
    if key == "date" and text and not _is_iso_date(text):
        problem = f"front matter: date '{text}' is not a date"
        raise _value_error(problem, file, entry, "write it as 2025-01-31")
    return text


def _is_iso_date(text: str) -> bool:
    if not _ISO_DATE.fullmatch(text):
        return False
    try:
        datetime.date.fromisoformat(text[:10])
    except ValueError:
        return False
    return True


def _read_segments(entry: _Entry, file: Path | None) -> tuple[tuple[int, str, int], ...]:
    if entry.value in ("", {}):
        return ()
    problem = "is not a table"
    found: list[tuple[int, str, int]] = []
    if isinstance(entry.value, dict):
        problem = ""
        for key, name in entry.value.items():
            number = re.fullmatch(r"p?(\d{1,6})", key.strip())
            if number is None or int(number[1]) < 1:
                problem = f"has '{key}', which is no paragraph's number"
                break
            if not isinstance(name, str) or not name.strip():
                problem = f"names no segment for paragraph {key}"
                break
            found.append((int(number[1]), _clean_value(name).strip(), entry.line))
    if problem:
        hint = "write it as segments: {3: cast}, the number of a paragraph and its segment"
        raise _value_error(f"front matter: 'segments' {problem}", file, entry, hint)
    return tuple(found)


def _flatten(value: Value) -> str:
    if isinstance(value, str):
        return _clean_value(value)
    if isinstance(value, list):
        return ", ".join(_flatten(v) for v in value)
    return ", ".join(f"{k}: {_flatten(v)}" for k, v in value.items())


def _clean_value(text: str) -> str:
    """The text without what an escape such as "\\ud800" or "\\x1b" can make."""
    return clean_text(text.encode("utf-8", "replace").decode("utf-8"))


# ----------------------------------------------------------------------------- the two formats


def _parse_yaml(source: str, file: Path | None) -> Iterator[_Entry]:
    """Yield the entries of YAML `source`, which begins on line 2 of `file`; ReviewError if bad."""
    import yaml  # here: it is slow to import, and most runs of sayso read no review

    loader = yaml.BaseLoader  # every scalar is text, as typed: a film called 'No' stays 'No'
    try:
        depth = 0  # checked first, since PyYAML takes long to compose deeply nested values
        for event in yaml.parse(source, Loader=loader):
            depth += isinstance(event, yaml.CollectionStartEvent)
            depth -= isinstance(event, yaml.CollectionEndEvent)
            if depth > _MAX_DEPTH:
                line = event.start_mark.line + 2 if event.start_mark else None
                raise _syntax_error(_TOO_DEEP, file, line)
        node = yaml.compose(source, Loader=loader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        raise _syntax_error(
            f"the front matter is not YAML: {error.problem or 'it does not parse'}",
            file,
            mark.line + 2 if mark else 1,
            "values with a colon, a quote or a bracket need quotes around them",
        ) from error
    except (yaml.YAMLError, RecursionError) as error:
        raise _syntax_error("the front matter is not YAML", file, 1, _ONE_A_LINE) from error
    if node is None:
        return
    if not isinstance(node, yaml.MappingNode):
        problem = "the front matter is not a list of keys and values"
        raise _syntax_error(problem, file, node.start_mark.line + 2, _ONE_A_LINE)
    for key, value in node.value:
        line = key.start_mark.line + 2
        try:
            converted = _convert_yaml(value, set())
        except _AliasFound as error:
            problem = "front matter: a YAML alias repeats what it is part of"
            raise _syntax_error(problem, file, line, "write the value out") from error
        yield _Entry(key.value if isinstance(key, yaml.ScalarNode) else "", converted, line)


class _AliasFound(Exception):
    """A YAML value holds a node twice. Without aliases, a value is as large as its text."""


def _convert_yaml(node: Any, seen: set[int]) -> Value:
    """The value of a PyYAML node. Raises _AliasFound where an alias repeats a part of it."""
    if id(node) in seen:
        raise _AliasFound
    seen.add(id(node))
    if node.id == "sequence":
        return [_convert_yaml(child, seen) for child in node.value]
    if node.id == "mapping":
        found: dict[str, Value] = {}
        for key, value in node.value:
            _convert_yaml(key, seen)
            found[str(key.value)] = _convert_yaml(value, seen)
        return found
    null = not node.style and node.value in ("~", "null", "Null", "NULL")
    return "" if null else str(node.value)


def _parse_toml(source: str, file: Path | None) -> Iterator[_Entry]:
    """Yield the entries of TOML `source`, which begins on line 2 of `file`; ReviewError if bad."""
    try:
        table = read_toml(source)
    except TomlProblem as error:
        raise _syntax_error(
            f"the front matter is not TOML: {error.problem}",
            file,
            error.line and error.line + 1,
            error.hint or 'write one key = "value" a line',
        ) from error
    lines = source.split("\n")
    for key, value in table.items():
        starts = re.compile(rf"""\s*\[?["']?{re.escape(key)}\b""")
        line = next((i for i, text in enumerate(lines, 2) if starts.match(text)), 1)
        yield _Entry(key, _convert_toml(value, file, line, 0), line)


def _convert_toml(value: object, file: Path | None, line: int, depth: int) -> Value:
    if depth > _MAX_DEPTH:
        raise _syntax_error(_TOO_DEEP, file, line)
    if isinstance(value, list):
        return [_convert_toml(v, file, line, depth + 1) for v in value]
    if isinstance(value, dict):
        return {str(k): _convert_toml(v, file, line, depth + 1) for k, v in value.items()}
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, datetime.date | datetime.time):
        return value.isoformat()
    return str(value)


def _syntax_error(
    problem: str, file: Path | None, line: int | None, hint: str | None = None
) -> ReviewError:
    return ReviewError(problem, code="front-matter-syntax", file=file, line=line, hint=hint)


def _value_error(problem: str, file: Path | None, entry: _Entry, hint: str) -> ReviewError:
    return ReviewError(problem, code="front-matter-value", file=file, line=entry.line, hint=hint)
