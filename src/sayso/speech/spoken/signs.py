"""Dashes, parentheses, quotes, ellipses: pauses that a voice makes, and marks that it stumbles on.

Commas make the pauses, because every engine heeds a comma: hibari drops a spaced hyphen and
espeak-ng ends the sentence at a dash.

Then the signs between words: & + = / @ and what is left of the others.
"""

from __future__ import annotations

import re
import unicodedata

from sayso.speech.spoken.clean import sayable
from sayso.speech.spoken.rule import HELD, Reading, Rule, before, rule, words

_INNER = f"\\w{HELD}"
_ELIDED = (
    r"(?:[0-9]0s|[Nn](?=['’‘])|[Nn] |(?:[Tt]is|[Tt]was|[Ee]m|[Cc]ause|[Cc]os|[Tt]il|[Bb]out|"
    r"[Rr]ound|[Nn]eath)\b)"
)


_HELD_CHARACTER = re.compile(f"[{HELD}]")


def _aside(match: re.Match[str], reading: Reading) -> str:
    inner = match.group(1).strip()
    return f", {inner}, " if sayable(inner) or _HELD_CHARACTER.search(inner) else " "


def _trailing_quote(match: re.Match[str], reading: Reading) -> str:
    # dogs’ tails: a possessive; every other closing mark after a word ended a quotation.
    left = match.string[max(0, match.start() - 2) : match.start()]
    return "'" if left.endswith(("s", "z", "x")) or left in ("'n", "'N") else ""


def _repeated(match: re.Match[str], reading: Reading) -> str:
    return "?" if "?" in match.group(0) else "!"


BRACKETS: tuple[Rule, ...] = (
    rule("sic", r"\s?[\[(](?:sic|…|\.\.\.)[\])]", "", english=False, needs="(["),
    rule("he or she", r"\((s)\)he\b", "he or she", needs="("),
    rule("plural in brackets", r"(?<=[a-z])\((e?s)\)", r"\1", english=False, needs="("),
    rule(
        "letters in brackets",
        r"(?<![\w)])\(([A-Za-z]{1,8})-?\)(?=[a-z])",
        r"\1",
        english=False,
        needs="(",
    ),
    rule("letter in brackets", r"\[([A-Za-z])\](?=[a-z])", r"\1", english=False, needs="["),
    rule("square brackets", r"\[([^\[\]]{0,400})\]", r"\1", english=False, needs="["),
)

