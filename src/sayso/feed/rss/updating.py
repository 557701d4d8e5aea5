"""A feed that is there, or none yet → the feed with new, changed and removed items."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sayso.feed.rss.channel import scratch, set_channel, set_slot
from sayso.feed.rss.dates import whole_seconds, write_date
from sayso.feed.rss.document import Document, new_document, parse, serialise, with_namespaces
from sayso.feed.rss.editing import append, insert_after, insert_before, text_of
from sayso.feed.rss.editing import remove as take_out
from sayso.feed.rss.feed_reader import date_of, guid_of, items_of, link_of
from sayso.feed.rss.item import (
    AI_CONTENT,
    is_ai_content,
    make_item,
    replace_item,
    says_the_same,
)
from sayso.feed.rss.namespaces import add, children
from sayso.model import Channel, FeedItem


def update_feed(
    previous: bytes | None,
    channel: Channel,
    put: Sequence[FeedItem] = (),
    remove: Collection[str] = (),
    *,
    built: datetime,
) -> bytes:
    """The feed as it will be: UTF-8 RSS 2.0 with its declaration.

    `previous` is the feed that is there; whatever in it is not ours to say stays as it is, byte for
    byte where nothing changes at all. Each of `put` replaces the item of its GUID, or is inserted
    by its date, newest first; items whose GUID is in `remove` go, unless they are put. `built`
    becomes `lastBuildDate` where anything else changed. Raises PublishError where `previous` is no
    RSS 2.0 feed.
    """
    document = new_document() if previous is None else parse(previous, channel.feed_url)
    before = serialise(document)
    document = with_namespaces(document)
    update_document(document, channel, put, remove)
    return finished(document, previous, before, built)


def update_document(
    document: Document, channel: Channel, put: Iterable[FeedItem], gone: Collection[str]
) -> None:
    """`update_feed` for a document that has all namespaces, but for its own dates."""
    set_channel(document.channel, channel, channel.feed_url)
    set_items(document.channel, put, gone)


def finished(document: Document, previous: bytes | None, before: bytes, built: datetime) -> bytes:
    """The changed document as bytes, with its dates; `previous` where nothing else changed."""
    set_derived(document)
    if previous is not None and document.is_utf8 and serialise(document) == before:
        return previous
    _set_text(document.channel, "lastBuildDate", write_date(built))
    return serialise(document)


def set_derived(document: Document) -> None:
    """Let the channel say what its items say: the newest date, and whether voices are made."""
    _set_ai_content(document)
    dates = [date for item in items_of(document) if (date := date_of(item)) is not None]
    if dates:
        _set_text(document.channel, "pubDate", write_date(max(dates)))


def set_items(channel: Any, put: Iterable[FeedItem], gone: Collection[str]) -> None:
    """Put and remove items; `channel` is the element that holds them."""
    waiting = {item.guid: item for item in put}
    gone = set(gone) - waiting.keys()
    done: set[str | None] = set()
    to_insert: list[_Dated] = []
    for old in children(channel, "item"):
        guid = guid_of(old)
        if guid in gone or guid in done:  # done: a second item of a GUID that has been replaced
            take_out(old)
        elif guid in waiting:
            item = waiting.pop(guid)
            done.add(guid)
            is_dated_so = date_of(old) == whole_seconds(item.date)
            made = make_item(channel, item)
            if is_dated_so and says_the_same(old, made):
                continue
            replace_item(old, made)
            if not is_dated_so:
                take_out(made)
                to_insert.append(_Dated(whole_seconds(item.date), made, fresh=False))
    for item in waiting.values():
        to_insert.append(_Dated(whole_seconds(item.date), make_item(channel, item)))
    _insert(channel, to_insert)


@dataclass(frozen=True, slots=True)
class _Dated:
    """An item's element that has no place yet."""

    date: datetime
    element: Any
    fresh: bool = True


def _insert(channel: Any, dated: list[_Dated]) -> None:
    """Insert each before the first older item; of one date, the one that was there comes first.

    The oldest come after the last that has a date; where none has, all come before the others.
    """
    there = [(one, date_of(one)) for one in children(channel, "item")] if dated else []
    last = next((one for one, date in reversed(there) if date is not None), None)
    at = 0
    for new in sorted(dated, key=lambda new: new.date, reverse=True):
        while at < len(there) and not _is_older(there[at][1], new.date):
            at += 1
        if at < len(there):
            insert_before(there[at][0], new.element, fresh=new.fresh)
            continue
        if last is not None:
            insert_after(last, new.element, fresh=new.fresh)
        elif there:
            insert_before(there[0][0], new.element, fresh=new.fresh)
        else:
            append(channel, new.element, fresh=new.fresh)
        last = new.element


def _is_older(there: datetime | None, date: datetime) -> bool:
    return there is not None and there < date


def _set_text(channel: Any, name: str, text: str) -> None:
    made = scratch(channel)
    add(made, name, text)
    set_slot(channel, (name, ""), list(made))


def _set_ai_content(document: Document) -> None:
    """Let the channel say of computer voices what its items say; unsure, leave what it says."""
    records = [
        {text_of(one).strip() for one in children(item, "podcast:txt") if is_ai_content(one)}
        for item in items_of(document)
    ]
    if any("true" in record for record in records):
        said = "true"
    elif records and all(record == {"false"} for record in records) and not _has_older(document):
        said = "false"
    else:
        return
    made = scratch(document.channel)
    add(made, "podcast:txt", said, purpose=AI_CONTENT)
    set_slot(document.channel, ("podcast:txt", AI_CONTENT), list(made))


def _has_older(document: Document) -> bool:
    return link_of(document.channel, "next") is not None
