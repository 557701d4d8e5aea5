"""Who speaks: members of the cast settled with an engine's voice; what is wrong has its line."""

from __future__ import annotations

from dataclasses import replace

from sayso.errors import SaysoError
from sayso.model import Show, Voice
from sayso.show.finding import setting_line
from sayso.speech.engines import load_engine, resolve


def resolve_voice(show: Show, voice: Voice, engine: str | None = None) -> Voice:
    """A member of the cast of `show`, with its engine and the engine's voice filled in.

    `engine` speaks instead of the one that show.toml names. Raises SpeechError and EngineMissing,
    with the line of show.toml where that is at fault.
    """
    if engine is not None and engine != voice.engine:
        return resolve(replace(voice, engine=engine, voice=None))
    try:
        return resolve(voice)
    except SaysoError as error:
        if show.path is None:
            raise
        line = setting_line(show, f"voices.{voice.name}", _at_fault(voice))
        raise error.at(show.path, line) from error


def _at_fault(voice: Voice) -> str:
    """The setting that keeps `voice` from being settled."""
    if voice.engine != "auto":
        try:
            load_engine(voice.engine)
        except SaysoError:
            return "engine"
    return "voice"
