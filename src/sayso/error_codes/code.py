"""What there is to say of the code of an error."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Code:
    """A kind of problem that deserves a paragraph of help. Its texts are Markdown."""

    id: str
    """As messages show it in brackets: `unknown-voice`."""
    title: str
    meaning: str
    hint: str


@dataclass(frozen=True, slots=True)
class Section:
    """Codes of one part of sayso."""

    title: str
    about: str
    codes: tuple[Code, ...]
