"""Sums of money, and rates: a month, per second."""

from __future__ import annotations

import re

from sayso.speech.spoken.number_words import (
    cardinal,
    is_one,
    number,
)
from sayso.speech.spoken.rule import Reading, Rule, after, before, rule
from sayso.speech.spoken.tables import (
    CURRENCIES,
    CURRENCY_CODES,
    DOLLARS,
    EACH,
    EACH_SHORT,
    GLUED,
    MAGNITUDES,
    SAME,
    UNITS,
)

NUMBER = r"[0-9]{1,3}(?:,[0-9]{3}){1,4}(?:\.[0-9]{1,6})?|[0-9]{1,15}(?:\.[0-9]{1,6})?"
"""A number as written, for use inside a group."""

_MAGNITUDE = r"\s?-?(?:thousand|million|billion|trillion|mil|bn|mn|mm|tn|[kKmMbB])(?![\w])"
_SIGN = r"(?:(?:US|AU|CA|NZ|HK|NT|A|C|S)?\$|[£€¥₩₹₽₪₺฿₫₱₦₴])"
_COIN = rf"\s?(?:[€£¥]|(?:{'|'.join(CURRENCY_CODES)})\b)"
_RATED = "|".join((*EACH_SHORT, *EACH, r"100 ?km"))
UNIT = "|".join(re.escape(unit) for unit in sorted(UNITS, key=len, reverse=True))
GLUED_UNIT = "|".join(sorted(GLUED, key=len, reverse=True))
_AFTER_CODE = "|".join(CURRENCY_CODES)

_ATTRIBUTIVE_BEFORE = re.compile(
    r"\b(?:an?|the|another|its|their|our|my|your|his|her|this|that|one|every|each|per|"
    r"[0-9]{1,2}|two|three|four|five|six|ten)"
    r"(?: (?:reported|estimated|whopping|mere|measly|hefty|steep|meagre|meager|modest|massive|"
    r"cool|further|extra|full|additional|initial|roughly|nearly|almost|about|new|tiny|huge|whole))?"
    r"(?: [\w.,-]{1,20} (?:by|to|or)){0,3}(?: \()? ?$",
    re.IGNORECASE,
)
ATTRIBUTIVE_AFTER = re.compile(
    r"[ -](?!(?:it|that|and|or|in|for|to|a|an|the|more|less|per|off|each|on|at|i|you|we|they|"
    r"is|was|are|of|by|with|from|when|which|who|if|as|but|worth|here|there|now|today|extra|apiece|"
    r"than|so|before|after|including|plus|every|into|back|upfront|up|down|this|will|would|he|she|"
    r"were|has|have|had|did|does|could|should|may|might|must|gets?|buys?|makes?|goes|went|"
    r"can(?! (?:is|was|of|and|from|with|costs?|for|in)\b|\W\B)|"
    r"asked|asking|spent|paid|later|ago|away|apart|north|south|east|west|left|free|ahead|total|"
    r"nor|because|while|where|also|just|only|not|then|inside|outside|between|until|without|"
    r"within|during|around|through|along|over|out|under|last|next|yesterday|seems?|feels?|isn|"
    r"wasn|doesn|didn|won)\b|I\b)[A-Za-z]"
)
_PRICED = re.compile(
    r"[ -](?:budget|price|product|headphones?|phones?|tickets?|bill|games?|tag|note|menu|tier|"
    r"subscription|mark|range|question|model|version|edition|laptops?|tablets?|console)\b"
)  # fmt: skip


def attributive(match: re.Match[str]) -> bool:
    """Whether the sum or measure stands before its noun: "a $20 ticket", "a 5km run"."""
    tail = after(match)
    if _PRICED.match(tail) or tail.startswith(
        ("-a-", "-per-", "-an-", " eBay ", " iPhone ", " iPad ")
    ):
        return True
    return bool(ATTRIBUTIVE_AFTER.match(tail) and _ATTRIBUTIVE_BEFORE.search(before(match, 40)))


def _names(sign: str) -> tuple[str, str, str, str]:
    country = DOLLARS.get(sign[:-1], "") if sign.endswith("$") and len(sign) > 1 else ""
    names = CURRENCIES[sign if sign.isalpha() else sign[-1]]
    if not country:
        return names
    return (f"{country} {names[0]}", f"{country} {names[1]}", names[2], names[3])


def say_money(sign: str, amount: str, magnitude: str, single: bool, british: bool) -> str:
    """A sum in words; `single` keeps the unit in the singular, before a noun."""
    one, many, cent, cents = _names(sign)
    if magnitude:
        scale = MAGNITUDES[magnitude.strip(" -").lower()]
        return f"{number(amount, british)} {scale} {one if single else many}"
    whole, point, small = amount.replace(",", "").partition(".")
    if point and len(small) != 2:
        return f"{number(amount, british)} {one if single else many}"
    n, n_small = int(whole), int(small or "0")
    if n == 0 and n_small:
        return f"{cardinal(n_small)} {cent if n_small == 1 or single else cents}"
    head = f"{cardinal(n, british)} {one if n == 1 or single else many}"
    if not n_small:
        return head
    if sign[-1] == "$" or n_small < 10:
        return f"{head} and {cardinal(n_small)} {cent if n_small == 1 or single else cents}"
    return f"{head} {cardinal(n_small)}"


def _money(match: re.Match[str], reading: Reading) -> str:
    sign, amount, magnitude = match.group(1), match.group(2), match.group(3) or ""
    return say_money(sign, amount, magnitude, attributive(match), reading.british)


def _trailing(match: re.Match[str], reading: Reading) -> str:
    sign = match.group(3)
    return say_money(
        CURRENCY_CODES.get(sign, sign),
        match.group(1),
        match.group(2) or "",
        attributive(match),
        reading.british,
    )


