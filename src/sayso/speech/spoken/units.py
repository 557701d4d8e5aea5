"""Percentages, degrees, measures and magnitudes."""

from __future__ import annotations

import re

from sayso.speech.spoken.money import MAGNITUDES, NUMBER, attributive
from sayso.speech.spoken.number_words import (
    cardinal,
    is_one,
    model_number,
    number,
    ordinal,
    plural,
)
from sayso.speech.spoken.rule import Reading, Rule, after, before, rule

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

RULES: tuple[Rule, ...] = (
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
