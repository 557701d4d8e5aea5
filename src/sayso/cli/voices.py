"""`sayso voices`: what can speak here, what else could, and how each of them sounds."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from sayso.cli import completing
from sayso.cli.console import near, print_json
from sayso.errors import SpeechError

if TYPE_CHECKING:
    from sayso.model import Voice
    from sayso.speech.engines import EngineVoice
    from sayso.speech.engines.listing import ListedEngine

SENTENCE = "This is how I would read your review: eight out of ten, and worth every minute."


@click.command("voices")
@click.option(
    "--engine", metavar="NAME", shell_complete=completing.engines, help="Only this engine's voices."
)
@click.option(
    "--try",
    "tried",
    metavar="VOICE",
    shell_complete=completing.voices,
    help="Let a voice say a sentence; keeps a WAV.",
)
@click.option("--say", "sentence", metavar="TEXT", help="What --try says.", default=SENTENCE)
@click.option("--all", "everything", is_flag=True, help="Every language, not only English.")
@click.option("--json", "as_json", is_flag=True, help="Print the result for programs.")
def command(
    engine: str | None, tried: str | None, sentence: str, everything: bool, as_json: bool
) -> None:
    """List the voices of this machine, and try them.

    The best-sounding engine comes first; `engine = "auto"` in show.toml takes it.

    \b
    Examples:
      sayso voices
      sayso voices --engine pyttsx3 --all
      sayso voices --try heart
      sayso voices --try am_michael --say "And now, the verdict."
    """
    from sayso.speech.engines.listing import auto_engine, list_engines

    if tried is not None:
        _try(engine, tried, sentence, as_json=as_json)
        return
    rows = [_row(each, everything) for each in list_engines(engine)]
    best = auto_engine()
    if as_json:
        print_json({"command": "voices", "auto": best, "engines": rows})
        return
    for row in rows:
        _print(row, is_best=row["engine"] == best)
    first = next((row for row in rows if row["engine"] == best and row["voices"]), None)
    if first is not None:
        click.echo(f"next: sayso voices --try {_default(first)}", err=True)
    click.echo(
        "      then put engine and voice under [voices.host] in show.toml"
        if first is not None
        else "next: put engine and voice under [voices.host] in show.toml",
        err=True,
    )


def _row(listed: ListedEngine, everything: bool) -> dict[str, Any]:
    """What is shown of an engine: without `everything`, English voices and defaults."""
    shown = [v for v in listed.voices if everything or _is_english(v) or v.default]
    return {
        "engine": listed.engine,
        "about": listed.about,
        "installed": listed.installed,
        "install": listed.install,
        "voices": [asdict(voice) for voice in shown],
        "hidden": len(listed.voices) - len(shown),
    }


def _is_english(voice: EngineVoice) -> bool:
    return voice.language.casefold().startswith(("en", "und"))


def _print(row: dict[str, Any], *, is_best: bool) -> None:
    click.secho(row["engine"], bold=True, nl=False)
    click.echo(f"  {row['about']}{'  (auto takes this one)' if is_best else ''}")
    if not row["installed"]:
        click.secho("  not installed: ", fg="yellow", nl=False)
        click.echo(row["install"])
    cells = [_cells(voice) for voice in row["voices"]]
    widths = [max((len(each[n]) for each in cells), default=0) for n in range(3)]
    for each in cells:
        line = "  ".join(cell.ljust(width) for cell, width in zip(each, widths, strict=False))
        click.secho(f"  {line}  {each[3]}".rstrip(), dim=not row["installed"])
    if row.get("hidden"):
        click.echo(
            f"  … and {row['hidden']} in other languages: sayso voices --engine {row['engine']} "
            "--all"
        )
    click.echo()


def _cells(voice: dict[str, Any]) -> Sequence[str]:
    language, sex = voice["language"].replace("_", "-"), voice["sex"] or ""
    note = voice["note"] or (voice["name"] if voice["name"].casefold() != voice["id"] else "")
    default = "default" if voice["default"] else ""
    return voice["id"], language, sex, "; ".join(each for each in (note, default) if each)


def _default(row: dict[str, Any]) -> str:
    ids = [str(voice["id"]) for voice in row["voices"]]
    return next((str(v["id"]) for v in row["voices"] if v["default"]), ids[0])


def _try(engine: str | None, voice: str, sentence: str, *, as_json: bool) -> None:
    from sayso.build.say import write_wav
    from sayso.model import Line, Text, Voice
    from sayso.speech.engines import resolve
    from sayso.speech.engines.listing import engine_with
    from sayso.speech.spoken import EMPTY, sayable, speak

    engine = engine or engine_with(voice)
    resolved = resolve(Voice("host", engine=engine, voice=voice))
    spoken = speak((Text(sentence),), language=_language(resolved), lexicon=EMPTY).text
    if not sayable(spoken):
        raise SpeechError(
            f"there is nothing to say in {sentence!r}", code="nothing-to-say", hint="write words"
        )
    path = Path(f"{engine}-{re.sub(r'[^A-Za-z0-9+_-]+', '-', voice)}.wav")
    write_wav(Line(sentence, spoken, resolved, 0), path)
    if as_json:
        print_json({"command": "voices", "engine": engine, "voice": voice, "file": str(path)})
        return
    click.echo(near(path))
    click.echo(
        "next: listen to it; to have it, write under [voices.host] in show.toml:\n"
        f'      engine = "{engine}"\n      voice = "{voice}"',
        err=True,
    )


def _language(voice: Voice) -> str:
    """What a voice speaks; English where that is all the same to it, or where it does not say."""
    from sayso.speech.engines import load_engine

    known = load_engine(voice.engine).voices()
    language = next((each.language for each in known if each.id == voice.voice), "und")
    return "en-US" if language == "und" else language.replace("_", "-")
