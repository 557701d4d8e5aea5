"""A lock shared by threads and by publishers on other machines.

And what servers without conditional writes have in common: lock files, and uploads that are moved
to their place, both in a folder of their own on the target.
"""

from __future__ import annotations

import contextlib
import random
import re
import threading
import time
import uuid
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from datetime import datetime, timedelta
from pathlib import Path

from sayso.errors import EnvironmentProblem, PublishError
from sayso.publish.targets.base import Changed

STALE_S = 20.0
"""A lock file that has not changed for so long has lost its holder."""
BEAT_S = 4.0
"""A holder that lives changes its lock file so often: four beats may fail before it is stale."""
POLL_S = 0.3
PATIENCE_S = 600.0  # others hold a lock for seconds; longer than this, somebody is stuck
WORK_FOLDER = ".sayso"
"""On the target, for uploads under way and locks: a short list, however large the feed."""
ORPHANED = timedelta(hours=1)
"""An upload that has not grown for so long has lost its publisher."""
_LOCK, _UPLOAD = "turn-", "upload-"
"""What names in the work folder begin with; the number of a lock follows."""


class ReentrantLock:
    """The lock of one target: `hold` keeps everybody outside this process away meanwhile."""

    def __init__(self, hold: Callable[[], AbstractContextManager[None]]) -> None:
        self._hold = hold
        self._threads = threading.RLock()
        self._held = False

    @contextlib.contextmanager
    def acquire(self) -> Iterator[None]:
        """Hold the lock; a thread that holds it already goes on at once."""
        with self._threads:
            if self._held:
                yield
                return
            with self._hold():
                self._held = True
                try:
                    yield
                finally:
                    self._held = False


class LockFiles:
    """A lock by files, which outlives neither its holder nor a broken connection for long.

    A publisher that finds no lock file makes number 1, and holds the lock if that is the only one
    then. A holder rewrites its file every `BEAT_S`. Files that have not changed for `STALE_S`
    belong to dead publishers: another makes the next number, and if it finds them still unchanged,
    it holds the lock and removes them. Making is exclusive, so one of several waiters succeeds; and
    nobody removes or replaces a file that lives, so two never both find what they must find.
    """

    def __init__(self, target: WorkFolderTarget) -> None:
        self._target = target
        self._token = uuid.uuid4().hex
        self._number: int | None = None
        self._beats = 0
        self._writing = threading.Lock()
        """Held by a beat: a server may show its file empty meanwhile."""

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
                if self._target.list_locks().get(number) == self._text:
                    self._target.remove_lock(number)

    def confirm(self) -> None:
        """Raises Changed if the lock was lost, as when this machine has slept for too long."""
        with self._writing:
            locks = self._target.list_locks()
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
            locks = self._target.list_locks()
            if locks != seen:
                seen, since = locks, time.monotonic()
            if not seen or time.monotonic() - since >= STALE_S:
                number = self._take_over(seen)
                if number is not None:
                    return number
                seen, since = {}, time.monotonic()
            time.sleep(POLL_S * random.uniform(0.5, 1.5))
        raise EnvironmentProblem(
            f"another sayso publishes to {self._target.address} and does not end",
            code="publisher-busy",
            hint="end it, then publish again",
        )

    def _take_over(self, dead: dict[int, str]) -> int | None:
        self._token, self._beats = uuid.uuid4().hex, 0
        number = max(dead, default=0) + 1
        made = self._target.make_lock(number, self._text)
        # A lock with our text is ours even if it was there: a try whose answer was lost made it.
        if self._target.list_locks() != {**dead, number: self._text}:
            if made:
                self._target.remove_lock(number)
            return None
        for old in dead:
            self._target.remove_lock(old)
        return number

    def _beat(self, ended: threading.Event) -> None:
        number = self._number
        while number is not None and not ended.wait(BEAT_S):
            # `confirm` finds out what has become of a lock that could not be rewritten.
            with self._writing, contextlib.suppress(PublishError, EnvironmentProblem):
                if self._target.list_locks().get(number) != self._text:
                    return
                text = f"{self._token} {self._beats + 1:08}"
                self._target.rewrite_lock(number, text)
                self._beats += 1


