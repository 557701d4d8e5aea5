"""Locks shared by threads and by publishers on other machines, for stores that have none.

`LockedTarget` is a target whose `replace` holds its lock. `StagedTarget` is one on a server with
nothing but files: they are uploaded under `.sayso/` and renamed to their place, and the lock is a
file there as well.
"""

from __future__ import annotations

import contextlib
import random
import re
import threading
import time
import uuid
from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator, Mapping
from contextlib import AbstractContextManager
from pathlib import Path

from sayso.errors import EnvironmentProblem, PublishError
from sayso.publish.targets.base import Changed, FileForm, Stored, check_name, check_version

STALE_S = 20.0
"""A lock file that has not changed for so long has lost its holder."""
BEAT_S = 4.0
"""A living holder changes its lock file so often: four beats may fail before it is stale."""
POLL_S = 0.3
PATIENCE_S = 600.0
"""Others hold a lock for seconds; longer than this, somebody is stuck."""
LOCK = "turn-"
"""What the name of a lock file begins with; its number follows."""
WORK_FOLDER = ".sayso"
"""On the target, for uploads under way and locks: a short list, however large the feed."""
ORPHANED_S = 3600
"""An upload that has not grown for so long has lost its publisher."""
_UPLOAD = "upload-"


class LockedTarget(ABC):
    """A target without a conditional write of its own."""

    def __init__(self, address: str) -> None:
        self.address = address
        self._threads = threading.RLock()
        self._is_held = False

    @abstractmethod
    def read(self, name: str) -> Stored | None:
        """See `Target.read`."""

    @abstractmethod
    def put(self, name: str, source: Path | bytes, form: FileForm) -> None:
        """See `Target.put`."""

    @abstractmethod
    def _hold(self) -> AbstractContextManager[None]:
        """Keep everybody outside this process away; raises EnvironmentProblem after 10 minutes."""

    def replace(self, name: str, data: bytes, form: FileForm, *, expected: str | None) -> None:
        """See `Target.replace`."""
        with self.lock():
            check_version(name, self.read(name), expected)
            self.put(name, data, form)

    @contextlib.contextmanager
    def lock(self) -> Iterator[None]:
        """See `Target.lock`."""
        with self._threads:
            if self._is_held:
                yield
                return
            with self._hold():
                self._is_held = True
                try:
                    yield
                finally:
                    self._is_held = False


class StagedTarget(LockedTarget):
    """Files on a server that can do no more than write, rename and list them.

    Paths are relative to the target's folder; those that published files cannot have are ours.
    """

    def __init__(self, address: str) -> None:
        super().__init__(address)
        self.file_lock = FileLock(self)
        self._folders: set[str] = set()
        self._sweeping = threading.Lock()
        self._is_swept = False

    @abstractmethod
    def read_path(self, path: str) -> bytes | None:
        """The bytes of a file; None if there is none."""

    @abstractmethod
    def upload(self, path: str, source: Path | bytes) -> None:
        """Write a file that nobody reads yet."""

    @abstractmethod
    def rename(self, path: str, name: str, source: Path | bytes) -> None:
        """Rename a file that was uploaded from `source`, in one step, over whatever is there."""

    @abstractmethod
    def remove(self, path: str) -> None:
        """Remove a file or a lock, if it is there."""

    @abstractmethod
    def create_folder(self, path: str) -> None:
        """Create a folder, and those above it, where they are missing."""

    @abstractmethod
    def list_work(self) -> Mapping[str, float | None]:
        """The names in the work folder, with the server's time of their last change in seconds."""

    @abstractmethod
    def make_lock(self, number: int, text: str) -> bool:
        """Make a lock file; return False, and do nothing, if there is one of this number."""

    @abstractmethod
    def rewrite_lock(self, number: int, text: str) -> None:
        """Change a lock file that is there; never make one."""

    @abstractmethod
    def read_lock(self, number: int) -> str | None:
        """The text of a lock file: empty before its maker has written it, None if it is gone."""

    def read(self, name: str) -> Stored | None:
        """See `Target.read`."""
        data = self.read_path(check_name(name))
        return None if data is None else Stored.of(data)

    def put(self, name: str, source: Path | bytes, form: FileForm) -> None:
        """See `Target.put`."""
        with self.staged(check_name(name), source) as path:
            self.rename(path, name, source)

    def replace(self, name: str, data: bytes, form: FileForm, *, expected: str | None) -> None:
        """See `Target.replace`."""
        with self.lock():
            check_version(name, self.read(name), expected)
            with self.staged(name, data) as path:
                self.file_lock.confirm()
                self.rename(path, name, data)

    def make_folder(self, path: str) -> None:
        """Create a folder unless this target has done so already."""
        if path and path not in self._folders:
            self.create_folder(path)
            self._folders.add(path)

    def list_locks(self) -> dict[int, str]:
        """The text of each lock file by its number."""
        self.make_folder(WORK_FOLDER)
        texts = {number: self.read_lock(number) for number in lock_numbers(self.list_work())}
        return {number: text for number, text in texts.items() if text is not None}

    def remove_lock(self, number: int) -> None:
        """Remove a lock file, if it is there."""
        self.remove(lock_path(number))

    @contextlib.contextmanager
    def staged(self, name: str, source: Path | bytes) -> Iterator[str]:
        """Upload a file under a path of its own, which is removed if what follows fails."""
        self.make_folder(WORK_FOLDER)
        self.make_folder(name.rpartition("/")[0])
        path = f"{WORK_FOLDER}/{_UPLOAD}{uuid.uuid4().hex}"
        try:
            self.upload(path, source)
            self._sweep_once()
            yield path
        except BaseException:
            with contextlib.suppress(PublishError, EnvironmentProblem):
                self.remove(path)
            raise

    def _hold(self) -> AbstractContextManager[None]:
        return self.file_lock.hold()

    def _sweep_once(self) -> None:
        """Remove what killed runs have left; called when an upload has just been written.

        The time of that upload is the server's now: clocks may differ.
        """
        with self._sweeping:
            if self._is_swept:
                return
            self._is_swept = True
        found = self.list_work()
        times = {name: time for name, time in found.items() if name.startswith(_UPLOAD) and time}
        now = max(times.values(), default=0.0)
        for name, written in times.items():
            if now - written > ORPHANED_S:
                with contextlib.suppress(PublishError, EnvironmentProblem):
                    self.remove(f"{WORK_FOLDER}/{name}")


