"""A TOML text changed in place: one value set or taken away, all else kept byte for byte.

Comments, order, spacing and line ends stay, in all the ways that TOML has to write a table:
`[words]`, `words = { … }`, `words.a = …`. Texts must be valid TOML; a byte-order mark is allowed.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass

from sayso.system.toml import TomlProblem, read_toml

_KEY = r"(?:[A-Za-z0-9_-]+|\"(?:[^\"\\\n]|\\.)*\"|'[^'\n]*')"
_KEYS = re.compile(rf"{_KEY}(?:[ \t]*\.[ \t]*{_KEY})*")
_HEADER = re.compile(rf"(?P<open>\[\[?)[ \t]*(?P<keys>{_KEYS.pattern})[ \t]*\]\]?[^\n]*")
_SPACE = re.compile(r"(?:[ \t\r\n\ufeff,]|#[^\n]*)*")
_PIECE = re.compile(
    r"\"\"\"(?:[^\\]|\\.)*?\"{3,5}|'''.*?'{3,5}|\"(?:[^\"\\\n]|\\.)*\"|'[^'\n]*'"
    r"|#[^\n]*|[\[\]{},\n]|[^\[\]{},\n\"'#]+",
    re.DOTALL,
)

Path = tuple[str, ...]
"""The keys that lead to a value or table."""


class NoPlace(Exception):
    """The text has the table in a form to which nothing can be added."""


@dataclass(frozen=True, slots=True)
class _Header:
    """`[a.b]` or `[[a.b]]`, and where its line begins and ends."""

    path: Path
    array: bool
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class _Pair:
    """`key = value`: the keys from the root on, and where key and value begin, and it ends."""

    path: Path
    n_own: int
    """How many of the keys stand before the `=`."""
    start: int
    value: int
    end: int


def quoted(text: str) -> str:
    """A text as a TOML string in double quotes."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def key_of(written: str) -> str:
    """What a key is that is written so, bare or in quotes; an empty string for no valid one."""
    try:
        return next(iter(read_toml(f"{written} = 1"))) if written[0] in "\"'" else written
    except TomlProblem:
        return ""


def line_end(text: str) -> str:
    """How the first line of a text ends; a line feed where none does."""
    first = re.search(r"\r?\n", text)
    return first[0] if first else "\n"


def keys_under(text: str, table: Path) -> tuple[str, ...]:
    """The keys of a table as they are, in the order of the text, each once."""
    n = len(table)
    found: dict[str, None] = {}
    for each in _statements(text):
        if each.path[:n] == table and len(each.path) > n:
            found[each.path[n]] = None
        elif isinstance(each, _Pair) and each.path == table:
            found |= {pair.path[-1]: None for pair in _inline(text, each) if len(pair.path) > n}
    return tuple(found)


def line_of(text: str, path: Path) -> int | None:
    """The line, from 1, on which the value or table at `path` begins; None where there is none."""
    for each in (*_statements(text), *_all_pairs(text)):
        if each.path[: len(path)] == path:
            return text.count("\n", 0, each.start) + 1
    return None


def with_value(text: str, path: Path, value: str, *, key: str | None = None) -> str:
    """Set the value at `path` to the TOML `value`, in its place or at the end of its table.

    A new one is written with `key`, TOML for the last of `path`. Raises NoPlace.
    """
    for each in _all_pairs(text):
        if each.path == path:
            return text[: each.value] + value + text[each.end :]
    return _added(text, path[:-1], key or quoted(path[-1]), value)


def without(text: str, path: Path) -> str:
    """Take away the value or table at `path`, in whatever form; comments on other lines stay."""
    found = [each for each in _statements(text) if each.path[: len(path)] == path]
    if not found:
        for outer in _statements(text):
            if isinstance(outer, _Pair) and outer.path == path[: len(outer.path)]:
                return _without_inline(text, outer, path)
        return text
    for each in reversed(found):
        start = text.rfind("\n", 0, each.start) + 1
        start += text.startswith("\ufeff", start)
        end = text.find("\n", each.end) + 1 or len(text)
        after = text[end:]
        if isinstance(each, _Header) and _ends_blank(text[:start]):
            after = re.sub(r"\A(?:[ \t\r]*\n)+", "", after)
        text = text[:start] + after
    return text


def with_lines(text: str, table: Path, lines: str) -> str:
    """Put `lines`, each closed, at the end of `[table]`, which is added where there is none.

    Raises NoPlace where the table is written in another form.
    """
    end = line_end(text)
    statements = list(_statements(text))
    for at, header in enumerate(statements):
        if isinstance(header, _Header) and header.path == table and not header.array:
            following = (s for s in statements[at + 1 :] if isinstance(s, _Header))
            place = _end_of_section(text, statements, header, next(following, None))
            before, after = text[:place], text[place:]
            closed = before if before.endswith("\n") else before + end
            return closed + lines + after
    if _closed(statements, table):
        raise NoPlace
    before = text if text.endswith("\n") or not text.removeprefix("\ufeff") else text + end
    gap = end if before.removeprefix("\ufeff") else ""
    return f"{before}{gap}[{'.'.join(map(_printed_key, table))}]{end}{lines}"


