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
from sayso.speech.spoken.rule import Rule, with_digits

FIRST: tuple[Rule, ...] = (*ratings.STARS, *markdown.RULES)
"""Before the lexicon looks for its words. A row of asterisks is stars before it is markup."""

RULES: tuple[Rule, ...] = (
    *web.RULES,
    *capitals.STYLED,
    *clean.RULES,
    *punctuation.BRACKETS,
    *with_digits(numbers.FIXED),
    *symbols.BEFORE_NUMBERS,
    *with_digits(abbreviations.BEFORE_NUMBERS, but=("days",)),
    *with_digits(numbers.THOUSANDS),
    *with_digits(ratings.RULES, but=("grade",)),
    *with_digits(seasons.RULES),
    *with_digits(numbers.PHONES),
    *with_digits(dates.DATES),
    *with_digits(numbers.FRACTIONS, but=("fraction",)),
    *with_digits(money.RULES),
    *with_digits(dates.RULES),
    *with_digits(units.RULES, but=("degrees",)),
    *abbreviations.RULES,
    *with_digits(numbers.RULES),
    *roman.RULES,
    *with_digits(capitals.MODELS),
    *symbols.RULES,
    *punctuation.RULES,
    *with_digits(numbers.LAST),
    *capitals.RULES,
    *symbols.LEFT_OVER,
)

TIDY: tuple[Rule, ...] = punctuation.TIDY
"""After everything; not traced."""
