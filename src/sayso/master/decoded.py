"""The true peak of encoded sound as a listener gets it: decoded, then read between its samples.

Coding moves peaks, by a tenth of a decibel for a voice and by one and more for noise at a low
bitrate. No ceiling before the encoder is a proof; what comes out of a decoder is.
"""

from __future__ import annotations

import io

import numpy as np

from sayso.master.truepeak import BLOCK, true_peak_db

_AT_ONCE = 1 << 19  # samples decoded at a time: bounds the memory
_BEFORE = 2 * BLOCK  # samples of the last turn, so that the curve goes on; what interpolation needs


def decoded_true_peak_db(frames: bytes) -> float:
    """True peak in dBTP of MP3 frames, as libsndfile decodes them; -inf for silence."""
    import soundfile

    highest = -np.inf
    with soundfile.SoundFile(io.BytesIO(frames)) as stream:
        before = np.zeros((0, stream.channels), np.float32)
        while len(block := stream.read(_AT_ONCE, dtype="float32", always_2d=True)):
            if stream.channels == 2 and np.array_equal(block[:, 0], block[:, 1]):
                block = block[:, :1]  # a voice in the middle: half the work
            if before.shape[1] != block.shape[1]:
                before, block = _as_wide(before, 2), _as_wide(block, 2)
            samples = np.concatenate([before, block])
            # The curve at the very end is read with the samples that come next.
            highest = max(highest, true_peak_db(samples))
            before = samples[-_BEFORE:]
    return float(highest)


def _as_wide(samples: np.ndarray, n_channels: int) -> np.ndarray:
    return np.repeat(samples, n_channels // samples.shape[1], axis=1)