def _added(text: str, table: Path, key: str, value: str) -> str:
    """The text with a new entry at the end of a table."""
    end = line_end(text)
    for each in _all_pairs(text):
        if each.path == table:
            return _added_inline(text, each, key, value)
    closed = _closed(list(_statements(text)), table)
    if closed:
        last = closed[-1]
        own = re.findall(_KEY, text[last.start : last.value])
        new = ".".join([*own[: len(table) - len(last.path)], key])
        start = text.rfind("\n", 0, last.start) + 1
        indent = text[start : last.start].removeprefix("\ufeff")
        place = text.find("\n", last.end) + 1 or len(text)
        before = text[:place] + ("" if text[:place].endswith("\n") else end)
        return f"{before}{indent}{new} = {value}{end}{text[place:]}"
    return with_lines(text, table, f"{key} = {value}{end}")


def _closed(statements: list[_Header | _Pair], table: Path) -> list[_Pair]:
    """The pairs, such as `words.a = …`, that make a table which no header can open again."""
    n = len(table)
    return [
        each
        for each in statements
        if isinstance(each, _Pair) and each.path[:n] == table and len(each.path) - each.n_own < n
    ]


def _added_inline(text: str, table: _Pair, key: str, value: str) -> str:
    if text[table.value] != "{":
        raise NoPlace
    inner = list(_inline(text, table))
    if inner:
        at = inner[-1].end
        return f"{text[:at]}, {key} = {value}{text[at:]}"
    return f"{text[: table.value]}{{ {key} = {value} }}{text[table.end :]}"


def _without_inline(text: str, outer: _Pair, path: Path) -> str:
    inner = list(_inline(text, outer))
    for at, each in enumerate(inner):
        if each.path[: len(path)] == path:
            if at + 1 < len(inner):
                return text[: each.start] + text[inner[at + 1].start :]
            start = inner[at - 1].end if at else outer.value + 1
            return text[:start] + text[each.end :]
        if path[: len(each.path)] == each.path:
            return _without_inline(text, each, path)
    return text


def _end_of_section(
    text: str, statements: list[_Header | _Pair], header: _Header, following: _Header | None
) -> int:
    """Where a new line goes: after the last of a section, before what belongs to the next one."""
    if following is None:
        return len(text)
    limit = text.rfind("\n", 0, following.start) + 1
    last = max(s.end for s in statements if header.start <= s.start < limit)
    after_last = min(text.find("\n", last) + 1 or len(text), limit)
    blank = re.search(
        r"(?:(?<=\n)|\A)(?:[ \t\r]*\n)+(?:[ \t]*#[^\n]*\n)*\Z", text[after_last:limit]
    )
    return after_last + blank.start() if blank else limit


def _all_pairs(text: str) -> Iterator[_Pair]:
    """Every pair, those of inline tables after the one that holds them."""
    waiting = [each for each in _statements(text) if isinstance(each, _Pair)]
    while waiting:
        pair = waiting.pop(0)
        yield pair
        waiting[:0] = _inline(text, pair)


def _statements(text: str) -> Iterator[_Header | _Pair]:
    table: Path = ()
    at = 0
    while (at := _next(text, at)) < len(text):
        header = _HEADER.match(text, at)
        if header is not None:
            array = header["open"] == "[["
            # An element of an array is no table that a path leads to.
            table = (*_keys(header["keys"]), *(("[]",) if array else ()))
            yield _Header(table, array, at, header.end())
            at = header.end()
        else:
            pair = _pair(text, at, table)
            yield pair
            at = pair.end


def _inline(text: str, outer: _Pair) -> Iterator[_Pair]:
    """The pairs of an inline table; none of another value."""
    if text[outer.value] != "{":
        return
    at = outer.value + 1
    while (at := _next(text, at)) < outer.end - 1:
        pair = _pair(text, at, outer.path)
        yield pair
        at = pair.end


def _pair(text: str, at: int, table: Path) -> _Pair:
    keys = _KEYS.match(text, at)
    assert keys is not None, text[at : at + 40]
    equals = text.index("=", keys.end()) + 1
    value = _next(text, equals)
    own = _keys(keys[0])
    return _Pair((*table, *own), len(own), at, value, _value_end(text, value))


def _value_end(text: str, at: int) -> int:
    """The end of the value that begins at `at`, without white space."""
    depth, start = 0, at
    while at < len(text):
        piece = _PIECE.match(text, at)
        assert piece is not None, text[at : at + 40]
        sign = piece[0][0]
        if depth == 0 and sign in "#,\n]}":
            break
        depth += (sign in "[{") - (sign in "]}")
        at = piece.end()
        if depth == 0 and sign in "]}\"'":
            return at
    return start + len(text[start:at].rstrip(" \t\r"))


def _next(text: str, at: int) -> int:
    """Past white space, comments and commas."""
    space = _SPACE.match(text, at)
    assert space is not None
    return space.end()


def _keys(dotted: str) -> Path:
    return tuple(key_of(key) for key in re.findall(_KEY, dotted))


def _printed_key(key: str) -> str:
    return key if re.fullmatch(r"[A-Za-z0-9_-]+", key) else quoted(key)


def _ends_blank(text: str) -> bool:
    return not text[text.rfind("\n", 0, -1) + 1 :].strip()
