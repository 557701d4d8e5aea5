"""CommonMark (with tables) → blocks of plain text.

Inline markup is removed: links become their text; emphasis, code and HTML become their words;
images become a caption of their own. A line that is bold from end to end acts as a heading.

Blog engines and note programs add more, none of which is for reading: shortcodes of Hugo, Jekyll,
Eleventy (Liquid) and WordPress; attributes of kramdown and Pandoc; links, images, highlights and
callouts of Obsidian, the last also of GitHub. Each is removed; the words within a pair stay.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache
from typing import TYPE_CHECKING

from sayso.language.text import one_line
from sayso.model import BlockKind
from sayso.review.blocks import (
    BLOCK_ELEMENTS,
    CELL_ELEMENTS,
    SILENT_ELEMENTS,
    TASK_BOX,
    RawBlock,
    acts_as_heading,
    convert_raised_numbers,
)

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.token import Token

_MAX_INLINE = 20_000
"""Longer paragraphs are parsed in pieces: emphasis and links take time squared in the length."""
_MAX_BRACKETS = 200
"""In a piece with more, none is a link: the parser searches the whole piece for the end of each."""
_BREAKS = ("softbreak", "hardbreak")
_TEXT_TOKENS = ("text", "text_special", "code_inline")
_OPEN_TAG = re.compile(rf"<({'|'.join(SILENT_ELEMENTS)})\b[^>]*(?<!/)>", re.IGNORECASE)
_SEPARATING_TAG = re.compile(
    rf"</?(?:br|{'|'.join(BLOCK_ELEMENTS | CELL_ELEMENTS)})\b", re.IGNORECASE
)
"""Words before and after it are not one word."""
_DEEP_QUOTE = re.compile(r"^(?:[ \t]{0,3}>[ \t]?){9,}", re.MULTILINE)
_DEEP_LIST = re.compile(
    r"^((?:[ \t]*(?:[-+*]|\d{1,9}[.)])[ \t]+){5})(?:(?:[-+*]|\d{1,9}[.)])[ \t]+)+", re.MULTILINE
)
_YEAR = re.compile(r"^((?:[ \t]*(?:>|[-+*][ \t]))*[ \t]*\d{4,9})(?=[.)][ \t])", re.MULTILINE)
"""`1984. A year like any other.` is a sentence, not number 1984 of a list."""
_DEEP_INDENT = re.compile(r"^[ \t]{80,}", re.MULTILINE)
_FOOTNOTE_MARK = re.compile(r"\[\^[^\]\s]{1,40}\](?!:)")
_TASK_BOX = re.compile(rf"\A{TASK_BOX}")

_References = dict[str, dict[str, object]]
"""Where the links of `[text][label]` lead, by label, as markdown-it notes them."""


def markdown_blocks(
    text: str, first_line: int, *, line_paragraphs: bool, indented_code: bool
) -> Iterator[RawBlock]:
    """Yield the blocks of `text`, whose first line is line `first_line` of the file.

    With `line_paragraphs`, every line of a paragraph is a paragraph; without `indented_code`, an
    indented line is an ordinary paragraph.
    """
    text = _DEEP_QUOTE.sub("> ", text)
    text = _DEEP_LIST.sub(r"\1", text)
    text = _DEEP_INDENT.sub(" " * 80, text)
    text = _YEAR.sub(r"\1\\", text)
    env: dict[str, _References] = {}
    tokens = _parser(indented_code).parse(text, env)
    references = env.get("references", {})
    links = {label: one for label, one in references.items() if not label.startswith("^")}
    inside: list[str] = []
    for at, token in enumerate(tokens):
        line = first_line + (token.map[0] if token.map else 0)
        if token.type in ("blockquote_open", "list_item_open", "table_open"):
            inside.append(token.type)
            if token.type == "table_open":
                yield RawBlock("table", _read_table(tokens, at, links), line)
        elif token.type in ("blockquote_close", "list_item_close", "table_close"):
            inside.pop()
        elif "table_open" in inside:
            continue
        elif token.type == "inline":
            kind, level = _block_kind(tokens[at - 1], inside)
            plain = convert_raised_numbers(token.content)
            token.content, non_spoken = strip_blog_markup(plain, line)
            yield from _inline_blocks(token, kind, level, line, line_paragraphs, links)
            yield from non_spoken
        elif token.type in ("fence", "code_block"):
            yield RawBlock("code", one_line(token.content), line)
        elif token.type == "html_block":
            # Here, since it imports lxml, which few reviews need.
            from sayso.review.html_in_markdown import parse_fragment

            yield from parse_fragment(token.content, line)
    for label, reference in references.items():
        if label not in links:  # a one-word footnote reads as a link's definition
            span = reference.get("map")
            line = first_line + (span[0] if isinstance(span, list) else 0)
            note = f"[{label.lower()}]: {reference.get('href', '')} {reference.get('title', '')}"
            yield RawBlock("paragraph", note.strip(), line)


@cache
def _parser(indented_code: bool) -> MarkdownIt:
    from markdown_it import MarkdownIt  # here: slow to import, and plain text does not need it

    parser = MarkdownIt("commonmark", {"maxNesting": 60, "store_labels": True})
    parser.enable(["table", "strikethrough"])
    parser.disable("inline")  # done piece by piece, see _inline_tokens
    if not indented_code:
        parser.disable("code")
    return parser


def _block_kind(opening: Token, inside: Sequence[str]) -> tuple[BlockKind, int]:
    if opening.type == "heading_open":
        return "heading", int(opening.tag[1:])
    if not inside:
        return "paragraph", 0
    return ("item" if inside[-1] == "list_item_open" else "quote"), 0


def _inline_blocks(
    token: Token,
    kind: BlockKind,
    level: int,
    line: int,
    line_paragraphs: bool,
    links: _References,
) -> Iterator[RawBlock]:
    """The blocks in the text of a paragraph, item, quote or heading: its words, then the rest."""
    words = _Words()
    non_spoken: list[RawBlock] = []
    silent = ""
    hidden: list[str] = []
    start = line
    for child in _inline_tokens(token.content, links):
        if silent:
            hidden.append(" " if child.type in _BREAKS else child.content)
            if child.type == "html_inline" and child.content.casefold().startswith(f"</{silent}"):
                non_spoken.append(RawBlock("html", one_line("".join(hidden)), line))
                silent, hidden = "", []
            continue
        if child.type in _BREAKS:
            line += 1
            if line_paragraphs and kind != "heading":
                yield from words.finish(kind, level, start)
                yield from non_spoken
                words, non_spoken, start = _Words(), [], line
            else:
                words.text.append(" ")
            continue
        words.add(child)
        if child.type == "image":
            caption = one_line(str(child.attrs.get("title") or child.content))
            non_spoken.append(RawBlock("caption", caption, line))
        elif child.type == "html_inline":
            opened = _OPEN_TAG.match(child.content)
            if opened:
                silent, hidden = opened[1].casefold(), [child.content]
            elif child.content.startswith("<!"):
                non_spoken.append(RawBlock("html", one_line(child.content), line))
            elif _SEPARATING_TAG.match(child.content):
                words.text.append(" ")
    if silent:
        non_spoken.append(RawBlock("html", one_line("".join(hidden)), line))
    yield from words.finish(kind, level, start)
    yield from non_spoken


class _Words:
    """The words of a block, and whether all of them are bold."""

    def __init__(self) -> None:
        self.text: list[str] = []
        self._depth = 0
        self._any_bold, self._all_bold = False, True

    def add(self, token: Token) -> None:
        """Add the words of an inline token, if it has any."""
        if token.type in ("strong_open", "strong_close"):
            self._depth += token.nesting
            self._any_bold = True
        elif self._depth == 0 and token.content.strip(" :"):
            self._all_bold = False
        if token.type in _TEXT_TOKENS:
            self.text.append(token.content)

    def finish(self, kind: BlockKind, level: int, line: int) -> Iterator[RawBlock]:
        """The block of these words; none where there are no words."""
        text = one_line(_FOOTNOTE_MARK.sub("", "".join(self.text)))
        if kind == "item":
            text = _TASK_BOX.sub("", text)
        if kind == "paragraph" and self._any_bold and self._all_bold and acts_as_heading(text):
            kind = "heading"
        if text:
            yield RawBlock(kind, text, line, level)


def _inline_tokens(content: str, links: _References) -> Iterator[Token]:
    parser = _parser(True)
    for piece in _cut_pieces(content):
        children: list[Token] = []
        if piece.count("[") > _MAX_BRACKETS:
            piece = piece.replace("[", "&#91;")
        parser.inline.parse(piece, parser, {"references": links}, children)
        for before, child in zip([None, *children], children, strict=False):
            number = child.content if child.content.isdigit() else None
            if number and before is not None and before.meta.get("label") == number:
                child.content = f"[{number}]"  # a note, as readers of the source see it: `good[1]`
            yield child


def _cut_pieces(content: str) -> Iterator[str]:
    start = 0
    while len(content) - start > _MAX_INLINE:
        end = content.rfind("\n", start, start + _MAX_INLINE) + 1
        if end <= start:
            end = content.rfind(". ", start, start + _MAX_INLINE) + 2
        if end <= start + 1:
            end = start + _MAX_INLINE
        yield content[start:end]
        start = end
    yield content[start:]


def _read_table(tokens: Sequence[Token], at: int, links: _References) -> str:
    cells: list[str] = []
    for token in tokens[at:]:
        if token.type == "table_close":
            break
        if token.type == "inline":
            children = _inline_tokens(token.content, links)
            cells.append(one_line("".join(c.content for c in children if c.type in _TEXT_TOKENS)))
    return " | ".join(cell for cell in cells if cell)


# ------------------------------------------------- what blog engines and note programs add to it


_MAX_MARKUP = 2_000
"""A paragraph with more brackets and braces stays as it is: to find the end of each takes long."""
_CAPTION = re.compile(r"\[caption\b[^\]\n]{0,500}\](.{0,2000}?)\[/caption\]", re.DOTALL)
_PICTURE = re.compile(r"<[^<>]{0,1000}>|!\[[^\]]{0,500}\]\([^)\s]{0,1000}\)")
_SHORTCODE = re.compile(
    r"(?<!`)(?:"  # within `…` the text is about them
    r"\{\{[<%].{1,500}?[>%]\}\}"
    r"|\{%.{1,500}?%\}"
    r"|\{\{.{1,500}?\}\}"
    r"|\[/?(?:gallery|embed|video|audio|playlist|youtube|vimeo|spotify|soundcloud|twitter|tweet"
    r"|instagram|tiktok)(?:[\s=][^\[\]\n]{0,500})?\](?!\()"
    r"""|\[[a-z][\w-]{0,40}(?:\s+[\w-]{1,40}=(?:"[^"\n]{0,300}"|'[^'\n]{0,300}'|[^\s\]"']{1,300})"""
    r"){1,20}\s*/?\](?!\()"
    r"|\[\[?(?:toc|TOC)\]\]?(?!\()"
    r"|!\[\[[^\[\]\n]{1,300}\]\]"
    r")",
    re.DOTALL,
)
_ATTRIBUTES = re.compile(r"\{:[^{}\n]{0,300}\}|(?<=\S)[ \t]?\{[#.][^{}\n]{1,300}\}(?=\s*$)", re.M)
_WIKI_LINK = re.compile(r"\[\[(?:[^\[\]|\n]{1,200}\|)?([^\[\]|\n]{1,200})\]\](?!\()")
_HIGHLIGHT = re.compile(r"(?<![=\w])==(?=\S)([^=\n]{1,500})(?<=\S)==(?![=\w])")
_CALLOUT = re.compile(r"\A\[![A-Za-z]{1,20}\][+-]?[ \t]*")


def strip_blog_markup(text: str, line: int) -> tuple[str, list[RawBlock]]:
    """Remove what is not for reading from a paragraph's Markdown, which begins on `line`.

    The number of lines stays the same. What was removed is returned as blocks; marks around words
    are just dropped.
    """
    if text.count("[") + text.count("{") > _MAX_MARKUP:
        return text, []
    found: list[RawBlock] = []

    def remove(match: re.Match[str]) -> str:
        at = line + text.count("\n", 0, match.start())
        if match.re is _CAPTION:
            found.append(RawBlock("caption", one_line(_PICTURE.sub(" ", match[1])), at))
        else:
            found.append(RawBlock("code", one_line(match[0]), at))
        return "\n" * match[0].count("\n")

    text = _CALLOUT.sub("", _CAPTION.sub(remove, text))
    text = _ATTRIBUTES.sub("", _SHORTCODE.sub(remove, text))
    return _HIGHLIGHT.sub(r"\1", _WIKI_LINK.sub(r"\1", text)), found
