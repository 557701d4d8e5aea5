"""Front matter: YAML between `---` lines or TOML between `+++` lines at the head of a review."""

from __future__ import annotations

import datetime
import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from sayso.errors import ReviewError
from sayso.review.cleaning import cleaned

if TYPE_CHECKING:
    from sayso.review.front_matter_formats import Entry, Value

_LOOKS_LIKE_YAML = re.compile(r"""\s*(?:#|\{|(?:-\s+)?["']?[\w -]{1,40}["']?\s*:(?:\s|$))""")
_ISO_DATE = re.compile(
    r"\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?\s?(?:Z|[+-]\d\d:?\d\d)?)?"
)
_TEXT_FIELDS = frozenset(
    {"title", "subject", "author", "rating", "date", "kind", "summary", "link"}
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
            code="front-matter-syntax",
            file=file,
            line=1,
            hint=f"end it with a line of {fence}",
        )
    # Here, not above: most runs of sayso read no review, and a YAML reader is slow to import.
    from sayso.review.front_matter_formats import read_toml, read_yaml

    read = read_yaml if fence == "---" else read_toml
    entries = list(read("\n".join(lines[1:end]), file))
    return _sort_out(entries, end + 1, file)


def _sort_out(entries: list[Entry], n_lines: int, file: Path | None) -> FrontMatter:
    fields: list[tuple[str, str]] = []
    extra: list[tuple[str, str]] = []
    segments: tuple[tuple[int, str, int], ...] = ()
    seen: set[str] = set()
    for entry in entries:
        key = entry.key.strip()
        folded = key.casefold()
        if folded in seen:
            raise ReviewError(
                f"front matter gives '{key}' twice",
                code="front-matter-value",
                file=file,
                line=entry.line,
                hint="keep one",
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


def _field_text(key: str, entry: Entry, file: Path | None) -> str:
    value = entry.value
    if key == "author" and isinstance(value, list) and all(isinstance(v, str) for v in value):
        names = [str(v).strip() for v in value]
        value = " and ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)
    if not isinstance(value, str):
        what = "a list" if isinstance(value, list) else "a table"
        raise ReviewError(
            f"front matter: '{key}' is {what}, not text",
            code="front-matter-value",
            file=file,
            line=entry.line,
            hint=f"write it as {key}: some text, in quotes if it holds a colon",
        )
    text = " ".join(_clean(value).split())
    if key == "date" and text and not _is_iso_date(text):
        raise ReviewError(
            f"front matter: date '{text}' is not a date",
            code="front-matter-value",
            file=file,
            line=entry.line,
            hint="write it as 2025-01-31",
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


def _segments(entry: Entry, file: Path | None) -> tuple[tuple[int, str, int], ...]:
    hint = "write it as segments: {3: cast}, the number of a paragraph and its segment"
    if entry.value in ("", {}):
        return ()
    if not isinstance(entry.value, dict):
        raise ReviewError(
            "front matter: 'segments' is not a table",
            code="front-matter-value",
            file=file,
            line=entry.line,
            hint=hint,
        )
    found: list[tuple[int, str, int]] = []
    for key, name in entry.value.items():
        number = re.fullmatch(r"p?(\d{1,6})", key.strip())
        if number is None or int(number[1]) < 1:
            raise ReviewError(
                f"front matter: 'segments' has '{key}', which is no paragraph's number",
                code="front-matter-value",
                file=file,
                line=entry.line,
                hint=hint,
            )
        if not isinstance(name, str) or not name.strip():
            raise ReviewError(
                f"front matter: 'segments' names no segment for paragraph {key}",
                code="front-matter-value",
                file=file,
                line=entry.line,
                hint=hint,
            )
        found.append((int(number[1]), _clean(name).strip(), entry.line))
    return tuple(found)


def _flat(value: Value) -> str:
    if isinstance(value, str):
        return _clean(value)
    if isinstance(value, list):
        return ", ".join(_flat(v) for v in value)
    return ", ".join(f"{k}: {_flat(v)}" for k, v in value.items())


def _clean(text: str) -> str:
    """Without what an escape such as "\\ud800" or "\\x1b" can make."""
    return cleaned(text.encode("utf-8", "replace").decode("utf-8"))
