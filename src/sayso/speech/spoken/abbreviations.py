"""Abbreviations, titles and initials."""

from __future__ import annotations

import re

from sayso.speech.spoken.number_words import model_number
from sayso.speech.spoken.rule import UPPER, Reading, Rule, after, before, rule
from sayso.speech.spoken.tables import ALWAYS, BARE, NUMBERED, STREETS


def _alternatives(table: dict[str, str]) -> str:
    return "|".join(re.escape(key) for key in sorted(table, key=len, reverse=True))


def _always(match: re.Match[str], reading: Reading) -> str:
    return ALWAYS[match.group(1)] + _stop(match)


def _stop(match: re.Match[str]) -> str:
    """The full stop again where the sentence ends with the abbreviation."""
    return "." if not after(match).strip(" \"”’')") else ""


def _bare(match: re.Match[str], reading: Reading) -> str:
    return BARE[match.group(1)] + (_stop(match) if match.group(0).endswith(".") else "")


def _numbered(match: re.Match[str], reading: Reading) -> str:
    return f"{NUMBERED[match.group(1)]} "


def _et_cetera(match: re.Match[str], reading: Reading) -> str:
    if not match.group(0).endswith("."):
        return "et cetera"
    return "et cetera" + ("." if _NO_NAME.match(after(match).lstrip()) else _stop(match))


_DAYS = {
    "Mon": "Monday", "Tue": "Tuesday", "Tues": "Tuesday", "Wed": "Wednesday", "Weds": "Wednesday",
    "Thu": "Thursday", "Thur": "Thursday", "Thurs": "Thursday", "Fri": "Friday",
    "Sat": "Saturday", "Sun": "Sunday",
}  # fmt: skip
_MONTH = "(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]{0,6}"
_DAY = "Mon|Tues?|Weds?|Thu(?:rs?)?|Fri|Sat|Sun"


def _days(match: re.Match[str], reading: Reading) -> str:
    return f"{_DAYS[match.group(1)]} to {_DAYS[match.group(2)]}"


def _day(match: re.Match[str], reading: Reading) -> str:
    name = next(group for group in match.groups() if group)
    return _DAYS[name] + (_stop(match) if match.group(0).endswith(".") else "")


def _saint(match: re.Match[str], reading: Reading) -> str:
    if _NO_NAME.match(after(match)) and _NAME_BEFORE.search(before(match)):
        return "Street. "  # on Acacia St. It rains
    return "Saint "


def _street(match: re.Match[str], reading: Reading) -> str:
    return STREETS[match.group(1)] + (_stop(match) if match.group(0).endswith(".") else "")


_NAME_BEFORE = re.compile(r"(?:^|[^\w'’-])([A-Z0-9][\w'’.-]{0,20}[\"”’)]?|[\"”’)]) [(\[]?$")


def _drive(match: re.Match[str], reading: Reading) -> str:
    """Mulholland Dr.: after a name, and not before one."""
    name, tail = _NAME_BEFORE.search(before(match)), after(match).lstrip()
    begins = _NO_NAME.match(tail)
    if name is None or _NO_NAME.match(name.group(1)) or (tail[:1].isupper() and not begins):
        return match.group(0)
    if not match.group(0).endswith("."):
        return "Drive"
    return "Drive" + ("." if begins else _stop(match))


def _featuring(match: re.Match[str], reading: Reading) -> str:
    """Between two names: a feat may also be a deed."""
    if _NO_NAME.match(after(match)):
        return match.group(0)
    if re.search(r"(?:^|[(\[,])\s?$", before(match)) or _NAME_BEFORE.search(before(match)):
        return "Featuring " if match.group(1) == "F" else "featuring "
    return match.group(0)


def _edition(match: re.Match[str], reading: Reading) -> str:
    return "edition" + _stop(match)


_CREDITS = {"dir": "directed", "ed": "edited", "trans": "translated"}


def _credit(match: re.Match[str], reading: Reading) -> str:
    return _CREDITS[match.group(1)] + (match.group(2) or " by ")


_NO_NAME = re.compile(
    r"(?:The|He|She|It|They|This|That|These|Those|In|A|An|But|And|We|I|There|When|If|For|So|You|"
    r"What|Its|His|Her|Their|Our|My|Your|At|On|As|With|While|After|Before|Then|Now|Not|No|Yes|Or|"
    r"To|By|From|Of|All|Every|Even|Still|Yet|Here|How|Why|Where|Who|Which|Perhaps|Maybe)\b"
)


def _initials(match: re.Match[str], reading: Reading) -> str:
    letters = match.group(0).replace(".", "").replace(" ", "")
    # A.M.C without the last stop: both engines spell it, and neither hears the end of a sentence.
    stop = ""
    if match.group(0).rstrip().endswith("."):
        stop = "." if _NO_NAME.match(after(match).lstrip()) else _stop(match)
    return ".".join(letters) + stop + (" " if match.group(0).endswith(" ") else "")


_LETTERED = re.compile(
    r"\b(?:rated|plan|vitamin|class|type|team|grade|war|part|option|channel|and|than|as|me|you) $",
    re.IGNORECASE,
)


def _initial(match: re.Match[str], reading: Reading) -> str:
    if _NO_NAME.match(after(match)) or _LETTERED.search(before(match)):
        return match.group(0)
    return ("eh" if match.group(1) == "A" else match.group(1)) + " "


_STREETS = "|".join((*STREETS, *STREETS.values(), "Dr", "Ct", "Pl", "Way", "Terrace"))
_SIDES = {"N": "North ", "S": "South ", "E": "East ", "W": "West ", None: ""}


