"""Dates, years, decades and times of day."""

from __future__ import annotations

import re

from sayso.speech.spoken.number_words import cardinal, decade, ordinal, pair, year
from sayso.speech.spoken.rule import Reading, Rule, after, before, rule, words

_MONTHS = words(
    "January February March April May June July August September October November December"
)
_SHORT = {name[:3]: name for name in _MONTHS} | {"Sept": "September"}
_MONTH = "(?:" + "|".join(_MONTHS) + r"|(?:Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept|Sep|Oct|Nov|Dec)\b\.?)"
_DAY = r"(0?[1-9]|[12][0-9]|3[01])"
_NTH = _DAY + "(?:st|nd|rd|th)?"
_YEAR = r"((?:1[0-9]|20)[0-9]{2})"


def _month(text: str) -> str:
    text = text.rstrip(".")
    return _SHORT.get(text, text)


def say_date(day: int, month: str, reading: Reading, n_year: int | None = None) -> str:
    """A date in words: "March fifth, twenty twenty-four" or "the fifth of March twenty …"."""
    if reading.british:
        said = f"the {ordinal(day)} of {month}"
        return said + (f" {year(n_year, True)}" if n_year else "")
    said = f"{month} {ordinal(day)}"
    return said + (f", {year(n_year)}" if n_year else "")


def _iso(match: re.Match[str], reading: Reading) -> str:
    n_year, month, day = (int(group) for group in match.groups())
    return say_date(day, _MONTHS[month - 1], reading, n_year)


def _slashed(match: re.Match[str], reading: Reading) -> str:
    first, second, n_year = int(match.group(1)), int(match.group(3)), int(match.group(4))
    if n_year < 100:
        n_year += 2000 if n_year < 50 else 1900
    day, month = (first, second) if reading.british else (second, first)
    if month > 12:
        day, month = month, day
    if not (1 <= month <= 12 and 1 <= day <= 31):
        return match.group(0)
    return say_date(day, _MONTHS[month - 1], reading, n_year)


def _day_month(match: re.Match[str], reading: Reading) -> str:
    the, day, month = match.groups()
    return f"{the or 'the '}{ordinal(int(day))} of {_month(month)}"


_DATED = re.compile(
    r"\b(?:out|(?:re)?(?:releases?d?|launch(?:es|ed)?)|premieres?d?|airs|aired|opens|opened|closes|"
    r"due|drops|dropped|arrives|arrived|ships|shipped|starts|started|starting|begins|updated?|"
    r"edit|edited|posted|published|dated|Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)(?:day)?:?"
    r"(?: on)?,? $",
    re.IGNORECASE,
)
_DATE_ENDS = re.compile(r"$|[.,;:!?)]|\s(?:and|in|for|at|with|from|to|but|on)\b")
_FROM = re.compile(r"\b(?:from|until|till|since|through) $", re.IGNORECASE)
_ON = re.compile(r"\b[Oo]n $")


def _short_date(match: re.Match[str], reading: Reading) -> str:
    """10/14 without a year, where the words before it say that it is a date."""
    first, second = int(match.group(1)), int(match.group(2))
    head = before(match)
    tail = after(match)
    on = _ON.search(head) and not re.match(r" of\b| [a-z]+s\b", tail)
    if _FROM.search(head) and first <= 31 and second <= 31 and (first > 12) != (second > 12):
        on = second not in (16, 20, 24, 25, 30)
    dated = _DATED.search(head) and _DATE_ENDS.match(tail)
    if not (on or (dated and (second not in (5, 10) or first > second))):
        return match.group(0)
    day, month = (first, second) if reading.british else (second, first)
    if month > 12:
        day, month = month, day
    if not (1 <= month <= 12 and 1 <= day <= 31):
        return match.group(0)
    return say_date(day, _MONTHS[month - 1], reading)


def _days_month(match: re.Match[str], reading: Reading) -> str:
    low, high = ordinal(int(match.group(1))), ordinal(int(match.group(2)))
    return f"the {low} to the {high} of {_month(match.group(3))}"


def _month_days(match: re.Match[str], reading: Reading) -> str:
    the = "the " if reading.british else ""
    low, high = ordinal(int(match.group(2))), ordinal(int(match.group(3)))
    return f"{_month(match.group(1))} {the}{low} to {the}{high}"


