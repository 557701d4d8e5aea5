"""Text as a feed can carry it: no control characters, no space at its ends, not too long."""

from __future__ import annotations

import re

from sayso.model.html_allowlist import MAX_DESCRIPTION_BYTES

MAX_CHARACTERS = 255
"""Of any value that has no limit of its own (PSP-1, "node values")."""

# What XML 1.0 §2.2 has no place for, and the controls that it only tolerates.
_CONTROL = re.compile("[^\t\n\r\u0020-\u007e\u00a0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_SPACE = re.compile(r"\s+")


def one_line(text: str, max_characters: int = MAX_CHARACTERS) -> str:
    """Words on one line; what is too long ends in `…` after a whole word."""
    line = _SPACE.sub(" ", _CONTROL.sub(" ", text)).strip()
    return line if len(line) <= max_characters else _cut(line, line[: max_characters - 1])


def several_lines(text: str, max_bytes: int = MAX_DESCRIPTION_BYTES) -> str:
    """Plain text that keeps its lines, at most `max_bytes` of UTF-8."""
    clean = clean_lines(text).strip()
    raw = clean.encode()
    if len(raw) <= max_bytes:
        return clean
    return _cut(clean, raw[: max_bytes - len("…".encode())].decode("utf-8", "ignore"))


def clean_lines(text: str) -> str:
    """Text without control characters, every line end a `\\n`."""
    return _CONTROL.sub(" ", text.replace("\r\n", "\n").replace("\r", "\n"))


def address(url: str) -> str:
    """An address without the spaces that podcast clients stumble over."""
    return _SPACE.sub("%20", _CONTROL.sub(" ", url).strip())


def _cut(whole: str, kept: str) -> str:
    """`kept`, the beginning of `whole`, without the word that it breaks, and `…`."""
    if not whole[len(kept)].isspace():
        word = re.search(r"\s\S*\Z", kept)
        kept = kept[: word.start()] if word else kept
    return kept.rstrip() + "…"
