"""The formats of front matter → entries: a key, its value as text, and the line that it is on.

YAML between `---`, TOML between `+++`, JSON in braces or before `;;;`, and lines of `Key: value` as
Pelican, MultiMarkdown, Nikola and Hexo have them. Blank lines and a comment may come before.
"""

from __future__ import annotations

import datetime
import json
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from sayso.errors import ReviewError
from sayso.language.text import word_set
from sayso.system.toml import TomlProblem, read_toml

Value = str | list["Value"] | dict[str, "Value"]
Form = Literal["none", "yaml", "toml", "json", "lines"]

_KEY = r"""["']?[^\W\d_][\w .@-]{0,39}["']?"""
_YAML_STARTS = re.compile(r"""\s*(?:#|\{|(?:-\s+)?["']?[\w .@-]{1,40}["']?\s*:(?:\s|$))""")
_YAML_KEY = re.compile(rf"({_KEY})\s*:(?=\s|$)")
_FENCE = re.compile(r"(---|\+\+\+|;;;)[ \t]*(ya?ml|toml|json|js|javascript)?[ \t]*", re.IGNORECASE)
_LANGUAGES: dict[str, Form] = {"---": "yaml", "+++": "toml", ";;;": "json"}
_LINE = re.compile(r"([^\W\d_][\w -]{0,39}?)[ \t]*:(?:[ \t]+(.*)|)\Z")
_JSON_LINE = re.compile(r'\s*"[^"\n]{1,60}"\s*:')
_SENTENCE = re.compile(r"(?:\S+\s+){3,}\S+[.!?…][\"”’)]?")
_ASSIGNED = re.compile(r"""\s*[\[{,]?\s*["']?([^"'=:.\[\]]{1,80}?)["']?\s*[=:.\]]""")
_MAX_DEPTH = 20
_MOST_KEYS = 1_000
"""That are read one by one, which takes its time: front matter has a dozen."""
_TOO_DEEP = "front matter: values are nested too deep"
_ONE_A_LINE = "write one key: value a line"
KNOWN_KEYS = word_set(
    "aliases author authors best categories category cover created date description draft excerpt"
    " featured grade image keywords kind lang language lastmod layout link modified permalink"
    " published rating score segments slug stars status subject subtitle summary tag tags template"
    " title type updated url weight"
)
"""Keys, folded, that front matter has everywhere and a text hardly begins with."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A key, its value with all scalars as text, and its line in the file."""

    key: str
    value: Value
    line: int
    raw: str = ""
    """The value as it is typed, where it is on one line; YAML alone."""


@dataclass(frozen=True, slots=True)
class Head:
    """The front matter at the head of a file: lines `n_before` + 1 to `n_lines` are its own."""

    form: Form
    entries: tuple[Entry, ...]
    n_before: int
    n_lines: int


def fold_key(key: str) -> str:
    """A key as it is compared: `Item_Reviewed`, `item-reviewed` and `itemReviewed` are one."""
    return re.sub(r"[\s_-]+", "", key).casefold()


def read_head(lines: Sequence[str], file: Path | None) -> Head | None:
    """The front matter that `lines` begin with; None where they begin with text.

    Raises ReviewError for front matter that is never closed or does not parse.
    """
    start = _first_line(lines)
    if start is None:
        return None
    fence = _FENCE.fullmatch(lines[start])
    if fence is not None and not (fence[1] == ";;;" and fence[2]):
        return _read_fenced(lines, start, fence, file)
    if lines[start].startswith("{") or _JSON_LINE.match(lines[start]):
        return _read_bare_json(lines, start, file)
    return _read_lines(lines, start)


def _first_line(lines: Sequence[str]) -> int | None:
    """The index of the first line that is not blank and not of a comment; None if there is none.

    A comment that holds metadata, as Nikola writes it, is not passed over.
    """
    at = 0
    while at < len(lines):
        line = lines[at].strip()
        if line.startswith("<!--"):
            inside = lines[at + 1].lstrip() if at + 1 < len(lines) else ""
            if line == "<!--" and inside.startswith(".. "):
                return at
            end = next((i for i in range(at, len(lines)) if "-->" in lines[i]), None)
            if end is None or not lines[end].rstrip().endswith("-->"):
                return None
            at = end
        elif line:
            return at
        at += 1
    return None


