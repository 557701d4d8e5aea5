"""What is to be published: bytes, or a file of this machine."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import BinaryIO

from sayso.system.atomic_files import explain_os_errors


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
