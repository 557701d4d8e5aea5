"""`sayso say`: how a text will be said."""

from __future__ import annotations

import tempfile
from dataclasses import asdict
from pathlib import Path

import click

from sayso.cli import completing
from sayso.cli.console import near, print_json
from sayso.cli.options import engine_option


@click.command("say")
@click.argument("text")
@click.option("--out", type=click.Path(path_type=Path), help="Voice it and write a WAV file.")
@click.option("--play", is_flag=True, help="Voice it and play it.")
@click.option(
    "--voice",
    "cast",
    metavar="NAME",
    shell_complete=completing.cast,
    help="A voice of the cast; the first if not given.",
)
@engine_option
@click.option("--json", "as_json", is_flag=True, help="Print the result for programs.")
def command(
    text: str,
    out: Path | None,
    play: bool,
    cast: str | None,
    engine: str | None,
    as_json: bool,
) -> None:
    """Show how TEXT will be said: the rules that fire, the lexicon, the result.

    \b
    Examples:
      sayso say 'It cost $20 million in 1999.'
      sayso say "Siobhan is back." --play
      sayso say "Siobhan is back." --out siobhan.wav
    """
    from sayso.build.say import how_said, line_to_say, member_of, write_wav
    from sayso.show.finding import find_show

    show = find_show(Path.cwd())
    member_of(show, cast)
    spoken = how_said(show, text)
    if as_json:
        print_json({"command": "say", "text": text, **asdict(spoken)})
    else:
        for step in spoken.steps:
            click.echo(f"{step.rule:>16}  {step.before!r} → {step.after!r}", err=True)
        click.echo(spoken.text)
    if out is None and not play:
        return
    line = line_to_say(show, text, spoken.text, cast, engine)
    if out is not None:
        write_wav(line, out)
        click.echo(near(out), err=True)
    if play:
        from sayso.cli.play import play_wav

        with tempfile.TemporaryDirectory() as folder:
            write_wav(line, Path(folder) / "said.wav")
            play_wav(Path(folder) / "said.wav")
