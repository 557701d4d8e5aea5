"""A parsed document as a feed: its channel and items, for the rules to look into."""

from __future__ import annotations

import functools
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from lxml import etree

from sayso.feed.rss.namespaces import NAMESPACES
from sayso.feed.validation.document import Document

_string = etree.XPath("string()")  # without comments

Children = Mapping[str, Sequence[etree._Element]]


@dataclass(frozen=True, slots=True)
class Node:
    """An element with its children by name. Names are as feeds write them: `itunes:image`."""

    element: etree._Element
    children: Children

    def all(self, name: str) -> Sequence[etree._Element]:
        """The children of a name, in order."""
        return self.children.get(name, ())

    def first(self, name: str) -> etree._Element | None:
        """The first child of a name."""
        found = self.all(name)
        return found[0] if found else None

    def text(self, name: str) -> str | None:
        """The text of the first child of a name, without space around it; None without one."""
        found = self.first(name)
        return None if found is None else text_of(found)

    @property
    def line(self) -> int | None:
        """Where it begins."""
        return line_of(self.element)


@dataclass(frozen=True, slots=True)
class Item(Node):
    """An item of a feed."""

    channel: Node
    number: int
    """From 1, in the order of the document."""

    @property
    def name(self) -> str:
        """What a person knows it by: title, or GUID, or its place."""
        title = self.text("title") or self.text("itunes:title") or self.text("guid")
        name = " ".join((title or f"item {self.number}").split())
        return name if len(name) <= 80 else name[:79] + "…"

    @property
    def duration_s(self) -> int | None:
        """Its `itunes:duration`, whichever way it is written."""
        return read_duration(self.text("itunes:duration") or "")


@dataclass(frozen=True, slots=True)
class Feed:
    """A feed's document, read."""

    document: Document
    root: etree._Element
    channel: Node
    items: tuple[Item, ...]
    now: datetime
    """When it is looked at."""
    links: Mapping[str, Sequence[etree._Element]] = field(default_factory=dict)
    """The channel's `atom:link`s by `rel`."""


def read_feed(document: Document, now: datetime) -> Feed | None:
    """The feed in a document; None where it holds no RSS channel."""
    root = document.root
    if root is None or root.tag != "rss":
        return None
    channel_element = root.find("channel")
    if channel_element is None:
        return None
    channel = Node(channel_element, _children(channel_element))
    items = tuple(
        Item(element, _children(element), channel, number)
        for number, element in enumerate(channel.all("item"), 1)
    )
    links: dict[str, list[etree._Element]] = {}
    for link in channel.all("atom:link"):
        links.setdefault(link.get("rel", "alternate"), []).append(link)
    return Feed(document, root, channel, items, now, links)


def _children(element: etree._Element) -> Children:
    found: dict[str, list[etree._Element]] = {}
    for child in element:
        if isinstance(child.tag, str):  # comments and instructions have none
            found.setdefault(name_of(child.tag), []).append(child)
    return found


@functools.lru_cache(maxsize=1024)
def name_of(tag: str) -> str:
    """The usual name of a qualified tag; the tag itself in a namespace that we do not know."""
    for prefix, uri in NAMESPACES.items():
        if tag.startswith("{" + uri + "}"):
            return f"{prefix}:{tag[len(uri) + 2 :]}"
    return tag


def text_of(element: etree._Element) -> str:
    """The text of an element and of those in it, without space around it."""
    return raw_text_of(element).strip()


def raw_text_of(element: etree._Element) -> str:
    """The text of an element and of those in it."""
    return str(_string(element)) if len(element) else element.text or ""


def line_of(element: etree._Element | None) -> int | None:
    """The line where an element's tag ends."""
    return None if element is None else element.sourceline


def read_duration(text: str) -> int | None:
    """Seconds of an `itunes:duration`: whole seconds, `M:S` or `H:M:S`; None for anything else."""
    if not re.fullmatch(r"\d{1,7}|(\d{1,3}:)?\d{1,3}:\d{2}", text, re.ASCII):
        return None
    seconds = 0
    for part in text.split(":"):
        seconds = seconds * 60 + int(part)
    return seconds
