"""pyttsx3 on Linux, made safe: one forked child a sentence.

pyttsx3's espeak driver keeps state, hangs, prints, swallows exceptions and may end the whole
process from C. A child that voices one sentence and ends cures all of it at once: the parent has
the driver imported but never initialised, so that each child starts from the same memory; what
comes back is a pure function of text, voice and rate, and a child that hangs or dies is replaced.

Initialising is mostly waiting, so a spare child does it while the one before it speaks.

What each step guards against is said beside it; tests/speech/test_pyttsx3.py has a test a defect.
"""

from __future__ import annotations

import contextlib
import ctypes
import functools
import json
import os
import resource
import select
import signal
import sys
import tempfile
import threading
import time
import types
import wave
from collections.abc import Callable
from typing import IO, Any, NoReturn

import numpy as np

from sayso.errors import EngineMissing, EnvironmentProblem, SpeechError
from sayso.model import WordMark
from sayso.speech.engines.base import Speech, describe_voice, shorten
from sayso.speech.engines.espeak_data import bundled_data, with_lower_case
from sayso.speech.engines.espeak_text import phonemes
from sayso.speech.worker import die_with

SAMPLE_RATE = 22_050
_EVENT_WORD = 1  # espeakEVENT_WORD of speak_lib.h
_TRIES = 3  # one for a spare that the system has killed while it waited, two for the sentence

Report = dict[str, Any]
"""What a child sends back; goes through JSON."""


class _Failed(Exception):
    """The child hung, died or gave no sound; another try may do better."""


def speak(text: str, voice: str, rate_wpm: int) -> Speech:
    """Voice `text` in a child; `rate_wpm` is in words a minute.

    Raises SpeechError where several children in turn fail or espeak does not take the voice,
    EngineMissing where there is no espeak-ng, EnvironmentProblem where a limit of file size is
    smaller than the sound.
    """
    _prepare()
    order = {"text": text, "voice": voice, "rate_wpm": rate_wpm}
    limit_s = 10.0 + 0.1 * len(text)
    reason = ""
    for _ in range(_TRIES):
        child = _spares.pop() if _spares else _Child(_begin)
        try:
            with child:
                child.tell(order)
                if not _spares:
                    _spares.append(_Child(_begin))
                return _speech(child.report(limit_s), child.file)
        except _Failed as failure:
            reason = str(failure)
    raise SpeechError(
        f"pyttsx3 could not say '{shorten(text)}': {reason}",
        hint="say it otherwise, or choose another engine",
    )


def warm_up() -> None:
    """Have a spare child that is initialised, for the first sentence."""
    _prepare()
    if not _spares:
        _spares.append(_Child(_begin))


@functools.cache
def list_voices() -> tuple[tuple[str, str, str, str], ...]:
    """Id, name, language and sex of every voice, by pyttsx3's own listing, in a child."""
    _prepare()
    try:
        with _Child(_begin_to_list) as child:
            child.tell({"list": True})
            report = child.report(20.0)
    except _Failed as failure:
        problem = f"pyttsx3 could not list its voices: {failure}"
        raise SpeechError(problem, hint="reinstall espeakng-loader") from failure
    return tuple((str(a), str(b), str(c), str(d)) for a, b, c, d in report["voices"])


def sounds(text: str, voice: str) -> str:
    """The phonemes that espeak makes of `text`, in IPA."""
    _prepare()
    try:
        with _Child(_begin) as child:
            child.tell({"sounds": text, "voice": voice})
            return str(child.report(20.0)["sounds"])
    except _Failed as failure:
        raise SpeechError(f"no phonemes for '{shorten(text)}': {failure}") from failure


@functools.cache
def _prepare() -> None:
    """Import the driver without initialising it, once a process.

    Without a data path libespeak calls C `exit(1)` in init; the library loaded here satisfies
    the driver's own lookup by its SONAME.
    """
    try:
        data = bundled_data()
        if data is not None:
            import espeakng_loader

            os.environ["ESPEAK_DATA_PATH"] = str(with_lower_case(data).parent)
            ctypes.CDLL(espeakng_loader.get_library_path())
        import pyttsx3.drivers.espeak
        import pyttsx3.engine  # noqa: F401
    except (ImportError, OSError, RuntimeError) as error:
        raise EngineMissing(
            f"pyttsx3 finds no espeak-ng: {error}", hint="pip install espeakng-loader"
        ) from error


# --------------------------------------------------------------------------- the parent's side


