"""`sayso voices`: what can speak here."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from sayso.cli.console import near, print_json
from sayso.errors import EnvironmentProblem

SENTENCE = "This is how I would read your review: eight out of ten, and worth every minute."


@click.command("voices")
@click.option("--engine", metavar="NAME", help="Only this engine's voices.")
@click.option("--try", "tried", metavar="VOICE", help="Let a voice say a sentence; keeps a WAV.")
@click.option("--all", "everything", is_flag=True, help="Every language, not only the show's.")
@click.option("--json", "as_json", is_flag=True, help="Print the result for programs.")
def command(engine: str | None, tried: str | None, everything: bool, as_json: bool) -> None:
    """List the voices of this machine, and try them.

    \b
    Examples:
      sayso voices
      sayso voices --engine pyttsx3 --all
      sayso voices --engine hibari --try heart
    """
    from sayso.speech.engines import best_engine, engine_class, find_engines

    names = [engine] if engine else sorted(find_engines())
    if tried is not None:
        _try(engine or best_engine(), tried)
        return
    rows: list[dict[str, Any]] = []
    for name in names:
        try:
            rows.append(_engine(name, engine_class(name).installed(), everything))
        except EnvironmentProblem as error:
            rows.append({"engine": name, "installed": False, "install": str(error), "voices": []})
    best = best_engine()
    if as_json:
        print_json({"command": "voices", "auto": best, "engines": rows})
        return
    for row in rows:
        mark = "  (auto)" if row["engine"] == best else ""
        click.secho(f"{row['engine']}{mark}", bold=True)
        if not row["installed"]:
            click.echo(f"  not installed: {row['install']}")
        for voice in row["voices"]:
            facts = ", ".join(x for x in (voice["language"], voice["sex"], voice["note"]) if x)
            click.echo(f"  {voice['id']:<28} {facts}{'  (default)' if voice['default'] else ''}")
        if row.get("hidden"):
            click.echo(f"  … and {row['hidden']} in other languages: --all")
    click.echo("next: put engine and voice under [voices.host] in show.toml", err=True)


def _engine(name: str, missing: str | None, everything: bool) -> dict[str, Any]:
    from sayso.speech.engines import load_engine

    if missing is not None:
        return {"engine": name, "installed": False, "install": missing, "voices": []}
    voices = load_engine(name).voices()
    shown = [v for v in voices if everything or not v.language or v.language.startswith("en")]
    return {
        "engine": name,
        "installed": True,
        "voices": [
            {
                "id": voice.id,
                "name": voice.name,
                "language": voice.language,
                "sex": voice.sex,
                "note": voice.note,
                "default": voice.default,
            }
            for voice in shown
        ],
        "hidden": len(voices) - len(shown),
    }


def _try(engine: str, voice: str) -> None:
    from sayso.cli.say import write_wav
    from sayso.model import Line, Voice
    from sayso.speech.engines import resolve

    resolved = resolve(Voice("host", engine=engine, voice=voice))
    path = Path(f"{engine}-{voice}.wav".replace("/", "-"))
    write_wav(Line(SENTENCE, SENTENCE, resolved, 0), path)
    click.echo(near(path))
