"""Plain text → blocks, and how to tell plain text from Markdown.

A file named `.md` or `.markdown` is Markdown. Any other is plain text, unless it has one of the
signs of `looks_like_markdown`, which nobody types by chance: a `#` heading, a `>` quote, a fence, a
comment, a closing tag, a link with an address, a footnote mark, or words between `*`, `**` or `_`.
A lone `*`, a list, an indented line or a mark within a word is not such a sign.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import count, pairwise, takewhile

from sayso.review.blocks import TASK_BOX, RawBlock

LONG_LINE = 200
"""A text with a longer line has one paragraph per line. Hard-wrapped texts have about 100
characters per line; in 60 reviews with one paragraph per line, the longest line was always over
400."""

_MARKDOWN_SIGN = re.compile(
    r"^#{1,6} \S"
    r"|^ {0,3}> ?\S"
    r"|^ {0,3}(?:```|~~~)"
    r"|^ {0,3}<!--"
    r"|</[a-z][a-z0-9]{0,12}>|^ {0,3}<(?:script|style|iframe|div|p|table|img|br)\b"
    r"|\]\((?:https?:|mailto:|/|\.|#|<)[^\s)]"
    r"|(?<![\w*])\*\*[^\s*](?:[^*\n]{0,300}[^\s*])?\*\*(?![\w*])"
    r"|(?<![\w*])\*[^\W\d_](?:[^*\n]{0,100}[^\s*])?\*(?![\w*])"
    r"|\[\^[\w-]{1,20}\]"
    r"|(?<![\w_])__?[^\W_](?:[^_\n]{0,300}[^\s_])?__?(?![\w_])",
    re.MULTILINE,
)
_BULLET = re.compile(rf"\s{{0,8}}(?:[•‣◦▪●·*+–-]|\d{{1,3}}[.)])\s+(?:{TASK_BOX})?(?=\S)")
_SENTENCE_END = re.compile(r"[.!?…:;—][\"'”’»)\]*_]*\Z")
_NUMBER = re.compile(r"\s*(\d{1,3})[.)]")
_RULE = re.compile(r"[\s*=_~#.·•–—-]+")
_INDENTED = re.compile(r"(?:\A|(?<=\n)[ \t]*\n)(?: {4,}|\t+)(\S.*)")
_ENDS = re.compile(r"[.!?…。！？][”’\"')\]]*\Z")
_SENTENCE_START = re.compile(r"[\"“‘'(*_]{0,3}[A-Z][^\s=;{}<>]*(?: [^\s=;{}<>]+){4,}")


def looks_like_markdown(text: str) -> bool:
    """Whether a text without a known suffix is certainly Markdown."""
    return _MARKDOWN_SIGN.search(text) is not None


def has_one_paragraph_per_line(text: str) -> bool:
    """Whether each line is a paragraph, so that no blank lines separate them.

    It is not where the lines that another follows mostly end within a sentence: then the text is
    wrapped, and the long line an address or a table.
    """
    lines = [line.strip() for line in text.split("\n")]
    if not any(len(line) > LONG_LINE for line in lines):
        return False
    followed = [(line, after) for line, after in pairwise(lines) if line and after]
    n_whole = sum(
        len(line) > LONG_LINE
        or _SENTENCE_END.search(line) is not None
        # A heading, over a paragraph that is one line.
        or (line[0].isupper() and len(line) <= 60 and len(after) > LONG_LINE)
        for line, after in followed
    )
    return n_whole * 2 >= len(followed)


def has_indented_prose(text: str) -> bool:
    """Whether paragraphs begin indented, as on a typewriter; Markdown would make them code.

    They do if every indented line after a blank one begins a sentence.
    """
    indented = [match[1] for match in _INDENTED.finditer(text)]
    return bool(indented) and all(_SENTENCE_START.match(line) for line in indented)


def plain_blocks(text: str, first_line: int, *, line_paragraphs: bool) -> Iterator[RawBlock]:
    """Yield the blocks of plain `text`, whose first line is line `first_line` of the file.

    Lines that begin with a bullet are items; a rule of dashes or stars separates blocks. A short
    line of its own in capitals or Title Case before a paragraph is a heading; so is a short first
    line.
    """
    found = list(_paragraphs(text, first_line, line_paragraphs))
    for at, block in enumerate(found):
        if begins_with_title(found) if at == 0 else _is_section(block, found[at + 1 : at + 2]):
            yield RawBlock("heading", block.text.rstrip(": "), block.line, 1 if at == 0 else 2)
        else:
            yield block


def _paragraphs(text: str, first_line: int, line_paragraphs: bool) -> Iterator[RawBlock]:
    lines = text.split("\n")
    n_bullets = sum(1 for line in lines if _BULLET.match(line))
    words: list[str] = []
    start = first_line
    item = False
    its_number: int | None = None
    groups = count(1)
    group = 0
    for number, line in enumerate([*lines, ""], first_line):
        bullet = _BULLET.match(line) if n_bullets > 1 else None
        separates = not line.strip() or (_RULE.fullmatch(line) is not None)
        if words and (separates or bullet or line_paragraphs):
            if item:
                yield RawBlock(
                    "item", " ".join(words), start, group=group, depth=1, number=its_number
                )
            else:
                yield RawBlock("paragraph", " ".join(words), start)
            words, item = [], False
        if separates:
            continue
        if not words:
            start, item = number, bullet is not None
            group = (group or next(groups)) if item else 0
            counted = _NUMBER.match(line) if item else None
            its_number = int(counted[1]) if counted else None
        words.extend((line[bullet.end() :] if bullet else line).split())


def begins_with_title(blocks: Sequence[RawBlock]) -> bool:
    """Whether the first paragraph of a text is its title: a short line without a full stop.

    Between it and the text there may be the author's name and the date.
    """
    if not blocks or blocks[0].kind != "paragraph" or not _is_heading(blocks[0].text, first=True):
        return False
    following = takewhile(lambda block: block.kind == "paragraph", blocks[1:4])
    return any(len(block.text) > 60 or _ENDS.search(block.text) for block in following)


def _is_section(block: RawBlock, following: Sequence[RawBlock]) -> bool:
    """Whether a paragraph is the heading of the one that follows."""
    return (
        block.kind == "paragraph"
        and any(each.kind == "paragraph" and len(each.text) > 60 for each in following)
        and _is_heading(block.text, first=False)
    )


def _is_heading(text: str, *, first: bool) -> bool:
    if len(text) > 80 or text.endswith((".", "!", "…", ",", ";")):
        return False
    words = [word for word in re.findall(r"[^\W\d_][\w'’-]*", text) if len(word) > 3]
    if first:
        has_name = bool(words) or any(char > "\u052f" for char in text if char.isalpha())
        return has_name and not text.endswith("?")
    if not words or len(text.split()) > 8 or re.search(r"\d\s*/\s*\d|★|: \S", text):
        return False
    return all(word[0].isupper() for word in words) or text.endswith(":")
