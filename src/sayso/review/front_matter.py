"""Front matter: YAML between `---` lines or TOML between `+++` lines at the head of a review."""

from __future__ import annotations

import datetime
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import yaml

from sayso.errors import ReviewError

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

Value = str | list["Value"] | dict[str, "Value"]

_LOOKS_LIKE_YAML = re.compile(r"""\s*(?:#|\{|(?:-\s+)?["']?[\w -]{1,40}["']?\s*:(?:\s|$))""")
_TOML_LINE = re.compile(r"\(at line (\d+)")
_ISO_DATE = re.compile(
    r"\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?\s?(?:Z|[+-]\d\d:?\d\d)?)?"
)
_MAX_DEPTH = 20
_TEXT_FIELDS = frozenset(
    {"title", "subject", "author", "rating", "date", "kind", "language", "summary", "link"}
)


@dataclass(frozen=True, slots=True)
class FrontMatter:
    """What the front matter says, as text; `n_lines` is how many lines of the file it takes."""

    fields: tuple[tuple[str, str], ...] = ()
    """The known fields that are given and not empty."""
    extra: tuple[tuple[str, str], ...] = ()
    segments: tuple[tuple[int, str, int], ...] = ()
    """Spoken block (from 1), segment, and the line that says so."""
    n_lines: int = 0

    def get(self, key: str) -> str | None:
        """The known field `key`, or None."""
        return next((value for name, value in self.fields if name == key), None)


@dataclass(frozen=True, slots=True)
class _Entry:
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
        raise ReviewError(
            "the front matter is never closed",
            file=file,
            line=1,
            mend=f"end it with a line of {fence}",
        )
    source = "\n".join(lines[1:end])
    entries = list(_yaml(source, file) if fence == "---" else _toml(source, file))
    return _sort_out(entries, end + 1, file)


def _sort_out(entries: list[_Entry], n_lines: int, file: Path | None) -> FrontMatter:
    fields: list[tuple[str, str]] = []
    extra: list[tuple[str, str]] = []
    segments: tuple[tuple[int, str, int], ...] = ()
    seen: set[str] = set()
    for entry in entries:
        key = entry.key.strip()
        folded = key.casefold()
        if folded in seen:
            raise ReviewError(
                f"front matter gives '{key}' twice", file=file, line=entry.line, mend="keep one"
            )
        seen.add(folded)
        if folded == "segments":
            segments = _segments(entry, file)
        elif folded in _TEXT_FIELDS:
            text = _field_text(folded, entry, file)
            if text:
                fields.append((folded, text))
        elif key:
            extra.append((key, _flat(entry.value)))
    return FrontMatter(tuple(fields), tuple(extra), segments, n_lines)


def _field_text(key: str, entry: _Entry, file: Path | None) -> str:
    value = entry.value
    if key == "author" and isinstance(value, list) and all(isinstance(v, str) for v in value):
        names = [str(v).strip() for v in value]
        value = " and ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)
    if not isinstance(value, str):
        what = "a list" if isinstance(value, list) else "a table"
        raise ReviewError(
            f"front matter: '{key}' is {what}, not text",
            file=file,
            line=entry.line,
            mend=f"write it as {key}: some text, in quotes if it holds a colon",
        )
    text = " ".join(value.split())
    if key == "date" and text and not _is_iso_date(text):
        raise ReviewError(
            f"front matter: date '{text}' is not a date",
            file=file,
            line=entry.line,
            mend="write it as 2025-01-31",
        )
    return text


def _is_iso_date(text: str) -> bool:
    if not _ISO_DATE.fullmatch(text):
        return False
    try:
        datetime.date.fromisoformat(text[:10])
    except ValueError:
        return False
    return True


def _segments(entry: _Entry, file: Path | None) -> tuple[tuple[int, str, int], ...]:
    mend = "write it as segments: {3: cast}, the number of a paragraph and its segment"
    if entry.value in ("", {}):
        return ()
    if not isinstance(entry.value, dict):
        raise ReviewError(
            "front matter: 'segments' is not a table", file=file, line=entry.line, mend=mend
        )
    found: list[tuple[int, str, int]] = []
    for key, name in entry.value.items():
        number = re.fullmatch(r"p?(\d{1,6})", key.strip())
        if number is None or int(number[1]) < 1:
            raise ReviewError(
                f"front matter: 'segments' has '{key}', which is no paragraph's number",
                file=file,
                line=entry.line,
                mend=mend,
            )
        if not isinstance(name, str) or not name.strip():
            raise ReviewError(
                f"front matter: 'segments' names no segment for paragraph {key}",
                file=file,
                line=entry.line,
                mend=mend,
            )
        found.append((int(number[1]), name.strip(), entry.line))
    return tuple(found)


