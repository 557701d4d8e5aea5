"""Text from outside, made fit to use: controls dropped, white space collapsed, long text cut."""

from __future__ import annotations

import re

_LINE_ENDS = re.compile(r"\r\n?|[\x0b\x0c\x1c-\x1e\x85\u2028\u2029]")
_DROPPED = re.compile(
    r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f"  # terminals obey some of them
    r"\u202a-\u202e\u2066-\u2069"  # they make text read in another order than it is spoken in
    r"\ud800-\udfff\ufffe\uffff\ufeff\u200b\u2060\u00ad]"
)


def clean_text(text: str) -> str:
    """Drop control and invisible characters, and make every line end `\\n`."""
    return _DROPPED.sub("", _LINE_ENDS.sub("\n", text))


def one_line(text: str) -> str:
    """The words of `text` with single spaces between them."""
    return " ".join(text.split())


def shorten(text: str, n_most: int) -> str:
    """`text`, cut to `n_most` characters; a cut text ends in `…`."""
    return text if len(text) <= n_most else text[: n_most - 1] + "…"


def with_article(noun: str) -> str:
    """`an album`, `a book`: the indefinite article goes by the first letter."""
    return f"{'an' if noun[0] in 'aeiou' else 'a'} {noun}"


def word_set(words: str) -> frozenset[str]:
    """The words of a list that is written in a row, with spaces between."""
    return frozenset(words.split())
