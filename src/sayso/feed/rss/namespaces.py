"""The namespaces of a podcast feed, and one name for an element however its feed spells it.

A feed may bind any prefix to a namespace. Here an element is called by the prefix that everybody
knows (`itunes:author`), an element of RSS itself by its bare name (`title`).
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from lxml import etree

ITUNES = "http://www.itunes.com/dtds/podcast-1.0.dtd"
PODCAST = "https://podcastindex.org/namespace/1.0"
ATOM = "http://www.w3.org/2005/Atom"
CONTENT = "http://purl.org/rss/1.0/modules/content/"
PSC = "http://podlove.org/simple-chapters"

NAMESPACES = {"itunes": ITUNES, "podcast": PODCAST, "atom": ATOM, "content": CONTENT, "psc": PSC}
"""Prefix → URI, exactly as readers compare them (PSP-1, "Namespaces")."""

_SPELLINGS = {
    **{uri.casefold(): f"{prefix}:" for prefix, uri in NAMESPACES.items()},
    # What Podcasting 2.0 was called before it had a home of its own; feeds of 2021 still say it.
    "https://github.com/podcastindex-org/podcast-namespace/blob/main/docs/1.0.md": "podcast:",
    # RSS 2.0 has no namespace; some early feeds give it one.
    "http://backend.userland.com/rss2": "",
    "http://blogs.law.harvard.edu/tech/rss": "",
    "http://cyber.law.harvard.edu/rss/rss.html": "",
}


def name_of(element: Any) -> str:
    """`itunes:author`, `title`, or `{uri}name` of a namespace that we do not know.

    Comments and processing instructions have the empty name. Spellings of a namespace that are in
    use beside the exact one count as that namespace.
    """
    tag = element.tag
    return _known_name(tag) if isinstance(tag, str) else ""


@lru_cache(maxsize=4096)
def _known_name(tag: str) -> str:
    if not tag.startswith("{"):
        return tag
    uri, _, local = tag[1:].partition("}")
    prefix = _SPELLINGS.get(uri.casefold())
    return tag if prefix is None else prefix + local


def tag_for(name: str, parent: Any) -> str:
    """The tag of lxml for an element `name` inside `parent`, an element of RSS itself."""
    prefix, colon, local = name.partition(":")
    if colon:
        return f"{{{NAMESPACES[prefix]}}}{local}"
    uri = etree.QName(parent).namespace
    return f"{{{uri}}}{name}" if uri else name


def add(parent: Any, name: str, text: str | None = None, **attributes: str | None) -> Any:
    """Append a new element to `parent`; attributes that are None are left out."""
    given = {key: value for key, value in attributes.items() if value is not None}
    element = etree.SubElement(parent, tag_for(name, parent), given)
    element.text = text
    return element


def child(parent: Any, name: str) -> Any | None:
    """The first child of that name, or None."""
    return next((one for one in parent if name_of(one) == name), None)


def children(parent: Any, name: str) -> list[Any]:
    """All children of that name."""
    return [one for one in parent if name_of(one) == name]
