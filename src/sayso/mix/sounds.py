"""Stings, beds and effects: decoded, brought to the show's rate and channels, measured.

Decoded by libsndfile (WAV, FLAC, OGG, MP3, AIFF) and resampled by soxr before pydub sees them:
pydub's own resampling leaves images at -17 dB, and its readers need ffmpeg.
"""

from __future__ import annotations

import hashlib
import io
import math
import struct
import threading
from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from sayso.errors import SoundError
from sayso.mix.levels import Level, measure
from sayso.mix.surround import MAX_CHANNELS, to_stereo
from sayso.system.atomic_files import explain_os_errors
from sayso.system.cache import Store, make_key

if TYPE_CHECKING:
    import soundfile

Floats = npt.NDArray[np.float32]
Pcm = npt.NDArray[np.int16]

MAX_SECONDS = 900
MAX_SAMPLES = MAX_SECONDS * 96_000
MAX_BYTES = 200 * 1024 * 1024
MIN_RATE, MAX_RATE = 2_000, 768_000
"""Hz. Below is no sound that anybody hears, above no converter; a file may say anything."""

_FORMAT = "sound-2"
"""Part of every key: raised when the same file is decoded to other samples."""
_TOO_LOUD = 1e6
"""120 dB above full scale: a file of floats may say anything, and sums of it must stay numbers."""
_BLOCK = 1 << 17  # samples read at a time, of all channels
_WRAP_S = 0.05  # longer than the resampler's filter


@dataclass(frozen=True, slots=True)
class SoundFile:
    """What is known of a sound without its samples."""

    key: str
    """Hash of the file's bytes, the rate and the channels."""
    path: Path
    n_samples: int
    """Length per channel, at the show's rate."""
    level: Level


class Sounds:
    """The sounds of a show at one rate and in one number of channels.

    What has been measured once is known from the store. A file is decoded at most once, and only
    if it must be measured or is to be mixed; threads may share it.
    """

    def __init__(self, store: Store, sample_rate: int, n_channels: int) -> None:
        self._store = store
        self._sample_rate = sample_rate
        self._n_channels = n_channels
        self._found: dict[str, SoundFile] = {}
        self._decoded: dict[str, Pcm] = {}
        self._lock = threading.Lock()

    def find(self, path: Path) -> SoundFile:
        """A sound by its file.

        Raises SoundError for one that is missing, too long, or no sound that libsndfile reads.
        """
        raw = _read(path)
        digest = hashlib.sha256(raw).hexdigest()
        key = make_key(_FORMAT, digest, self._sample_rate, self._n_channels)
        known = self._store.get(key)
        if known is not None:
            (n_samples,) = struct.unpack_from("<Q", known)
            level = Level(np.frombuffer(known, "<f4", offset=8))
        else:
            samples = decode(raw, path, self._sample_rate, self._n_channels)
            n_samples = len(samples)
            floats = np.multiply(samples, np.float32(1 / 32768), dtype=np.float32)
            level = measure(floats, self._sample_rate)
            packed = struct.pack("<Q", n_samples) + level.energies.astype("<f4").tobytes()
            self._store.put(key, packed)
            self._decoded[key] = samples
        self._found[key] = SoundFile(key, path, n_samples, level)
        return self._found[key]

    def samples(self, key: str) -> Pcm:
        """(n, channels) at the show's rate, of a sound that was found; its ends are as they are."""
        with self._lock:
            if key not in self._decoded:
                path = self._found[key].path
                samples = decode(_read(path), path, self._sample_rate, self._n_channels)
                if len(samples) != self._found[key].n_samples:
                    raise SoundError(
                        "the file has just changed",
                        code="file-changed",
                        file=path,
                        hint="run the same command again",
                    )
                self._decoded[key] = samples
            return self._decoded[key]


@dataclass(frozen=True, slots=True)
class NamedSounds:
    """The sounds that a script names."""

    sounds: Sounds
    by_name: dict[str, SoundFile]
    """By the name of a sting or bed, or by file."""


