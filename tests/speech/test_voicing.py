"""From lines to takes: in order, once each, the same bytes however the work is shared out."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
from speech.conftest import SENTENCES
from speech.plugins import Install
from tools import SOAK

from sayso.errors import EngineMissing, EnvironmentProblem, ErrorGroup, SpeechError
from sayso.model import Line, Voice
from sayso.speech.takes import Take, TakeStore
from sayso.speech.voicing import line_key, missing, voice_lines
from sayso.speech.workers import LocalWorkers

Lines = Callable[..., list[Line]]


def sound(takes: tuple[Take, ...]) -> bytes:
    return b"|".join(take.samples().tobytes() for take in takes)


def test_every_line_has_its_take_in_order(store: TakeStore, lines: Lines) -> None:
    script = lines("tone", "host")
    takes = voice_lines(script, store)
    assert [take.key for take in takes] == [line_key(line) for line in script]
    by_length = sorted(range(len(script)), key=lambda n: len(script[n].spoken))
    assert by_length == sorted(by_length, key=lambda n: takes[n].n_samples)


def test_no_lines_no_takes(store: TakeStore) -> None:
    assert voice_lines([], store) == ()


def test_a_second_build_voices_nothing(store: TakeStore, lines: Lines) -> None:
    script = lines("tone", "host")
    first = voice_lines(script, store)
    calls: list[tuple[int, int]] = []
    assert voice_lines(script, store, progress=lambda *done: calls.append(done)) == first
    assert calls == []
    assert missing(script, store) == ()


def test_equal_lines_are_voiced_once_and_a_change_alone_is_voiced(
    store: TakeStore, lines: Lines
) -> None:
    script = lines("tone", "host", ("Good evening.", "Nobody answers.", "Good evening."))
    calls: list[tuple[int, int]] = []
    assert missing(script, store) == (script[0], script[1])
    takes = voice_lines(script, store, progress=lambda *done: calls.append(done))
    assert takes[0] == takes[2]
    assert calls == [(1, 2), (2, 2)]
    changed = lines("tone", "host", ("Good evening.", "Somebody answers."))
    assert missing(changed, store) == (changed[1],)


def test_gain_and_speaker_voice_nothing_again(store: TakeStore, lines: Lines) -> None:
    voice_lines(lines("tone", "host"), store)
    louder = Voice("critic", "tone", "host", gain_db=3.0, speaker="Ada")
    assert missing([Line(text, text, louder, 0) for text in SENTENCES], store) == ()


@pytest.mark.parametrize("engine", ["tone", "hibari", "pyttsx3"])
def test_the_bytes_depend_neither_on_jobs_nor_on_order(
    tmp_path: Path, lines: Lines, engine: str
) -> None:
    voice = {"tone": "host", "hibari": "heart", "pyttsx3": "gmw/en-us+benjamin"}[engine]
    script = lines(engine, voice)
    alone = voice_lines(script, TakeStore(tmp_path / "1"), jobs=1)
    with LocalWorkers(2) as workers:
        shared = voice_lines(script[::-1], TakeStore(tmp_path / "2"), workers=workers)
    assert sound(alone) == sound(shared[::-1])
    assert [take.words for take in alone] == [take.words for take in shared[::-1]]


def test_any_executor_will_do(store: TakeStore, lines: Lines) -> None:
    with ThreadPoolExecutor(2) as workers:
        takes = voice_lines(lines("tone", "critic"), store, workers=workers)
    assert len({take.key for take in takes}) == len(SENTENCES)


def test_a_damaged_take_is_voiced_again(store: TakeStore, lines: Lines) -> None:
    script = lines("tone", "host")
    before = sound(voice_lines(script, store))
    path = store.path(line_key(script[2]))
    path.write_bytes(path.read_bytes()[:-100])
    assert missing(script, store) == (script[2],)
    assert sound(voice_lines(script, store)) == before


def test_takes_are_clean_speech(store: TakeStore, lines: Lines) -> None:
    for take in voice_lines(lines("hibari", "heart", SENTENCES[:2]), store):
        loud = np.flatnonzero(np.abs(take.samples().astype(int)) > 104)  # −50 dBFS
        assert loud[0] <= take.sample_rate * 0.015
        assert take.n_samples - loud[-1] - 1 <= take.sample_rate * 0.015


def test_long_lines_are_voiced_in_pieces_without_a_long_gap(
    store: TakeStore, install: Install
) -> None:
    install("strict", "strict_engine", STRICT)
    text = "and so it goes, for ever and ever, without a stop to breathe at all " * 12
    (take,) = voice_lines([Line(text, text, Voice("host", "strict", "host"), 0)], store)
    quiet = np.abs(take.samples().astype(int)) < 104
    longest = max(len(run) for run in "".join("01"[int(q)] for q in quiet).split("0"))
    assert longest <= take.sample_rate * 0.25
    assert len(take.words) == len(text.split())
    assert [mark.start_ms for mark in take.words] == sorted(mark.start_ms for mark in take.words)


STRICT = """
from sayso.speech.engines.tone import ToneEngine
class Plugin(ToneEngine):
    name = "strict"
    def speak(self, text, voice, speed):
        assert len(text) <= 300, len(text)
        return super().speak(text, voice, speed)