def _read_fenced(
    lines: Sequence[str], start: int, fence: re.Match[str], file: Path | None
) -> Head | None:
    mark, language = fence[1], (fence[2] or "").casefold()
    form = {"toml": "toml", "json": "json"}.get(language, _LANGUAGES[mark])
    first = next((line for line in lines[start + 1 :] if line.strip()), "")
    closers = ("---", "...") if mark == "---" else (mark,)
    if form == "yaml" and not (_YAML_STARTS.match(first) or first.rstrip() in closers):
        return None
    end = next((i for i in range(start + 1, len(lines)) if lines[i].rstrip() in closers), None)
    if end is None:
        key = _YAML_KEY.match(first)
        if form == "yaml" and (key is None or fold_key(key[1].strip("\"'")) not in KNOWN_KEYS):
            return None  # a rule, and a text that begins with a word and a colon
        raise syntax_error(
            "the front matter is never closed", file, start + 1, f"end it with a line of {mark}"
        )
    if language.startswith("j") and form != "json":
        problem = "the front matter is a program in JavaScript, which is not run"
        raise syntax_error(problem, file, start + 1, "write it as YAML between lines of ---")
    source = "\n".join(lines[start + 1 : end])
    parse = {"yaml": _parse_yaml, "toml": _parse_toml, "json": _parse_json}[form]
    entries = tuple(parse(source, start + 2, file))
    if form == "yaml" and _is_text(entries):
        return None
    return Head(form, entries, start, end + 1)  # type: ignore[arg-type]


def _is_text(entries: Sequence[Entry]) -> bool:
    """Whether entries are sentences between two rules rather than front matter."""
    return all(fold_key(entry.key) not in KNOWN_KEYS for entry in entries) and any(
        isinstance(entry.value, str) and _SENTENCE.fullmatch(entry.value.strip())
        for entry in entries
    )


def syntax_error(
    problem: str, file: Path | None, line: int | None, hint: str | None = None
) -> ReviewError:
    """The error for front matter that is not of its format."""
    return ReviewError(problem, code="front-matter-syntax", file=file, line=line, hint=hint)


# ------------------------------------------------------------------------------------------- YAML


def _parse_yaml(source: str, first_line: int, file: Path | None) -> Iterator[Entry]:
    """Yield the entries of YAML `source`, which begins on `first_line` of `file`.

    Where it does not parse as a whole, each key is read on its own, and a value that is not YAML,
    such as `title: Foo: bar`, is the text that it looks like. Raises ReviewError where lines are
    neither keys nor parts of values.
    """
    import yaml  # here: it is slow to import, and most runs of sayso read no review

    source = re.sub(r"^\t+", lambda tabs: "  " * len(tabs[0]), source, flags=re.MULTILINE)
    try:
        yield from _yaml_entries(source, first_line, file)
        return
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        failed = syntax_error(
            f"the front matter is not YAML: {error.problem or 'it does not parse'}",
            file,
            mark.line + first_line if mark else first_line,
            "values with a colon, a quote or a bracket need quotes around them",
        )
    except (yaml.YAMLError, RecursionError) as error:
        raise syntax_error("the front matter is not YAML", file, first_line, _ONE_A_LINE) from error
    for line, chunk in _cut_at_keys(source, first_line, failed):
        try:
            yield from list(_yaml_entries(chunk, line, file))
        except yaml.YAMLError as error:
            key = _YAML_KEY.match(chunk)
            if key is None or fold_key(key[1]) == "segments":
                raise failed from error
            text = " ".join(chunk[key.end() :].split())
            yield Entry(key[1].strip("\"'"), _without_quotes(text), line, text)


