"""The table `segments` of front matter, changed in its author's own form: YAML or TOML.

What comes in are the lines between the fences, each closed by a line feed. Forms that cannot be
changed safely raise Unsafe; whether the result says what was wanted is for the caller to check.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

import yaml

from sayso.system.toml_edit import NoPlace, keys_under, quoted, with_value, without

_TABLE = "segments"
_PLAIN = re.compile(r"[^\W_][\w-]*(?: [\w-]+)*")
_NULL = frozenset({"null", "Null", "NULL"})


class Unsafe(Exception):
    """Front matter in a form that cannot be changed without risk to what else it holds."""


def yaml_with(source: str, number: int, segment: str | None) -> str:
    """YAML front matter with paragraph `number` in `segment`, or its entries taken away (None)."""
    root = yaml.compose(source, Loader=yaml.BaseLoader)
    if root is None:
        return source + _yaml_line(number, segment, 0)
    if not isinstance(root, yaml.MappingNode) or root.flow_style:
        raise Unsafe
    pairs = [(k, v) for k, v in root.value if _is_table(str(k.value))]
    if not pairs:
        return source + _yaml_line(number, segment, root.start_mark.column)
    ((key, value),) = pairs
    if not isinstance(value, yaml.MappingNode) or not value.value:
        # `segments:` and nothing, or `{}`.
        at = source.index(":", key.end_mark.index) + 1
        end = max(at, value.end_mark.index if value.start_mark.index >= at else at)
        if source[at:end].strip() in ("", "{}", '""', "''", "~", *_NULL):
            end = at if not source[at:end].strip() else end
            return f"{source[:at]} {{{number}: {_yaml_scalar(segment or '', None)}}}{source[end:]}"
        raise Unsafe
    entries = [_Entry.of(k, v) for k, v in value.value]
    mine = [at for at, entry in enumerate(entries) if entry.number == number]
    if segment is None:
        return _yaml_without(source, key, value, entries, mine)
    for at in reversed(mine):
        entry = entries[at]
        source = source[: entry.value] + _yaml_scalar(segment, entry.style) + source[entry.end :]
    return source if mine else _yaml_added(source, value, entries[-1], number, segment)


def toml_with(source: str, number: int, segment: str | None) -> str:
    """TOML front matter with paragraph `number` in `segment`, or its entries taken away (None)."""
    table = next((key for key in keys_under(source, ()) if _is_table(key)), None)
    try:
        if table is None:
            value = quoted(segment or "")
            line = f"{source}{_TABLE} = {{{number} = {value}}}\n"
            if _TABLE in keys_under(line, ()):  # else it would stand in the table before it
                return line
            return with_value(source, (_TABLE, str(number)), value, key=str(number))
        keys = keys_under(source, (table,))
        mine = [key for key in keys if _number(key) == number]
        if segment is None:
            if len(mine) == len(keys):
                return without(source, (table,))
            for key in mine:
                source = without(source, (table, key))
            return source
        for key in mine:
            source = with_value(source, (table, key), quoted(segment))
        if mine:
            return source
        name = f"{'p' if keys and keys[-1].startswith('p') else ''}{number}"
        in_quotes = keys and f'"{keys[-1]}"' in source
        return with_value(
            source, (table, name), quoted(segment), key=quoted(name) if in_quotes else name
        )
    except NoPlace:
        raise Unsafe from None


@dataclass(frozen=True, slots=True)
class _Entry:
    """`3: cast`: where key and value stand."""

    number: int | None
    prefix: str
    """`p`, or nothing."""
    key_style: str | None
    start: int
    column: int
    value: int
    end: int
    style: str | None

    @classmethod
    def of(cls, key: yaml.Node, value: yaml.Node) -> _Entry:
        if not isinstance(key, yaml.ScalarNode) or not isinstance(value, yaml.ScalarNode):
            raise Unsafe
        if value.style in ("|", ">") or value.start_mark.index < key.end_mark.index:
            raise Unsafe  # a text of lines, or an alias of what stands elsewhere
        return cls(
            _number(key.value),
            "p" if key.value.strip().startswith("p") else "",
            key.style,
            key.start_mark.index,
            key.start_mark.column,
            value.start_mark.index,
            value.end_mark.index,
            value.style,
        )


def _yaml_added(
    source: str, table: yaml.MappingNode, last: _Entry, number: int, segment: str
) -> str:
    key = f"{last.prefix}{number}"
    written = _yaml_scalar(key, last.key_style) if last.key_style else key
    entry = f"{written}: {_yaml_scalar(segment, last.style)}"
    if table.flow_style:
        return f"{source[: last.end]}, {entry}{source[last.end :]}"
    at = _line_after(source, last.end)
    return f"{source[:at]}{' ' * last.column}{entry}\n{source[at:]}"


def _yaml_without(
    source: str, key: yaml.Node, table: yaml.MappingNode, entries: list[_Entry], mine: list[int]
) -> str:
    cuts: list[tuple[int, int]] = []
    if len(mine) == len(entries):
        start = _line_before(source, key.start_mark.index)
        if table.flow_style:
            cuts.append((start, _line_after(source, table.end_mark.index)))
        else:
            cuts.append((start, _line_after(source, key.end_mark.index)))
    if not table.flow_style:
        cuts += [
            (_line_before(source, entries[at].start), _line_after(source, entries[at].end))
            for at in mine
        ]
    elif not cuts:
        kept = [at for at in range(len(entries)) if at not in mine]
        for at in mine:
            following = next((k for k in kept if k > at), None)
            if following is None:
                cuts.append((entries[kept[-1]].end, entries[-1].end))
                break
            cuts.append((entries[at].start, entries[at + 1].start))
        if any("#" in source[slice(*cut)] for cut in cuts):
            raise Unsafe
    for start, end in sorted(cuts, reverse=True):
        source = source[:start] + source[end:]
    return source


def _yaml_line(number: int, segment: str | None, column: int) -> str:
    return f"{' ' * column}{_TABLE}: {{{number}: {_yaml_scalar(segment or '', None)}}}\n"


def _yaml_scalar(text: str, style: str | None) -> str:
    if style == "'":
        return "'" + text.replace("'", "''") + "'"
    if style is None and _PLAIN.fullmatch(text) and text not in _NULL:
        return text
    return quoted(text)


def _is_table(key: str) -> bool:
    return key.strip().casefold() == _TABLE


def _number(key: str) -> int | None:
    found = re.fullmatch(r"p?(\d{1,6})", key.strip())
    return int(found[1]) if found else None


def _line_before(source: str, at: int) -> int:
    return source.rfind("\n", 0, at) + 1


def _line_after(source: str, at: int) -> int:
    return source.find("\n", at) + 1 or len(source)
