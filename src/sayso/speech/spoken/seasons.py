"""Seasons and episodes."""

from __future__ import annotations

import re

from sayso.speech.spoken.number_words import cardinal
from sayso.speech.spoken.rule import Reading, Rule, before, rule

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


def _only_episode(match: re.Match[str], reading: Reading) -> str:
    return f"episode {cardinal(int(match.group(1)))}"


RULES: tuple[Rule, ...] = (
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
    rule("seasons", r"\bS([0-9]{1,2})\s?[-–&+]\s?S?([0-9]{1,2})\b", _seasons, needs="S"),
    rule("season", r"\bS(0?[1-9]|1[0-9])\b(?![-–]\d)", _season, needs="S"),
    rule("episode", r"\bE(0[1-9]|[12][0-9])\b", _only_episode, needs="E"),
)
