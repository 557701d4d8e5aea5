"""Loudness after ITU-R BS.1770-4 and EBU R128, from K-weighted energies kept per hop.

The energies of a piece of audio are small (a number per 26 ms) and add up: a piece whose gain
changes by g dB has its energies multiplied by 10^(g/10), and pieces that start and end in silence
are metered apart and strung together. So the loudness of an episode needs no second pass over its
samples.
"""

from __future__ import annotations

import functools

import numpy as np
import numpy.typing as npt

from sayso.errors import SoundError

Floats = npt.NDArray[np.float32]

GATING_BLOCK_S = 0.4  # BS.1770-4 Annex 1: gating blocks of 400 ms …
GATING_STEP_S = 0.1  # … that overlap by 75 %
ABSOLUTE_GATE_LUFS = -70.0  # BS.1770-4 Annex 1, eq. (4)
RELATIVE_GATE_LU = -10.0  # BS.1770-4 Annex 1, eq. (6)
SHORT_TERM_S = 3.0  # EBU Tech 3341 §2.2
RANGE_GATE_LU = -20.0  # EBU Tech 3342 §4
RANGE_PERCENTILES = (10.0, 95.0)  # EBU Tech 3342 §4

_OFFSET_LUFS = -0.691  # BS.1770-4 Annex 1, eq. (2): a 997 Hz sine of 0 dBFS in one channel: -3.01
_SILENCE = 1e-14  # keeps the logarithm finite: far below every gate

# How long the filter rings, in seconds. Its slowest pole turns at 38 Hz: after 0.1 s it is down
# by more than 180 dB, below the resolution of float32.
_RING_S = 0.1
_BATCH = 2  # transforms at a time: what stays in a processor's cache is twice as fast
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
    powers = _powers(energies, hop, sample_rate, GATING_BLOCK_S, GATING_STEP_S)
    loud = powers[_lufs(powers) > ABSOLUTE_GATE_LUFS]
    if not len(loud):
        return None
    threshold = _lufs(loud.mean()) + RELATIVE_GATE_LU
    return float(_lufs(loud[_lufs(loud) > threshold].mean()))


def momentary(energies: Floats, hop: int, sample_rate: int, *, step_s: float = 0.1) -> Floats:
    """Loudness over the last 400 ms, in LUFS, every `step_s` seconds (EBU Tech 3341 §2.2).

    Value i is that of the window which ends at (i + 1) * step_s; before the start is silence.
    """
    return _curve(energies, hop, sample_rate, GATING_BLOCK_S, step_s)


def short_term(energies: Floats, hop: int, sample_rate: int, *, step_s: float = 0.1) -> Floats:
    """Loudness over the last 3 s, in LUFS, every `step_s` seconds (EBU Tech 3341 §2.2)."""
    return _curve(energies, hop, sample_rate, SHORT_TERM_S, step_s)


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
    """Filter one channel by overlap-save and sum its squares per hop."""
    response, n_fft, n_ring = _k_weighting(sample_rate)
    step = n_fft - n_ring
    n_hops = -(-len(channel) // hop)
    n_segments = -(-n_hops * hop // step)
    padded = np.zeros(n_ring + n_segments * step, np.float32)
    padded[n_ring : n_ring + len(channel)] = channel
    segments = np.lib.stride_tricks.sliding_window_view(padded, n_fft)[::step]
    filtered = np.empty(n_segments * step, np.float32)
    rows = filtered.reshape(n_segments, step)
    with np.errstate(invalid="ignore"):  # what is no number shows in the energies below
        for first in range(0, n_segments, _BATCH):
            spectrum = np.fft.rfft(segments[first : first + _BATCH], axis=1)
            spectrum *= response
            rows[first : first + _BATCH] = np.fft.irfft(spectrum, n_fft, axis=1)[:, n_ring:]
    blocks = filtered[: n_hops * hop].reshape(n_hops, hop)
    energies: Floats = np.einsum("ij,ij->i", blocks, blocks)
    if not np.isfinite(energies).all():
        raise SoundError("the audio holds values that are not numbers")
    return energies


@functools.lru_cache(maxsize=8)
def _k_weighting(sample_rate: int) -> tuple[npt.NDArray[np.complex64], int, int]:
    """The filter's response at the FFT's frequencies, the FFT's length, and the ringing's.

    BS.1770-4 Annex 1 tables the two biquads at 48 kHz only. These are the analogue prototypes
    behind the tables (a high shelf at 1682 Hz, then a high-pass at 38 Hz, as in libebur128),
    brought to any rate by the bilinear transform; at 48 kHz they give the tables to all digits.
    """
    n_ring = int(_RING_S * sample_rate)
    n_fft = 1 << (3 * n_ring).bit_length()
    z = np.exp(-2j * np.pi * np.fft.rfftfreq(n_fft))  # z^-1 on the unit circle

    k, q = np.tan(np.pi * 1681.974450955533 / sample_rate), 0.7071752369554196
    top = 10 ** (3.999843853973347 / 20)
    band = top**0.4996667741545416
    shelf = (
        (top + band * k / q + k * k) + 2 * (k * k - top) * z + (top - band * k / q + k * k) * z * z
    ) / ((1 + k / q + k * k) + 2 * (k * k - 1) * z + (1 - k / q + k * k) * z * z)

    k, q = np.tan(np.pi * 38.13547087602444 / sample_rate), 0.5003270373238773
    # The table's numerator is 1, -2, 1 whatever the denominator's first coefficient.
    high_pass = (
        (1 - z) ** 2
        * (1 + k / q + k * k)
        / ((1 + k / q + k * k) + 2 * (k * k - 1) * z + (1 - k / q + k * k) * z * z)
    )
    return (shelf * high_pass).astype(np.complex64), n_fft, n_ring


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


def _curve(energies: Floats, hop: int, sample_rate: int, window_s: float, step_s: float) -> Floats:
    window, step = window_s * sample_rate, step_s * sample_rate
    ends = step * np.arange(1, int(len(energies) * hop / step + 1e-9) + 1, dtype=np.float64)
    return _lufs(_window_energy(energies, hop, ends, window) / window).astype(np.float32)


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
