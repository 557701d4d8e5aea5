"""Loudness after ITU-R BS.1770-4 and EBU R128, from K-weighted energies kept per hop.

The energies of a piece of audio are small (a number per 26 ms) and add up: a piece whose gain
changes by g dB has its energies multiplied by 10^(g/10), and pieces that start and end in silence
are metered apart and strung together. So the loudness of an episode needs no second pass over its
samples.

Filtering is done in float64 and rounded at the end, so that processors, which add up in different
orders, give the same energies.
"""

from __future__ import annotations

import functools
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from sayso.errors import SoundError

Floats = npt.NDArray[np.float32]
Doubles = npt.NDArray[np.float64]

GATING_BLOCK_S = 0.4  # BS.1770-4 Annex 1: gating blocks of 400 ms …
GATING_STEP_S = 0.1  # … that overlap by 75 %
ABSOLUTE_GATE_LUFS = -70.0  # BS.1770-4 Annex 1, eq. (4)
RELATIVE_GATE_LU = -10.0  # BS.1770-4 Annex 1, eq. (6)
SHORT_TERM_S = 3.0  # EBU Tech 3341 §2.2
RANGE_GATE_LU = -20.0  # EBU Tech 3342 §4
RANGE_PERCENTILES = (10.0, 95.0)  # EBU Tech 3342 §4

_OFFSET_LUFS = -0.691  # BS.1770-4 Annex 1, eq. (2): a 997 Hz sine of 0 dBFS in one channel: -3.01
_SILENCE = 1e-14  # keeps the logarithm finite: far below every gate

_BLOCK = 32  # samples that are filtered by one multiplication of matrices
# Blocks at a time: so few multiplications that BLAS does not share them out to threads of its own,
# which would wait for one another in a busy loop; and all of it stays in a processor's cache.
_AT_ONCE = 512
_STATES = 1 << 14  # as many multiplications as that
_NOTHING = 1e-9  # what is left of a state when it counts no more: 180 dB down
_WINDOWS = 1 << 15  # whose energy is summed at a time; 55 minutes of gating blocks


def frame_energies(samples: Floats, sample_rate: int, hop: int) -> Floats:
    """K-weighted energy per hop: the sum of squares over `hop` samples and over all channels.

    `samples` is (n, channels) float32, full scale ±1, mono or stereo (BS.1770-4 gives both
    channels the weight 1). The filter starts at rest, as it is after silence. The last hop is
    filled up with silence. Returns ceil(n / hop) values. Raises SoundError where a sample is not a
    finite number.
    """
    if samples.ndim != 2 or not 1 <= samples.shape[1] <= 2:
        raise ValueError(f"samples must be (n, 1) or (n, 2), not {samples.shape}")
    if hop < 1:
        raise ValueError("hop must be at least 1 sample")
    if not len(samples):
        return np.zeros(0, np.float32)
    if samples.shape[1] == 2 and np.array_equal(samples[:, 0], samples[:, 1]):
        return 2 * _channel_energies(samples[:, 0], sample_rate, hop)  # a voice in the middle
    energies = _channel_energies(samples[:, 0], sample_rate, hop)
    for channel in range(1, samples.shape[1]):
        energies += _channel_energies(samples[:, channel], sample_rate, hop)
    return energies


def integrated(energies: Floats, hop: int, sample_rate: int) -> float | None:
    """Integrated loudness in LUFS (BS.1770-4 Annex 1, eq. 5-7), or None where all is gated.

    Audio shorter than one gating block counts as one block of its own length, so that a very
    short line has a loudness too.
    """
    loud = _loud_powers(energies, hop, sample_rate)
    if not len(loud):
        return None
    return float(_lufs(loud[_lufs(loud) > _relative_gate(loud)].mean()))


def relative_gate(energies: Floats, hop: int, sample_rate: int) -> float | None:
    """Where the relative gate lies, in LUFS (BS.1770-4 Annex 1, eq. 6): what is quieter does not
    count towards the integrated loudness. None where all is below the absolute gate.
    """
    loud = _loud_powers(energies, hop, sample_rate)
    return float(_relative_gate(loud)) if len(loud) else None


def short_term(energies: Floats, hop: int, sample_rate: int, *, step_s: float = 0.1) -> Floats:
    """Loudness over the last 3 s, in LUFS, every `step_s` seconds (EBU Tech 3341 §2.2).

    Value i is that of the window which ends at (i + 1) * step_s; before the start is silence.
    """
    window, step = SHORT_TERM_S * sample_rate, step_s * sample_rate
    ends = step * np.arange(1, int(len(energies) * hop / step + 1e-9) + 1, dtype=np.float64)
    return _lufs(_window_energy(energies, hop, ends, window) / window).astype(np.float32)