def _house(match: re.Match[str], reading: Reading) -> str:
    return f"{model_number(match.group(1), reading.british)} {_SIDES[match.group(2)]}"


_PLACE_BEFORE = re.compile(
    r"\b(?:in|at|to|of|near|from|for|via|past|around|outside|through|towards?|by|visit(?:ed)?|"
    r"left) $",
    re.IGNORECASE,
)


def _fort(match: re.Match[str], reading: Reading) -> str:
    return "Fort " if _PLACE_BEFORE.search(before(match)) else "featuring "


BEFORE_NUMBERS: tuple[Rule, ...] = (
    rule(
        "house number",
        r"(?<![\w.,/$£€-])([1-9][0-9]{2,4}) (?:([NSEW])\.? )?"
        rf"(?=(?:[A-Z0-9][\w'’]{{1,20}} ){{1,3}}(?:{_STREETS})\b)",
        _house,
    ),
    rule("numbered", rf"(?<![\w.])({_alternatives(NUMBERED)})\.\s?(?=[0-9])", _numbered),
    rule("numbered", r"(?<![\w.])(Vol|vol|Ep|ep|Eps|eps|Pt|pp|Ch|Lvl|lvl)\s(?=[0-9])", _numbered),
    rule("at least", r"(?<![\w.])(?<![0-9] )([Mm])(in|ax)\.\s?(?=[0-9])", r"\1\2imum "),
    rule(
        "century",
        r"(?<=[0-9](?:st|nd|rd|th)[ -])[cC](?:ent)?\.(?!\w)",
        lambda m, r: "century" + _stop(m),
        needs=".",
    ),
    rule(
        "day of a date",
        rf"\b({_DAY})\b\.?(?=,? (?:the )?(?:[0-9]{{1,2}}(?:st|nd|rd|th)? |[0-9]{{1,2}}/[0-9]|"
        rf"{_MONTH}\.? [0-9]))",
        _day,
        needs="FMSTW",
    ),
    rule("version", r"(?<![\w.])[vV](?=[0-9]{1,3}\.[0-9])", "version "),
    rule("days", rf"\b({_DAY})\b\.?\s?[-–—]\s?({_DAY})\b(?:\.(?!$))?", _days, needs="-–—"),
    rule("days", rf"\b({_DAY})\b\.?(?=(?:,|,? and| &|/) ?(?:{_DAY})\b)", _day, needs="FMSTW"),
    rule("days", rf"(?<=[,&/] )({_DAY})\b\.|(?<=and )({_DAY})\b\.", _day, needs="FMSTW"),
)

RULES: tuple[Rule, ...] = (
    rule(
        "et cetera",
        r"(?<![\w.])(?:&c|[Ee]tc)(?:\.(?!\.)|(?=\.\.)|(?![\w.]))",
        _et_cetera,
        needs="&c",
    ),
    rule("saint", rf"(?<![\w.])St\.?\s(?=[{UPPER}])(?!St\b)", _saint, needs="S"),
    rule(
        "street",
        rf"(?<=[a-z0-9] )({'|'.join(STREETS)})\b\.?(?!\s[{UPPER}])",
        _street,
        needs="SARLBHP",
    ),
    rule(
        "featuring",
        r"(?<=[a-z)] )[Ff]t\.?\s(?=[A-Z])",
        _fort,
        needs="Ff",
    ),
    rule("featuring", r"(?<![\w.'’-])([Ff])eat\.?\s(?=[A-Z])", _featuring, needs="Ff"),
    rule("Fort", r"(?<![\w.])Ft\.?\s(?=[A-Z])", "Fort ", needs="F"),
    rule("drive", r"(?<=[\w.'’] )Dr\b\.?", _drive, needs="D"),
    rule("edition", r"(?<=[0-9](?:st|nd|rd|th) )ed\.(?!\w)", _edition, needs="."),
    rule(
        "credit",
        r"(?:(?<=^)|(?<=[(\[,;:])|(?<=[,;:] ))(dir|ed|trans)\.(?:( by )|\s(?=[A-Z]))",
        _credit,
        needs=".",
    ),
    rule("generation", r"\bGen\.(?= (?:X|Y|Z|Alpha)\b)", "Gen", needs="."),
    rule("abbreviation", rf"(?<![\w.])({_alternatives(BARE)})(?:\.(?!\w)|(?![\w.]|-\w))", _bare),
    rule("abbreviation", rf"(?<![\w.])({_alternatives(ALWAYS)})\.(?!\w)(?!\.)", _always, needs="."),
    rule("Co.", r"(?<=[a-z&] )Co\.(?!\w)", lambda m, r: "Company" + _stop(m), needs="C"),
    rule(
        "initials",
        r"(?<![\w.])(?:(?:[A-Z]\.\s?){1,4}[A-Z]\.(?=\s[A-Z][a-z])(?!\w)"
        r"|(?:[A-Z]\.){2,6}(?!\w)"
        r"|(?:[A-Z]\.){1,5}[A-Z](?![\w.]))",
        _initials,
        needs=".",
    ),
    rule(
        "numbered",
        r"(?<![\w.])(vols?|ch|pt)\.\s(?=[ivxl]{2,6}\b|[IVXL]{1,6}\b)",
        _numbered,
        needs=".",
    ),
    rule("initial", r"(?<![\w.'’])([A-Z])\.\s(?=[A-Z][\w'’])", _initial, needs="."),
)
