"""Where English sentences end, and which of them depend on the one before.

A stop ends a sentence if white space follows it, the next word can begin a sentence, and the word
before it is not an abbreviation within one. Text is never changed: a stop without a space after it
ends nothing, so the sentences joined with single spaces give the text back.
"""

from __future__ import annotations

import re

from sayso.language.calendar import SHORT_MONTHS
from sayso.language.text import word_set

# Starts only at the first of several stops, so that a line of a million dots takes linear time.
_STOP = re.compile(r"""(?<![.!?…。！？])[.!?…。！？]+["'”’»)\]]*(?= )""")
_LAST_WORD = re.compile(r"[^\s(\[“‘\"'«—–/]*$")
_OPENING = "\"'“‘«([¿¡"

_ALWAYS_GOES_ON = word_set(
    "mr mrs ms mx dr prof messrs mme mlle sgt lt cpl capt cmdr col gen adm maj rev hon sen rep "
    "gov pres supt insp pvt det mt ft vs v e.g i.e eg ie cf viz approx ca incl esp resp"
)
"""Something always follows them: a name, the other side, an example."""

_BEFORE_A_NUMBER = word_set(
    "no nos nr vol vols p pp fig figs ch chap ep eps pt sec art op ser sept max ver b c d r "
    "mon tue tues wed weds thu thur thurs fri"
) | {month.lower() for month in SHORT_MONTHS if month != "May"}
"""A number that follows them is part of the sentence; 'No. I mean it' is two."""

_MAY_END = word_set(
    "etc inc ltd bros co corp llc plc jr sr st ave blvd rd sq dept est al u.s u.k u.s.a u.n a.m "
    "p.m b.c a.d d.c ph.d m.d b.a m.a dir ed feat trans"
)
"""They end the sentence only if a common first word follows."""

_EXCLAIMED_NAMES = word_set(
    "yahoo jeopardy panic airplane oliver mia rouge oklahoma mother jazzin taboo"
)
"""Names with an exclamation mark; they end a sentence only if a common first word follows."""

_COMPANY = word_set("Inc Inc. Ltd Ltd. Corp Corp. Group Co Co.")

_FIRST_WORDS = word_set(
    "a after all also although an and another any are as at because before both but by can could "
    "despite did do does during each even ever every everyone everything few finally first for "
    "from he her here his how however i i'd i'll i'm i've if in indeed instead is it it's its just "
    "last later let let's like many maybe meanwhile more most much my neither never no nobody none "
    "nor not nothing now of on once one only or other others our overall perhaps rather she "
    "should since so some someone something soon still such sure than thankfully that that's the "
    "their then there there's these they they're things this those though through thus to "
    "together too two under unfortunately unless until was we we're well were what what's when "
    "actually additionally basically certainly clearly eventually fortunately frankly generally "
    "honestly hopefully interestingly luckily obviously really sadly similarly surprisingly "
    "ultimately usually "
    "where which while who whose why will with within without would yes yet you you'll "
    "you're your"
)
"""Words that commonly begin an English sentence and seldom continue a name."""


def split_sentences(text: str) -> tuple[str, ...]:
    """Cut `text` at its sentence ends; empty for text of white space only.

    White space is collapsed first; the sentences joined with single spaces give that text.
    """
    text = " ".join(text.split())
    sentences: list[str] = []
    start = 0
    for stop in _STOP.finditer(text):
        if _is_sentence_end(text, start, stop):
            sentences.append(text[start : stop.end()])
            start = stop.end() + 1
    if start < len(text):
        sentences.append(text[start:])
    return tuple(sentences)


