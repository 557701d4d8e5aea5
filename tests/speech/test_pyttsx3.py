"""pyttsx3 and its defects, one by one, with the real thing in a real worker.

Each test is named after what pyttsx3 2.99 does wrong when it is used as its manual says.
"""

from __future__ import annotations

import subprocess
import sys
import threading
from collections.abc import Iterator

import numpy as np
import pytest
from speech import worker_tasks as tasks

from sayso.errors import EnvironmentProblem, SpeechError
from sayso.speech.engines import Speech, load_engine
from sayso.speech.engines.base import plain_text
from sayso.speech.engines.pyttsx3 import _voices
from sayso.speech.workers import LocalWorkers

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="espeak-ng comes with it there")

LINE = "The returning cast, including three new faces."
DEFAULT = "gmw/en-us+benjamin"


@pytest.fixture(scope="module")
def worker() -> Iterator[LocalWorkers]:
    with LocalWorkers(1, limit_s=30) as pool:
        yield pool


def voiced(worker: LocalWorkers, text: str, voice: str = DEFAULT) -> Speech:
    return worker.submit(tasks.speak, "pyttsx3", text, voice, 1.0).result()


def test_defect_1_the_first_run_does_not_wait() -> None:
    first = []
    for _ in range(2):
        with LocalWorkers(1) as fresh:
            first.append(fresh.submit(tasks.espeak, LINE).result())
    assert len(first[0]) > 2 * 22_050
    assert first[0] == first[1]


def test_defect_2_of_several_texts_only_the_last_is_written(worker: LocalWorkers) -> None:
    futures = [worker.submit(tasks.espeak, text) for text in ("One.", "Twenty-two.", "Three.")]
    assert len({future.result() for future in futures}) == 3


def test_defect_3_a_change_of_rate_is_lost(worker: LocalWorkers) -> None:
    lengths: dict[int, set[int]] = {150: set(), 250: set()}
    for rate_wpm in (150, 250) * 6:
        lengths[rate_wpm].add(len(worker.submit(tasks.espeak, LINE, DEFAULT, rate_wpm).result()))
    assert {len(found) for found in lengths.values()} == {1}
    assert min(lengths[150]) > 1.4 * max(lengths[250])


def test_defect_3_the_first_run_may_leave_a_mark_that_cancels_the_next(
    worker: LocalWorkers,
) -> None:
    assert worker.submit(tasks.marks_to_stop, 12).result() == [False] * 12


def test_defect_4_a_path_that_cannot_be_written_hangs(worker: LocalWorkers) -> None:
    # Ours is a file that is open already; here the driver gets another, hangs, and is ended.
    assert worker.submit(tasks.espeak_to, "/nowhere/take.wav", 1.0).result() == "it hung"


def test_defect_4_a_file_that_may_not_grow_hangs(worker: LocalWorkers) -> None:
    worker.submit(tasks.kill_the_spare).result()  # it began without the limit
    with pytest.raises(EnvironmentProblem, match="limit of file size"):
        worker.submit(tasks.speak_under_a_limit, LINE, 20_000).result()
    assert len(voiced(worker, LINE).samples) > 22_050


def test_defect_5_two_engines_in_one_process_hang(worker: LocalWorkers) -> None:
    before = voiced(worker, LINE).samples
    assert worker.submit(tasks.count_voices).result() > 100
    assert np.array_equal(voiced(worker, LINE).samples, before)
    assert worker.submit(tasks.espeak_is_initialised).result() is False


@pytest.mark.parametrize("voice", ["gmw/en-us+nosuch", "nosuch", "en-gb", "gmw/en-us+Benjamin"])
def test_defect_6_unknown_voices_are_taken_in_silence(worker: LocalWorkers, voice: str) -> None:
    with pytest.raises(SpeechError, match="does not take the voice"):
        voiced(worker, LINE, voice)
    assert not load_engine("pyttsx3").has_voice(voice)


