"""`sayso lexicon`: the names of a review that the lexicon does not have."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from sayso.build.options import Options
from sayso.cli import completing
from sayso.cli.console import Progressing, near, plural, print_json
from sayso.cli.finding_shows import show_of
from sayso.cli.options import (
    kind_option,
)

if TYPE_CHECKING:
    from sayso.build.lint import UnknownName


@click.command("lexicon")
@click.argument("review", type=click.Path(path_type=Path), shell_complete=completing.reviews)
@kind_option
@click.option("--write", is_flag=True, help="Add the lines to lexicon.toml, commented out.")
@click.option("--json", "as_json", is_flag=True, help="Print the result for programs.")
def command(review: Path, kind: str | None, write: bool, as_json: bool) -> None:
    """List the names of REVIEW that voices may stumble on and that lexicon.toml does not have.

    What it prints is ready for the [words] of lexicon.toml: write between the quotes how the name
    sounds, spelled so that a voice gets it. --write adds what is not there yet, commented out, so
    that nothing changes until you fill a line in and take away its #.

    \b
    Examples:
      sayso lexicon reviews/the-long-tide.md
      sayso lexicon reviews/the-long-tide.md --write
    """
    from sayso.build import pipeline
    from sayso.build.lint import unknown_in_review
    from sayso.build.states import Build, Outlined
    from sayso.speech.spoken import show_lexicon

    with Progressing(quiet=as_json) as reporter:
        show = show_of(review, reporter)
        build = Build(review, show, Options(kind=kind), reporter, write=False)
        outline = pipeline.run(build, Outlined).outline
    path = show.root / "lexicon.toml"
    found = unknown_in_review(outline, show_lexicon(show.root))
    written = add(path, found) if write else ()
    if as_json:
        names = [
            {
                "name": each.name,
                "from": each.origin,
                "line": each.line,
                "sentence": each.sentence,
                "written": each in written,
            }
            for each in found
        ]
        print_json({"command": "lexicon", "lexicon": str(path), "names": names})
        return
    for each in found:
        click.echo(each.entry)
    if not found:
        click.echo("no name that lexicon.toml does not have", err=True)
        return
    if write:
        click.echo(f"{plural(len(written), 'line')} added to {near(path)}", err=True)
        next_step = f"fill them in in {near(path)}, and take away their #"
    else:
        next_step = f"fill them in under [words] in {near(path)} (--write adds them)"
    click.echo(f'next: {next_step}; hear one: sayso say "{found[0].name}"', err=True)


def add(path: Path, found: tuple[UnknownName, ...]) -> tuple[UnknownName, ...]:
    """Add to lexicon.toml, commented out, what it does not have; return what was added.

    Everything in the file stays as it is. Raises ShowError where there is no place for entries.
    """
    from sayso.speech.spoken.lexicon_text import add_waiting
    from sayso.system.atomic_files import explain_os_errors, write_atomic

    with explain_os_errors(path):
        before = path.read_bytes().decode("utf-8") if path.is_file() else ""
    after, names = add_waiting(before, {each.name: each.entry for each in found}, path)
    if names:
        write_atomic(path, after)
    return tuple(each for each in found if each.name in names)
