"""Percentages, degrees, measures and magnitudes."""

from __future__ import annotations

import re

from sayso.speech.spoken.money import (
    ATTRIBUTIVE_AFTER,
    GLUED_UNIT,
    NUMBER,
    UNIT,
    attributive,
    in_english,
    plural_unit,
)
from sayso.speech.spoken.number_words import (
    cardinal,
    is_one,
    model_number,
    number,
    ordinal,
    plural,
)
from sayso.speech.spoken.rule import Reading, Rule, after, before, rule
from sayso.speech.spoken.tables import GLUED, MAGNITUDES, UNITS

_AUDIENCE = re.compile(
    r"[ -](?:viewers?|views?|people|copies|sales|users?|subscribers?|players?|fans?|listeners?|"
    r"streams?|plays?|units?|downloads?|followers?|records?|households?|dollars|euros|pounds|"
    r"years|votes|readers?|words|steps|reviews?|likes)\b"
)
_RESOLUTION = frozenset(("2", "4", "5", "6", "8", "12", "16"))


_BEFORE_NOUN = re.compile(
    r" (?:IMAX|film|prints?|lens|lenses|camera|stock|speakers?|drivers?|TV|display|screen|battery|"
    r"batteries|charger|charging|SSD|drive|card|version|model|jack|refresh|sensor|walk|run|race|"
    r"bags?|bottles?|packs?|cans?|tins?|jars?|box|boxes|tubs?|tubes?|cups?|glass|glasses|sticks?|"
    r"files?|portions?|servings?|blocks?|sheets?|slices?|tyres?|tires?|wheels?|pizzas?|records?)\b"
)


def _unit(match: re.Match[str], reading: Reading) -> str:
    amount, written = match.group(1), match.group(2)
    if match.group(3) and written in "Ww":
        return match.group(0)  # 5W-30 oil
    joined = match.string[match.end(1) : match.start(2)] == "-"
    name = UNITS.get(written) or GLUED[written]
    per, of, tail = name.partition(" per ")
    before_noun = attributive(match) or _BEFORE_NOUN.match(after(match))
    if not (is_one(amount) or before_noun or joined):
        name = plural_unit(per) + of + tail
    elif of and per.endswith("s"):
        name = _PLURALS_BACK.get(per, per[:-1]) + of + tail if is_one(amount) else name
    name = in_english(name, reading)
    return f"{number(amount, reading.british)} {name}{' to ' if match.group(3) else ''}"


_PLURALS_BACK = {"inches": "inch", "feet": "foot"}


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
    name = {
        "C": " Celsius",
        "F": " Fahrenheit",
        "K": " kelvin",
        None: "",
        "N": " north",
        "S": " south",
        "E": " east",
        "W": " west",
    }[scale]
    return f"{number(amount, reading.british)} {noun}{name}"


_TURNED = re.compile(
    r" (?:angles?|turns?|views?|videos?|cameras?|rotations?|spins?|pans?|shots?)\b"
)


def _sign_degrees(match: re.Match[str], reading: Reading) -> str:
    return f" degrees {'Celsius' if match.group(0).strip() == '℃' else 'Fahrenheit'}"


def _magnitude(match: re.Match[str], reading: Reading) -> str:
    amount, letter = match.groups()
    if letter == "M" and _LONG.match(after(match)):
        return _letter(match, reading)
    counted = "." in amount or _AUDIENCE.match(after(match)) is not None
    if letter == "K" and amount in _RESOLUTION and not counted:
        return f"{cardinal(int(amount))} K"
    if letter in "mbBt" and len(letter) == 1 and not counted:
        return match.group(0)
    return f"{number(amount, reading.british)} {MAGNITUDES[letter.lower()]}"


_LETTERS = {"m": "meter", "g": "gram", "l": "liter", "h": "hour", "M": "meter"}
_LASTING = re.compile(
    r"[ -](?:long )?(?:episodes?|films?|movies?|videos?|sessions?|shows?|podcasts?|reads?|waits?|"
    r"drives?|naps?|flights?|commutes?|delays?|sets?|cuts?|class|workouts?)\b"
)
_NETWORKED = re.compile(
    r" (?:phones?|networks?|signal|coverage|modem|data|connections?|speeds?|support|version|model|"
    r"SIMs?|service|enabled|capable|iPhone|iPad|internet|reception|mast|dongles?|hotspots?)\b"
)


