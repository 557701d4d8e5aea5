"""Paragraphs and lists that an author made of breaks alone, and names in angle brackets.

Forms on the web keep a text in one line: two `<br>` part its paragraphs, and a list is lines that
begin with a dash.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import accumulate

from sayso.language.text import word_set
from sayso.review.blocks import (
    BLOCK_ELEMENTS,
    CELL_ELEMENTS,
    EMBEDDING_ELEMENTS,
    SILENT_ELEMENTS,
    RawBlock,
)

_BREAK = re.compile(r"<br\s{0,9}/?>", re.IGNORECASE)
_BULLET = re.compile(r"\s{0,9}[-–•*]\s+(?=\S)")
_CODE = re.compile(r"`[^`]{1,1000}`")
_TAG_OR_CODE = re.compile(r"`[^`]{1,1000}`|(?<!\w)<([A-Za-z][a-z0-9]{0,30})>")
_ELEMENTS = (
    BLOCK_ELEMENTS
    | CELL_ELEMENTS
    | EMBEDDING_ELEMENTS
    | SILENT_ELEMENTS
    | word_set(
        "a abbr acronym area b base bdi bdo big blink br cite code col colgroup data datalist del"
        " dfn dialog em font frame frameset head hgroup i img input ins kbd label legend link map"
        " mark marquee menu meta meter nobr optgroup option output param picture progress q rb rp"
        " rt ruby s samp search slot small source span strike strong sub sup tbody tfoot thead"
        " time title track tt u var wbr"
    )
)
"""The elements of HTML, with those of old pages."""


def keep_names(content: str) -> str:
    """`content` with the words that are in angle brackets and are no tags: `Hello, <name>!`."""
    if "<" not in content:
        return content
    closed = {name.casefold() for name in re.findall(r"</([A-Za-z][a-z0-9]{0,30})", content)}

    def name(match: re.Match[str]) -> str:
        word = (match[1] or "").casefold()
        return match[0] if not word or word in _ELEMENTS or word in closed else match[1]

    return _TAG_OR_CODE.sub(name, content)


def split_at_breaks(
    content: str, like: RawBlock, groups: Iterator[int]
) -> Iterator[tuple[str, RawBlock]]:
    """The paragraphs and items in the Markdown or HTML of a paragraph, each with its block.

    `like` is the block without its text. What has breaks within code is left whole.
    """
    lines = _BREAK.split(content) if like.kind in ("paragraph", "item", "quote") else []
    if len(lines) < 3 or any("<br" in code for code in _CODE.findall(content)):
        yield content, like
        return
    begins = list(accumulate((line.count("\n") for line in lines), initial=like.line))
    group = 0
    for words, is_item, at in join_lines(lines, "<br>"):
        n_before = words.count("\n") - words.lstrip().count("\n")
        placed = replace(like, line=begins[at] + n_before)
        if is_item and like.kind == "paragraph":
            group = group or next(groups)
            placed = replace(placed, kind="item", depth=1, group=group)
        else:
            group = 0
        yield words.strip(), placed


def join_lines(lines: Sequence[str], between: str) -> Iterator[tuple[str, bool, int]]:
    """The paragraphs of a text whose lines a break ends, whether each is an item of a list, and
    which of the lines it begins with.

    An empty line parts two of them. Two or more lines that begin with a dash are items; one alone
    is a dash.
    """
    has_items = sum(1 for line in lines if _BULLET.match(line)) > 1
    words: list[str] = []
    item = False
    first = 0
    for at, line in enumerate([*lines, ""]):
        bullet = _BULLET.match(line) if has_items else None
        if words and (bullet or not line.strip()):
            yield between.join(words), item, first
            words, item = [], False
        if bullet:
            item = True
        if bullet or line.strip():
            first = first if words else at
            words.append(line[bullet.end() :] if bullet else line)
