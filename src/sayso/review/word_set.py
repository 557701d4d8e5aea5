"""Word lists as they are written in this room: in a row, with spaces between."""

from __future__ import annotations


def word_set(words: str) -> frozenset[str]:
    """The words of `words`, as a set."""
    return frozenset(words.split())
