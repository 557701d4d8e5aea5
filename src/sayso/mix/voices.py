"""Takes at the show's rate: their exact length, their level, their samples."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from sayso.mix.layout import Placeable
from sayso.mix.levels import Level, LevelStore, measure
from sayso.speech.takes import Take


def place(take: Take, sample_rate: int) -> Placeable:
    """A take as the layout sees it; nothing is read but its length."""
    return Placeable(take.key, _length(take, sample_rate), take.words)


def take_level(take: Take, store: LevelStore) -> Level:
    """The level of a take, measured at its own rate the first time that it is asked for."""
    name = f"{take.key} {take.content}"
    level = store.get(name)
    if level is None:
        samples = take.samples().astype(np.float32)[:, None] / np.float32(32768)
        level = measure(samples, take.sample_rate)
        store.put(name, level)
    return level


def take_samples(take: Take, sample_rate: int) -> npt.NDArray[np.int16]:
    """The samples of a take at the show's rate: (n,), exactly as long as `place` says."""
    samples = take.samples()
    if take.sample_rate == sample_rate:
        return samples
    import soxr

    # As floats: soxr dithers whole numbers, and the pauses inside a take are silent.
    resampled = soxr.resample(samples.astype(np.float32), take.sample_rate, sample_rate, "HQ")
    fitted = np.zeros(_length(take, sample_rate), np.int16)
    n = min(len(fitted), len(resampled))
    fitted[:n] = np.clip(np.rint(resampled[:n]), -32768, 32767)
    return fitted


def _length(take: Take, sample_rate: int) -> int:
    return -(-take.n_samples * sample_rate // take.sample_rate)
