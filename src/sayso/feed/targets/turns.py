"""One turn after the other, among the threads of a process and the publishers of the world."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager


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
