"""Stings, beds and effects: decoded, brought to the show's rate and channels, measured.

Decoded by libsndfile (WAV, FLAC, OGG, MP3, AIFF) and resampled by soxr before pydub sees them:
pydub's own resampling leaves images at -17 dB, and its readers need ffmpeg.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from sayso.errors import SoundError
from sayso.files import explain_os_errors
from sayso.mix.levels import Level, measure

MAX_SECONDS = 900
MAX_BYTES = 200 * 1024 * 1024
EDGE_MS = 5
"""Fade at both ends of a sound: too short to hear, long enough to keep a cut from clicking."""


@dataclass(frozen=True, slots=True)
class SoundFile:
    """A sound ready to be placed."""

    key: str
    """Hash of the file's bytes, the rate and the channels."""
    samples: npt.NDArray[np.int16]
    """(n, channels) at the show's rate."""
    level: Level

    @property
    def n_samples(self) -> int:
        """Length per channel."""
        return len(self.samples)


def load_sound(path: Path, sample_rate: int, n_channels: int) -> SoundFile:
    """Decode a sound file.

    Raises SoundError for a file that is missing, too long, or no sound that libsndfile reads.
    """
    import soundfile
    import soxr

    if not path.is_file():
        raise SoundError("no such sound", file=path, mend="check the name, or copy the file there")
    with explain_os_errors(path):
        if path.stat().st_size > MAX_BYTES:
            raise SoundError(
                f"the file is larger than {MAX_BYTES // 2**20} MiB",
                file=path,
                mend="use a shorter one",
            )
        digest = hashlib.sha256(path.read_bytes()).hexdigest()
    try:
        with soundfile.SoundFile(path) as stream:
            if stream.frames > MAX_SECONDS * stream.samplerate:
                raise SoundError(
                    f"the sound is longer than {MAX_SECONDS // 60} minutes",
                    file=path,
                    mend="cut it to what the episode needs",
                )
            rate = stream.samplerate
            samples = stream.read(dtype="float32", always_2d=True)
    except (soundfile.LibsndfileError, RuntimeError) as error:
        raise SoundError(
            "not a sound that can be read", file=path, mend="save it as WAV, FLAC, OGG or MP3"
        ) from error
    if not len(samples):
        raise SoundError("the sound is empty", file=path, mend="use another file")
    samples = _to_channels(np.nan_to_num(samples), n_channels)
    if rate != sample_rate:
        samples = soxr.resample(samples, rate, sample_rate, quality="HQ")
    samples = _soften_edges(samples.reshape(-1, n_channels).astype(np.float32), sample_rate)
    return SoundFile(
        key=hashlib.sha256(f"{digest} {sample_rate} {n_channels}".encode()).hexdigest(),
        samples=np.clip(np.rint(samples * 32767), -32768, 32767).astype(np.int16),
        level=measure(samples, sample_rate),
    )


def _to_channels(samples: npt.NDArray[np.float32], n_channels: int) -> npt.NDArray[np.float32]:
    if samples.shape[1] == n_channels:
        return samples
    if n_channels == 1:
        return np.asarray(samples.mean(axis=1, keepdims=True), np.float32)
    # One channel plays on both sides; of more than two, the front pair comes first in every layout.
    if samples.shape[1] == 1:
        return np.repeat(samples, 2, axis=1)
    return np.ascontiguousarray(samples[:, :2])


def _soften_edges(samples: npt.NDArray[np.float32], sample_rate: int) -> npt.NDArray[np.float32]:
    n = min(EDGE_MS * sample_rate // 1000, len(samples) // 2)
    ramp = (0.5 - 0.5 * np.cos(np.pi * np.arange(n, dtype=np.float32) / max(n, 1)))[:, None]
    softened = samples.copy()
    softened[:n] *= ramp
    softened[len(softened) - n :] *= ramp[::-1]
    return softened
