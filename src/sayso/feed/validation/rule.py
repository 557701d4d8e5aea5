"""What a rule is: an id, a level, what it asks for, who asks, and the function that looks."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any, Generic, Literal, TypeVar

from sayso.errors import did_you_mean
from sayso.feed.validation.finding import FeedFinding, Severity

Level = Literal["must", "should", "nice"]

SEVERITY: dict[Level, Severity] = {"must": "error", "should": "warning", "nice": "note"}

MOST_FAULTS = 100
"""Ours: who has read a hundred findings of one rule knows it; a broken feed may hold millions."""

Subject = TypeVar("Subject")


@dataclass(frozen=True, slots=True)
class Fault:
    """What breaks a rule, and how to mend it: one sentence each, without a full stop."""

    problem: str
    hint: str
    line: int | None = None


@dataclass(frozen=True, slots=True)
class Rule(Generic[Subject]):
    """A rule of the gate. `check` yields what breaks it in a subject: a document, an item …"""

    id: str
    level: Level
    what: str
    """What it asks for, in half a sentence."""
    source: str
    check: Callable[[Subject], Iterable[Fault]]

    def findings(
        self, subject: Subject, where: str, item: str | None = None
    ) -> Iterator[FeedFinding]:
        """What breaks the rule, `MOST_FAULTS` at most."""
        for fault in islice(self.check(subject), MOST_FAULTS):
            yield self.finding(fault, where, item)

    def finding(self, fault: Fault, where: str, item: str | None = None) -> FeedFinding:
        """A fault as a person is told of it."""
        return FeedFinding(
            rule=self.id,
            severity=SEVERITY[self.level],
            problem=fault.problem,
            hint=fault.hint,
            source=self.source,
            line=fault.line,
            item=item,
            where=where,
        )


def rule(
    rule_id: str, level: Level, source: str
) -> Callable[[Callable[[Subject], Iterable[Fault]]], Rule[Subject]]:
    """Make a rule of the function below it, whose docstring says what it asks for."""

    def make(check: Callable[[Subject], Iterable[Fault]]) -> Rule[Subject]:
        what = (inspect.getdoc(check) or "").rstrip(".")
        return Rule(rule_id, level, what, source, check)

    return make


AnyRule = Rule[Any]


def nearest(name: str, known: Iterable[str], otherwise: str) -> str:
    """`did you mean 'x'?` where a known name is near, else `otherwise`."""
    question = did_you_mean(name[:60], known) if name else None
    return question if question and question.startswith("did you mean") else otherwise


def quoted(text: str, length: int = 60) -> str:
    """Text as a message shows it: on one line, cut, in quotes."""
    line = " ".join(text.split())
    return f"“{line if len(line) <= length else line[: length - 1] + '…'}”"
