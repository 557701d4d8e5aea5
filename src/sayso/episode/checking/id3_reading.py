"""A small reader of ID3v2.3 tags: the other half of `sayso.episode.id3`, written apart from it.

After "ID3 tag version 2.3.0" (id3.org, 1999) and its "Chapter Frame Addendum" (2005). It reads what
our writer writes and what other programs commonly write in its place, and it names the first
thing that is wrong in a damaged tag.
"""

from __future__ import annotations

import re
import struct
from collections.abc import Iterator
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class ReadChapter:
    """A CHAP frame."""

    element: bytes
    start_ms: int
    end_ms: int
    title: str


@dataclass(frozen=True, slots=True)
class ReadTag:
    """What a tag holds."""

    texts: dict[str, str] = field(default_factory=dict)
    """Text frames by name (`TIT2`), and COMM and USLT."""
    chapters: tuple[ReadChapter, ...] = ()
    """In the order of the tag."""
    contents: tuple[bytes, ...] = ()
    """Elements of the top-level table of contents; those of tables in it in their place."""
    has_top_level: bool = False
    pictures: tuple[bytes, ...] = ()
    problem: str | None = None
    """The first thing that could not be read."""


class _Damaged(Exception):
    """The tag breaks off or says what cannot be."""


def read_tag(data: bytes) -> ReadTag:
    """Read the tag at the start of `data`."""
    if data[:3] != b"ID3" or len(data) < 10:
        return ReadTag(problem="there is no ID3 tag")
    if data[3] != 3:
        return ReadTag(problem=f"the tag is of version 2.{data[3]}, not 2.3")
    if any(byte & 0x80 for byte in data[6:10]):
        return ReadTag(problem="the tag's size is damaged")
    size = data[6] << 21 | data[7] << 14 | data[8] << 7 | data[9]
    if len(data) < 10 + size:
        return ReadTag(problem="the tag is longer than the file")
    texts: dict[str, str] = {}
    chapters: list[ReadChapter] = []
    tables: dict[bytes, tuple[int, list[bytes]]] = {}
    pictures: list[bytes] = []
    problem = None
    try:
        for name, body in _frames(data[10 : 10 + size]):
            if name == "CHAP":
                chapters.append(_chapter(body))
            elif name == "CTOC":
                element, flags, children = _contents(body)
                tables[element] = (flags, children)
            elif name == "APIC":
                pictures.append(_picture(body))
            elif name in ("COMM", "USLT"):
                texts[name] = _after_description(body[0], body[4:])
            elif name.startswith("T") and name != "TXXX":
                texts[name] = _text(body)
    except _Damaged as error:
        problem = str(error)
    except (IndexError, struct.error, UnicodeDecodeError):
        problem = "a frame of the tag is damaged"
    top = [element for element, (flags, _) in tables.items() if flags & 0x02]
    contents = tuple(_flat(tables, top[0])) if top else ()
    return ReadTag(texts, tuple(chapters), contents, bool(top), tuple(pictures), problem)


def _frames(body: bytes) -> Iterator[tuple[str, bytes]]:
    at = 0
    while at < len(body):
        if not any(body[at : at + 10]):  # padding
            if any(body[at:]):
                raise _Damaged("something stands in the tag's padding")
            return
        head = body[at : at + 10]
        if len(head) < 10 or not re.fullmatch(rb"[A-Z][A-Z0-9]{3}", head[:4]):
            raise _Damaged(f"no frame follows where one should, at byte {at + 10} of the tag")
        (size,) = struct.unpack_from(">I", head, 4)
        name = head[:4].decode("ascii")
        if at + 10 + size > len(body):
            raise _Damaged(f"frame {name} is longer than the tag")
        yield name, body[at + 10 : at + 10 + size]
        at += 10 + size


def _chapter(body: bytes) -> ReadChapter:
    end = body.index(b"\0") if b"\0" in body else -1
    if end < 0:
        raise _Damaged("a chapter has no id")
    start_ms, end_ms, _, _ = struct.unpack_from(">IIII", body, end + 1)
    inside = dict(_frames(body[end + 17 :]))
    return ReadChapter(body[:end], start_ms, end_ms, _text(inside.get("TIT2", b"\0")))


def _contents(body: bytes) -> tuple[bytes, int, list[bytes]]:
    element, _, rest = body.partition(b"\0")
    flags, count = rest[0], rest[1]
    children = rest[2:].split(b"\0", count)[:count]
    if len(children) < count:
        raise _Damaged("the table of contents breaks off")
    return element, flags, children


def _flat(
    tables: dict[bytes, tuple[int, list[bytes]]], element: bytes, depth: int = 0
) -> Iterator[bytes]:
    for child in tables[element][1]:
        if child in tables and depth < 4:
            yield from _flat(tables, child, depth + 1)
        else:
            yield child


def _picture(body: bytes) -> bytes:
    _, _, rest = body[1:].partition(b"\0")
    wide = body[0] in (1, 2)
    end = _end_of_text(rest[1:], wide)
    return rest[1 + end + (2 if wide else 1) :]


def _after_description(encoding: int, body: bytes) -> str:
    wide = encoding in (1, 2)
    end = _end_of_text(body, wide)
    return _text(bytes((encoding,)) + body[end + (2 if wide else 1) :])


def _end_of_text(body: bytes, wide: bool) -> int:
    """Offset of the zero (two of them in UTF-16, on an even byte) that ends a text."""
    if not wide:
        end = body.find(b"\0")
    else:
        end = next((i for i in range(0, len(body) - 1, 2) if body[i : i + 2] == b"\0\0"), -1)
    if end < 0:
        raise _Damaged("a text of the tag has no end")
    return end


def _text(body: bytes) -> str:
    codecs = {0: "latin-1", 1: "utf-16", 2: "utf-16-be", 3: "utf-8"}
    if body[0] not in codecs:
        raise _Damaged("a text of the tag is in no known encoding")
    return body[1:].decode(codecs[body[0]]).rstrip("\0")
