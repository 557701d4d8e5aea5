"""Pronunciations inside spoken text: `⟦Cho Yi-hyun|tɕo iːjʌn⟧`.

The words before the bar are what an engine says that takes no IPA.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

_MARK = re.compile(r"⟦([^⟦⟧|]*)\|([^⟦⟧|]*)⟧")
_RESERVED = re.compile(r"[⟦⟧|]")


@dataclass(frozen=True, slots=True)
class Ipa:
    """Words with their pronunciation."""

    text: str
    """The words in spoken form, for engines that take no IPA."""
    ipa: str


def mark_ipa(text: str, ipa: str) -> str:
    """`⟦text|ipa⟧`; characters that the mark needs for itself are left out of both."""
    words = " ".join(_RESERVED.sub(" ", text).split())
    sounds = " ".join(_RESERVED.sub(" ", ipa).strip("/[] ").split())
    return f"⟦{words}|{sounds}⟧" if sounds else words


def without_ipa(spoken: str) -> str:
    """Spoken text for an engine that takes no IPA: the words alone."""
    return _MARK.sub(r"\1", spoken)


def split_ipa(spoken: str) -> list[str | Ipa]:
    """Spoken text cut into plain text and words with IPA, in order, without empty parts."""
    parts: list[str | Ipa] = []
    end = 0
    for match in _MARK.finditer(spoken):
        if match.start() > end:
            parts.append(spoken[end : match.start()])
        parts.append(Ipa(match.group(1), match.group(2)))
        end = match.end()
    if end < len(spoken):
        parts.append(spoken[end:])
    return parts
