"""`sayso say`: how a text will be said."""

from __future__ import annotations

import io
import tempfile
from dataclasses import asdict
from pathlib import Path

import click

from sayso.cli import completing
from sayso.cli.console import near, print_json
from sayso.cli.options import engine_option
from sayso.errors import ReviewError
from sayso.model import Line


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
    from sayso.build.cast import resolve_voice
    from sayso.errors import ScriptError, did_you_mean
    from sayso.script.inline import InlineProblem, parse_spans
    from sayso.show import find_show
    from sayso.speech.spoken import sayable, show_lexicon, speak

    show = find_show(Path.cwd())
    voices = {voice.name: voice for voice in show.voices}
    name = cast or show.voices[0].name
    if name not in voices:
        raise ScriptError(
            f"unknown voice {name!r}", code="unknown-voice", hint=did_you_mean(name, voices)
        )
    lexicon = show_lexicon(show.root)
    try:
        spans = parse_spans(text)
    except InlineProblem as problem:
        raise ScriptError(problem.problem, hint=problem.hint) from problem
    spoken = speak(spans, language=show.language, lexicon=lexicon)
    if as_json:
        print_json({"command": "say", "text": text, **asdict(spoken)})
    else:
        for step in spoken.steps:
            click.echo(f"{step.rule:>16}  {step.before!r} → {step.after!r}", err=True)
        click.echo(spoken.text)
    if out is None and not play:
        return
    if not sayable(spoken.text):
        raise ReviewError(
            f"there is nothing to say in {text!r}", code="nothing-to-say", hint="write words"
        )
    line = Line(text, spoken.text, resolve_voice(show, voices[name], engine), 0)
    if out is not None:
        write_wav(line, out)
        click.echo(near(out), err=True)
    if play:
        from sayso.cli.play import play_wav

        with tempfile.TemporaryDirectory() as folder:
            write_wav(line, Path(folder) / "said.wav")
            play_wav(Path(folder) / "said.wav")


def write_wav(line: Line, path: Path) -> None:
    """Voice one line and write it as a WAV file."""
    import soundfile

    from sayso.speech.takes import TakeStore
    from sayso.speech.voicing import voice_lines
    from sayso.system.atomic_files import explain_os_errors, write_atomic
    from sayso.system.cache import cache_folder

    (take,) = voice_lines([line], TakeStore(cache_folder() / "takes"), jobs=1)
    sound = io.BytesIO()  # libsndfile has no words for a full disk
    soundfile.write(sound, take.samples(), take.sample_rate, format="WAV", subtype="PCM_16")
    if path.exists() and not path.is_file():  # a device, such as /dev/null, is no file to replace
        with explain_os_errors(path):
            path.write_bytes(sound.getvalue())
    else:
        write_atomic(path, sound.getvalue())
