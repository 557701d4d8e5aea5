"""Where a review's paragraph goes: `segments` in its front matter.

Front matter wins over headings and comments, so that one entry there is all that it takes.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import yaml

from sayso.errors import ReviewError, SaysoError
from sayso.language.text import clean_text
from sayso.model import Review
from sayso.review.documents import recognise
from sayso.review.front_matter import FrontMatter, read_front_matter
from sayso.review.html import is_html
from sayso.review.parsing import parse_review
from sayso.studio.edits.front_matter import Unsafe, toml_with, yaml_with
from sayso.studio.edits.words import n_alike
from sayso.system.toml_edit import line_end

_MARK = "\ufeff"


def put_in_segment(text: str, block: str, segment: str | None, *, source: Path) -> str:
    """Have the front matter put `block` (`p7`, as `read_review` counts) into `segment`.

    None takes what the front matter says of it away. `source` tells the format, by its suffix, and
    names the file in errors; it is not read. All else stays byte for byte. Raises ReviewError for
    a block that is not there, for a name that no segment can have, for a web page or document, and
    where the front matter is in a form that cannot be changed safely.
    """
    data = text.encode("utf-8", "replace")
    if is_html(data, source) or recognise(data, source) is not None:
        raise ReviewError(
            "only Markdown and plain text can say which segment a paragraph is in",
            code="not-a-text",
            file=source,
            hint="save the review as Markdown, and build that",
        )
    before = parse_review(text, source)
    if not block.startswith("p") or all(each.id != block for each in before.blocks):
        raise ReviewError(
            f"the review has no paragraph '{block}'",
            code="stale-page",
            file=source,
            hint="load the page again: the review has changed",
        )
    segment = None if segment is None else segment.strip()
    if segment is not None and not (segment and segment.isprintable()):
        raise ReviewError(
            f"{segment!r} names no segment", code="unknown-segment", file=source, hint="give its id"
        )
    front = read_front_matter(clean_text(text).split("\n"), source)
    number = int(block[1:])
    named = [name for n, name, _ in front.segments if n == number]
    if set(named) == (set() if segment is None else {segment}):
        return text
    for candidate in _candidates(text, front, number, segment):
        if _says(candidate, before, block, segment, source):
            return candidate
    raise ReviewError(
        "'segments' in the front matter cannot be changed without a risk to the rest",
        code="front-matter-value",
        file=source,
        line=front.segments[0][2] if front.segments else 1,
        hint=f"write it as segments: {{{number}: {segment or 'cast'}}} on a line of its own",
    )


def _candidates(text: str, front: FrontMatter, number: int, segment: str | None) -> Iterator[str]:
    """The text with the change, in the forms that may serve, the best first."""
    mark = _MARK if text.startswith(_MARK) else ""
    end = line_end(text)
    if front.n_lines == 0:
        head = f"---\n{yaml_with('', number, segment)}---\n\n".replace("\n", end)
        yield mark + head + text.removeprefix(mark)
        return
    lines = clean_text(text).split("\n")
    opened = front.n_before + 1
    old = "".join(f"{line}\n" for line in lines[opened : front.n_lines - 1])
    try:
        change = {"yaml": yaml_with, "toml": toml_with}.get(front.form)
        if change is None:
            return
        new = change(old, number, segment)
    except (Unsafe, yaml.YAMLError):
        return
    first = sum(len(line) + 1 for line in lines[:opened])
    if not new.strip():
        body = text[_place(text, first + len(old) + len(lines[front.n_lines - 1]) + 1) :]
        before = text[len(mark) : _place(text, first - len(lines[opened - 1]) - 1)]
        yield mark + before + re.sub(r"\A[ \t]*(?:\r\n?|\n)", "", body)
        yield mark + before + body
    n_start = n_alike(old, new)
    n_end = n_alike(old[n_start:][::-1], new[n_start:][::-1])
    changed = new[n_start : len(new) - n_end].replace("\n", end)
    start, stop = (_place(text, first + at) for at in (n_start, len(old) - n_end))
    yield text[:start] + changed + text[stop:]


def _place(text: str, at: int) -> int:
    """Where in `text` the character `at` of the clean_text text stands."""
    return bisect_right(range(len(text) + 1), at, key=lambda n: len(clean_text(text[:n]))) - 1


def _says(text: str, before: Review, block: str, segment: str | None, source: Path) -> bool:
    """Whether a text is the review as before, but for the segment of a block."""
    try:
        after = parse_review(text, source)
    except SaysoError:
        return False
    blocks = [replace(each, line=0) for each in after.blocks]
    was = [replace(each, line=0) for each in before.blocks]
    same = replace(after, blocks=(), notes=()) == replace(before, blocks=(), notes=())
    if not same or len(blocks) != len(was):
        return False
    for new, old in zip(blocks, was, strict=True):
        if new.id == block:
            by_front_matter = new.segment_by == "front matter"
            if by_front_matter != (segment is not None):
                return False
            if segment is not None and new.segment != segment:
                return False
            new = replace(new, segment=old.segment, segment_by=old.segment_by)
        if new != old:
            return False
    return True
