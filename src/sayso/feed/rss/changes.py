"""What differs between two states of a feed, for a person to read before it is published."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Literal

from sayso.feed.rss.channel import slot
from sayso.feed.rss.document import parse
from sayso.feed.rss.editing import text_of
from sayso.feed.rss.feed_reader import items_of, read_item
from sayso.feed.rss.namespaces import name_of

MAX_SHOWN = 72
"""Characters of a value: with its name before it, it stands on one line of a terminal."""

_LEAD = 20  # characters shown before the first that differs
_SIGNS = {"added": "+", "removed": "-", "changed": "~"}
_UNSAID = frozenset({"item", "lastBuildDate"})


@dataclass(frozen=True, slots=True)
class ElementChange:
    """An element that says something else."""

    name: str
    """`itunes:duration`; `atom:link self` where elements of one name speak of several things."""
    before: str | None
    """Its text and attributes, shortened; None where it was not there."""
    after: str | None

    def __str__(self) -> str:
        return f"{self.name}: {self.before or 'nothing'} → {self.after or 'nothing'}"


@dataclass(frozen=True, slots=True)
class Change:
    """A show or an episode that is new, gone or different."""

    kind: Literal["added", "removed", "changed"]
    guid: str | None
    """Of the item (its link or address where it has none); None where `is_channel`."""
    title: str
    elements: tuple[ElementChange, ...] = ()
    """What it says otherwise; nothing where it is new or gone."""
    is_channel: bool = False

    def __str__(self) -> str:
        return f"{_SIGNS[self.kind]} {self.title}"


def diff(
    before: bytes | None,
    after: bytes,
    *,
    pages_before: Iterable[bytes] = (),
    pages_after: Iterable[bytes] = (),
) -> tuple[Change, ...]:
    """How a feed changes: its channel, then its items in the order of `after`, then those gone.

    Items are told apart by GUID, on whatever page they are: one that moves to a page is no change.
    Only pages that differ need be given. Raises PublishError where one is no RSS 2.0 feed.
    """
    old_channel, old_items = _state([before] if before is not None else [], pages_before)
    new_channel, new_items = _state([after], pages_after)
    changes = _channel_changes(old_channel, new_channel)
    for key, item in new_items.items():
        title = read_item(item).title
        if key not in old_items:
            changes.append(Change("added", key, title))
        elif elements := _element_changes(old_items[key], item):
            changes.append(Change("changed", key, title, elements))
    for key, item in old_items.items():
        if key not in new_items:
            changes.append(Change("removed", key, read_item(item).title))
    return tuple(changes)


def _channel_changes(before: Any | None, after: Any) -> list[Change]:
    title = " ".join(_values(after).get(("title", ""), []))
    if before is None:
        return [Change("added", None, title, is_channel=True)]
    elements = _element_changes(before, after)
    return [Change("changed", None, title, elements, is_channel=True)] if elements else []


def _state(heads: Iterable[bytes], pages: Iterable[bytes]) -> tuple[Any | None, dict[str, Any]]:
    """The channel of a feed, and the items of it and its pages by what tells them apart."""
    documents = [parse(raw, "feed.xml") for raw in (*heads, *pages)]
    items: dict[str, Any] = {}
    for document in documents:
        for item in items_of(document):
            read = read_item(item)
            key = read.guid or read.enclosure_url or read.link or read.title
            items.setdefault(key, item)
    return (documents[0].channel if documents else None), items


def _element_changes(before: Any, after: Any) -> tuple[ElementChange, ...]:
    old, new = _values(before), _values(after)
    changes: list[ElementChange] = []
    for key in (*new, *(key for key in old if key not in new)):
        if old.get(key) != new.get(key):
            shown = _shorten(_joined(old.get(key)), _joined(new.get(key)))
            changes.append(ElementChange(" ".join(filter(None, key)), *shown))
    return tuple(changes)


def _values(parent: Any) -> dict[tuple[str, str], list[str]]:
    """What the children of an element say, by what they speak of."""
    values: dict[tuple[str, str], list[str]] = {}
    for one in parent:
        if isinstance(one.tag, str) and name_of(one) not in _UNSAID:
            values.setdefault(slot(one), []).append(_value(one))
    return values


def _value(element: Any) -> str:
    """Its text, its attributes, and what is inside in brackets: `Ben role=host`, `Arts (Books)`."""
    inner = [one for one in element if isinstance(one.tag, str)]
    text = "" if inner else " ".join(text_of(element).split())
    told = slot(element)[1]  # stands in the name already
    given = [(key, value) for key, value in element.attrib.items() if not told or value != told]
    if len(given) == 1 and not text:
        attributes = [given[0][1]]
    else:
        attributes = [f"{key.rpartition('}')[2]}={value}" for key, value in given]
    parts = f"({', '.join(map(_value, inner))})" if inner else ""
    return " ".join(filter(None, (text, *attributes, parts)))


def _joined(values: list[str] | None) -> str | None:
    return None if values is None else ", ".join(values)


def _shorten(before: str | None, after: str | None) -> tuple[str | None, str | None]:
    """Both values around the first character that differs."""
    start = 0
    if before is not None and after is not None:
        pairs = enumerate(zip(before, after, strict=False))
        shorter = min(len(before), len(after))
        start = next((n for n, (one, other) in pairs if one != other), shorter)
    longest = max(len(before or ""), len(after or ""))
    start = 0 if longest <= MAX_SHOWN else max(0, start - _LEAD)
    return _part(before, start), _part(after, start)


def _part(text: str | None, start: int) -> str | None:
    if text is None:
        return None
    lead = "…" if start else ""
    rest = text[start:]
    room = MAX_SHOWN - len(lead)
    return lead + (rest if len(rest) <= room else rest[: room - 1] + "…")
