"""Ratings: stars, marks out of ten, letter grades."""

from __future__ import annotations

import re

from sayso.speech.spoken.number_words import cardinal, number
from sayso.speech.spoken.rule import UPPER, Reading, Rule, before, rule

_STAR = "★⭐✭✯✰🌟"
_RATED = re.compile(
    r"(?:rating|score|scored?|verdict|grade|mark|stars?|rated|gets?|give)"
    r"\W{0,3}(?:an?|it|this)?\W{0,3}$",
    re.IGNORECASE,
)


def _stars(match: re.Match[str], reading: Reading) -> str:
    text = match.group(0)
    full = sum(text.count(star) for star in _STAR)
    full += text.count("*")
    return _star_words(full, any(half in text for half in ("½", "⯨", "✬", "1/2")))


def _star_words(full: int, half: bool) -> str:
    if not full:
        return "half a star" if half else "no stars"
    words = cardinal(full) + (" and a half" if half else "")
    return f"{words} {'star' if (full, half) == (1, False) else 'stars'}"


def _half(match: re.Match[str], reading: Reading) -> str:
    whole = int(match.group(1))
    return f"{cardinal(whole)} and a half" if whole else "half"


def _out_of(match: re.Match[str], reading: Reading) -> str:
    mark, of, stars = match.group(1).replace(",", "."), match.group(2), match.group(3)
    if stars and mark.endswith((".5", "½")):
        whole = mark.rstrip("½").removesuffix(".5") or "0"
        words = f"{cardinal(int(whole))} and a half" if int(whole) else "half"
    elif mark.endswith("½"):
        words = f"{cardinal(int(mark[:-1]))} and a half" if mark[:-1] else "half"
    else:
        words = number(mark, reading.british)
    return f"{words} out of {cardinal(int(of), reading.british)}{stars or ''}"


def _out_of_four(match: re.Match[str], reading: Reading) -> str:
    mark, stars = match.group(1), match.group(3)
    if not stars and "." not in mark and not _RATED.search(before(match)):
        return match.group(0)
    return _out_of(match, reading)


def _hotel(match: re.Match[str], reading: Reading) -> str:
    return f"{cardinal(int(match.group(1)))}-star"


def _grade(match: re.Match[str], reading: Reading) -> str:
    letter = "eh" if match.group(1) == "A" else match.group(1)
    return f"{letter} {'plus' if match.group(2) == '+' else 'minus'}"


STARS: tuple[Rule, ...] = (
    rule(
        "star before a number",
        rf"(?<![{_STAR}☆])[{_STAR}]\s?(?=[0-9.]{{1,4}}\s?/)"
        rf"|(?<![\w.,])([0-5]\.[0-9]|[2-5]) ?[{_STAR}](?![{_STAR}☆])"
        rf"|(?<![{_STAR}☆])[{_STAR}]\s?([2-5]|[0-4]\.[0-9])(?![\w.]|\s?/)",
        lambda m, r: f"{m.group(1) or m.group(2)} stars" if m.group(1) or m.group(2) else "",
        needs="★✭✯✰⭐🌟",
    ),
    rule(
        "star as a mark",
        rf"^\s?[{_STAR}]\s(?=[{UPPER}\"“])|(?<![{_STAR}☆])☆(?![{_STAR}☆½])",
        "",
        english=False,
        needs="★☆✭✯✰⭐🌟",
    ),
    rule(
        "stars",
        f"[{_STAR}☆⯨✬]{{1,10}}(?:\\s?(?:½|1/2))?(?:\\s?/\\s?5)?",
        _stars,
        needs="★☆✬✭✯✰⭐⯨🌟",
    ),
    rule(
        "stars", r"(?<![\w*])\*{4,5}½?(?![\w*])(?!\S)|(?<![\w*])\*{1,4}½(?!\S)", _stars, needs="*½"
    ),
    rule("stars", r"(?<=[Rr]ating: )\*{1,3}(?!\S)|(?<=[Ss]core: )\*{1,3}(?!\S)", _stars, needs="*"),
)

RULES: tuple[Rule, ...] = (
    rule("hotel stars", r"(?<![\w.])([1-7])\*(?![\w*])", _hotel, needs="*"),
    rule("half stars", r"(?<![\w.])([0-9])(?:\.5|½)(?=[ -][Ss]tars?\b)", _half, needs="5½"),
    rule("half stars", r"(?<![\w.])([0-9])(?:\.5)(?= out of (?:four|five|[45])\b)", _half),
    rule(
        "marks",
        r"(?<![\w.,/-])([0-9]{1,2}(?:\.5)?)\s?[-–]\s?(?=[0-9]{1,2}(?:\.5|½)?\s?/\s?(?:5|10|100)(?![\w/]))",
        lambda m, r: f"{number(m.group(1))} to ",
        needs="-–",
    ),
    rule(
        "out of",
        r"(?<![\w./,])([0-9]{1,3}(?:[.,][0-9]{1,2})?½?|½)\s?/\s?(5|10|20|100)"
        r"(?![\w/])(?![.,]\d)(\s[Ss]tars?\b)?",
        _out_of,
        needs="/",
    ),
    rule(
        "out of",
        r"(?<![\w./,])([0-9](?:\.[0-9])?½?)\s?/\s?([4678])(?![\w/])(?![.,]\d)(\s[Ss]tars?\b)?",
        _out_of_four,
        needs="/",
    ),
    rule("grade", r"(?<![\w.])([A-F])([+])(?![\w+])", _grade, needs="+"),
    rule(
        "grade",
        r"(?:(?<=\b[Aa]n )|(?<=\b[Aa] )|(?<=[:,] )|(?<=\bsolid )|(?<=\bstrong )|(?<=^))"
        r"([A-F])([-−–])(?=$|[\s.,;:!?)])(?!\s\w+\s?[-–])",
        _grade,
        needs="-–−",
    ),
)
