"""The cache of takes: one voiced sentence a file, named by what it was made from.

A take's key is a hash of engine, engine version, voice, speed and spoken text, so a changed
sentence has another key and an unchanged one is never voiced again. A file that is damaged, cut
short or not a take counts as absent. Builds may share a store: files appear whole or not at all.
"""

from __future__ import annotations

import json
import struct
import sys
import zlib
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from sayso.errors import SpeechError
from sayso.model import WordMark
from sayso.system.cache import Store, make_key

_FORMAT = "take-2"
_HEADER = struct.Struct("<IIII")
"""Sample rate, samples, bytes of word marks (JSON), CRC-32 of the samples. Then the word marks,
then 16-bit little-endian mono samples."""


def take_key(engine: str, version: str, voice: str, speed: float, spoken: str) -> str:
    """The key of a take: 64 hex digits."""
    return make_key(_FORMAT, engine, version, voice, f"{speed:.4f}", spoken)


@dataclass(frozen=True, slots=True)
class Take:
    """A voiced sentence: clean speech, trimmed, with short fades at its ends."""

    key: str
    sample_rate: int
    n_samples: int
    words: tuple[WordMark, ...]
    content: str
    """Tells this sound from another that was voiced for the same key: some engines say a sentence
    otherwise the next time."""
    store: Store

    def samples(self) -> NDArray[np.int16]:
        """The sound, mono, read from its file.

        Raises SpeechError where the file has been removed or damaged since it was looked up.
        """
        raw = self.store.get(self.key)
        if raw is None or _unpack(self.key, raw, self.store) != self:
            raise SpeechError(
                "a take has vanished from the cache or was damaged in it",
                code="damaged-cache",
                file=self.store.path(self.key),
                hint="run the same command again",
            )
        pcm = np.frombuffer(raw, "<i2", self.n_samples, len(raw) - 2 * self.n_samples)
        return pcm.astype(np.int16, copy=False)


@dataclass(frozen=True, slots=True)
class TakeStore:
    """The takes in `folder`."""

    folder: Path

    def path(self, key: str) -> Path:
        """Where the take `key` is, or would be."""
        return Store(self.folder).path(key)

    def get(self, key: str) -> Take | None:
        """The take `key`, checked in full; None where there is no sound one."""
        store = Store(self.folder)
        raw = store.get(key)
        return None if raw is None else _unpack(key, raw, store)

    def put(
        self,
        key: str,
        samples: NDArray[np.int16],
        sample_rate: int,
        words: tuple[WordMark, ...] = (),
    ) -> Take:
        """Keep a take. Raises EnvironmentProblem where the store cannot be written."""
        pcm = np.ascontiguousarray(samples, "<i2").tobytes()
        marks = json.dumps([[mark.word, mark.start_ms, mark.estimated] for mark in words]).encode()
        raw = _HEADER.pack(sample_rate, len(samples), len(marks), zlib.crc32(pcm)) + marks + pcm
        store = Store(self.folder)
        store.put(key, raw)
        return _unpack(key, raw, store)


def _unpack(key: str, raw: bytes, store: Store) -> Take:
    sample_rate, n_samples, n_marks, crc = _HEADER.unpack_from(raw)
    marks = json.loads(raw[_HEADER.size : _HEADER.size + n_marks])
    # Most words of a long episode have been said before: one copy of each is enough.
    words = tuple(WordMark(sys.intern(word), *times) for word, *times in marks)
    return Take(key, sample_rate, n_samples, words, f"{crc:08x}", store)