class _Child:
    """A forked child that runs `begin` at once, waits for an order, obeys it, and ends.

    `begin` returns the function that is called with the order and the path of `file`, and
    returns the report. Use as a context manager: at the end the child is no more.
    """

    def __init__(self, begin: Callable[[], Callable[[Report, str], Report]]) -> None:
        self.file, path = _landing()
        orders, self._orders = os.pipe()
        self._reports, reports = os.pipe()
        parent = os.getpid()
        self.pid = os.fork()
        if self.pid == 0:
            os.close(self._orders)  # else it would never see the end of its orders
            _run_child(begin, orders, reports, path, parent)
        os.close(orders)
        os.close(reports)

    def tell(self, order: Report) -> None:
        """Give the order. A child that is gone already shows when it is asked for the report."""
        with contextlib.suppress(BrokenPipeError):
            _write_all(self._orders, json.dumps(order).encode())
        os.close(self._orders)
        self._orders = -1

    def report(self, limit_s: float) -> Report:
        """What the child sends back.

        Raises _Failed where it takes longer than `limit_s` or ends without a report,
        EnvironmentProblem where it may not write its file, and SpeechError with what it says is
        wrong.
        """
        raw = _read_until(self._reports, time.monotonic() + limit_s)
        if not raw:
            _, status = os.waitpid(self.pid, 0)
            self.pid = 0
            if os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGXFSZ:
                raise EnvironmentProblem(
                    "a sentence's sound is larger than the system's limit of file size",
                    code="no-space",
                    hint="raise the limit: ulimit -f unlimited",
                )
            raise _Failed(f"it died ({_ending(status)})")
        report: Report = json.loads(raw)
        if "error" in report:
            raise SpeechError(f"pyttsx3: {report['error']}", hint=report.get("hint"))
        if "failed" in report:
            raise _Failed(report["failed"])
        return report

    def __enter__(self) -> _Child:
        return self

    def __exit__(self, *_: object) -> None:
        if self.pid:
            os.kill(self.pid, signal.SIGKILL)  # harmless where it has ended: it is not reaped yet
            os.waitpid(self.pid, 0)
        for handle in (self._orders, self._reports):
            if handle >= 0:
                os.close(handle)
        self.file.close()


_spares: list[_Child] = []
"""At most one child that is initialised and waits for its order."""


def _landing() -> tuple[IO[bytes], str]:
    """A file for the child to write, and its path.

    It is in memory where /proc is there, so that nothing is left behind, whoever is killed. Open
    already, so writable: a path that cannot be written makes the driver hang for ever.
    """
    file = os.fdopen(os.memfd_create("sayso"), "w+b")
    path = f"/proc/self/fd/{file.fileno()}"
    if os.access(path, os.W_OK):
        return file, path
    file.close()
    named = tempfile.NamedTemporaryFile(prefix="sayso-", suffix=".wav")  # noqa: SIM115
    return named, named.name


def _speech(report: Report, file: IO[bytes]) -> Speech:
    """The sound that the child has written, checked."""
    file.seek(0)
    try:
        with wave.open(file, "rb") as sound:
            shape = (sound.getframerate(), sound.getnchannels(), sound.getsampwidth())
            samples = np.frombuffer(sound.readframes(sound.getnframes()), "<i2")
    except (wave.Error, EOFError) as error:
        raise _Failed(f"its file is damaged ({error})") from error
    if shape != (SAMPLE_RATE, 1, 2):
        raise _Failed(f"its file has an unexpected format {shape}")
    if not samples.any():
        raise _Failed("its file is silent")
    words = tuple(WordMark(str(word), int(start_ms)) for word, start_ms in report["words"])
    return Speech(samples.astype(np.int16), SAMPLE_RATE, words)


def _write_all(handle: int, raw: bytes) -> None:
    while raw:
        raw = raw[os.write(handle, raw) :]


def _read_until(reader: int, end: float | None) -> bytes:
    """All that comes until the other side closes; raises _Failed at the time `end`."""
    raw = b""
    while True:
        if end is not None:
            left_s = end - time.monotonic()
            if left_s <= 0 or not select.select([reader], [], [], left_s)[0]:
                raise _Failed("it hung")
        chunk = os.read(reader, 65_536)
        if not chunk:
            return raw
        raw += chunk


def _ending(status: int) -> str:
    if os.WIFSIGNALED(status):
        return f"signal {os.WTERMSIG(status)}"
    return f"exit code {os.WEXITSTATUS(status)}"


# ---------------------------------------------------------------------------- the child's side


