"""Dashes, parentheses, quotes, ellipses: pauses that a voice makes, and marks that it stumbles on.

Commas make the pauses, because every engine heeds a comma: hibari drops a spaced hyphen and
espeak-ng ends the sentence at a dash.
"""

from __future__ import annotations

import re

from sayso.speech.spoken.clean import sayable
from sayso.speech.spoken.rule import HELD, Reading, Rule, rule

_WORD = f"\\w{HELD}"
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

RULES: tuple[Rule, ...] = (
    rule(
        "dash before a clitic",
        r"\s?[—–]\s?(?=['’](?:s|ll|re|ve|d|m|t)\b)",
        "",
        english=False,
        needs="–—",
    ),
    rule("apostrophe", rf"(?<=[{_WORD}])\s?['’](?=s\b)", "'", english=False, needs="'’"),
    rule("apostrophe", rf"(?<=[{_WORD}])[’‘ʼ`´′](?=[^\W_])", "'", english=False, needs="`´ʼ‘’′"),
    rule("apostrophe", rf"(?<![{_WORD}])[’‘ʼ`´'](?={_ELIDED})", "'", english=False, needs="'`´ʼ‘’"),
    rule("apostrophe", r"(?<= ['’‘][nN])[’‘](?= )", "'", english=False, needs="‘’"),
    rule("quotes", r"[“”„‟\"«»‹›″❝❞]|''|,,(?=\w)", "", english=False, needs="\"',«»“”„‟″‹›❝❞"),
    rule(
        "single quotes",
        rf"‘((?:[^‘’]|(?<=\w)’(?=\w)){{1,300}})’(?![{_WORD}])",
        r"\1",
        english=False,
        needs="‘",
    ),
    rule(
        "single quotes",
        rf"(?<![{_WORD}])'(?!{_ELIDED})((?:[^'\s]|(?<=\w)'(?=\w))"
        rf"(?:[^']|(?<=\w)'(?=\w)){{0,300}})(?<!\s)'(?![{_WORD}])",
        r"\1",
        english=False,
        needs="'",
    ),
    rule(
        "single quotes",
        rf"(?<=[{_WORD}])[’'](?![{_WORD}])",
        _trailing_quote,
        english=False,
        needs="'’",
    ),
    rule(
        "single quotes",
        rf"[‘’‚‛′´]|(?<![{_WORD}])'(?!\w)|(?<![{_WORD}])'(?!{_ELIDED})",
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