PAUSES: tuple[Rule, ...] = (
    rule(
        "dash before a clitic",
        r"\s?[—–]\s?(?=['’](?:s|ll|re|ve|d|m|t)\b)",
        "",
        english=False,
        needs="–—",
    ),
    rule("apostrophe", rf"(?<=[{_INNER}])\s?['’](?=s\b)", "'", english=False, needs="'’"),
    rule("apostrophe", rf"(?<=[{_INNER}])[’‘ʼ`´′](?=[^\W_])", "'", english=False, needs="`´ʼ‘’′"),
    rule(
        "apostrophe", rf"(?<![{_INNER}])[’‘ʼ`´'](?={_ELIDED})", "'", english=False, needs="'`´ʼ‘’"
    ),
    rule("apostrophe", r"(?<= ['’‘][nN])[’‘](?= )", "'", english=False, needs="‘’"),
    rule("quotes", r"[“”„‟\"«»‹›″❝❞]|''|,,(?=\w)", "", english=False, needs="\"',«»“”„‟″‹›❝❞"),
    rule(
        "single quotes",
        rf"‘((?:[^‘’]|(?<=\w)’(?=\w)){{1,300}})’(?![{_INNER}])",
        r"\1",
        english=False,
        needs="‘",
    ),
    rule(
        "single quotes",
        rf"(?<![{_INNER}])'(?!{_ELIDED})((?:[^'\s]|(?<=\w)'(?=\w))"
        rf"(?:[^']|(?<=\w)'(?=\w)){{0,300}})(?<!\s)'(?![{_INNER}])",
        r"\1",
        english=False,
        needs="'",
    ),
    rule(
        "single quotes",
        rf"(?<=[{_INNER}])[’'](?![{_INNER}])",
        _trailing_quote,
        english=False,
        needs="'’",
    ),
    rule(
        "single quotes",
        rf"[‘’‚‛′´]|(?<![{_INNER}])'(?!\w)|(?<![{_INNER}])'(?!{_ELIDED})",
        "",
        english=False,
        needs="'´‘’‚‛′",
    ),
    rule(
        "ellipsis", r"\s?(?:…|\.\s?\.\s?\.)(?:[\s.…]{0,20}[.…])?", "… ", english=False, needs=".…"
    ),
    rule("dash", r"(?<=\w)[–‒](?=\w)", "-", english=False, needs="‒–"),
    rule(
        "dash",
        r"\s?(?:[—―–‒−⸺⸻]|-{2,3})(?:\s?(?:[—―–‒−⸺⸻-])){0,9}\s?",
        ", ",
        english=False,
        needs="-‒–—―−⸺⸻",
    ),
    rule("bar", r"(?<=\S)\s\|\s(?=\S)", ", ", english=False, needs="|"),
    rule("dash", r"\s-\s|^-\s?(?=\w)|\s-$", ", ", english=False, needs="-"),
    rule("aside", r"\s?[(⦅（]([^()（）⦅⦆]{0,400})[)⦆）]\s?", _aside, english=False, needs="(⦅（"),
    rule("aside", r"\s?[()⟦⟧（）⦅⦆{}\[\]]+\s?", ", ", english=False, needs="()[]{}⟦⟧⦅⦆（）"),
    rule("repeated marks", r"[!?]{2,}", _repeated, english=False, needs="!?"),
    rule("inverted marks", r"[¡¿]", "", english=False, needs="¡¿"),
)

TIDY: tuple[Rule, ...] = (
    rule("stop", r"(?<=[?!])\s?\.(?![\w.])|(?<=\.)\.+", "", english=False, needs="!.?"),
    rule("space", r"\s{2,}", " ", english=False),
    rule("space", r"\s(?=[,.;:!?…])(?!\.\w)", "", english=False),
    rule("comma", r"(?<=[.!?…:;,])(?:\s?,)+", "", english=False, needs=","),
    rule("comma", r",(?:\s?,)*(?=\s?[.!?…:;])", "", english=False, needs=","),
    rule("comma", r"^[\s,.;:!?…]+(?=[^\s,.;:!?…])|[\s,:;]+$", "", english=False),
    rule("space", r"(?<=[,;])(?=[^\W\d_])|\s{2,}", " ", english=False),
)


_EITHER = frozenset(
    words(
        "he/she she/he him/her her/him his/her her/his his/hers he/him/his she/her/they "
        "he/she/they and/or or/and yes/no true/false pass/fail win/lose on/off men/women "
        "man/woman him/herself himself/herself"
    )
)
_JOINED = {
    "AC/DC": "A.C.D.C", "TCP/IP": "TCP IP", "A/V": "A.V", "A/B": "A-B", "N/A": "not applicable",
    "n/a": "not applicable", "s/he": "she or he", "either/or": "either or",
}  # fmt: skip
_WORD = f"[\\w'’{HELD}]"


def _slash(match: re.Match[str], reading: Reading) -> str:
    text = match.group(0)
    if text in _JOINED:
        return _JOINED[text]
    parts = text.split("/")
    if text.lower() in _EITHER:
        return " or ".join(parts)
    # "writer/director" is one thing with two names; "Gravity/Mad Max" are two things.
    return (" " if all(part[:1].islower() for part in parts) else " slash ").join(parts)


def _and_or(match: re.Match[str], reading: Reading) -> str:
    return match.group(0).replace("/", " ")


def _arrow(match: re.Match[str], reading: Reading) -> str:
    return " to "


def _censored(match: re.Match[str], reading: Reading) -> str:
    tail = match.group(0).rpartition("*")[2]
    return "bleep" + (tail if tail in ("ing", "ed", "er", "s") else "")


def _starred_letters(match: re.Match[str], reading: Reading) -> str:
    return match.group(0).replace("*", "")


