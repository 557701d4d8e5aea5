"""How loud a take or sound is, kept as energies per 10 ms, so that sums need no samples.

Each voice line and each piece of music is brought to its level on its own. The gain of a line
depends on that line alone: a change elsewhere leaves its samples as they are.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from sayso.mix.loudness import frame_energies, integrated
from sayso.system.cache import Store, make_key

Floats = npt.NDArray[np.float32]

HOP_S = 0.01
"""Fine enough that a level may be placed anywhere on the timeline without an error that counts."""

GAIN_STEP_DB = 0.1
MAX_GAIN_DB, MIN_GAIN_DB = 24.0, -40.0
"""No voice or music lies outside; beyond, a gain would only lift noise."""

_FORMAT = "level-2"


@dataclass(frozen=True, slots=True)
class Level:
    """The K-weighted energy of a sound over time, summed over its channels, full scale 1."""

    energies: Floats
    """Mean power times seconds, per 10 ms; does not depend on the sample rate."""

    @property
    def lufs(self) -> float | None:
        """Integrated loudness (BS.1770-4), None for silence."""
        return integrated(self.energies / np.float32(HOP_S), 1, round(1 / HOP_S))

    def scaled(self, gain_db: float) -> Level:
        """The same sound, louder by `gain_db`."""
        return Level(self.energies * np.float32(10 ** (gain_db / 10)))


def measure(samples: Floats, sample_rate: int) -> Level:
    """Measure (n, channels) float32 samples at any rate."""
    hop = round(sample_rate * HOP_S)
    return Level(frame_energies(samples, sample_rate, hop) / np.float32(sample_rate))


@dataclass(frozen=True, slots=True)
class LevelStore:
    """Levels on disk, by the key of what was measured."""

    store: Store

    def get(self, key: str) -> Level | None:
        """The level of a take or sound, if it has been measured."""
        raw = self.store.get(make_key(_FORMAT, key))
        if raw is None:
            return None
        return Level(np.frombuffer(raw, "<f4"))

    def put(self, key: str, level: Level) -> None:
        """Keep a level."""
        self.store.put(make_key(_FORMAT, key), level.energies.astype("<f4").tobytes())


def level_gain_db(level: Level, target_lufs: float, n_channels: int, n_own_channels: int) -> float:
    """The gain that brings a sound to `target_lufs` in an episode of `n_channels`.

    A mono sound in a stereo episode plays on both sides, which BS.1770-4 counts twice. Rounded to
    0.1 dB, so that the last digit of a measurement moves no sample. 0 for silence.
    """
    lufs = level.lufs
    if lufs is None:
        return 0.0
    wanted = target_lufs - lufs - spread_db(n_channels, n_own_channels)
    bounded = min(max(wanted, MIN_GAIN_DB), MAX_GAIN_DB)
    return round(bounded / GAIN_STEP_DB) * GAIN_STEP_DB


def spread_db(n_channels: int, n_own_channels: int) -> float:
    """What the loudness gains when a sound of so many channels plays in so many."""
    return 10.0 * float(np.log10(n_channels / n_own_channels))


def add_level(total: Floats, level: Level, start_s: float) -> None:
    """Add a sound's energies to those of the episode (both per 10 ms), from `start_s` on."""
    first = start_s / HOP_S
    whole = int(first)
    part = np.float32(first - whole)
    n = min(len(level.energies), len(total) - whole)
    total[whole : whole + n] += level.energies[:n] * (1 - part)
    n = min(len(level.energies), len(total) - whole - 1)
    total[whole + 1 : whole + 1 + n] += level.energies[:n] * part
