"""The music that comes with sayso: sound files that a show can rely on, and their composer."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import soundfile
from tools import need

AUDIO = Path(__file__).parents[2] / "audio"
RATE = 44_100
PIECES = [
    f"{mood}/{piece}"
    for mood in ("dark", "bright")
    for piece in ("intro", "transition", "outro", "bed")
]
STINGS = [piece for piece in PIECES if not piece.endswith("bed")]
BEDS = [piece for piece in PIECES if piece.endswith("bed")]


def load(piece: str) -> np.ndarray:
    """A committed piece as float samples of shape (n, 2)."""
    samples, rate = soundfile.read(AUDIO / f"{piece}.flac", always_2d=True)
    assert rate == RATE
    return samples


def level_db(samples: np.ndarray) -> float:
    return float(10 * np.log10((samples**2).mean() + 1e-20))


def share(samples: np.ndarray, low_hz: float, high_hz: float) -> float:
    """The part of the energy that lies between two frequencies."""
    energy = (np.abs(np.fft.rfft(samples, axis=0)) ** 2).sum(axis=1)
    hz = np.fft.rfftfreq(len(samples), 1 / RATE)
    return float(energy[(hz >= low_hz) & (hz < high_hz)].sum() / energy.sum())


def roughest(samples: np.ndarray) -> float:
    """The largest second difference, against the level of those in the 34 ms around."""
    bend = np.abs(np.diff(samples, 2, axis=0)).max(axis=1)
    around = np.sqrt(np.convolve(bend**2, np.ones(1500) / 1500, "same"))
    return float((bend / (around + 2e-4)).max())


# ------------------------------------------------------------------------------------------ the files


@pytest.mark.parametrize("piece", PIECES)
def test_format(piece):
    info = soundfile.info(AUDIO / f"{piece}.flac")
    assert (info.format, info.subtype, info.channels, info.samplerate) == (
        "FLAC",
        "PCM_16",
        2,
        RATE,
    )


@pytest.mark.parametrize("piece", PIECES)
def test_duration(piece):
    shortest, longest = {
        "intro": (6, 8),
        "transition": (1.8, 2.5),
        "outro": (7.5, 9),
        "bed": (16, 24),
    }[piece.split("/")[1]]
    assert shortest <= len(load(piece)) / RATE <= longest


@pytest.mark.parametrize("piece", PIECES)
def test_peak_and_direct_current(piece):
    samples = load(piece)
    assert np.abs(samples).max() <= 10 ** (-3 / 20)
    assert np.abs(samples.mean(axis=0)).max() < 1e-5


@pytest.mark.parametrize("piece", PIECES)
def test_no_click(piece):
    samples = load(piece)
    assert roughest(samples) < 7
    clicked = samples.copy()
    clicked[len(clicked) // 2 :] += 0.06  # a step that is just heard: the measure must see it
    assert roughest(clicked) > 10


@pytest.mark.parametrize("piece", PIECES)
def test_spectrum_is_warm_but_neither_boomy_nor_harsh(piece):
    samples = load(piece)
    assert share(samples, 0, 40) < 1e-4
    assert share(samples, 40, 120) < 0.25
    assert share(samples, 4_000, 22_050) < 0.01
    assert share(samples, 10_000, 22_050) < 1e-4


@pytest.mark.parametrize("piece", PIECES)
def test_wide_and_safe_in_mono(piece):
    samples = load(piece)
    assert 0.3 < np.corrcoef(samples.T)[0, 1] < 0.95
    assert level_db(samples.mean(axis=1)) > level_db(samples) - 1.5


@pytest.mark.parametrize("piece", STINGS)
def test_stings_start_and_end_in_silence(piece):
    samples = load(piece)
    assert np.abs(samples[:8]).max() < 1e-3
    assert not samples[-round(0.015 * RATE) :].any()
    assert level_db(samples[-round(0.2 * RATE) :]) < -70


@pytest.mark.parametrize("piece", ["dark/intro", "bright/intro"])
def test_a_voice_may_come_in_over_the_end_of_the_intro(piece):
    """Two seconds before the end the music has made way, and it only sinks from there."""
    samples = load(piece)
    tail = samples[-2 * RATE :]
    steps = [level_db(part) for part in np.array_split(tail, 5)]
    assert steps[0] < level_db(samples[RATE : -2 * RATE]) - 4
    assert steps == sorted(steps, reverse=True)


@pytest.mark.parametrize("piece", BEDS)
def test_beds_leave_the_consonants_clear(piece):
    assert share(load(piece), 1_000, 4_000) < 0.01


@pytest.mark.parametrize("piece", BEDS)
def test_beds_are_steady(piece):
    seconds = [level_db(part) for part in np.array_split(load(piece), 20)]
    assert max(seconds) - min(seconds) < 8


@pytest.mark.parametrize("piece", BEDS)
def test_beds_loop_without_a_seam(piece):
    samples = load(piece)
    n = len(samples)
    twice = np.concatenate([samples, samples])
    for order in (1, 2):
        steps = np.abs(np.diff(twice, order, axis=0)).max(axis=1)
        assert steps[n - 3 : n + 2].max() <= np.quantile(steps, 0.999)
    width = round(0.4 * RATE)

    def change(at: int) -> tuple[float, float]:
        """How level and spectrum differ before and after a sample."""
        before, after = twice[at - width : at], twice[at : at + width]
        louder = abs(level_db(after) - level_db(before))
        return louder, abs(share(after, 300, 1_000) - share(before, 300, 1_000))

    elsewhere = [change(at) for at in range(width, n - width, width // 4)]
    for seam, most in zip(change(n), np.max(elsewhere, axis=0), strict=True):
        assert seam <= most


def test_all_of_it_stays_small():
    assert sum((AUDIO / f"{piece}.flac").stat().st_size for piece in PIECES) < 6_000_000


@pytest.mark.parametrize("piece", PIECES)
def test_loudness_by_an_independent_meter(piece):
    meter = ["-af", "ebur128=framelog=verbose", "-f", "null", "-"]
    run = subprocess.run(
        [need("ffmpeg"), "-hide_banner", "-nostats", "-i", AUDIO / f"{piece}.flac", *meter],
        capture_output=True,
        text=True,
        check=True,
    )
    loudness = float(re.findall(r"I:\s+(-?[\d.]+) LUFS", run.stderr)[-1])
    assert loudness == pytest.approx(-24 if piece in BEDS else -18, abs=0.3)


# --------------------------------------------------------------------------------------- the composer


@pytest.fixture(scope="session")
def composed(tmp_path_factory) -> Path:
    """A folder with the dark mood, composed anew."""
    out = tmp_path_factory.mktemp("music")
    command = [sys.executable, AUDIO / "compose.py", "--mood", "dark", "--out", out]
    subprocess.run(command, check=True, capture_output=True)
    return out


@pytest.mark.xdist_group("composing")
@pytest.mark.parametrize("piece", ["intro", "transition", "outro", "bed"])
def test_composing_gives_the_committed_sounds(composed, piece):
    """To two steps of 16 bits: FFTs round differently from machine to machine."""
    fresh, _ = soundfile.read(composed / "dark" / f"{piece}.flac", dtype="int16")
    kept, _ = soundfile.read(AUDIO / "dark" / f"{piece}.flac", dtype="int16")
    assert fresh.shape == kept.shape
    assert np.abs(fresh.astype(int) - kept.astype(int)).max() <= 2


@pytest.fixture
def compose(monkeypatch):
    monkeypatch.syspath_prepend(str(AUDIO))
    import compose

    return compose


def test_the_other_mood_too(compose):
    kept, _ = soundfile.read(AUDIO / "bright" / "transition.flac", dtype="int16")
    fresh = compose.compose("bright", "transition")
    assert np.abs(fresh.astype(int) - kept.astype(int)).max() <= 2


@pytest.mark.parametrize(
    ("name", "hz"),
    [("A4", 440.0), ("A3", 220.0), ("C4", 261.626), ("Bb1", 58.270), ("F#5", 739.989), ("x", 0.0)],
)
def test_pitches(compose, name, hz):
    assert compose.pitch_hz(name) == pytest.approx(hz, abs=1e-3)


def test_reading_a_line(compose):
    assert list(compose.notes("A4/.5 -/1 D3+F3/2 x/1")) == [
        (0.0, 0.5, ["A4"]),
        (1.5, 2.0, ["D3", "F3"]),
        (3.5, 1.0, ["x"]),
    ]


def test_intro_transition_and_outro_share_the_motif(compose):
    for mood, motif in (("dark", "A4 D5 F5 E5"), ("bright", "A4 D5 F#5 E5")):
        for piece in ("intro", "transition", "outro"):
            lines = [re.sub(r"/\S+", "", part.line) for part in compose.MOODS[mood][piece].parts]
            assert any(line.startswith(motif) for line in lines), (mood, piece)


def test_beds_are_whole_bars_long(compose):
    for mood in compose.MOODS.values():
        bed = mood["bed"]
        assert (bed.length_s * bed.bpm / 60) % 4 == 0
        assert (bed.length_s * RATE) % 1 == 0
