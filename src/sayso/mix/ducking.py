"""The level of a bed, drawn from the known timeline instead of a detector.

A bed is down before the first word comes, stays down through the pauses of a speaker, and comes
back slowly; so it never pumps. Depths: 14 LU below the voice while it speaks (10 LU is the least at
which listeners of all ages follow: Torcoli et al., JAES 67, 2019), 6 LU below the target alone.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

CLEAR_LU = -6.0
UNDER_VOICE_LU = -14.0
ATTACK_MS = 300
"""The fall ends where the first word starts."""
HOLD_MS = 250
RELEASE_MS = 1000
BRIDGE_MS = 1600
"""Pauses shorter than this keep the bed down: it would be up again only to fall."""
FADE_IN_MS, FADE_OUT_MS = 900, 1800


def bed_gain(
    n_samples: int, speech: Sequence[tuple[int, int]], sample_rate: int
) -> npt.NDArray[np.float32]:
    """The gain of a bed of `n_samples`, as a factor on a bed at the target loudness.

    `speech` are the spoken intervals in samples from the bed's start, in order.
    """

    def at(ms: int) -> int:
        return ms * sample_rate // 1000

    runs: list[list[int]] = []
    for start, end in speech:
        if runs and start - runs[-1][1] < at(BRIDGE_MS):
            runs[-1][1] = max(runs[-1][1], end)
        else:
            runs.append([start, end])
    places, levels = [0], [CLEAR_LU]
    for start, end in runs:
        places += [start - at(ATTACK_MS), start, end + at(HOLD_MS)]
        levels += [CLEAR_LU, UNDER_VOICE_LU, UNDER_VOICE_LU]
        places.append(end + at(HOLD_MS + RELEASE_MS))
        levels.append(CLEAR_LU)
    # Linear in decibels; every 64 samples is finer than an ear and light to compute.
    grid = np.arange(0, n_samples + 64, 64)
    coarse = 10 ** (np.interp(grid, places, levels) / 20)
    gain = np.interp(np.arange(n_samples), grid, coarse).astype(np.float32)
    fade_in, fade_out = min(at(FADE_IN_MS), n_samples), min(at(FADE_OUT_MS), n_samples)
    gain[:fade_in] *= _ramp(fade_in)
    gain[n_samples - fade_out :] *= _ramp(fade_out)[::-1]
    return gain


def _ramp(n: int) -> npt.NDArray[np.float32]:
    """A raised cosine from 0 to 1."""
    return (0.5 - 0.5 * np.cos(np.pi * np.arange(n) / max(n, 1))).astype(np.float32)
