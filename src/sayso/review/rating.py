"""The score of a review: how it is written, what it says, and which words give it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from sayso.language.text import word_set
from sayso.model import Rating

_NUMBERS = ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"]
_NUMBER = rf"(?<![\w.,/$£€-])(\d{{1,3}}(?:[.,]\d{{1,2}})?|{'|'.join(_NUMBERS)}|half|½)"
_HALF = r"(\s?½|[ -]and[ -]a[ -]half)?"
_SCALES = frozenset({4, 5, 6, 7, 10, 20, 100})
"""Highest values in use. `9/11` and `24/7` are no ratings."""

_OUT_OF = re.compile(
    rf"{_NUMBER}{_HALF}\s*(?:stars?\s*)?(?:/|\bout of\b|\bof\b(?=\s*(?:5|10|100)\s*stars))\s*"
    rf"(\d{{1,3}}|four|five|six|seven|ten|a hundred)(?![\w/]|[.,]\d)(?:[ -]?stars?\b|★|⭐)?",
    re.IGNORECASE,
)
_IN_STARS = re.compile(rf"{_NUMBER}{_HALF}[ -]?(?:stars?\b|★|⭐)", re.IGNORECASE)
_PER_CENT = re.compile(rf"{_NUMBER}\s?%", re.IGNORECASE)
_SIGNS = re.compile(
    r"[★⭐✭✮](?:[\s️]{0,2}[★⭐✭✮])*️?(?:\s?(½|⯨|⯪|1/2\b))?(?:[\s️]{0,2}[☆✩✰])*|[☆✩✰]{2,}"
)
_GRADE = re.compile(r"[A-F][+–−-]?")
_BARE = re.compile(r"\d{1,3}(?:[.,]\d{1,2})?")

_EMOJI = re.compile(r"((?:[\U0001F300-\U0001FAFF]\uFE0F?\s?){1,10})/\s?(5|10)\b")
_IS_ALONE = re.compile(r"(?:\A|[:–—-])\W*\Z")
_WORDS = word_set(
    "rating ratings rated rate score scores scored scoring overall verdict grade graded my our the "
    "final star stars out of a an and half solid strong total average i give it gives gets get "
    "this is me be for from in on that's so we i'd i'll would will have to say as points point "
    "marks mark mine rounded up down personal reviewer's editor's worthy easy well deserved very "
    "generous firm respectable perfect"
)
"""Words around a rating that make no other point."""
_LABEL = re.compile(
    r"\W*(?:(?:my|our|the|final|overall|total|star)\s+)*"
    r"(?:rating|score|grade|verdict|overall|stars?|marks?|total)\b",
    re.IGNORECASE,
)
_TOTAL = re.compile(
    r"\W*(?:(?:my|our|the)\s+)*(?:final|overall|total|verdict|score|rating)\b", re.I
)
_GIVES = re.compile(
    r"\b(?:(?:i|we)(?:'d|'ll|'m| am| would| will)? (?:\w+ ){0,2}(?:giv(?:e|ing)|rate|score|award)"
    r"|rat(?:e|ed|ing)|scor(?:e|es|ed|ing)|gets? an?\b|gets? \w+ (?:stars|out)|earns? (?:it )?an?\b"
    r"|out of (?:5|10|100|five|ten)|grade|verdict|final|overall|solid|marks)\b",
    re.IGNORECASE,
)
_GRADED = r"\b(?:an?|grade|graded|rated|rating|score|verdict):? "
_OF_OTHERS = re.compile(
    r"\b(?:imdb|metacritic|metascore|rotten tomatoes|tomatometer|goodreads|amazon"
    r"|critics?|users?|readers'?|tripadvisor|google|yelp|untappd|ratebeer|vivino|bgg|average)\b",
    re.IGNORECASE,
)
_SCORED = re.compile(r"\b(?:scores?|rating|(?:rate|give|giving) (?:it|this))\b", re.IGNORECASE)
_RECOMMENDED = re.compile(
    r"(?:highly |strongly |not )?recommended|must[- ](?:see|read|play|buy)"
    r"|worth (?:it|seeing|reading|buying)|avoid|skip it|pass|(?:do not|don't) (?:buy|bother)"
    r"|buy|editor'?s choice",
    re.IGNORECASE,
)
_MOST_WORDS, _FEW_WORDS = 12, 8
_AT_START = 6
"""Characters before a rating that begins its sentence: `Four stars, gladly.`, `A 3-star film.`"""
_AT_END = re.compile(r"[\s(\[–—:|,-]*\Z")
"""Between a name and its rating: `Night Boat (4/5)`, `Night Boat – 8/10`."""


@dataclass(frozen=True, slots=True)
class FoundRating:
    """A rating within a text."""

    rating: Rating
    start: int
    end: int


def find_ratings(text: str) -> Iterator[FoundRating]:
    """The ratings with a scale in `text`, in order: `8/10`, `four out of five`, `★★★½`, `85 %`."""
    patterns = (_OUT_OF, _IN_STARS, _SIGNS, _PER_CENT, _EMOJI)
    matches = [match for pattern in patterns for match in pattern.finditer(text)]
    end = 0
    for match in sorted(matches, key=lambda m: (m.start(), -m.end())):
        rating = _read_match(match) if match.start() >= end else None
        if rating is not None:
            end = match.end()
            yield FoundRating(rating, match.start(), end)


def _read_match(match: re.Match[str]) -> Rating | None:
    text = match[0].strip()
    if match.re is _SIGNS:
        if len(text) == 1 and not _IS_ALONE.search(match.string[: match.start()]):
            return None  # `★ Night Boat` is marked, not rated
        full, empty = len(re.findall("[★⭐✭✮]", text)), len(re.findall("[☆✩✰]", text))
        value = full + (0.5 if match[1] else 0.0)
        best = float(full + empty + bool(match[1])) if empty else None
        return Rating(text, value, best or 5.0 if value <= 5 else best)
    if match.re is _EMOJI:
        shown = float(len(re.findall("[\U0001f300-\U0001faff]", text)))
        return Rating(text, shown, float(match[2])) if shown <= float(match[2]) else None
    value = read_number(match[1])
    if match.re is _PER_CENT:
        return Rating(text, value, 100.0) if value <= 100 else None
    value += 0.5 if match[2] else 0.0
    if match.re is _IN_STARS:
        return Rating(text, value, 5.0) if value <= 5 else None
    best = 100.0 if match[3].casefold() == "a hundred" else read_number(match[3])
    return Rating(text, value, best) if best in _SCALES and value <= best else None


def read_number(text: str) -> float:
    """The number that is written in figures, with a decimal point or comma, or as a word to ten."""
    folded = text.casefold()
    if folded in ("half", "½"):
        return 0.5
    return float(_NUMBERS.index(folded) if folded in _NUMBERS else folded.replace(",", "."))


def read_rating(text: str, best: float | None = None) -> Rating | None:
    """The rating that a value of the front matter is: with its scale, a grade, words or a number.

    `best` is the scale of a bare number.
    """
    text = text.strip()
    found = next(find_ratings(text), None)
    if found is not None and len(text) - (found.end - found.start) <= 12:
        return Rating(text, found.rating.value, found.rating.best)
    of = re.fullmatch(rf"({_BARE.pattern}) of ({_BARE.pattern})", text)
    if of:
        return Rating(text, read_number(of[1]), read_number(of[2]))
    if _BARE.fullmatch(text):
        value = read_number(text)
        scaled = best if best is not None and value <= best else None
        return Rating(f"{text}/{best:g}" if scaled else text, value, scaled)
    return Rating(text) if text else None


def rating_of_block(text: str) -> Rating | None:
    """The rating that a block gives, if it gives one and says little else; None for prose.

    `8/10`, `My rating: 4 stars`, `I give it 8/10.`, `Grade: B+`, `Night Boat: 3/5`, `Recommended`.
    A rating by others (`IMDb: 7.1/10`) is none.
    """
    if len(text) > 200 or len(text.split()) > _MOST_WORDS or _OF_OTHERS.search(text):
        return None
    found = list(find_ratings(text))
    if found:
        last = found[-1]
        around = re.findall(r"[^\W\d_][\w'’]*", text[: last.start] + " " + text[last.end :])
        others = [word for word in around if word.casefold().replace("’", "'") not in _WORDS]
        at_end = not any(char.isalnum() for char in text[last.end :])
        label = _LABEL.match(text)
        labelled = label is not None and text[label.end() :].lstrip().startswith(":")
        closing = at_end and ":" in text and last.start > 0
        if not others or (len(others) <= 4 and (closing or labelled)):
            return last.rating
        return None
    label = _LABEL.match(text)
    if label:
        given = text[label.end() :].lstrip(" :–—-").rstrip(" .!")
        if _GRADE.fullmatch(given) or _RECOMMENDED.fullmatch(given) or _BARE.fullmatch(given):
            return read_rating(given)
    if (
        _RECOMMENDED.fullmatch(text.strip(" .!*"))
        and text[:1].isupper()
        and " " not in text.strip()
    ):
        return Rating(text.strip(" .!*")) if text.casefold().startswith("recommended") else None
    return Rating(text) if re.fullmatch(r"[A-F][+–−-]\.?", text) else None


_COMPONENT = re.compile(
    r"\b(?:[\w-]*(?:rating|stars?|score|review|testimonial)[\w-]*)\b", re.IGNORECASE
)
_ATTRIBUTE = re.compile(
    r"\b(?P<key>value|rating|score|stars?|count|max|best|out-?of|total)\s*=\s*[\"'{ ]*"
    r"(?P<number>\d{1,3}(?:\.\d{1,2})?)(?![\w.%])",
    re.IGNORECASE,
)


def rating_of_component(markup: str) -> Rating | None:
    """The rating that a component shows: `{{< rating score=4 >}}`, `<StarRating value={4}>`.

    Stars are out of five where it does not say.
    """
    name = _COMPONENT.search(markup[:60])
    given = {m["key"].casefold(): float(m["number"]) for m in _ATTRIBUTE.finditer(markup[:500])}
    most = [given.pop(key) for key in ("max", "best", "outof", "out-of", "total") if key in given]
    if name is None or not given:
        return None
    value = next(iter(given.values()))
    is_stars = "star" in markup[:60].casefold() or any(key.startswith("star") for key in given)
    best = most[0] if most else 5.0 if is_stars and value <= 5 else None
    return Rating(f"{value:g}/{best:g}" if best else f"{value:g}", value, best)


def is_total(text: str) -> bool:
    """Whether a rating says that it is the one of the whole: `Overall: 7/10`."""
    return _TOTAL.match(text) is not None


def is_rating_of_others(text: str) -> bool:
    """Whether a short text gives what others give, and no more: `IMDb: 7.1/10`, `Average: 4.2`."""
    others = _OF_OTHERS.search(text)
    if others is None or others.start() > 12 or len(text.split()) > _FEW_WORDS:
        return False
    return next(find_ratings(text), None) is not None or _LABEL.search(text) is not None


def stated_rating(sentences: Iterable[str]) -> Rating | None:
    """The rating that the last of the sentences states which states one: `… so it gets 8/10`."""
    stated: Rating | None = None
    for sentence in sentences:
        if not re.search(r"[\d★⭐%]|\bstars?\b|\bout of\b", sentence) or _OF_OTHERS.search(
            sentence
        ):
            continue
        for found in find_ratings(sentence):
            if found.rating.text.endswith("%") and not _SCORED.search(sentence):
                continue
            if found.start < _AT_START or _GIVES.search(sentence) or "★" in found.rating.text:
                stated = found.rating
    return stated


def is_said(rating: Rating, sentences: Iterable[str]) -> bool:
    """Whether a sentence gives the rating, in figures, words or stars.

    A number or letter alone counts only as part of a score or grade: any review has an 8 and an A.
    """
    for sentence in sentences:
        if rating.value is None:
            words = re.escape(rating.text.casefold())
            before = _GRADED if len(rating.text) <= 2 else ""
            if re.search(rf"{before}(?<!\w){words}(?![\w+−-])", sentence.casefold()):
                return True
        elif any(
            found.rating.value == rating.value and rating.best in (None, found.rating.best)
            for found in find_ratings(sentence)
        ):
            return True
    return False


def gives_rating(sentence: str) -> bool:
    """Whether a sentence gives a rating of the whole, in so many words: `I give it …`."""
    return _GIVES.search(sentence) is not None


def agree(text: Rating, field: Rating) -> bool:
    """Whether the rating of the text is that of the front matter, which may lack its scale."""
    if text.value is None or field.value is None:
        return text.text.casefold() == field.text.casefold()
    if field.best is not None or text.best is None:
        return (text.value, text.best) == (field.value, field.best) or text.best is None
    return any(abs(text.value / text.best - field.value / of) < 0.001 for of in (5, 10, 100))


def split_heading(text: str) -> tuple[str, ...]:
    """A heading as its name and its rating: `Night Boat (4/5)` → `Night Boat`, `(4/5)`.

    One part where it has no rating at its end, or is nothing but one.
    """
    found = list(find_ratings(text))
    if not found or found[-1].rating.text.endswith("%"):  # `Hop Lantern, 6.2%` tells the strength
        return (text,)
    last = found[-1]
    if text[last.end :].strip(" )].!*"):
        return (text,)
    head = text[: last.start]
    gap = _AT_END.search(head)
    cut = last.start
    if gap is not None and "(" in gap[0]:
        cut = gap.start() + gap[0].index("(")
    elif gap is not None and "[" in gap[0]:
        cut = gap.start() + gap[0].index("[")
    name = text[:cut].rstrip()
    if not any(char.isalnum() for char in name) or text[cut - 1 : cut].strip():
        return (text,)
    return name, text[cut:]
