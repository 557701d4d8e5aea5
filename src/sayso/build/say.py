"""How a text is said: the words that a voice gets, and the sound of them."""

from __future__ import annotations

import io
from pathlib import Path

from sayso.build.cast import resolve_voice
from sayso.errors import ReviewError, ScriptError, did_you_mean
from sayso.model import Line, Show, Voice
from sayso.script.inline import InlineProblem, parse_spans
from sayso.speech.spoken import Spoken, sayable, show_lexicon, speak
from sayso.system.atomic_files import explain_os_errors, write_atomic
from sayso.system.cache import cache_folder


def how_said(show: Show, text: str) -> Spoken:
    """What a voice of the show gets for a text as in a script, with each rule that fires.

    Raises ScriptError for marks that are not valid, ShowError for a broken lexicon.toml.
    """
    lexicon = show_lexicon(show.root)
    try:
        spans = parse_spans(text)
    except InlineProblem as problem:
        raise ScriptError(problem.problem, hint=problem.hint) from problem
    return speak(spans, language=show.language, lexicon=lexicon)


def line_to_say(show: Show, text: str, spoken: str, cast: str | None, engine: str | None) -> Line:
    """The text as a line of a member of the cast, the first if not given.

    Raises ScriptError for a name that the cast does not have, ReviewError for a text without a
    word, and what `resolve_voice` raises.
    """
    if not sayable(spoken):
        raise ReviewError(
            f"there is nothing to say in {text!r}", code="nothing-to-say", hint="write words"
        )
    return Line(text, spoken, resolve_voice(show, member_of(show, cast), engine), 0)


def member_of(show: Show, name: str | None) -> Voice:
    """A member of the cast, the first if no name is given. Raises ScriptError."""
    voices = {voice.name: voice for voice in show.voices}
    if name is None:
        return show.voices[0]
    if name not in voices:
        raise ScriptError(
            f"unknown voice {name!r}", code="unknown-voice", hint=did_you_mean(name, voices)
        )
    return voices[name]


def write_wav(line: Line, path: Path) -> None:
    """Voice one line and write it as a WAV file. Raises SpeechError, EnvironmentProblem."""
    import soundfile

    from sayso.speech.takes import TakeStore
    from sayso.speech.voicing import voice_lines

    (take,) = voice_lines([line], TakeStore(cache_folder() / "takes"), jobs=1)
    sound = io.BytesIO()  # libsndfile has no words for a full disk
    soundfile.write(sound, take.samples(), take.sample_rate, format="WAV", subtype="PCM_16")
    if path.exists() and not path.is_file():  # a device, such as /dev/null, is no file to replace
        with explain_os_errors(path):
            path.write_bytes(sound.getvalue())
    else:
        write_atomic(path, sound.getvalue())
