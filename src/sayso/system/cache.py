"""A content-addressed cache on disk: bytes under a key that names what they were made from.

A damaged or foreign file counts as absent, so a reader never has to trust what it finds; files
appear whole or not at all, so builds may share a store.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import re
import struct
import time
import zlib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from sayso.system.atomic_files import TEMPORARY_SUFFIX, explain_os_errors, write_atomic

_HEADER = struct.Struct("<8s32sI")
"""Magic, key, CRC-32 of the content."""
_MAGIC = b"sayso-s1"
_TOUCH_S = 600  # how stale a "last used" may be: to note every use would cost a write each
_OURS = re.compile(r"[0-9a-f]{64}\Z")  # a key: nothing else in a cache folder is ours to remove
DEFAULT_CACHE_MB = 2_000
"""About forty hours of voiced sentences: more than a show's sources change in a year."""
_SPARE_S = 3_600  # a build under way may still need what it has looked up


def make_key(*fields: object) -> str:
    """64 hex digits: SHA-256 over the fields as text, each with its length."""
    digest = hashlib.sha256()
    for field in fields:
        raw = str(field).encode("utf-8", "surrogatepass")
        digest.update(struct.pack("<Q", len(raw)) + raw)
    return digest.hexdigest()


@dataclass(frozen=True, slots=True)
class Store:
    """The files in `folder`, two levels deep."""

    folder: Path

    def path(self, key: str) -> Path:
        """Where the content of `key` is, or would be."""
        return self.folder / key[:2] / key

    def get(self, key: str) -> bytes | None:
        """The content, checked in full; None where there is none that is sound."""
        path = self.path(key)
        try:
            with path.open("rb", buffering=0) as stream:
                header = stream.read(_HEADER.size)
                content = stream.readall()
        except OSError:
            return None
        if len(header) < _HEADER.size:
            return None
        magic, named, checksum = _HEADER.unpack(header)
        if magic != _MAGIC or named.hex() != key or zlib.crc32(content) != checksum:
            return None
        _touch(path)
        return content

    def __contains__(self, key: str) -> bool:
        """Whether there is something; whether it is sound, only `get` tells."""
        return self.path(key).exists()

    def put(self, key: str, content: bytes) -> None:
        """Keep `content`. Raises EnvironmentProblem where the store cannot be written."""
        header = _HEADER.pack(_MAGIC, bytes.fromhex(key), zlib.crc32(content))
        write_atomic(self.path(key), header + content, durable=False)


def cache_folder() -> Path:
    """Where takes and encoded chunks are kept: $SAYSO_CACHE, or the system's cache folder."""
    named = os.environ.get("SAYSO_CACHE")
    if named:
        return Path(named)
    import platformdirs

    return platformdirs.user_cache_path("sayso", appauthor=False)


def cache_limit_mb() -> float:
    """How large the cache may grow: $SAYSO_CACHE_MB where that is a number."""
    named = os.environ.get("SAYSO_CACHE_MB", "")
    return float(named) if is_limit(named) else DEFAULT_CACHE_MB


def is_limit(text: str) -> bool:
    """Whether a text says how many MB."""
    return re.fullmatch(r"\d+(\.\d+)?", text) is not None


def stored_files(folders: Iterable[Path]) -> list[tuple[float, Path, int]]:
    """All files of some stores: when last used (seconds since 1970), where, how many bytes.

    Files that no store has written are left out: $SAYSO_CACHE may name a folder that holds others.
    """
    found = []
    for folder in folders:
        for path in folder.glob("??/*"):
            if not (_OURS.match(path.name) or path.name.endswith(TEMPORARY_SUFFIX)):
                continue
            with contextlib.suppress(OSError):  # another build may remove it meanwhile
                stat = path.stat()
                found.append((stat.st_mtime, path, stat.st_size))
    return found


def trim_stores(folders: Iterable[Path], max_bytes: int, *, spare_s: float = _SPARE_S) -> int:
    """Remove what was used longest ago until the rest is at most `max_bytes`.

    Files used in the last `spare_s` seconds stay: a build under way may need them; those from a
    future, which a clock that was wrong has left, do not. What a killed build left half written
    goes too. Returns the bytes removed.
    """
    now = time.time()
    files = sorted(stored_files(folders))
    total = sum(n_bytes for _, _, n_bytes in files)
    removed = 0
    for used, path, n_bytes in files:
        leftover = path.name.endswith(TEMPORARY_SUFFIX)
        if abs(now - used) < spare_s or not (leftover or total - removed > max_bytes):
            continue
        with explain_os_errors(path):
            path.unlink(missing_ok=True)
        removed += n_bytes
    return removed


def _touch(path: Path) -> None:
    """Note that a file was used. A store that can only be read is fine."""
    with contextlib.suppress(OSError):
        if abs(time.time() - path.stat().st_mtime) > _TOUCH_S:
            os.utime(path)


def bound_cache(folder: Path) -> int:
    """Remove what was used longest ago where the cache is larger than $SAYSO_CACHE_MB allows.

    What was used in the last hour stays, so that builds may share a cache. Returns bytes removed.
    """
    parts = [path for path in folder.iterdir() if path.is_dir()] if folder.is_dir() else []
    return trim_stores(parts, int(cache_limit_mb() * 1_000_000))
