"""Runs one input of a target and says what was wrong with it: an exception, the time, the memory."""

from __future__ import annotations

import gc
import hashlib
import resource
import signal
import time
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from fuzz.targets import Target

from sayso.errors import SaysoError

SECONDS = 1.0
"""Of processor time, that no input may take."""
MEBIBYTES = 256
"""That no input may add to what the process had at its peak."""
_HANG_SECONDS = 20


@dataclass(frozen=True, slots=True)
class Ran:
    """What came of one input."""

    seconds: float
    """Of processor time."""
    refused: bool
    """Whether the reader said no, by a SaysoError."""
    fault: str | None = None
    """What was wrong, in a line that is the same for inputs with the same cause."""
    details: str = ""


class Hang(BaseException):
    """Raised inside an input that does not end."""


def run_one(target: Target, data: bytes) -> Ran:
    """Run one input. Raises nothing."""
    fault, details, refused = None, "", False
    peak = peak_mib()
    start = time.process_time()
    try:
        with _limited():
            target.run(data)
    except SaysoError as error:
        refused = True
        if not str(error).strip():
            fault = f"{type(error).__name__} without words"
    except (Exception, Hang) as error:
        fault, details = _signature(error), traceback.format_exc()
    seconds = time.process_time() - start
    grown = peak_mib() - peak
    if fault is None and seconds > SECONDS:
        fault = f"takes over {SECONDS:.0f} s"
    if fault is None and grown > MEBIBYTES:
        fault = f"takes over {MEBIBYTES} MiB"
    if seconds > SECONDS / 2:
        gc.collect()
    return Ran(seconds, refused, fault, details)


def shrunk(target: Target, data: bytes, fault: str, n_tries: int = 400) -> bytes:
    """A shorter input with the same fault, as far as so many tries get."""
    size = len(data) // 2
    while size and n_tries > 0:
        at = 0
        while at < len(data) and n_tries > 0:
            shorter = data[:at] + data[at + size :]
            n_tries -= 1
            if run_one(target, shorter).fault == fault:
                data = shorter
            else:
                at += size
        size //= 2
    return data


def peak_mib() -> float:
    """The most memory that this process has had."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def name_of(data: bytes) -> str:
    """A name for the file of an input."""
    return hashlib.sha256(data).hexdigest()[:12]


@contextmanager
def _limited() -> Iterator[None]:
    def stop(*_: object) -> None:
        raise Hang

    before = signal.signal(signal.SIGVTALRM, stop)
    signal.setitimer(signal.ITIMER_VIRTUAL, _HANG_SECONDS)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)


def _signature(error: BaseException) -> str:
    """The kind of error, and the last of our lines that it came through."""
    frames = traceback.extract_tb(error.__traceback__)
    ours = [f for f in frames if "sayso" in f.filename or "fuzz/targets" in f.filename]
    at = ours[-1] if ours else frames[-1]
    return f"{type(error).__name__} in {at.filename.rpartition('/')[2]}:{at.name}"
