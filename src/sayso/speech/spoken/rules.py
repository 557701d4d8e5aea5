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
    markup,
    measures,
    money,
    numbers,
    parts,
    ratings,
    signs,
)
from sayso.speech.spoken.rule import Rule, with_digits

FIRST: tuple[Rule, ...] = (*ratings.STARS, *markup.MARKUP)
"""Before the lexicon looks for its words. A row of asterisks is stars before it is markup."""

RULES: tuple[Rule, ...] = (
    *markup.ADDRESSES,
    *capitals.STYLED,
    *clean.RULES,
    *signs.BRACKETS,
    *with_digits(numbers.FIXED),
    *signs.BEFORE_NUMBERS,
    *with_digits(abbreviations.BEFORE_NUMBERS, but=("days",)),
    *with_digits(numbers.THOUSANDS),
    *with_digits(dates.SHORT),
    *with_digits(ratings.RULES, but=("grade",)),
    *with_digits(parts.SEASONS),
    *with_digits(numbers.PHONES),
    *with_digits(dates.DATES),
    *with_digits(numbers.FRACTIONS, but=("fraction",)),
    *with_digits(money.MONEY, but=("bare rate",)),
    *with_digits(dates.RULES),
    *with_digits(measures.MEASURES, but=("degrees",)),
    *abbreviations.RULES,
    *with_digits(numbers.RULES),
    *parts.NUMERALS,
    *with_digits(capitals.MODELS),
    *signs.SIGNS,
    *signs.PAUSES,
    *with_digits(numbers.LAST),
    *capitals.RULES,
    *signs.LEFT_OVER,
)

TIDY: tuple[Rule, ...] = signs.TIDY
"""After everything; not traced."""
