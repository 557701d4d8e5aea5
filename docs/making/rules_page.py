"""docs/feed-rules.md: the rules that a feed is held against."""

from __future__ import annotations

from sayso.cli.explain import feed_rules

HEAD = """\
# What a feed is held against

`sayso check` and `sayso publish` hold a feed against these rules, and each finding names its rule.
A **must** that is broken is an error: a directory refuses the show, or clients lose episodes. A
**should** gives a warning, a **nice** a note: what is only nice to have may be left out.
The rules of serving need a web server and are checked where listeners fetch the feed.

This page is written from the rules themselves (`src/sayso/feed/validation/`, and
`src/sayso/publish/consistency.py` for the ledger).
"""


def rules_page() -> str:
    """The page, in Markdown."""
    parts = [HEAD]
    for subject, rules in feed_rules():
        parts.append(
            f"## {subject}\n\n| Rule | Level | What it asks for | Source |\n|---|---|---|---|"
        )
        for rule in rules:
            what = rule.what.replace("|", "\\|").replace("<", "&lt;")
            parts[-1] += f"\n| `{rule.id}` | {rule.level} | {what} | {rule.source} |"
        parts[-1] += "\n"
    return "\n".join(parts)
