"""Silence goes, speech stays."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from sayso.model import WordMark
from sayso.speech.engines import Speech
from sayso.speech.trimming import join, trim

RATE = 24_000


def tone(ms: int, peak: int = 8_000) -> np.ndarray:
    return (np.sin(np.arange(RATE * ms // 1000) / 7) * peak).astype(np.int16)


def silence(ms: int, peak: int = 0) -> np.ndarray:
    return np.full(RATE * ms // 1000, peak, np.int16)


@settings(max_examples=40)
@given(head=st.integers(0, 900), voice=st.integers(40, 600), tail=st.integers(0, 900))
def test_at_most_fifteen_milliseconds_of_silence_are_left(head: int, voice: int, tail: int) -> None:
    samples = np.concatenate([silence(head, 80), tone(voice), silence(tail, -80)])
    clean = trim(Speech(samples, RATE)).samples
    n_kept = len(clean) - RATE * voice // 1000
    assert n_kept <= RATE * (min(head, 15) + min(tail, 15)) // 1000 + 1
    assert n_kept >= -4  # a sine's own first samples may lie under the floor


def test_the_voice_itself_is_untouched() -> None:
    voice = tone(300)
    clean = trim(Speech(np.concatenate([silence(200), voice, silence(200)]), RATE)).samples
    assert voice[10:-10].tobytes() in clean.tobytes()


def test_ends_start_and_stop_softly() -> None:
    clean = trim(Speech(tone(200, 20_000), RATE)).samples
    assert abs(int(clean[0])) < 200
    assert abs(int(clean[-1])) < 200


def test_all_silence_leaves_nothing() -> None:
    assert len(trim(Speech(silence(500, 60), RATE)).samples) == 0


def test_word_marks_move_with_the_cut() -> None:
    samples = np.concatenate([silence(300), tone(400)])
    words = (WordMark("a", 0), WordMark("b", 300), WordMark("c", 500))
    assert trim(Speech(samples, RATE, words)).words == (
        WordMark("a", 0),
        WordMark("b", 15),
        WordMark("c", 215),
    )


def test_pieces_join_with_a_breath_at_a_comma_and_hardly_one_at_a_word() -> None:
    first = Speech(tone(100), RATE, (WordMark("one", 0),))
    second = Speech(tone(50), RATE, (WordMark("two", 10),))
    third = Speech(tone(70), RATE, (WordMark("three", 0),))
    whole = join([("one,", first), ("two", second), ("three.", third)])
    assert len(whole.samples) == RATE * (100 + 160 + 50 + 40 + 70) // 1000
    assert whole.words == (WordMark("one", 0), WordMark("two", 270), WordMark("three", 350))


def test_one_piece_is_itself() -> None:
    only = Speech(tone(100), RATE)
    assert np.array_equal(join([("one", only)]).samples, only.samples)
