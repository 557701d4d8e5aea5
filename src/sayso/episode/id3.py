"""The ID3v2.3 tag: title, cover, chapters, in a fixed order and to the byte.

After "ID3 tag version 2.3.0" (id3.org, 1999) and its "Chapter Frame Addendum" (2005). Text is
UTF-16 with a byte order mark, as 2.3 has it; sizes of frames are plain, that of the tag synchsafe;
no unsynchronisation, no padding: a tag is written anew with its file.
"""

from __future__ import annotations

import itertools
import re
import struct
import urllib.parse
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sayso.errors import SoundError

MAX_TAG_BYTES = (1 << 28) - 1  # §3.1: four bytes of seven bits
MAX_CHILDREN = 255  # Chapter Frame Addendum §3.2: the entry count is one byte

_UTF16 = b"\x01"
_LATIN1 = b"\x00"
_FRONT_COVER = b"\x03"
_UNKNOWN_OFFSET = 0xFFFFFFFF  # Addendum §3.1: players use the times instead
_ORDERED, _TOP_LEVEL = 0x01, 0x02  # Addendum §3.2


@dataclass(frozen=True, slots=True)
class Picture:
    """A cover: a JPEG or PNG file as it is."""

    mime: str
    data: bytes


@dataclass(frozen=True, slots=True)
class TagChapter:
    """A chapter; times in milliseconds from the start of the sound."""

    id: str
    """Unique within the tag; players do not show it."""
    title: str
    start_ms: int
    end_ms: int


@dataclass(frozen=True, slots=True)
class Tags:
    """What the tag says; None and "" leave a frame out."""

    title: str
    artist: str | None = None
    album: str | None = None
    """The show."""
    genre: str | None = "Podcast"
    date: str | None = None
    """ISO 8601: `2026`, `2026-02-01` or longer."""
    language: str | None = None
    """BCP 47 (`en-US`) or ISO 639-2 (`eng`)."""
    encoded_by: str | None = None
    publisher: str | None = None
    comment: str | None = None
    lyrics: str | None = None
    """The transcript."""
    length_ms: int | None = None
    link: str | None = None
    """The page of the episode."""
    cover: Picture | None = None
    chapters: tuple[TagChapter, ...] = ()


def write_id3(tags: Tags) -> bytes:
    """The tag as bytes; the same tags give the same bytes.

    Control characters become spaces (line breaks stay in comment and lyrics), halves of surrogate
    pairs U+FFFD, other characters in links %-escapes. Raises SoundError for a cover that is no JPEG
    or PNG or too large, ValueError for chapters that overlap, run backwards, share an id, or do not
    start at 0.
    """
    language = language_code(tags.language)
    frames = [
        _text("TIT2", tags.title),
        _text("TPE1", tags.artist),
        _text("TALB", tags.album),
        _text("TCON", tags.genre),
        *_date(tags.date),
        _text("TLAN", language),
        _text("TENC", tags.encoded_by),
        _text("TPUB", tags.publisher),
        _text("TLEN", None if tags.length_ms is None else str(tags.length_ms)),
        _link("WOAS", tags.link),
        _long_text("COMM", tags.comment, language),
        _long_text("USLT", tags.lyrics, language),
        *_chapters(tags.chapters),
        _picture(tags.cover),
    ]
    body = b"".join(frames)
    if len(body) > MAX_TAG_BYTES:
        raise SoundError(
            f"the tag would have {len(body) >> 20} MiB, and ID3 allows 256",
            code="too-large",
            hint="choose smaller pictures",
        )
    size = bytes(len(body) >> shift & 0x7F for shift in (21, 14, 7, 0))
    return b"ID3\x03\x00\x00" + size + body


def language_code(language: str | None) -> str | None:
    """ISO 639-2 of a BCP 47 tag: `eng` of `en-US`; None of None and of what has no such code."""
    if language is None:
        return None
    primary = re.split("[-_]", language.strip().lower())[0]
    if len(primary) == 3 and primary.isascii() and primary.isalpha():
        return primary
    return _ISO_639.get(primary)


def _frame(name: str, body: bytes) -> bytes:
    return name.encode("ascii") + struct.pack(">IH", len(body), 0) + body


def _text(name: str, text: str | None) -> bytes:
    """A text frame (§4.2), or nothing where there is no text."""
    clean = _clean(text or "")
    return _frame(name, _UTF16 + _utf16(clean)) if clean else b""


def _long_text(name: str, text: str | None, language: str | None) -> bytes:
    """COMM (§4.11) and USLT (§4.9): with line breaks, a language, and an empty description."""
    clean = _clean(text or "", lines=True)
    if not clean:
        return b""
    code = (language or "und").encode("ascii")
    return _frame(name, _UTF16 + code + _utf16("") + b"\0\0" + _utf16(clean))


def _link(name: str, link: str | None) -> bytes:
    """A link frame (§4.3): ISO 8859-1, so everything that is not ASCII is escaped."""
    url = _url(link)
    return _frame(name, url) if url else b""


def _date(date: str | None) -> list[bytes]:
    """TYER and TDAT (§4.2.1): YYYY, and DDMM where day and month are known."""
    match = re.match(r"(\d{4})(?:-(\d\d)-(\d\d))?", date or "", re.ASCII)
    if match is None:
        return []
    year, month, day = match.groups()
    return [_text("TYER", year), _text("TDAT", None if day is None else day + month)]


