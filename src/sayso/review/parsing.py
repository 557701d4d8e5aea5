"""A text becomes a `Review`: front matter, numbered blocks, sentences, a title."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import groupby
from pathlib import Path

from sayso.errors import ReviewError
from sayso.language.sentences import split_sentences
from sayso.language.text import clean_text, one_line
from sayso.model import Block, Review
from sayso.review.blocks import SPOILER_CLOSES, SPOILER_OPENS, RawBlock
from sayso.review.front_matter import FrontMatter, read_front_matter
from sayso.review.markdown import markdown_blocks
from sayso.review.plain_text import (
    has_indented_prose,
    has_one_paragraph_per_line,
    looks_like_markdown,
    plain_blocks,
)
from sayso.review.rating import rating_of_block, split_heading
from sayso.review.titles import choose_title

MARKDOWN_SUFFIXES = frozenset(
    {".md", ".markdown", ".mdown", ".mkd", ".mkdn", ".markdn", ".mdx", ".qmd", ".rmd"}
)

SEGMENT_COMMENT = re.compile(r"<!--\s*segment\s*[:=]\s*(.*?)\s*-->", re.IGNORECASE)
"""`<!-- segment: cast -->` names the segment of what follows, up to a heading or the next such
comment; after `<!-- segment: auto -->` cues choose again."""

_SPOKEN = frozenset({"paragraph", "item", "quote", "verse"})
_SPOILER_MARKS = re.compile(f"[{SPOILER_OPENS}{SPOILER_CLOSES}]")


def parse_review(text: str, source: Path | None = None) -> Review:
    """Parse a review's text. `source` gives the format (by its suffix), the file that errors name
    and, where the text has no title, a title.

    Control and invisible characters are dropped and line ends made `\\n`. Raises ReviewError for
    front matter that is not valid and for a text without a word to speak.
    """
    front, body = split_front_matter(text, source)
    return build_review(front, parse_blocks(body, source), source)


def split_front_matter(text: str, source: Path | None) -> tuple[FrontMatter, str]:
    """The front matter of a text, and the text with blank lines in its place."""
    lines = clean_text(text).split("\n")
    front = read_front_matter(lines, source)
    lines[front.n_before : front.n_lines] = [""] * (front.n_lines - front.n_before)
    return front, "\n".join(lines)


def build_review(front: FrontMatter, raw: Sequence[RawBlock], source: Path | None) -> Review:
    """Build a review of its front matter and blocks. Raises as `parse_review` does."""
    blocks = tuple(_number_blocks(raw, front))
    spoken = [block for block in blocks if block.id.startswith("p")]
    n = len(spoken)
    if not spoken:
        raise ReviewError(
            "there is nothing to say in it",
            code="empty-review",
            file=source,
            hint="write a paragraph of text",
        )
    for number, _, line in front.segments:
        if number > n:
            raise ReviewError(
                f"front matter: 'segments' has {number}, but the review has {n} "
                f"paragraph{'s' if n > 1 else ''}",
                code="front-matter-value",
                file=source,
                line=line,
                hint="count paragraphs, list items and quotes from 1",
            )
    return Review(
        source=source,
        title=choose_title(front, raw, source, [block.text for block in spoken]),
        blocks=blocks,
        subject=front.get("subject"),
        author=front.get("author"),
        rating=front.get("rating"),
        date=front.get("date"),
        kind=front.get("kind"),
        shape=front.get("shape"),
        summary=front.get("summary"),
        link=front.get("link"),
        extra=front.extra,
        notes=front.notes,
    )


def parse_blocks(body: str, source: Path | None) -> list[RawBlock]:
    """The blocks of a text without front matter: Markdown or plain text."""
    named_markdown = source is not None and source.suffix.casefold() in MARKDOWN_SUFFIXES
    by_line = not named_markdown and has_one_paragraph_per_line(body)
    if named_markdown or looks_like_markdown(body):
        code = named_markdown and not has_indented_prose(body)
        found = markdown_blocks(
            body,
            1,
            line_paragraphs=by_line,
            indented_code=code,
            components=source is not None and source.suffix.casefold() == ".mdx",
        )
    else:
        found = plain_blocks(body, 1, line_paragraphs=by_line)
    return list(found)


def _number_blocks(raw: Sequence[RawBlock], front: FrontMatter) -> Iterator[Block]:
    """The blocks with ids, sentences, and the segments that front matter and comments name."""
    counts = {"p": 0, "h": 0, "x": 0}
    by_front_matter = {f"p{number}": segment for number, segment, _ in front.segments}
    by_comment: str | None = None
    for block in raw:
        speakable = block.kind in _SPOKEN and _has_words(block.text)
        letter = "p" if speakable else "h" if block.kind == "heading" else "x"
        for part, sentences in _part_spoilers(block, speakable):
            counts[letter] += 1
            numbered = Block(
                id=f"{letter}{counts[letter]}",
                kind=part.kind,
                text=" ".join(sentences) or one_line(part.text),
                line=part.line,
                sentences=sentences,
                level=part.level,
                group=part.group,
                depth=part.depth,
                number=part.number,
                spoiler=part.spoiler,
                links=part.links,
            )
            if is_segment_comment(numbered) or part.kind == "heading":
                by_comment = segment_of_comment(numbered)
            elif numbered.id in by_front_matter:
                segment = by_front_matter[numbered.id]
                numbered = replace(numbered, segment=segment, segment_by="front matter")
            elif speakable and by_comment is not None:
                numbered = replace(numbered, segment=by_comment, segment_by="comment")
            yield numbered


def _has_words(text: str) -> bool:
    return any(char.isalnum() for char in text) or rating_of_block(text) is not None


def _part_spoilers(block: RawBlock, speakable: bool) -> Iterator[tuple[RawBlock, tuple[str, ...]]]:
    """The block with its sentences; where some of them hold spoilers, in parts that stay together.

    A sentence of which a part is hidden is a spoiler as a whole: without it, it says nothing. The
    number of a list's item is heard, and so a word of its first sentence.
    """
    if block.kind == "heading":
        yield block, split_heading(one_line(block.text))
        return
    lines = block.text.split("\n") if block.kind == "verse" else [block.text]
    sentences = [one for line in lines for one in split_sentences(line)] if speakable else []
    if sentences and block.number is not None:
        sentences[0] = f"{block.number}: {sentences[0]}"
    if not _SPOILER_MARKS.search(block.text):
        yield block, tuple(sentences)
        return
    hidden: list[bool] = []
    open_before = False
    for sentence in sentences:
        opens, closes = sentence.rfind(SPOILER_OPENS), sentence.rfind(SPOILER_CLOSES)
        hidden.append(block.spoiler or open_before or opens >= 0 or closes >= 0)
        open_before = opens > closes or (open_before and closes < 0)
    plain = [one_line(_SPOILER_MARKS.sub("", sentence)) for sentence in sentences]
    runs = groupby(zip(hidden, plain, strict=True), key=lambda pair: pair[0])
    for at, (spoils, run) in enumerate(runs):
        said = tuple(sentence for _, sentence in run if sentence)
        yield (
            replace(
                block,
                text=" ".join(said),
                spoiler=spoils,
                group=block.group or -block.line,
                number=None if at else block.number,
                links=() if at else block.links,
            ),
            said,
        )
    if not sentences:
        yield replace(block, text=_SPOILER_MARKS.sub("", block.text)), ()


def is_segment_comment(block: Block) -> bool:
    """Whether a block is a comment that names a segment, or `auto`."""
    return block.kind == "html" and SEGMENT_COMMENT.fullmatch(block.text) is not None


def segment_of_comment(block: Block) -> str | None:
    """The segment that a block names, if it is a comment that names one and not `auto`."""
    comment = SEGMENT_COMMENT.fullmatch(block.text) if block.kind == "html" else None
    named = comment[1] if comment else ""
    return named if named.casefold() not in ("", "auto") else None
