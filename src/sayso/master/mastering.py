"""A mixed stretch → what the episode is made of: MP3 frames, and what they measure."""

from __future__ import annotations

import struct
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from sayso.master.encode import (
    encode_stretch,
    encoder_ceiling_db,
    encoder_version,
    makeup_gain_db,
)
from sayso.master.frames import Mp3Format
from sayso.master.limiter import limit
from sayso.master.truepeak import true_peak_db
from sayso.mix.loudness import frame_energies
from sayso.mix.stretches import FRAME

Floats = npt.NDArray[np.float32]

RECIPE = f"master-2 {encoder_version()}"
"""Part of every key: the number is raised when the same samples are mastered to other bytes."""

_HEAD = struct.Struct("<Idd")


@dataclass(frozen=True, slots=True)
class MasteredStretch:
    """A stretch, finished."""

    frames: bytes
    """One MP3 frame for every 1,152 samples."""
    energies: Floats
    """K-weighted energy per frame, as decoded (see `sayso.mix.loudness`)."""
    true_peak_dbtp: float
    limited_db: float
    """The most that the limiter took off."""

    def pack(self) -> bytes:
        """As bytes, for a cache."""
        head = _HEAD.pack(len(self.energies), self.true_peak_dbtp, self.limited_db)
        return head + self.energies.astype("<f4").tobytes() + self.frames

    @classmethod
    def unpack(cls, raw: bytes) -> MasteredStretch:
        """What `pack` made."""
        n, true_peak_dbtp, limited_db = _HEAD.unpack_from(raw)
        energies = np.frombuffer(raw, "<f4", n, _HEAD.size)
        return cls(raw[_HEAD.size + 4 * n :], energies, true_peak_dbtp, limited_db)


def master_stretch(samples: Floats, form: Mp3Format, *, gain_db: float = 0.0) -> MasteredStretch:
    """Limit and encode a stretch.

    `samples` is (k * 1152, channels) float32, full scale 1, silent in its first four and last two
    frames. `gain_db` is the correction of the whole episode.
    """
    makeup_db = makeup_gain_db(form.bitrate_kbps)
    louder = samples * np.float32(10 ** ((gain_db + makeup_db) / 20))
    limited = limit(louder, encoder_ceiling_db(form.bitrate_kbps), form.sample_rate)
    pcm = np.clip(np.rint(limited.samples * 32767), -32768, 32767).astype(np.int16)
    energies = frame_energies(limited.samples, form.sample_rate, FRAME)
    return MasteredStretch(
        encode_stretch(pcm, bitrate_kbps=form.bitrate_kbps, sample_rate=form.sample_rate),
        energies * np.float32(10 ** (-makeup_db / 10)),
        true_peak_db(limited.samples) - makeup_db,
        limited.reduction_db,
    )
