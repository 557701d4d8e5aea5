"""Which encoding a text is in that is not UTF-8: a guess, to be offered, never acted on unasked.

A byte-order mark or zeros in every second byte tell UTF-16 and UTF-32. Otherwise the bytes beyond
ASCII are decoded in each way that is likely, and the one is taken that makes them most like words.
"""

from __future__ import annotations

import codecs
import unicodedata
from dataclasses import dataclass

_MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_CANDIDATES = {
    "cp1252": "Windows-1252 (Latin-1)",
    "cp1250": "Windows-1250 (Central European)",
    "cp1251": "Windows-1251 (Cyrillic)",
    "koi8-r": "KOI8-R (Cyrillic)",
    "cp1253": "Windows-1253 (Greek)",
    "mac_roman": "Mac OS Roman",
    "cp437": "DOS code page 437",
    "shift_jis": "Shift JIS (Japanese)",
    "euc_jp": "EUC-JP (Japanese)",
    "gb18030": "GB 18030 (Chinese)",
    "big5": "Big5 (Chinese)",
    "euc_kr": "EUC-KR (Korean)",
}
"""Python's names and people's; of two that fit equally well, the first is taken."""
_NAMES = {
    **_CANDIDATES,
    **{"utf-16": "UTF-16", "utf-32": "UTF-32"},
    **{"utf-16-le": "UTF-16 without a byte-order mark", "utf-16-be": "UTF-16, big-endian"},
}
_SAMPLE = 40_000
_RARE = 0.9
"""Of old machines: others are taken first."""
_PUNCTUATION = frozenset("“”‘’„‚–—…•€£©®™°½¼¾«»¿¡·×§ª²³、。「」『』，！？：；（）《》・\u3000")
_WESTERN = frozenset("äöüßéèêàâçñáíóúøåæœôîûùëïìòãõÄÖÜÉÀÅØÆÇÈÊÁÍÓÚ")

_FREQUENT = frozenset(
    "的一是不了在人有我他这个们中来上大为和国地到以说时要就出会可也你对生能而子那得于着下自之年过发后作里"
    "用道行所然家种事成方多经么去法学如都同现当没动面起看定天分还进好小部其些主样理心她本前开但因只从想实"
    "這個們來為國說時會對過發後裡種經麼學現當沒動還進樣開從實很非常喜歡欢故电電影書书"
)
"""Characters that every text in Chinese is full of; other codes make rare ones of them."""


@dataclass(frozen=True, slots=True)
class Guess:
    """An encoding that a text is probably in."""

    codec: str
    """What Python calls it."""
    name: str


def guess_encoding(data: bytes) -> Guess | None:
    """The encoding of a text that is not UTF-8; None where none makes words of it."""
    for mark, codec in _MARKS:
        if data.startswith(mark):
            return _decodes(data, codec)
    head = data[:_SAMPLE]
    for at, codec in ((1, "utf-16-le"), (0, "utf-16-be")):
        zeros, others = head[at::2].count(0), head[1 - at :: 2].count(0)
        if zeros * 10 > len(head) * 3 and others * 20 < len(head):  # most letters are ASCII
            return _decodes(data, codec)
    if 0 in head:
        return None
    best, most = None, 0.0
    n_bytes = max(1, sum(byte > 127 for byte in head))
    for codec in _CANDIDATES:
        try:
            text = data.decode(codec)[:_SAMPLE]
        except UnicodeDecodeError:
            continue
        score = _likeness(text) / n_bytes * (_RARE if codec in ("mac_roman", "cp437") else 1)
        if score > most:
            best, most = codec, score
    return None if best is None else Guess(best, _NAMES[best])


def _decodes(data: bytes, codec: str) -> Guess | None:
    try:
        data.decode(codec)
    except UnicodeDecodeError:
        return None
    return Guess(codec, _NAMES[codec])


def _likeness(text: str) -> float:
    """How much the characters beyond ASCII are like those of words: points for each."""
    return sum(
        _points(text[at - 1] if at else " ", char, text[at + 1 : at + 2] or " ")
        for at, char in enumerate(text)
        if char > "\x7f"
    )


def _points(before: str, char: str, after: str) -> float:
    """Points for a character between two others; about 1 for each byte that it takes."""
    code = ord(char)
    if char in _PUNCTUATION:
        inside = before.isalpha() and after.isalpha() and char not in "’–—·・「」"
        return 0.2 if inside else 1.0 if code < 0x3000 else 2.0
    if 0x3041 <= code <= 0xD7A3:
        if any(each.isalpha() and ord(each) < 0x530 for each in (before, after)):
            return -2.0  # a letter of a word, and the one after it
        if code >= 0xAC00:
            return 0.0 if 0x4E00 <= ord(before) <= 0x9FFF else 2.0
        if code <= 0x30FF:
            return 2.2
        return 2.2 if char in _FREQUENT else 1.4
    if code < 0x530 and char.isalpha():
        neighbours = [each for each in (before, after) if each.isalpha()]
        if code >= 0x370:
            strangers = any(ord(each) < 0x370 for each in neighbours)
            wrong_case = char.isupper() and before.islower()
            return -2.0 if strangers or wrong_case else 0.9 if neighbours else 0.5
        if any(0x370 <= ord(each) < 0x530 for each in neighbours):
            return -2.0
        if char.isupper() and before.islower():
            return -2.0
        if not neighbours:
            return 0.3
        return 1.0 if char in _WESTERN else 0.8 if unicodedata.decomposition(char) else 0.7
    return -2.0
