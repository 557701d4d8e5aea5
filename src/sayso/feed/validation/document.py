"""Bytes in, an XML document out, read so that nothing in it can do harm.

No entity is expanded, nothing is fetched, and size and depth are bounded. A document that is not
UTF-8 is read as what it says it is, so that the rest of it can be judged as well.
"""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass

from lxml import etree

from sayso.feed.rss.document import MAX_BYTES, xml_parser

MOST_MARKS = 4_000_000
"""Ours, of `<`: a parsed element takes some 120 bytes, so half a gigabyte at the worst."""


@dataclass(frozen=True, slots=True)
class Document:
    """The bytes of a feed, and what they hold."""

    raw: bytes
    where: str
    encoding: str | None = None
    """As declared in the XML declaration."""
    bad_byte_line: int | None = None
    """The line of the first byte that is not UTF-8."""
    doctype_line: int | None = None
    error: str | None = None
    """Why it is no XML."""
    error_line: int | None = None
    root: etree._Element | None = None
    """None where there is an error, a document type, or too much of it."""

    @property
    def is_too_large(self) -> bool:
        """More than is read."""
        return len(self.raw) > MAX_BYTES or self.raw.count(b"<") > MOST_MARKS


def read_document(raw: bytes, where: str) -> Document:
    """Read the bytes of a feed. Raises nothing: what is wrong is told in the document."""
    if Document(raw, where).is_too_large:
        return Document(raw, where)
    encoding = _declared_encoding(raw)
    text, bad_byte_line = _utf8(raw, encoding)
    doctype_line = _doctype_line(text)
    if doctype_line is not None:
        return Document(raw, where, encoding, bad_byte_line, doctype_line)
    root, error, error_line = None, None, None
    try:
        root = etree.fromstring(text, xml_parser("utf-8"))
    except etree.XMLSyntaxError as problem:
        told = " ".join((problem.msg or "there is nothing").split())
        error = re.sub(r", line \d+, column \d+( \(.*\))?$", "", told)[:200]
        error_line = problem.lineno or None
    except ValueError as problem:  # pragma: no cover - a lxml that refuses input by itself
        error = str(problem)
    return Document(raw, where, encoding, bad_byte_line, None, error, error_line, root)


def _declared_encoding(raw: bytes) -> str | None:
    for mark, name in (
        (codecs.BOM_UTF32_LE, "UTF-32"),
        (codecs.BOM_UTF32_BE, "UTF-32"),
        (codecs.BOM_UTF16_LE, "UTF-16"),
        (codecs.BOM_UTF16_BE, "UTF-16"),
        (b"<\0", "UTF-16LE"),
        (b"\0<", "UTF-16BE"),
    ):
        if raw.startswith(mark):
            return name
    declaration = re.match(rb"(?:\xef\xbb\xbf)?<\?xml\s([^>]{0,200})\?>", raw)
    found = declaration and re.search(rb"encoding\s*=\s*[\"']([\w.:-]+)[\"']", declaration[1])
    return found[1].decode("ascii", "replace") if found else None


def _utf8(raw: bytes, encoding: str | None) -> tuple[bytes, int | None]:
    """The document in UTF-8, and the line of the first byte that was not."""
    if encoding is not None and not is_utf8(encoding):
        try:
            return raw.decode(encoding, "replace").encode("utf-8", "replace"), None
        except (LookupError, ValueError):
            pass  # no encoding that we know: what follows shows what can be read
    try:
        raw.decode("utf-8")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        return raw.decode("utf-8", "replace").encode("utf-8"), line
    return raw, None


def is_utf8(encoding: str) -> bool:
    """Whether a name of an encoding names UTF-8; ASCII is a part of it."""
    return encoding.casefold().replace("_", "-") in ("utf-8", "utf8", "us-ascii", "ascii")


def _doctype_line(text: bytes) -> int | None:
    """The line of a document type declaration, which can only stand before the root element."""
    at = len(codecs.BOM_UTF8) if text.startswith(codecs.BOM_UTF8) else 0
    while True:
        while text[at : at + 1].isspace():
            at += 1
        if text.startswith(b"<?", at):
            end = text.find(b"?>", at)
        elif text.startswith(b"<!--", at):
            end = text.find(b"-->", at)
        elif text[at : at + 9].upper() == b"<!DOCTYPE":
            return text.count(b"\n", 0, at) + 1
        else:
            return None
        if end < 0:
            return None
        at = end + 2
        at += text.startswith(b">", at)