_ABOUT = re.compile(r"\b(?:about|around|roughly|nearly|almost|approximately)(?: an?| the)? $")


def _approximately(match: re.Match[str], reading: Reading) -> str:
    if _ABOUT.search(before(match)):
        return ""
    return "roughly " if before(match).endswith(("a ", "an ", "the ")) else "about "


_RAISED = "⁰¹²³⁴⁵⁶⁷⁸⁹"
_LEVELLED = {ord(raised): str(digit) for digit, raised in enumerate(_RAISED)} | {
    ord("⁻"): "-", ord("−"): "-", ord("{"): None, ord("}"): None,
}  # fmt: skip


def _minus_sign(match: re.Match[str], reading: Reading) -> str:
    return f"{' ' if before(match)[-1:].isalpha() else ''}minus "


def _power(match: re.Match[str], reading: Reading) -> str:
    power = (match.group(1) or match.group(2)).translate(_LEVELLED)
    if power in ("2", "3"):
        return " squared" if power == "2" else " cubed"
    return f" to the power of {power.replace('-', 'minus ')}"


_LATEX = {
    "leq": "is at most", "le": "is at most", "geq": "is at least", "ge": "is at least",
    "neq": "is not", "ne": "is not", "approx": "is about", "times": "times", "cdot": "times",
    "pm": "plus or minus", "infty": "infinity", "rightarrow": "to", "to": "to", "sim": "about",
    "cup": "or", "cap": "and", "in": "in", "sqrt": "the square root of",
}  # fmt: skip


def _greek(match: re.Match[str], reading: Reading) -> str:
    name = unicodedata.name(match.group(0)).rpartition(" ")[2].lower()
    return f"{' ' if before(match)[-1:].isalnum() else ''}{'lambda' if name == 'lamda' else name}"


def _latex(match: re.Match[str], reading: Reading) -> str:
    return f" {_LATEX.get(match.group(1), match.group(1))} "


def _compared(match: re.Match[str], reading: Reading) -> str:
    return {"<": " is less than ", "≠": " is not ", "!=": " is not "}.get(
        match.group(0).strip(), " is greater than "
    )


BEFORE_NUMBERS: tuple[Rule, ...] = (
    rule(
        "minus before a measure",
        r"[-−–](?:(?<=(?:GMT|UTC).)(?=[0-9]{1,2}\b)"
        r"|(?<![\w)%°].)(?<![0-9%°CF] .)(?=[$£€][0-9]|[0-9][0-9.,]{0,8}\s?[°%℃℉]))",
        _minus_sign,
        needs="-−–",
    ),
    rule(
        "fraction in LaTeX", r"\\frac\{([^{}]{1,40})\}\{([^{}]{1,40})\}", r"\1 over \2", needs="\\"
    ),
    rule("LaTeX", r" ?\\([a-zA-Z]{2,12})(?![a-zA-Z]) ?", _latex, needs="\\"),
    rule(
        "power",
        rf"(?<=[\w)])\^(\{{[-−]?(?:[0-9]{{1,3}}|[a-z])\}}|[-−]?(?:[0-9]{{1,3}}|[a-z]))(?!\w)"
        rf"|(?<=(?<![\w.,])10)(⁻?[{_RAISED}]{{1,2}})(?!\w)",
        _power,
        needs=f"^{_RAISED}",
    ),
    rule(
        "comparison",
        r"(?<=[0-9]|\b[a-zA-Zα-ω]) > (?=[0-9]|[a-zA-Zα-ω]\b)"
        r"|(?<=[0-9]|\b[a-zA-Zα-ω]) < (?=[0-9])|(?<=\w) (?:<(?= [^\W\d_])|≠|!=) (?=[^\W_])",
        _compared,
        needs="<>≠!",
    ),
    rule("approximately", r"(?<!\w)[~≈]\s?(?=[$£€\d])", _approximately, needs="~≈"),
    rule("plus or minus", r"\s?±\s?", " plus or minus ", needs="±"),
    rule("less or more", r"(?:(?<!\w)>=|≥)\s?(?=[$£€]?\d)", "at least ", needs=">≥"),
    rule("less or more", r"(?:(?<!\w)<=|≤)\s?(?=[$£€]?\d)", "at most ", needs="<≤"),
    rule("less or more", r"(?<!\w)>\s?(?=[$£€]?\d)", "more than ", needs=">"),
    rule("less or more", r"(?<!\w)<\s?(?=[$£€]?\d)", "less than ", needs="<"),
)

