"""A mixed chunk → what the episode is made of: MP3 frames, and what they measure."""

from __future__ import annotations

import struct
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from sayso.master.central import as_joint_stereo
from sayso.master.decoded import decoded_true_peak_db, under_the_ceiling
from sayso.master.encode import (
    encode_blocks,
    encode_central,
    encoder_ceiling_db,
    encoder_version,
    makeup_gain_db,
)
from sayso.master.frames import Mp3Format
from sayso.master.limiter import LimitResult, limit
from sayso.master.mp3 import Encoded
from sayso.mix.chunk_grid import FRAME
from sayso.mix.loudness import frame_energies

Floats = npt.NDArray[np.float32]

RECIPE = f"master-8 {encoder_version()}"
"""Part of every key: the number is raised when the same samples are mastered to other bytes."""

WINDOW = 1024 * FRAME
"""What is mastered at a time (27 s at 44.1 kHz): bounds the memory. Most chunks are shorter."""
MARGIN = 40 * FRAME
"""What is mastered on both sides of it and thrown away, a second: by then the meter's filter has
settled, and the limiter has let go of all that it may hold."""

_HEAD = struct.Struct("<IddH")


@dataclass(frozen=True, slots=True)
class MasteredChunk:
    """A chunk, finished."""

    encoded: Encoded
    """One MP3 frame for every 1,152 samples."""
    energies: Floats
    """K-weighted energy per frame, as decoded (see `sayso.mix.loudness`)."""
    true_peak_dbtp: float
    """Of the decoded sound."""
    limited_db: float
    """The most that the limiter took off."""

    def pack(self) -> bytes:
        """As bytes, for a cache."""
        head = _HEAD.pack(
            len(self.energies), self.true_peak_dbtp, self.limited_db, self.encoded.crc
        )
        return head + self.energies.astype("<f4").tobytes() + self.encoded.frames

    @classmethod
    def unpack(cls, raw: bytes) -> MasteredChunk:
        """What `pack` made."""
        n, true_peak_dbtp, limited_db, crc = _HEAD.unpack_from(raw)
        energies = np.frombuffer(raw, "<f4", n, _HEAD.size)
        encoded = Encoded(raw[_HEAD.size + 4 * n :], crc)
        return cls(encoded, energies, true_peak_dbtp, limited_db)


def master_windows(
    window: Callable[[int, int], Floats], n_samples: int, form: Mp3Format, *, gain_db: float = 0.0
) -> MasteredChunk:
    """Limit and encode a chunk of any length: no more than half a minute is held at a time.

    `window(a, b)` gives its samples from `a` to `b`: (b - a, channels) float32, full scale 1. The
    whole has `n_samples`, a multiple of 1,152, and is silent in its first four and last two frames.
    Windows overlap. They may have one channel in a stereo format, all of them: a voice in the
    middle, at half the work. `gain_db` is the correction of the whole episode.

    The sound is proved by decoding it: where coding has lifted a peak over MAX_DBTP, the chunk is
    limited and encoded again under a lower ceiling.
    """
    central = window(0, min(n_samples, FRAME)).shape[1] < form.n_channels
    return under_the_ceiling(
        lambda ceiling_db: _master(window, n_samples, form, gain_db, ceiling_db, central=central),
        lambda mastered: mastered.true_peak_dbtp,
        encoder_ceiling_db(form, central=central),
    )


def limited_windows(
    window: Callable[[int, int], Floats],
    n_samples: int,
    sample_rate: int,
    *,
    gain_db: float,
    ceiling_db: float,
) -> Iterator[tuple[LimitResult, slice]]:
    """A chunk with a gain and under a ceiling, in windows that join without a trace.

    Yields what is limited, and which part of it is the window's own.
    """
    for start in range(0, n_samples, WINDOW):
        yield limited_window(
            *(window, n_samples, sample_rate, start), gain_db=gain_db, ceiling_db=ceiling_db
        )


def limited_window(
    window: Callable[[int, int], Floats],
    n_samples: int,
    sample_rate: int,
    start: int,
    *,
    gain_db: float,
    ceiling_db: float,
) -> tuple[LimitResult, slice]:
    """One of the `limited_windows`: the one from `start`, WINDOW long."""
    end = min(start + WINDOW, n_samples)
    first = max(0, start - MARGIN)
    samples = window(first, min(end + MARGIN, n_samples))
    gain = np.float32(10 ** (gain_db / 20))
    return limit(samples * gain, ceiling_db, sample_rate), slice(start - first, end - first)


def _master(
    window: Callable[[int, int], Floats],
    n_samples: int,
    form: Mp3Format,
    gain_db: float,
    ceiling_db: float,
    *,
    central: bool,
) -> MasteredChunk:
    n_sides = 2 if central else 1
    makeup_db = makeup_gain_db(form, central=central)
    windows = limited_windows(
        *(window, n_samples, form.sample_rate), gain_db=gain_db + makeup_db, ceiling_db=ceiling_db
    )
    energies: list[Floats] = []
    reductions_db = [0.0]

    def blocks() -> Iterator[npt.NDArray[np.int16]]:
        for limited, own in windows:
            metered = frame_energies(limited.samples[: own.stop], form.sample_rate, FRAME)
            energies.append(n_sides * metered[own.start // FRAME :])
            reductions_db.append(limited.reduction_db)
            heard = np.rint(limited.samples[own] * 32767)
            yield np.clip(heard, -32768, 32767).astype(np.int16)

    if central:
        heard = encode_central(blocks(), form)  # decodes to the same, at half the work
        frames = as_joint_stereo(heard, form)
    else:
        heard = frames = encode_blocks(blocks(), form)
    return MasteredChunk(
        Encoded.of(frames),
        np.concatenate(energies) * np.float32(10 ** (-makeup_db / 10)),
        decoded_true_peak_db(heard),
        max(reductions_db),
    )
