"""What the values of front matter mean: dates, ratings, names, as blogs write them."""

from __future__ import annotations

import datetime
import html
import re
from collections.abc import Iterable

from sayso.language.text import clean_text, one_line
from sayso.review.metadata_formats import Value, fold_key

_REST = r"(?:[\sT,(].{0,40})?"
_ISO = re.compile(r"\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?\s?(?:Z|[+-]\d\d:?\d\d)?)?")
_YEAR_FIRST = re.compile(rf"(\d{{4}})\s?[-/.年]\s?(\d{{1,2}})\s?[-/.月]\s?(\d{{1,2}})日?{_REST}")
_YEAR_LAST = re.compile(rf"(\d{{1,2}})\s?([-/.])\s?(\d{{1,2}})\s?\2\s?(\d{{4}}){_REST}")
_WEEKDAY = r"(?:[^\W\d_]{2,12}\.?,?\s+)?"
_DAY = r"(\d{1,2})(?:st|nd|rd|th|er|º|ª|\.)?"
_DAY_MONTH = re.compile(
    rf"{_WEEKDAY}{_DAY}[\s-]+(?:of |de )?([^\W\d_]{{3,12}})\.?,?[\s-]+(?:de )?(\d{{4}}){_REST}"
)
_MONTH_DAY = re.compile(rf"{_WEEKDAY}([^\W\d_]{{3,12}})\.?\s+{_DAY},?\s+(\d{{4}}){_REST}")
_MONTHS = (
    *(
        "jan ene gen",
        "feb fev fév",
        "mar mär maa",
        "apr avr abr",
        "may mai mei mag",
        "jun juin giu",
    ),
    *("jul juil lug", "aug aoû ago", "sep set", "oct okt out ott", "nov", "dec dez déc dic"),
)
"""How the months begin in English, German, French, Spanish, Italian, Portuguese and Dutch."""
_NUMBER = re.compile(r"\d{1,4}(?:[.,]\d{1,3})?")
_NAME_KEYS = ("name", "title", "text", "rendered", "display_name", "value", "@value")
_VALUE_KEYS = frozenset({"value", "ratingvalue", "rating", "score", "stars", "overall", "total"})
BEST_KEYS = frozenset(
    {"best", "bestrating", "ratingbest", "max", "maxrating", "ratingmax", "outof", "scale"}
    | {"ratingscale", "maximum", "scoremax", "maxscore"}
)
"""Keys, folded, that give the highest value of a rating's scale."""
_MARKS = re.compile(
    r"</?(?:em|i|b|strong|cite|span|small|br)(?:\s[^<>]{0,200})?/?>"
    r"|(?<![\w*])(\*{1,2})(?=\S)([^*\n]{1,200})(?<=\S)\1(?![\w*])"
    r"|(?<!\w)(_{1,2})(?=\S)([^_\n]{1,200})(?<=\S)\3(?!\w)",
    re.IGNORECASE,
)


def clean_value(text: str) -> str:
    """The text without what an escape such as "\\ud800" or "\\x1b" can make."""
    return clean_text(text.encode("utf-8", "replace").decode("utf-8"))


def flatten(value: Value) -> str:
    """Any value as one text."""
    if isinstance(value, str):
        return clean_value(value)
    if isinstance(value, list):
        return ", ".join(flatten(v) for v in value)
    return ", ".join(f"{k}: {flatten(v)}" for k, v in value.items())


def text_of(value: Value, raw: str = "") -> str | None:
    """A value as a line of text; None for what is none, such as a list of several.

    A flow list of YAML is the text that is typed: `[Test] x`.
    """
    if isinstance(value, dict):
        folded = {key.casefold(): each for key, each in value.items()}
        value = next((folded[key] for key in _NAME_KEYS if key in folded), value)
    if isinstance(value, list):
        if raw.startswith("["):
            value = raw
        elif len(value) == 1:
            value = value[0]
    if not isinstance(value, str):
        return None
    return one_line(clean_value(html.unescape(value)))


def title_of(value: Value, raw: str = "") -> str | None:
    """A title, without the marks that a page would show as italics or bold."""
    text = text_of(value, raw)
    return text and one_line(_MARKS.sub(lambda mark: mark[2] or mark[4] or "", text))