def loudness_range(energies: Floats, hop: int, sample_rate: int) -> float:
    """Loudness range in LU (EBU Tech 3342): 0 for silence and for audio under 3 s."""
    if len(energies) * hop < SHORT_TERM_S * sample_rate:
        return 0.0
    powers = _powers(energies, hop, sample_rate, SHORT_TERM_S, GATING_STEP_S)
    loud = powers[_lufs(powers) >= ABSOLUTE_GATE_LUFS]
    if not len(loud):
        return 0.0
    levels = _lufs(loud)
    low, high = np.percentile(
        levels[levels >= _lufs(loud.mean()) + RANGE_GATE_LU], RANGE_PERCENTILES
    )
    return float(high - low)


def _channel_energies(channel: Floats, sample_rate: int, hop: int) -> Floats:
    """Filter one channel and sum its squares per hop."""
    n_hops = -(-len(channel) // hop)
    n_blocks = -(-n_hops * hop // _BLOCK)
    padded = np.zeros(n_blocks * _BLOCK)
    padded[: len(channel)] = channel
    with np.errstate(invalid="ignore", over="ignore"):  # what is no number shows in the energies
        filtered = _filter(padded.reshape(n_blocks, _BLOCK), _k_weighting(sample_rate))
        blocks = filtered.reshape(-1)[: n_hops * hop].reshape(n_hops, hop)
        energies: Floats = np.einsum("ij,ij->i", blocks, blocks).astype(np.float32)
    if not np.isfinite(energies).all():
        raise SoundError("the audio holds values that are not numbers")
    return energies


@dataclass(frozen=True, slots=True)
class _Filter:
    """A recursive filter of four states, a block of samples at a time.

    Its output is what the block alone gives (an impulse response) and what the state at its start
    adds; so the only thing that goes on from block to block is the state.
    """

    through: Doubles
    """(block, block + 4): a block → its output by itself, and what it adds to the state."""
    ringing: Doubles
    """(4, block): a state → its output over the block that follows."""
    steps: tuple[Doubles, ...]
    """(4, 4) each: a state → what is left of it after 1, 2, 4, 8 … blocks, until nothing is."""


def _filter(blocks: Doubles, k: _Filter) -> Doubles:
    """The output for (n, block) samples, from rest."""
    filtered = np.empty_like(blocks)
    states = np.zeros((len(blocks) + 1, len(k.ringing)))
    for first in range(0, len(blocks), _AT_ONCE):
        some = slice(first, first + _AT_ONCE)
        both = blocks[some] @ k.through
        filtered[some] = both[:, :_BLOCK]
        states[first + 1 : first + 1 + len(both)] = both[:, _BLOCK:]
    # Every state is the sum of what all blocks before have left: added up by ever longer steps.
    for power, step in enumerate(k.steps):
        n = 1 << power
        # From the end on: what is added must not be changed yet.
        for last in range(len(states), n, -_STATES):
            some = slice(max(n, last - _STATES), last)
            states[some] += states[some.start - n : last - n] @ step
    for first in range(0, len(blocks), _AT_ONCE):
        some = slice(first, min(first + _AT_ONCE, len(blocks)))
        filtered[some] += states[some] @ k.ringing
    return filtered


@functools.lru_cache(maxsize=8)
def _k_weighting(sample_rate: int) -> _Filter:
    """BS.1770-4 Annex 1 tables its two biquads at 48 kHz only. These are the analogue prototypes
    behind the tables (a high shelf at 1682 Hz, then a high-pass at 38 Hz, as in libebur128),
    brought to any rate by the bilinear transform; at 48 kHz they give the tables to all digits.
    """
    k, q = np.tan(np.pi * 1681.974450955533 / sample_rate), 0.7071752369554196
    top = 10 ** (3.999843853973347 / 20)
    band = top**0.4996667741545416
    whole = 1 + k / q + k * k
    shelf = _Biquad(
        (top + band * k / q + k * k) / whole,
        2 * (k * k - top) / whole,
        (top - band * k / q + k * k) / whole,
        2 * (k * k - 1) / whole,
        (1 - k / q + k * k) / whole,
    )
    k, q = np.tan(np.pi * 38.13547087602444 / sample_rate), 0.5003270373238773
    whole = 1 + k / q + k * k
    # The table's numerator is 1, -2, 1 whatever the denominator's first coefficient.
    high_pass = _Biquad(1, -2, 1, 2 * (k * k - 1) / whole, (1 - k / q + k * k) / whole)
    return _in_blocks(shelf, high_pass)


@dataclass(frozen=True, slots=True)
class _Biquad:
    b0: float
    b1: float
    b2: float
    a1: float
    a2: float


def _in_blocks(one: _Biquad, two: _Biquad) -> _Filter:
    """Two biquads in a row, as a filter of blocks."""
    # Direct form II transposed: out = b0 x + s0; s0 = b1 x - a1 out + s1; s1 = b2 x - a2 out.
    a = np.array([[-one.a1, 1, 0, 0], [-one.a2, 0, 0, 0], [0, 0, -two.a1, 1], [0, 0, -two.a2, 0]])
    b = np.array([one.b1 - one.a1 * one.b0, one.b2 - one.a2 * one.b0, 0, 0])
    into = np.array([two.b1 - two.a1 * two.b0, two.b2 - two.a2 * two.b0])
    a[2:, 0], b[2:] = into, into * one.b0
    c, d = np.array([two.b0, 0, 1, 0]), one.b0 * two.b0

    # States of the size that white noise gives them, and not related: so rounding stays small.
    spread, step = np.outer(b, b), a
    while np.abs(step).max() > _NOTHING:
        spread, step = spread + step @ spread @ step.T, step @ step
    size = np.linalg.cholesky(spread)
    a, b, c = np.linalg.solve(size, a @ size), np.linalg.solve(size, b), c @ size

    powers = [np.eye(4)]
    for _ in range(_BLOCK):
        powers.append(powers[-1] @ a)
    ringing = np.array([c @ power for power in powers[:_BLOCK]]).T
    response = np.array([d, *(c @ power @ b for power in powers[: _BLOCK - 1])])
    through = np.zeros((_BLOCK, _BLOCK + 4))
    for at in range(_BLOCK):
        through[at, at:_BLOCK] = response[: _BLOCK - at]
        through[at, _BLOCK:] = powers[_BLOCK - 1 - at] @ b
    steps, step = [], powers[_BLOCK]
    while np.abs(step).max() > _NOTHING:
        steps.append(step.T)
        step = step @ step
    return _Filter(through, ringing, tuple(steps))


def _powers(
    energies: Floats, hop: int, sample_rate: int, window_s: float, step_s: float
) -> npt.NDArray[np.float64]:
    """Mean power of every full window; of all there is where that is shorter than a window."""
    n_samples = len(energies) * hop
    if not n_samples:
        return np.zeros(0)
    window = min(window_s * sample_rate, n_samples)
    n_windows = int((n_samples - window) / (step_s * sample_rate) + 1e-9) + 1
    ends = window + step_s * sample_rate * np.arange(n_windows, dtype=np.float64)
    return _window_energy(energies, hop, ends, window) / window


def _loud_powers(energies: Floats, hop: int, sample_rate: int) -> npt.NDArray[np.float64]:
    """Mean power of the gating blocks above the absolute gate."""
    powers = _powers(energies, hop, sample_rate, GATING_BLOCK_S, GATING_STEP_S)
    return powers[_lufs(powers) > ABSOLUTE_GATE_LUFS]


def _relative_gate(loud: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    return _lufs(loud.mean()) + RELATIVE_GATE_LU


def _window_energy(
    energies: Floats, hop: int, ends: npt.NDArray[np.float64], window: float
) -> npt.NDArray[np.float64]:
    """Energy of the windows of `window` samples that end at `ends`; even within a hop.

    `ends` grow in equal steps. A part at a time, since sums of twelve hours would fill 100 MB.
    """
    spent = np.empty(len(ends))
    for first in range(0, len(ends), _WINDOWS):
        some = ends[first : first + _WINDOWS]
        low = max(0, int((some[0] - window) / hop))
        high = min(len(energies), int(some[-1] / hop) + 1)
        total = np.zeros(high - low + 1)
        np.cumsum(energies[low:high], dtype=np.float64, out=total[1:])
        edges = np.arange(low, high + 1) * float(hop)
        spent[first : first + _WINDOWS] = np.interp(some, edges, total) - np.interp(
            some - window, edges, total
        )
    return np.maximum(spent, 0.0)


def _lufs(power: npt.NDArray[np.float64] | np.float64) -> npt.NDArray[np.float64]:
    return np.asarray(_OFFSET_LUFS + 10 * np.log10(power + _SILENCE))
