"""A block of a review as its reader finds it, not numbered yet, and what the readers share."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from sayso.language.text import word_set
from sayso.model import BlockKind, Link

TASK_BOX = r"\[[ xX]\]\s+"
"""The box of a task list at the start of an item, as GitHub shows it."""

SILENT_ELEMENTS = word_set(
    "script style template noscript iframe object svg math canvas audio video form button select"
    " textarea nav"
)
"""Elements of HTML whose content is not spoken: it is not shown, or not for reading."""
BLOCK_ELEMENTS = word_set(
    "address article aside blockquote body center dd details div dl dt fieldset figcaption figure"
    " footer h1 h2 h3 h4 h5 h6 header hr html li main ol p pre section summary table ul"
)
"""What the HTML standard lays out as blocks (§15.3.3, `display: block`)."""
CELL_ELEMENTS = word_set("caption tr td th")
"""Parts of a table."""

_NOTE = r"\s*[\[(]?(?:\d{1,3}|[*†‡])[\])]?\s*"
_NOTE_MARK = re.compile(
    rf"<sup(?:\s[^<>]*)?>\s*<a\s[^<>]*>{_NOTE}</a>\s*</sup>"
    rf"|<a\s[^<>]*>\s*<sup(?:\s[^<>]*)?>{_NOTE}</sup>\s*</a>"
    rf"|(?:(?<=[^\W\d_]{{3}})|(?<=[.!?”\"]))<sup>{_NOTE}</sup>",
    re.IGNORECASE,
)
"""A raised number that links to a note or follows a whole word: not a word of the text."""
_RAISED = re.compile(r"(?<=\w)<sup>(\d{1,3})</sup>", re.IGNORECASE)
_RAISED_DIGITS = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")

_LONGEST_BOLD_HEADING = 100


def acts_as_heading(text: str) -> bool:
    """Whether a paragraph that is bold from end to end is a heading, not a loud sentence."""
    return len(text) <= _LONGEST_BOLD_HEADING and not text.endswith((".", "!", ",", ";", "…"))


def convert_raised_numbers(html: str) -> str:
    """`html` without the marks of notes, and with other raised numbers as digits: 10⁶, 40 m²."""
    html = _NOTE_MARK.sub("", html)
    return _RAISED.sub(lambda match: match[1].translate(_RAISED_DIGITS), html)


EMBEDDING_ELEMENTS = word_set("iframe object video audio embed")
"""Elements that show what lies elsewhere."""

_LONGEST_VERSE = 70
"""Characters in a line of a poem or song; prose is wrapped later."""


def is_verse(lines: Sequence[str], *, is_sure: bool, kind: BlockKind) -> bool:
    """Whether lines are those of a poem or song, each of which is meant.

    With `is_sure` their author ended each on purpose. Else only the lines of a quote may be some,
    where each begins as lines of verse do: prose that is wrapped goes on in small letters.
    """
    if len(lines) < 2 or max(map(len, lines)) > _LONGEST_VERSE:
        return False
    if is_sure:
        return kind == "quote" or len(lines) > 2
    return kind == "quote" and all(
        (line.lstrip("\"'“‘(—–-… ")[:1] or " ").isupper() for line in lines
    )


SPOILER_OPENS, SPOILER_CLOSES = "\x02", "\x03"
"""Around a spoiler within a paragraph: characters that no text has when it comes to a reader."""


@dataclass(frozen=True, slots=True)
class RawBlock:
    """A block as its reader finds it, without number and sentences; the fields are `Block`'s.

    The lines of a `verse` are separated by line ends.
    """

    kind: BlockKind
    text: str
    line: int
    level: int = 0
    group: int = 0
    depth: int = 0
    number: int | None = None
    spoiler: bool = False
    links: tuple[Link, ...] = ()
