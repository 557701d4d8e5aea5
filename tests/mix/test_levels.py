"""Levels: each voice and sound at its loudness, and the sum known before anything is mixed."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from master.signals import speech_like
from mix.scripts import mixer_of

from sayso.mix import (
    FRAME,
    LevelStore,
    estimate_lufs,
    frame_energies,
    integrated,
    level_gain_db,
    place,
    take_level,
    take_samples,
    trim_db,
)
from sayso.mix.levels import MAX_GAIN_DB, MIN_GAIN_DB, Level, add_level, measure, spread_db
from sayso.speech.takes import Take, TakeStore, take_key
from sayso.system.cache import Store

DATA = Path(__file__).parent / "data"


def voiced(folder: Path, samples: np.ndarray, rate: int) -> Take:
    key = take_key("test", "1", "host", 1.0, f"{len(samples)} {rate}")
    return TakeStore(folder).put(key, samples, rate)


def lufs(samples: np.ndarray, rate: int) -> float | None:
    return integrated(frame_energies(samples.astype(np.float32), rate, 441), 441, rate)


# ------------------------------------------------------------------------------------------- takes

IN_TMP = settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


@IN_TMP
@given(
    n=st.integers(1, 30_000),
    rate=st.sampled_from([8_000, 16_000, 22_050, 24_000, 44_100, 48_000]),
    show_rate=st.sampled_from([44_100, 48_000]),
)
def test_a_take_is_as_long_as_it_was_said_to_be(
    tmp_path: Path, n: int, rate: int, show_rate: int
) -> None:
    take = voiced(tmp_path, np.full(n, 1_000, np.int16), rate)
    samples = take_samples(take, show_rate)
    assert samples.dtype == np.int16
    assert len(samples) == place(take, show_rate).n_samples
    assert 0 <= len(samples) / show_rate - n / rate < 1 / show_rate + 1e-9


@pytest.mark.parametrize("rate", [8_000, 16_000, 22_050, 24_000, 48_000])
def test_a_take_is_resampled_in_place(tmp_path: Path, rate: int) -> None:
    """A sine stays where it is, to a small part of a sample, and its silence stays silent."""
    t = np.arange(rate) / rate
    gate = (t > 0.2) & (t < 0.8)
    hum = np.rint(9_000 * gate * np.sin(2 * np.pi * 300 * t)).astype(np.int16)
    samples = take_samples(voiced(tmp_path, hum, rate), 44_100)
    at = np.arange(44_100) / 44_100
    inside = (at > 0.21) & (at < 0.79)
    expected = 9_000 * np.sin(2 * np.pi * 300 * at)
    np.testing.assert_allclose(samples[inside], expected[inside], atol=9)
    assert not samples[at < 0.19].any()
    assert not samples[at > 0.81].any()


def test_a_level_is_measured_once(tmp_path: Path) -> None:
    samples = (speech_like(2, 24_000)[:, 0] * 20_000).astype(np.int16)
    take = voiced(tmp_path, samples, 24_000)
    store = LevelStore(Store(tmp_path / "levels"))
    level = take_level(take, store)
    take.store.path(take.key).unlink()
    np.testing.assert_array_equal(take_level(take, store).energies, level.energies)
    assert level.lufs == pytest.approx(lufs(samples[:, None] / 32768, 24_000), abs=0.1)


# ------------------------------------------------------------------------------------------- gains


@settings(max_examples=30, deadline=None)
@given(
    peak=st.floats(0.1, 1.0),
    rate=st.sampled_from([22_050, 24_000, 44_100, 48_000]),
    channels=st.sampled_from([(1, 1), (2, 1), (2, 2)]),
    target=st.floats(-24, -12),
)
def test_a_gain_brings_a_sound_to_the_target(peak, rate, channels, target: float) -> None:
    n_channels, n_own = channels
    sound = np.repeat(speech_like(1.5, rate, peak=peak), n_own, axis=1)
    gain_db = level_gain_db(measure(sound, rate), target, n_channels, n_own)
    assert gain_db == pytest.approx(round(gain_db, 1))
    heard = sound if n_own == n_channels else np.repeat(sound, n_channels, axis=1)
    assert lufs(heard * 10 ** (gain_db / 20), rate) == pytest.approx(target, abs=0.1)


def test_gains_have_bounds() -> None:
    sound = speech_like(1, 44_100)
    assert level_gain_db(measure(sound * np.float32(1e-2), 44_100), -16, 2, 1) == MAX_GAIN_DB
    assert level_gain_db(measure(sound * np.float32(1e3), 44_100), -16, 2, 1) == MIN_GAIN_DB
    assert level_gain_db(measure(sound * np.float32(0), 44_100), -16, 2, 1) == 0.0
    assert level_gain_db(Level(np.zeros(0, np.float32)), -16, 2, 1) == 0.0


@given(st.floats(-70, 0), st.floats(-30, -9))
def test_a_correction_is_in_steps_and_only_where_it_counts(measured: float, target: float) -> None:
    trim = trim_db(measured, target)
    assert abs(measured + trim - target) <= 0.3 + 1e-9
    assert trim % 0.5 == 0
    assert (trim == 0) == (abs(target - measured) <= 0.3)


def test_silence_is_not_corrected() -> None:
    assert trim_db(None, -16) == 0


# ------------------------------------------------------------------------------------- the estimate


@given(st.floats(0, 3))
def test_energies_added_anywhere_are_kept(start_s: float) -> None:
    level = Level(np.linspace(0, 1, 50, dtype=np.float32))
    total = np.zeros(400, np.float32)
    add_level(total, level, start_s)
    assert total.sum() == pytest.approx(level.energies.sum(), rel=1e-4)
    middle = (total * np.arange(400)).sum() / total.sum()
    own = (level.energies * np.arange(50)).sum() / level.energies.sum()
    assert middle == pytest.approx(own + start_s * 100, abs=0.01)


def test_what_lies_beyond_the_end_is_left_out() -> None:
    total = np.zeros(10, np.float32)
    add_level(total, Level(np.ones(50, np.float32)), 0.05)
    assert total.sum() == pytest.approx(5, abs=0.6)


@pytest.mark.parametrize("n_channels", [1, 2])
@pytest.mark.parametrize("name", ["plain", "beds", "pauses"])
def test_the_estimate_is_the_loudness_of_the_mix(name: str, n_channels: int) -> None:
    mixer = mixer_of((DATA / f"{name}.script.md").read_text("utf-8"), n_channels)
    timeline = mixer.timeline
    rate = timeline.sample_rate
    levels = {
        line.take: measure(mixer.voice(line)[:, None].astype(np.float32) / 32768, rate)
        for line in timeline.lines
    }
    for music in timeline.music:
        levels[music.sound] = measure(mixer.sound(music).astype(np.float32) / 32768, rate)
    mixed = np.concatenate(
        [
            np.repeat(mix, n_channels // mix.shape[1], axis=1)  # a voice plays on both sides
            for mix in map(mixer.mix, timeline.chunks)
        ]
    )
    measured = integrated(frame_energies(mixed, rate, FRAME), FRAME, rate)
    estimated = estimate_lufs(timeline, levels, mixer.gains_db, n_channels)
    assert estimated == pytest.approx(measured, abs=0.1)


def test_the_estimate_of_nothing_is_none() -> None:
    mixer = mixer_of("---\nsayso: 1\n---\n")
    assert estimate_lufs(mixer.timeline, {}, {}, 2) is None
    empty = replace(mixer.timeline, n_samples=0)
    assert estimate_lufs(empty, {}, {}, 2) is None


def test_a_voice_on_both_sides_is_3_db_louder() -> None:
    assert spread_db(2, 1) == pytest.approx(3.01, abs=0.01)
    assert spread_db(2, 2) == spread_db(1, 1) == 0
