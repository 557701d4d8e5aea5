"""What a script names, and whether the show has it: voices, stings, beds, sound files."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

from sayso.errors import SaysoError, ScriptError, did_you_mean
from sayso.model import BedCue, Item, Paragraph, Script, SegmentHead, Show, SoundCue, StingCue


def sting_and_bed_names(script: Script) -> tuple[str, ...]:
    """The names of all stings and beds, each once, in order."""
    return tuple(dict.fromkeys(name for item in script.items for _, name in _music(item)))


def sound_files(script: Script) -> tuple[str, ...]:
    """The files of all {sound …} cues, each once, in order."""
    return tuple(dict.fromkeys(item.file for item in script.items if isinstance(item, SoundCue)))


def check_names(script: Script, show: Show, find_sound: Callable[[str], Path]) -> list[SaysoError]:
    """Everything that the script names and the show lacks, each with line and nearest name.

    `find_sound` gives the path of a sound file, or raises the error that tells why not.
    """
    voices = [voice.name for voice in show.voices]
    folded = {name.casefold() for name in voices}
    sounds = [sound.name for sound in show.sounds]
    errors: list[SaysoError] = []

    def fail(item: Item, code: str, problem: str, hint: str | None) -> None:
        line = item.line or None
        errors.append(ScriptError(problem, code=code, file=script.path, line=line, hint=hint))

    for item in script.items:
        voice = item.voice if isinstance(item, SegmentHead | Paragraph) else None
        if voice is not None and voice.casefold() not in folded:
            hint = did_you_mean(voice, voices)
            if isinstance(item, Paragraph):
                hint = f"{hint}; if it is no voice, write {voice}\\:"
            fail(item, "unknown-voice", f"unknown voice {voice!r}", hint)
        for what, name in _music(item):
            if name not in sounds:
                fail(item, "unknown-sound", f"unknown {what} {name!r}", did_you_mean(name, sounds))
        if isinstance(item, SoundCue):
            try:
                if not find_sound(item.file).is_file():
                    problem = f"no sound file {item.file!r}"
                    fail(item, "no-such-file", problem, "copy it into the show folder")
            except SaysoError as error:
                errors.append(error.at(script.path, item.line or None))
    return errors


def _music(item: Item) -> Iterator[tuple[str, str]]:
    if isinstance(item, StingCue):
        yield "sting", item.name
    elif isinstance(item, BedCue) and item.name is not None:
        yield "bed", item.name
    elif isinstance(item, SegmentHead):
        if item.sting is not None:
            yield "sting", item.sting
        if item.bed is not None:
            yield "bed", item.bed
