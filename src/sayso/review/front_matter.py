"""Front matter: what the head of a review says of it, in sayso's words.

`metadata_formats` reads the format, `front_matter_values` the values. Many a key is there for
another program: what cannot be understood is set aside with a note, and only `segments`, which is
sayso's alone, stops a build.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from sayso.errors import ReviewError
from sayso.language.text import one_line
from sayso.model import ReviewNote
from sayso.review.front_matter_values import (
    BEST_KEYS,
    author_of,
    clean_value,
    date_of,
    flatten,
    is_day_first,
    rating_of,
    text_of,
    title_of,
)
from sayso.review.metadata_formats import Entry, Form, Value, fold_key, read_head

_FIELDS: Mapping[str, tuple[str, ...]] = {
    "title": ("headline",),
    "subject": (
        *("itemreviewed", "reviewed", "reviewof", "booktitle", "filmtitle", "movietitle"),
        *("gametitle", "albumtitle", "showtitle", "itemtitle", "productname"),
    ),
    "author": ("authors", "byline"),
    "rating": ("score", "stars", "grade", "myrating", "ratingvalue", "reviewrating", "finalscore"),
    "date": ("pubdate", "publishdate", "datepublished", "publishedat", "published", "created"),
    "kind": (),
    "shape": (),
    "summary": ("description", "excerpt"),
    "link": ("canonical", "canonicalurl", "permalink", "url"),
}
"""The known fields, and what else they are called: folded, the best first."""
_OF_THE_REVIEW = ("review", "reviewrating", "schema", "extra", "params")
_OF_THE_THING = (
    *("book", "film", "movie", "game", "album", "record", "show", "series", "item", "product"),
    *("restaurant", "hotel", "place", "work", "media"),
)
"""Tables that may hold known fields, folded: those of the review, and those of what it is about,
whose title is the subject and whose author is not the review's."""
_NESTED_FIELDS = ("subject", "author", "rating", "date", "summary")
_PICTURE_KEYS = ("image", "src", "url", "file", "path")
_WRITE = {
    "date": "write it as 2025-01-31",
    "rating": "write it as 8/10",
    "cover": "write it as cover: audio/NAME.jpg",
}


@dataclass(frozen=True, slots=True)
class FrontMatter:
    """What the front matter says, as text."""

    fields: tuple[tuple[str, str], ...] = ()
    """The known fields that are given, understood and not empty."""
    extra: tuple[tuple[str, str], ...] = ()
    segments: tuple[tuple[int, str, int], ...] = ()
    """Number of the spoken block (from 1), segment, and the line that says so."""
    n_lines: int = 0
    """How many lines of the file it ends after."""
    n_before: int = 0
    """How many lines come before it: blank ones, or a comment."""
    form: Form = "none"
    notes: tuple[ReviewNote, ...] = ()
    """What was set aside."""

    def get(self, key: str) -> str | None:
        """The known field `key`, or None."""
        return next((value for name, value in self.fields if name == key), None)


def read_front_matter(lines: list[str], file: Path | None) -> FrontMatter:
    """Read the front matter at the head of `lines`; empty where there is none.

    Raises ReviewError for front matter that is never closed or does not parse, and for `segments`
    that cannot be understood.
    """
    head = read_head(lines, file)
    if head is None:
        return FrontMatter()
    return replace(
        interpret(head.entries, file),
        form=head.form,
        n_before=head.n_before,
        n_lines=head.n_lines,
    )


def interpret(entries: Sequence[Entry], file: Path | None) -> FrontMatter:
    """What the entries of front matter mean. Raises as `read_front_matter` does."""
    notes: list[ReviewNote] = []
    by_key: dict[str, Entry] = {}
    for entry in entries:
        folded = fold_key(entry.key)
        before = by_key.pop(folded, None)
        if before is not None and before.value != entry.value:
            problem = f"front matter gives '{entry.key}' twice; the last counts"
            notes.append(ReviewNote(entry.line, problem, "keep one"))
        by_key[folded] = entry
    known = dict(_nested_entries(by_key)) | by_key
    fields = tuple(_read_fields(known, file, notes))
    given = {name for name, _ in fields}
    extra: list[tuple[str, str]] = []
    for folded, entry in by_key.items():
        understood = folded in given or (folded in _FIELDS and not flatten(entry.value).strip())
        if folded == "cover" and (cover := _cover(entry, notes)):
            extra.append(("cover", cover))
        elif entry.key.strip() and folded != "segments" and not understood:
            extra.append((entry.key.strip(), flatten(entry.value)))
    segments = _read_segments(by_key["segments"], file) if "segments" in by_key else ()
    return FrontMatter(fields, tuple(extra), segments, notes=tuple(notes))