def _picture(picture: Picture | None) -> bytes:
    """APIC (§4.15), as front cover, with the plainest encoding: old players stumble over others."""
    if picture is None:
        return b""
    mime = _mime(picture.data)
    if mime is None or picture.mime not in (mime, "image/jpg"):
        raise SoundError(
            f"a picture said to be {picture.mime} is not one",
            code="bad-picture",
            hint="use a JPEG or PNG file",
        )
    return _frame(
        "APIC", _LATIN1 + mime.encode("ascii") + b"\0" + _FRONT_COVER + b"\0" + picture.data
    )


def _mime(data: bytes) -> str | None:
    if data.startswith(b"\xff\xd8\xff"):
        return "image/jpeg"
    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        return "image/png"
    return None


def _chapters(chapters: Sequence[TagChapter]) -> Iterable[bytes]:
    """CTOC and CHAP frames. Over 255 chapters the top table lists tables of 255 (Addendum §3.2)."""
    if not chapters:
        return
    ids = [_element_id(chapter.id) for chapter in chapters]
    if chapters[0].start_ms != 0:
        raise ValueError("the first chapter must start at 0")
    if len(set(ids)) < len(ids):
        raise ValueError("two chapters have the same id")
    if any(a.end_ms > b.start_ms for a, b in itertools.pairwise(chapters)) or any(
        chapter.end_ms < chapter.start_ms for chapter in chapters
    ):
        raise ValueError("chapters must follow one another in time")
    if chapters[-1].end_ms >= _UNKNOWN_OFFSET:
        raise ValueError("chapters must end within 49 days")
    groups = [ids[first : first + MAX_CHILDREN] for first in range(0, len(ids), MAX_CHILDREN)]
    if len(groups) > MAX_CHILDREN:
        raise ValueError(f"a tag holds at most {MAX_CHILDREN**2} chapters")
    if len(groups) == 1:
        yield _contents(b"toc", _TOP_LEVEL | _ORDERED, groups[0])
    else:
        names = [b"toc%d" % number for number in range(1, len(groups) + 1)]
        yield _contents(b"toc", _TOP_LEVEL | _ORDERED, names)
        for name, group in zip(names, groups, strict=True):
            yield _contents(name, _ORDERED, group)
    for element_id, chapter in zip(ids, chapters, strict=True):
        times = (chapter.start_ms, chapter.end_ms, _UNKNOWN_OFFSET, _UNKNOWN_OFFSET)
        yield _frame(
            "CHAP",
            element_id + b"\0" + struct.pack(">IIII", *times) + _text("TIT2", chapter.title),
        )


def _contents(element_id: bytes, flags: int, children: Sequence[bytes]) -> bytes:
    entries = b"".join(child + b"\0" for child in children)
    return _frame("CTOC", element_id + b"\0" + bytes((flags, len(children))) + entries)


def _element_id(text: str) -> bytes:
    """The id as ISO 8859-1; a prefix keeps it apart from the tables' own."""
    return b"ch-" + _clean(text).encode("latin-1", "backslashreplace")


_CONTROLS = "[\x00-\x1f\x7f-\x9f]"
_CONTROLS_IN_LINES = "[\x00-\x08\x0b-\x1f\x7f-\x9f]"  # all but tabs and ends of lines


def _clean(text: str, *, lines: bool = False) -> str:
    """Text that every reader can take: no controls, no lone surrogates, no space at the ends."""
    if lines:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    spaced = re.sub(_CONTROLS_IN_LINES if lines else _CONTROLS, " ", text)
    return spaced.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace").strip()


def _utf16(text: str) -> bytes:
    return b"\xff\xfe" + text.encode("utf-16-le")


def _url(link: str | None) -> bytes:
    return urllib.parse.quote(_clean(link or ""), safe="!#$%&'()*+,/:;=?@[]~").encode("ascii")


# ISO 639-1 and ISO 639-2 (terminological codes, Library of Congress), written as one word.
_CODES = """
aaaar ababk aeave afafr akaka amamh anarg arara asasm avava ayaym azaze babak bebel bgbul
bhbih bibis bmbam bnben bobod brbre bsbos cacat ceche chcha cocos crcre csces cuchu cvchv
cycym dadan dedeu dvdiv dzdzo eeewe elell eneng eoepo esspa etest eueus fafas ffful fifin
fjfij fofao frfra fyfry gagle gdgla glglg gngrn guguj gvglv hahau heheb hihin hohmo hrhrv
hthat huhun hyhye hzher iaina idind ieile igibo iiiii ikipk ioido isisl itita iuiku jajpn
jvjav kakat kgkon kikik kjkua kkkaz klkal kmkhm knkan kokor krkau kskas kukur kvkom kwcor
kykir lalat lbltz lglug lilim lnlin lolao ltlit lulub lvlav mgmlg mhmah mimri mkmkd mlmal
mnmon mrmar msmsa mtmlt mymya nanau nbnob ndnde nenep ngndo nlnld nnnno nonor nrnbl nvnav
nynya ococi ojoji omorm orori ososs papan pipli plpol pspus ptpor quque rmroh rnrun roron
rurus rwkin sasan scsrd sdsnd sesme sgsag sisin skslk slslv smsmo snsna sosom sqsqi srsrp
ssssw stsot susun svswe swswa tatam tetel tgtgk ththa titir tktuk tltgl tntsn toton trtur
tstso tttat twtwi tytah uguig ukukr ururd uzuzb veven vivie vovol wawln wowol xhxho yiyid
yoyor zazha zhzho zuzul
"""
_ISO_639 = {pair[:2]: pair[2:] for pair in _CODES.split()}
