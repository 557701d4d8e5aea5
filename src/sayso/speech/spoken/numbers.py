"""Ordinals, fractions, ranges, scores, versions, telephone numbers, plain numbers."""

from __future__ import annotations

import re

from sayso.language.text import with_article
from sayso.speech.spoken.money import NUMBER
from sayso.speech.spoken.number_words import (
    cardinal,
    digits,
    fraction,
    model_number,
    number,
    ordinal,
    pair,
)
from sayso.speech.spoken.rule import Reading, Rule, after, before, rule
from sayso.speech.spoken.tables import BOOKS, CURRENCY_CODES, GLYPHS

_SAID = {
    "24/7": "twenty-four seven", "9/11": "nine eleven", "7/7": "seven seven",
    "20/20": "twenty twenty", "50/50": "fifty-fifty", "50-50": "fifty-fifty",
    "50–50": "fifty-fifty", "60/40": "sixty-forty", "80/20": "eighty-twenty",
    "007": "double oh seven", "911": "nine one one",
}  # fmt: skip


def _glyph(match: re.Match[str], reading: Reading) -> str:
    whole, glyph = match.groups()
    n, d = GLYPHS[glyph]
    if whole:
        return f"{cardinal(int(whole), reading.british)} and {_small(n, d)}"
    return "half" if d == 2 else _small(n, d)


def _small(n: int, d: int) -> str:
    if n > 1:
        return fraction(n, d)
    words = fraction(n, d).removeprefix("one ")
    return with_article(words)


def _said(match: re.Match[str], reading: Reading) -> str:
    return _SAID[match.group(0)]


def _fraction(match: re.Match[str], reading: Reading) -> str:
    whole, n, d = match.group(1), int(match.group(2)), int(match.group(3))
    if n >= d:
        return match.group(0)
    if whole:
        return f"{cardinal(int(whole), reading.british)} and {_small(n, d)}"
    return fraction(n, d)


def _slashed(match: re.Match[str], reading: Reading) -> str:
    low, high = (number(group, reading.british) for group in match.groups())
    return f"{low} {high}" if int(match.group(1)) > int(match.group(2)) else f"{low} of {high}"


def _ordinal(match: re.Match[str], reading: Reading) -> str:
    return ordinal(int(match.group(1).replace(",", "")), reading.british)


def _number_sign(match: re.Match[str], reading: Reading) -> str:
    plural = "s" if match.group(1).startswith("Nos") else ""
    return f"number{plural} "


def _phone(match: re.Match[str], reading: Reading) -> str:
    text = match.group(0)
    zero = "oh" if reading.british else "zero"
    groups = [digits(group, zero) for group in re.findall(r"[0-9]+", text)]
    return ("plus " if text.startswith("+") else "") + ", ".join(groups)


def _spelled(match: re.Match[str], reading: Reading) -> str:
    return digits(match.group(0))


def _range(match: re.Match[str], reading: Reading) -> str:
    low, high = match.groups()
    summed = re.match(r"\s?[=+×÷]", after(match)) or re.search(r"[=+×÷] ?$", before(match))
    link = "minus" if summed and "-" in match.group(0) else "to"
    return f"{number(low, reading.british)} {link} {number(high, reading.british)}"


def _ratio(match: re.Match[str], reading: Reading) -> str:
    low, high = match.groups()
    timed = low.isdigit() and int(low) > 23 and len(high) == 2 and int(high) < 60
    if timed and int(low) + int(high) != 100:
        return f"{cardinal(int(low))} {pair(int(high))}"  # minutes and seconds
    shape = (low, high) in (
        ("16", "9"),
        ("4", "3"),
        ("21", "9"),
        ("3", "2"),
        ("16", "10"),
        ("9", "16"),
    )
    link = "by" if shape else "to"
    return f"{number(low, reading.british)} {link} {number(high, reading.british)}"


def _by(match: re.Match[str], reading: Reading) -> str:
    low, high = match.group(1).replace(",", ""), match.group(2).replace(",", "")
    if all(part.isdigit() and len(part) in (3, 4) for part in (low, high)):
        return f"{model_number(low, reading.british)} by {model_number(high, reading.british)}"
    link = "times" if re.match(r"\s?=", after(match)) else "by"
    return f"{match.group(1)} {link} {match.group(2)}"  # a unit may follow


def _times(match: re.Match[str], reading: Reading) -> str:
    said = number(match.group(1), reading.british)
    return said if re.match(" [A-Z]", after(match)) else f"{said} times"  # 2x USB-C


def _version(match: re.Match[str], reading: Reading) -> str:
    return " point ".join(cardinal(int(group)) for group in match.group(0).split("."))


def _plus(match: re.Match[str], reading: Reading) -> str:
    return f"{number(match.group(1), reading.british)} plus"


