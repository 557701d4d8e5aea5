"""True peak: the highest point of the curve through the samples (ITU-R BS.1770-4 Annex 2).

A converter or a decoder plays the curve, not the samples, and it may rise above them. The curve is
read between the samples by a polyphase interpolator, in blocks, and only where it can matter.

What is measured does not depend on the machine, nor on where a block lies: a quick look with
rounding errors only chooses where to read, and what is read is exact. There, samples and taps are
whole numbers, so small that float64 holds every sum of their products without rounding: then the
order of summation, which differs between processors, makes no difference.
"""

from __future__ import annotations

import functools
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from sayso.errors import SoundError

Floats = npt.NDArray[np.float32]

BLOCK = 32
"""Samples per block: 0.7 ms at 44.1 kHz. Peaks are known per block."""

# Annex 2 asks for at least 4x. At 4x a sine near half the sample rate can hide 0.69 dB between
# two readings, at 16x 0.04 dB; so what is near the ceiling at 4x is read at 16x.
_COARSE, _FINE = 4, 16
_COARSE_MISS = 0.9  # a little below cos(pi/8), the share of the peak that 4x is sure to see
# Exact sums: 6 bits above full scale + 23 below, 20 of a tap, 2 for the sum of 64 taps: 51 of 53.
_SAMPLE_SCALE, _TAP_SCALE = 2.0**23, 2.0**20
# Annex 2's example has 12 taps a phase; 64 keep the interpolator true to 0.47 of the sample rate.
_TAPS = 64
_BETA = 5.0
# Multiplications at a time. So few that BLAS does not share them out: its threads would wait for
# one another in a busy loop, beside those that encode (twice the time in all, as measured).
_SMALL = 600_000


def true_peak_db(samples: Floats, part: slice | None = None) -> float:
    """True peak of (n, channels) float32 samples in dBTP; -inf for silence.

    `part` (whole blocks) is what is asked for, where the samples around it are only there so that
    the curve goes on.
    """
    inside = samples[part or slice(None)]
    highest_sample = float(np.abs(inside).max(initial=0.0))
    if highest_sample == 0.0:
        return -np.inf
    if samples.shape[1] == 2 and np.array_equal(samples[:, 0], samples[:, 1]):
        samples = samples[:, :1]  # a voice in the middle: half the work
    peaks = block_peaks(samples, highest_sample)
    if part is not None:
        peaks = peaks[part.start // BLOCK : -(-part.stop // BLOCK)]
    return float(20 * np.log10(peaks.max()))


def block_peaks(samples: Floats, level: float) -> Floats:
    """True peak of every block of 32 samples, over all channels, as far as it matters for `level`.

    Blocks whose curve may pass `level` are read at 16 times the rate; the others give their
    highest sample, which is then below `level`, as their curve is. (n, channels) in, ceil(n / 32)
    peaks out. Before and after the samples is silence. Raises SoundError where a sample is not a
    finite number.
    """
    if not samples.size:
        return np.zeros(0, np.float32)
    n_blocks = -(-len(samples) // BLOCK)
    margin = _TAPS // 2
    padded = np.zeros((2 * margin + n_blocks * BLOCK, samples.shape[1]), np.float32)
    padded[margin : margin + len(samples)] = samples
    inside = padded[margin : margin + n_blocks * BLOCK]
    peaks = _highest(inside.reshape(n_blocks, BLOCK * samples.shape[1]))
    if not np.isfinite(peaks).all():
        raise SoundError("the audio holds values that are not numbers")

    # No interpolated point is above the highest sample in reach times the filter's absolute sum.
    reach = peaks.copy()
    reach[1:] = np.maximum(reach[1:], peaks[:-1])
    reach[:-1] = np.maximum(reach[:-1], peaks[1:])
    coarse = _interpolator(_COARSE)
    windows = np.lib.stride_tricks.sliding_window_view(padded, BLOCK + _TAPS, axis=0)[::BLOCK]
    hot = np.flatnonzero(reach * coarse.gain > level)
    seen = _between(windows, hot, coarse.matrix)
    hot = hot[np.maximum(seen, peaks[hot]) > level * _COARSE_MISS]
    exact = _between(windows, hot, _interpolator(_FINE).whole_matrix, _SAMPLE_SCALE)
    peaks[hot] = np.maximum(peaks[hot], exact / (_SAMPLE_SCALE * _TAP_SCALE))
    return peaks


def _between(
    windows: Floats,
    blocks: npt.NDArray[np.intp],
    matrix: npt.NDArray[np.floating[Any]],
    scale: float | None = None,
) -> npt.NDArray[np.floating[Any]]:
    """The highest absolute value that `matrix` finds between the samples of each block.

    With a `scale`, samples are brought to whole numbers by it first.
    """
    highest = np.zeros(len(blocks), matrix.dtype)
    n_at_once = max(1, _SMALL // matrix.size)
    for first in range(0, len(blocks), n_at_once):
        some = slice(first, first + n_at_once)
        for channel in range(windows.shape[1]):
            samples = windows[blocks[some], channel]
            if scale is not None:
                samples = np.rint(samples * scale, dtype=np.float64)
            found = np.abs(samples @ matrix).max(axis=1)
            highest[some] = np.maximum(highest[some], found)
    return highest


def _highest(blocks: Floats) -> Floats:
    """Highest absolute value of each row; by halves, which is three times as fast as by rows."""
    halves: Floats = np.abs(blocks)
    while (width := halves.shape[1]) % 2 == 0:
        halves = np.maximum(halves[:, : width // 2], halves[:, width // 2 :])
    highest: Floats = halves.max(axis=1)
    return highest


@dataclass(frozen=True, slots=True)
class _Interpolator:
    """A block and its surroundings → all points between its samples."""

    matrix: Floats
    """(block + taps, phases * block)."""
    whole_matrix: npt.NDArray[np.float64]
    """The same times _TAP_SCALE, in whole numbers."""
    gain: float
    """The highest sum of absolute coefficients of any point."""


@functools.lru_cache(maxsize=2)
def _interpolator(rate: int) -> _Interpolator:
    """All points at `rate` times the sample rate, by a sinc under a Kaiser window."""
    margin = _TAPS // 2
    whole = np.zeros((BLOCK + _TAPS, rate - 1, BLOCK))
    at = np.arange(-margin + 1, margin + 1)
    gain = 1.0
    for phase in range(1, rate):
        t = at - phase / rate
        window = np.i0(_BETA * np.sqrt(np.maximum(0, 1 - (t / margin) ** 2))) / np.i0(_BETA)
        taps = np.sinc(t) * window
        taps = np.rint(taps / taps.sum() * _TAP_SCALE)
        gain = max(gain, float(np.abs(taps).sum()) / _TAP_SCALE)
        for sample in range(BLOCK):
            whole[sample + 1 : sample + 1 + _TAPS, phase - 1, sample] = taps
    matrix = whole.reshape(BLOCK + _TAPS, -1)
    return _Interpolator((matrix / _TAP_SCALE).astype(np.float32), matrix, gain)
