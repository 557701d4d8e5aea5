"""Which part it is: seasons and episodes, and the roman numerals of kings, wars and sequels."""

from __future__ import annotations

import re

from sayso.speech.spoken.number_words import cardinal, ordinal
from sayso.speech.spoken.rule import Reading, Rule, after, before, rule

_PHONE = re.compile(r"(?:Galaxy|Samsung|Audi|Tesla|Model|Apple Watch|Series) $")


def _span(noun: str, low: int, high: int) -> str:
    link = "and" if high - low == 1 else "to"
    return f"{noun}s {cardinal(low)} {link} {cardinal(high)}"


def _episode(match: re.Match[str], reading: Reading) -> str:
    season, low, high = match.groups()
    head = f"season {cardinal(int(season))}"
    if high:
        return f"{head} {_span('episode', int(low), int(high))}"
    return f"{head} episode {cardinal(int(low))}"


def _crossed(match: re.Match[str], reading: Reading) -> str:
    return f"season {cardinal(int(match.group(1)))} episode {cardinal(int(match.group(2)))}"


def _seasons(match: re.Match[str], reading: Reading) -> str:
    if _PHONE.search(before(match)):
        return match.group(0)
    return _span("season", int(match.group(1)), int(match.group(2)))


def _season(match: re.Match[str], reading: Reading) -> str:
    if _PHONE.search(before(match)):
        return match.group(0)
    return f"season {cardinal(int(match.group(1)))}"


def _level(match: re.Match[str], reading: Reading) -> str:
    name, world, level = match.group(1), int(match.group(2)), int(match.group(3))
    if name.lower() in ("level", "mission") and world < level:
        return match.group(0)  # a range
    return f"{name} {cardinal(world)} {cardinal(level)}"


def _only_episode(match: re.Match[str], reading: Reading) -> str:
    return f"episode {cardinal(int(match.group(1)))}"


SEASONS: tuple[Rule, ...] = (
    rule(
        "season and episode",
        r"\b[Ss]([0-9]{1,2})[\s:,.]?\s?[Ee][Pp]?\.?\s?([0-9]{1,3})"
        r"(?:\s?[-–]\s?[Ee]?([0-9]{1,3}))?\b",
        _episode,
    ),
    rule(
        "season and episode",
        r"(?<![\w.])([0-9]{1,2})x(0[0-9]|1[0-9]|2[0-9])(?!\w)(?!\.\d)",
        _crossed,
        needs="x",
    ),
    rule(
        "level",
        r"\b([Ww]orld|[Ss]tage|[Ll]evel|[Mm]ission) ([0-9]{1,2})[-–]([0-9]{1,2})(?![\w-])(?!\.\d)",
        _level,
        needs="-–",
    ),
    rule("seasons", r"\bS([0-9]{1,2})\s?[-–&+]\s?S?([0-9]{1,2})\b", _seasons, needs="S"),
    rule("season", r"\bS(0?[1-9]|1[0-9])\b(?![-–]\d)", _season, needs="S"),
    rule("episode", r"\bE(0[1-9]|[12][0-9])\b(?! (?:fuel|petrol|gas)\b)", _only_episode, needs="E"),
)


_VALUES = {"I": 1, "V": 5, "X": 10, "L": 50, "C": 100}
_NUMERAL = r"(?:L?X{0,3}|X[LC])(?:IX|IV|V?I{0,3})"
_RULERS = (
    "Henry|Edward|George|Louis|Charles|Elizabeth|Richard|James|William|Catherine|Philip|Mary|"
    "Frederick|Napoleon|Nicholas|Alexander|Peter|Paul|Pius|Benedict|Francis|Leo|Innocent|Clement|"
    "Gregory|Ivan|Wilhelm|Ferdinand|Leopold|Christian|Gustav|Haakon|Harald|Carl|Juan Carlos|"
    "Felipe|Umberto|Victor|Constantine|Justinian|Ramesses|Ramses|Ptolemy|Cleopatra|Anne|"
    "John|John Paul|Stephen|Robert|David|Malcolm|Margaret|Juliana|Otto|Karl|Franz|Joseph|"
    "Alfonso|Afonso|Sigismund|Casimir|Selim|Suleiman|Murad|Mehmed|Amenhotep|Thutmose|Seti|Darius|"
    "Cyrus|Xerxes|Artaxerxes|Antiochus|Theodosius|Valentinian|Basil|Urban|Boniface|Celestine|"
    "Sixtus|Julius|Adrian|Eugene|Martin|Honorius|Kamehameha|Leto|Viserys|Aegon"
)
_PARTS = (
    "Part|Pt|Chapter|Ch|Ep|Act|Volume|Vol|Book|Season|Series|Episode|Phase|Type|Mark|Mk|Stage|"
    "Section|Scene|Schedule|"
    "World War|War|Article|Title|Class|Level|Tier|Round|Division|Super Bowl|Wrestlemania|"
    "WrestleMania|Fantasy|Appendix|Figure|Table|Unit|Grade|Category|Element"
)
_TENS = "Saw|Fast|Jason|iPhone|OS|Quest|Kombat|Wars|Trek"
"""What X is ten after; after any other name it is a letter, as in Malcolm X."""
_LOWER = _NUMERAL.lower()
_FULL = {"Vol": "Volume", "Pt": "Part", "Ch": "Chapter", "Ep": "Episode", "Mk": "Mark"}
_NOT_BEFORE_V = re.compile(
    r"\b(?:Gen|Mr|Mrs|Ms|Dr|Agent|Miss|Mister|The|Studio|Vitamin|Channel|Tom|A|And|But|In|Is) $"
)

_CAPITAL_BEFORE = re.compile(r"(?:^|[^\w'’-])[A-Z0-9][\w'’-]{0,20}[:.!]? $|[-'’][A-Za-z]{1,12} $")


