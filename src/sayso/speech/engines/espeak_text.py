"""What espeak-ng is sent, so that it says the words that it is given and no others.

Behind the text it has rules of its own, and no option turns them off. Measured with espeak-ng 1.52
by its phonemes: `II` is "roman two"; a mark inside a word is named (`k.jpg` "k dot jay pee gee",
`What!Then` "what exclamation then"); a word in letters that the voice does not know is "Chinese
letter" or "Arabic meem". Signs that stand for words (`&`, `%`, `+`) and figures are said as such.
"""

from __future__ import annotations

import ctypes
import re

from sayso.speech.engines.base import plain_text
from sayso.speech.engines.english import foreign_words
from sayso.speech.spoken.rule import words

_CAPITALS = r"(?=[IVXL]{2})(?:X{0,3}|XL)(?:IX|IV|V?I{0,3})"
_NUMERAL = re.compile(
    rf"(?<![\w.'’])({_CAPITALS}|{_CAPITALS.lower()})(?=(['’]?s)?(?![\w'’]))", re.ASCII
)
_UTF8, _AS_IPA = 1, 2  # espeakCHARS_UTF8; bit 1 of the phoneme mode
_LETTER = r"[^\W\d_]"
_NAMED = re.compile(
    rf"/|(?<={_LETTER})[:!](?=\w)|(?<=\w)[:!](?={_LETTER})|(?<!\S)[:.!]+(?=\w)"
    # a stop in a word, but not between single letters, which it has spelled: A.M.C
    rf"|(?<={_LETTER}{_LETTER})\.(?={_LETTER})|(?<={_LETTER})\.(?={_LETTER}{_LETTER})"
)
_LANGUAGE = re.compile(r"(?:[a-z]+/)?([a-z]+)", re.IGNORECASE)
_OTHER_LETTERS = frozenset(
    words(
        "am ar as ba be bg bn bpy chr cmn cv el fa grc gu hak he hi hy hyw ja ka kk kn ko kok ky "
        "mk ml mr mto my ne nog or pa ru sd shn si sr ta te th ti tt ug uk ur yue zh"
    )
)
"""Languages of espeak's that are not written in Latin letters."""


def for_espeak(text: str, voice: str) -> str:
    """`text` for the espeak voice or language `voice` (`gmw/en-us+f3`, `en-us`, `pl`)."""
    text = _NAMED.sub(" ", plain_text(text))
    if is_english(voice):
        text = _NUMERAL.sub(_in_letters, text)
    foreign = set(only_named(text, voice))
    return " ".join(word for word in text.split() if word not in foreign)


def only_named(text: str, voice: str) -> tuple[str, ...]:
    """The words of `text` whose letters `voice` would only name."""
    return () if _language(voice) in _OTHER_LETTERS else foreign_words(text)


def is_english(voice: str) -> bool:
    """Whether a voice or a language of espeak reads English."""
    return _language(voice) == "en"


def phonemes(library: ctypes.CDLL, text: str) -> str:
    """What an initialised espeak-ng says for `text`, in IPA, clause by clause."""
    translate = library.espeak_TextToPhonemes
    translate.restype = ctypes.c_char_p
    raw = ctypes.create_string_buffer(text.encode())
    rest = ctypes.c_void_p(ctypes.addressof(raw))
    clauses = []
    while rest.value:  # espeak moves it on to the next clause, at the end to null
        clauses.append(translate(ctypes.byref(rest), _UTF8, _AS_IPA).decode())
    return " ".join(" ".join(clauses).split())


def _language(voice: str) -> str:
    match = _LANGUAGE.match(voice)
    return match.group(1).lower() if match else ""


def _in_letters(match: re.Match[str]) -> str:
    return ("-" if match.group(2) else ".").join(match.group(1))