class FileLock:
    """A lock by lock files, which does not long outlive its holder or a broken connection.

    Whoever finds no lock file makes number 1 and holds the lock if it is then the only one. A
    holder rewrites its file every `BEAT_S`. Files that have not changed for `STALE_S` belong to the
    dead: whoever then makes the next number, and finds them still unchanged, holds the lock and
    removes them. As making is exclusive, one of several waiters succeeds; and as nobody removes or
    replaces a living file, no two can both find what they must find.
    """

    def __init__(self, files: StagedTarget) -> None:
        self._files = files
        self._token = uuid.uuid4().hex
        self._number: int | None = None
        self._beats = 0
        self._writing = threading.Lock()
        """Held by a beat, as a server may show its file empty meanwhile."""

    @contextlib.contextmanager
    def hold(self) -> Iterator[None]:
        """Wait for the lock and hold it. Raises EnvironmentProblem after ten minutes."""
        self._number = self._acquire()
        ended = threading.Event()
        heart = threading.Thread(target=self._beat, args=(ended,), daemon=True)
        heart.start()
        try:
            yield
        finally:
            ended.set()
            heart.join()
            number, self._number = self._number, None
            # What cannot be removed now goes stale; the work itself is done.
            with contextlib.suppress(PublishError, EnvironmentProblem):
                if self._files.list_locks().get(number) == self._text:
                    self._files.remove_lock(number)

    def confirm(self) -> None:
        """Raise Changed if the lock has been lost: this machine has slept for too long."""
        with self._writing:
            locks = self._files.list_locks()
        if (
            self._number is None
            or self._number != max(locks, default=None)
            or not locks[self._number].startswith(self._token)
        ):
            raise Changed("the lock was lost")

    @property
    def _text(self) -> str:
        return f"{self._token} {self._beats:08}"

    def _acquire(self) -> int:
        deadline = time.monotonic() + PATIENCE_S
        seen: dict[int, str] = {}
        since = time.monotonic()
        while time.monotonic() < deadline:
            locks = self._files.list_locks()
            if locks != seen:
                seen, since = locks, time.monotonic()
            if not seen or time.monotonic() - since >= STALE_S:
                number = self._take_over(seen)
                if number is not None:
                    return number
                seen, since = {}, time.monotonic()
            time.sleep(POLL_S * random.uniform(0.5, 1.5))
        raise busy(f"to {self._files.address}")

    def _take_over(self, dead: dict[int, str]) -> int | None:
        self._token, self._beats = uuid.uuid4().hex, 0
        number = max(dead, default=0) + 1
        made = self._files.make_lock(number, self._text)
        # One of our text is ours even if it was there: made by a try whose answer was lost.
        if self._files.list_locks() != {**dead, number: self._text}:
            if made:
                self._files.remove_lock(number)
            return None
        for old in dead:
            self._files.remove_lock(old)
        return number

    def _beat(self, ended: threading.Event) -> None:
        number = self._number
        while number is not None and not ended.wait(BEAT_S):
            # `confirm` finds out what has become of a lock that could not be rewritten.
            with self._writing, contextlib.suppress(PublishError, EnvironmentProblem):
                if self._files.list_locks().get(number) != self._text:
                    return
                text = f"{self._token} {self._beats + 1:08}"
                self._files.rewrite_lock(number, text)
                self._beats += 1


def busy(where: str, file: Path | None = None) -> EnvironmentProblem:
    """Somebody else holds the lock and does not release it."""
    return EnvironmentProblem(
        f"another sayso publishes {where} and does not end",
        code="publisher-busy",
        file=file,
        hint="end it, then publish again",
    )


def lock_path(number: int) -> str:
    """The path of a lock file."""
    return f"{WORK_FOLDER}/{LOCK}{number}"


def lock_numbers(names: Iterable[str]) -> list[int]:
    """The numbers of the lock files among `names`; other programs' files are none."""
    found = (re.fullmatch(LOCK + r"([0-9]{1,15})", name) for name in names)
    return [int(each[1]) for each in found if each]