def _month_day(match: re.Match[str], reading: Reading) -> str:
    the = "the " if reading.british else ""
    return f"{_month(match.group(1))} {the}{ordinal(int(match.group(2)))}"


def _from_day(match: re.Match[str], reading: Reading) -> str:
    return f"{match.group(1)} to "


def _full_month(match: re.Match[str], reading: Reading) -> str:
    return _month(match.group(1))


def _clock(hour: int, minute: int) -> str:
    return cardinal(hour) + (f" {pair(minute)}" if minute else "")


def _half_day(match: re.Match[str], reading: Reading) -> str:
    hour, minute, half = match.group(1), match.group(2), match.group(3)
    # Both engines spell AM and PM; "a m" would begin with the article, "a.m." may end a sentence.
    return f"{_clock(int(hour), int(minute or 0))} {half.upper()}M"


def _hours_range(match: re.Match[str], reading: Reading) -> str:
    first = _clock(int(match.group(1)), int(match.group(2) or 0))
    second = _clock(int(match.group(3)), int(match.group(4) or 0))
    return f"{first} to {second} {match.group(5).upper()}M"


def _hours_from_to(match: re.Match[str], reading: Reading) -> str:
    first = f"{_clock(int(match.group(1)), int(match.group(2) or 0))} {match.group(3).upper()}M"
    return f"{first} to "


def _time(match: re.Match[str], reading: Reading) -> str:
    hour, minute = int(match.group(1)), int(match.group(2))
    if hour == 1 and re.match(r"[ -](?:scale|models?|kits?|replica|odds|ratio)\b", after(match)):
        return match.group(0)
    if minute:
        return _clock(hour, minute)
    if hour == 0:
        return "midnight"
    return f"{cardinal(hour)} o'clock" if hour <= 12 else f"{cardinal(hour)} hundred"


def _long_time(match: re.Match[str], reading: Reading) -> str:
    said = []
    for group, noun in zip(match.groups(), ("hour", "minute", "second"), strict=True):
        n = int(group)
        if n:
            said.append(f"{cardinal(n)} {noun}{'' if n == 1 else 's'}")
    return " ".join(said) if said else match.group(0)


def _decade(match: re.Match[str], reading: Reading) -> str:
    return decade(int(match.group(1)))


_LASTING = re.compile(
    r"\b(?:in|after|for|every|under|within|takes?|took|lasts?|lasted) $", re.IGNORECASE
)


def _short_decade(match: re.Match[str], reading: Reading) -> str:
    n = match.group(1)
    if (
        match.group(0) == f"{n}s"
        and n < "70"
        and _LASTING.search(before(match))
        and re.match(
            r"$|[.,;:!?)]|\s(?:and|or|of|to|at|with|then|before|after|when|on|if|is)\b",
            after(match),
        )
    ):
        return match.group(0)  # expires in 30s
    if match.group(1) == "00":
        return "noughties" if reading.british else "two thousands"
    return decade(int(match.group(1)))


_ROUND = {
    "100": "hundreds",
    "1000": "thousands",
    "10000": "tens of thousands",
    "100000": "hundreds of thousands",
    "1000000": "millions",
}


def _years(match: re.Match[str], reading: Reading) -> str:
    low, high = match.group(1), match.group(2)
    if len(high) == 2:
        if int(high) <= int(low[2:]):
            return match.group(0)
        return f"{year(int(low), reading.british)} to {pair(int(high))}"
    return f"{year(int(low), reading.british)} to {year(int(high), reading.british)}"


def _season(match: re.Match[str], reading: Reading) -> str:
    first, second = int(match.group(1)), int(match.group(2))
    if (first + 1) % 100 != second:
        return match.group(0)
    said = pair(second) if second else year(first + 1, reading.british)
    return f"{year(first, reading.british)} to {said}"


