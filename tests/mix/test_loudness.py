import re
from functools import partial

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from master.signals import in_silence, noise, run, silence, sine, speech_like
from tools import need

from sayso.errors import SoundError
from sayso.mix import (
    FRAME,
    frame_energies,
    integrated,
    loudness_range,
    relative_gate,
    short_term,
)


def _bursts(rate, n_channels, seed):
    speech = np.repeat(speech_like(3, rate, seed), n_channels, axis=1)
    speech[:, -1] *= 1 - 0.2 * seed  # from the middle to the side
    pauses = np.random.default_rng(seed).random(10) < 0.7
    return speech * np.repeat(pauses, rate // 3)[: len(speech), None]


def _pauses(rate, n_channels):
    return np.concatenate(
        [
            sine(440, rate, 1.3, -18, n_channels),
            silence(rate, 3, n_channels),
            sine(440, rate, 0.6, -18, n_channels),
            noise(2 * rate, n_channels, -60, 5),
        ]
    )


def _steps(*levels):
    return np.concatenate([sine(1_000, 48_000, 1.5, level, 2) for level in levels])


def _signals():
    """Fifty signals: (name, how it is made, sample rate). Each is made by its own test alone."""
    for rate in (32_000, 44_100, 48_000, 96_000):
        for hz, level in ((60, -14), (997, -23), (5_000, -30), (12_000, -12)):
            yield f"{hz} Hz at {rate}", partial(sine, hz, rate, 1.7, level), rate
    for rate in (44_100, 48_000):
        for ch in (1, 2):
            yield f"noise {rate} {ch}", partial(noise, 2 * rate, ch, -26, ch), rate
            yield f"quiet noise {rate} {ch}", partial(noise, 2 * rate, ch, -58, ch), rate
            yield f"pink noise {rate} {ch}", partial(noise, 2 * rate, ch, -20, ch, tilt=0.5), rate
            for seed in range(4):
                yield f"bursts {rate} {ch} {seed}", partial(_bursts, rate, ch, seed), rate
            yield f"pauses {rate} {ch}", partial(_pauses, rate, ch), rate
    yield "steps", partial(_steps, -72, -26, -23, -26, -72), 48_000
    yield "first half of a 3341 sequence", partial(_steps, -26, -23), 48_000


SIGNALS = list(_signals())


@pytest.mark.parametrize(("name", "make", "rate"), SIGNALS, ids=[s[0] for s in SIGNALS])
def test_integrated_loudness_is_that_of_ffmpeg(name, make, rate):
    need("ffmpeg")
    samples = make()
    meter = "ebur128=metadata=1,ametadata=print:key=lavfi.r128.I:file=-"
    source = f"-f f32le -ar {rate} -ac {samples.shape[1]} -i -".split()
    done = run(
        "ffmpeg", "-v", "error", *source, "-af", meter, "-f", "null", "-", stdin=samples.tobytes()
    )
    theirs = float(re.findall(rb"r128\.I=(\S+)", done.stdout)[-1])
    ours = integrated(frame_energies(samples, rate, FRAME), FRAME, rate)
    assert ours == pytest.approx(theirs, abs=0.05)


@pytest.mark.parametrize(
    ("parts", "target"),
    [
        # EBU Tech 3341, table 1, cases 1 to 5: (seconds, dBFS) of a 1 kHz sine in both channels.
        ([(20, -23)], -23.0),
        ([(20, -33)], -33.0),
        ([(10, -36), (60, -23), (10, -36)], -23.0),
        ([(10, -72), (10, -36), (60, -23), (10, -36), (10, -72)], -23.0),
        ([(20, -26), (20.1, -20), (20, -26)], -23.0),
    ],
)
def test_ebu_tech_3341(parts, target):
    rate, hop = 48_000, 1_200
    # At rest between the parts is near enough: the filter settles within a hop or two.
    energies = np.concatenate(
        [
            frame_energies(sine(1_000, rate, seconds, level, 2), rate, hop)
            for seconds, level in parts
        ]
    )
    assert integrated(energies, hop, rate) == pytest.approx(target, abs=0.1)


@pytest.mark.parametrize(
    ("levels", "target"),
    # EBU Tech 3342, table 1, cases 1 to 4: 20 s each of a 1 kHz sine in both channels.
    [((-20, -30), 10), ((-20, -15), 5), ((-40, -20), 20), ((-50, -35, -20, -35, -50), 15)],
)
def test_ebu_tech_3342(levels, target):
    rate, hop = 48_000, 1_200
    parts = [frame_energies(sine(1_000, rate, 20, level, 2), rate, hop) for level in levels]
    assert loudness_range(np.concatenate(parts), hop, rate) == pytest.approx(target, abs=1)


def test_a_full_scale_sine_in_one_channel_has_3_lufs_below_zero():
    energies = frame_energies(sine(997, 48_000, 2, 0), 48_000, 480)
    assert integrated(energies, 480, 48_000) == pytest.approx(-3.01, abs=0.02)


@pytest.mark.parametrize("rate", [44_100, 48_000])
def test_chunks_metered_apart_add_up(rate):
    chunks = [in_silence(speech_like(1.5, rate, seed), 2) for seed in range(3)]
    apart = np.concatenate([frame_energies(part, rate, FRAME) for part in chunks])
    together = frame_energies(np.concatenate(chunks), rate, FRAME)
    np.testing.assert_allclose(apart, together, rtol=1e-3, atol=1e-6)


def test_a_gain_scales_the_energies():
    sound = speech_like(2, 44_100)
    energies = frame_energies(sound, 44_100, FRAME)
    louder = frame_energies(sound * np.float32(10 ** (3 / 20)), 44_100, FRAME)
    np.testing.assert_allclose(louder, energies * 10 ** (3 / 10), rtol=1e-3)


@settings(max_examples=25, deadline=None)
@given(hop=st.integers(50, 5_000), n=st.integers(1, 60_000))
def test_energy_does_not_depend_on_the_hop(hop, n):
    sound = noise(60_000, 1, -20, 3)[:n]
    energies = frame_energies(sound, 44_100, hop)
    assert len(energies) == -(-n // hop)
    # The last hop is filled up, and the filter rings on into it.
    whole = frame_energies(np.pad(sound, ((0, len(energies) * hop - n), (0, 0))), 44_100, 1)
    assert energies.sum() == pytest.approx(whole.sum(), rel=1e-3)


def test_silence_has_no_loudness():
    assert integrated(frame_energies(silence(44_100, 3), 44_100, FRAME), FRAME, 44_100) is None
    assert integrated(np.zeros(0, np.float32), FRAME, 44_100) is None
    assert (
        integrated(frame_energies(sine(997, 44_100, 2, -75), 44_100, FRAME), FRAME, 44_100) is None
    )


def test_the_relative_gate_lies_10_lu_below_what_is_loud():
    levels = (-20, -40, -80)
    parts = [frame_energies(sine(997, 48_000, 4, level, 2), 48_000, 480) for level in levels]
    gate = relative_gate(np.concatenate(parts), 480, 48_000)
    assert gate == pytest.approx(-20 + 10 * np.log10(0.5) - 10, abs=0.2)  # half of it is loud
    assert relative_gate(parts[2], 480, 48_000) is None


def test_a_word_shorter_than_a_gating_block_has_a_loudness():
    energies = frame_energies(sine(997, 44_100, 0.2, -20), 44_100, 441)
    assert integrated(energies, 441, 44_100) == pytest.approx(-23.01, abs=0.1)


def test_the_curve_follows_a_step():
    rate, hop = 48_000, 480
    sound = np.concatenate([sine(997, rate, 4, -30), sine(997, rate, 4, -20)])
    curve = short_term(frame_energies(sound, rate, hop), hop, rate)
    assert len(curve) == 80
    assert (curve[39], curve[69]) == pytest.approx((-33.01, -23.01), abs=0.1)
    assert curve[54] == pytest.approx(-23.01 - 2.6, abs=0.2)  # half old, half new
    assert curve[14] == pytest.approx(-33.01 - 3.01, abs=0.2)  # half of the window


@pytest.mark.parametrize("bad", [np.nan, np.inf])
def test_what_is_no_number_is_refused(bad):
    sound = speech_like(1, 44_100)
    sound[1_000] = bad
    with pytest.raises(SoundError, match="not numbers"):
        frame_energies(sound, 44_100, FRAME)


def test_shapes_are_checked():
    with pytest.raises(ValueError, match="samples must be"):
        frame_energies(np.zeros(100, np.float32), 44_100, FRAME)
    with pytest.raises(ValueError, match="hop"):
        frame_energies(np.zeros((100, 1), np.float32), 44_100, 0)
    assert len(frame_energies(np.zeros((0, 2), np.float32), 44_100, FRAME)) == 0