"""


def test_ipa_goes_only_to_engines_that_take_it(store: TakeStore, lines: Lines) -> None:
    marked, plain = "The ⟦score|skɔː⟧ never rests.", "The score never rests."
    tone = lines("tone", "host", (marked, plain))
    assert line_key(tone[0]) == line_key(tone[1])
    hibari = lines("hibari", "heart", (marked, plain))
    assert line_key(hibari[0]) != line_key(hibari[1])


def test_a_line_without_words_is_a_short_silence(store: TakeStore, lines: Lines) -> None:
    (take,) = voice_lines(lines("tone", "host", ("…",)), store)
    assert take.n_samples == take.sample_rate // 10
    assert not take.samples().any()


# ------------------------------------------------------------------------------ failures


def test_what_fails_is_raised_together_and_what_succeeds_is_kept(
    store: TakeStore, lines: Lines
) -> None:
    script = lines("tone", "host", ("💧", "Nobody answers.", "🔥", "Good evening."))
    with pytest.raises(ErrorGroup) as caught:
        voice_lines(script, store)
    assert [error.problem for error in caught.value.errors] == [
        "tone cannot say '💧'",
        "tone cannot say '🔥'",
    ]
    assert all("lexicon.toml" in str(error) for error in caught.value.errors)
    assert missing(script, store) == (script[0], script[2])


def test_an_engines_own_error_names_the_line(store: TakeStore, install: Install) -> None:
    install("moody", "moody_engine", MOODY)
    voice = Voice("host", "moody", "host")
    script = [Line(text, text, voice, 0) for text in ("Good evening.", "A refusal.", "A crash.")]
    with pytest.raises(ErrorGroup) as caught:
        voice_lines(script, store)
    assert [str(error) for error in caught.value.errors] == [
        "'A refusal.': not today (come back later)",
        "'A crash.': the engine 'moody' failed with ZeroDivisionError: division by zero "
        "(say it otherwise, or choose another engine)",
    ]
    assert missing(script, store) == tuple(script[1:])


def test_what_an_engine_returns_is_checked(store: TakeStore, install: Install) -> None:
    install("floating", "floating_engine", FLOATING)
    line = Line("Good evening.", "Good evening.", Voice("host", "floating", "host"), 0)
    with pytest.raises(EnvironmentProblem, match=r"'floating' is broken: samples are float32 in 1"):
        voice_lines([line], store)
    assert missing([line], store) == (line,)


FLOATING = """
from dataclasses import replace
from sayso.speech.engines.tone import ToneEngine
class Plugin(ToneEngine):
    name = "floating"
    def speak(self, text, voice, speed):
        speech = super().speak(text, voice, speed)
        return replace(speech, samples=speech.samples.astype("float32"))