_COUNTED = re.compile(
    r"[ -](?:pages?|units?|people|words?|dollars|euros|pounds|yen|steps|players?|hours?|miles?|"
    r"points?|calories|copies|copy|met(?:er|re)s?|feet|foot|inches|seats?|songs?|times|years?|days?|"
    r"minutes?|seconds?|votes|views|subscribers|fans|items|levels|objects|shots|soldiers|men|women|"
    r"kids|children|guests|tickets|viewers|users|pieces|recipes|hits|kilomet(?:er|re)s?|km|mi|mAh|"
    r"mg|kg|g|ml|cc|lbs?|W|nits|pixels|more|or so|of (?:them|these|those|its|his|her|their))\b"
)
_YEARLY = re.compile(
    r"\b(?:in|since|until|year|circa|by|from|of|AD|around|early|late|mid) $", re.IGNORECASE
)
_COUNTING = re.compile(
    r"\b(?:over|than|nearly|almost|roughly|exactly|least|most|about|some) $", re.IGNORECASE
)


def _year(match: re.Match[str], reading: Reading) -> str:
    if _COUNTED.match(after(match)):
        return match.group(0)
    n = int(match.group(1))
    if (n < 1500 or n > 2099) and not _YEARLY.search(before(match)):
        return match.group(0)
    if n % 100 == 0 and _COUNTING.search(before(match)):
        return match.group(0)
    return year(n, reading.british)


_ERAS = {"AD": "A.D", "A.D.": "A.D", "BC": "BC", "B.C.": "BC", "CE": "C.E", "BCE": "B.C.E"}


def _ago(match: re.Match[str], reading: Reading) -> str:
    first, link, last, era = match.groups()
    said = f"{_of_era(last, reading)} {_ERAS[era]}"
    if not first:
        return said
    return f"{_of_era(first, reading)}{link if link.strip().isalpha() else ' to '}{said}"


def _of_era(text: str, reading: Reading) -> str:
    n = int(text)
    return cardinal(n) if n < 100 else year(n, reading.british)


_CLOCK = r"(?<![\w.:,])([0-9]{1,2})(?:[:.]([0-5][0-9]))?"
_HALF = r"([AaPp])\.?[Mm]\b\.?"
_NO_YEAR = r"(?<![\w$£€.,/#:])"

SHORT: tuple[Rule, ...] = (
    rule(
        "date without a year",
        r"(?<![\w/.,:$£€-])([0-9]{1,2})/([0-9]{1,2})(?![\w/%-]|[.,:]\d)",
        _short_date,
        needs="/",
    ),
)
"""Before ratings: 14/10 may be a day."""

DATES: tuple[Rule, ...] = (
    rule(
        "from day to day",
        rf"\b({_MONTH} {_NTH})\s?[-–]\s?(?={_MONTH} [0-9])",
        _from_day,
        needs="-–",
    ),
    rule(
        "ISO date",
        r"(?<![\w-])((?:1[0-9]|20)[0-9]{2})-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])"
        r"(?:T[0-9:.]{4,15}Z?)?(?![\w-])",
        _iso,
        needs="-",
    ),
    rule(
        "date with slashes",
        r"(?<![\w/.-])([0-9]{1,2})([/.-])([0-9]{1,2})\2((?:19|20)[0-9]{2})(?![\w/-])",
        _slashed,
    ),
    rule(
        "date with slashes",
        r"(?<![\w/.-])([0-9]{1,2})(/)([0-9]{1,2})/([0-9]{2})(?![\w/-])",
        _slashed,
        needs="/",
    ),
    rule(
        "days of a month",
        rf"\b(?:[Tt]he )?{_NTH}\s?[-–]\s?{_NTH} (?:of )?({_MONTH})(?!\w)",
        _days_month,
        needs="-–",
    ),
    rule(
        "month and days",
        rf"\b({_MONTH}) {_NTH}\s?[-–]\s?{_NTH}(?![\w%]|[,.:]\d)",
        _month_days,
        needs="-–",
    ),
    rule(
        "day and month",
        rf"(?<![\w.,/:$£€-])([Tt]he )?{_NTH} (?:of )?({_MONTH})(?!\w)",
        _day_month,
    ),
    rule(
        "month and day",
        rf"\b({_MONTH}) (?:the )?{_NTH}(?![\w%-]|[,.:/]\d)",
        _month_day,
    ),
    rule(
        "month",
        rf"\b((?:Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept|Sep|Oct|Nov|Dec)\.?)(?= {_YEAR}\b)",
        _full_month,
    ),
)

