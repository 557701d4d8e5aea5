"""Where sentences end.

A stop ends a sentence if white space follows it, what comes next can begin a sentence, and the word
before it is not an abbreviation that goes on. Text is never changed: stops without a space after
them are left alone, so that joining the sentences with single spaces gives the text back.
"""

from __future__ import annotations

import re

from sayso.language.text import word_set

# Starting at the first of several stops only keeps a line of a million dots from taking for ever.
_STOP = re.compile(r"""(?<![.!?…。！？])[.!?…。！？]+["'”’»)\]]*(?= )""")
_LAST_WORD = re.compile(r"[^\s(\[“‘\"'«—–/]*$")
_OPENING = "\"'“‘«([¿¡"

_ALWAYS_GOES_ON = word_set(
    "mr mrs ms mx dr prof messrs mme mlle sgt lt cpl capt cmdr col gen adm maj rev hon sen rep "
    "gov pres supt insp mt ft vs v e.g i.e eg ie cf viz approx ca incl esp resp"
)
"""They always have something after them: a name, the other side, an example."""

_BEFORE_A_NUMBER = word_set(
    "no nos nr vol vols p pp fig figs ch chap ep eps pt sec art op ser jan feb mar apr jun jul aug "
    "sep sept oct nov dec"
)
"""They go on where a number follows; 'No. I mean it' does not."""

_MAY_END = word_set(
    "etc inc ltd co corp llc plc jr sr st ave blvd rd sq dept est al u.s u.k u.s.a u.n a.m p.m "
    "b.c a.d d.c ph.d m.d b.a m.a dir ed feat trans"
)
"""They end the sentence only where a usual first word follows."""

_EXCLAIMED_NAMES = word_set(
    "yahoo jeopardy panic airplane oliver mia rouge oklahoma mother jazzin taboo"
)
"""Names written with an exclamation mark; they go on unless a usual first word follows."""

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

    White space is collapsed first; the sentences joined with single spaces give that text exactly.
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
        # A pause within a sentence as often as its end: 'well… I think'.
        return closed or _strip_marks(following) not in ("I", "I'm", "I've", "I'd", "I'll")
    if marks != ".":
        return True
    return _full_stop_ends(before, text[start : stop.start()], following, first_word)


def _full_stop_ends(before: str, so_far: str, following: str, first_word: bool) -> bool:
    word = before.casefold()
    if word in _ALWAYS_GOES_ON:
        return False
    if len(so_far) <= 3 and so_far.isdigit():
        return False  # '1. First of all': a number that heads its sentence
    if word in _BEFORE_A_NUMBER:
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
        # 'iPhone' and 'eBay' can begin a sentence; other small letters continue one.
        return len(inner) > 1 and inner[1].isupper()
    return True


_TURNS = (
    *("but", "yet", "however", "nevertheless", "nonetheless", "still", "and", "or", "so", "also"),
    *("besides", "instead", "otherwise", "therefore", "thus", "hence", "likewise", "similarly"),
    *("moreover", "furthermore", "additionally", "conversely", "then", "that said", "even so"),
    *(
        "in addition",
        "by contrast",
        "in contrast",
        "as a result",
        "on the other hand",
        "speaking of",
    ),
    *("for example", "for instance", "to be fair", "granted"),
)
"""They turn from something that was just said, or add to it."""
_POINTS = (
    *("this", "that", "these", "those", "such", "he", "she", "they", "his", "her", "their"),
    *("both", "neither", "the latter", "the former", "the same goes"),
)
"""They point at something that was just named; `it` is mostly the thing reviewed."""
_REVIEWED = (
    *("book", "device", "film", "game", "movie", "novel", "phone", "place", "restaurant"),
    *("season", "series", "show", "time", "week", "year", "headset", "story"),
)
"""`This film` can be said anywhere in a review of a film."""

_START = r"[\"“‘'(\[]*"
_TURN = re.compile(rf"{_START}(?P<words>{'|'.join(_TURNS)})\b(?!-)", re.IGNORECASE)
_POINT = re.compile(
    rf"{_START}(?P<words>{'|'.join(_POINTS)})\b(?!-)"
    rf"(?!(?<=this) (?:[\w-]+ )?(?:{'|'.join(_REVIEWED)})\b)",
    re.IGNORECASE,
)


def leaning_words(text: str) -> str | None:
    """The words by which a text leans on what stands before it, or None."""
    found = _TURN.match(text) or _POINT.match(text)
    return found["words"] if found else None


def opens_with_turn(text: str) -> bool:
    """Whether a text opens by turning from what was just said: nothing may be said in between."""
    return _TURN.match(text) is not None