def author_of(value: Value) -> str | None:
    """One name or several: `Ann Other, Bo Peep and Jack Horner`. None for what is none."""
    found = [text_of(each) for each in (value if isinstance(value, list) else [value])]
    if any(name is None for name in found):
        return None
    names = [re.sub(r"\s*<[^<>]*@[^<>]*>\Z", "", name) for name in found if name]
    return " and ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)


def rating_of(key: str, value: Value, best: Value | None) -> str | None:
    """A rating as text, `8/10` where its scale is known. None for what is no rating.

    `key` is what it is called, folded; `best` what another key says of the scale.
    """
    if isinstance(value, dict):
        folded = {fold_key(name): each for name, each in value.items()}
        best = next((folded[name] for name in folded if name in BEST_KEYS), best)
        value = next((folded[name] for name in folded if name in _VALUE_KEYS), value)
    text = text_of(value) if isinstance(value, str) else None
    if text is None or text.casefold() in ("true", "false", "yes", "no"):
        return None
    scale = _NUMBER.findall(best) if isinstance(best, str) else []
    if _NUMBER.fullmatch(text):
        if scale:
            return f"{text}/{scale[-1]}"
        if key == "stars":
            return f"{text} star{'s' * (text != '1')}"
    return text


def is_day_first(texts: Iterable[str], language: str | None, iso: str | None) -> bool | None:
    """Whether the other dates of a review, its language, or the date that its file is named after
    show that `03/04/2019` is in April; None where nothing tells.
    """
    texts = list(texts)
    for text in texts:
        found = _YEAR_LAST.fullmatch(text.strip())
        if found and found[2] != "." and int(found[1]) != int(found[3]):
            first, second = int(found[1]), int(found[3])
            if max(first, second) > 12:
                return first > 12
            if iso and {first, second} == {int(iso[5:7]), int(iso[8:10])}:
                return first == int(iso[8:10])
    primary, _, region = (language or "").casefold().replace("_", "-").partition("-")
    if primary in ("", "en"):
        return {"": None, "us": False}.get(region, True)
    return True


def date_of(text: str, day_first: bool | None) -> str | None:
    """A date in ISO 8601: as it is where it is that already. None for what is no date, or could be
    two: `03/04/2019` with nothing that tells the day from the month (`day_first` is None).
    """
    text = text.strip("\\<>[] \t")  # Org has it in brackets, which pandoc escapes
    if _ISO.fullmatch(text):
        return text if _is_day(text[0:4], text[5:7], text[8:10]) else None
    if re.fullmatch(r"(?:1[89]|20)\d\d(?:-(?:0[1-9]|1[0-2]))?", text):
        return text
    if re.fullmatch(r"\d{10}|\d{13}", text):
        seconds = int(text[:10])
        return datetime.datetime.fromtimestamp(seconds, datetime.timezone.utc).date().isoformat()
    if re.fullmatch(r"20\d{6}", text):
        return _is_day(text[:4], text[4:6], text[6:])
    if found := _YEAR_FIRST.fullmatch(text):
        return _is_day(found[1], found[2], found[3])
    if found := _YEAR_LAST.fullmatch(text):
        first, second = found[1], found[3]
        if found[2] == "." or int(first) > 12 or int(first) == int(second):
            day_first = True
        elif int(second) > 12:
            day_first = False
        if day_first is None:
            return None
        day, month = (first, second) if day_first else (second, first)
        return _is_day(found[4], month, day)
    if found := _DAY_MONTH.fullmatch(text):
        return _is_day(found[3], _month(found[2]), found[1])
    if found := _MONTH_DAY.fullmatch(text):
        return _is_day(found[3], _month(found[1]), found[2])
    return None


def _month(word: str) -> str:
    folded = word.casefold()
    starts = [n for n, begins in enumerate(_MONTHS, 1) if folded.startswith(tuple(begins.split()))]
    return str(starts[0] if starts else 0)


def _is_day(year: str, month: str, day: str) -> str | None:
    try:
        return datetime.date(int(year), int(month), int(day)).isoformat()
    except ValueError:
        return None