def decode(raw: bytes, path: Path, sample_rate: int, n_channels: int) -> Pcm:
    """The samples of a sound file: (n, channels) at the show's rate.

    What the file's header says of its length is not believed. `path` is for errors (SoundError).
    """
    import soundfile

    try:
        with soundfile.SoundFile(io.BytesIO(raw)) as stream:
            rate = stream.samplerate
            if not MIN_RATE <= rate <= MAX_RATE:
                raise SoundError(
                    f"the sound has a sample rate of {rate:,} Hz", file=path, hint="export it again"
                )
            if stream.channels > MAX_CHANNELS:
                raise SoundError(
                    f"the sound has {stream.channels} channels",
                    file=path,
                    hint="export it in stereo",
                )
            xiph = stream.subtype in ("VORBIS", "OPUS")
            blocks: deque[Floats] = deque()
            n = 0
            for block in read_blocks(stream, max(1, _BLOCK // stream.channels)):
                if not (np.abs(block) < _TOO_LOUD).all():  # nor is anything that is no number
                    raise SoundError(
                        "the sound holds values that are not numbers, or far above full scale",
                        file=path,
                        hint="export it again",
                    )
                blocks.append(_to_channels(block, n_channels, xiph=xiph))
                n += len(block)
                if n > min(MAX_SECONDS * rate, MAX_SAMPLES):
                    raise SoundError(
                        f"the sound is longer than {MAX_SECONDS // 60} minutes",
                        code="too-large",
                        file=path,
                        hint="cut it to what the episode needs",
                    )
    except soundfile.SoundFileRuntimeError as error:
        raise SoundError(
            "not a sound that can be read", file=path, hint="save it as WAV, FLAC, OGG or MP3"
        ) from error
    if not n:
        raise SoundError("the sound is empty", file=path, hint="use another file")
    if rate != sample_rate:
        blocks = _resample(blocks, n, rate, sample_rate)
    # A file of floats may rise above full scale. Its level is measured after, so nothing is lost.
    scale = np.float32(max(1.0, *(float(np.abs(block).max()) for block in blocks)))
    pcm = []
    while blocks:
        whole = np.rint(blocks.popleft() / scale * 32768)
        pcm.append(np.clip(whole, -32768, 32767).astype(np.int16))
    return np.concatenate(pcm)


def read_blocks(stream: soundfile.SoundFile, n_at_once: int) -> Iterator[Floats]:
    """The samples of an open file in blocks of (n_at_once, channels), the last one shorter.

    Not `stream.blocks`: that trusts the length in the header, and where less is there it gives what
    lay in memory instead.
    """
    while len(block := stream.read(n_at_once, dtype="float32", always_2d=True)):
        yield block


def _read(path: Path) -> bytes:
    if not path.is_file():
        raise SoundError(
            "no such sound",
            code="no-such-file",
            file=path,
            hint="check the name, or copy the file there",
        )
    with explain_os_errors(path):
        if path.stat().st_size > MAX_BYTES:
            raise SoundError(
                f"the file is larger than {MAX_BYTES // 2**20} MiB",
                code="too-large",
                file=path,
                hint="use a shorter one",
            )
        return path.read_bytes()


def _to_channels(samples: Floats, n_channels: int, *, xiph: bool) -> Floats:
    if samples.shape[1] > 2:
        samples = to_stereo(samples, xiph=xiph)
    if samples.shape[1] == n_channels:
        return samples
    if n_channels == 1:
        return np.asarray(samples.mean(axis=1, keepdims=True), np.float32)
    return np.repeat(samples, 2, axis=1)  # one channel plays on both sides


def _resample(blocks: deque[Floats], n: int, rate: int, sample_rate: int) -> deque[Floats]:
    """Resample `n` samples as if the sound went round and round: a bed does, and must not click.

    For others it makes no difference: their ends are softened. The blocks are taken away one by
    one, since a long sound would fill much memory twice.
    """
    import soxr

    n_channels = blocks[0].shape[1]
    stream = soxr.ResampleStream(rate, sample_rate, n_channels, dtype="float32", quality="HQ")
    unit = rate // math.gcd(rate, sample_rate)  # so many samples become whole samples
    n_wrap = unit * math.ceil(_WRAP_S * rate / unit)
    end = _first((block[::-1] for block in reversed(blocks)), n_wrap)[::-1]
    blocks.append(_first(blocks, n_wrap))
    blocks.appendleft(end)
    n_passed = n_wrap * sample_rate // rate
    n_left = max(1, round(n * sample_rate / rate))
    resampled: deque[Floats] = deque()
    while blocks:
        block = np.ascontiguousarray(blocks.popleft())
        made = stream.resample_chunk(block, last=not blocks)
        kept = made[n_passed : n_passed + n_left]
        n_passed -= min(n_passed, len(made))
        n_left -= len(kept)
        if len(kept):
            resampled.append(kept.copy())
    return resampled


def _first(blocks: Iterable[Floats], n: int) -> Floats:
    """The first `n` samples; of a sound that has fewer, round and round."""
    taken: list[Floats] = []
    for block in blocks:
        taken.append(block)
        if sum(map(len, taken)) >= n:
            break
    return np.resize(np.concatenate(taken)[:n], (n, taken[0].shape[1]))
