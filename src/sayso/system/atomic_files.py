"""Files written whole or not at all.

Every file that sayso makes goes through `write_atomic`: a temporary file in the same folder,
flushed to the disk, then renamed over the old one. A process killed at any instant leaves either
the old file or the new one.
"""

from __future__ import annotations

import contextlib
import errno
import filecmp
import functools
import hashlib
import os
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import BinaryIO

from sayso.errors import EnvironmentProblem, SaysoError

if sys.platform == "win32":
    import msvcrt
else:
    import fcntl

TEMPORARY_SUFFIX = ".sayso-tmp"


@contextlib.contextmanager
def open_atomic(path: Path, *, durable: bool = True) -> Iterator[BinaryIO]:
    """Open a new version of `path` for writing; it takes the old one's place at a clean exit.

    Where the new version has the bytes of the old one, the old file is left untouched.
    `durable=False` skips that and the flush to disk: for caches, whose readers check what they
    find. Raises EnvironmentProblem where the folder cannot be written or the disk is full.
    """
    with _new_version(path, durable=durable) as (stream, _):
        yield stream


@contextlib.contextmanager
def name_atomic(path: Path) -> Iterator[Path]:
    """`open_atomic` for a library or program that wants a name: yields the new version's."""
    with _new_version(path, durable=True) as (_, temporary):
        yield temporary


