"""Spoken text cut to a length that an engine can take.

Neural engines hold a whole unit in memory: 800 words without a stop cost some of them 19 GB.
"""

from __future__ import annotations

import re

from sayso.speech.spoken.rule import words as word_list

_TOKEN = re.compile(r"(?:⟦[^⟦⟧]*⟧|[^\s⟦])+|⟦")
_LEVELS = (
    re.compile(r"[.!?…]['\"”’)]*$"),
    re.compile(r"[;:]['\"”’)]*$"),
    re.compile(r"[,—–]['\"”’)]*$"),
)
_CONJUNCTIONS = frozenset(
    word_list(
        "and but or nor so yet because which that who whose when while where as with although "
        "though if until before after since than for from into about"
    )
)
_CLOSERS = re.compile(r"[。、，！？；：]")


def pieces(spoken: str, limit: int = 300) -> tuple[str, ...]:
    """Cut `spoken` into pieces of at most `limit` characters.

    Cuts fall at the end of a sentence or clause where there is one, else before a conjunction,
    else between words, and inside a word only where the word alone is longer than the limit. A
    `⟦…⟧` mark is never cut, however long. Pieces are alike in length. Joined with single spaces
    they give the text back (white space collapsed), but for words that had to be cut.
    """
    if limit < 1:
        raise ValueError("limit must be at least 1")
    words = [part for token in _TOKEN.findall(spoken) for part in _shorten(token, limit)]
    result: list[str] = []
    start = 0
    total = sum(len(word) + 1 for word in words) - 1
    while start < len(words):
        if total <= limit:
            result.append(" ".join(words[start:]))
            break
        end = _best_cut(words, start, total, limit)
        piece = " ".join(words[start:end])
        result.append(piece)
        total -= len(piece) + 1
        start = end
    return tuple(result)


def _best_cut(words: list[str], start: int, total: int, limit: int) -> int:
    """The index after the last word of the next piece."""
    aim = total / -(-total // limit)
    length = -1
    best: tuple[int, float] | None = None
    best_end = start + 1
    for end in range(start + 1, len(words) + 1):
        length += 1 + len(words[end - 1])
        if length > limit and end > start + 1:
            break
        if length < limit / 3 and end > start + 1:
            best_end = end if best is None else best_end
            continue
        rank = (_level(words, end), abs(length - aim))
        if best is None or rank < best:
            best, best_end = rank, end
    return best_end


def _level(words: list[str], end: int) -> int:
    """How good a cut before word `end` is, 0 the best."""
    last = words[end - 1]
    for level, pattern in enumerate(_LEVELS):
        if pattern.search(last):
            return level
    if end < len(words) and words[end].lower() in _CONJUNCTIONS:
        return len(_LEVELS)
    return len(_LEVELS) + 1


def _shorten(token: str, limit: int) -> list[str]:
    """A token as it is, or, where it is longer than the limit, cut to lengths that fit."""
    if len(token) <= limit:
        return [token]
    parts: list[str] = []
    for atom in re.findall(r"⟦[^⟦⟧]*⟧|[^⟦]+|⟦", token):
        if atom.startswith("⟦"):
            parts.append(atom)
            continue
        rest = atom
        while len(rest) > limit:
            stops = [m.end() for m in _CLOSERS.finditer(rest, 0, limit)]
            cut = stops[-1] if stops else limit
            parts.append(rest[:cut])
            rest = rest[cut:]
        if rest:
            parts.append(rest)
    return parts
