"""The true peak of encoded sound as a listener gets it: decoded, then read between its samples.

Coding moves peaks, by a tenth of a decibel for a voice and by one and more for noise at a low
bitrate. No ceiling before the encoder is a proof; what comes out of a decoder is.
"""

from __future__ import annotations

import io
import math
import subprocess
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import IO, TypeVar, cast

import numpy as np

from sayso.errors import EnvironmentProblem
from sayso.master.truepeak import BLOCK, Floats, true_peak_db
from sayso.mix.sounds import read_blocks

Made = TypeVar("Made")

MAX_DBTP = -1.0
"""The highest true peak of the decoded sound (EBU R128 §3; Apple's and Spotify's advice)."""

_MOST_TRIES = 6
_MORE_DB = 0.05  # asked for beyond what was missing: a lower ceiling moves peaks too
_STEP_DB = 0.05
"""The ceiling is lowered in such steps, as decoders differ in the last digits of their samples."""
_AT_ONCE = 1 << 19  # samples decoded at a time: bounds the memory
_BEFORE = 2 * BLOCK  # samples of the last turn, so that the curve goes on; what interpolation needs


def under_the_ceiling(
    make: Callable[[float], Made], true_peak_db: Callable[[Made], float], ceiling_db: float
) -> Made:
    """What `make` makes of sound under a ceiling in dBTP, whose decoded peak keeps to MAX_DBTP.

    Where coding has lifted a peak over it, it is made again under a lower ceiling.
    """
    for attempt in range(1, _MOST_TRIES + 1):
        made = make(ceiling_db)
        over_db = true_peak_db(made) - MAX_DBTP
        if over_db <= 0:
            break
        ceiling_db -= math.ceil(over_db / _STEP_DB) * _STEP_DB + attempt * _MORE_DB
    return made


def decoded_true_peak_db(frames: bytes) -> float:
    """True peak in dBTP of MP3 frames, as libsndfile decodes them; -inf for silence."""
    import soundfile

    with soundfile.SoundFile(io.BytesIO(frames)) as stream:
        return _highest(read_blocks(stream, _AT_ONCE), stream.channels)


def file_true_peak_db(path: Path, n_channels: int) -> float:
    """True peak in dBTP of a sound file, as ffmpeg decodes it; -inf for silence.

    Raises EnvironmentProblem where ffmpeg cannot decode it.
    """
    command = ["ffmpeg", "-v", "error", "-nostdin", "-i", str(path), "-map", "0:a"]
    command += ["-f", "f32le", "-ac", str(n_channels), "-"]

    def blocks() -> Iterator[Floats]:
        with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as coder:
            stdout = cast(IO[bytes], coder.stdout)
            while raw := stdout.read(4 * n_channels * _AT_ONCE):
                yield np.frombuffer(raw, "<f4").reshape(-1, n_channels)
        if coder.returncode:
            raise EnvironmentProblem(
                "ffmpeg cannot decode what it has written",
                code="ffmpeg-failed",
                file=path,
                hint="use another ffmpeg, or leave this format out",
            )

    return _highest(blocks(), n_channels)


def _highest(blocks: Iterable[Floats], n_channels: int) -> float:
    highest = -np.inf
    before = np.zeros((0, n_channels), np.float32)
    for block in blocks:
        if n_channels == 2 and np.array_equal(block[:, 0], block[:, 1]):
            block = block[:, :1]  # a voice in the middle: half the work
        if before.shape[1] != block.shape[1]:
            before, block = _as_wide(before, 2), _as_wide(block, 2)
        samples = np.concatenate([before, block])
        # The curve at the very end is read with the samples that come next.
        highest = max(highest, true_peak_db(samples))
        before = samples[-_BEFORE:]
    return float(highest)


def _as_wide(samples: Floats, n_channels: int) -> Floats:
    return np.repeat(samples, n_channels // samples.shape[1], axis=1)
