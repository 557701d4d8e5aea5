"""A web page saved as a file → what its article says: blocks, title, author, date.

trafilatura (Apache-2.0, the extra `html`) finds the article. It is the only library we found that
leaves out navigation, comments and adverts, keeps headings, lists and block quotes, knows author
and date, is actively developed, and makes no network requests here. readability-lxml takes 15 MB
instead of 68, but returns HTML that needs parsing again, and no date; html2text and markdownify
turn the whole page, with its menus, into text.
What it says is the article is looked up in the page itself, which alone has its structure; what
stands between two parts of it is read too.
"""

from __future__ import annotations

import codecs
import logging
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from sayso.errors import EnvironmentProblem, ReviewError
from sayso.language.text import one_line
from sayso.review.blocks import RawBlock, convert_raised_numbers
from sayso.review.blog_markup import strip_blog_markup
from sayso.review.front_matter import FrontMatter
from sayso.review.html_in_markdown import (
    article_blocks,
    find_titles,
    page_blocks,
    parse_html,
)
from sayso.review.paired_tags import prepare

if TYPE_CHECKING:
    from trafilatura.settings import Document

HTML_SUFFIXES = frozenset({".html", ".htm"})

_START = re.compile(rb"(?:\xef\xbb\xbf)?\s*<(?:!doctype\s+html|html)\b", re.IGNORECASE)
_CHARSET = re.compile(rb"<meta\b[^>]*?\bcharset\s*=\s*[\"']?\s*([\w.:-]+)", re.IGNORECASE)
_HEAD_BYTES = 1024  # where the HTML standard has a page declare its encoding
_QUOTES = (
    (re.compile(r"<q(?:\s[^<>]*)?>", re.IGNORECASE), "“"),
    (re.compile(r"</q\s*>", re.IGNORECASE), "”"),
)
"""The quotation marks that browsers add to <q>, which trafilatura would make a block."""
_WHOLE_PAGE = re.compile(r"<(?:!doctype|html|body)\b", re.IGNORECASE)
_PARAGRAPH = re.compile(r"<p\b", re.IGNORECASE)
_BLANK_LINES = re.compile(r"\n[ \t]*\n\s*")
_UNSEEN = re.compile(r"<(?:script|style|noscript|!--(?!\s*segment\b))", re.IGNORECASE)
"""What no reader of a page knows of: not listed. A comment may name a segment."""
_FILLED = re.compile(
    r"(<(p|div|span|li|h[1-6])\b[^<>]{0,300}>)(\s{0,20}(?:[^\W\d]{1,20}:?\s{1,3}){0,3}"
    r"\{\{(?![<%])[^{}<>]{0,200}\}\}\s{0,20})(?=</\2>)"
)
"""`<p>Posted on {{ date }}</p>`: without the value, the words say nothing."""
_LONG, _NEAR, _FAR = 16, 60, 10_000
"""Letters: a block is looked for so far from the one before it, a shorter one nearby."""
_NO_ARTICLE = "save the text of the review as Markdown or plain text"


def is_html(data: bytes, source: Path | None) -> bool:
    """Whether a file is a web page: by its suffix, or because it begins as one."""
    named = source is not None and source.suffix.casefold() in HTML_SUFFIXES
    return named or _START.match(data) is not None


def declared_encoding(data: bytes) -> str | None:
    """The encoding that a page names in its head; None if Python lacks it or it is a UTF."""
    found = _CHARSET.search(data[:_HEAD_BYTES])
    if found is None:
        return None
    try:
        name = codecs.lookup(found[1].decode("ascii")).name
    except LookupError:
        return None
    if name.startswith("utf"):
        return None
    # As browsers do: a page that calls itself Latin-1 or ASCII is Windows-1252.
    return "cp1252" if name in ("iso8859-1", "ascii") else name


def read_html(
    front: FrontMatter, page: str, source: Path | None
) -> tuple[FrontMatter, tuple[RawBlock, ...]]:
    """The metadata of a page, or of a post's body in HTML, and its blocks in order.

    `front` is its front matter, if it has any, which `page` has no longer. Raises ReviewError
    where a page has no article, EnvironmentProblem where one needs the extra that is missing.
    """
    for tag, sign in _QUOTES:
        page = tag.sub(sign, page)
    page = convert_raised_numbers(page)
    if not _WHOLE_PAGE.search(page):
        return front, tuple(_read_body(page))
    given, blocks = _read_page(page, source)
    known = {name for name, _ in front.fields}
    fields = (*front.fields, *(field for field in given.fields if field[0] not in known))
    return replace(front, fields=fields), blocks