def _run_child(
    begin: Callable[[], Callable[[Report, str], Report]],
    orders: int,
    reports: int,
    path: str,
    parent: int,
) -> NoReturn:
    """Never returns, never lets an exception out into the parent's program."""
    try:
        die_with(parent)
        # Python ignores this signal; the write then fails in a callback, and the driver hangs.
        signal.signal(signal.SIGXFSZ, signal.SIG_DFL)
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))  # nobody wants its memory on a disk
        silence = os.open(os.devnull, os.O_WRONLY)
        os.dup2(silence, 1)  # the driver prints "Audio saved to …"
        os.dup2(silence, 2)
        sys.stdout = sys.stderr = open(os.devnull, "w")  # noqa: SIM115, PTH123
        try:
            obey = begin()
            raw = _read_until(orders, None)
            if not raw:
                os._exit(0)  # a spare that was never needed
            report = obey(json.loads(raw), path)
        except SpeechError as error:
            report = {"error": error.problem, "hint": error.hint}
        except Exception as error:  # whatever the driver raises is the parent's to report
            report = {"failed": f"{type(error).__name__}: {error}"}
        _write_all(reports, json.dumps(report).encode())
    finally:
        os._exit(0)  # no exit handlers: they are the parent's


class _Espeak:
    """The one pyttsx3 engine of a child."""

    def __init__(self) -> None:
        import pyttsx3
        from pyttsx3.drivers import _espeak, espeak

        self.errors: list[BaseException] = []
        self.library = _espeak
        # The driver's loop looks up every 10 ms, the last time after the end of the sentence. Here
        # that end wakes it: a fifth of the time of a sentence.
        self._end = threading.Event()
        espeak.time = types.SimpleNamespace(sleep=self._end.wait)
        # By name: init() and init("espeak") would be two engines on one callback.
        self.engine = pyttsx3.init("espeak")
        # Refused voices and failures in callbacks arrive as events only.
        self.engine.connect("error", lambda name, exception: self.errors.append(exception))
        self.finished: list[bool] = []
        self.engine.connect("finished-utterance", self._finish)
        self.settle()
        # The first run does not wait; one empty run cures that, a second one would hang.
        self.engine.runAndWait()
        self.settle()

    def _finish(self, name: str, completed: bool) -> None:
        self.finished.append(completed)
        if completed:  # after the empty run, the pause is needed: espeak stops meanwhile
            self._end.set()

    def settle(self) -> None:
        """Wait until espeak has carried out what it was told.

        A run begins by stopping what is under way. Where that is a change of a property, the
        change is lost, or the driver keeps a mark that cancels the sentence that comes next.
        """
        while self.library.IsPlaying():
            time.sleep(0.0005)

    def set(self, name: str, value: object) -> None:
        """Set a property, and make sure that espeak has taken it."""
        self.errors.clear()
        self.engine.setProperty(name, value)
        self.settle()
        # An unknown variant is no error to espeak: it takes the plain voice. Ids are lower case.
        taken = str(self._current(name)).lower() == str(value).lower()
        if self.errors or not taken:
            raise SpeechError(
                f"espeak-ng does not take the {name} '{value}'",
                code="voice-missing",
                hint="see the voices with: sayso voices --engine pyttsx3",
            )

    def _current(self, name: str) -> object:
        if name == "rate":
            # pyttsx3 leaves out whether the current value is meant (1) or the default one (0).
            return self.library.dll.espeak_GetParameter(self.library.RATE, 1)
        return self.engine.getProperty(name)

    def listen_for_words(self, text: str) -> list[tuple[str, int]]:
        """The list that word times go to: pyttsx3's own word events carry no time."""
        marks: list[tuple[str, int]] = []
        pass_on = self.engine.proxy._driver._onSynth

        def note(sound: Any, n_samples: int, events: Any) -> int:
            index = 0
            while (event := events[index]).type:
                if event.type == _EVENT_WORD and event.length > 0:
                    start = event.text_position - 1
                    marks.append((text[start : start + event.length], event.audio_position))
                index += 1
            return int(pass_on(sound, n_samples, events))

        self.library.SetSynthCallback(note)
        return marks


def _begin() -> Callable[[Report, str], Report]:
    return functools.partial(_obey, _Espeak())


def _begin_to_list() -> Callable[[Report, str], Report]:
    """By espeak's own data: each voice once."""
    data = bundled_data()
    if data is not None:
        os.environ["ESPEAK_DATA_PATH"] = str(data.parent)
    return _begin()


def _obey(espeak: _Espeak, order: Report, path: str) -> Report:
    if order.get("list"):
        return {"voices": [describe_voice(each) for each in espeak.engine.getProperty("voices")]}
    espeak.set("voice", order["voice"])
    if "sounds" in order:
        return {"sounds": phonemes(espeak.library.dll, order["sounds"])}
    espeak.set("rate", order["rate_wpm"])
    marks = espeak.listen_for_words(order["text"])
    # One text a run: of several only the last is written.
    espeak.engine.save_to_file(order["text"], path)
    espeak.engine.runAndWait()
    if espeak.errors:
        raise espeak.errors[0]
    if espeak.finished != [True]:
        raise _Failed("it ended before its text")
    return {"words": marks}
