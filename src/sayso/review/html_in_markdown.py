"""HTML in a Markdown review → what it says, in blocks.

Markdown passes on a piece of HTML unchanged, up to a blank line, so a piece may be incomplete:
`<div>`, a blank line, a paragraph and `</div>` make two pieces. Elements that browsers lay out as
blocks are blocks here; the tags of others are dropped, and their words stay.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import count
from typing import Any

from lxml import etree

from sayso.language.text import one_line
from sayso.model import BlockKind, Link
from sayso.review.blocks import (
    BLOCK_ELEMENTS,
    CELL_ELEMENTS,
    EMBEDDING_ELEMENTS,
    SILENT_ELEMENTS,
    RawBlock,
    acts_as_heading,
    convert_raised_numbers,
    is_verse,
)
from sayso.review.line_breaks import join_lines

_KINDS: dict[str, tuple[BlockKind, int]] = {
    **{f"h{level}": ("heading", level) for level in range(1, 7)},
    "summary": ("heading", 0),
    "li": ("item", 0),
    "blockquote": ("quote", 0),
    "aside": ("quote", 0),
    "figcaption": ("caption", 0),
    "pre": ("code", 0),
    "table": ("table", 0),
    "dt": ("item", 0),
    "dd": ("item", 0),
}
_GROUPS = frozenset({"ul", "ol", "dl", "blockquote", "details", "aside"})
_LISTS = frozenset({"ul", "ol", "dl"})
_NOTES = re.compile(r"\b(?:footnotes?|endnotes?|footnote-list|references)\b", re.IGNORECASE)
_FURNITURE = ("nav", "aside", "header", "footer", "form")
_FURNISHING = re.compile(
    r"(?<![\w-])(?:share|sharing|social|related|comments?|newsletter|subscribe|sidebar|breadcrumbs?"
    r"|pagination|(?:post|entry)-(?:nav|navigation|footer|tags)|author-box|about-author|cookie"
    r"|advert\w*|promo|jp-relatedposts|sharedaddy|toc|table-of-contents)(?![\w])",
    re.IGNORECASE,
)
_HIDES = re.compile(r"\bspoilers?\b", re.IGNORECASE)
_BOLD = frozenset({"b", "strong"})
_EMPTY_CELLS = re.compile(r"\A(?:\| ?)+|(?: \|)+(?= \||\Z)")


def parse_fragment(
    source: str, first_line: int, groups: Iterator[int] | None = None
) -> Sequence[RawBlock]:
    """The blocks of a piece of HTML that begins on line `first_line` of the file.

    Lists and quotes get the next numbers of `groups`, where the piece is part of a document.

    What is not for reading becomes a block of kind `html`; so does a piece that holds nothing else.
    """
    reader = _FragmentReader(first_line, groups or count(1))
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


def parse_html(text: str) -> Any | None:
    """The tree of a text in HTML; None where there is nothing in it."""
    return etree.HTML(text, etree.HTMLParser())


def page_blocks(root: Any | None, *, is_page: bool = False) -> Sequence[RawBlock]:
    """The blocks of all of a text in HTML; the menus of a page with a site around it as `html`."""
    return _read_element(_body(root), is_page=is_page)


def article_blocks(root: Any | None) -> Sequence[RawBlock]:
    """The blocks of the one element of a page that holds its article; none where that is unclear.

    It is an `<article>` or `<main>` with most of the page's paragraphs, or the body of a page that
    has nothing else.
    """
    body = _body(root)
    n_all = _n_letters(body) if body is not None else 0
    if body is None or not n_all:
        return ()
    candidates = [one for tag in ("article", "main") for one in body.iter(tag)]
    chosen = next((one for one in candidates if _n_letters(one) * 10 >= n_all * 6), None)
    is_plain = next(body.iter(*_FURNITURE), None) is None
    if chosen is None and is_plain and n_all * 10 >= len("".join(body.itertext())) * 6:
        chosen = body
    return _read_element(chosen, is_page=True)


def find_titles(root: Any | None) -> Sequence[str]:
    """What a page calls itself in its head; its `<h1>`, if it is the only one."""
    if root is None:
        return ()
    headings = [*root.iter("h1")]
    named = [*root.iter("title"), *(headings if len(headings) == 1 else ())]
    metas = [one.get("content") or "" for one in root.iter("meta")]
    return [*("".join(one.itertext()) for one in named), *metas]


def _body(root: Any | None) -> Any | None:
    return root.find("body") if root is not None else None


def _read_element(element: Any | None, *, is_page: bool) -> Sequence[RawBlock]:
    if element is None:
        return ()
    reader = _FragmentReader(1, count(1), is_page=is_page)
    reader.read(element)
    reader.end_block()
    return reader.blocks


def _n_letters(element: Any) -> int:
    return sum(len("".join(paragraph.itertext())) for paragraph in element.iter("p", "li"))


@dataclass(frozen=True, slots=True)
class _Opened:
    """What an open element means for what is in it."""

    group: bool
    """Whether it begins a group."""
    notes: bool
    hidden: bool


def _names(element: Any) -> str:
    """What an element is called: its classes, id and role."""
    return f"{element.get('class') or ''} {element.get('id') or ''} {element.get('role') or ''}"


class _FragmentReader:
    def __init__(self, first_line: int, groups: Iterator[int], *, is_page: bool = False) -> None:
        self._is_page = is_page
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
        self._groups = groups
        self._group = 0
        self._links: list[Link] = []
        self._numbers: list[int | None] = []
        """For each open list the number of its next item; None where it has none."""
        self._due: int | None = None
        self._notes = 0
        self._hidden = 0
        """How many open elements hold footnotes, and spoilers."""

    def read(self, element: Any) -> None:
        """Read an element and everything in it."""
        tag = element.tag
        self._line = max(self._line, self._first_line + (element.sourceline or 1) - 1)
        is_silent = not _is_element(element) or tag in SILENT_ELEMENTS
        if is_silent or element.get("hidden") is not None or self._is_furniture(element):
            self._skip_element(element)
            return
        cell = "table" in self._open and (tag in CELL_ELEMENTS or tag in BLOCK_ELEMENTS)
        block = tag in BLOCK_ELEMENTS and not cell
        if block:
            self.end_block()
            if tag == "hr":
                self.blocks.append(RawBlock("break", "", self._line))
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
        n_words = len(self._words)
        opened = self._enter(element)
        self._add_text(element.text)
        for child in element:
            self.read(child)
            self._add_text(child.tail)
        if block:
            self.end_block()
        elif tag == "q":
            self._words.append("”")
        elif tag == "a" and element.get("href"):
            link = Link(one_line("".join(self._words[n_words:])), element.get("href"))
            self._links.append(link)
        self._leave(element, opened)

    def _is_furniture(self, element: Any) -> bool:
        """Whether an element of a page belongs to the site: menus, buttons to share, comments."""
        if not self._is_page or element.tag in ("article", "main", "body"):
            return False
        return element.tag in ("nav", "footer") or _FURNISHING.search(_names(element)) is not None

    def _enter(self, element: Any) -> _Opened:
        """Note what an element opens."""
        tag, named = element.tag, _names(element)
        self._open.append(tag)
        opened = _Opened(
            tag in _GROUPS and not self._group,
            tag in BLOCK_ELEMENTS and _NOTES.search(named) is not None,
            _HIDES.search(named) is not None,
        )
        self._notes += opened.notes
        self._hidden += opened.hidden
        if opened.group:
            self._group = next(self._groups)
        if tag in _LISTS:
            self._numbers.append(_first_number(element))
        elif tag == "li" and self._numbers and self._numbers[-1] is not None:
            given = element.get("value", "")
            self._due = int(given) if given.isdecimal() and len(given) < 5 else self._numbers[-1]
            step = -1 if _is_reversed(element.getparent()) else 1
            self._numbers[-1] = self._due + step
        return opened

    def _leave(self, element: Any, opened: _Opened) -> None:
        self._notes -= opened.notes
        self._hidden -= opened.hidden
        if element.tag in _LISTS:
            self._numbers.pop()
        if opened.group:
            self._group = 0
        self._open.pop()

    def end_block(self) -> None:
        """Make a block of the words since the last one, if there are any."""
        text = _EMPTY_CELLS.sub("", one_line("".join(self._words)))
        if text:
            kinds = (_KINDS[tag] for tag in reversed(self._open) if tag in _KINDS)
            kind, level = next(kinds, ("paragraph", 0))
            if self._notes and kind != "heading":
                kind = "note"
            if kind == "paragraph" and self._all_bold and acts_as_heading(text):
                kind = "heading"
            lines = [one for line in "".join(self._words).split("\r") if (one := one_line(line))]
            if kind in ("paragraph", "quote") and is_verse(lines, is_sure=True, kind=kind):
                kind, text = "verse", "\n".join(lines)
            number, self._due = self._due, None
            self._add_lines(
                lines,
                RawBlock(
                    kind,
                    text,
                    self._begins,
                    level,
                    group=0 if kind == "heading" and "summary" not in self._open else self._group,
                    depth=sum(tag in _LISTS for tag in self._open) if kind == "item" else 0,
                    number=number if kind == "item" else None,
                    spoiler=self._hidden > 0,
                    links=tuple(self._links),
                ),
            )
        self.blocks += self._non_spoken
        self._words, self._non_spoken, self._has_words, self._links = [], [], False, []

    def _add_lines(self, lines: Sequence[str], block: RawBlock) -> None:
        """Add a block; if its lines are those of a list, as items."""
        parts = list(join_lines(lines, " ")) if block.kind in ("paragraph", "verse") else []
        if not any(is_item for _, is_item, _ in parts):
            self.blocks.append(block)
            return
        group = next(self._groups)
        at = 0
        for number, (words, is_item, _) in enumerate(parts, 1):
            first = at
            while at < len(block.links) and (block.links[at].text in words or number == len(parts)):
                at += 1
            links = block.links[first:at]
            part = replace(block, kind="paragraph", text=words, links=links)
            if is_item:
                part = replace(part, kind="item", depth=1, group=block.group or group)
            self.blocks.append(part)

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
        kind: BlockKind = "embed" if element.tag in EMBEDDING_ELEMENTS else "html"
        self._add_non_spoken(RawBlock(kind, one_line(written), begins))

    def _add_non_spoken(self, block: RawBlock) -> None:
        # In the middle of a block, it comes after it.
        (self._non_spoken if self._has_words else self.blocks).append(block)


def _first_number(element: Any) -> int | None:
    """The number of the first item of an ordered list; None for another list."""
    if element.tag != "ol":
        return None
    start = element.get("start", "")
    if start.isdecimal() and len(start) < 5:
        return int(start)
    return len(element.findall("li")) if _is_reversed(element) else 1


def _is_reversed(element: Any) -> bool:
    return element is not None and element.get("reversed") is not None


def _is_element(node: Any) -> bool:
    """Whether a node is an element, not a comment or a processing instruction."""
    return isinstance(node.tag, str)
