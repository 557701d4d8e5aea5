"""`sayso explain`: what the code of an error means."""

from __future__ import annotations

import click

from sayso.cli import completing
from sayso.cli.console import print_json


@click.command("explain")
@click.argument("code", required=False, shell_complete=completing.codes)
@click.option("--json", "as_json", is_flag=True, help="Print the result for programs.")
def command(code: str | None, as_json: bool) -> None:
    """Explain the code of an error.

    Every error ends in a code, such as [unknown-voice]. Without one, all are listed.

    \b
    Examples:
      sayso explain unknown-voice
      sayso explain
    """
    from dataclasses import asdict

    from sayso.error_codes import CATALOGUE, CODES
    from sayso.errors import did_you_mean

    if code is None:
        if as_json:
            codes = [asdict(each) for each in CODES.values()]
            print_json({"command": "explain", "codes": codes})
            return
        for section in CATALOGUE:
            click.secho(section.title, bold=True)
            for each in section.codes:
                click.echo(f"  {each.id:<20} {each.title}")
        return
    found = CODES.get(code.strip("[]"))
    if found is None:
        raise click.UsageError(f"no error has the code {code!r} ({did_you_mean(code, CODES)})")
    if as_json:
        print_json({"command": "explain", **asdict(found)})
        return
    click.secho(f"{found.title}  [{found.id}]", bold=True)
    for paragraph in (found.meaning, found.mend):
        click.echo()
        click.echo(click.wrap_text(paragraph, width=80))
