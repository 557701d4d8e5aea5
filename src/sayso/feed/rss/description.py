"""HTML of descriptions: only what podcast apps show, well-formed, and short enough.

PSP-1, "Item description": p, ol, ul, li, a, and in them b, i, strong, em, br; 4000 bytes at most.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from html.parser import HTMLParser
from urllib.parse import urlsplit

from sayso.feed.rss.wording import address, clean_lines
from sayso.model.html_allowlist import (
    ALLOWED_ELEMENTS,
    BLOCK_ELEMENTS,
    MAX_DESCRIPTION_BYTES,
)

_UNSEEN = frozenset({"script", "style", "head", "template", "title"})
_SCHEMES = frozenset({"http", "https", "mailto"})


@dataclass(frozen=True, slots=True)
class _Piece:
    """A tag or a run of text, and what is open after it."""

    html: str
    open: tuple[str, ...]
    kind: str
    """`start`, `end` or `text`."""


def allowed_html(html: str) -> str:
    """`html` with the allowed elements alone, well-formed; words of others stay.

    Safe inside a CDATA section: it never holds `]]>`.
    """
    return "".join(piece.html for piece in _pieces(html)).strip()


def fit_description(html: str, max_bytes: int = MAX_DESCRIPTION_BYTES) -> str:
    """`allowed_html`, cut to `max_bytes` of UTF-8 after the last block that fits whole.

    Where not even the first block fits, it is cut after a word and ends in `…`.
    """
    pieces = _pieces(html)
    whole = "".join(piece.html for piece in pieces).strip()
    if len(whole.encode()) <= max_bytes:
        return whole
    return _whole_blocks(pieces, max_bytes) or _first_words(pieces, max_bytes)


def _whole_blocks(pieces: Sequence[_Piece], max_bytes: int) -> str:
    """Everything up to the end of the last paragraph or list item that fits."""
    n_bytes, best, closing = 0, 0, ""
    for index, piece in enumerate(pieces):
        n_bytes += len(piece.html.encode())
        if n_bytes > max_bytes:
            break
        ends = _closing(piece.open)
        block_ends = piece.kind == "end" and piece.html[2:-1] in BLOCK_ELEMENTS
        if block_ends and n_bytes + len(ends) <= max_bytes:
            best, closing = index + 1, ends
    return ("".join(piece.html for piece in pieces[:best]) + closing).strip() if best else ""


def _first_words(pieces: Sequence[_Piece], max_bytes: int) -> str:
    """As many words as fit, and `…`."""
    kept: list[str] = []
    best = ""
    n_bytes = 0
    for piece in pieces:
        before = "".join(kept)
        if piece.kind == "text":
            room = max_bytes - n_bytes - len(_closing(piece.open)) - len("…".encode())
            words = _first_bytes(piece.html, room)
            if words:
                best = before + words + "…" + _closing(piece.open)
        kept.append(piece.html)
        n_bytes += len(piece.html.encode())
        if n_bytes > max_bytes:
            break
    return best.strip()


def _first_bytes(text: str, n_bytes: int) -> str:
    """Whole words of escaped text, at most `n_bytes`; one endless word is cut between letters."""
    kept = text.encode()[: max(0, n_bytes)].decode("utf-8", "ignore")
    if len(kept) < len(text):
        kept = re.sub(r"&[^;\s]*\Z", "", kept)  # no half of an entity
        if not text[len(kept)].isspace():
            kept = re.sub(r"(?<=\S)\s+\S*\Z", "", kept)
    return kept.rstrip()


def _closing(tags: Sequence[str]) -> str:
    return "".join(f"</{tag}>" for tag in reversed(tags))


def _pieces(html: str) -> list[_Piece]:
    reader = _Reader()
    reader.feed(clean_lines(html))
    reader.close()
    reader.finish()
    return reader.pieces


class _Reader(HTMLParser):
    """Takes HTML as it comes, writes pieces that are well-formed."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.pieces: list[_Piece] = []
        self._open: list[str] = []
        self._unseen = 0

    def parse_marked_section(self, i: int, report: int = 1) -> int:
        """`<![…>`, which HTML takes for a comment; Python's reader gives up on most of them."""
        return self.parse_bogus_comment(i, report=False)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Open an allowed element."""
        if tag in _UNSEEN:
            self._unseen += 1
        if tag not in ALLOWED_ELEMENTS or self._unseen:
            return
        if tag == "br":
            self._write("<br>", "start")
            return
        if tag in BLOCK_ELEMENTS and "p" in self._open:  # as HTML has it: a block ends a paragraph
            self._close("p")
        if tag == "li" and self._open and self._open[-1] == "li":
            self._close("li")
        link = ""
        if tag == "a":
            if "a" in self._open:
                self._close("a")
            link = _link(dict(attrs).get("href"))
            if not link:
                return
        self._open.append(tag)
        self._write(f"<{tag}{link}>", "start")

    def handle_endtag(self, tag: str) -> None:
        """Close an element, and those that are open inside it."""
        if tag in _UNSEEN:
            self._unseen = max(0, self._unseen - 1)
        elif tag in self._open:
            self._close(tag)

    def handle_data(self, data: str) -> None:
        """Words."""
        if not self._unseen and data:
            self._write(escape(data, quote=False), "text")

    def finish(self) -> None:
        """Close what is open."""
        while self._open:
            self._close(self._open[-1])

    def _close(self, tag: str) -> None:
        while True:
            last = self._open.pop()
            self._write(f"</{last}>", "end")
            if last == tag:
                return

    def _write(self, html: str, kind: str) -> None:
        self.pieces.append(_Piece(html, tuple(self._open), kind))


def _link(href: str | None) -> str:
    """The attribute of a link that leads somewhere safe, or nothing."""
    url = address(href or "")
    try:
        parts = urlsplit(url)
        leads = parts.path if parts.scheme == "mailto" else parts.hostname
    except ValueError:
        return ""
    return f' href="{escape(url)}"' if parts.scheme in _SCHEMES and leads else ""
