"""The rules of feeds for people to read: one by its id, and all as docs/feed-rules.md."""

from __future__ import annotations

from typing import Any

from sayso.feed.validation.http_checks import SERVED
from sayso.feed.validation.rule import Rule
from sayso.feed.validation.validate import BYTES_OF_A_FEED
from sayso.publish.consistency import AGREEING

_HEAD = """\
# What a feed is held against

`sayso check` and `sayso publish` hold a feed against these rules, and each finding names its rule.
A **must** that is broken is an error: a directory refuses the show, or clients lose episodes. A
**should** gives a warning, a **nice** a note: what is only nice to have may be left out.
The rules of serving need a web server and are checked where listeners fetch the feed.

This page is written from the rules themselves (`src/sayso/feed/validation/`, and
`src/sayso/publish/consistency.py` for the ledger).
"""

_TABLES = (*BYTES_OF_A_FEED, *AGREEING, *SERVED)


def find_rule(rule_id: str) -> Rule[Any] | None:
    """The rule with an id, such as `psp-self`; None where there is none."""
    return next((rule for _, rules in _TABLES for rule in rules if rule.id == rule_id), None)


def rules_page() -> str:
    """The page, in Markdown."""
    parts = [_HEAD]
    for subject, rules in _TABLES:
        parts.append(
            f"## {subject}\n\n| Rule | Level | What it asks for | Source |\n|---|---|---|---|"
        )
        for rule in rules:
            what = rule.what.replace("|", "\\|").replace("<", "&lt;")
            parts[-1] += f"\n| `{rule.id}` | {rule.level} | {what} | {rule.source} |"
        parts[-1] += "\n"
    return "\n".join(parts)
