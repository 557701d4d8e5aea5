"""What the last build of an episode read, made and told, so that the next one knows what changed.

A build notes the state of every file that it may read before it reads it: the review, show.toml (or
that there is none), templates, kinds, lexicon, sounds, cover, the script; and of every file that it
wrote. Where all of that is still as it was, and sayso, its libraries and the options are too, there
is nothing to do, and nothing heavy is imported to find out. Where it is not, what differs is why
something has to be done again.

A file with the size, times and inode that it had is taken as unchanged; any other is read and
compared by its hash. The record is a cache: losing it costs a second look, never a wrong episode.
"""

from __future__ import annotations

import hashlib
import json
import os
import sys
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sayso._version import __version__
from sayso.system.atomic_files import file_digest
from sayso.system.cache import Store, make_key

_FORMAT = "record-2"
_SETTLED_NS = 50_000_000
"""A file that was written less than this before it was looked at may be written again without its
times telling: file systems count in steps of up to 10 ms."""


@dataclass(frozen=True, slots=True)
class FileState:
    """A file or folder as it was when a build looked at it."""

    path: str
    sha256: str
    """Of the content; of the names in it for a folder; empty where there is nothing."""
    size: int = 0
    mtime_ns: int = 0
    ctime_ns: int = 0
    inode: int = 0
    reads: str = ""
    """Which of the stages' `reads` it is (see `pipeline.STAGES`); empty for what is made."""


def snapshot(path: Path, reads: str = "", sha256: str | None = None) -> FileState:
    """The state of a file or folder now. `sha256` saves reading it, where it is known."""
    try:
        stat = path.stat()
        if path.is_dir():
            names = "\n".join(sorted(entry.name for entry in path.iterdir()))
            digest = hashlib.sha256(names.encode("utf-8", "surrogateescape")).hexdigest()
            return FileState(str(path), digest, reads=reads)
        if sha256 is None:
            sha256 = file_digest(path)[1]
    except OSError:
        return FileState(str(path), "", reads=reads)
    if time.time_ns() - max(stat.st_mtime_ns, stat.st_ctime_ns) < _SETTLED_NS:
        return FileState(str(path), sha256, reads=reads)
    times = (stat.st_mtime_ns, stat.st_ctime_ns)
    return FileState(str(path), sha256, stat.st_size, *times, stat.st_ino, reads)


def unchanged_state(state: FileState) -> FileState | None:
    """The state of the same file now where its content is the same; else None."""
    if state.inode:
        try:
            stat = os.stat(state.path)  # noqa: PTH116 - hundreds of them, in no time
        except OSError:
            return None
        was = (state.size, state.mtime_ns, state.ctime_ns, state.inode)
        if was == (stat.st_size, stat.st_mtime_ns, stat.st_ctime_ns, stat.st_ino):
            return state
    now = snapshot(Path(state.path), state.reads)
    return now if now.sha256 == state.sha256 else None


@dataclass(frozen=True, slots=True)
class Record:
    """A finished build."""

    setting: str
    """Hash of the options, of sayso and of all installed packages; empty where the files here are
    not all that decides, so that the episode must be looked at in full each time."""
    files: tuple[FileState, ...]
    """What was read, and what was made."""
    settings: Mapping[str, str]
    """Hashes of what is no file, such as a table of show.toml, by name."""
    result: Mapping[str, Any]
    """What it told (`BuildResult.for_record`)."""


def record_key(source: Path, settings: Path, *, draft: bool) -> str:
    """The key of the record of a review's episode in one show, by its show.toml."""
    return make_key(_FORMAT, source.absolute(), settings, draft)


def load_record(store: Store, key: str) -> Record | None:
    """The record of the last build; None where there is none."""
    raw = store.get(key)
    if raw is None:
        return None
    told = json.loads(raw)
    files = tuple(FileState(*each) for each in told["files"])
    return Record(**{**told, "files": files})


def save_record(store: Store, key: str, record: Record) -> None:
    """Keep a record. Raises EnvironmentProblem where the store cannot be written."""
    files = [
        (f.path, f.sha256, f.size, f.mtime_ns, f.ctime_ns, f.inode, f.reads) for f in record.files
    ]
    told = {
        "setting": record.setting,
        "files": files,
        "settings": dict(record.settings),
        "result": dict(record.result),
    }
    store.put(key, json.dumps(told).encode())


def machinery() -> str:
    """Hash of what builds: sayso's own files, Python, the installed packages, our settings.

    A package that is installed, replaced or removed changes the folders `*.dist-info` or their
    times; so no package has to be asked for its version.
    """
    machine = getattr(os, "uname", lambda: "")()
    ours = sorted((k, v) for k, v in os.environ.items() if k in ("SAYSO_PIPER", "SAYSO_KOKORO"))
    own = list(_own_files(Path(__file__).parents[1]))
    packages = [
        (entry.name, entry.stat().st_mtime_ns)
        for folder in dict.fromkeys(sys.path)
        if folder.endswith("-packages") and Path(folder).is_dir()
        for entry in sorted(os.scandir(folder), key=lambda entry: entry.name)
        if entry.name.endswith((".dist-info", ".egg-info", ".pth"))
    ]
    return make_key(__version__, sys.version, machine, ours, own, packages)


def _own_files(folder: Path) -> Iterator[tuple[str, int, int]]:
    for entry in sorted(os.scandir(folder), key=lambda entry: entry.name):
        if entry.is_dir():
            if entry.name != "__pycache__":
                yield from _own_files(Path(entry.path))
        else:
            stat = entry.stat()
            yield entry.path, stat.st_size, stat.st_mtime_ns