@contextlib.contextmanager
def _new_version(path: Path, *, durable: bool) -> Iterator[tuple[BinaryIO, Path]]:
    with explain_os_errors(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        _sweep_once(path.parent)
        stream, temporary = _new_file(path.parent)
        try:
            yield stream, temporary
            stream.flush()
            unchanged = durable and _same(temporary, path)
            if durable and not unchanged:
                os.fsync(stream.fileno())
            if sys.platform == "win32":  # elsewhere its lock holds until it has its name
                stream.close()
            if unchanged:
                temporary.unlink()
            else:
                temporary.chmod(0o666 & ~_UMASK)
                temporary.replace(path)
        except BaseException:
            with contextlib.suppress(OSError):  # what is still in its buffer may not fit either
                stream.close()
            temporary.unlink(missing_ok=True)
            raise
        stream.close()
        if durable and not unchanged:
            _sync_folder(path.parent)


@contextlib.contextmanager
def scratch(folder: Path) -> Iterator[tuple[BinaryIO, Path]]:
    """A file in `folder` for another program to read, and its path; it goes at the end.

    One that a killed run leaves is swept like any half-written file. Raises EnvironmentProblem
    where the folder cannot be written.
    """
    with explain_os_errors(folder):
        folder.mkdir(parents=True, exist_ok=True)
        _sweep_once(folder)
        stream, path = _new_file(folder)
        try:
            yield stream, path
        finally:
            with contextlib.suppress(OSError):  # what is still in its buffer may not fit
                stream.close()
            path.unlink(missing_ok=True)


def real_path(path: Path) -> Path:
    """Where a path leads, through all symbolic links; links in a circle are no error here."""
    return Path(os.path.realpath(path))  # Path.resolve raises RuntimeError for them


def path_as_named(path: Path) -> Path:
    """The absolute path as a person names it: through symbolic links, but for those before a `..`.

    A relative one begins in the folder that the shell says one is in (POSIX, `pwd -L`).
    """
    here = working_folder()
    absolute = here if path.is_absolute() and path == real_path(here) else here / path
    parts = absolute.parts
    if ".." not in parts:
        return absolute
    last = len(parts) - parts[::-1].index("..")
    return real_path(Path(*parts[:last])).joinpath(*parts[last:])


def working_folder() -> Path:
    """The folder that one is in, as the shell names it; the root where it has been deleted."""
    try:
        here = Path.cwd()
    except OSError:
        return Path(os.sep)
    named = os.environ.get("PWD", "")
    with contextlib.suppress(OSError, ValueError):
        if Path(named).is_absolute() and Path(named).samefile(here):
            return Path(named)
    return here


def read_text(path: Path, fault: type[SaysoError], what: str, most_bytes: int) -> str:
    """The text of a UTF-8 file, with its byte order mark where it has one.

    Raises `fault`, in which the file is called `what` ("the script"), for more than `most_bytes`
    and for what is not UTF-8; EnvironmentProblem where it cannot be read.
    """
    with explain_os_errors(path), path.open("rb") as stream:
        raw = stream.read(most_bytes + 1)
    if len(raw) > most_bytes:
        raise fault(
            f"{what} is too long",
            code="too-large",
            file=path,
            hint=f"at most {most_bytes:,} bytes",
        )
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError as error:
        raise fault(
            f"not UTF-8: byte {error.start} is 0x{raw[error.start]:02x}",
            code="not-utf8",
            file=path,
            line=raw.count(b"\n", 0, error.start) + 1,
            hint="save the file as UTF-8",
        ) from error


def file_digest(path: Path) -> tuple[int, str]:
    """Size in bytes and SHA-256 of a file of any size."""
    digest = hashlib.sha256()
    with path.open("rb") as stream:
        for block in iter(lambda: stream.read(1 << 20), b""):
            digest.update(block)
    return path.stat().st_size, digest.hexdigest()


def write_atomic(path: Path, data: bytes | str, *, durable: bool = True) -> None:
    """Write `data` (text as UTF-8) to `path`, whole or not at all."""
    raw = data.encode("utf-8") if isinstance(data, str) else data
    with open_atomic(path, durable=durable) as stream:
        stream.write(raw)


@contextlib.contextmanager
def explain_os_errors(path: Path) -> Iterator[None]:
    """Turn the operating system's refusals about `path` into one clear EnvironmentProblem."""
    try:
        yield
    except OSError as error:
        raise os_problem(error, path) from error


def os_problem(error: OSError, path: str | Path) -> EnvironmentProblem:
    """A refusal of the operating system about `path`, in words."""
    other = ("machine", f"cannot be used: {error.strerror or error}", None)
    code, problem, hint = _REASONS.get(error.errno or 0, other)
    return EnvironmentProblem(problem, code=code, file=path, hint=hint)


_REASONS = {
    errno.ENOSPC: (
        "no-space",
        "the disk is full",
        "free some space and run the same command again",
    ),
    errno.EDQUOT: (
        "no-space",
        "the disk quota is used up",
        "free some space and run the same command again",
    ),
    errno.EFBIG: (
        "no-space",
        "a file may not be so large here",
        "raise the limit, or choose another disk",
    ),
    errno.EACCES: ("no-permission", "no permission for this file or folder", "check who owns it"),
    errno.EPERM: ("no-permission", "no permission for this file or folder", "check who owns it"),
    errno.EROFS: (
        "no-permission",
        "the file system is read-only",
        "choose a folder that can be written",
    ),
    errno.ENAMETOOLONG: ("bad-file-name", "the file name is too long", "use a shorter name"),
    errno.EEXIST: (
        "file-or-folder",
        "a file stands where a folder is needed",
        "move that file away",
    ),
    errno.ENOTDIR: (
        "file-or-folder",
        "a file stands where a folder is needed",
        "move that file away",
    ),
    errno.EISDIR: (
        "file-or-folder",
        "a folder stands where a file is needed",
        "move that folder away",
    ),
    errno.ENOENT: ("no-such-file", "no such file or folder", "check the path"),
}


@contextlib.contextmanager
def exclusive(
    folder: Path, *, shared: bool = False, waits: Callable[[], None] | None = None
) -> Iterator[None]:
    """Hold a folder for this process alone: another that asks for it waits.

    `shared` lets others in that share it as well. `waits` is called before this one waits. The
    system lets go of the folder when the process ends, however it ends; where a file system has no
    locks, nobody waits. Raises EnvironmentProblem where the folder cannot be opened.
    """
    with explain_os_errors(folder):
        folder.mkdir(parents=True, exist_ok=True)
        if sys.platform == "win32":  # folders cannot be locked there: a file named after it is
            named = hashlib.sha256(str(folder.resolve()).encode()).hexdigest()[:16]
            handle = os.open(Path(tempfile.gettempdir()) / f"sayso-{named}", os.O_RDWR | os.O_CREAT)
        else:
            handle = os.open(folder, os.O_RDONLY)
    try:
        with explain_os_errors(folder):
            if sys.platform == "win32":
                while True:
                    with contextlib.suppress(OSError):  # it gives up after ten seconds
                        msvcrt.locking(handle, msvcrt.LK_LOCK, 1)
                        break
            else:
                _hold(handle, fcntl.LOCK_SH if shared else fcntl.LOCK_EX, waits)
        yield
    finally:
        os.close(handle)


def _hold(handle: int, lock: int, waits: Callable[[], None] | None) -> None:
    """Lock an open folder, waiting for it; where there are no locks, go on without."""
    if sys.platform == "win32":
        return
    try:
        try:
            fcntl.flock(handle, lock | fcntl.LOCK_NB)
        except BlockingIOError:
            if waits is not None:
                waits()
            fcntl.flock(handle, lock)
    except OSError as error:
        if error.errno not in _NO_LOCKS:
            raise


_NO_LOCKS = (errno.EBADF, errno.EINVAL, errno.ENOLCK, errno.ENOSYS, errno.EOPNOTSUPP)
"""How file systems say that they have no locks: NFS knows none for a folder that is only read."""


@functools.cache
def _sweep_once(folder: Path) -> None:
    """Sweep a folder before this process first writes in it."""
    sweep(folder)


def sweep(folder: Path) -> None:
    """Remove what killed runs have left half-written in a folder.

    A file that a living process still writes is left alone.
    """
    with contextlib.suppress(OSError):
        for path in folder.glob(f".*{TEMPORARY_SUFFIX}"):
            with contextlib.suppress(OSError), path.open("rb") as stream:
                _lock(stream)
                path.unlink()


def _new_file(folder: Path) -> tuple[BinaryIO, Path]:
    """A new file that is locked as long as it is open, so that `sweep` knows its writer lives."""
    while True:
        handle, name = tempfile.mkstemp(prefix=".", suffix=TEMPORARY_SUFFIX, dir=folder)
        stream = os.fdopen(handle, "wb")
        try:
            _lock(stream)
            swept = os.fstat(handle).st_nlink == 0
        except BlockingIOError:
            swept = True  # between its making and its lock, or just now
        except OSError:
            swept = False  # this file system has no locks
        if not swept:
            return stream, Path(name)
        stream.close()


def _lock(stream: BinaryIO) -> None:
    """Lock an open file; raises BlockingIOError where it is locked already."""
    if sys.platform != "win32":  # there, a file that is open cannot be removed anyway
        fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)


def _same(new: Path, old: Path) -> bool:
    return old.is_file() and filecmp.cmp(new, old, shallow=False)


def _read_umask() -> int:
    mask = os.umask(0o077)
    os.umask(mask)
    return mask


_UMASK = _read_umask()  # read once: it can only be read by setting it, for all threads at once


def _sync_folder(folder: Path) -> None:
    """Make the rename itself durable; not every system can open a folder."""
    with contextlib.suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