def _flat(value: Value) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, list):
        return ", ".join(_flat(v) for v in value)
    return ", ".join(f"{k}: {_flat(v)}" for k, v in value.items())


# ------------------------------------------------------------------------------------------ YAML


class _Loader(yaml.BaseLoader):
    """Every scalar is text, as its author wrote it: a film called 'No' stays 'No'."""


def _yaml(source: str, file: Path | None) -> Iterator[_Entry]:
    try:
        node = yaml.compose(source, Loader=_Loader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        raise ReviewError(
            f"the front matter is not YAML: {error.problem or 'it does not parse'}",
            file=file,
            line=mark.line + 2 if mark else 1,
            mend="values with a colon, a quote or a bracket need quotes around them",
        ) from error
    except (yaml.YAMLError, RecursionError) as error:
        raise ReviewError(
            "the front matter is not YAML", file=file, line=1, mend="write one key: value a line"
        ) from error
    if node is None:
        return
    if not isinstance(node, yaml.MappingNode):
        raise ReviewError(
            "the front matter is not a list of keys and values",
            file=file,
            line=node.start_mark.line + 2,
            mend="write one key: value a line",
        )
    for key, value in node.value:
        line = key.start_mark.line + 2
        # Aliases share nodes; without them the front matter is as large as its text.
        if "*" in source and _shares(value, set()):
            raise ReviewError(
                "front matter: a YAML alias repeats what it is part of",
                file=file,
                line=line,
                mend="write the value out",
            )
        name = key.value if isinstance(key, yaml.ScalarNode) else ""
        yield _Entry(name, _yaml_value(value, file, 0), line)


def _shares(node: yaml.Node, seen: set[int]) -> bool:
    if id(node) in seen:
        return True
    seen.add(id(node))
    if isinstance(node, yaml.SequenceNode):
        return any(_shares(child, seen) for child in node.value)
    if isinstance(node, yaml.MappingNode):
        return any(_shares(child, seen) for pair in node.value for child in pair)
    return False


def _yaml_value(node: yaml.Node, file: Path | None, depth: int) -> Value:
    if depth > _MAX_DEPTH:
        raise ReviewError(
            "front matter: values are nested too deep", file=file, line=node.start_mark.line + 2
        )
    if isinstance(node, yaml.SequenceNode):
        return [_yaml_value(child, file, depth + 1) for child in node.value]
    if isinstance(node, yaml.MappingNode):
        return {str(key.value): _yaml_value(value, file, depth + 1) for key, value in node.value}
    plain = isinstance(node, yaml.ScalarNode) and not node.style
    null = plain and node.value in ("~", "null", "Null", "NULL")
    return "" if null else str(node.value)


# ------------------------------------------------------------------------------------------ TOML


def _toml(source: str, file: Path | None) -> Iterator[_Entry]:
    try:
        table = tomllib.loads(source)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        at = _TOML_LINE.search(str(error))
        problem = re.sub(r"\s*\(at .*\)$", "", str(error))
        raise ReviewError(
            f"the front matter is not TOML: {problem[:1].lower()}{problem[1:]}",
            file=file,
            line=int(at[1]) + 1 if at else None,
            mend='write one key = "value" a line',
        ) from error
    lines = source.split("\n")
    for key, value in table.items():
        starts = re.compile(rf"""\s*\[?["']?{re.escape(key)}\b""")
        line = next((i for i, text in enumerate(lines, 2) if starts.match(text)), 1)
        yield _Entry(key, _toml_value(value, file, line, 0), line)


def _toml_value(value: object, file: Path | None, line: int, depth: int) -> Value:
    if depth > _MAX_DEPTH:
        raise ReviewError("front matter: values are nested too deep", file=file, line=line)
    if isinstance(value, list):
        return [_toml_value(v, file, line, depth + 1) for v in value]
    if isinstance(value, dict):
        return {str(k): _toml_value(v, file, line, depth + 1) for k, v in value.items()}
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, datetime.date | datetime.time):
        return value.isoformat()
    return str(value)
