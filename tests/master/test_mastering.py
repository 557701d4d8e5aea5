"""Mastering: a chunk of any length, window by window, as if at one go."""

from __future__ import annotations

import tracemalloc

import numpy as np
import pytest
from master.signals import (
    decode,
    in_silence,
    master_chunk,
    noise,
    speech_like,
    to_pcm,
    true_peak_db,
)

from sayso import master
from sayso.master import (
    FRAME,
    MasteredChunk,
    Mp3Format,
    master_windows,
)
from sayso.master.mastering import MARGIN, limited_windows

FORM = Mp3Format(44_100, 2, 128)


@pytest.fixture(scope="module")
def long_one() -> np.ndarray:
    """Twelve seconds of voice over noise, loud enough that much is limited, everywhere."""
    voice = np.repeat(speech_like(12, 44_100, peak=1.6), 2, axis=1)
    under = noise(len(voice), 2, -30, 7, tilt=0.5)
    return in_silence(voice + under * np.minimum(1, np.linspace(0, 60, len(voice)))[:, None])


@pytest.fixture(scope="module")
def whole(long_one: np.ndarray) -> MasteredChunk:
    """The same, mastered at one go."""
    return master_chunk(long_one, FORM)


def limited(sound: np.ndarray, ceiling_db: float = -1.2) -> np.ndarray:
    """The samples that the encoder gets, window by window."""
    parts = limited_windows(
        *(lambda first, last: sound[first:last], len(sound), 44_100),
        gain_db=0.0,
        ceiling_db=ceiling_db,
    )
    return to_pcm(np.concatenate([result.samples[own] for result, own in parts]))


@pytest.mark.parametrize("n_frames", [32, 41, 64, 200, 333])
def test_windows_are_limited_to_the_very_samples_of_the_whole(
    long_one: np.ndarray, n_frames: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    at_one_go = limited(long_one)
    monkeypatch.setattr(master.mastering, "WINDOW", n_frames * FRAME)
    np.testing.assert_array_equal(limited(long_one), at_one_go)


@pytest.mark.parametrize("n_frames", [64, 333])
def test_windows_join_without_a_trace(
    long_one: np.ndarray, whole: MasteredChunk, n_frames: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert whole.limited_db > 3
    monkeypatch.setattr(master.mastering, "WINDOW", n_frames * FRAME)
    in_windows = master_chunk(long_one, FORM)
    assert in_windows.encoded.frames == whole.encoded.frames
    assert in_windows.true_peak_dbtp == whole.true_peak_dbtp
    assert in_windows.limited_db == whole.limited_db
    np.testing.assert_allclose(in_windows.energies, whole.energies, rtol=1e-6)


def test_the_true_peak_is_that_of_the_limited_sound(whole: MasteredChunk) -> None:
    assert whole.true_peak_dbtp == pytest.approx(
        true_peak_db(decode(whole.encoded.frames)), abs=0.02
    )
    assert -1.3 < whole.true_peak_dbtp <= -1.0
    short = in_silence(0.1 * speech_like(1, 44_100))
    quiet = master_chunk(short, Mp3Format(44_100, 1, 128))
    assert quiet.limited_db == 0
    assert quiet.true_peak_dbtp == pytest.approx(true_peak_db(short), abs=0.1)


def test_a_gain_is_a_gain(long_one: np.ndarray) -> None:
    quiet = long_one * np.float32(0.1)
    louder = master_chunk(quiet, FORM, gain_db=6.0)
    as_it_was = master_chunk(quiet, FORM).energies
    np.testing.assert_allclose(louder.energies, as_it_was * 10 ** (6 / 10), rtol=1e-3, atol=1e-6)


def test_half_as_long_again_takes_no_more_memory() -> None:
    one, two = (_peak_bytes(60), _peak_bytes(90))
    assert two < 1.2 * one
    assert two < 80e6
    assert MARGIN % FRAME == 0


def _peak_bytes(seconds: int) -> int:
    n_samples = seconds * 44_100 // FRAME * FRAME

    def window(first: int, last: int) -> np.ndarray:
        places = np.arange(first, last)
        inside = (places >= 4 * FRAME) & (places < n_samples - 2 * FRAME)
        tone = 0.2 * np.sin(places * 0.05) * inside
        return tone[:, None].astype(np.float32)

    tracemalloc.start()
    mastered = master_windows(window, n_samples, Mp3Format(44_100, 1, 96))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert len(mastered.energies) == n_samples // FRAME
    return peak


def test_a_mastered_chunk_can_be_kept(long_one: np.ndarray) -> None:
    mastered = master_chunk(long_one[: 40 * FRAME] * np.float32(0), FORM)
    kept = MasteredChunk.unpack(mastered.pack())
    assert (kept.encoded.frames, kept.limited_db) == (mastered.encoded.frames, 0.0)
    assert kept.true_peak_dbtp == -np.inf
    np.testing.assert_array_equal(kept.energies, mastered.energies)
