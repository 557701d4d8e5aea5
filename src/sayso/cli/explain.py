"""`sayso explain`: what the code of an error, or a rule of feeds, means."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from sayso.cli import completing
from sayso.cli.console import print_json

if TYPE_CHECKING:
    from sayso.feed.validation.rule import AnyRule

_LEVELS = {
    "must": "must have: a directory refuses it otherwise, or clients lose episodes",
    "should": "should have",
    "nice": "may have",
}


@click.command("explain")
@click.argument("code", required=False, shell_complete=completing.codes)
@click.option("--json", "as_json", is_flag=True, help="Print the result for programs.")
def command(code: str | None, as_json: bool) -> None:
    """Explain the code of an error, or the rule that a finding about a feed names.

    Every error ends in a code, such as [unknown-voice]. Without one, all are listed.

    \b
    Examples:
      sayso explain unknown-voice
      sayso explain psp-self
      sayso explain
    """
    from dataclasses import asdict

    from sayso.error_codes import catalogue, codes
    from sayso.errors import did_you_mean

    if code is None:
        if as_json:
            listed = [asdict(each) for each in codes().values()]
            print_json({"command": "explain", "codes": listed})
            return
        for section in catalogue():
            click.secho(section.title, bold=True)
            for each in section.codes:
                click.echo(f"  {each.id:<20} {each.title}")
        return
    code = code.strip("[]")
    found = codes().get(code)
    if found is None:
        if _explain_rule(code, as_json=as_json):
            return
        hint = did_you_mean(code, codes(), command="sayso explain")
        raise click.UsageError(f"no error has the code {code!r} ({hint})")
    if as_json:
        print_json({"command": "explain", **asdict(found)})
        return
    click.secho(f"{found.title}  [{found.id}]", bold=True)
    for paragraph in (found.meaning, found.hint):
        click.echo()
        click.echo(click.wrap_text(paragraph, width=80))


def feed_rules() -> tuple[tuple[str, tuple[AnyRule, ...]], ...]:
    """The rules that a feed is held against, by their subject."""
    from sayso.feed.validation.http_checks import SERVED
    from sayso.feed.validation.validate import BYTES_OF_A_FEED
    from sayso.publish.consistency import AGREEING

    return (*BYTES_OF_A_FEED, *AGREEING, *SERVED)


def _explain_rule(rule_id: str, *, as_json: bool) -> bool:
    """Explain a rule of feeds; False where there is none of that id."""
    rule = next((rule for _, rules in feed_rules() for rule in rules if rule.id == rule_id), None)
    if rule is None:
        return False
    if as_json:
        facts = {"id": rule.id, "level": rule.level, "what": rule.what, "source": rule.source}
        print_json({"command": "explain", **facts})
        return True
    click.secho(f"{rule.what}  [{rule.id}]", bold=True)
    click.echo()
    click.echo(f"What a feed {_LEVELS[rule.level]}.")
    click.echo(f"Source: {rule.source}.")
    return True
