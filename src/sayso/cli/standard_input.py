"""A review that comes in on standard input is kept as a file of the show, and that file is used."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

import click

STANDARD_INPUT = Path("-")
_NAME_ALONE = "--name goes with a review from standard input: -"

name_option = click.option(
    "--name", metavar="NAME", help="What to call a review from standard input (REVIEW is -)."
)


def keep(review: Path, name: str | None) -> Path:
    """`review`, or for `-` the file that standard input is kept in.

    That is NAME.md (.txt, .html) in the show's reviews/, or here where there is no show. Raises
    UsageError without a name, ReviewError for an input that is no review and for a name that a
    different review has.
    """
    if review != STANDARD_INPUT:
        if name is not None:
            raise click.UsageError(_NAME_ALONE)
        return review
    if not name:
        raise click.UsageError("a review from standard input needs a name: add --name NAME")

    from sayso.build.new_review import keep_review
    from sayso.review import MAX_BYTES
    from sayso.show.finding import find_show

    stream = sys.stdin.buffer
    if stream.isatty():
        click.echo("write or paste the review; end it with Ctrl-D on a line of its own", err=True)
    data = stream.read(MAX_BYTES + 1)
    return keep_review(find_show(Path.cwd()), data, name, origin="standard input")


def keep_all(reviews: Sequence[Path], name: str | None) -> list[Path]:
    """`reviews` with `keep`'s file for `-`; raises as `keep` does."""
    if name is not None and STANDARD_INPUT not in reviews:
        raise click.UsageError(_NAME_ALONE)
    return [keep(each, name) if each == STANDARD_INPUT else each for each in reviews]
