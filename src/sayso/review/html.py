"""A web page saved as a file → what its article says: blocks, title, author, date.

trafilatura (Apache-2.0, the extra `html`) finds the article. It is the only library we found that
leaves out navigation, comments and adverts, keeps headings, lists and block quotes, knows author
and date, is actively developed, and makes no network requests here. readability-lxml takes 15 MB
instead of 68, but returns HTML that needs parsing again, and no date; html2text and markdownify
turn the whole page, with its menus, into text.

HTML comments, such as `<!-- segment: cast -->`, are lost; headings that name segments are kept.
"""

from __future__ import annotations

import codecs
import logging
import re
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sayso.errors import EnvironmentProblem, ReviewError
from sayso.language.text import one_line
from sayso.model import BlockKind
from sayso.review.blocks import RawBlock, convert_raised_numbers
from sayso.review.front_matter import FrontMatter

if TYPE_CHECKING:
    from trafilatura.settings import Document

HTML_SUFFIXES = frozenset({".html", ".htm"})

_START = re.compile(rb"(?:\xef\xbb\xbf)?\s*<(?:!doctype\s+html|html)\b", re.IGNORECASE)
_CHARSET = re.compile(rb"<meta\b[^>]*?\bcharset\s*=\s*[\"']?\s*([\w.:-]+)", re.IGNORECASE)
_HEAD_BYTES = 1024  # where the HTML standard has a page declare its encoding
_BLOCKS = frozenset({"p", "head", "quote", "list", "item", "table", "code"})
_QUOTES = (
    (re.compile(r"<q(?:\s[^<>]*)?>", re.IGNORECASE), "“"),
    (re.compile(r"</q\s*>", re.IGNORECASE), "”"),
)
"""The quotation marks that browsers add to <q>, which trafilatura would make a block."""
_FAR = 100_000
"""Characters from one block to the next at most: menus and adverts are between them."""
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


def read_page(page: str, source: Path | None) -> tuple[FrontMatter, tuple[RawBlock, ...]]:
    """The metadata of `page`'s article, and the article's blocks in order.

    The line of a block is an estimate: where its first words are found in the page. Raises
    ReviewError where the page has no article, EnvironmentProblem where the extra is missing.
    """
    for tag, sign in _QUOTES:
        page = tag.sub(sign, page)
    page = convert_raised_numbers(page)
    article = _extract_article(page, source)
    if article is None:
        raise ReviewError(
            "no article is found in this page", code="no-article", file=source, hint=_NO_ARTICLE
        )
    blocks = _locate_blocks(list(_walk(article.body, "paragraph", 0)), page)
    given = {
        "title": article.title,
        "author": " and ".join((article.author or "").split("; ")),
        "date": article.date,
        "link": article.url,
    }
    fields = tuple((key, one_line(value)) for key, value in given.items() if value)
    return FrontMatter(fields), blocks


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


def _walk(element: Any, kind: BlockKind, level: int) -> Iterator[RawBlock]:
    """The blocks in an element of trafilatura's tree, which uses the element names of TEI."""
    words: list[str] = [element.text or ""]
    for child in element:
        if child.tag in _BLOCKS and not _is_inline_code(child, element):
            yield from _make_block(words, kind, level)
            words = []
            yield from _walk_child(child, kind)
        elif child.tag == "lb":
            if words[-1:] == ["\n"]:  # two in a row: old pages separate paragraphs so
                yield from _make_block(words, kind, level)
                words = []
            words.append("\n")
        else:
            words.append("".join(child.itertext()))
        if child.tail and (child.tail.strip() or child.tag != "lb"):
            words.append(child.tail)
    yield from _make_block(words, kind, level)


def _is_inline_code(child: Any, element: Any) -> bool:
    """Whether <code> is part of a sentence, not a block: `Press <code>x</code> now.`"""
    return child.tag == "code" and element.tag != "body" and "\n" not in "".join(child.itertext())


def _walk_child(child: Any, kind: BlockKind) -> Iterator[RawBlock]:
    if child.tag == "head":
        digits = re.sub(r"\D", "", child.get("rend") or "")
        yield from _walk(child, "heading", int(digits or 2))
    elif child.tag == "table":
        yield from _make_block([" ".join(child.itertext())], "table", 0)
    elif child.tag == "code":
        yield from _make_block(["".join(child.itertext())], "code", 0)
    elif child.tag in ("quote", "item"):
        yield from _walk(child, "quote" if child.tag == "quote" else "item", 0)
    else:
        yield from _walk(child, kind, 0)


def _make_block(words: Iterable[str], kind: BlockKind, level: int) -> Iterator[RawBlock]:
    text = one_line("".join(words))
    if text:
        yield RawBlock(kind, text, 0, level)


def _locate_blocks(blocks: Sequence[RawBlock], page: str) -> tuple[RawBlock, ...]:
    """Set the line of each block to where its first words are, after those of the one before."""
    body = re.search(r"<body\b", page, re.IGNORECASE)
    at = counted = body.start() if body else 0
    line = page.count("\n", 0, at) + 1
    placed: list[RawBlock] = []
    for block in blocks:
        plain = re.match(r"\W*((?:[\w,;.]+ ?){1,4})", block.text)
        pattern = r"\s+".join(re.escape(word) for word in plain[1].split()) if plain else ""
        found = re.compile(pattern).search(page, at, at + _FAR) if pattern else None
        if found is not None:
            line += page.count("\n", counted, found.start())
            counted, at = found.start(), found.end()
        placed.append(RawBlock(block.kind, block.text, line, block.level))
    return tuple(placed)
