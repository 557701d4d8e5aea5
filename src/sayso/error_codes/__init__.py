"""The catalogue of errors: what each code means, and how to mend it.

Errors carry the ids alone (`sayso.errors`); the texts are in `catalogue.toml`, which is read when
somebody asks what one means. A test holds it against the codes that the source raises.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path

from sayso.system.toml import read_toml


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


@cache
def catalogue() -> tuple[Section, ...]:
    """All codes, by the part of sayso that they belong to."""
    text = Path(__file__).with_name("catalogue.toml").read_text("utf-8")
    return tuple(
        Section(
            title=section["title"],
            about=_on_one_line(section["about"]),
            codes=tuple(
                Code(**{name: _on_one_line(words) for name, words in code.items()})
                for code in section["codes"]
            ),
        )
        for section in read_toml(text)["sections"]
    )


def codes() -> dict[str, Code]:
    """All codes by their ids, in the order of the catalogue."""
    return {code.id: code for section in catalogue() for code in section.codes}


def _on_one_line(text: str) -> str:
    return " ".join(text.split())