def _minus(match: re.Match[str], reading: Reading) -> str:
    return f"minus {number(match.group(1), reading.british)}"


def _named_number(match: re.Match[str], reading: Reading) -> str:
    return match.group(1) + model_number(match.group(2), reading.british)


def _verse(match: re.Match[str], reading: Reading) -> str:
    book, chapter, verse, last = match.groups()
    said = f"{book} {cardinal(int(chapter))} {cardinal(int(verse))}"
    return f"{said} to {cardinal(int(last))}" if last else said


def _part_number(match: re.Match[str], reading: Reading) -> str:
    letters, generation, digits_, tail = match.groups()
    said = model_number(digits_, reading.british)
    if len(digits_) == 5 and digits_[2] != "0":
        said = f"{cardinal(int(digits_[:2]))} {model_number(digits_[2:])}"
    return f"{letters} {cardinal(int(generation))} {said} {' '.join(tail)}".rstrip()


def _lettered_decimal(match: re.Match[str], reading: Reading) -> str:
    return f"{match.group(1)} {number(match.group(2), reading.british)}"


def _decimal_letters(match: re.Match[str], reading: Reading) -> str:
    return f"{number(match.group(1), reading.british)} {'.'.join(match.group(2).upper())}"


def _thousands(match: re.Match[str], reading: Reading) -> str:
    whole, _, cents = match.group(0).replace(".", " ").partition(",")
    return ",".join(whole.split()) + (f".{cents}" if cents else "")


_LISTED = re.compile(
    r"\b(?:[Ss]easons|[Ee]pisodes|[Cc]hapters|[Pp]arts|[Pp]ages|pp\.?|[Vv]erses|[Ll]evels|numbers|"
    r"[Nn]os\.?|[Vv]ols?\.?|[Vv]olumes|[Bb]ooks|[Dd]ays|[Aa]cts|[Ss]cenes|[Dd]is[ck]s|[Tt]racks|"
    r"[Aa]ges|aged|[Ss]teps|[Ww]orlds|[Ss]tages|Jan\w*|Feb\w*|Mar\w*|Apr\w*|May|Jun\w*|Jul\w*|"
    r"Aug\w*|Sep\w*|Oct\w*|Nov\w*|Dec\w*)\.? $"
)


_NAMED = re.compile(r"[\w'’:,] (?!Score|Rating|Total|Note|Average)[A-Z][\w'’]* $")


def _decimal_comma(match: re.Match[str], reading: Reading) -> str:
    head = before(match)
    if (
        _LISTED.search(head)
        or _NAMED.search(head)
        or re.match(r",? ?(?:and|or|&) ?[0-9]|, ?[0-9]", after(match))
    ):
        return match.group(0)
    return f"{match.group(1)}.{match.group(2)}"


def _chained(match: re.Match[str], reading: Reading) -> str:
    parts = match.group(0).split(":")
    if all(len(part) == 2 for part in parts[1:]):
        return match.group(0)  # a time
    if parts[0] == "4" and all(len(part) == 1 for part in parts):
        return " ".join(digits(part) for part in parts)  # how video thins out its colours
    return " to ".join(number(part, reading.british) for part in parts)


def _models(match: re.Match[str], reading: Reading) -> str:
    """PS3/4/5, seasons 1/2/3: numbers that follow one another, and no date."""
    listed = [int(part) for part in re.split("/", match.group(1))]
    if listed != sorted(set(listed)) or listed[-1] - listed[0] > 6:
        return match.group(0)
    return match.group(0).replace("/", ", ")


def _postcode(match: re.Match[str], reading: Reading) -> str:
    area, district, letter, sector, unit = match.groups()
    said = f"{'.'.join(area)} {cardinal(int(district))} {letter}".rstrip()
    return f"{said}, {cardinal(int(sector))} {'.'.join(unit)}"


def _code(match: re.Match[str], reading: Reading) -> str:
    return match.group(1) + digits(match.group(2), "oh")


def _number(match: re.Match[str], reading: Reading) -> str:
    return number(match.group(0), reading.british)


_PLACES = (
    "[Rr]oom|[Ff]light|[Rr]oute|[Hh]ighway|[Aa]partment|[Ss]uite|[Cc]abin|[Ss]tudio|BMW|Boeing|"
    "Airbus|Nokia|Porsche|Ferrari|Xbox"
)
_NO = r"(?<![\w.,])"
_COIN = rf"(?:[€£¥₹]|(?:{'|'.join(CURRENCY_CODES)})\b)"
_END = r"(?!\w)(?![.,:]\d)"

