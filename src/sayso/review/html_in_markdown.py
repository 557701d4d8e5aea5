"""HTML in a Markdown review → what it says, in blocks.

Markdown passes on a piece of HTML unchanged, up to a blank line, so a piece may be incomplete:
`<div>`, a blank line, a paragraph and `</div>` make two pieces. Elements that browsers lay out as
blocks are blocks here; the tags of others are dropped, and their words stay.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from lxml import etree

from sayso.language.text import one_line
from sayso.model import BlockKind
from sayso.review.blocks import (
    BLOCK_ELEMENTS,
    CELL_ELEMENTS,
    SILENT_ELEMENTS,
    RawBlock,
    acts_as_heading,
    convert_raised_numbers,
)

_KINDS: dict[str, tuple[BlockKind, int]] = {
    **{f"h{level}": ("heading", level) for level in range(1, 7)},
    "summary": ("heading", 0),
    "li": ("item", 0),
    "blockquote": ("quote", 0),
    "figcaption": ("caption", 0),
    "pre": ("code", 0),
    "table": ("table", 0),
}
_BOLD = frozenset({"b", "strong"})
_EMPTY_CELLS = re.compile(r"\A(?:\| ?)+|(?: \|)+(?= \||\Z)")


def parse_fragment(source: str, first_line: int) -> Sequence[RawBlock]:
    """The blocks of a piece of HTML that begins on line `first_line` of the file.

    What is not for reading becomes a block of kind `html`; so does a piece that holds nothing else.
    """
    reader = _FragmentReader(first_line)
    try:
        # Within an element, since a comment before the first would be outside of the tree.
        root = etree.HTML(f"<div>{convert_raised_numbers(source)}", etree.HTMLParser())
    except (etree.LxmlError, ValueError, AssertionError):
        root = None  # nothing but brackets
    if root is not None:
        reader.read(root)
        reader.end_block()
    last_line = first_line + source.count("\n")  # lxml's repairs may add lines
    found = [replace(block, line=min(block.line, last_line)) for block in reader.blocks]
    return found or [RawBlock("html", one_line(source), first_line)]


class _FragmentReader:
    def __init__(self, first_line: int) -> None:
        self.blocks: list[RawBlock] = []
        self._first_line = first_line
        self._line = first_line
        self._open: list[str] = []
        """The open elements, outermost first."""
        self._words: list[str] = []
        self._has_words = False
        """Whether `_words` is more than white space."""
        self._begins = first_line
        """The line where `_words` begins."""
        self._all_bold = True
        self._non_spoken: list[RawBlock] = []
        """What is between the words; it follows them."""

    def read(self, element: Any) -> None:
        """Read an element and everything in it."""
        tag = element.tag
        self._line = max(self._line, self._first_line + (element.sourceline or 1) - 1)
        if not _is_element(element) or tag in SILENT_ELEMENTS or element.get("hidden") is not None:
            self._skip_element(element)
            return
        cell = "table" in self._open and (tag in CELL_ELEMENTS or tag in BLOCK_ELEMENTS)
        block = tag in BLOCK_ELEMENTS and not cell
        if block:
            self.end_block()
        elif cell:
            self._words.append(" | ")
        elif tag == "br":
            self._break_line()
        elif tag == "q":
            self._words.append("“")
        elif tag == "img":
            caption = one_line(element.get("title") or element.get("alt") or "")
            if caption:
                self._add_non_spoken(RawBlock("caption", caption, self._line))
        self._open.append(tag)
        self._add_text(element.text)
        for child in element:
            self.read(child)
            self._add_text(child.tail)
        if block:
            self.end_block()
        elif tag == "q":
            self._words.append("”")
        self._open.pop()

    def end_block(self) -> None:
        """Make a block of the words since the last one, if there are any."""
        text = _EMPTY_CELLS.sub("", one_line("".join(self._words)))
        if text:
            kinds = (_KINDS[tag] for tag in reversed(self._open) if tag in _KINDS)
            kind, level = next(kinds, ("paragraph", 0))
            if kind == "paragraph" and self._all_bold and acts_as_heading(text):
                kind = "heading"
            self.blocks.append(RawBlock(kind, text, self._begins, level))
        self.blocks += self._non_spoken
        self._words, self._non_spoken, self._has_words = [], [], False

    def _add_text(self, text: str | None) -> None:
        if not text:
            return
        said = text.lstrip()
        if not said and self._words[-1:] == ["\r"]:
            self._line += text.count("\n")
            return
        if said:
            if not self._has_words:
                self._has_words = True
                self._begins = self._line + text.count("\n", 0, len(text) - len(said))
                self._all_bold = True
            bold = not _BOLD.isdisjoint(self._open)
            self._all_bold = self._all_bold and (bold or not said.strip(" \n\t:"))
        self._words.append(text)
        self._line += text.count("\n")

    def _break_line(self) -> None:
        if self._words[-1:] == ["\r"]:  # two in a row: old pages separate paragraphs so
            self.end_block()
        else:
            self._words.append("\r")

    def _skip_element(self, element: Any) -> None:
        written = etree.tostring(element, encoding="unicode", method="html", with_tail=False)
        begins, n_more = self._line, written.count("\n")
        if _is_element(element):
            self._line += n_more
        else:  # lxml knows the line where a comment ends
            begins = max(self._first_line, begins - n_more)
        self._add_non_spoken(RawBlock("html", one_line(written), begins))

    def _add_non_spoken(self, block: RawBlock) -> None:
        # In the middle of a block, it comes after it.
        (self._non_spoken if self._has_words else self.blocks).append(block)


def _is_element(node: Any) -> bool:
    """Whether a node is an element, not a comment or a processing instruction."""
    return isinstance(node.tag, str)
