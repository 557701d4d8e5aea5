"""What a rule is, and how an ordered table of rules is applied with a trace."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from functools import cache

_BRITISH = frozenset(("gb", "uk", "ie", "au", "nz", "za", "in", "sg", "hk", "ng", "ke", "jm"))


@dataclass(frozen=True, slots=True)
class Reading:
    """How the language is read: what a replacement needs to know besides its match."""

    english: bool = True
    british: bool = False
    """British and Commonwealth: "five hundred and forty-nine", day before month."""

    @classmethod
    def of(cls, language: str) -> Reading:
        """The reading for a BCP 47 tag; plain `en` is American."""
        parts = language.replace("_", "-").casefold().split("-")
        english = parts[0] in ("en", "")
        return cls(english, english and any(part in _BRITISH for part in parts[1:]))


@dataclass(frozen=True, slots=True)
class Step:
    """One replacement: the rule that fired, what stood there, and what stands there now."""

    rule: str
    before: str
    after: str


def words(text: str) -> tuple[str, ...]:
    """A list of words, written so that it can be read."""
    return tuple(text.split())


Replace = Callable[[re.Match[str], Reading], str]


@dataclass(frozen=True, slots=True)
class Rule:
    """A named replacement. Patterns bound every repeat, so that a rule takes linear time."""

    name: str
    source: str
    """The pattern as it is written; it is compiled when it is first needed."""
    replace: Replace
    """Gives the match back unchanged where the rule does not apply after all."""
    english: bool = True
    """Whether it puts English words in; other languages skip it."""
    needs: tuple[frozenset[str], ...] = ()
    """It can only match where there is a character of each: most sentences have none."""

    @property
    def pattern(self) -> re.Pattern[str]:
        """The compiled pattern."""
        return _compiled(self.source)


@cache
def _compiled(source: str) -> re.Pattern[str]:
    return re.compile(source)


def rule(
    name: str,
    pattern: str,
    said: Replace | str,
    *,
    english: bool = True,
    needs: str = "",
) -> Rule:
    """A rule from source text; a string replacement is a template as in `re.sub`.

    `needs` are characters of which every match, with what it looks ahead at, holds one: texts
    without any are not searched.
    """
    wanted = (frozenset(needs),) if needs else ()
    if isinstance(said, str):
        template = said

        def expand(match: re.Match[str], reading: Reading) -> str:
            return match.expand(template)

        return Rule(name, pattern, expand, english, wanted)
    return Rule(name, pattern, said, english, wanted)


_DIGITS = frozenset("0123456789")


def with_digits(rules: Iterable[Rule], but: tuple[str, ...] = ()) -> tuple[Rule, ...]:
    """The rules, marked as needing a digit; those named in `but` do not."""
    return tuple(
        each if each.name in but else replace(each, needs=(_DIGITS, *each.needs)) for each in rules
    )


def apply_rules(rules: Iterable[Rule], text: str, reading: Reading, steps: list[Step]) -> str:
    """Put `text` through the rules in order; changes are noted in `steps`."""
    lacks = frozenset(text).isdisjoint
    for each in rules:
        if (each.english and not reading.english) or any(map(lacks, each.needs)):
            continue
        pattern = each.pattern
        if pattern.search(text) is None:
            continue
        text = pattern.sub(_noting(each, reading, steps), text)
        lacks = frozenset(text).isdisjoint
    return text


def _noting(each: Rule, reading: Reading, steps: list[Step]) -> Callable[[re.Match[str]], str]:
    def put(match: re.Match[str]) -> str:
        before = match.group(0)
        after = each.replace(match, reading)
        if after != before:
            steps.append(Step(each.name, before, after))
        return after

    return put


HELD_FIRST = 0xF0000
HELD_LAST = 0xFFFFD
HELD = f"{chr(HELD_FIRST)}-{chr(HELD_LAST)}"
"""A range for use inside [...]: private-use characters that stand for protected words."""


UPPER = "A-ZÀ-ÖØ-Þ"
"""For use inside [...]: the capitals of western Europe."""


def before(match: re.Match[str], n: int = 24) -> str:
    """The characters before a match, at most `n`."""
    return match.string[max(0, match.start() - n) : match.start()]


def after(match: re.Match[str], n: int = 24) -> str:
    """The characters after a match, at most `n`."""
    return match.string[match.end() : match.end() + n]
