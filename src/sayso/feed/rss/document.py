"""Bytes ↔ an RSS document, without loss: CDATA, comments and instructions stay what they are."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from lxml import etree

from sayso.errors import PublishError
from sayso.feed.rss.namespaces import NAMESPACES, child, name_of

MAX_BYTES = 64 * 1024 * 1024
"""A hundred times what readers take for large: more is no feed, but a mistake or an attack."""

_RSS_MEND = "give the RSS 2.0 feed of the show"
_DECLARED_UTF8 = re.compile(
    rb"""(?:\xef\xbb\xbf)?<\?xml[^>]*\sencoding\s*=\s*["']utf-8["']""", re.I
)
_WEB_PAGE = re.compile(
    rb"(?:\xef\xbb\xbf)?\s*(?:<!--(?:(?!-->).)*-->\s*)*<(?:!doctype\s+)?html\b", re.I | re.S
)
_ROOT = re.compile(rb"\A(?:\s|<\?.*?\?>|<!--.*?-->)*<[^\s/>]+", re.S)


_AT = re.compile(r", line \d+, column \d+\Z")


@dataclass(frozen=True, slots=True)
class Document:
    """A parsed feed; its tree is edited in place."""

    root: Any
    """The `rss` element."""
    channel: Any
    is_utf8: bool
    """Whether the bytes it came from are UTF-8 and say so."""


def parse(raw: bytes, where: str) -> Document:
    """Read a feed; `where` is its file or address, for errors.

    Raises PublishError for anything but RSS 2.0 with a channel.
    """
    if len(raw) > MAX_BYTES:
        raise PublishError(
            f"the feed is too large: {len(raw)} bytes, at most {MAX_BYTES} can be read",
            code="too-large",
            file=where,
            hint="split it into pages",
        )
    if not raw.strip():
        raise PublishError("the feed is empty", code="not-a-feed", file=where, hint=_RSS_MEND)
    if _WEB_PAGE.match(raw):
        raise PublishError(
            "this is a web page, not a feed", code="not-a-feed", file=where, line=1, hint=_RSS_MEND
        )
    root = _parse(raw, where)
    if root.getroottree().docinfo.internalDTD is not None:
        raise PublishError(
            "the feed has a DOCTYPE, which podcast apps refuse",
            code="not-a-feed",
            file=where,
            line=_line_of(b"<!DOCTYPE", raw),
            hint="remove the <!DOCTYPE …> declaration",
        )
    _demand_rss(root, where)
    channel = child(root, "channel")
    if channel is None:
        raise PublishError(
            "the feed has no <channel>",
            code="not-a-feed",
            file=where,
            line=root.sourceline,
            hint=_RSS_MEND,
        )
    return Document(root, channel, _DECLARED_UTF8.match(raw) is not None)


def new_document() -> Document:
    """A feed with nothing in it."""
    declared = " ".join(f'xmlns:{prefix}="{uri}"' for prefix, uri in NAMESPACES.items())
    raw = f'<rss version="2.0" {declared}>\n  <channel>\n  </channel>\n</rss>'
    root = _parse(raw.encode(), "")
    return Document(root, root[0], True)


def serialise(document: Document) -> bytes:
    """The whole document as UTF-8, with its declaration and a line end."""
    standalone = ' standalone="yes"' if document.root.getroottree().docinfo.standalone else ""
    before = list(document.root.itersiblings(preceding=True))[::-1]
    after = list(document.root.itersiblings())
    lines = [
        f'<?xml version="1.0" encoding="UTF-8"{standalone}?>'.encode(),
        *(
            etree.tostring(one, encoding="UTF-8", xml_declaration=False, with_tail=False)
            for one in (*before, document.root, *after)
        ),
    ]
    return b"\n".join(lines) + b"\n"


def with_namespaces(document: Document) -> Document:
    """The document with all of `NAMESPACES` declared on its root, under whatever prefix.

    lxml cannot declare a namespace on an element that exists, and moving children under a new root
    lets it swap prefixes. So the declarations are written into the start tag, and all is read anew.
    """
    bound = document.root.nsmap
    missing = [(p, uri) for p, uri in NAMESPACES.items() if not _has_prefix(bound, uri)]
    if not missing:
        return document
    declared = "".join(f' xmlns:{_free(prefix, bound)}="{uri}"' for prefix, uri in missing)
    raw = serialise(document)
    start = _ROOT.match(raw)
    assert start is not None, "a document that was read has a root"
    root = _parse(raw[: start.end()] + declared.encode() + raw[start.end() :], "")
    return Document(root, child(root, "channel"), document.is_utf8)


def xml_parser(encoding: str | None = None) -> etree.XMLParser:
    """The parser of every feed; without `encoding`, the document's own declaration holds.

    A feed is a stranger's file: no entity is resolved, nothing is fetched, and libxml2's own limits
    hold. CDATA stays CDATA.
    """
    return etree.XMLParser(
        encoding=encoding,
        resolve_entities=False,
        no_network=True,
        strip_cdata=False,
        huge_tree=False,
        load_dtd=False,
    )


def _parse(raw: bytes, where: str) -> Any:
    try:
        return etree.fromstring(raw, xml_parser())
    except etree.XMLSyntaxError as error:
        raise PublishError(
            f"the feed is not well-formed XML: {_AT.sub('', str(error.msg))}",
            code="not-a-feed",
            file=where,
            line=error.lineno or None,
            hint="mend the feed there, or fetch it again",
        ) from error


def _line_of(words: bytes, raw: bytes) -> int | None:
    at = raw.find(words)
    return None if at < 0 else raw.count(b"\n", 0, at) + 1


def _demand_rss(root: Any, where: str) -> None:
    name = name_of(root)
    line = root.sourceline
    if name == "atom:feed":
        raise PublishError(
            "this is an Atom feed; podcast directories take RSS 2.0 alone",
            code="not-a-feed",
            file=where,
            line=line,
            hint=_RSS_MEND,
        )
    if etree.QName(root).localname.casefold() == "html":
        raise PublishError(
            "this is a web page, not a feed",
            code="not-a-feed",
            file=where,
            line=line,
            hint=_RSS_MEND,
        )
    if name != "rss":
        raise PublishError(
            f"this is not RSS: its root is <{etree.QName(root).localname}>",
            code="not-a-feed",
            file=where,
            line=line,
            hint=_RSS_MEND,
        )
    version = root.get("version")
    if version is None or not version.strip().startswith("2."):
        found = "names no version" if version is None else f"is RSS {version.strip() or '?'}"
        raise PublishError(
            f"the feed {found}, but podcast apps read RSS 2.0",
            code="not-a-feed",
            file=where,
            line=line,
            hint='write <rss version="2.0">',
        )


def _has_prefix(bound: dict[str | None, str], uri: str) -> bool:
    return any(there == uri and prefix is not None for prefix, there in bound.items())


def _free(prefix: str, bound: dict[str | None, str]) -> str:
    """The prefix, or one like it where the feed uses that for something else."""
    names = [prefix, *(f"{prefix}{n}" for n in range(2, len(bound) + 3))]
    return next(name for name in names if name not in bound)
