"""Characters that no voice should meet, and emoji."""

from __future__ import annotations

import re
import unicodedata

from sayso.speech.spoken.rule import Rule, rule

_NEVER = (
    "\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f"  # control characters that are not white space
    "\xad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufe0e\ufe0f\ufeff"  # invisible
    "\ufff9-\uffff"
    "\ufdd0-\ufdef\ud800-\udfff\ue000-\uf8ff\U000e0000-\U000e0fff\U000f0000-\U0010ffff"
)
_INVISIBLE = re.compile(f"[{_NEVER}]+")
_WHITE = re.compile(r"[\s\x1c-\x1f\x85]+")
_WIDE = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}
_LIGATURES = {code: unicodedata.normalize("NFKC", chr(code)) for code in range(0xFB00, 0xFB07)}
_LOWERED = {0x2080 + digit: str(digit) for digit in range(10)}  # H₂O
_SAME = _WIDE | _LIGATURES | _LOWERED | {0x2010: "-", 0x2011: "-", 0x2212: "−"}


def clean(text: str) -> str:
    """`text` in NFC, without control characters, lone surrogates and invisible marks.

    White space of any kind becomes single spaces; it is not stripped at the ends, because the
    text may be a part of a sentence.
    """
    plain = _WHITE.sub(" ", _INVISIBLE.sub("", text))
    if plain.isascii():
        return plain
    return unicodedata.normalize("NFC", plain).translate(_SAME)


def sayable(text: str) -> bool:
    """Whether there is anything for a voice to say: any letter or digit, of any script."""
    return any(character.isalnum() for character in text)


_EMOJI = (
    "\U0001f000-\U0001faff\u2600-\u2604\u2607-\u266c\u2670-\u2712\u2714-\u27bf\u2b50-\u2b55"
    "\u231a-\u231b\u23e9-\u23fa\u25aa-\u25ab\u25fb-\u25fe\u2b05-\u2b1c\ufe00-\ufe0f\u20e3\u3030"
)

RULES: tuple[Rule, ...] = (
    rule("heart", r"(?<=\b[Ii] )<3(?=\s)", "love", needs="<"),
    rule(
        "emoticon",
        r"(?<![^\s.,!?])(?:[:;=8]['’]?-?[)(DPpO3|/\\](?![\w/])|<3+|[xX]D(?!\w))",
        "",
        english=False,
        needs="8:;<=D",
    ),
    rule("emoji", f" ?[{_EMOJI}]+", "", english=False),
    rule("trade mark", "[™®℠]", "", english=False, needs="®℠™"),
)
