"""The files that an episode is made of: which there are, and whether one has changed."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from pathlib import Path

_MOST_FILES = 2_000
_SMALL_BYTES = 4_000_000
"""What is larger (sounds) is known by its size and time."""

FOLDERS = ("scripts", "kinds", "audio")
"""Of a show: what they hold decides an episode."""
FILES = ("show.toml", "lexicon.toml")


def files(source: Path, root: Path, script: Path) -> Iterator[Path]:
    """All of them, whether they are there or not; of a folder with very many the first ones."""
    yield source
    yield script
    yield from (root / name for name in FILES)
    for name in FOLDERS:
        for number, path in enumerate(sorted((root / name).rglob("*"))):
            if number < _MOST_FILES and not path.name.startswith(".") and path.is_file():
                yield path


def stamps(source: Path, root: Path, script: Path) -> Mapping[Path, str]:
    """What each file holds now, by its path; a file that is not there is not in it."""
    found = {}
    for path in files(source, root, script):
        stamp = stamp_of(path)
        if stamp:
            found[path] = stamp
    return found


def stamp_of(path: Path) -> str:
    """Tells one content of a file from another; empty where there is no such file."""
    try:
        state = path.stat()
        if state.st_size > _SMALL_BYTES:
            return f"{state.st_size} {state.st_mtime_ns}"
        return hashlib.sha256(path.read_bytes()).hexdigest()
    except OSError:
        return ""


def stamp(text: str) -> str:
    """The stamp of a file with this text."""
    return hashlib.sha256(text.encode("utf-8", "surrogateescape")).hexdigest()
