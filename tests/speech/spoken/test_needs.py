"""What a rule says that it needs, every match of its pattern has: proved from the parsed pattern."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable
from typing import Any

import pytest

from sayso.speech.spoken.rule import Rule
from sayso.speech.spoken.rules import FIRST, RULES, TIDY

if sys.version_info >= (3, 11):
    from re import _constants as op
    from re import _parser as parser
else:
    import sre_constants as op
    import sre_parse as parser

ALL = (*FIRST, *RULES, *TIDY)


def always_has(pattern: Iterable[Any], characters: frozenset[str], flags: int) -> bool:
    """Whether a text that matches has one of the characters, with what is looked at around it."""
    return any(has(code, what, characters, flags) for code, what in pattern)


def has(code: Any, what: Any, characters: frozenset[str], flags: int) -> bool:
    if code is op.LITERAL:
        return written(what, flags) <= characters
    if code is op.IN:
        return all(set_has(each, value, characters, flags) for each, value in what)
    if code is op.SUBPATTERN:
        return always_has(what[3], characters, (flags | what[1]) & ~what[2])
    if code in (op.MAX_REPEAT, op.MIN_REPEAT):
        return what[0] > 0 and always_has(what[2], characters, flags)
    if code is op.ASSERT:
        return always_has(what[1], characters, flags)
    if code is op.BRANCH:
        return all(always_has(branch, characters, flags) for branch in what[1])
    return False


def set_has(code: Any, what: Any, characters: frozenset[str], flags: int) -> bool:
    if code is op.LITERAL:
        return written(what, flags) <= characters
    if code is op.RANGE:
        first, last = what
        return last - first < 100 and all(
            written(each, flags) <= characters for each in range(first, last + 1)
        )
    return False


def written(number: int, flags: int) -> set[str]:
    """The characters that a character of a pattern stands for."""
    one = chr(number)
    if not flags & re.IGNORECASE:
        return {one}
    # `K` and `ſ` are taken for k and s.
    return {
        each for each in (one.lower(), one.upper(), "\u212a", "ſ") if each.lower() == one.lower()
    }


@pytest.mark.parametrize("rule", ALL, ids=lambda rule: rule.name)
def test_every_match_has_what_the_rule_needs(rule: Rule) -> None:
    parsed = parser.parse(rule.source)
    for characters in rule.needs:
        assert always_has(parsed, characters, rule.pattern.flags), sorted(characters)


def test_the_proof_can_fail() -> None:
    for pattern, characters in (("a?b", "a"), ("a|b", "a"), ("(?<!a)b", "a"), ("[ab]c", "a")):
        assert not always_has(parser.parse(pattern), frozenset(characters), 0)
    for pattern, characters in (
        ("a+", "a"),
        ("(?=.*a)b", "a"),
        ("(a|b)c", "ab"),
        ("x(?:[ab])", "ab"),
    ):
        assert always_has(parser.parse(pattern), frozenset(characters), 0)


def test_most_rules_need_something_that_most_sentences_lack() -> None:
    sentence = frozenset("The harbour lights are out again, and nobody minds.")
    tried = [rule for rule in ALL if not any(map(sentence.isdisjoint, rule.needs))]
    assert len(tried) < len(ALL) / 3
