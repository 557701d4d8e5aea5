"""pyttsx3: the voice that is always there.

On Linux it speaks through the espeak-ng that the wheel `espeakng-loader` carries, one forked
child a sentence (`espeak_child`), with no package of the system. On macOS and Windows it speaks
through the system's own voices, in the process that asks: run it in a worker, which a hang or a
crash takes down alone.
"""

from __future__ import annotations

import contextlib
import ctypes.util
import functools
import importlib.util
import io
import platform
import sys
import tempfile
import threading
import time
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any, Literal

import numpy as np

from sayso.errors import SpeechError
from sayso.speech.engines.base import (
    Engine,
    EngineVoice,
    Speech,
    has_words,
    plain_text,
    shorten,
    unsayable,
)
from sayso.speech.workers import LocalWorkers

ESPEAK_DEFAULT = "gmw/en-us+benjamin"
"""The clearest of espeak's English variants by word error rate; see docs of the benchmarks."""
ESPEAK_WPM = 160
"""Words a minute at speed 1.0; slower than espeak's own 175, and better understood."""
SYSTEM_DEFAULT = "default"
"""On macOS and Windows: the voice that is set in the system's settings."""
SYSTEM_WPM = 180
MAX_CHARACTERS = 1_000
"""espeak's work grows with the square of the text (46 kB: 97 s); callers cut at 300."""


class Pyttsx3Engine(Engine):
    """The engine `pyttsx3`."""

    name = "pyttsx3"
    rank = 20
    work_ratio = 0.01

    @classmethod
    def installed(cls) -> str | None:
        """Looks for the package, and on Linux for an espeak-ng."""
        if importlib.util.find_spec("pyttsx3") is None:
            return "pip install pyttsx3"
        if _forks() and importlib.util.find_spec("espeakng_loader") is None:
            if ctypes.util.find_library("espeak-ng") or ctypes.util.find_library("espeak"):
                return None
            return "pip install espeakng-loader"
        return None

    @property
    def version(self) -> str:
        """Ours, pyttsx3's, and espeak-ng's or the system's."""
        return _version()

    def voices(self) -> tuple[EngineVoice, ...]:
        """What pyttsx3 lists; on Linux with the variant that we choose first."""
        return _voices()

    def default_voice(self, cast: str) -> str:
        """Known without asking espeak."""
        return ESPEAK_DEFAULT if _forks() else SYSTEM_DEFAULT

    def has_voice(self, voice: str) -> bool:
        """On Linux by espeak's own voice files, which is quick; elsewhere by the list."""
        if not _forks():
            return voice == SYSTEM_DEFAULT or super().has_voice(voice)
        from sayso.speech.engines import espeak_child

        known = espeak_child.has_voice_file(voice)
        return super().has_voice(voice) if known is None else known

    def speak(self, text: str, voice: str, speed: float) -> Speech:
        """Voice `text`. On Linux a pure function of its arguments, with word times."""
        text = plain_text(text)
        if not has_words(text):
            raise unsayable(self.name, text)
        if len(text) > MAX_CHARACTERS:
            raise SpeechError(
                f"pyttsx3: a text of {len(text)} characters is too long for one take",
                mend=f"cut it into pieces of at most {MAX_CHARACTERS}",
            )
        if _forks():
            from sayso.speech.engines import espeak_child

            return espeak_child.speak(text, voice, round(ESPEAK_WPM * speed))
        return _speak_here(text, voice, round(SYSTEM_WPM * speed))


def _forks() -> bool:
    return sys.platform == "linux"


@functools.cache
def _version() -> str:
    parts = ["1", f"pyttsx3-{version('pyttsx3')}"]
    if not _forks():
        parts.append(f"{platform.system()}-{platform.release()}")
    else:
        try:
            parts.append(f"espeakng-loader-{version('espeakng-loader')}")
        except PackageNotFoundError:
            parts.append("espeak-of-the-system")
    return " ".join(parts)


@functools.cache
def _voices() -> tuple[EngineVoice, ...]:
    if _forks():
        first = EngineVoice(
            ESPEAK_DEFAULT,
            "Benjamin",
            "en-US",
            "male",
            "robotic but clear; other variants: +f3, +m3 …",
            default=True,
        )
    else:
        first = EngineVoice(SYSTEM_DEFAULT, "System voice", "und", default=True)
    if _forks() and threading.active_count() == 1:
        listed = list_voices()
    else:  # no fork beside other threads, and no system engine in the main process
        with LocalWorkers(1, limit_s=30.0) as worker:
            listed = worker.submit(list_voices).result()
    return (first, *(_describe(*each) for each in listed))


def list_voices() -> tuple[tuple[str, str, str, str], ...]:
    """Id, name, language and sex of every voice that pyttsx3 lists."""
    if _forks():
        from sayso.speech.engines import espeak_child

        return espeak_child.list_voices()
    with contextlib.redirect_stdout(io.StringIO()):
        return tuple(describe_voice(each) for each in _system_engine().getProperty("voices"))


def describe_voice(voice: Any) -> tuple[str, str, str, str]:
    """Id, name, language and sex of one of pyttsx3's voices, as text."""
    languages = [each for each in voice.languages or () if each]
    return (
        str(voice.id),
        str(voice.name),
        str(languages[0]).replace("_", "-") if languages else "und",
        str(voice.gender or "").casefold(),
    )


def _describe(voice_id: str, name: str, language: str, gender: str) -> EngineVoice:
    sex: Literal["female", "male"] | None = None
    if "female" in gender:
        sex = "female"
    elif "male" in gender:
        sex = "male"
    return EngineVoice(voice_id, name, language, sex)


# ------------------------------------------------------------------- macOS and Windows


@functools.cache
def _system_engine() -> Any:
    """The one pyttsx3 engine of this process: a second one would share its callback."""
    import pyttsx3

    return pyttsx3.init()


def _speak_here(text: str, voice: str, rate_wpm: int) -> Speech:
    """Voice `text` in this process, into a file of the format that the system writes."""
    with tempfile.TemporaryDirectory(prefix="sayso-") as folder:
        path = Path(folder) / ("take.aiff" if sys.platform == "darwin" else "take.wav")
        with contextlib.redirect_stdout(io.StringIO()):
            engine = _system_engine()
            if voice != SYSTEM_DEFAULT:
                engine.setProperty("voice", voice)
            engine.setProperty("rate", rate_wpm)
            for _ in range(2):  # the first run of an engine may return before the file is there
                engine.save_to_file(text, str(path))
                engine.runAndWait()
                speech = _wait_for_sound(path)
                if speech is not None:
                    return speech
    raise SpeechError(
        f"pyttsx3 gave no sound for '{shorten(text)}'", mend=f"check that the voice '{voice}' works"
    )


def _wait_for_sound(path: Path, patience_s: float = 5.0) -> Speech | None:
    """The sound in `path` once it is complete: its length has stayed the same for 50 ms."""
    import soundfile

    end = time.monotonic() + patience_s
    before = -1
    while time.monotonic() < end:
        size = path.stat().st_size if path.exists() else 0
        if size and size == before:
            with contextlib.suppress(soundfile.LibsndfileError):
                samples, sample_rate = soundfile.read(path, dtype="int16", always_2d=True)
                if samples.any():
                    return Speech(np.ascontiguousarray(samples[:, 0]), sample_rate)
        before = size
        time.sleep(0.05)
    return None