FRACTIONS: tuple[Rule, ...] = (
    rule(
        "fraction",
        r"(?<![\w.,/])(?:([0-9]{1,3})[ -])?([1-9])/([2-9]|1[0-9])"
        r"(?:th|rd|nd|ths|rds)?(?![\w/])(?!\.\d)",
        _fraction,
        needs="/",
    ),
    rule(
        "fraction",
        f"(?:{_NO}([0-9]{{1,6}})\\s?)?([{''.join(GLYPHS)}])",
        _glyph,
        needs="¼½¾⅐⅑⅒⅓⅔⅕⅖⅗⅘⅙⅚⅛⅜⅝⅞",
    ),
    rule("size", rf"{_NO}({NUMBER})\s?[x×]\s?({NUMBER})(?!\w)", _by, needs="x×"),
    rule(
        "size",
        r"(?<=[0-9\"”″'’′mnt]) ?[x×] ?(?=[0-9]{1,4}(?:\.[0-9]{1,2})?\s?"
        r"(?:[\"”″'’′]|(?:mm|cm|m|ft|in|km)\b))",
        " by ",
        needs="x×",
    ),
)

FIXED: tuple[Rule, ...] = (
    rule(
        "verse",
        rf"\b({BOOKS}) ([0-9]{{1,3}}):([0-9]{{1,3}})(?:\s?[-–]\s?([0-9]{{1,3}}))?(?![\w:]|\.\d)",
        _verse,
        needs=":",
    ),
    rule(
        "part number",
        r"\b([A-Za-z]{1,2})([0-9])-([0-9]{4,5})([A-Z]{0,2})(?!\w)",
        _part_number,
        needs="-",
    ),
    rule(
        "said so",
        r"(?<![\w.,/$£€#:])(?<!\d-)"
        rf"(?:{'|'.join(re.escape(key) for key in _SAID)})(?![\w/%])(?![.,:-]\d)",
        _said,
        needs="/45679–",
    ),
    rule(
        "models",
        r"(?<![\w/])[A-Za-z]{1,12} ?([1-9][0-9]?(?:/[1-9][0-9]?){2,5})(?![\w/])",
        _models,
        needs="/",
    ),
    rule(
        "code",
        r"\b((?:[Zz][Ii][Pp]|[Pp]ost(?:al )?|PIN|[Aa]rea|[Dd]oor) ?(?:[Cc]ode)?:?(?: is| was)? )"
        r"([0-9]{3,6})(?![\w,.:/-]\w)",
        _code,
    ),
    rule(
        "postcode",
        r"(?<![\w-])([A-Z]{1,2})([0-9]{1,2})([A-Z]?) ([0-9])"
        r"(?!GB|TB|HP|HZ|ST|ND|RD|TH|LB|LP)([ABD-HJLNP-UW-Z]{2})(?![\w-])",
        _postcode,
    ),
    rule("letter and digit", r"(?<![\w.])([B-HJ-Z])\.(?=[0-9](?![\w.]))", r"\1 "),
    rule("chess move", r"(?<![\w.])([0-9]{1,2})\.(?=[KQRBN]?x?[a-h][1-8]\b)", r"\1 "),
)

PHONES: tuple[Rule, ...] = (
    rule(
        "telephone",
        r"(?<![\w+.,-])"
        r"(?:\+[0-9]{1,3}[ .-]?(?:\([0-9]{1,5}\)[ .-]?)?(?:[0-9]{2,5}[ .-]){1,4}[0-9]{2,6}"
        r"|(?:1[ .-])?\(?[2-9][0-9]{2}\)?[ .-][2-9][0-9]{2}[ .-][0-9]{4}"
        r"|\(?0[0-9]{2,4}\)?[ -][0-9]{3,4}[ -]?[0-9]{3,4}"
        r"|[2-9][0-9]{2}-[0-9]{4})(?![\w-])(?!\.\d)",
        _phone,
        needs="+-023456789",
    ),
    rule(
        "long number",
        r"(?<!\d)[0-9]{1,5}(?:-[0-9]{1,7}){3,4}(?:-[0-9X])?(?![\w-])",
        _spelled,
        needs="-",
    ),
    rule("long number", r"(?<![\d.,])[0-9]{13,}(?![\d,.]\d)", _spelled),
)

