"""Sentences that lean on the one before them: read after anything else, they dangle."""

from __future__ import annotations

import re

_TURNS = (
    *("but", "yet", "however", "nevertheless", "nonetheless", "still", "and", "or", "so", "also"),
    *("besides", "instead", "otherwise", "therefore", "thus", "hence", "likewise", "similarly"),
    *("moreover", "furthermore", "additionally", "conversely", "then", "that said", "even so"),
    *(
        "in addition",
        "by contrast",
        "in contrast",
        "as a result",
        "on the other hand",
        "speaking of",
    ),
    *("for example", "for instance", "to be fair", "granted"),
)
"""They turn from something that was just said, or add to it."""
_POINTS = (
    *("this", "that", "these", "those", "such", "he", "she", "they", "his", "her", "their"),
    *("both", "neither", "the latter", "the former", "the same goes"),
)
"""They point at something that was just named; `it` is mostly the thing reviewed."""
_REVIEWED = (
    *("book", "device", "film", "game", "movie", "novel", "phone", "place", "restaurant"),
    *("season", "series", "show", "time", "week", "year", "headset", "story"),
)
"""`This film` can be said anywhere in a review of a film."""

_START = r"[\"“‘'(\[]*"
_TURN = re.compile(rf"{_START}(?P<words>{'|'.join(_TURNS)})\b(?!-)", re.IGNORECASE)
_POINT = re.compile(
    rf"{_START}(?P<words>{'|'.join(_POINTS)})\b(?!-)"
    rf"(?!(?<=this) (?:[\w-]+ )?(?:{'|'.join(_REVIEWED)})\b)",
    re.IGNORECASE,
)


def leans(text: str) -> str | None:
    """The words by which a text leans on what stands before it, or None."""
    found = _TURN.match(text) or _POINT.match(text)
    return found["words"] if found else None


def turns(text: str) -> bool:
    """Whether a text opens by turning from what was just said: nothing may be said in between."""
    return _TURN.match(text) is not None