SIGNS: tuple[Rule, ...] = (
    rule(
        "letters with stars",
        r"(?<![\w*])(?:[A-Z]\*){2,6}[A-Z](?![\w*])",
        _starred_letters,
        needs="*",
    ),
    rule(
        "censored",
        r"(?<![\w*])[A-Za-z]{1,3}(?:\*{2,8}[a-z]{0,5}|\*[a-z]{1,6})(?![\w*])",
        _censored,
        needs="*",
    ),
    rule("with", r"(?<![\w/])w/(?=\s?[\w(\"“'])(?!o\b)\s?", "with ", needs="/"),
    rule("without", r"(?<![\w/])w/o(?!\w)", "without", needs="/"),
    rule("because", r"(?<![\w/])b/c(?!\w)", "because", needs="/"),
    rule("arrow", r"\s?(?:->|=>|→|⟶|➔)\s?(?=\S)", _arrow, needs="=>→➔⟶"),
    rule("and or", r"\b[Aa]nd/[Oo]r\b", _and_or, needs="/"),
    rule(
        "slash",
        rf"(?<![\w/])(?=[^\W\d_]|[{HELD}]){_WORD}{{1,40}}(?:/{_WORD}{{1,40}}){{1,4}}(?![\w/])",
        _slash,
        needs="/",
    ),
    rule("slash", r"(?<=\w) / (?=\w)", " slash ", needs="/"),
    rule("ampersand", r"\s?&\s?", " and ", needs="&"),
    rule("plus sign", rf"(?<=[\w{HELD}])\s?\+\+(?!\w)", " plus plus", needs="+"),
    rule("plus sign", rf"(?<=[\w{HELD}])\+(?![\w+])", " plus", needs="+"),
    rule("plus sign", r"\s?\+\s?(?=\w)", " plus ", needs="+"),
    rule("equals", r"\s?=\s?(?=\S)", " equals ", needs="="),
    rule("section", r"§\s?(?=\d)", "section ", needs="§"),
    rule("squared", r"(?<=\w)²", " squared", needs="²"),
    rule("cubed", r"(?<=\w)³", " cubed", needs="³"),
    rule("copyright", r"©\s?", "copyright ", needs="©"),
    rule(
        "Greek letter",
        r"(?<![Ͱ-Ͽἀ-῿])[αβγδεζηθικλμνξπρστυφχψωΔΣΩ](?![Ͱ-Ͽἀ-῿])",
        _greek,
        needs="αβγδεζηθικλμνξπρστυφχψωΔΣΩ",
    ),
    rule("infinity", r"∞", "infinity", needs="∞"),
)

LEFT_OVER: tuple[Rule, ...] = (
    rule("at sign", r"\s?@\s?(?=\w)", " at ", needs="@"),
    rule("hash", r"(?<=[CF])#(?!\w)", " sharp", needs="#"),
    rule("percent", r"(?<=\w)\s?%", " percent", needs="%"),
    rule("underscore", r"(?<=\w)_{1,9}(?=\w)", " ", english=False, needs="_"),
    rule(
        "sign",
        r"[*_#^|\\~<>•·●○■□▪▫►▶◄◆◇†‡¶¹⁰-₎←-⇿✓✔✗✘¤¦¨¬¯´¸`{}]+",
        " ",
        english=False,
    ),
    rule(
        "sign",
        r"[=+²³√∑∂∆∏≠ªº°@%$£€¥₩₹₽₪₺§№×÷±∞≈≤≥−]+",
        " ",
        needs="$%+=@£¥§ª°±²³º×÷₩₪€₹₺₽№∂∆∏∑−√∞≈≠≤≥",
    ),
    rule("slash", r"/+", " ", english=False, needs="/"),
)
