import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from master.signals import noise, sine, speech_like, true_peak_db

from sayso import master
from sayso.errors import SoundError
from sayso.master import limit, truepeak

RATE = 44_100
RANDOM = settings(max_examples=30, deadline=None)


@st.composite
def sounds(draw):
    """Bursts of coloured noise, more or less far above full scale, one channel or two."""
    n = draw(st.integers(600, 10_000))
    sound = noise(
        n, draw(st.integers(1, 2)), 0, draw(st.integers(0, 10_000)), tilt=draw(st.floats(0, 1))
    )
    edge = np.minimum(1, np.minimum(np.arange(n), np.arange(n)[::-1]) / 200)
    burst = np.abs(np.sin(np.arange(n) * draw(st.floats(1e-4, 1e-2)))) ** draw(st.floats(0, 6))
    peak = draw(st.floats(0.05, 5))
    sound *= (edge * burst)[:, None].astype(np.float32)
    return (sound * peak / np.abs(sound).max()).astype(np.float32)


@RANDOM
@given(sounds(), st.floats(-15, 0))
def test_the_true_peak_never_passes_the_ceiling(sound, ceiling_db):
    assert true_peak_db(limit(sound, ceiling_db, RATE).samples) <= ceiling_db + 0.01


@RANDOM
@given(sounds(), st.floats(0.5, 20))
def test_no_more_is_taken_than_the_ceiling_asks_for(sound, over_db):
    ceiling_db = true_peak_db(sound) - over_db
    limited = limit(sound, ceiling_db, RATE)
    # Peaks that are limited touch the ceiling: 0.02 dB below it, and what the slopes shift.
    assert true_peak_db(limited.samples) > ceiling_db - 0.2
    assert limited.reduction_db < over_db + 0.3


@RANDOM
@given(sounds(), st.floats(-15, 0), st.integers(1, 40), st.integers(0, 40))
def test_the_gain_does_not_depend_on_where_a_sound_lies(sound, ceiling_db, before, after):
    padded = np.pad(sound, ((32 * before, 32 * after), (0, 0)))
    alone = limit(sound, ceiling_db, RATE).samples
    among = limit(padded, ceiling_db, RATE).samples
    np.testing.assert_array_equal(among[32 * before :][: len(sound)], alone)


def test_the_curve_between_the_samples_is_read_exactly():
    """Whole numbers: every order of summation gives the same, and no tap is near a half."""
    interpolator = truepeak._interpolator(16)
    taps = interpolator.whole_matrix
    assert (taps == np.rint(taps)).all()
    largest = np.abs(taps).sum(axis=0).max() * 64 * truepeak._SAMPLE_SCALE
    assert largest < 2**53
    rng = np.random.default_rng(5)
    windows = np.rint(rng.uniform(-64, 64, (40, len(taps))) * truepeak._SAMPLE_SCALE)
    backwards = windows[:, ::-1] @ taps[::-1]
    np.testing.assert_array_equal(windows @ taps, backwards)
    one_by_one = sum(windows[:, k, None] * taps[k] for k in range(len(taps)))
    np.testing.assert_array_equal(windows @ taps, one_by_one)


@RANDOM
@given(sounds(), st.floats(-15, 0))
def test_nothing_is_raised_and_channels_keep_together(sound, ceiling_db):
    result = limit(sound, ceiling_db, RATE)
    assert result.samples.shape == sound.shape
    assert result.reduction_db >= 0
    assert (np.abs(result.samples) <= np.abs(sound)).all()
    assert (result.samples[sound == 0] == 0).all()
    heard = (np.abs(sound) > 1e-4).all(axis=1)
    gain = result.samples[heard] / sound[heard]
    np.testing.assert_allclose(gain.min(axis=1), gain.max(axis=1), atol=1e-6)
    if len(gain):
        assert -20 * np.log10(gain.min()) <= result.reduction_db + 1e-3


@RANDOM
@given(sounds(), st.floats(0.05, 10))
def test_what_is_below_the_ceiling_stays_as_it_is(sound, room_db):
    result = limit(sound, true_peak_db(sound) + room_db, RATE)
    assert result.samples is sound
    assert result.reduction_db == 0


