"""Sums of money, percentages, degrees and measures."""

from __future__ import annotations

import re

from sayso.speech.spoken.number_words import (
    cardinal,
    is_one,
    model_number,
    number,
    ordinal,
    plural,
)
from sayso.speech.spoken.rule import Reading, Rule, after, before, rule

NUMBER = r"[0-9]{1,3}(?:,[0-9]{3}){1,4}(?:\.[0-9]{1,6})?|[0-9]{1,15}(?:\.[0-9]{1,6})?"
"""A number as written, for use inside a group."""

_CURRENCIES = {
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
    names = _CURRENCIES[sign[-1]]
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


def _money_range(match: re.Match[str], reading: Reading) -> str:
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


MONEY: tuple[Rule, ...] = (
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
        _money_range,
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


_UNITS = {
    "KB": "kilobyte", "MB": "megabyte", "GB": "gigabyte", "TB": "terabyte",
    "kbps": "kilobits per second", "Kbps": "kilobits per second", "Mbps": "megabits per second",
    "Gbps": "gigabits per second",
    "km": "kilometer", "cm": "centimeter", "mm": "millimeter", "nm": "nanometer", "mi": "mile",
    "ft": "foot", "yd": "yard", "yds": "yard", "lb": "pound", "lbs": "pound", "oz": "ounce",
    "kg": "kilogram", "mg": "milligram", "ml": "milliliter", "mL": "milliliter", "cl": "centiliter",
    "L": "liter", "gal": "gallon",
    "mph": "miles per hour", "km/h": "kilometers per hour", "kph": "kilometers per hour",
    "kmh": "kilometers per hour", "mpg": "miles per gallon", "rpm": "revolutions per minute",
    "bpm": "beats per minute", "fps": "frames per second", "FPS": "frames per second",
    "ppi": "pixels per inch", "dpi": "dots per inch", "px": "pixel",
    "Hz": "hertz", "kHz": "kilohertz", "MHz": "megahertz", "GHz": "gigahertz",
    "W": "watt", "kW": "kilowatt", "kWh": "kilowatt hour", "Wh": "watt hour", "V": "volt",
    "mAh": "milliamp hour", "dB": "decibel", "MP": "megapixel", "Ω": "ohm", "kJ": "kilojoule",
    "kcal": "kilocalorie", "cal": "calorie", "hp": "horsepower", "ABV": "A.B.V",
    "hr": "hour", "hrs": "hour", "min": "minute", "mins": "minute", "sec": "second",
    "secs": "second", "ms": "millisecond", "yrs": "year", "yr": "year", "mos": "month",
    "sq ft": "square foot", "sqm": "square meter", "m²": "square meter", "km²": "square kilometer",
    "pts": "point", "tsp": "teaspoon", "tbsp": "tablespoon", "pp": "page", "pgs": "page",
}  # fmt: skip
_SAME = ("hertz", "horsepower", "A.B.V", "s")
_PLURALS = {"foot": "feet", "square foot": "square feet"}
_UNIT = "|".join(re.escape(unit) for unit in sorted(_UNITS, key=len, reverse=True))
_BRITISH = re.compile(r"(?<=met)er(?=s?\b)|(?<=lit)er(?=s?\b)")
_AUDIENCE = re.compile(
    r"[ -](?:viewers?|views?|people|copies|sales|users?|subscribers?|players?|fans?|listeners?|"
    r"streams?|plays?|units?|downloads?|followers?|records?|households?|dollars|euros|pounds|"
    r"years|votes|readers?|words|steps|reviews?|likes)\b"
)
_RESOLUTION = frozenset(("2", "4", "5", "6", "8", "12", "16"))


_BEFORE_NOUN = re.compile(
    r" (?:IMAX|film|prints?|lens|lenses|camera|stock|speakers?|drivers?|TV|display|screen|battery|"
    r"batteries|charger|charging|SSD|drive|card|version|model|jack|refresh|sensor|walk|run|race)\b"
)


def _unit(match: re.Match[str], reading: Reading) -> str:
    amount, written = match.group(1), match.group(2)
    joined = match.string[match.end(1) : match.start(2)] == "-"
    name = _UNITS[written]
    per, of, tail = name.partition(" per ")
    before_noun = attributive(match) or _BEFORE_NOUN.match(after(match))
    if not (is_one(amount) or before_noun or joined):
        name = _plural(per) + of + tail
    elif of and per.endswith("s"):
        name = _PLURALS_BACK.get(per, per[:-1]) + of + tail if is_one(amount) else name
    if reading.british:
        name = _BRITISH.sub("re", name)
    return f"{number(amount, reading.british)} {name}{' to ' if match.group(3) else ''}"


_PLURALS_BACK = {"inches": "inch", "feet": "foot"}


def _plural(name: str) -> str:
    if name.endswith(_SAME):
        return name
    return _PLURALS.get(name, name + "s")


def _range(match: re.Match[str], reading: Reading) -> str:
    return f"{number(match.group(1), reading.british)} to "


def _percent(match: re.Match[str], reading: Reading) -> str:
    return f"{number(match.group(1), reading.british)} percent"


def _degrees(match: re.Match[str], reading: Reading) -> str:
    amount, scale = match.groups()
    tail = after(match)
    before_noun = attributive(match) or _TURNED.match(tail)
    single = is_one(amount) or tail.startswith("-") or (not scale and before_noun)
    noun = "degree" if single else "degrees"
    name = {"C": " Celsius", "F": " Fahrenheit", "K": " kelvin", None: ""}[scale]
    return f"{number(amount, reading.british)} {noun}{name}"


_TURNED = re.compile(
    r" (?:angles?|turns?|views?|videos?|cameras?|rotations?|spins?|pans?|shots?)\b"
)


def _sign_degrees(match: re.Match[str], reading: Reading) -> str:
    return f" degrees {'Celsius' if match.group(0).strip() == '℃' else 'Fahrenheit'}"


def _magnitude(match: re.Match[str], reading: Reading) -> str:
    amount, letter = match.groups()
    counted = "." in amount or _AUDIENCE.match(after(match)) is not None
    if letter == "K" and amount in _RESOLUTION and not counted:
        return f"{cardinal(int(amount))} K"
    if letter in "mbBt" and len(letter) == 1 and not counted:
        return match.group(0)
    return f"{number(amount, reading.british)} {MAGNITUDES[letter.lower()]}"


def _metres(match: re.Match[str], reading: Reading) -> str:
    word = "metre" if reading.british else "meter"
    single = is_one(match.group(1)) or attributive(match)
    return f"{number(match.group(1), reading.british)} {word}{'' if single else 's'}"


def _grams(match: re.Match[str], reading: Reading) -> str:
    single = is_one(match.group(1)) or attributive(match)
    return f"{number(match.group(1), reading.british)} gram{'' if single else 's'}"


_MODEL = re.compile(r"\b(?:PlayStation|Xbox|Boeing|Airbus|Porsche|Nokia) $")


def _seconds(match: re.Match[str], reading: Reading) -> str:
    amount = match.group(1)
    if match.end() - match.end(1) == 1 and amount.isdigit():
        if before(match).endswith("iPhone "):
            return f"{cardinal(int(amount))} S"
        if _MODEL.search(before(match)) or (len(amount) == 3 and amount[-1] != "0"):
            return plural(model_number(amount, reading.british))
    single = is_one(match.group(1)) or attributive(match)
    return f"{number(match.group(1), reading.british)} second{'' if single else 's'}"


def _height(match: re.Match[str], reading: Reading) -> str:
    return f"{cardinal(int(match.group(1)))} foot {cardinal(int(match.group(2)))}"


def _inches(match: re.Match[str], reading: Reading) -> str:
    return f"{number(match.group(1))} {'inch' if match.group(2) else 'inches'}"


def _lines(match: re.Match[str], reading: Reading) -> str:
    return f"{model_number(match.group(1))} {match.group(2).upper()}"


def _shutter(match: re.Match[str], reading: Reading) -> str:
    return f"one {ordinal(int(match.group(1)), reading.british)} of a second"


def _hours_minutes(match: re.Match[str], reading: Reading) -> str:
    hours, minutes = int(match.group(1)), int(match.group(2) or match.group(3))
    return (
        f"{cardinal(hours)} hour{'' if hours == 1 else 's'} "
        f"{cardinal(minutes)} minute{'' if minutes == 1 else 's'}"
    )


_SCREEN = (
    r"(?:screens?|displays?|monitors?|TVs?|panels?|tablets?|phones?|OLED|LCD|touchscreen|vinyl|"
    r"pizza|model|version|laptops?|iPad|MacBook|wheels?|single|record)"
)
_N = rf"(?<![\w.,])({NUMBER})"

MEASURES: tuple[Rule, ...] = (
    rule("lines at a rate", r"(?<=[0-9][piK])\s?/\s?(?=[0-9]{2,3}\s?fps\b)", " at ", needs="/"),
    rule("aperture", r"(?<![\w/])[fF]/(?=[0-9])", "F ", needs="/"),
    rule("shutter", r"(?<![\w.,/])1/([0-9]{1,4})\s?s(?:ec|econds?)?\b", _shutter, needs="/"),
    rule(
        "lines of a screen",
        r"(?<![\w.,])(144|240|360|480|540|576|720|900|1080|1440|2160|4320)([pi])(?:\d{2,3})?\b",
        _lines,
    ),
    rule(
        "hours and minutes",
        r"(?<![\w.,])([0-9]{1,2})\s?h(?:rs?\s?|\s?)"
        r"(?:([0-5]?[0-9])\s?m(?:ins?)?\b|(?<=[0-9]h)([0-5][0-9])(?!\w))",
        _hours_minutes,
    ),
    rule(
        "height",
        r"(?<![\w.,])([1-9])\s?ft\.?\s?([0-9]{1,2})\s?in\b(?:\.(?=\s[a-z]|[,;:)]))?",
        _height,
    ),
    rule("inches", r"(?<![\w.,])([0-9]{1,3}(?:\.[0-9]{1,2})?)()\s?in\.(?=\s[a-z])", _inches),
    rule("height", r"(?<![\w.,])([1-9])['’′]\s?([0-9]{1,2})(?:[\"”″]|''|’’)", _height, needs="'’′"),
    rule("height", r"(?<![\w.,])([4-7])['’′]([0-9]|1[01])(?![\w\"”″'’′])", _height, needs="'’′"),
    rule(
        "inches",
        r"(?<![\w.,])([0-9]{1,3}(?:\.[0-9]{1,2})?)"
        rf"(?:″|[\"”](?=[ -]{_SCREEN}\b))(?=([ -]{_SCREEN}\b)?)",
        _inches,
        needs='"”″',
    ),
    rule(
        "percent range",
        rf"{_N}\s?%?\s?[-–—]\s?(?=[0-9.,]{{1,12}}\s?(?:%|percent\b|per cent\b))",
        _range,
        needs="-–—",
    ),
    rule("percent", rf"{_N}\s?%", _percent, needs="%"),
    rule("degree range", rf"{_N}\s?[-–]\s?(?=[0-9]{{1,4}}\s?°)", _range, needs="°"),
    rule(
        "degrees",
        rf"(?<![\d.,])({NUMBER})\s?°(?:\s?([CFK])\b)?",
        _degrees,
        needs="°",
    ),
    rule("temperature", r"(?<=\b(?:at|to|of) )([1-9][0-9]{2})([CF])(?![\w'’]|\.\w)", _degrees),
    rule("degrees", r"\s?[℃℉]", _sign_degrees, needs="℃℉"),
    rule(
        "measure range",
        rf"{_N}\s?[-–]\s?(?=[0-9.]{{1,9}}\s?(?:{_UNIT})(?![\w/]))",
        _range,
        needs="-–",
    ),
    rule(
        "measure",
        rf"{_N}(?:\s|-)?({_UNIT})(?![\w/²])(?:\.(?=\s[a-z(]|[,;:)]))?(\s?[-–]\s?(?=[0-9]))?",
        _unit,
    ),
    rule(
        "magnitude range",
        rf"{_N}[kK]?\s?[-–]\s?(?=[0-9.]{{1,9}}\s?(?:bn|mn|tn|[kKx×])(?!\w))",
        _range,
        needs="-–",
    ),
    rule("magnitude", rf"{_N}\s?(bn|mn|tn|[kK])(?![\w])", _magnitude),
    rule("magnitude", rf"{_N}([MmBb])(?![\w])", _magnitude),
    rule("meters", rf"{_N}\s?m(?![\w'’])", _metres),
    rule("grams", rf"{_N}\s?g(?![\w'’])", _grams),
    rule(
        "seconds",
        r"(?<![\w.,#])(?<![A-Za-z]-)(?<!o\. )([0-9]{1,3}(?:\.[0-9]{1,3})?)\s?s(?![\w'’])",
        _seconds,
    ),
)