class WorkFolderTarget(ABC):
    """A server that writes a file in place while it arrives, and has no conditional write.

    A file is uploaded under a name of its own in the work folder and moved to its place; paths are
    relative to the target's folder. Whoever replaces a file holds the lock.
    """

    address: str

    def __init__(self) -> None:
        self._folders: set[str] = set()
        self._sweeping = threading.Lock()
        self._swept = False
        self._lock_files = LockFiles(self)
        self._lock = ReentrantLock(self._lock_files.hold)

    def lock(self) -> AbstractContextManager[None]:
        """See `Target.lock`."""
        return self._lock.acquire()

    def list_locks(self) -> dict[int, str]:
        """The text of each lock, by number; other files are ignored."""
        found = (re.fullmatch(_LOCK + r"([0-9]{1,15})", name) for name in self.list_work()[0])
        texts = {
            int(each[1]): self.lock_text(self.lock_path(int(each[1]))) for each in found if each
        }
        return {number: text for number, text in texts.items() if text is not None}

    def make_lock(self, number: int, text: str) -> bool:
        """Make a lock; return False if there is one of this number, and change nothing."""
        self.make_folder(WORK_FOLDER)
        return self.make_exclusively(self.lock_path(number), text)

    def remove_lock(self, number: int) -> None:
        """Remove a lock, if it is there."""
        self.remove(self.lock_path(number))

    def rewrite_lock(self, number: int, text: str) -> None:
        """Change a lock that is there; never makes one."""
        self.rewrite(self.lock_path(number), text)

    def make_folder(self, path: str) -> None:
        """Make a folder of the target, and those above it, where they are missing."""
        if path and path not in self._folders:
            self.make_missing_folder(path)
            self._folders.add(path)

    @contextlib.contextmanager
    def uploaded(self, name: str, source: Path | bytes) -> Iterator[str]:
        """Upload to the work folder, for the block to move to `name`; gives the path there."""
        upload = f"{WORK_FOLDER}/{_UPLOAD}{uuid.uuid4().hex}"
        self.make_folder(WORK_FOLDER)
        self.make_folder(name.rpartition("/")[0])
        try:
            self.send(source, upload)
            self._sweep_once()
            yield upload
        except BaseException:
            with contextlib.suppress(PublishError, EnvironmentProblem):
                self.remove(upload)
            raise

    def _sweep_once(self) -> None:
        """Remove the uploads that killed runs have left; an upload of ours was just written."""
        with self._sweeping:
            if self._swept:
                return
            self._swept = True
        entries, now = self.list_work()
        for name, written in entries.items():
            if name.startswith(_UPLOAD) and written is not None and now - written > ORPHANED:
                with contextlib.suppress(PublishError):  # one that stays does no harm
                    self.remove(f"{WORK_FOLDER}/{name}")

    @staticmethod
    def lock_path(number: int) -> str:
        """The path of a lock."""
        return f"{WORK_FOLDER}/{_LOCK}{number}"

    @abstractmethod
    def list_work(self) -> tuple[dict[str, datetime | None], datetime]:
        """The names in the work folder, when each was last written, and the server's now."""

    @abstractmethod
    def make_missing_folder(self, path: str) -> None:
        """Make a folder of the target, and those above it."""

    @abstractmethod
    def send(self, source: Path | bytes, path: str) -> None:
        """Write a file."""

    @abstractmethod
    def remove(self, path: str) -> None:
        """Remove a file or a lock, if it is there."""

    @abstractmethod
    def make_exclusively(self, path: str, text: str) -> bool:
        """Make a lock; return False if it is there, and change nothing."""

    @abstractmethod
    def rewrite(self, path: str, text: str) -> None:
        """Change a lock that is there; never makes one."""

    @abstractmethod
    def lock_text(self, path: str) -> str | None:
        """What a lock holds, nothing while its maker has not yet written it; None if it is gone."""
