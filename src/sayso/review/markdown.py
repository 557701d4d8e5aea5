"""CommonMark (with tables, footnotes and definition lists) → blocks of plain text.

Inline markup is removed: links become their text; emphasis, code and HTML become their words;
images become a caption of their own. A line that is bold from end to end acts as a heading.

Blog engines and note programs add more, none of which is for reading: shortcodes of Hugo, Jekyll,
Eleventy (Liquid) and WordPress; attributes of kramdown and Pandoc; links, images, highlights and
callouts of Obsidian, the last also of GitHub; imports and components of MDX. Each is removed; the
words within a pair stay.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from itertools import count
from typing import TYPE_CHECKING

from sayso.language.text import one_line
from sayso.model import BlockKind
from sayso.review.blocks import RawBlock, convert_raised_numbers
from sayso.review.blog_markup import convert_pull_quotes, read_callout, strip_blog_markup
from sayso.review.line_breaks import keep_names, split_at_breaks
from sayso.review.markdown_inline import (
    FOOTNOTE_MARK,
    TEXT_TOKENS,
    References,
    inline_blocks,
    inline_tokens,
    markdown_parser,
)
from sayso.review.mdx import strip_mdx
from sayso.review.paired_tags import Region, prepare

if TYPE_CHECKING:
    from markdown_it.token import Token

_DEEP_QUOTE = re.compile(r"^(?:[ \t]{0,3}>[ \t]?){9,}", re.MULTILINE)
_DEEP_LIST = re.compile(
    r"^((?:[ \t]*(?:[-+*]|\d{1,9}[.)])[ \t]+){5})(?:(?:[-+*]|\d{1,9}[.)])[ \t]+)+", re.MULTILINE
)
_YEAR = re.compile(r"^((?:[ \t]*(?:>|[-+*][ \t]))*[ \t]*\d{4,9})(?=[.)][ \t])", re.MULTILINE)
"""`1984. A year like any other.` is a sentence, not number 1984 of a list."""
_DEEP_INDENT = re.compile(r"^[ \t]{80,}", re.MULTILINE)
_UNSPACED_HEADING = re.compile(
    r"^(#{2,6})(?=[^\s#!])|^(#)(?=[A-Z][a-z'’]+(?:[ \t]*$| [^#\n]*$))", re.MULTILINE
)
"""`##Specs`, as older parsers read it; `#book #2023` is a line of tags."""
_ATTRIBUTE_LINE = re.compile(r"^[ \t]*\{:[^{}\n]{0,300}\}[ \t]*$", re.MULTILINE)
"""Kramdown's, which would keep a list after it from being one."""
_MARKDOWN_TAG = re.compile(r"^[ \t]*<(?:div|section|article)\b[^<>\n]*\bmarkdown=[^<>\n]*>", re.M)
_LISTS = ("bullet_list", "ordered_list", "dl")
_ITEMS = ("list_item", "dt", "dd")
_CONTAINERS = (*_LISTS, *_ITEMS, "blockquote", "table", "footnote_reference")


def markdown_blocks(
    text: str,
    first_line: int,
    *,
    line_paragraphs: bool,
    indented_code: bool,
    components: bool = False,
) -> Iterator[RawBlock]:
    """Yield the blocks of `text`, whose first line is line `first_line` of the file.

    With `line_paragraphs`, every line of a paragraph is a paragraph; without `indented_code`, an
    indented line is an ordinary paragraph; with `components`, the text is MDX.
    """
    text = _DEEP_QUOTE.sub("> ", text)
    text = _DEEP_LIST.sub(r"\1", text)
    text = _DEEP_INDENT.sub(" " * 80, text)
    text = convert_pull_quotes(_YEAR.sub(r"\1\\", text))
    text = _MARKDOWN_TAG.sub("", _ATTRIBUTE_LINE.sub("", text))
    text = _UNSPACED_HEADING.sub(lambda marks: f"{marks[0]} ", text)
    removed: list[RawBlock] = []
    if components:
        text, removed = strip_mdx(text, first_line)
    prepared = prepare(text, first_line)
    waiting = sorted([*removed, *prepared.removed], key=lambda block: block.line, reverse=True)
    env: dict[str, References] = {}
    tokens = markdown_parser(indented_code).parse(prepared.text, env)
    notes = env.get("footnotes", {}).get("refs", {})
    reader = _Reader(first_line, prepared.regions, notes, line_paragraphs=line_paragraphs)
    for block in reader.read(tokens, env.get("references", {})):
        while waiting and waiting[-1].line < block.line:
            yield waiting.pop()
        yield block
    yield from reversed(waiting)


