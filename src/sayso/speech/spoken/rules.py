"""The rules in their order.

Order is the whole art: what is longer or rarer goes before what is a part of it. Addresses come
before dots and slashes; ratings before fractions; dates before ranges; anything with digits before
the plain number; words in capitals last, when every unit and numeral has been read.
"""

from __future__ import annotations

from sayso.speech.spoken import (
    abbreviations,
    capitals,
    clean,
    dates,
    markdown,
    money,
    numbers,
    punctuation,
    ratings,
    roman,
    seasons,
    symbols,
    units,
    web,
)
from sayso.speech.spoken.rule import Rule

FIRST: tuple[Rule, ...] = (*ratings.STARS, *markdown.RULES)
"""Before the lexicon looks for its words. A row of asterisks is stars before it is markup."""

RULES: tuple[Rule, ...] = (
    *web.RULES,
    *capitals.STYLED,
    *clean.RULES,
    *punctuation.BRACKETS,
    *numbers.FIXED,
    *symbols.BEFORE_NUMBERS,
    *abbreviations.BEFORE_NUMBERS,
    *numbers.THOUSANDS,
    *ratings.RULES,
    *seasons.RULES,
    *numbers.PHONES,
    *dates.DATES,
    *numbers.FRACTIONS,
    *money.RULES,
    *dates.RULES,
    *units.RULES,
    *abbreviations.RULES,
    *numbers.RULES,
    *roman.RULES,
    *capitals.MODELS,
    *symbols.RULES,
    *punctuation.RULES,
    *numbers.LAST,
    *capitals.RULES,
    *symbols.LEFT_OVER,
)

TIDY: tuple[Rule, ...] = punctuation.TIDY
"""After everything; not traced."""
