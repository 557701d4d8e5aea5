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
from typing import Literal

from sayso.errors import SpeechError
from sayso.speech.engines.base import (
    Engine,
    EngineVoice,
    Speech,
    describe_voice,
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
    about = "clear but robotic; always there, in many languages and accents"
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
        from sayso.speech.engines.espeak_data import has_voice_file  # with a lock, for Linux alone

        known = has_voice_file(voice)
        return super().has_voice(voice) if known is None else known

    def unreadable(self, text: str, voice: str) -> tuple[str, ...]:
        """On Linux: those in letters that the voice does not read."""
        if not _forks():
            return ()
        from sayso.speech.engines.espeak_text import only_named

        return only_named(text, voice)

    def sounds(self, text: str, voice: str) -> str | None:
        """In IPA, by espeak's own account; the voices of other systems give none."""
        if not _forks():
            return None
        from sayso.speech.engines import espeak_child
        from sayso.speech.engines.espeak_text import for_espeak

        return espeak_child.sounds(for_espeak(text, voice), voice)

    def warm_up(self) -> None:
        """On Linux: have a child that waits for its sentence."""
        if _forks():
            from sayso.speech.engines import espeak_child

            espeak_child.warm_up()

    def speak(self, text: str, voice: str, speed: float) -> Speech:
        """Voice `text`. On Linux a pure function of its arguments, with word times."""
        if _forks():
            from sayso.speech.engines.espeak_text import for_espeak

            text = for_espeak(text, voice)
        else:
            text = plain_text(text)
        if not has_words(text):
            raise unsayable(self.name, text)
        if len(text) > MAX_CHARACTERS:
            raise SpeechError(
                f"pyttsx3: a text of {len(text)} characters is too long for one take",
                code="unspeakable",
                hint=f"cut it into pieces of at most {MAX_CHARACTERS}",
            )
        if _forks():
            from sayso.speech.engines import espeak_child

            return espeak_child.speak(text, voice, round(ESPEAK_WPM * speed))
        return _speak_here(text, voice, round(SYSTEM_WPM * speed))


def _forks() -> bool:
    return sys.platform == "linux"


@functools.cache
def _version() -> str:
    parts = ["2", f"pyttsx3-{version('pyttsx3')}"]
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
        return tuple(describe_voice(each) for each in _system().engine.getProperty("voices"))


def _describe(voice_id: str, name: str, language: str, gender: str) -> EngineVoice:
    sex: Literal["female", "male"] | None = None
    if "female" in gender:
        sex = "female"
    elif "male" in gender:
        sex = "male"
    return EngineVoice(voice_id, name, language, sex)


# ------------------------------------------------------------------- macOS and Windows


class _System:
    """The one pyttsx3 engine of this process: a second one would share its callback."""

    def __init__(self) -> None:
        import pyttsx3

        self.engine = pyttsx3.init()
        self.default_voice = self.engine.getProperty("voice")
        self.errors: list[BaseException] = []
        self.finished: list[bool] = []
        # What a driver refuses arrives as an event only.
        self.engine.connect("error", lambda name, exception: self.errors.append(exception))
        self.engine.connect(
            "finished-utterance", lambda name, completed: self.finished.append(completed)
        )

    def save(self, text: str, voice: str, rate_wpm: int, path: Path) -> Speech | None:
        """Voice `text` into `path`; None where no sound came."""
        self.errors.clear()
        self.finished.clear()
        # A second run finds the proxy idle: its commands, the end of the loop among them, would be
        # carried out before the loop begins, which then never ends.
        self.engine.proxy.setBusy(True)
        # The voice first: on Windows the rate's scale is the voice's. Both always: they stay set.
        wanted = self.default_voice if voice == SYSTEM_DEFAULT else voice
        if wanted is not None:
            self.engine.setProperty("voice", wanted)
        self.engine.setProperty("rate", rate_wpm)
        self.engine.save_to_file(text, str(path))
        self.engine.runAndWait()  # what was set is carried out only now
        taken = self.engine.getProperty("voice")
        if voice != SYSTEM_DEFAULT and (self.errors or taken != wanted):
            raise SpeechError(
                f"this system has no voice '{voice}' for pyttsx3",
                code="voice-missing",
                hint="see the voices with: sayso voices --engine pyttsx3",
            )
        # Windows writes before it returns; macOS hands its last buffers over later.
        return _wait_for_sound(path, n_quiet=1 if sys.platform == "win32" or self.finished else 5)


@functools.cache
def _system() -> _System:
    return _System()


def _speak_here(text: str, voice: str, rate_wpm: int) -> Speech:
    """Voice `text` in this process, into a file of the format that the system writes."""
    with tempfile.TemporaryDirectory(prefix="sayso-") as folder:
        suffix = ".aiff" if sys.platform == "darwin" else ".wav"
        with contextlib.redirect_stdout(io.StringIO()):
            for n in range(2):  # the first run of an engine may return before the file is there
                path = Path(folder) / f"take-{n}{suffix}"
                speech = _system().save(text, voice, rate_wpm, path)
                if speech is not None:
                    return speech
    raise SpeechError(
        f"pyttsx3 gave no sound for '{shorten(text)}'", hint=f"check that the voice '{voice}' works"
    )


def _wait_for_sound(path: Path, *, n_quiet: int, patience_s: float = 5.0) -> Speech | None:
    """The sound in `path` once its length has stayed the same for `n_quiet` times 50 ms."""
    import soundfile

    end = time.monotonic() + patience_s
    before, quiet = -1, 0
    while time.monotonic() < end:
        size = path.stat().st_size if path.exists() else 0
        quiet = quiet + 1 if size and size == before else 0
        if quiet >= n_quiet:
            with contextlib.suppress(soundfile.LibsndfileError):
                content = io.BytesIO(path.read_bytes())
                samples, sample_rate = soundfile.read(content, dtype="int16", always_2d=True)
                if samples.any():
                    return Speech(samples[:, 0].copy(), sample_rate)
        before = size
        time.sleep(0.05)
    return None
