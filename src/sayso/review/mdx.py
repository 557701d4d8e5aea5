"""MDX → Markdown: imports, exports, expressions and components go, and their words stay."""

from __future__ import annotations

import re
from itertools import groupby

from sayso.language.text import one_line
from sayso.review.blocks import RawBlock
from sayso.review.paired_tags import code_lines

_STATEMENT = re.compile(r"(?:import|export)\s[^\n]*(?:\n(?![ \t]*\n)[^\n]*)*", re.MULTILINE)
_BEGINS = re.compile(r"^(?=(?:import|export)\s)", re.MULTILINE)
_COMPONENT = re.compile(
    r"</?[A-Z][\w.]{0,60}(?:\s+[\w:-]{1,60}(?:\s*=\s*(?:\"[^\"]{0,2000}\"|'[^']{0,2000}'"
    r"|\{[^{}]{0,2000}(?:\{[^{}]{0,2000}\}[^{}]{0,2000}){0,20}\}))?){0,40}\s*/?>"
    r"|<>|</>"
)
_EXPRESSION = re.compile(r"(?<![\\`{])\{(?!\{)[^{}\n]{0,1000}\}(?!\})")
_COMMENT = re.compile(r"\{\s*/\*(?:(?!\*/).){0,5000}\*/\s*\}", re.DOTALL)
_SPACE = re.compile(r"\{\s*[\"'] [\"']\s*\}")


def strip_mdx(text: str, first_line: int) -> tuple[str, list[RawBlock]]:
    """The Markdown in MDX, and what was removed; the number of lines stays the same.

    `first_line` is the line of the file that the text begins on. Code in fences stays as it is.
    """
    found: list[RawBlock] = []
    parts: list[str] = []
    line = first_line
    code = code_lines(text)
    numbered = enumerate(text.split("\n"))
    for is_code, run in groupby(numbered, key=lambda pair: pair[0] in code):
        lines = [words for _, words in run]
        part = "\n".join(lines)
        parts.append(part if is_code else _strip(part, line, found))
        line += len(lines)
    return "\n".join(parts), found


def _strip(text: str, first_line: int, found: list[RawBlock]) -> str:
    def remove(match: re.Match[str]) -> str:
        line = first_line + match.string.count("\n", 0, match.start())
        found.append(RawBlock("code", one_line(match[0]), line))
        return "\n" * match[0].count("\n")

    pieces = []
    at = 0
    for begins in _BEGINS.finditer(text):
        if begins.start() < at:
            continue
        statement = _STATEMENT.match(text, begins.start())
        assert statement is not None
        pieces += [text[at : begins.start()], remove(statement)]
        at = statement.end()
    text = "".join([*pieces, text[at:]])
    text = _SPACE.sub(" ", _COMMENT.sub(remove, text))
    return _EXPRESSION.sub(remove, _COMPONENT.sub(remove, text))
