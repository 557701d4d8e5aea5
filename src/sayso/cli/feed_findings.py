"""What `sayso check` says of a feed: this show's, or anybody's by file or address."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from sayso.cli.console import plural
from sayso.errors import visible

if TYPE_CHECKING:
    from sayso.feed.validation import FeedFinding

OWN = "own"
"""The feed of this show."""
_PER_RULE = 3


def check_named_feed(feed: str) -> tuple[FeedFinding, ...]:
    """The findings for a feed: `own`, an address, or a file. Raises SaysoError."""
    from sayso.feed.validation import check_feed, check_served
    from sayso.show.finding import find_show
    from sayso.system.atomic_files import explain_os_errors

    if feed == OWN:
        from sayso.publish.api import check_published, check_published_served
        from sayso.publish.targets import is_folder

        show = find_show(Path.cwd())
        findings = check_published(show)
        if not is_folder(show.publish.target) or show.publish.check == "web":
            findings += check_published_served(show)
        return tuple(dict.fromkeys(findings))
    if "://" in feed:
        return check_served(feed)
    with explain_os_errors(Path(feed)):
        return check_feed(Path(feed).read_bytes(), feed)


def print_feed_findings(findings: tuple[FeedFinding, ...], name: str) -> None:
    """The findings, errors first, and a last line that counts them."""
    from sayso.feed.validation import at_most

    click.secho(name, bold=True)
    order = {"error": 0, "warning": 1, "note": 2}
    colours = {"error": "red", "warning": "yellow", "note": "cyan"}
    for finding in sorted(at_most(findings, _PER_RULE), key=lambda one: order[one.severity]):
        click.secho(f"  {finding.severity}: ", fg=colours[finding.severity], nl=False)
        line = "" if finding.line is None else f"line {finding.line}: "
        item = "" if finding.item is None else f"{finding.item}: "
        told = f"{line}{item}{finding.problem}  [{finding.rule}, {finding.source}]"
        click.echo(f"{visible(told)}\n    {visible(finding.hint)}")
    counts = [
        plural(n, severity)
        for severity in order
        if (n := sum(one.severity == severity for one in findings))
    ]
    click.echo(f"  {', '.join(counts)}" if counts else "  in order")


def feed_document(findings: tuple[FeedFinding, ...]) -> list[dict[str, Any]]:
    """The same for programs."""
    return [
        {
            "rule": one.rule,
            "severity": one.severity,
            "where": one.where,
            "line": one.line,
            "item": one.item,
            "problem": one.problem,
            "hint": one.hint,
            "source": one.source,
        }
        for one in findings
    ]
