"""A block as the Markdown and plain-text readers find it, before it is numbered."""

from __future__ import annotations

from dataclasses import dataclass

from sayso.model import BlockKind

TASK_BOX = r"\[[ xX]\]\s+"
"""At the start of an item: a box to be ticked, as GitHub shows it."""


@dataclass(frozen=True, slots=True)
class RawBlock:
    """A block with its text as a reader sees it, and the line it starts on (from 1)."""

    kind: BlockKind
    text: str
    line: int
    level: int = 0
    """1 to 6 for a Markdown heading; 0 for a bold-only line that acts as one."""
