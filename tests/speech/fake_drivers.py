"""pyttsx3 drivers as they behave on macOS and Windows, for a worker on any system.

They are real pyttsx3 drivers: the engine that loads them is pyttsx3's own. What they write and how
late is what `nsss` (AVFoundation) and `sapi5` (SpFileStream) do: AIFF, in the background; WAV.
"""

from __future__ import annotations

import sys
import threading
import time
import types
from pathlib import Path
from typing import Any

import numpy as np

WPM_WORDS_S = 60.0


class Driver:
    """What a driver needs; a word is a note, so that length tells the rate."""

    file_format = ("WAV", ".wav", 22_050)
    voices: tuple[tuple[Any, ...], ...] = ()
    delay_s = 0.0

    def __init__(self, proxy: Any) -> None:
        self._proxy = proxy
        self._rate = 200
        self._voice = self.voices[0][0]

    def destroy(self) -> None:
        pass

    def say(self, text: str) -> None:
        raise AssertionError("sayso never plays")

    def stop(self) -> None:
        pass

    def getProperty(self, name: str) -> Any:  # noqa: N802
        from pyttsx3.voice import Voice

        return {
            "voices": [Voice(*each) for each in self.voices],
            "voice": self._voice,
            "rate": self._rate,
            "volume": 1.0,
        }[name]

    def setProperty(self, name: str, value: Any) -> None:  # noqa: N802
        if name == "voice":
            if value not in {each[0] for each in self.voices}:
                raise ValueError("unknown voice id %s", value)
            self._voice = value
        elif name == "rate":
            self._rate = value
        print(f"{name} is {value}")  # drivers print

    def save_to_file(self, text: str, filename: str) -> None:
        assert filename.endswith(self.file_format[1]), filename
        if not self.delay_s:  # sapi5 writes before it returns, and notifies nobody
            self._write(text, filename)
            return
        self._proxy.setBusy(True)
        threading.Thread(target=self._write, args=(text, filename)).start()

    def _write(self, text: str, filename: str) -> None:
        import soundfile

        kind, _, rate = self.file_format
        n = int(rate * WPM_WORDS_S / self._rate * len(text.split()))
        pitch_hz = 200 + 40 * [each[0] for each in self.voices].index(self._voice)
        wave = 0.3 * np.sin(2 * np.pi * pitch_hz / rate * np.arange(n))
        time.sleep(self.delay_s)
        with (
            Path(filename).open("wb") as stream,
            soundfile.SoundFile(
                stream, "w", samplerate=rate, channels=1, format=kind, subtype="PCM_16"
            ) as file,
        ):
            file.write(wave[: n // 2])
            file.flush()
            self._is_done = True  # its loop ends, and the rest of the file is still to come
            time.sleep(self.delay_s / 4)
            file.write(wave[n // 2 :])

    def startLoop(self) -> None:  # noqa: N802
        self._loops, self._is_done = True, False
        self._proxy.setBusy(False)
        while self._loops:
            if self._is_done:
                self._is_done = False
                self._proxy.notify("finished-utterance", completed=True)
                self._proxy.setBusy(False)
            time.sleep(0.001)

    def endLoop(self) -> None:  # noqa: N802
        self._loops = False

    def iterate(self) -> Any:
        self._proxy.setBusy(False)
        yield


class Nsss(Driver):
    file_format = ("AIFF", ".aiff", 22_050)
    delay_s = 0.08

    def setProperty(self, name: str, value: Any) -> None:  # noqa: N802
        if name == "voice" and value not in {each[0] for each in self.voices}:
            return  # setVoice_ returns false, and the driver does not look
        super().setProperty(name, value)

    voices = (
        ("com.apple.voice.compact.en-US.Samantha", "Samantha", ["en_US"], "VoiceGenderFemale", 35),
        ("com.apple.eloquence.en-GB.Eddy", "Eddy (English (UK))", ["en_GB"], "VoiceGenderMale", 35),
        ("com.apple.voice.compact.und.Nobody", "Nobody", [], None, None),
    )


class Sapi5(Driver):
    voices = (
        (
            "HKEY_LOCAL_MACHINE\\SOFTWARE\\Microsoft\\Speech\\Voices\\Tokens\\TTS_MS_EN-US_DAVID_11.0",
            "Microsoft David Desktop - English (United States)",
            ["en-us"],
            "Male",
            "Adult",
        ),
        (
            "HKEY_LOCAL_MACHINE\\SOFTWARE\\Microsoft\\Speech\\Voices\\Tokens\\TTS_MS_EN-US_ZIRA_11.0",
            "Microsoft Zira Desktop - English (United States)",
            [],
            "Female",
            "Adult",
        ),
    )


def pretend(platform: str) -> None:
    """Make this process one of that system, with its driver. For a worker: it cannot be undone."""
    import platform as asked
    import tempfile

    import pyttsx3.engine
    import soundfile  # noqa: F401 - looks for its library by the system's name

    asked.uname(), tempfile.gettempdir()  # these remember the real system

    name, driver = {"darwin": ("nsss", Nsss), "win32": ("sapi5", Sapi5)}[platform]
    module = types.ModuleType(f"pyttsx3.drivers.{name}")
    module.buildDriver = driver  # type: ignore[attr-defined]
    sys.modules[module.__name__] = module
    pyttsx3.engine.default_engine_by_sys_platform = lambda: name
    sys.platform = platform


def speak(platform: str, text: str, voice: str = "default", speed: float = 1.0) -> Any:
    from sayso.speech.engines import load_engine

    if sys.platform != platform:
        load_engine("pyttsx3")
        pretend(platform)
    return load_engine("pyttsx3").speak(text, voice, speed)


def voices(platform: str) -> Any:
    from sayso.speech.engines import pyttsx3 as ours

    if sys.platform != platform:
        pretend(platform)
    return [ours._describe(*each) for each in ours.list_voices()]


def version_and_default(platform: str) -> tuple[str, str, bool]:
    from sayso.speech.engines import load_engine

    pretend(platform)
    engine = load_engine("pyttsx3")
    return engine.version, engine.default_voice("host"), engine.has_voice("default")


def files_left() -> list[str]:
    import tempfile

    folder = Path(tempfile.gettempdir())
    return [str(path) for path in folder.glob("sayso-*/take-*") if path.is_file()]
