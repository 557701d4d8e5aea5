"""The catalogue of errors: what each code means, and how to mend it.

Errors carry the ids alone (`sayso.errors`); this is read when somebody asks what one means. A test
holds it against the codes that the source raises.
"""

from __future__ import annotations

from sayso.error_codes import checking, machine, publishing, scripting, speaking, writing
from sayso.error_codes.code import Code, Section

CATALOGUE: tuple[Section, ...] = (
    *writing.SECTIONS,
    *scripting.SECTIONS,
    *speaking.SECTIONS,
    *checking.SECTIONS,
    *publishing.SECTIONS,
    *machine.SECTIONS,
)

CODES: dict[str, Code] = {code.id: code for section in CATALOGUE for code in section.codes}

__all__ = ["CATALOGUE", "CODES", "Code", "Section"]