def _letter(match: re.Match[str], reading: Reading) -> str:
    amount, letter = match.groups()
    if letter == "g" and amount in "2345" and _NETWORKED.match(after(match)):
        return f"{amount}G"
    lasting = letter == "m" and _LASTING.match(after(match))
    name = "minute" if lasting else in_english(_LETTERS[letter], reading)
    single = is_one(amount) or attributive(match)
    return f"{number(amount, reading.british)} {name}{'' if single else 's'}"


_LONG = re.compile(
    r" (?:of (?:water|rope|cable|depth)|water|deep|high|tall|wide|away|dash|sprint|freestyle|"
    r"hurdles|dive|depth)\b"
)


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
    return f"{number(match.group(1))} {_size('inch', 'inches', match)}"


_MARK_ENDS = re.compile(r"[ -](?:long|tall|high|wide|deep|thick|across|away|above|below)\b")
_OPEN_QUOTE = re.compile(r"(?<![\w'’])['‘](?=\w)")
_TITLE_BEFORE = re.compile(r"\w,? [A-Z]['’\w-]* $")
_BY = re.compile("[\"”″'’′] by $")
_ONE_OF_A_SIZE = re.compile(
    r"\b(?:an?|the|this|that|his|her|my|our|their|each|every|one)(?: [\w-]{2,20}){0,2} $"
)


def _size(one: str, many: str, match: re.Match[str]) -> str:
    tail = after(match)
    if is_one(match.group(1)) or re.match(r" by [0-9]", tail) or _BY.search(before(match)):
        return one
    noun = ATTRIBUTIVE_AFTER.match(tail) and not _MARK_ENDS.match(tail)
    return one if noun or _ONE_OF_A_SIZE.search(before(match, 40)) else many


def _in_quotes(head: str) -> bool:
    """Whether double quotes are open, so that a mark after a number may close them."""
    opened = len(re.findall(r'(?<![0-9])"', head)) % 2
    return bool(opened) or head.count("“") > head.count("”")


def _marked(match: re.Match[str], reading: Reading) -> str:
    """6' and 13", where the mark ends no quotation."""
    amount, mark = match.group(1), match.group(2)
    head, tail = before(match, 300), after(match)
    sized = ATTRIBUTIVE_AFTER.match(tail) or _MARK_ENDS.match(tail) or re.match(" by [0-9]", tail)
    if mark in "'’′":
        titled = _OPEN_QUOTE.search(head) or _TITLE_BEFORE.search(head)
        if titled or not (sized or _MEASURED.search(head)):
            return match.group(0)
        return f"{number(amount)} {_size('foot', 'feet', match)}"
    if mark in '"”' and (_in_quotes(head) or (not sized and _TITLE_BEFORE.search(head))):
        return match.group(0)
    return f"{number(amount)} {_size('inch', 'inches', match)}"


_MEASURED = re.compile(
    r"\b(?:is|at|over|about|only|just|nearly|under|stands|was|than|by|of) $", re.IGNORECASE
)


def _marks_range(match: re.Match[str], reading: Reading) -> str:
    return match.group(0) if _in_quotes(before(match, 300)) else _range(match, reading)


def _lines(match: re.Match[str], reading: Reading) -> str:
    rate = f" {cardinal(int(match.group(3)))}" if match.group(3) else ""
    return f"{model_number(match.group(1))} {match.group(2).upper()}{rate}"


def _shutter(match: re.Match[str], reading: Reading) -> str:
    return f"one {ordinal(int(match.group(1)), reading.british)} of a second"


def _hours_minutes(match: re.Match[str], reading: Reading) -> str:
    hours, minutes = int(match.group(1)), int(match.group(2) or match.group(3))
    return (
        f"{cardinal(hours)} hour{'' if hours == 1 else 's'} "
        f"{cardinal(minutes)} minute{'' if minutes == 1 else 's'}"
    )


