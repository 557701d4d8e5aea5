"""The fenced blocks of the documentation, and the marks before them.

A comment on the lines before a fence says what a reader need not see:

- `<!-- not run: REASON -->`: the block is shown and not run, for a reason;
- `<!-- first run: COMMAND -->`: what has to be there before it, as many as it takes.
"""

from __future__ import annotations

import re
import textwrap
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
OUTSIDE = ("README.md", "CONTRIBUTING.md", "scripts/README.md", "audio/README.md")
PAGES = (*OUTSIDE, *sorted(str(p.relative_to(ROOT)) for p in (ROOT / "docs").rglob("*.md")))
"""Every page, by its path in the repository."""
_FENCE = re.compile(
    r"(?P<marks>(?:^ *<!-- (?:not run|first run): .*? -->\n+)*)"
    r"^(?P<indent> *)```(?P<language>[a-z0-9]*)(?P<rest>[^\n]*)\n(?P<text>.*?)^(?P=indent)```$",
    re.MULTILINE | re.DOTALL,
)


@dataclass(frozen=True, slots=True)
class Block:
    """One fenced block of a page."""

    page: str
    line: int
    """Of its fence."""
    language: str
    title: str | None
    """The file that it is the content of."""
    text: str
    not_run: str | None
    """Why it is not run."""
    first: tuple[str, ...]
    """Commands to run before it."""

    @property
    def place(self) -> str:
        """`docs/x.md:12`, for messages."""
        return f"{self.page}:{self.line}"


def read(page: str) -> str:
    """The text of a page."""
    return (ROOT / page).read_text("utf-8")


def blocks(page: str, language: str | None = None) -> list[Block]:
    """The fenced blocks of a page, in its order; of one language, if it is given."""
    text = read(page)
    found = []
    for match in _FENCE.finditer(text):
        marks = re.findall(r"<!-- (not run|first run): (.*?) -->", match["marks"])
        title = re.search(r'title="([^"]+)"', match["rest"])
        block = Block(
            page=page,
            line=text.count("\n", 0, match.start("indent")) + 1,
            language=match["language"],
            title=title[1] if title else None,
            text=textwrap.dedent(match["text"]),
            not_run=next((why for kind, why in marks if kind == "not run"), None),
            first=tuple(command for kind, command in marks if kind == "first run"),
        )
        if language in (None, block.language):
            found.append(block)
    return found


def prose(page: str) -> str:
    """A page without its fenced blocks."""
    return _FENCE.sub("", read(page))