RULES: tuple[Rule, ...] = (
    rule(
        "hours",
        rf"{_CLOCK}\s?{_HALF}\s?[-–—]\s?(?=[0-9])",
        _hours_from_to,
        needs="-–—",
    ),
    rule(
        "hours",
        rf"{_CLOCK}\s?(?:[-–]|to)\s?([0-9]{{1,2}})(?:[:.]([0-5][0-9]))?\s?{_HALF}",
        _hours_range,
    ),
    rule(
        "time of day",
        rf"{_CLOCK}\s?([AaPp])(?:\.[Mm]\.(?!$)|\.[Mm]\b|[Mm]\b\.?(?=\s[a-z]))",
        _half_day,
    ),
    rule("time of day", rf"{_CLOCK}\s?([AaPp])[Mm]\b", _half_day),
    rule(
        "running time",
        r"(?<![\w.:,])([0-9]{1,2}):([0-5][0-9]):([0-5][0-9])(?![\w:])",
        _long_time,
        needs=":",
    ),
    rule(
        "times",
        r"(?<=[0-9]:[0-5][0-9])\s?[-–—]\s?(?=[0-2]?[0-9]:[0-5][0-9](?![\w:]))",
        " to ",
        needs=":",
    ),
    rule(
        "minutes",
        r"(?<![\w.:,])([0-9]{1,3}):([0-5][0-9])(?= ?(?:minutes?|mins?|hours?|hrs?)\b)",
        lambda m, r: _clock(int(m.group(1)), int(m.group(2))),
        needs=":",
    ),
    rule("time", r"(?<![\w.:,])([01]?[0-9]|2[0-3]):([0-5][0-9])(?![\w:])", _time, needs=":"),
    rule(
        "round numbers",
        r"(?<![\w.,$£€])(100|10?,?000|100,?000|1,000,000)['’]?s\b",
        lambda m, r: _ROUND[m.group(1).replace(",", "")],
        needs="0",
    ),
    rule("decades", r"(?<=[0-9]0s)/(?=['’]?[0-9]0s\b)", " and ", needs="/"),
    rule("decades", r"(?<=[0-9]0s)\s?[-–]\s?(?=['’]?[0-9]{0,2}[0-9]0s\b)", " to ", needs="-–"),
    rule("decade", r"(?<![\w.,$£€])((?:1[0-9]|20)[0-9]0)['’]?s\b", _decade),
    rule("decade", r"(?<![\w.,$£€])['’‘]([0-9]0)['’]?s\b", _short_decade, needs="'‘’"),
    rule("decade", r"(?<![\w.,$£€])([1-9]0|00)['’]?s\b", _short_decade),
    rule(
        "years until now",
        rf"{_NO_YEAR}{_YEAR}[-–](?=(?:present|now|today)\b)",
        lambda m, r: f"{year(int(m.group(1)), r.british)} to ",
        needs="-–",
    ),
    rule(
        "years",
        rf"{_NO_YEAR}((?:1[5-9]|20)[0-9]{{2}})\s?[-–—]\s?"
        r"['’]?((?:1[5-9]|20)[0-9]{2}|[0-9]{2})(?![\w%-]|[.,]\d)",
        _years,
    ),
    rule(
        "years of a season",
        rf"{_NO_YEAR}((?:19|20)[0-9]{{2}})/([0-9]{{2}})(?![\w%/-]|[.,]\d)",
        _season,
        needs="/",
    ),
    rule(
        "year of an era",
        rf"{_NO_YEAR}(?:([0-9]{{1,4}})(\s?[-–—]\s?| to | and | or ))?([0-9]{{1,4}}) ?"
        r"(AD|BCE?|CE|B\.C\.|A\.D\.)(?!\w)",
        _ago,
        needs="BCD",
    ),
    rule(
        "short year",
        r"(?<![\w'’])['’‘]([0-9]{2})(?![\w'’])",
        lambda m, r: pair(int(m.group(1))),
        needs="'‘’",
    ),
    rule("year", rf"{_NO_YEAR}(?<![-–])((?:1[0-9]|20)[0-9]{{2}})(?![\w%+]|[,.:]\d|['’]\d)", _year),
    rule("year", r"(?<=[a-z]-)((?:1[5-9]|20)[0-9]{2})(?![\w%-]|[,.:]\d)", _year, needs="-"),
)
