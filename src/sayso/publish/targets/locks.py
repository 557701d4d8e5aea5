"""One turn after the other, among the threads of a process and the publishers of the world."""

from __future__ import annotations

import contextlib
import random
import re
import threading
import time
import uuid
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager
from typing import Protocol

from sayso.errors import EnvironmentProblem, PublishError
from sayso.publish.targets.base import Changed

STALE_S = 20.0
"""A lock file that has not changed for so long has lost its holder."""
BEAT_S = 4.0
"""A holder that lives changes its lock file so often: four beats may fail before it is stale."""
POLL_S = 0.3
TURN = "turn-"
"""What the name of a lock file begins with; its number follows."""
PATIENCE_S = 600.0  # others hold a turn for seconds; longer than this, somebody is stuck


class Turns:
    """The turns of one target: `hold` keeps everybody outside this process away meanwhile."""

    def __init__(self, hold: Callable[[], AbstractContextManager[None]]) -> None:
        self._hold = hold
        self._threads = threading.RLock()
        self._held = False

    @contextlib.contextmanager
    def take(self) -> Iterator[None]:
        """Hold the turn; a thread that holds it already goes on at once."""
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


def turn_numbers(names: Iterable[str]) -> list[int]:
    """The numbers of the lock files among `names`; a file of another maker is none."""
    found = (re.fullmatch(TURN + r"([0-9]{1,15})", name) for name in names)
    return [int(each[1]) for each in found if each]


class LockFiles(Protocol):
    """Numbered lock files on a server that has nothing better."""

    def make(self, number: int, text: str) -> bool:
        """Make a lock file; False, and nothing done, where there is one of this number."""

    def rewrite(self, number: int, text: str) -> None:
        """Change a lock file that is there; never makes one."""

    def standing(self) -> dict[int, str]:
        """The text of each lock file; empty while its maker has not yet written it."""

    def remove(self, number: int) -> None:
        """Remove a lock file, if it is there."""


class LockFileTurn:
    """A turn by lock files, which outlives neither its holder nor a broken connection for long.

    Who finds no lock file makes number 1 and holds the turn, if then it stands alone. A holder
    rewrites its file every `BEAT_S`. Files that have not changed for `STALE_S` belong to the dead:
    who makes the next number then, and finds them still unchanged, holds the turn and removes
    them. As making is exclusive, one of several waiters succeeds; and as nobody removes or replaces
    a file that lives, no two can both find what they must find.
    """

    def __init__(self, files: LockFiles, address: str) -> None:
        self._files = files
        self._address = address
        self._token = uuid.uuid4().hex
        self._number: int | None = None
        self._beats = 0
        self._writing = threading.Lock()
        """Held by a beat, as a server may show its file empty meanwhile."""

    @contextlib.contextmanager
    def hold(self) -> Iterator[None]:
        """Wait for the turn and hold it. Raises EnvironmentProblem after ten minutes."""
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
                if self._files.standing().get(number) == self._text:
                    self._files.remove(number)

    def confirm(self) -> None:
        """Raises Changed where the turn has been lost: this machine has slept for too long."""
        with self._writing:
            standing = self._files.standing()
        if (
            self._number is None
            or self._number != max(standing, default=None)
            or not standing[self._number].startswith(self._token)
        ):
            raise Changed("the turn was lost")

    @property
    def _text(self) -> str:
        return f"{self._token} {self._beats:08}"

    def _acquire(self) -> int:
        deadline = time.monotonic() + PATIENCE_S
        seen: dict[int, str] = {}
        since = time.monotonic()
        while time.monotonic() < deadline:
            standing = self._files.standing()
            if standing != seen:
                seen, since = standing, time.monotonic()
            if not seen or time.monotonic() - since >= STALE_S:
                number = self._take_over(seen)
                if number is not None:
                    return number
                seen, since = {}, time.monotonic()
            time.sleep(POLL_S * random.uniform(0.5, 1.5))
        raise EnvironmentProblem(
            f"another sayso publishes to {self._address} and does not end",
            code="publisher-busy",
            hint="end it, then publish again",
        )

    def _take_over(self, dead: dict[int, str]) -> int | None:
        self._token, self._beats = uuid.uuid4().hex, 0
        number = max(dead, default=0) + 1
        made = self._files.make(number, self._text)
        # One of our text is ours even if it was there: made by a try whose answer was lost.
        if self._files.standing() != {**dead, number: self._text}:
            if made:
                self._files.remove(number)
            return None
        for old in dead:
            self._files.remove(old)
        return number

    def _beat(self, ended: threading.Event) -> None:
        number = self._number
        while number is not None and not ended.wait(BEAT_S):
            # `confirm` finds out what has become of a lock that could not be rewritten.
            with self._writing, contextlib.suppress(PublishError, EnvironmentProblem):
                if self._files.standing().get(number) != self._text:
                    return
                text = f"{self._token} {self._beats + 1:08}"
                self._files.rewrite(number, text)
                self._beats += 1