THOUSANDS: tuple[Rule, ...] = (
    rule("no cents", rf"(?<=[0-9]),[-–—]{{1,2}}(?=\s?{_COIN}|[\s.;!?)]|$)", "", needs=","),
    rule(
        "thousands",
        r"(?<![\w.+,/-])[1-9][0-9]{0,2}(?:(?:[. ][0-9]{3}){2,4}(?:,[0-9]{2})?|\.[0-9]{3},[0-9]{2}"
        rf"|\.[0-9]{{3}}(?=\s?(?:€(?!\s?/\s?l)|(?:{'|'.join(CURRENCY_CODES)})\b))"
        rf"| [0-9]{{3}}(?=,[0-9]{{2}}\s?{_COIN}|\s?{_COIN})(?:,[0-9]{{2}})?| 000)"
        r"(?![\w]|[. ,]\d)",
        _thousands,
    ),
    rule("thousands", r"(?<=€)[1-9][0-9]{0,2}[. ][0-9]{3}(?![\w]|[.,]\d)", _thousands, needs="€"),
    rule(
        "decimal comma",
        r"(?<![\w.,])([0-9]{1,4}),([0-9]{1,2})(?![\w]|[,.:-]\d)(?<!00,00)",
        _decimal_comma,
    ),
    rule(
        "decimal comma",
        r"(?<![\w.,])([0-9]{1,3}),([0-9]{1,2})(?=(?:km|kg|cm|mm|ml|cl|l|g|m|h|kW|GB|s)\b)",
        _decimal_comma,
    ),
)

RULES: tuple[Rule, ...] = (
    rule(
        "letters and decimal",
        r"\b([A-Za-z]{1,6})([0-9]{1,4}\.[0-9]{1,3})(?![\w]|\.\d)",
        _lettered_decimal,
    ),
    rule(
        "decimal and letters",
        rf"{_NO}([0-9]{{1,4}}\.[0-9]{{1,3}})(?!x)([a-z]{{1,2}})(?!\w)",
        _decimal_letters,
    ),
    rule(
        "ordinal range",
        r"(?<=[0-9](?:st|nd|rd|th))\s?[-–]\s?(?=[0-9]{1,4}(?:st|nd|rd|th)\b)",
        " to ",
        needs="-–",
    ),
    rule(
        "lettered number",
        r"(?<![\w-])([A-Za-z]{1,12}-)([0-9]{3,4})(?![\w-])(?!\.\d)",
        _named_number,
        needs="-",
    ),
    rule(
        "number sign",
        r"(?<![\w#])(#|№\s?|[Nn][º°]\s?|[Nn]o\.\s?|Nos?\.\s?|No\s(?=[0-9]{1,3}\b(?! [a-z])))"
        r"(?=[0-9])",
        _number_sign,
    ),
    rule(
        "ordinal",
        r"(?<![\d.,])([0-9]{1,3}(?:,[0-9]{3}){1,3}|[0-9]{1,9})(?:st|nd|rd|th|ST|ND|RD|TH)\b",
        _ordinal,
    ),
    rule("numbered place", rf"\b((?:{_PLACES}) )([0-9]{{3,4}})(?!\w|[,.:-]\d)", _named_number),
    rule(
        "graphics card",
        r"\b((?:RTX|GTX|RX|Radeon|GeForce) )([0-9]{4})(?!\d)",
        _named_number,
        needs="FRX",
    ),
    rule(
        "model",
        r"(?<![\w.-])([A-Z]{2,4} )([1-9][0-9](?:[1-9][0-9]|0[1-9]))(?![\w%]|[,.:-]\d| [A-Z]{2})",
        _named_number,
    ),
    rule("version", r"(?<![\w.,])[0-9]{1,4}(?:\.[0-9]{1,4}){2,4}(?![\w])(?!\.\d)", _version),
    rule("times", rf"{_NO}({NUMBER})\s?[x×](?![\w])", _times, needs="x×"),
    rule("ratio", r"(?<![\w.:])[0-9]{1,3}(?::[0-9]{1,3}){2,5}(?![\w:])", _chained, needs=":"),
    rule(
        "ratio", rf"{_NO}([0-9]{{1,3}}(?:\.[0-9]{{1,3}})?):([0-9]{{1,3}}){_END}", _ratio, needs=":"
    ),
    rule("plus", rf"{_NO}({NUMBER})\+(?![\w+])", _plus, needs="+"),
    rule(
        "range",
        rf"(?<![\w.,–-])({NUMBER})\s?[-–—]\s?({NUMBER})(?![\w–-])(?!\.\d)",
        _range,
        needs="-–—",
    ),
    rule("slash", rf"{_NO}([0-9]{{1,6}})/([0-9]{{1,6}}){_END}(?!/)", _slashed, needs="/"),
    rule("minus", rf"(?<![^\s(,:;])[-−]({NUMBER}){_END}", _minus, needs="-−"),
)

LAST: tuple[Rule, ...] = (
    rule("decimal", r"(?<![\w.,])\.[0-9]{1,6}(?![\w.])", _number),
    rule("number", rf"(?<![\w.])(?:{NUMBER})(?!\w)", _number),
    rule("number", r"(?<=\.)[0-9]{1,15}(?!\w)|(?<!\w)[0-9]{16,}(?!\w)", _spelled),
)