def value(numeral: str) -> int:
    """`XIV` → 14."""
    total = 0
    for here, following in zip(numeral, numeral[1:] + " ", strict=True):
        n = _VALUES[here]
        total += -n if _VALUES.get(following, 0) > n else n
    return total


def _ruler(match: re.Match[str], reading: Reading) -> str:
    name, numeral = match.groups()
    if name == "Malcolm" and numeral == "X":
        return match.group(0)
    if numeral == "V" and after(match).startswith((" for ", " vs", " v ")):
        return match.group(0)
    if (
        numeral == "I"
        and not re.search(r"\b(?:King|Queen|Pope|Tsar|Emperor|Kaiser|Czar) $", before(match))
        and not re.match(r"$|[.,;:!?)'’]| (?:of|reigned|ruled|abdicated|succeeded)\b", after(match))
    ):
        return match.group(0)
    return f"{name} the {ordinal(value(numeral))}"


_NAME_OF_PART = re.compile(rf"\b(?:{_PARTS})\.? $", re.IGNORECASE)


def _part(match: re.Match[str], reading: Reading) -> str:
    name, numeral = match.groups()
    if numeral == "I" and _WHICH.search(before(match)) and _THAT_I.match(after(match)):
        return match.group(0)
    if name == "Series" and numeral == "X":  # Xbox Series X
        return match.group(0)
    return f"{_FULL.get(name, name)} {cardinal(value(numeral))}"


def _small_part(match: re.Match[str], reading: Reading) -> str:
    """Scene iii, act IV: the name or the numeral in small letters."""
    numeral = match.group(1) or match.group(2)
    if numeral and _NAME_OF_PART.search(before(match)):
        return cardinal(value(numeral.upper()))
    return match.group(0)


_WHICH = re.compile(r"\b(?:[Tt]he|[Aa]n?|[Ee]ach|[Ee]very|[Tt]his|[Tt]hat|[Ww]hich|[Ww]hat) $")
_THAT_I = re.compile(r" (?!(?:of|is|was|and|or|to|has|had|in|errors?|by|for|ends|begins)\b)[a-z]")


def _world_war(match: re.Match[str], reading: Reading) -> str:
    return f"World War {cardinal(int(match.group(2) or len(match.group(1))))}"


def _sequel(match: re.Match[str], reading: Reading) -> str:
    head = before(match)
    if not _CAPITAL_BEFORE.search(head) or (match.group(0) == "IV" and _DRIPPING.search(head)):
        return match.group(0)
    return cardinal(value(match.group(0)))


_DRIPPING = re.compile(r"(?:^|[^\w] )(?:An?|The|On|By|With|Her|His|My|And|But|Her|Their|No) $")


_SERIES = re.compile(r"\s?[-–&/]\s?|,? (?:and |or |to )?")


def _series(match: re.Match[str], reading: Reading) -> str:
    """Parts I and II, Henry IV and V: numerals that rise, so never the author's own I."""
    name, listed = match.groups()
    numerals = _SERIES.split(listed)
    if max(map(len, numerals)) == 1 and not re.fullmatch(rf"(?:{_PARTS})s?|{_RULERS}", name):
        return match.group(0)  # when I and V meet
    values = [value(each) for each in numerals]
    if values != sorted(set(values)) or any(not re.fullmatch(_NUMERAL, each) for each in numerals):
        return match.group(0)
    ruler = re.fullmatch(_RULERS, name) is not None
    said = (f"the {ordinal(n)}" if ruler else cardinal(n) for n in values)
    listed = re.sub(r"\s?[-–]\s?", " to ", listed)
    return f"{name} " + re.sub("[IVX]+", lambda _: next(said), listed)


def _five(match: re.Match[str], reading: Reading) -> str:
    if _NOT_BEFORE_V.search(before(match)) or not _CAPITAL_BEFORE.search(before(match)):
        return match.group(0)
    return match.group(0) if after(match).startswith((" for ", "-", ". ")) else "five"


NUMERALS: tuple[Rule, ...] = (
    rule(
        "numerals",
        r"(?<![\w'’-])([A-Z][\w'’-]{1,20}) "
        r"([IVX]{1,6}(?:(?:\s?[-–&/]\s?|, (?:and |or )?| and | or | to )[IVX]{1,6}){1,5})"
        r"(?![\w'’-])",
        _series,
        needs="IVX",
    ),
    rule("ruler", rf"\b({_RULERS}) (?=[IVXL])({_NUMERAL})(?![\w-])", _ruler, needs="IVXL"),
    rule(
        "part",
        rf"\b({_PARTS}|{_PARTS.upper()})\.? (?=[IVXL])({_NUMERAL})(?![\w])"
        r"(?!['’](?:m|ve|d|ll)\b)",
        _part,
        needs="IVXL",
    ),
    rule(
        "part",
        rf"(?<=[a-z.] )(?:(?=[ivxl]{{2,6}}\b)({_LOWER})|(?=[IVXL]{{2,6}}\b)({_NUMERAL}))"
        r"(?![\w'’-])",
        _small_part,
        needs="ivxlIVXL",
    ),
    rule("ten", rf"\b({_TENS}) (X)(?![\w'’-])", _part, needs="X"),
    rule("world wars", r"\bWW(?:(I{1,3})|([1-3]))(?!\w)", _world_war, needs="W"),
    rule(
        "sequel",
        r"(?<=[\w:.!'’] )\b(?=[IVX]{2,6}\b)(?!X{2,6}\b)(?:X{0,3})(?:IX|IV|V?I{0,3})(?![\w])",
        _sequel,
        needs="IVX",
    ),
    rule("sequel", r"(?<=\w )V(?!\w|['’](?!s\b))", _five, needs="V"),
)