_N = rf"(?<![\w.,])(?<![A-Z]-)({NUMBER})"

MEASURES: tuple[Rule, ...] = (
    rule("lines at a rate", r"(?<=[0-9][piK])\s?/\s?(?=[0-9]{2,3}\s?fps\b)", " at ", needs="/"),
    rule(
        "carats",
        r"(?<![\w.,])([0-9]{1,2})[ -]?(?:[kK]|ct|kt)(?=[ -](?:gold|white|rose|yellow)\b)",
        lambda m, r: f"{cardinal(int(m.group(1)))}-carat",
    ),
    rule("aperture", r"(?<![\w/])[fF]/(?=[0-9])", "F ", needs="/"),
    rule("shutter", r"(?<![\w.,/])1/([0-9]{1,4})\s?s(?:ec|econds?)?\b", _shutter, needs="/"),
    rule(
        "lines of a screen",
        r"(?<![\w.,])(144|240|360|480|540|576|720|900|1080|1440|2160|4320)([pi])([0-9]{2,3})?\b",
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
    rule("inches", r"(?<![\w.,])([0-9]{1,3}(?:\.[0-9]{1,2})?)\s?in\.(?=\s[a-z])", _inches),
    rule("height", r"(?<![\w.,])([1-9])['’′]\s?([0-9]{1,2})(?:[\"”″]|''|’’)", _height, needs="'’′"),
    rule("height", r"(?<![\w.,])([4-7])['’′]([0-9]|1[01])(?![\w\"”″'’′])", _height, needs="'’′"),
    rule(
        "range of inches",
        r"(?<![\w.,–-])([0-9]{1,3})[\"”″'’′]?\s?[-–]\s?(?=[0-9]{1,3}[\"”″'’′](?![\w'’]))",
        _marks_range,
        needs="\"”″'’′",
    ),
    rule(
        "feet and inches",
        r"(?<![\w.,'’–-])([0-9]{1,3}(?:\.[0-9]{1,2})?)([\"”″]|''|’’|['’′])(?![\w'’])",
        _marked,
        needs="\"”″'’′",
    ),
    rule(
        "percent range",
        rf"{_N}\s?%?\s?[-–—]\s?(?=[0-9.,]{{1,12}}\s?(?:%|percent\b|per cent\b))",
        _range,
        needs="-–—",
    ),
    rule("percent", rf"{_N}\s?%", _percent, needs="%"),
    rule("degree range", rf"{_N}\s?[-–]\s?(?=[0-9]{{1,4}}\s?[°º˚])", _range, needs="°º˚"),
    rule(
        "degrees",
        rf"(?<![\d.,])({NUMBER})\s?[°º˚](?:\s?([CFKNSEW])\b)?",
        _degrees,
        needs="°º˚",
    ),
    rule("temperature", r"(?<=\b(?:at|to|of) )([1-9][0-9]{2})([CF])(?![\w'’]|\.\w)", _degrees),
    rule("degrees", r"\s?[℃℉]", _sign_degrees, needs="℃℉"),
    rule(
        "measure range",
        rf"{_N}\s?[-–]\s?(?=[0-9.]{{1,9}}(?:\s?(?:{UNIT}|[gml])|s)(?![\w/'’]))",
        _range,
        needs="-–",
    ),
    rule(
        "measure",
        rf"{_N}(?:[\s-]?(?={UNIT})|(?={GLUED_UNIT}))({UNIT}|{GLUED_UNIT})(?![\w²³]|/[a-zA-Z])(?:\.(?=\s[a-z(]|[,;:)]))?(\s?[-–]\s?(?=[0-9]))?",
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
    rule("letter of a unit", rf"{_N}\s?([mglh])(?![\w'’])", _letter),
    rule(
        "seconds",
        r"(?<![\w.,#])(?<![A-Za-z]-)(?<!o\. )([0-9]{1,3}(?:\.[0-9]{1,3})?)\s?s(?![\w'’])",
        _seconds,
    ),
)
