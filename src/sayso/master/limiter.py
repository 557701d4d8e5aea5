"""A look-ahead limiter: holds the true peak under a ceiling and touches nothing else.

Its gain is the same to the bit wherever in a sound a passage lies, however the sound is cut into
windows, and whatever processor computes it: depths are counted in whole steps, and what is added up
are whole numbers.
"""

from __future__ import annotations

import functools
import math
from dataclasses import dataclass
from decimal import Decimal

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
_STEPS_PER_DB = 2048
_DEEPEST_DB = 120
_ONE = 1 << 24  # gains are counted in such parts, as fine as float32 holds them …
_WHOLE = 1 << 20  # … and the weights of the smoothing in such


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

    # Each round asks for less where it was too much: so there is a last one.
    limited, need = samples, np.ones(len(peaks))
    while peaks.max() > ceiling:
        # The slope of the gain moves peaks between the samples: a second round asks a little more.
        too_high = peaks > ceiling
        need[too_high] *= ceiling * _MARGIN / peaks[too_high].astype(np.float64)
        edges = _gain_at_edges(need, sample_rate)
        limited = _apply(samples, edges)
        peaks = block_peaks(limited, ceiling)
    return LimitResult(limited, -20 * math.log10(edges.min()))


def _gain_at_edges(need: npt.NDArray[np.float64], sample_rate: int) -> Floats:
    """The gain at the edges of the blocks; inside a block it runs straight from edge to edge.

    `need` is the gain that each block may have at most. Every step keeps below it: an edge takes
    the lower of its two blocks, the minimum over the look-ahead covers every window of the
    smoothing that follows, and a weighted mean of values that are all low enough is low enough.
    """
    gains = _gains()
    # The first step whose gain is low enough; `gains` falls, so its negative is in order.
    depth = np.searchsorted(-gains, -need * _ONE).clip(max=len(gains) - 1)
    edges = np.zeros(len(depth) + 1, np.int64)
    edges[:-1] = depth
    edges[1:] = np.maximum(edges[1:], depth)

    # Release: a straight line in dB up from every dip, by a running maximum of the sloped depths.
    slope = round(RELEASE_DB_PER_S * _STEPS_PER_DB * BLOCK / sample_rate) * np.arange(len(edges))
    released = np.maximum(np.maximum.accumulate(edges + slope) - slope, 0)

    ahead = max(1, round(LOOK_AHEAD_S * sample_rate / BLOCK))
    held = np.pad(released, ahead)
    deepest = np.lib.stride_tricks.sliding_window_view(held, ahead + 1).max(axis=1)
    lowest = gains[deepest]
    total = np.zeros(len(edges))
    for place, weight in enumerate(_weights(ahead + 1)):
        total += weight * lowest[place : place + len(edges)]
    return (total / (_ONE * _WHOLE)).astype(np.float32)


@functools.cache
def _gains() -> npt.NDArray[np.float64]:
    """The gain of every depth in steps, in whole parts of _ONE: from 1 down, a step at a time.

    By repeated multiplication, which every machine rounds alike, as logarithms are not.
    """
    step = float(Decimal(10) ** (Decimal(-1) / (20 * _STEPS_PER_DB)))
    n_steps = _DEEPEST_DB * _STEPS_PER_DB
    return np.floor(np.multiply.accumulate(np.r_[float(_ONE), np.full(n_steps, step)]))


@functools.cache
def _weights(n: int) -> tuple[int, ...]:
    """A raised cosine of `n` points, in whole numbers whose sum is _WHOLE."""
    shape = [1 - math.cos(2 * math.pi * (place + 1) / (n + 1)) for place in range(n)]
    weights = [round(_WHOLE * one / sum(shape)) for one in shape]
    weights[n // 2] += _WHOLE - sum(weights)
    return tuple(weights)


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
