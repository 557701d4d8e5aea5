"""What every target can do, whatever stands behind it."""

from __future__ import annotations

import contextlib
import hashlib
import re
from collections.abc import Iterator
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

    @classmethod
    def of(cls, data: bytes) -> Stored:
        """A file whose version is its SHA-256: for stores that have no versions."""
        return cls(data, hashlib.sha256(data).hexdigest())


@dataclass(frozen=True, slots=True)
class FileForm:
    """How a server should hand a file out; targets that cannot tell their server ignore it."""

    mime: str
    immutable: bool
    """True for a name that is made from the content: caches may keep it forever."""

    @property
    def cache_control(self) -> str:
        """The Cache-Control header: a year (the longest that RFC 2616 §14.21 allows) or 5 min."""
        return "public, max-age=31536000, immutable" if self.immutable else "public, max-age=300"


class Changed(Exception):
    """Somebody else has written the file since it was read: read, merge and try again."""


class Target(Protocol):
    """A place that files are published to, by names such as `media/tide-0a1b2c3d4e5f.mp3`.

    All methods may be called from several threads at once. A target belongs to the process that
    opened it: it does not survive a fork. A call that the connection interrupts is repeated for
    some seconds. Then it raises PublishError if the server refuses, EnvironmentProblem if the
    server cannot be reached or this machine lacks something. A name that `is_name` does not accept
    raises PublishError.
    """

    @property
    def address(self) -> str:
        """The address for messages; it holds no secret."""

    def read(self, name: str) -> Stored | None:
        """The file, never older than the last write; None where there is none."""

    def size(self, name: str) -> int | None:
        """How many bytes the file has; None where there is none. What is there is whole."""

    def put(self, name: str, source: Path | bytes, form: FileForm) -> None:
        """Write the file, whole or not at all, over whatever is there. A path is streamed."""

    def replace(self, name: str, data: bytes, form: FileForm, *, expected: str | None) -> None:
        """Write the file if it is still the version `expected` (None: if there is none).

        Raises Changed where it is not: of several who replace the same version, one succeeds.
        """

    def lock(self) -> AbstractContextManager[None]:
        """Wait for the target's lock, and hold it.

        For stores without a conditional write, where `replace` takes it by itself: hold it around
        read and replace, and `replace` does not raise Changed. A holder that dies loses it. A
        thread may take it again while it holds it. S3 needs no lock and gives it at once.
        """

    def close(self) -> None:
        """End the connection."""


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
    """Raise Changed if what is there is not the version `expected` (None: nothing)."""
    if (None if there is None else there.version) != expected:
        raise Changed(name)


@contextlib.contextmanager
def open_source(source: Path | bytes) -> Iterator[BinaryIO]:
    """What is to be published as a stream: bytes, or a file of this machine.

    Raises EnvironmentProblem for a file that cannot be opened.
    """
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
