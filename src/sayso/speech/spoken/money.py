"""Sums of money."""

from __future__ import annotations

import re

from sayso.speech.spoken.number_words import cardinal, is_one, number
from sayso.speech.spoken.rule import Reading, Rule, after, before, rule

NUMBER = r"[0-9]{1,3}(?:,[0-9]{3}){1,4}(?:\.[0-9]{1,6})?|[0-9]{1,15}(?:\.[0-9]{1,6})?"
"""A number as written, for use inside a group."""

_UNITS = {
    "$": ("dollar", "dollars", "cent", "cents"),
    "£": ("pound", "pounds", "penny", "pence"),
    "€": ("euro", "euros", "cent", "cents"),
    "¥": ("yen", "yen", "sen", "sen"),
    "₩": ("won", "won", "jeon", "jeon"),
    "₹": ("rupee", "rupees", "paisa", "paise"),
    "₽": ("ruble", "rubles", "kopek", "kopeks"),
    "₪": ("shekel", "shekels", "agora", "agorot"),
    "₺": ("lira", "lira", "kurus", "kurus"),
}
_CODES = {
    "USD": "$", "GBP": "£", "EUR": "€", "JPY": "¥", "CNY": "¥", "RMB": "¥", "KRW": "₩", "INR": "₹",
    "AUD": "A$", "CAD": "C$", "NZD": "NZ$", "HKD": "HK$", "SGD": "S$",
}  # fmt: skip
_COUNTRIES = {
    "US": "US", "A": "Australian", "AU": "Australian", "C": "Canadian", "CA": "Canadian",
    "NZ": "New Zealand", "HK": "Hong Kong", "NT": "Taiwan", "S": "Singapore", "R": "",
}  # fmt: skip
MAGNITUDES = {
    "k": "thousand", "m": "million", "mn": "million", "mm": "million", "mil": "million",
    "b": "billion", "bn": "billion", "t": "trillion", "tn": "trillion",
    "thousand": "thousand", "million": "million", "billion": "billion", "trillion": "trillion",
}  # fmt: skip
_MAGNITUDE = r"\s?-?(?:thousand|million|billion|trillion|mil|bn|mn|mm|tn|[kKmMbB])(?![\w])"
_SIGN = r"(?:(?:US|AU|CA|NZ|HK|NT|A|C|S)?\$|[£€¥₩₹₽₪₺])"
_AFTER_CODE = "|".join(_CODES)

_ATTRIBUTIVE_BEFORE = re.compile(
    r"\b(?:an?|another|its|their|our|my|your|his|her|this|that|one|every|each|per)"
    r"(?: (?:reported|estimated|whopping|mere|measly|hefty|steep|meagre|meager|modest|massive|"
    r"cool|further|extra|full|additional|initial|roughly|nearly|almost|about))?(?: \()? ?$",
    re.IGNORECASE,
)
_ATTRIBUTIVE_AFTER = re.compile(
    r"[ -](?!(?:it|that|and|or|in|for|to|a|an|the|more|less|per|off|each|on|at|i|you|we|they|"
    r"is|was|are|of|by|with|from|when|which|who|if|as|but|worth|here|there|now|today|extra|apiece|"
    r"than|so|before|after|including|plus|every|into|back|upfront|up|down|this|will|would)\b)[a-z]"
)
_PRICED = re.compile(
    r"[ -](?:budget|price|product|headphones?|phones?|tickets?|bill|games?|tag|note|menu|tier|"
    r"subscription|mark|range|question|model|version|edition|laptops?|tablets?|console)\b"
)  # fmt: skip


def attributive(match: re.Match[str]) -> bool:
    """Whether the sum or measure stands before its noun: "a $20 ticket", "a 5km run"."""
    tail = after(match)
    if _PRICED.match(tail) or tail.startswith(("-a-", "-per-", "-an-")):
        return True
    return bool(_ATTRIBUTIVE_AFTER.match(tail) and _ATTRIBUTIVE_BEFORE.search(before(match, 40)))


def _names(sign: str) -> tuple[str, str, str, str]:
    country = _COUNTRIES.get(sign[:-1], "") if sign.endswith("$") and len(sign) > 1 else ""
    names = _UNITS[sign[-1]]
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


def _comma_cents(match: re.Match[str], reading: Reading) -> str:
    return say_money(
        match.group(1), f"{match.group(2)}.{match.group(3)}", "", False, reading.british
    )


def _trailing(match: re.Match[str], reading: Reading) -> str:
    sign = match.group(3)
    return say_money(
        _CODES.get(sign, sign),
        match.group(1),
        match.group(2) or "",
        attributive(match),
        reading.british,
    )


def _leading_code(match: re.Match[str], reading: Reading) -> str:
    sign = _CODES[match.group(1)]
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


_EACH = "month|year|week|day|night|hour|minute|person|head|piece|item|episode|issue|seat|plate"
_EACH_SHORT = {
    "mo": "month", "yr": "year", "wk": "week", "hr": "hour", "pp": "person", "lb": "pound",
    "kg": "kilogram", "oz": "ounce", "pcm": "month",
}  # fmt: skip


def _per(match: re.Match[str], reading: Reading) -> str:
    unit = match.group(1) or match.group(2)
    return f" per {_EACH_SHORT.get(unit, unit)}"


RULES: tuple[Rule, ...] = (
    rule("one price or another", r"(?<=[0-9])\s?/\s?(?=[$£€¥][0-9])", " or ", needs="$£¥€"),
    rule("per", rf"(?<=[0-9])\s?/\s?({_EACH}|mo|yr|wk|hr|lb|kg|oz|pp)\b()(?!\w)", _per, needs="/"),
    rule("per", r"(?<=[$£€][0-9])()(pp|pcm)\b", _per, needs="$£€"),
    rule("per", r"(?<=[$£€][0-9]{2})()(pp|pcm)\b", _per, needs="$£€"),
    rule("per", r"(?<=[$£€][0-9]{3})()(pp|pcm)\b", _per, needs="$£€"),
    rule("per", r"(?<=[0-9]\.[0-9]{2})()(pp|pcm)\b", _per),
    rule(
        "money range",
        rf"(?<![\w$])({_SIGN})\s?({NUMBER})({_MAGNITUDE})?\s?(?:[-–—]|to)\s?"
        rf"{_SIGN}?\s?({NUMBER})({_MAGNITUDE})?(?![\d%])",
        _range,
        needs="$£¥₩₪€₹₺₽",
    ),
    rule(
        "money with decimal comma",
        r"([€£$])\s?([0-9]{1,4}),([0-9]{2})(?![\d,.]\d|\d)",
        _comma_cents,
        needs="$£€",
    ),
    rule(
        "money",
        rf"(?<![\w$])({_SIGN})\s?({NUMBER})({_MAGNITUDE})?(?:[ -](?:dollar|pound|euro)s?\b)?",
        _money,
        needs="$£¥₩₪€₹₺₽",
    ),
    rule(
        "money code",
        rf"\b({_AFTER_CODE})\s?({NUMBER})({_MAGNITUDE})?",
        _leading_code,
        needs="CGJKRUYZ",
    ),
    rule(
        "money after",
        rf"(?<![\w.,])({NUMBER})({_MAGNITUDE})?\s?([€£¥₩₹₽]|(?:{_AFTER_CODE})\b)",
        _trailing,
        needs="CGJKRUYZ£¥₩€₹₽",
    ),
    rule("pence", r"(?<![\w.,])([0-9]{1,3})(p(?!\w)|¢)", _pence),
)
