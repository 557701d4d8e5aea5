"""A block as the readers of reviews find it, not numbered yet, and what several of them know."""

from __future__ import annotations

import re
from dataclasses import dataclass

from sayso.model import BlockKind

TASK_BOX = r"\[[ xX]\]\s+"
"""At the start of an item: a box to be ticked, as GitHub shows it."""

SILENT_TAGS = (
    *("script", "style", "template", "noscript"),
    *("iframe", "object", "svg", "math", "canvas", "audio", "video"),
    *("form", "button", "select", "textarea", "nav"),
)
"""Elements of HTML whose content is not said: it is not shown, or not for reading."""
_NOTE = r"\s*[\[(]?(?:\d{1,3}|[*†‡])[\])]?\s*"
_NOTE_MARK = re.compile(
    rf"<sup(?:\s[^<>]*)?>\s*<a\s[^<>]*>{_NOTE}</a>\s*</sup>"
    rf"|<a\s[^<>]*>\s*<sup(?:\s[^<>]*)?>{_NOTE}</sup>\s*</a>"
    rf"|(?:(?<=[^\W\d_]{{3}})|(?<=[.!?”\"]))<sup>{_NOTE}</sup>",
    re.IGNORECASE,
)
"""A raised number that leads to a note, or that follows a whole word: it is no word of the text."""
_RAISED = re.compile(r"(?<=\w)<sup>(\d{1,3})</sup>", re.IGNORECASE)
_RAISED_DIGITS = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")

_LONGEST_BOLD_HEADING = 100


def acts_as_heading(text: str) -> bool:
    """Whether a paragraph that is bold from end to end is a heading, and no loud sentence."""
    return len(text) <= _LONGEST_BOLD_HEADING and not text.endswith((".", "!", ",", ";", "…"))


def convert_raised_numbers(html: str) -> str:
    """`html` without its marks of notes, and with other raised numbers as such: 10⁶, 40 m²."""
    html = _NOTE_MARK.sub("", html)
    return _RAISED.sub(lambda match: match[1].translate(_RAISED_DIGITS), html)


@dataclass(frozen=True, slots=True)
class RawBlock:
    """A block with its text as a reader sees it, and the line it starts on (from 1)."""

    kind: BlockKind
    text: str
    line: int
    level: int = 0
    """1 to 6 for a Markdown heading; 0 for a bold-only line that acts as one."""
