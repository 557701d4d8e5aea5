"""The level of a bed, drawn from the known timeline instead of a detector.

A bed is down before the first word comes, stays down through the pauses of a speaker, and comes
back slowly; so it never pumps. Depths: 14 LU below the voice while it speaks (10 LU is the least at
which listeners of all ages follow: Torcoli et al., JAES 67, 2019), 6 LU below the target alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
import numpy.typing as npt

from sayso.model import Music, SpokenLine

CLEAR_LU = -6.0
UNDER_VOICE_LU = -14.0
ATTACK_MS = 300
"""The fall ends where the first word starts."""
HOLD_MS = 250
RELEASE_MS = 1000
BRIDGE_MS = 1600
"""Pauses shorter than this keep the bed down: it would be up again only to fall."""
FADE_IN_MS, FADE_OUT_MS = 900, 1800
_PARTS = 1 << 20


def bed_gain(
    positions: npt.NDArray[np.int64],
    n_samples: int,
    speech: Sequence[tuple[int, int]],
    sample_rate: int,
) -> npt.NDArray[np.float64]:
    """The gain of a bed of `n_samples` at some positions in it.

    A factor on a bed at the target loudness, 0 at both of its ends. `speech` are the spoken
    intervals that the bed is heard under, in order. All positions are samples from its start.
    """

    def at(ms: int) -> int:
        return ms * sample_rate // 1000

    runs: list[list[int]] = []
    for start, end in speech:
        if runs and start - runs[-1][1] < at(BRIDGE_MS):
            runs[-1][1] = max(runs[-1][1], end)
        else:
            runs.append([start, end])
    corners: list[tuple[int, float]] = []
    for start, end in runs:
        corners += [(start - at(ATTACK_MS), CLEAR_LU), (start, UNDER_VOICE_LU)]
        corners += [(end + at(HOLD_MS), UNDER_VOICE_LU), (end + at(HOLD_MS + RELEASE_MS), CLEAR_LU)]
    places, levels = zip(*(corners or [(0, CLEAR_LU)]), strict=True)
    gain = 10 ** (np.interp(positions, places, levels) / 20)  # straight lines in decibels
    fade_in = raised_cosine(positions / at(FADE_IN_MS))
    fade_out = raised_cosine((n_samples - 1 - positions) / at(FADE_OUT_MS))
    return steady(gain * fade_in * fade_out)


def speech_over(bed: Music, lines: Iterable[SpokenLine]) -> list[tuple[int, int]]:
    """The lines that a bed is heard under, as intervals from its start."""
    return [
        (line.start - bed.start, line.end - bed.start)
        for line in lines
        if line.start < bed.end and line.end > bed.start
    ]


def raised_cosine(way: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """From 0 to 1 as `way` goes from 0 to 1."""
    return steady(0.5 - 0.5 * np.cos(np.pi * np.clip(way, 0.0, 1.0)))


def steady(gain: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Gains without the last digits, in which processors differ: in whole parts of 2 ** 20."""
    return np.rint(gain * _PARTS) / _PARTS
