"""The cache of takes: one voiced sentence a file, named by what it was made from.

A take's key is a hash of engine, engine version, voice, speed and spoken text, so a changed
sentence has another key and an unchanged one is never voiced again. A file that is damaged, cut
short or not a take counts as absent. Builds may share a store: files appear whole or not at all.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import struct
import time
import zlib
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from sayso.errors import SpeechError
from sayso.files import TEMPORARY_SUFFIX, explain_os_errors, write_atomic
from sayso.model import WordMark

_MAGIC = b"sayso-t1"
_HEADER = struct.Struct("<8s32sIIII")
"""Magic, key, sample rate, samples, bytes of word marks (JSON), CRC-32 of all that follows and of
the fields before it. Then the word marks, then 16-bit little-endian mono samples."""
_SUFFIX = ".take"
_TOUCH_S = 600  # how stale a "last used" may be: a touch a take a build would cost a disk write
_SPARE_S = 3_600  # a build under way may still need what it has looked up


def take_key(engine: str, version: str, voice: str, speed: float, spoken: str) -> str:
    """The key of a take: 64 hex digits, SHA-256 over its fields with their lengths."""
    digest = hashlib.sha256(_MAGIC)
    for field in (engine, version, voice, f"{speed:.4f}", spoken):
        raw = field.encode("utf-8", "surrogatepass")
        digest.update(struct.pack("<Q", len(raw)) + raw)
    return digest.hexdigest()


@dataclass(frozen=True, slots=True)
class Take:
    """A voiced sentence: clean speech, trimmed, with short fades at its ends."""

    key: str
    sample_rate: int
    n_samples: int
    words: tuple[WordMark, ...]
    path: Path

    def samples(self) -> NDArray[np.int16]:
        """The sound, mono, read from its file.

        Raises SpeechError where the file has been removed or damaged since it was looked up.
        """
        found = _read(self.path, self.key)
        if found is None:
            raise SpeechError(
                "a take has vanished from the cache or was damaged in it",
                file=self.path,
                mend="run the same command again",
            )
        return found[1]


@dataclass(frozen=True, slots=True)
class TakeStore:
    """The takes in `folder`."""

    folder: Path

    def path(self, key: str) -> Path:
        """Where the take `key` is, or would be."""
        return self.folder / key[:2] / f"{key}{_SUFFIX}"

    def get(self, key: str) -> Take | None:
        """The take `key`, checked in full; None where there is no sound one."""
        path = self.path(key)
        found = _read(path, key)
        if found is None:
            return None
        _touch(path)
        return found[0]

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
        fields = (_MAGIC, bytes.fromhex(key), sample_rate, len(samples), len(marks))
        write_atomic(
            self.path(key),
            _HEADER.pack(*fields, _checksum(fields, marks + pcm)) + marks + pcm,
            durable=False,
        )
        return Take(key, sample_rate, len(samples), words, self.path(key))

    def size(self) -> tuple[int, int]:
        """How many takes there are, and their bytes."""
        sizes = [n_bytes for _, _, n_bytes in self._files()]
        return len(sizes), sum(sizes)

    def trim(self, max_bytes: int, *, spare_s: float = _SPARE_S) -> int:
        """Remove the takes used longest ago until the rest is at most `max_bytes`.

        Takes used in the last `spare_s` seconds stay: another build may need them. Returns the
        bytes removed. Temporary files of killed builds go too.
        """
        now = time.time()
        files = sorted(self._files())
        total = sum(n_bytes for _, _, n_bytes in files)
        removed = 0
        for used, path, n_bytes in files:
            leftover = path.name.endswith(TEMPORARY_SUFFIX)
            if now - used < spare_s or not (leftover or total - removed > max_bytes):
                continue
            with explain_os_errors(path):
                path.unlink(missing_ok=True)
            removed += n_bytes
        return removed

    def _files(self) -> list[tuple[float, Path, int]]:
        found = []
        for path in self.folder.glob("??/*"):
            if path.name.endswith((_SUFFIX, TEMPORARY_SUFFIX)):
                with contextlib.suppress(FileNotFoundError):  # another build trims too
                    stat = path.stat()
                    found.append((stat.st_mtime, path, stat.st_size))
        return found


def _checksum(fields: tuple[bytes, bytes, int, int, int], body: bytes | memoryview) -> int:
    return zlib.crc32(body, zlib.crc32(_HEADER.pack(*fields, 0)))


def _read(path: Path, key: str) -> tuple[Take, NDArray[np.int16]] | None:
    try:
        raw = path.read_bytes()
    except OSError:
        return None
    if len(raw) < _HEADER.size:
        return None
    *fields, checksum = _HEADER.unpack_from(raw)
    magic, named, sample_rate, n_samples, n_marks = fields
    body = memoryview(raw)[_HEADER.size :]
    if magic != _MAGIC or named.hex() != key or len(body) != n_marks + 2 * n_samples:
        return None
    if checksum != _checksum((magic, named, sample_rate, n_samples, n_marks), body):
        return None
    words = tuple(WordMark(*mark) for mark in json.loads(bytes(body[:n_marks])))
    samples = np.frombuffer(body[n_marks:], "<i2").astype(np.int16, copy=False)
    return Take(key, sample_rate, n_samples, words, path), samples


def _touch(path: Path) -> None:
    """Note that the take was used. A store that can only be read is fine."""
    with contextlib.suppress(OSError):
        if time.time() - path.stat().st_mtime > _TOUCH_S:
            os.utime(path)
