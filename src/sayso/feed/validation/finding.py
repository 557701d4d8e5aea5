"""What the gate found wrong with a feed, and how to mend it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

Severity = Literal["error", "warning", "note"]


@dataclass(frozen=True, slots=True)
class FeedFinding:
    """One thing that is wrong with a feed or with how it is served."""

    rule: str
    """The rule's id, as in docs/feed-rules.md."""
    severity: Severity
    problem: str
    hint: str
    source: str
    """Who demands it, such as `Apple` or `PSP-1`."""
    line: int | None = None
    """In the feed's document."""
    item: str | None = None
    """The title of the item, or its GUID where it has none."""
    where: str = ""
    """The feed, or the page of it, by name or address."""

    def __str__(self) -> str:
        line = "" if self.line is None else f":{self.line}"
        item = "" if self.item is None else f" “{self.item}”:"
        return (
            f"{self.where}{line}:{item} {self.problem} ({self.hint}) [{self.rule}, {self.source}]"
        )


def at_most(findings: tuple[FeedFinding, ...], n_per_rule: int) -> tuple[FeedFinding, ...]:
    """The first `n_per_rule` findings of each rule; the last of them tells how many are left out.

    For people: a feed of a thousand items tends to break a rule a thousand times or never.
    """
    by_rule: dict[str, list[FeedFinding]] = {}
    for finding in findings:
        by_rule.setdefault(finding.rule, []).append(finding)
    kept: list[FeedFinding] = []
    seen: dict[str, int] = {}
    for finding in findings:
        n = seen[finding.rule] = seen.get(finding.rule, 0) + 1
        n_more = len(by_rule[finding.rule]) - n_per_rule
        if n == n_per_rule and n_more > 0:
            finding = _with_more(finding, n_more)
        if n <= n_per_rule:
            kept.append(finding)
    return tuple(kept)


def _with_more(finding: FeedFinding, n_more: int) -> FeedFinding:
    return replace(finding, problem=f"{finding.problem} (and {n_more} more like it)")
