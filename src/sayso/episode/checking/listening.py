"""Decodes the finished MP3 block by block, and keeps what the checks need: numbers, not samples."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from sayso.master.truepeak import BLOCK, block_peaks
from sayso.mix import FRAME, frame_energies
from sayso.mix.sounds import read_blocks

Floats = npt.NDArray[np.float32]

_BLOCK_FRAMES = 384
"""Frames decoded at a time: 10 s, a few megabytes."""
_RING_FRAMES = 5
"""The K-weighting filter rings for 0.1 s; so long before a block it is given what came before."""
_EDGE = 2 * BLOCK
"""The peak meter reads 32 samples to both sides; so much is read again around a block's edge."""


@dataclass(frozen=True, slots=True)
class Heard:
    """What a decoder makes of an episode."""

    sample_rate: int
    n_channels: int
    n_samples: int
    energies: Floats
    """K-weighted energy per frame of 1,152 samples."""
    true_peak_dbtp: float
    true_peak_at: int
    """Sample of the highest peak."""
    clipped: tuple[int, ...]
    """First samples of frames that reach beyond full scale, at most 100."""
    n_clipped: int
    """How many samples do."""


def listen(path: Path, ceiling_dbtp: float) -> Heard:
    """Decode a file. Peaks below `ceiling_dbtp` are only read roughly.

    Raises soundfile.SoundFileError where it cannot be decoded.
    """
    import soundfile

    level = 10 ** (ceiling_dbtp / 20)
    energies: list[Floats] = []
    clipped: list[int] = []
    n_clipped = at = 0
    highest, highest_at = 0.0, 0
    with soundfile.SoundFile(path) as file:
        rate, n_channels = file.samplerate, file.channels
        before = np.zeros((_RING_FRAMES * FRAME, n_channels), np.float32)
        for block in read_blocks(file, _BLOCK_FRAMES * FRAME):
            samples: Floats = np.nan_to_num(block, posinf=1e9, neginf=-1e9)
            whole = np.concatenate([before, samples])
            energies.append(frame_energies(whole[:, :2], rate, FRAME)[_RING_FRAMES:])
            # The meter takes what lies outside for silence, so what is near an edge does not count:
            # it is read again with the next block. (A file ends in silence.)
            part = whole[len(before) - 2 * _EDGE :]
            peaks = block_peaks(part, level)[_EDGE // BLOCK : -(_EDGE // BLOCK)]
            if (top := float(peaks.max(initial=0.0))) > highest:
                highest, highest_at = top, max(0, at - _EDGE + int(peaks.argmax()) * BLOCK)
            over = np.flatnonzero((np.abs(samples) >= 1.0).any(axis=1))
            n_clipped += len(over)
            for frame in dict.fromkeys((over // FRAME).tolist()):
                if len(clipped) < 100:
                    clipped.append(at + int(frame) * FRAME)
            before = whole[-_RING_FRAMES * FRAME :]
            at += len(samples)
    return Heard(
        rate,
        n_channels,
        at,
        np.concatenate(energies) if energies else np.zeros(0, np.float32),
        20 * float(np.log10(max(highest, 1e-9))),
        highest_at,
        tuple(clipped),
        n_clipped,
    )
