"""Threads that do several things at once, and that nobody waits for after Ctrl-C."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from types import TracebackType


def is_interrupt(kind: type[BaseException] | None) -> bool:
    """Whether what ends a `with` block is no error: Ctrl-C, an exit, a generator left early."""
    return kind is not None and not issubclass(kind, Exception)


class Threads(ThreadPoolExecutor):
    """A thread pool that an interrupt ends at once.

    As a context manager it waits for its threads, after an error only for calls under way. After an
    interrupt it waits for none: a call under way runs to its end, and nobody hears of it. So calls
    must leave things whole however the program ends, as `files.open_atomic` does.
    """

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.shutdown(wait=not is_interrupt(kind), cancel_futures=kind is not None)
