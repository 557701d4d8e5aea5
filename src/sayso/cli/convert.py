"""`sayso convert`: a review in another encoding → UTF-8."""

from __future__ import annotations

from pathlib import Path

import click

from sayso.cli import completing
from sayso.cli.console import near
from sayso.errors import visible


@click.command("convert")
@click.argument(
    "review",
    type=click.Path(path_type=Path),
    shell_complete=completing.reviews,
)
@click.option(
    "--from",
    "codec",
    metavar="ENCODING",
    help="What the file is in: cp1252, utf-16, shift_jis … Without it, sayso guesses.",
)
def command(review: Path, codec: str | None) -> None:
    """Write REVIEW as UTF-8, which sayso reads.

    The file as it was is kept beside it, as REVIEW.ENCODING.

    \b
    Examples:
      sayso convert reviews/old.txt
      sayso convert reviews/old.txt --from cp1252
    """
    from sayso.build.convert import convert_to_utf8

    done = convert_to_utf8(review, codec)
    if done.kept is None:
        click.echo(f"{visible(near(review))} is UTF-8 already: nothing was changed")
        return
    click.echo(f"{visible(near(review))}: from {done.codec}; as it was: {near(done.kept)}")
    if done.sample:
        click.echo(f"  {visible(done.sample)}")
    click.echo(f"next: sayso build {visible(near(review))}", err=True)