def _leading_code(match: re.Match[str], reading: Reading) -> str:
    sign = CURRENCY_CODES[match.group(1)]
    return say_money(
        sign, match.group(2), match.group(3) or "", attributive(match), reading.british
    )


def _range(match: re.Match[str], reading: Reading) -> str:
    sign, low, scale_low, high, scale_high = match.groups()
    scale_low, scale_high = scale_low or "", scale_high or ""
    if scale_low.strip(" -").lower() == scale_high.strip(" -").lower():
        scale_low = ""
    single = attributive(match)
    first = number(low, reading.british) if "." not in low or scale_high else None
    if scale_low:
        first = f"{number(low, reading.british)} {MAGNITUDES[scale_low.strip(' -').lower()]}"
    second = say_money(sign, high, scale_high, single, reading.british)
    return f"{first or say_money(sign, low, '', single, reading.british)} to {second}"


def _pence(match: re.Match[str], reading: Reading) -> str:
    if match.group(2) == "p" and (
        not reading.british or match.group(1) in ("144", "240", "360", "480", "720")
    ):
        return match.group(0)
    name = ("penny", "pence") if match.group(2) == "p" else ("cent", "cents")
    return f"{number(match.group(1))} {name[0] if is_one(match.group(1)) else name[1]}"


def plural_unit(name: str) -> str:
    """Several of a unit: feet, kilograms, hertz."""
    if name.endswith(SAME):
        return name
    return _PLURALS.get(name, name + "s")


_EACH = "|".join(sorted((*EACH, *(each for each in EACH_SHORT if len(each) > 1)), key=len)[::-1])
_MEASURED = frozenset(("person", "head", "gram", "liter", "kilometer", "mile", "pound", "kilogram"))


def _per(match: re.Match[str], reading: Reading) -> str:
    """$5/mo, 3 times/week: a month, a week, but per person and per pound."""
    unit = EACH_SHORT.get(match.group(2), match.group(2))
    if unit in _MEASURED or unit == "ounce":
        return f"{match.group(1)} per {in_english(unit, reading)}"
    return f"{match.group(1)} {'an' if unit[0] in 'aeio' or unit == 'hour' else 'a'} {unit}"


def _rate(match: re.Match[str], reading: Reading) -> str:
    """5 m/s, 40 km/day, 6.5l/100km."""
    unit = match.group(2)
    return f"{match.group(1)} per {in_english(EACH_SHORT.get(unit, unit), reading)}"


def _bare_rate(match: re.Match[str], reading: Reading) -> str:
    name = plural_unit(UNITS.get(match.group(1)) or "meter")
    return f"{in_english(name, reading)} per {EACH_SHORT[match.group(2)]}"


_BRITISH = re.compile(r"(?<=met)er(?=s?\b)|(?<=lit)er(?=s?\b)")


def in_english(name: str, reading: Reading) -> str:
    """The name of a unit in the reader's spelling."""
    return _BRITISH.sub("re", name) if reading.british else name


MONEY: tuple[Rule, ...] = (
    rule("one price or another", r"(?<=[0-9])\s?/\s?(?=[$£€¥][0-9])", " or ", needs="$£¥€"),
    rule("rate", rf"(?<=[0-9])(\s?(?:{UNIT}|[gml]))/({_RATED})(?!\w)", _rate, needs="/"),
    rule(
        "bare rate",
        r"(?<![\w/.-])(km|mi|m|kB|KB|MB|GB)/(s|sec|h|hr)(?![\w/])",
        _bare_rate,
        needs="/",
    ),
    rule(
        "per",
        rf"([0-9](?:[kKM]|{_COIN})?|[0-9] ?[a-z]{{1,12}})\s?/\s?({_EACH}|s|h)(?![\w/])",
        _per,
        needs="/",
    ),
    rule(
        "per",
        r"([$£€¥]\s?[0-9][0-9.,]{0,12}(?:\s?[-–]\s?[$£€¥]?[0-9][0-9.,]{0,12})?[kKmM]?"
        rf"|[0-9]{_COIN})"
        r"\s?/\s?([a-z]{3,15})(?![\w/])",
        _per,
        needs="/",
    ),
    rule("per", r"([$£€][0-9][0-9.,]{0,9})\s?(pp|pcm)\b", _per, needs="$£€"),
    rule(
        "money range",
        rf"(?<![\w$])({_SIGN})\s?({NUMBER})({_MAGNITUDE})?\s?(?:[-–—]|to)\s?"
        rf"{_SIGN}?\s?({NUMBER})({_MAGNITUDE})?(?![\d%])",
        _range,
        needs="$£¥₩₪€₹₺₽฿₫₱₦₴",
    ),
    rule(
        "money",
        rf"(?<![\w$])({_SIGN})\s?({NUMBER})({_MAGNITUDE})?(?:[ -](?:dollar|pound|euro)s?\b)?",
        _money,
        needs="$£¥₩₪€₹₺₽฿₫₱₦₴",
    ),
    rule(
        "money code",
        rf"\b({_AFTER_CODE})(?:(?<=Rs|kr)\.)?\s?({NUMBER})({_MAGNITUDE})?",
        _leading_code,
        needs="BCGJKNPRUYZkz",
    ),
    rule(
        "money after",
        rf"(?<![\w.,])({NUMBER})({_MAGNITUDE})?\s?([€£¥₩₹₽]|(?:{_AFTER_CODE})\b)",
        _trailing,
        needs="BCGJKNPRUYZkz£¥₩€₹₽",
    ),
    rule("pence", r"(?<![\w.,])([0-9]{1,3})(p(?!\w)|¢)", _pence),
)


_PLURALS = {"foot": "feet", "square foot": "square feet"}
