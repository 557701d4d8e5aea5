"""A text becomes a `Review`: front matter, numbered blocks, sentences, a title."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path

from sayso.errors import ReviewError
from sayso.model import Block, Review
from sayso.review.cleaning import cleaned
from sayso.review.front_matter import FrontMatter, read_front_matter
from sayso.review.markdown import markdown_blocks
from sayso.review.plain_text import (
    has_indented_prose,
    has_line_paragraphs,
    looks_like_markdown,
    plain_blocks,
)
from sayso.review.raw import RawBlock
from sayso.review.sentences import split_sentences
from sayso.review.titles import title_from_path, title_from_start, title_from_text

MARKDOWN_SUFFIXES = frozenset({".md", ".markdown", ".mdown", ".mkd"})

SEGMENT_COMMENT = re.compile(r"<!--\s*segment\s*[:=]\s*(.*?)\s*-->", re.IGNORECASE)
"""`<!-- segment: cast -->`: for what follows, up to a heading or the next such comment, of which
`<!-- segment: auto -->` goes back to choosing by cues."""

_SPOKEN = frozenset({"paragraph", "item", "quote"})


def parse_review(text: str, source: Path | None = None) -> Review:
    """Parse a review's text; `source` gives the format (by suffix), the file for errors and, where
    the text has no title, a title.

    Control and invisible characters are dropped and line ends made `\\n`. Raises ReviewError for
    front matter that makes no sense and for a text with nothing to say.
    """
    lines = cleaned(text).split("\n")
    front = read_front_matter(lines, source)
    body = "\n".join(lines[front.n_lines :])
    return review_of(front, _raw_blocks(body, front.n_lines + 1, source), source)


def review_of(front: FrontMatter, raw: Sequence[RawBlock], source: Path | None) -> Review:
    """Put a review together from its blocks and what is known of it. Raises as `parse_review`."""
    blocks = tuple(_numbered(raw))
    spoken = [block for block in blocks if block.id.startswith("p")]
    if not spoken:
        raise ReviewError(
            "there is nothing to say in it",
            code="empty-review",
            file=source,
            hint="write a paragraph of text",
        )
    blocks = _with_front_matter_segments(_with_comment_segments(blocks), front, len(spoken), source)
    return Review(
        source=source,
        title=_title(front, raw, source, spoken),
        blocks=blocks,
        subject=front.get("subject"),
        author=front.get("author"),
        rating=front.get("rating"),
        date=front.get("date"),
        kind=front.get("kind"),
        summary=front.get("summary"),
        link=front.get("link"),
        extra=front.extra,
    )


def _raw_blocks(body: str, first_line: int, source: Path | None) -> list[RawBlock]:
    named_markdown = source is not None and source.suffix.casefold() in MARKDOWN_SUFFIXES
    by_line = has_line_paragraphs(body)
    if named_markdown or looks_like_markdown(body):
        code = named_markdown and not has_indented_prose(body)
        found = markdown_blocks(body, first_line, line_paragraphs=by_line, indented_code=code)
    else:
        found = plain_blocks(body, first_line, line_paragraphs=by_line)
    return list(found)


def _numbered(raw: Iterable[RawBlock]) -> Iterable[Block]:
    counts = {"p": 0, "h": 0, "x": 0}
    for block in raw:
        speakable = block.kind in _SPOKEN and any(char.isalnum() for char in block.text)
        letter = "p" if speakable else "h" if block.kind == "heading" else "x"
        counts[letter] += 1
        yield Block(
            id=f"{letter}{counts[letter]}",
            kind=block.kind,
            text=block.text,
            line=block.line,
            sentences=split_sentences(block.text) if speakable else (),
        )


def named_by_comment(block: Block) -> str | None:
    """The segment that a block names, if it is a comment that names one and not `auto`."""
    comment = SEGMENT_COMMENT.fullmatch(block.text) if block.kind == "html" else None
    named = comment[1] if comment else ""
    return named if named.casefold() not in ("", "auto") else None


def _with_comment_segments(blocks: Sequence[Block]) -> tuple[Block, ...]:
    segment: str | None = None
    found: list[Block] = []
    for block in blocks:
        comment = SEGMENT_COMMENT.fullmatch(block.text) if block.kind == "html" else None
        if comment:
            segment = named_by_comment(block)
        elif block.kind == "heading":
            segment = None
        elif segment is not None and block.id.startswith("p"):
            block = replace(block, segment=segment, segment_by="comment")
        found.append(block)
    return tuple(found)


def _with_front_matter_segments(
    blocks: tuple[Block, ...], front: FrontMatter, n_spoken: int, source: Path | None
) -> tuple[Block, ...]:
    named: dict[str, str] = {}
    for number, segment, line in front.segments:
        if number > n_spoken:
            raise ReviewError(
                f"front matter: 'segments' has {number}, but the review has {n_spoken} "
                f"paragraph{'s' if n_spoken > 1 else ''}",
                code="front-matter-value",
                file=source,
                line=line,
                hint="count paragraphs, list items and quotes from 1",
            )
        named[f"p{number}"] = segment
    return tuple(
        replace(block, segment=named[block.id], segment_by="front matter")
        if block.id in named
        else block
        for block in blocks
    )


def _title(
    front: FrontMatter, raw: Sequence[RawBlock], source: Path | None, spoken: Sequence[Block]
) -> str:
    """Front matter, the top heading, the subject, the file's name, a name that recurs."""
    return (
        front.get("title")
        or _top_heading(raw)
        or front.get("subject")
        or title_from_path(source)
        or title_from_text([block.text for block in spoken])
        or title_from_start(spoken[0].text)
    )


def _top_heading(raw: Sequence[RawBlock]) -> str | None:
    """The only `#` heading, if nothing is said before it: of several, each heads a section."""
    tops = [at for at, b in enumerate(raw) if b.kind == "heading" and b.level == 1]
    if len(tops) != 1 or any(b.kind in _SPOKEN for b in raw[: tops[0]]):
        return None
    return raw[tops[0]].text
