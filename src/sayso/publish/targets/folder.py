"""A folder on this machine, or one that is mounted here: for a web server, Git, rsync."""

from __future__ import annotations

import contextlib
import errno
import hashlib
import os
import shutil
import sys
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from typing import BinaryIO

from sayso.errors import EnvironmentProblem, PublishError
from sayso.publish.targets.base import FileForm, Stored, check_name, check_version, open_source
from sayso.publish.targets.locks import PATIENCE_S, ReentrantLock
from sayso.system.atomic_files import explain_os_errors, open_atomic, real_path

if sys.platform == "win32":
    import msvcrt
else:
    import fcntl

LOCK_NAME = ".sayso-lock"
"""There while somebody holds the lock; the system frees the lock of a holder that dies.

`atomic_files.exclusive` locks a folder itself; but a folder that is mounted from elsewhere can only
be locked by a file in it, and publishers on several machines may share one.
"""
_POLL_S = 0.02


class FolderTarget:
    """Files in `folder`, which the first write makes.

    No file may lie outside of the folder `bounds`, whatever symbolic links there are; None lets
    links lead anywhere, as suits a folder that its owner has named in full.
    """

    def __init__(self, folder: Path, *, bounds: Path | None, address: str) -> None:
        self.address = address
        self._folder = folder
        self._bounds = None if bounds is None else real_path(bounds)
        self._lock = ReentrantLock(self._hold)

    def read(self, name: str) -> Stored | None:
        """See `Target.read`."""
        path = self._path(name)
        with explain_os_errors(path):
            try:
                data = path.read_bytes()
            except FileNotFoundError:
                return None
        return Stored(data, hashlib.sha256(data).hexdigest())

    def size(self, name: str) -> int | None:
        """See `Target.size`."""
        path = self._path(name)
        with explain_os_errors(path):
            try:
                return path.stat().st_size
            except FileNotFoundError:
                return None

    def put(self, name: str, source: Path | bytes, form: FileForm) -> None:
        """See `Target.put`."""
        path = self._path(name)
        with open_source(source) as content, open_atomic(path) as stream:
            shutil.copyfileobj(content, stream, 1 << 20)

    def replace(self, name: str, data: bytes, form: FileForm, *, expected: str | None) -> None:
        """See `Target.replace`."""
        with self.lock():
            check_version(name, self.read(name), expected)
            self.put(name, data, form)

    def lock(self) -> AbstractContextManager[None]:
        """See `Target.lock`."""
        return self._lock.acquire()

    def close(self) -> None:
        """See `Target.close`."""

    def _path(self, name: str) -> Path:
        path = self._folder / check_name(name)
        if self._bounds is not None and not real_path(path).is_relative_to(self._bounds):
            raise PublishError(
                f"a symbolic link leads out of {self._bounds}",
                code="outside-show",
                file=path,
                hint="remove the link, or name the folder it leads to in full as the target",
            )
        return path

    @contextlib.contextmanager
    def _hold(self) -> Iterator[None]:
        path = self._folder / LOCK_NAME
        deadline = time.monotonic() + PATIENCE_S
        with explain_os_errors(path):
            self._folder.mkdir(parents=True, exist_ok=True)
            while (stream := _try_lock(path)) is None:
                if time.monotonic() > deadline:
                    raise EnvironmentProblem(
                        "another sayso publishes here and does not end",
                        code="publisher-busy",
                        file=path,
                        hint="end it, then publish again",
                    )
                time.sleep(_POLL_S)
        try:
            yield
        finally:
            with contextlib.suppress(OSError):
                if sys.platform == "win32":  # there, a file that is open cannot be removed
                    stream.close()
                path.unlink()
            stream.close()


def _try_lock(path: Path) -> BinaryIO | None:
    """The lock file, open and locked; None if another holds it."""
    stream = path.open("ab")
    try:
        if sys.platform == "win32":
            msvcrt.locking(stream.fileno(), msvcrt.LK_NBLCK, 1)
        else:
            fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
        # The holder before us removes the file at the end; a lock on a removed file is none.
        if os.path.samestat(os.fstat(stream.fileno()), path.stat()):
            return stream
    except FileNotFoundError:
        pass
    except OSError as error:
        if error.errno not in (errno.EAGAIN, errno.EACCES, errno.EDEADLK):
            stream.close()
            raise
    except BaseException:
        stream.close()
        raise
    stream.close()
    return None
