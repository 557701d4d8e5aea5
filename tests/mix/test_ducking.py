"""The level of a bed: never raised, down before a word, steady through short pauses."""

from __future__ import annotations

import itertools

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from sayso.mix.ducking import (
    ATTACK_MS,
    BRIDGE_MS,
    CLEAR_LU,
    FADE_IN_MS,
    FADE_OUT_MS,
    HOLD_MS,
    RELEASE_MS,
    UNDER_VOICE_LU,
    bed_gain,
)

RATE = 4_000  # nothing here depends on it
RANDOM = settings(max_examples=100, deadline=None)
CLEAR, UNDER = 10 ** (CLEAR_LU / 20), 10 ** (UNDER_VOICE_LU / 20)


def at(ms: int) -> int:
    return ms * RATE // 1000


@st.composite
def beds(draw: st.DrawFn) -> tuple[int, list[tuple[int, int]]]:
    """A bed's length, and spoken intervals with any pauses, the first as far in as may be."""
    place = draw(st.integers(-3 * RATE, 3 * RATE))
    speech = []
    for _ in range(draw(st.integers(0, 6))):
        end = place + draw(st.integers(1, 4 * RATE))
        speech.append((place, end))
        place = end + draw(st.integers(0, 4 * RATE))
    return max(place, 0) + draw(st.integers(1, 4 * RATE)), speech


def whole(n_samples: int, speech: list[tuple[int, int]]) -> np.ndarray:
    return bed_gain(np.arange(n_samples), n_samples, speech, RATE)


@RANDOM
@given(beds())
def test_it_never_raises(bed) -> None:
    gain = whole(*bed)
    assert gain.min() >= 0
    assert gain.max() <= CLEAR * 1.000_001


@RANDOM
@given(beds())
def test_it_is_down_before_the_first_word_and_till_after_the_last(bed) -> None:
    n_samples, speech = bed
    gain = whole(n_samples, speech)
    for start, end in speech:
        spoken = gain[max(start, 0) : max(0, end + at(HOLD_MS))]
        assert spoken.max(initial=0) <= UNDER * 1.000_001


@RANDOM
@given(beds())
def test_it_does_not_pump_in_short_pauses(bed) -> None:
    n_samples, speech = bed
    gain = whole(n_samples, speech)
    for (_, end), (start, _) in itertools.pairwise(speech):
        if start - end < at(BRIDGE_MS):
            assert gain[max(end, 0) : max(start, 0)].max(initial=0) <= UNDER * 1.000_001


@RANDOM
@given(beds())
def test_it_starts_and_ends_in_silence_and_has_no_step(bed) -> None:
    n_samples, speech = bed
    gain = whole(n_samples, speech)
    assert gain[0] == gain[-1] == 0
    steepest = CLEAR * (
        np.pi / 2 * (1 / at(FADE_IN_MS) + 1 / at(FADE_OUT_MS))
        + (CLEAR_LU - UNDER_VOICE_LU) / 20 * np.log(10) / at(ATTACK_MS)
    )
    assert np.abs(np.diff(gain)).max(initial=0) <= steepest * 1.01


@RANDOM
@given(beds(), st.integers(0, 20 * RATE))
def test_parts_are_those_of_the_whole(bed, first: int) -> None:
    n_samples, speech = bed
    first = min(first, n_samples)
    np.testing.assert_array_equal(
        bed_gain(np.arange(first, n_samples), n_samples, speech, RATE), whole(*bed)[first:]
    )


def test_it_is_clear_where_nobody_speaks() -> None:
    n_samples = 20 * RATE
    speech = [(5 * RATE, 6 * RATE), (9 * RATE, 10 * RATE)]
    gain = whole(n_samples, speech)
    for second in (2, 4, 8, 13, 17):
        assert abs(gain[second * RATE] - CLEAR) < 2**-20
    up_again = 6 * RATE + at(HOLD_MS + RELEASE_MS)
    assert UNDER < gain[up_again - RATE // 400] < CLEAR
    assert abs(gain[up_again] - CLEAR) < 2**-20
    assert abs(whole(n_samples, [])[10 * RATE] - CLEAR) < 2**-20