class _Reader:
    """Reads the tokens of markdown-it, which tell what opens and what closes."""

    def __init__(
        self,
        first_line: int,
        regions: Sequence[Region],
        notes: Collection[str],
        *,
        line_paragraphs: bool,
    ) -> None:
        self._first_line = first_line
        self._line_paragraphs = line_paragraphs
        self._notes = notes
        """The labels of the footnotes that there are, each behind a colon."""
        self._regions = {region: number for number, region in enumerate(regions, 1)}
        self._by_line: dict[int, Region] = {}
        for region in regions:  # the outermost first, so that the innermost wins
            self._by_line.update(dict.fromkeys(range(region.first, region.last + 1), region))
        self._groups = count(len(regions) + 1)
        self._inside: list[str] = []
        self._group = 0
        self._callout = self._callout_hides = False
        self._number: list[int | None] = []
        """For each open ordered list the number of its next item; None for others."""
        self._due: int | None = None
        """The number of the item that has begun, until its first block has it."""

    def read(self, tokens: Sequence[Token], links: References) -> Iterator[RawBlock]:
        """The blocks of the tokens, in order."""
        for at, token in enumerate(tokens):
            line = self._first_line + (token.map[0] if token.map else 0)
            name = token.type.removesuffix("_open").removesuffix("_close")
            if token.nesting == 1 and name in _CONTAINERS:
                if name == "table":
                    yield self._place(RawBlock("table", _read_table(tokens, at, links), line))
                self._open(name, token)
            elif token.nesting == -1 and name in _CONTAINERS:
                self._close(name)
            elif "table" in self._inside:
                continue
            elif token.type == "inline":
                yield from self._inline(tokens[at - 1], token, tokens[at + 2 : at + 3], line, links)
            elif token.type in ("fence", "code_block"):
                yield self._place(RawBlock("code", one_line(token.content), line))
            elif token.type == "hr":
                yield RawBlock("break", "", line)
            elif token.type == "html_block":
                # Here, since it imports lxml, which few reviews need.
                from sayso.review.html_in_markdown import parse_fragment

                for block in parse_fragment(token.content, line, self._groups):
                    yield self._place(block)

    def _open(self, name: str, token: Token) -> None:
        if name in (*_LISTS, "blockquote") and not self._group:
            self._group = next(self._groups)
        if name in _LISTS:
            start = token.attrs.get("start", 1) if name == "ordered_list" else None
            self._number.append(None if start is None else int(start))
        elif name == "list_item" and self._number and self._number[-1] is not None:
            self._due = self._number[-1]
            self._number[-1] += 1
        self._inside.append(name)

    def _close(self, name: str) -> None:
        self._inside.pop()
        if name in _LISTS:
            self._number.pop()
        elif name == "blockquote":
            self._callout = self._callout_hides = False
        if not any(one in (*_LISTS, "blockquote") for one in self._inside):
            self._group = 0

    def _inline(
        self, opening: Token, token: Token, after: Sequence[Token], line: int, links: References
    ) -> Iterator[RawBlock]:
        kind, level = self._kind(opening)
        plain = convert_raised_numbers(token.content)
        is_whole = "\n" not in plain and any(one.type == "blockquote_close" for one in after)
        callout = read_callout(plain, is_whole=is_whole) if kind == "quote" else None
        if callout is not None:
            self._callout = True
            kind = "paragraph"
            if callout.title:
                yield from self._words(callout.title, RawBlock(kind, "", line), links)
            self._callout_hides = callout.spoiler
            _, _, rest = plain.partition("\n")
            plain = callout.first or rest
            line += not callout.first
            if not plain:
                return
        content, non_spoken = strip_blog_markup(plain, line)
        yield from self._words(content, RawBlock(kind, "", line, level), links)
        yield from (self._place(block) for block in non_spoken)
        for mark in FOOTNOTE_MARK.finditer(content):
            if f":{mark[1]}" not in self._notes:  # its note is missing: the mark alone is listed
                yield self._place(RawBlock("note", mark[0], line))

    def _words(self, content: str, like: RawBlock, links: References) -> Iterator[RawBlock]:
        lines = self._line_paragraphs
        for part, its in split_at_breaks(keep_names(content), like, self._groups):
            for block in inline_blocks(part, its, links, line_paragraphs=lines):
                placed = self._place(block)
                if self._due is not None and block.kind not in ("caption", "html", "embed", "code"):
                    placed = replace(placed, number=self._due)
                    self._due = None
                yield placed

    def _kind(self, opening: Token) -> tuple[BlockKind, int]:
        if "footnote_reference" in self._inside:
            return "note", 0
        if opening.type == "heading_open":
            return "heading", int(opening.tag[1:])
        innermost = next(
            (one for one in reversed(self._inside) if one in (*_ITEMS, "blockquote")), None
        )
        if innermost == "blockquote":
            return ("paragraph" if self._callout else "quote"), 0
        return ("item" if innermost in _ITEMS else "paragraph"), 0

    def _place(self, block: RawBlock) -> RawBlock:
        """The block with its list, quote or region."""
        if "footnote_reference" in self._inside and block.kind != "break":
            return replace(block, kind="note")
        region = self._by_line.get(block.line - self._first_line)
        group = self._group or block.group
        hidden = self._callout_hides or (region is not None and region.spoiler)
        if region is not None and block.kind != "heading":
            group = group or self._regions[region]
        depth = sum(one in _LISTS for one in self._inside) if block.kind == "item" else 0
        return replace(
            block, group=group, depth=depth or block.depth, spoiler=hidden or block.spoiler
        )


def _read_table(tokens: Sequence[Token], at: int, links: References) -> str:
    cells: list[str] = []
    for token in tokens[at:]:
        if token.type == "table_close":
            break
        if token.type == "inline":
            children = inline_tokens(token.content, links)
            cells.append(one_line("".join(c.content for c in children if c.type in TEXT_TOKENS)))
    return " | ".join(cell for cell in cells if cell)