def test_only_the_neighbourhood_of_a_peak_is_touched():
    sound = speech_like(3, RATE, peak=0.4)
    sound[RATE : RATE + 400] += sine(500, RATE, 400 / RATE, 0)
    limited = limit(sound, -3, RATE)
    changed = np.flatnonzero((limited.samples != sound).any(axis=1))
    release = limited.reduction_db / 60 + 0.012  # at 60 dB a second, then the smoothing
    assert changed[0] >= RATE - 0.007 * RATE
    assert changed[-1] <= RATE + 400 + release * RATE


def test_the_gain_falls_just_before_a_peak_and_comes_back_in_a_straight_line():
    """5 ms of look-ahead, and a release of 60 dB a second."""
    sound = sine(441, RATE, 1, -12)
    start, end = RATE // 2, RATE // 2 + 400  # four periods
    sound[start:end] *= 4
    limited = limit(sound, -6, RATE)
    assert limited.samples.dtype == np.float32
    heard = np.flatnonzero(np.abs(sound[:, 0]) > 0.1)
    gain_db = 20 * np.log10(limited.samples[heard, 0] / sound[heard, 0])
    changed = heard[gain_db < -0.01]
    assert start - 0.0065 * RATE < changed[0] < start - 0.003 * RATE
    for after_s in (0.02, 0.05, 0.08):
        wanted = -limited.reduction_db + 60 * (after_s - 0.003)  # the smoothing holds it so long
        there = np.abs(heard - (end + after_s * RATE)) < 60
        assert gain_db[there].mean() == pytest.approx(wanted, abs=0.4)
    assert gain_db[heard > end + (limited.reduction_db / 60 + 0.02) * RATE].min() == 0


def test_equal_channels_that_need_nothing_stay_as_they_are():
    both = np.repeat(speech_like(1, RATE, peak=0.5), 2, axis=1)
    result = limit(both, -2, RATE)
    assert result.samples is both
    assert result.reduction_db == 0.0
    with pytest.raises(ValueError, match=r"\(n, channels\), not \(3,\)"):
        limit(np.zeros(3, np.float32), -1, RATE)


def test_the_gain_has_no_steps():
    sound = sine(100, RATE, 1, -2)
    sound[20_000:20_200] *= 2
    limited = limit(sound, -2.1, RATE).samples
    heard = np.abs(sound[:, 0]) > 0.1
    gain = np.interp(
        np.arange(len(sound)),
        np.flatnonzero(heard),
        (limited / np.where(sound == 0, 1, sound))[heard, 0],
    )
    assert np.abs(np.diff(gain)).max() < 0.02


@pytest.mark.parametrize(
    ("hz", "phase", "level", "target"),
    # EBU Tech 3341, table 1, cases 15 to 18: sines whose samples miss their peak by up to 3 dB.
    [
        (12_000, 0, 0.5, -6.0),
        (12_000, 45, 0.5, -6.0),
        (8_000, 60, 0.5, -6.0),
        (6_000, 67.5, 0.5, -6.0),
        (12_000, 45, 1.41, 3.0),
    ],
)
def test_true_peak_of_ebu_tech_3341(hz, phase, level, target):
    t = np.arange(48_000) / 48_000
    edge = np.minimum(1, np.minimum(t, t[::-1]) / 0.01)
    tone = level * edge * np.sin(2 * np.pi * hz * t + np.radians(phase))
    assert -0.4 <= master.true_peak_db(tone[:, None].astype(np.float32)) - target <= 0.2


@RANDOM
@given(sounds())
def test_true_peak_agrees_with_the_whole_spectrum(sound):
    assert master.true_peak_db(sound) == pytest.approx(true_peak_db(sound), abs=0.05)


def test_silence_and_nothing():
    for n in (0, 1, 31, 32, 5_000):
        silent = np.zeros((n, 2), np.float32)
        assert limit(silent, -1, RATE).samples is silent
        assert master.true_peak_db(silent) == -np.inf


def test_equal_channels_are_limited_alike():
    mono = speech_like(1, RATE, peak=1.5)
    both = limit(np.repeat(mono, 2, axis=1), -2, RATE)
    alone = limit(mono, -2, RATE)
    np.testing.assert_array_equal(both.samples, np.repeat(alone.samples, 2, axis=1))
    assert both.reduction_db == alone.reduction_db


@pytest.mark.parametrize("bad", [np.nan, np.inf])
def test_what_is_no_number_is_refused(bad):
    sound = speech_like(1, RATE)
    sound[1_000] = bad
    with pytest.raises(SoundError, match="not numbers"):
        limit(sound, -1, RATE)
    with pytest.raises(SoundError, match="not numbers"):
        master.true_peak_db(sound)
