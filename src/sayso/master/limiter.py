"""A look-ahead limiter: holds the true peak under a ceiling and touches nothing else."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from sayso.master.truepeak import BLOCK, Floats, block_peaks

# Ours: 5 ms is short enough to be masked by the peak that it leads to, and long enough that the
# change of gain adds no click.
LOOK_AHEAD_S = 0.005
# Ours: 60 dB a second, so 3 dB are back after 50 ms: slower than a pitch period of any voice (it
# does not distort), faster than a syllable (it does not pump). Straight in dB, not exponential: it
# ends, and what lies after is untouched.
RELEASE_DB_PER_S = 60.0

_MARGIN = 10 ** (-0.02 / 20)  # the ramps shift peaks by this order; saves a second round
_ROUNDS = 8


@dataclass(frozen=True, slots=True)
class LimitResult:
    """Limited samples and the largest reduction that they needed."""

    samples: Floats
    """(n, channels) float32; the very array that came in, where it needed no limiting."""
    reduction_db: float
    """0.0 or positive."""


def limit(samples: Floats, ceiling_db: float, sample_rate: int) -> LimitResult:
    """Lower the passages whose true peak is above `ceiling_db` (dBTP), and only these.

    `samples` is (n, channels) float32, full scale ±1, silent before and after. All channels get
    the same gain. It never raises anything; silence stays silence, and what lies more than about
    5 ms before a peak, or after its release, stays the same to the bit. Raises SoundError where a
    sample is not a finite number.
    """
    if samples.ndim != 2:
        raise ValueError(f"samples must be (n, channels), not {samples.shape}")
    ceiling = 10 ** (ceiling_db / 20)
    if samples.shape[1] == 2 and np.array_equal(samples[:, 0], samples[:, 1]):
        # A voice in the middle: half the work.
        middle = limit(samples[:, :1], ceiling_db, sample_rate)
        if middle.reduction_db == 0.0:
            return LimitResult(samples, 0.0)
        return LimitResult(np.repeat(middle.samples, 2, axis=1), middle.reduction_db)
    peaks = block_peaks(samples, ceiling)
    if not len(peaks) or peaks.max() <= ceiling:
        return LimitResult(samples, 0.0)

    need = np.where(peaks > ceiling, ceiling * _MARGIN / np.maximum(peaks, ceiling), 1.0)
    for _ in range(_ROUNDS):
        edges = _gain_at_edges(need, sample_rate)
        limited = _apply(samples, edges)
        peaks = block_peaks(limited, ceiling)
        if peaks.max() <= ceiling:
            break
        # The slope of the gain moved a peak between the samples: ask for a little more there.
        need = np.where(
            peaks > ceiling, need * ceiling * _MARGIN / np.maximum(peaks, ceiling), need
        )
    else:
        limited = limited * np.float32(ceiling * _MARGIN / peaks.max())
    return LimitResult(limited, float(-20 * np.log10(edges.min())))


def _gain_at_edges(need: npt.NDArray[np.float64], sample_rate: int) -> Floats:
    """The gain at the edges of the blocks; inside a block it runs straight from edge to edge.

    `need` is the gain that each block may have at most. Every step keeps below it: an edge takes
    the lower of its two blocks, the minimum over the look-ahead covers every window of the
    smoothing that follows, and a weighted mean of values that are all low enough is low enough.
    """
    edges = np.ones(len(need) + 1)
    edges[:-1] = need
    edges[1:] = np.minimum(edges[1:], need)

    # Release: a straight line in dB up from every dip, by a running minimum of the sloped curve.
    slope = RELEASE_DB_PER_S / 20 * np.log(10) * BLOCK / sample_rate * np.arange(len(edges))
    released = np.minimum(np.minimum.accumulate(np.log(edges) - slope) + slope, 0.0)

    ahead = max(1, round(LOOK_AHEAD_S * sample_rate / BLOCK))
    held = np.pad(released, ahead)
    lowest = np.lib.stride_tricks.sliding_window_view(held, ahead + 1).min(axis=1)
    weights = np.hanning(ahead + 3)[1:-1]
    gain = np.convolve(np.exp(lowest), weights / weights.sum(), "valid")
    gain[gain > 1 - 1e-9] = 1.0  # rounding must not touch what needs no limiting
    return gain.astype(np.float32)


def _apply(samples: Floats, edges: Floats) -> Floats:
    """Multiply by the gain, only in the blocks where it is not 1."""
    n_blocks = len(edges) - 1
    limited = np.zeros((n_blocks * BLOCK, samples.shape[1]), np.float32)
    limited[: len(samples)] = samples
    blocks = limited.reshape(n_blocks, BLOCK, -1)
    touched = np.flatnonzero((edges[:-1] < 1) | (edges[1:] < 1))
    ramp = np.arange(BLOCK, dtype=np.float32) / BLOCK
    start, end = edges[touched, None], edges[touched + 1, None]
    blocks[touched] *= (start + (end - start) * ramp)[:, :, None]
    return limited[: len(samples)]