def test_defect_7_it_prints() -> None:
    program = f"""
import sys; sys.path[:0] = {sys.path!r}
from sayso.speech.engines import load_engine
load_engine("pyttsx3").speak({LINE!r}, {DEFAULT!r}, 1.0)
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (0, b"", b"")


def test_defect_8_word_events_carry_no_time(worker: LocalWorkers) -> None:
    speech = voiced(worker, LINE)
    assert [mark.word for mark in speech.words] == [word.strip(",.") for word in LINE.split()]
    times = [mark.start_ms for mark in speech.words]
    assert times == sorted(set(times))
    assert times[0] == 0
    assert times[-1] < len(speech.samples) * 1000 / speech.sample_rate


def test_defect_9_a_text_sounds_different_after_another_one(worker: LocalWorkers) -> None:
    texts = [LINE, "Nobody answers.", "It costs twenty dollars, or does it?"]
    alone = {}
    for text in texts:
        with LocalWorkers(1) as fresh:
            alone[text] = fresh.submit(tasks.espeak, text).result()
    for text in [*reversed(texts), *texts, texts[0]]:
        assert worker.submit(tasks.espeak, text).result() == alone[text]


def test_defect_10_work_grows_with_the_square_of_the_text(worker: LocalWorkers) -> None:
    with pytest.raises(SpeechError, match="too long for one take"):
        voiced(worker, "and then " * 120)


@pytest.mark.parametrize(
    ("written", "heard"),
    [
        ("Hello\0there.", "Hello there."),
        ("Hello \ud83d there.", "Hello there."),
        ("<speak>Hello <b>there</b>.</speak>", "Hello there."),
        ("Hello [[D'E@]] there.", "Hello ((D'E@)) there."),
        ("Hello 🔥 there 👍🏽.", "Hello there."),
        ("Hello\u200b\x07\n\tthere.", "Hello there."),
        ("3 < 4 and 5 > 2", "3 < 4 and 5 > 2"),
    ],
)
def test_defect_11_texts_that_trip_it(worker: LocalWorkers, written: str, heard: str) -> None:
    assert plain_text(written) == heard
    assert np.array_equal(voiced(worker, written).samples, voiced(worker, heard).samples)


@pytest.mark.parametrize("text", ["", "  ", "…", "🔥🔥", "\0"])
def test_defect_11_nothing_to_say_is_an_error(worker: LocalWorkers, text: str) -> None:
    with pytest.raises(SpeechError, match="cannot say"):
        voiced(worker, text)


def test_without_its_data_espeak_ends_the_process_from_c(worker: LocalWorkers) -> None:
    before = worker.submit(tasks.pid).result()
    with pytest.raises(SpeechError, match=r"died \(exit code 1\)"):
        worker.submit(tasks.espeak_without_data).result()
    assert worker.submit(tasks.pid).result() == before  # it was the child that ended
    assert len(voiced(worker, LINE).samples) > 22_050


def test_a_spare_child_that_was_killed_is_replaced(worker: LocalWorkers) -> None:
    before = voiced(worker, LINE).samples
    worker.submit(tasks.kill_the_spare).result()
    assert np.array_equal(voiced(worker, LINE).samples, before)


def test_voices_are_listed_and_every_one_is_known(worker: LocalWorkers) -> None:
    engine = load_engine("pyttsx3")
    voices = engine.voices()
    assert voices[0].id == engine.default_voice("host") == DEFAULT
    assert len(voices) > 100
    assert [voice.id for voice in voices if not engine.has_voice(voice.id)] == []
    british = next(voice for voice in voices if voice.id == "gmw/en-gb-x-rp")
    assert (british.language, british.sex) == ("en-gb-x-rp", "male")


def test_voices_are_listed_beside_other_threads_too(worker: LocalWorkers) -> None:
    worker.submit(tasks.pid).result()  # its thread is up
    assert threading.active_count() > 1
    listed = load_engine("pyttsx3").voices()
    _voices.cache_clear()
    assert load_engine("pyttsx3").voices() == listed


def test_the_way_of_other_systems_speaks_too() -> None:
    with LocalWorkers(1) as fresh:
        for speech in fresh.submit(tasks.speak_without_fork, LINE).result():
            assert speech.sample_rate == 22_050
            assert len(speech.samples) > 2 * 22_050