def _without_quotes(text: str) -> str:
    """A text without the quote that opens it, where the one that closes it is missing or last."""
    quote = text[:1]
    bare = text[1:].removesuffix(quote)
    return bare if quote and quote in "'\"" and quote not in bare else text


def _cut_at_keys(source: str, first_line: int, failed: ReviewError) -> list[tuple[int, str]]:
    """YAML in pieces of one key each, with their lines. Raises `failed` where that cannot be."""
    found: list[tuple[int, list[str]]] = []
    for number, line in enumerate(source.split("\n"), first_line):
        if _YAML_KEY.match(line):
            found.append((number, [line]))
        elif not line.strip() or line[0] in " #]}" or re.match(r"-(?:\s|$)", line):
            if found:
                found[-1][1].append(line)
            elif line.strip() and line[0] != "#":
                raise failed
        else:
            raise failed
    if not 0 < len(found) <= _MOST_KEYS:
        raise failed
    return [(number, "\n".join(chunk)) for number, chunk in found]


def _yaml_entries(source: str, first_line: int, file: Path | None) -> Iterator[Entry]:
    """The entries of YAML that parses. Raises YAMLError where it does not."""
    import yaml

    loader = yaml.BaseLoader  # every scalar is text, as typed: a film called 'No' stays 'No'
    depth = 0  # checked first, since PyYAML takes long to compose deeply nested values
    for event in yaml.parse(source, Loader=loader):
        depth += isinstance(event, yaml.CollectionStartEvent)
        depth -= isinstance(event, yaml.CollectionEndEvent)
        if depth > _MAX_DEPTH:
            line = event.start_mark.line + first_line if event.start_mark else None
            raise syntax_error(_TOO_DEEP, file, line)
    node = yaml.compose(source, Loader=loader)
    if node is None:
        return
    if not isinstance(node, yaml.MappingNode):
        problem = "the front matter is not a list of keys and values"
        raise syntax_error(problem, file, node.start_mark.line + first_line, _ONE_A_LINE)
    for key, value in node.value:
        line = key.start_mark.line + first_line
        try:
            converted = _convert_yaml(value, set())
        except _AliasFound as error:
            problem = "front matter: a YAML alias repeats what it is part of"
            raise syntax_error(problem, file, line, "write the value out") from error
        raw = source[value.start_mark.index : value.end_mark.index]
        name = key.value if isinstance(key, yaml.ScalarNode) else ""
        yield Entry(name, converted, line, raw if "\n" not in raw else "")


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


# ---------------------------------------------------------------------------------- TOML and JSON


def _parse_toml(source: str, first_line: int, file: Path | None) -> Iterator[Entry]:
    """Yield the entries of TOML `source`; ReviewError if bad."""
    try:
        table = read_toml(source)
    except TomlProblem as error:
        raise syntax_error(
            f"the front matter is not TOML: {error.problem}",
            file,
            error.line and error.line + first_line - 1,
            error.hint or 'write one key = "value" a line',
        ) from error
    yield from _with_lines(table.items(), source, first_line, file)


def _read_bare_json(lines: Sequence[str], start: int, file: Path | None) -> Head | None:
    """JSON without a fence before it: in braces (Hugo), or without, up to `;;;` (Hexo)."""
    if lines[start].startswith("{"):
        if not re.match(r'\{\s*(?:\}|"|\Z)', lines[start]):
            return None
        source = "\n".join(lines[start:])
        try:
            _, end = json.JSONDecoder().raw_decode(source)
        except (ValueError, RecursionError):
            if not _JSON_LINE.match(lines[start][1:] or "\n".join(lines[start + 1 : start + 2])):
                return None
            end = source.find("\n}")
            end = len(source) if end < 0 else end + 2
        after, _, _ = source[end:].partition("\n")
        if after.strip():
            return None
        n_lines = start + source.count("\n", 0, end) + 1
        source = source[:end]
    else:
        closing = next((i for i in range(start, len(lines)) if lines[i].rstrip() == ";;;"), None)
        if closing is None:
            return None
        source, n_lines = "\n".join(lines[start:closing]), closing + 1
    return Head("json", tuple(_parse_json(source, start + 1, file)), start, n_lines)