def _is_sentence_end(text: str, start: int, stop: re.Match[str]) -> bool:
    following = _read_word(text, stop.end() + 1)
    if not _can_begin(following):
        return False
    first_word = _strip_marks(following).casefold() in _FIRST_WORDS
    marks = stop.group().rstrip("\"'”’»)]")
    closed = len(marks) < len(stop.group())
    before_at = max(start, stop.start() - 40)
    match = _LAST_WORD.search(text[before_at : stop.start()])
    before = match.group() if match else ""
    if marks == "!":
        if before.casefold() in _EXCLAIMED_NAMES:
            return first_word and following not in _COMPANY
        return True
    if marks in ("…", "...", ".."):
        # It is a pause within a sentence as often as an end: 'well… I think'.
        return closed or _strip_marks(following) not in ("I", "I'm", "I've", "I'd", "I'll")
    if marks != ".":
        return True
    if stop.start() - start <= 3 and text[start : stop.start()].isdigit():
        return False  # '1. First of all': a number that heads its sentence
    return _full_stop_ends(before, following, first_word)


def _full_stop_ends(before: str, following: str, first_word: bool) -> bool:
    word = before.casefold()
    if word in _ALWAYS_GOES_ON:
        return False
    if word in _BEFORE_A_NUMBER and not (len(before) == 1 and before.isupper()):
        return not _strip_marks(following)[:1].isdigit()
    if word in _MAY_END:
        return first_word
    if len(before) == 1 and before.isalpha() and before.isupper() and before != "I":
        return first_word and _strip_marks(following) not in ("A", "I")
    if "." in before and all(len(part) == 1 and part.isalpha() for part in before.split(".")):
        return first_word  # initials of any kind: 'U.N.', 'J.R.R.'
    return True


def _read_word(text: str, at: int) -> str:
    end = text.find(" ", at, at + 60)
    return text[at : end if end >= 0 else at + 60]


def _strip_marks(word: str) -> str:
    return word.lstrip(_OPENING).rstrip('.,;:!?…)]"”’»').replace("’", "'")


def _can_begin(word: str) -> bool:
    inner = word.lstrip(_OPENING)
    if not inner or not inner[0].isalnum():
        return False
    if inner[0].islower():
        # 'iPhone' and 'eBay' can begin a sentence; any other lower-case word continues one.
        return len(inner) > 1 and inner[1].isupper()
    return True


# ------------------------------------------------------------ sentences that depend on another

_CONNECTIVES = (
    *("but", "yet", "however", "nevertheless", "nonetheless", "still", "and", "or", "so", "also"),
    *("besides", "instead", "otherwise", "therefore", "thus", "hence", "likewise", "similarly"),
    *("moreover", "furthermore", "additionally", "conversely", "then", "that said", "even so"),
    *("in addition", "by contrast", "in contrast", "as a result", "on the other hand"),
    *("speaking of", "for example", "for instance", "to be fair", "granted"),
)
"""They turn away from the sentence before, or add to it."""
_REFERENCES = (
    *("this", "that", "these", "those", "such", "he", "she", "they", "his", "her", "their"),
    *("both", "neither", "the latter", "the former", "the same goes"),
)
"""They refer to something in the sentence before; `it` is mostly the thing reviewed."""
_REVIEWED = (
    *("book", "device", "film", "game", "movie", "novel", "phone", "place", "restaurant"),
    *("season", "series", "show", "time", "week", "year", "headset", "story"),
)
"""`This film` depends on nothing in a review of a film."""

_QUOTES = r"[\"“‘'(\[]*"
_CONNECTIVE = re.compile(rf"{_QUOTES}(?P<words>{'|'.join(_CONNECTIVES)})\b(?!-)", re.IGNORECASE)
_REFERENCE = re.compile(
    rf"{_QUOTES}(?P<words>{'|'.join(_REFERENCES)})\b(?!-)"
    rf"(?!(?<=this) (?:[\w-]+ )?(?:{'|'.join(_REVIEWED)})\b)",
    re.IGNORECASE,
)


def dependent_opening(text: str) -> str | None:
    """The first words of a text, if they refer to the sentence before it; else None."""
    found = _CONNECTIVE.match(text) or _REFERENCE.match(text)
    return found["words"] if found else None


def opens_with_connective(text: str) -> bool:
    """Whether a text opens with a connective, so that nothing may come between it and the last."""
    return _CONNECTIVE.match(text) is not None