def _nested_entries(by_key: Mapping[str, Entry]) -> Iterator[tuple[str, Entry]]:
    """What tables such as `review: {rating: 4, best: 5}` hold, as if it were not in a table."""
    rating = {"rating", *_FIELDS["rating"]}
    of_review = {key for name in _NESTED_FIELDS for key in (name, *_FIELDS[name])}
    for folded in reversed((*_OF_THE_REVIEW, *_OF_THE_THING)):  # of two, the last counts
        entry = by_key.get(folded)
        if entry is None or not isinstance(entry.value, dict):
            continue
        of_thing = folded in _OF_THE_THING
        inside = {fold_key(key): value for key, value in entry.value.items()}
        scale = BEST_KEYS if rating & inside.keys() else frozenset[str]()
        for key, value in inside.items():
            if key in scale | (rating if of_thing else of_review):
                yield key, Entry(key, value, entry.line)
            elif of_thing and key in ("title", "name"):
                yield "subject", Entry(key, value, entry.line)


def _read_fields(
    known: Mapping[str, Entry], file: Path | None, notes: list[ReviewNote]
) -> Iterator[tuple[str, str]]:
    """The known fields; a note for each that is there under its own name and not understood."""
    best = next((known[key].value for key in known if key in BEST_KEYS), None)
    for name, others in _FIELDS.items():
        for key in (name, *others):
            entry = known.get(key)
            if entry is None or not flatten(entry.value).strip():
                continue
            text = _read_field(name, key, entry, best, known, file)
            if text:
                yield name, text
                break
            if key == name:
                notes.append(_not_understood(name, entry))


def _read_field(
    name: str,
    key: str,
    entry: Entry,
    best: Value | None,
    known: Mapping[str, Entry],
    file: Path | None,
) -> str | None:
    """The value of a known field; None where it is none."""
    if name == "author":
        return author_of(entry.value)
    if name == "rating":
        return rating_of(key, entry.value, best)
    if name in ("title", "subject"):
        return title_of(entry.value, entry.raw)
    text = text_of(entry.value, entry.raw if name == "summary" else "")
    if text and name == "date":
        texts = [each.value for each in known.values() if isinstance(each.value, str)]
        language = next((k for k in ("language", "lang", "locale") if k in known), None)
        iso = re.match(r"\d{4}-\d\d-\d\d", file.name) if file is not None else None
        day_first = is_day_first(
            texts, flatten(known[language].value) if language else None, iso and iso[0]
        )
        return date_of(text, day_first)
    if text and name == "link" and key != name:
        return text if re.match(r"https?://", text) else None
    return text


def _not_understood(name: str, entry: Entry) -> ReviewNote:
    shape = {list: "a list", dict: "a table"}.get(type(entry.value), "")
    value = one_line(flatten(entry.value))[:60]
    problem = (
        f"front matter: '{name}' is {shape}, not text"
        if shape
        else (f"front matter: {name} '{value}' is not clearly a {name}")
    )
    hint = _WRITE.get(name, f"write it as {name}: some text, in quotes if it holds a colon")
    return ReviewNote(entry.line, f"{problem}; it is set aside", hint)


def _cover(entry: Entry, notes: list[ReviewNote]) -> str | None:
    """The picture that `cover` names, also in a table of Hugo's: `cover: {image: …}`."""
    value = entry.value
    if isinstance(value, dict):
        folded = {key.casefold(): each for key, each in value.items()}
        value = next(
            (folded[k] for k in ("image", "src", "url", "file", "path") if k in folded), ""
        )
    text = text_of(value)
    if text is None or (not text and entry.value):
        notes.append(_not_understood("cover", entry))
    return text or None


def _read_segments(entry: Entry, file: Path | None) -> tuple[tuple[int, str, int], ...]:
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
            found.append((int(number[1]), clean_value(name).strip(), entry.line))
    if problem:
        raise ReviewError(
            f"front matter: 'segments' {problem}",
            code="front-matter-value",
            file=file,
            line=entry.line,
            hint="write it as segments: {3: cast}, the number of a paragraph and its segment",
        )
    return tuple(found)
