"""The text of a paragraph, item, quote or heading of Markdown → its words, in blocks."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING

from sayso.language.text import one_line
from sayso.model import BlockKind, Link
from sayso.review.blocks import (
    BLOCK_ELEMENTS,
    CELL_ELEMENTS,
    EMBEDDING_ELEMENTS,
    SILENT_ELEMENTS,
    TASK_BOX,
    RawBlock,
    acts_as_heading,
    is_verse,
)

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.token import Token

_MAX_INLINE = 20_000
"""Longer paragraphs are parsed in pieces: emphasis and links take time squared in the length."""
_MAX_BRACKETS = 200
"""In a piece with more, none is a link: the parser searches the whole piece for the end of each."""
_BREAKS = ("softbreak", "hardbreak")
TEXT_TOKENS = ("text", "text_special", "code_inline")
_OPEN_TAG = re.compile(rf"<({'|'.join(SILENT_ELEMENTS)})\b[^>]*(?<!/)>", re.IGNORECASE)
_SEPARATING_TAG = re.compile(
    rf"</?(?:br|{'|'.join(BLOCK_ELEMENTS | CELL_ELEMENTS)})\b", re.IGNORECASE
)
"""Words before and after it are not one word."""
_LINE_BREAK = re.compile(r"<br\b", re.IGNORECASE)
FOOTNOTE_MARK = re.compile(r"\[\^([^\]\s]{1,40})\](?!:)")
_INLINE_NOTE = re.compile(r"\^\[([^\[\]]{1,2000})\]")
_TASK_BOX = re.compile(rf"\A{TASK_BOX}")

References = dict[str, dict[str, object]]
"""Where the links of `[text][label]` lead, by label, as markdown-it notes them."""


@cache
def markdown_parser(indented_code: bool) -> MarkdownIt:
    """The parser, for block structure alone: see `inline_tokens`."""
    from markdown_it import MarkdownIt  # here: slow to import, and plain text does not need it
    from mdit_py_plugins.deflist import deflist_plugin
    from mdit_py_plugins.footnote import footnote_plugin

    parser = MarkdownIt("commonmark", {"maxNesting": 60, "store_labels": True})
    parser.enable(["table", "strikethrough"])
    parser.use(footnote_plugin, inline=False, move_to_end=False).use(deflist_plugin)
    parser.disable(["inline", "footnote_ref"])  # done piece by piece, see inline_tokens
    if not indented_code:
        parser.disable("code")
    parser.validateLink = lambda url: True  # type: ignore[method-assign]  # none is followed here
    return parser


def inline_blocks(
    content: str, like: RawBlock, links: References, *, line_paragraphs: bool
) -> Iterator[RawBlock]:
    """The blocks in the Markdown of a paragraph, item, quote or heading: its words, then the rest.

    `like` is the block without its text. With `line_paragraphs`, each line is a block.
    """
    words = _Words(like)
    non_spoken: list[RawBlock] = []
    silent = ""
    hidden: list[str] = []
    shown: list[str] = []
    line = like.line
    tokens = list(inline_tokens(content, links))
    captions = _find_captions(tokens) if "![" in content else frozenset[int]()
    for child in tokens:
        if line - like.line in captions and child.type not in (*_BREAKS, "image"):
            if child.type in TEXT_TOKENS:
                shown.append(child.content)
            continue
        if shown:
            non_spoken.append(RawBlock("caption", one_line("".join(shown)), line))
            shown = []
        if silent:
            hidden.append(" " if child.type in _BREAKS else child.content)
            if child.type == "html_inline" and child.content.casefold().startswith(f"</{silent}"):
                non_spoken.append(_hidden_block(silent, hidden, line))
                silent, hidden = "", []
            continue
        if child.type in _BREAKS:
            line += 1
            if line_paragraphs and like.kind != "heading":
                yield from words.finish()
                yield from non_spoken
                words, non_spoken = _Words(replace(like, line=line)), []
            else:
                words.break_line(hard=child.type == "hardbreak")
            continue
        words.add(child)
        if child.type == "image":
            caption = one_line(str(child.attrs.get("title") or child.content))
            if caption:
                non_spoken.append(RawBlock("caption", caption, line))
        elif child.type == "html_inline":
            opened = _OPEN_TAG.match(child.content)
            if opened:
                silent, hidden = opened[1].casefold(), [child.content]
            elif child.content.startswith("<!"):
                non_spoken.append(RawBlock("html", one_line(child.content), line))
            elif _LINE_BREAK.match(child.content):
                words.break_line(hard=True)
            elif _SEPARATING_TAG.match(child.content):
                words.text.append(" ")
    if shown:
        non_spoken.append(RawBlock("caption", one_line("".join(shown)), line))
    if silent:
        non_spoken.append(_hidden_block(silent, hidden, line))
    yield from words.finish()
    for note in words.notes:
        yield RawBlock("note", one_line(note), line)
    yield from non_spoken


def _find_captions(tokens: Sequence[Token]) -> frozenset[int]:
    """The lines, from 0, that are an italic caption: after a picture, or in a line of pictures."""
    found: set[int] = set()
    pictured = False
    at = depth = 0
    has_picture = has_italics = has_words = False
    for token in [*tokens, None]:
        if token is None or token.type in _BREAKS:
            if has_italics and not has_words and (has_picture or pictured):
                found.add(at)
            pictured = has_picture and not has_words
            at += 1
            has_picture = has_italics = has_words = False
        elif token.type in ("em_open", "em_close"):
            depth += token.nesting
        elif token.type == "image":
            has_picture = True
        elif token.type in TEXT_TOKENS and token.content.strip():
            has_italics = has_italics or depth > 0
            has_words = has_words or depth == 0
    return frozenset(found)


def _hidden_block(element: str, hidden: list[str], line: int) -> RawBlock:
    kind: BlockKind = "embed" if element in EMBEDDING_ELEMENTS else "html"
    return RawBlock(kind, one_line("".join(hidden)), line)


class _Words:
    """The words of a block, whether all of them are bold, and its links."""

    def __init__(self, like: RawBlock) -> None:
        self.text: list[str] = []
        self.notes: list[str] = []
        self._like = like
        self._depth = 0
        self._any_bold, self._all_bold = False, True
        self._bold_line = (0, 0)
        """How much of the text and of the links is a first line that is all bold."""
        self._breaks: set[bool] = set()
        self._links: list[Link] = []
        self._link: tuple[str, int] | None = None

    def add(self, token: Token) -> None:
        """Add the words of an inline token, if it has any."""
        if token.type in ("strong_open", "strong_close"):
            self._depth += token.nesting
            self._any_bold = True
        elif self._depth == 0 and token.type != "html_inline" and token.content.strip(" :"):
            self._all_bold = False
        if token.type == "link_open":
            self._link = (str(token.attrs.get("href", "")), len(self.text))
        elif token.type == "link_close" and self._link is not None:
            url, start = self._link
            self._links.append(Link(one_line("".join(self.text[start:])), url))
            self._link = None
        elif token.type in TEXT_TOKENS:
            self.text.append(token.content)

    def break_line(self, *, hard: bool) -> None:
        """End a line; a `hard` end is one that its author asked for."""
        if self._is_all_bold() and not self._depth and not self._breaks:
            self._bold_line = (len(self.text), len(self._links))
        self._breaks.add(hard)
        self.text.append("\n")

    def finish(self) -> Iterator[RawBlock]:
        """The blocks of these words; none where there are no words.

        A first line that is bold and acts as a heading is one, unless the next goes on with it.
        """
        like, text, links = self._like, self.text, self._links
        end, n_links = self._bold_line
        heading, rest = one_line("".join(text[:end])), "".join(text[end:]).lstrip()
        is_new = heading[-1:] not in ("", ":") and rest != "" and not rest[0].islower()
        is_new = is_new and acts_as_heading(heading) and not self._is_all_bold()
        if is_new and like.kind == "paragraph":
            yield replace(like, kind="heading", text=heading, links=tuple(links[:n_links]))
            like, text, links = replace(like, line=like.line + 1), text[end:], links[n_links:]
        plain = _INLINE_NOTE.sub(self._take_note, FOOTNOTE_MARK.sub("", "".join(text)))
        lines = [one for line in plain.split("\n") if (one := one_line(line))]
        said = one_line(plain)
        kind = like.kind
        if kind == "item":
            said = _TASK_BOX.sub("", said)
        if kind == "paragraph" and self._is_all_bold() and acts_as_heading(said):
            kind = "heading"
        elif kind in ("paragraph", "quote") and is_verse(
            lines, is_sure=self._breaks == {True}, kind=kind
        ):
            kind, said = "verse", "\n".join(lines)
        if said:
            yield replace(like, kind=kind, text=said, links=tuple(links))

    def _is_all_bold(self) -> bool:
        return self._any_bold and self._all_bold

    def _take_note(self, note: re.Match[str]) -> str:
        self.notes.append(note[1])
        return ""


def inline_tokens(content: str, links: References) -> Iterator[Token]:
    """The inline tokens of `content`, whose links by reference are in `links`."""
    parser = markdown_parser(True)
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