def _parse_json(source: str, first_line: int, file: Path | None) -> Iterator[Entry]:
    """Yield the entries of JSON `source`, with or without the braces; ReviewError if bad."""
    bare = not source.lstrip().startswith("{")
    text = f"{{{source.rstrip().rstrip(',')}}}" if bare else source
    try:
        found = json.loads(
            text, parse_int=str, parse_float=str, parse_constant=str, object_pairs_hook=_Pairs
        )
    except json.JSONDecodeError as error:
        problem = f"the front matter is not JSON: {error.msg}"
        line = min(first_line + error.lineno - 1, first_line + source.count("\n"))
        raise syntax_error(problem, file, line, 'write it as {"title": "…"}') from error
    except RecursionError as error:
        raise syntax_error(_TOO_DEEP, file, first_line) from error
    yield from _with_lines(found, source, first_line, file)


class _Pairs(list[tuple[str, object]]):
    """An object of JSON: a key that is there twice is kept twice."""


def _with_lines(
    pairs: Iterable[tuple[str, object]], source: str, first_line: int, file: Path | None
) -> Iterator[Entry]:
    """Entries with the lines that begin with their keys; the first line for what is not found."""
    line_of: dict[str, int] = {}
    for number, text in enumerate(source.split("\n"), first_line):
        starts = _ASSIGNED.match(text)
        if starts:
            line_of.setdefault(starts[1].strip(), number)
    for key, value in pairs:
        line = line_of.get(key, first_line)
        yield Entry(key, _convert_parsed(value, file, line, 0), line)


def _convert_parsed(value: object, file: Path | None, line: int, depth: int) -> Value:
    if depth > _MAX_DEPTH:
        raise syntax_error(_TOO_DEEP, file, line)
    if isinstance(value, _Pairs):
        value = dict(value)
    if isinstance(value, list):
        return [_convert_parsed(v, file, line, depth + 1) for v in value]
    if isinstance(value, dict):
        return {str(k): _convert_parsed(v, file, line, depth + 1) for k, v in value.items()}
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, datetime.date | datetime.time):
        return value.isoformat()
    return "" if value is None else str(value)


# ----------------------------------------------------------------------------- lines without fence


def _read_lines(lines: Sequence[str], start: int) -> Head | None:
    """`Key: value` a line, up to a blank line or `---`; further lines of a value are indented.

    A text may begin so too: a verdict, a dialogue, credits. It is front matter where every line
    fits, no unknown key has a sentence for its value, and there is a title, or else a date and one
    more of the keys that everybody has.
    """
    nikola = lines[start].strip() == "<!--"
    entries: list[Entry] = []
    end = start + nikola
    for number in range(end, len(lines)):
        line = lines[number].rstrip()
        end = number
        if not line or line in ("---", "...", "-->"):
            end += bool(line)
            break
        if line[0] in " \t" and entries:
            last = entries[-1]
            value = f"{last.value} {line.strip()}".strip()
            entries[-1] = Entry(last.key, value, last.line)
            continue
        found = _LINE.match(re.sub(r"\A\s*\.\. ", "", line))
        if found is None:
            return None
        entries.append(Entry(found[1], (found[2] or "").strip(), number + 1))
    else:
        end = len(lines)
    closed = 0 < end <= len(lines) and lines[end - 1].rstrip() == "---"
    known = {fold_key(entry.key) for entry in entries if entry.value} & KNOWN_KEYS
    named = "title" in known or ("date" in known and len(known) > 1)
    if not named or (closed and len(entries) < 2):  # a line over dashes is a heading in Markdown
        return None
    unknown = [entry for entry in entries if fold_key(entry.key) not in KNOWN_KEYS]
    if any(isinstance(e.value, str) and _SENTENCE.fullmatch(e.value) for e in unknown):
        return None
    return Head("lines", tuple(entries), start, end)
