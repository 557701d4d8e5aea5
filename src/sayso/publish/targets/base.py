"""What every target can do: a folder, a store or a server."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import BinaryIO, Protocol

from sayso.errors import PublishError
from sayso.system.atomic_files import explain_os_errors

_NAME = re.compile(r"[a-z0-9_-][a-z0-9._-]*(/[a-z0-9_-][a-z0-9._-]*)*")
"""Lower case, as some servers fold case; no part begins with a dot, so none is `..` or hidden."""


@dataclass(frozen=True, slots=True)
class Stored:
    """A file as it stands on the target."""

    data: bytes
    version: str
    """Names exactly these bytes; `replace` takes it as `expected`."""


@dataclass(frozen=True, slots=True)
class FileForm:
    """How a server should serve a file; targets that cannot tell their server ignore it."""

    mime: str
    immutable: bool
    """True for a file that is named after its content: caches may keep it for a year."""

    @property
    def cache_control(self) -> str:
        """The Cache-Control header: a year (the longest that RFC 2616 §14.21 allows) or 5 min."""
        return "public, max-age=31536000, immutable" if self.immutable else "public, max-age=300"


class Changed(Exception):
    """Somebody else has written the file since it was read: read again, merge, try again."""


class Target(Protocol):
    """A place that files are published to, by names such as `media/tide-0a1b2c3d4e5f.mp3`.

    All methods may be called from several threads at once. A target belongs to the process that
    opened it: it does not survive a fork. When the connection fails, a call is tried again for some
    seconds. Then it raises PublishError where the server refuses, EnvironmentProblem where the
    server cannot be reached or this machine lacks something; an invalid name raises PublishError.
    """

    @property
    def address(self) -> str:
        """The address for messages; it holds no secret."""

    def read(self, name: str) -> Stored | None:
        """The file, never older than the last write; None if there is none."""

    def size(self, name: str) -> int | None:
        """How many bytes the file has; None if there is none. A file is never there in part."""

    def put(self, name: str, source: Path | bytes, form: FileForm) -> None:
        """Write the file, whole or not at all, over whatever is there. A path is streamed."""

    def replace(self, name: str, data: bytes, form: FileForm, *, expected: str | None) -> None:
        """Write the file if it is still the version `expected` (None: if there is none).

        Raises Changed if it is not: of several who replace the same version, one succeeds.
        """

    def lock(self) -> AbstractContextManager[None]:
        """Wait for the only lock to read and replace, and hold it.

        For stores without a conditional write, where `replace` acquires it by itself: hold it
        around read and replace to be spared `Changed`. A holder that dies loses it. A thread may
        acquire it again while it holds it. S3 needs none and gives it at once.
        """

    def close(self) -> None:
        """End the connection and remove what this target has left half done."""


def is_name(name: str) -> bool:
    """Whether it is a name that every target takes."""
    return _NAME.fullmatch(name) is not None


def check_name(name: str) -> str:
    """Return `name` if every target takes it; raises PublishError if not."""
    if not is_name(name):
        raise PublishError(
            f"'{name}' cannot be a published file's name",
            code="bad-target",
            hint="only a-z, 0-9, '.', '_', '-' and '/', and no part begins with a dot",
        )
    return name


def check_version(name: str, there: Stored | None, expected: str | None) -> None:
    """Raises Changed if the file is not the version `expected` (None: not there)."""
    if (None if there is None else there.version) != expected:
        raise Changed(name)


def page_fetcher(target: Target) -> Callable[[str], bytes]:
    """A function that reads a page of the feed by name; it raises PublishError if one is gone."""

    def fetch(name: str) -> bytes:
        stored = target.read(name)
        if stored is None:
            raise PublishError(
                f"a page of the feed is missing: {name}",
                code="feed-lost",
                file=target.address,
                hint="restore it from a backup, or from another copy of the site",
            )
        return stored.data

    return fetch


@contextlib.contextmanager
def open_source(source: Path | bytes) -> Iterator[BinaryIO]:
    """The bytes as a stream. Raises EnvironmentProblem for a file that cannot be opened."""
    if isinstance(source, bytes):
        yield BytesIO(source)
        return
    with explain_os_errors(source):
        stream = source.open("rb")
    with stream:
        yield stream


def source_bytes(source: Path | bytes) -> int:
    """How many bytes there are. Raises EnvironmentProblem for a file that cannot be opened."""
    with open_source(source) as stream:
        return stream.seek(0, 2)