def _read_body(body: str) -> Iterator[RawBlock]:
    """The blocks of a post without a page around it, as a blog's editor stores it.

    Where it has no tags of paragraphs, blank lines part them.
    """
    filled: list[RawBlock] = []
    line, counted = 1, 0

    def take(match: re.Match[str]) -> str:
        nonlocal line, counted
        line += body.count("\n", counted, match.start())
        counted = match.start()
        filled.append(RawBlock("code", one_line(match[3]), line))
        return f"{match[1]}" + "\n" * match[3].count("\n")

    prepared = prepare(_FILLED.sub(take, body), 1)
    text, removed = strip_blog_markup(prepared.text, 1)
    if not _PARAGRAPH.search(text):
        text = _BLANK_LINES.sub(lambda blank: f"<br><br>{blank[0]}", text)
    waiting = sorted([*filled, *prepared.removed, *removed], key=lambda one: one.line, reverse=True)
    for block in page_blocks(parse_html(text)):
        while waiting and waiting[-1].line < block.line:
            yield waiting.pop()
        if not (block.kind == "html" and _UNSEEN.match(block.text)):
            yield block
    yield from reversed(waiting)


def _read_page(page: str, source: Path | None) -> tuple[FrontMatter, tuple[RawBlock, ...]]:
    article = _extract_article(page, source)
    if article is None:
        raise ReviewError(
            "no article is found in this page", code="no-article", file=source, hint=_NO_ARTICLE
        )
    root = parse_html(page)
    blocks = tuple(article_blocks(root))
    if not blocks:
        kept = " ".join(article.body.itertext())
        blocks = tuple(_kept_blocks(page_blocks(root, is_page=True), kept))
    blocks = tuple(b for b in blocks if not (b.kind == "html" and _UNSEEN.match(b.text)))
    given = {
        "title": article.title if _is_title(article.title or "", find_titles(root)) else None,
        "author": " and ".join((article.author or "").split("; ")),
        "date": article.date,
        "link": article.url,
    }
    fields = tuple((key, one_line(value)) for key, value in given.items() if value)
    return FrontMatter(fields), blocks


def _is_title(title: str, titles: Sequence[str]) -> bool:
    """Whether a page calls itself so."""
    return any(_letters(title) in _letters(one) for one in titles)


def _extract_article(page: str, source: Path | None) -> Document | None:
    try:
        from trafilatura import bare_extraction
    except ImportError as error:
        raise EnvironmentProblem(
            "a web page needs the extra `html`, which is not installed",
            code="extra-missing",
            file=source,
            hint="pip install 'sayso[html]', or save the review as Markdown or plain text",
        ) from error
    for name in ("trafilatura", "htmldate", "courlan"):  # no messages: errors are raised
        logging.getLogger(name).addHandler(logging.NullHandler())
    try:
        found = bare_extraction(
            page,
            include_comments=False,
            include_formatting=True,
            # Only a date that the page states, never one guessed from its text.
            date_extraction_params={"extensive_search": False, "original_date": True},
            with_metadata=True,
        )
    except (ValueError, RecursionError, AttributeError, TypeError, AssertionError) as error:
        raise ReviewError(
            "this page cannot be read", code="no-article", file=source, hint=_NO_ARTICLE
        ) from error
    assert not isinstance(found, dict)
    return found


def _kept_blocks(blocks: Sequence[RawBlock], article: str) -> Sequence[RawBlock]:
    """The blocks of a page from the first to the last whose words are in its article.

    Words are compared by their letters and digits, and in order, so that the same words in a menu
    do not count. A short block counts only next to what was found before it, and neither begins
    nor ends the article unless next to a longer one, as the headings before it do.
    """
    letters = _letters(article)
    at = 0
    kept: set[int] = set()
    long: list[int] = []
    for number, block in enumerate(blocks):
        own = _letters(block.text)
        end = at + len(own) + (_FAR if len(own) >= _LONG else _NEAR)
        found = letters.find(own, at, end) if own and block.kind not in ("html", "embed") else -1
        if found >= 0:
            kept.add(number)
            at = found + len(own)
            if len(own) >= _LONG:
                long.append(number)
    if not long:
        return [blocks[number] for number in sorted(kept)]
    first, last = long[0], long[-1]
    for number in range(first - 1, -1, -1):
        before = blocks[number]
        is_comment = before.text.startswith("<!--")
        if number not in kept and before.kind != "heading" and not is_comment:
            break
        first = number
    while last + 1 in kept:
        last += 1
    return blocks[first : last + 1]


def _letters(text: str) -> str:
    return "".join(char for char in text.casefold() if char.isalnum())