"""

MOODY = """
from sayso.errors import SpeechError
from sayso.speech.engines.tone import ToneEngine
class Plugin(ToneEngine):
    name = "moody"
    in_process = False
    def speak(self, text, voice, speed):
        if "refusal" in text:
            raise SpeechError("not today", hint="come back later")
        if "crash" in text:
            1 / 0
        return super().speak(text, voice, speed)
"""


def test_a_missing_engine_is_said_once(store: TakeStore, install: Install) -> None:
    code = MOODY + "    installed = classmethod(lambda cls: 'pip install moody')\n"
    install("moody", "moody_engine_absent", code)
    voice = Voice("host", "moody", "host")
    with pytest.raises(EngineMissing, match="pip install moody"):
        voice_lines([Line(text, text, voice, 0) for text in SENTENCES], store)


def test_a_full_disk_ends_the_work_at_once(store: TakeStore, lines: Lines, tmp_path: Path) -> None:
    store.folder.write_text("a file in its place")
    calls: list[tuple[int, int]] = []
    with pytest.raises(EnvironmentProblem):
        voice_lines(lines("tone", "host"), store, progress=lambda *done: calls.append(done))
    assert calls == []


CHAOS = """
import os, signal, time
from pathlib import Path
from sayso.speech.engines.tone import ToneEngine
class Plugin(ToneEngine):
    name = "chaos"
    in_process = False
    def speak(self, text, voice, speed):
        flag = Path(__file__).with_name(text.replace(" ", "_") + "flag")
        if text.startswith(("Hang", "Die")) and not flag.exists():
            flag.touch()
            if text.startswith("Hang"):
                time.sleep(3600)
            os.kill(os.getpid(), signal.SIGKILL)
        return super().speak(text, voice, speed)
"""


@pytest.mark.skipif(os.name != "posix", reason="kills by signal")
def test_hangs_and_kills_lose_no_line_and_mix_none_up(tmp_path: Path, install: Install) -> None:
    n, every = (200, 10) if SOAK else (36, 12)
    install("chaos", "chaos_engine", CHAOS)
    heads = {1: "Hang at", 2: "Die at"}
    texts = [f"{heads.get(n % every, 'Line')} number {n}." for n in range(n)]
    script = [Line(text, text, Voice("host", "chaos", "host"), 0) for text in texts]
    calm = [Line(text, text, Voice("host", "tone", "host"), 0) for text in texts]
    with LocalWorkers(2, limit_s=2.5) as workers:
        takes = voice_lines(script, TakeStore(tmp_path / "a"), workers=workers)
        pids = workers.pids()
    assert sound(takes) == sound(voice_lines(calm, TakeStore(tmp_path / "b")))
    assert pids
    for pid in pids:
        with pytest.raises(ProcessLookupError):
            os.kill(pid, 0)


def test_nothing_is_printed_and_no_main_guard_is_needed(tmp_path: Path) -> None:
    script = tmp_path / "build.py"
    script.write_text(f"""
import sys; sys.path[:0] = {sys.path!r}
from pathlib import Path
from sayso.model import Line, Voice
from sayso.speech.engines import resolve
from sayso.speech.takes import TakeStore
from sayso.speech.voicing import voice_lines
voice = resolve(Voice("host", engine="pyttsx3"))
(take,) = voice_lines([Line("Hello.", "Hello.", voice, 0)], TakeStore(Path({str(tmp_path)!r})))
assert take.n_samples > 5_000
""")
    done = subprocess.run([sys.executable, script], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_an_error_of_one_line_is_that_error(store: TakeStore, lines: Lines) -> None:
    with pytest.raises(SpeechError, match="tone cannot say"):
        voice_lines(lines("tone", "host", ("🔥",)), store)
