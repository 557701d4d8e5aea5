"""The two formats of front matter, YAML and TOML, as entries with the lines they stand on."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import yaml

from sayso.errors import ReviewError
from sayso.system import toml as toml

Value = str | list["Value"] | dict[str, "Value"]

_MAX_DEPTH = 20


@dataclass(frozen=True, slots=True)
class Entry:
    """A key, its value with all scalars as text, and its line in the file."""

    key: str
    value: Value
    line: int


class _Loader(yaml.BaseLoader):
    """Every scalar is text, as its author wrote it: a film called 'No' stays 'No'."""


def read_yaml(source: str, file: Path | None) -> Iterator[Entry]:
    """Yield the entries of YAML `source`, which begins on line 2 of `file`; ReviewError if bad."""
    try:
        _refuse_depth(source, file)  # first: what is nested deep takes its reader long
        node = yaml.compose(source, Loader=_Loader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        raise ReviewError(
            f"the front matter is not YAML: {error.problem or 'it does not parse'}",
            code="front-matter-syntax",
            file=file,
            line=mark.line + 2 if mark else 1,
            hint="values with a colon, a quote or a bracket need quotes around them",
        ) from error
    except (yaml.YAMLError, RecursionError) as error:
        raise ReviewError(
            "the front matter is not YAML",
            code="front-matter-syntax",
            file=file,
            line=1,
            hint="write one key: value a line",
        ) from error
    if node is None:
        return
    if not isinstance(node, yaml.MappingNode):
        raise ReviewError(
            "the front matter is not a list of keys and values",
            code="front-matter-syntax",
            file=file,
            line=node.start_mark.line + 2,
            hint="write one key: value a line",
        )
    for key, value in node.value:
        line = key.start_mark.line + 2
        # Aliases share nodes; without them the front matter is as large as its text.
        if "*" in source and _shares(value, set()):
            raise ReviewError(
                "front matter: a YAML alias repeats what it is part of",
                code="front-matter-syntax",
                file=file,
                line=line,
                hint="write the value out",
            )
        name = key.value if isinstance(key, yaml.ScalarNode) else ""
        yield Entry(name, _yaml_value(value), line)


def _refuse_depth(source: str, file: Path | None) -> None:
    depth = 0
    for event in yaml.parse(source, Loader=_Loader):
        depth += isinstance(event, yaml.CollectionStartEvent)
        depth -= isinstance(event, yaml.CollectionEndEvent)
        if depth > _MAX_DEPTH:
            raise ReviewError(
                "front matter: values are nested too deep",
                code="front-matter-syntax",
                file=file,
                line=event.start_mark.line + 2 if event.start_mark else None,
            )


def _shares(node: yaml.Node, seen: set[int]) -> bool:
    if id(node) in seen:
        return True
    seen.add(id(node))
    if isinstance(node, yaml.SequenceNode):
        return any(_shares(child, seen) for child in node.value)
    if isinstance(node, yaml.MappingNode):
        return any(_shares(child, seen) for pair in node.value for child in pair)
    return False


def _yaml_value(node: yaml.Node) -> Value:
    if isinstance(node, yaml.SequenceNode):
        return [_yaml_value(child) for child in node.value]
    if isinstance(node, yaml.MappingNode):
        return {str(key.value): _yaml_value(value) for key, value in node.value}
    plain = isinstance(node, yaml.ScalarNode) and not node.style
    null = plain and node.value in ("~", "null", "Null", "NULL")
    return "" if null else str(node.value)


def read_toml(source: str, file: Path | None) -> Iterator[Entry]:
    """Yield the entries of TOML `source`, which begins on line 2 of `file`; ReviewError if bad."""
    try:
        table = toml.read_toml(source)
    except toml.TomlProblem as error:
        raise ReviewError(
            f"the front matter is not TOML: {error.problem}",
            code="front-matter-syntax",
            file=file,
            line=error.line and error.line + 1,
            hint=error.hint or 'write one key = "value" a line',
        ) from error
    lines = source.split("\n")
    for key, value in table.items():
        starts = re.compile(rf"""\s*\[?["']?{re.escape(key)}\b""")
        line = next((i for i, text in enumerate(lines, 2) if starts.match(text)), 1)
        yield Entry(key, _toml_value(value, file, line, 0), line)


def _toml_value(value: object, file: Path | None, line: int, depth: int) -> Value:
    if depth > _MAX_DEPTH:
        raise ReviewError(
            "front matter: values are nested too deep",
            code="front-matter-syntax",
            file=file,
            line=line,
        )
    if isinstance(value, list):
        return [_toml_value(v, file, line, depth + 1) for v in value]
    if isinstance(value, dict):
        return {str(k): _toml_value(v, file, line, depth + 1) for k, v in value.items()}
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, datetime.date | datetime.time):
        return value.isoformat()
    return str(value)
