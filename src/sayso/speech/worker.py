"""What a worker process runs, and how calls and answers travel: a length, then a pickle.

The side of who starts workers is in `workers`.
"""

from __future__ import annotations

import contextlib
import ctypes
import gc
import os
import pickle
import signal
import struct
import sys
from typing import IO

from sayso.errors import SpeechError

_LENGTH = struct.Struct("<Q")


def send(stream: IO[bytes], raw: bytes) -> None:
    """Put a message on its way. Raises OSError where nobody reads."""
    stream.write(_LENGTH.pack(len(raw)) + raw)
    stream.flush()


def receive(stream: IO[bytes]) -> bytes | None:
    """The next message, or None at the end of the stream."""
    head = stream.read(_LENGTH.size)
    if len(head) < _LENGTH.size:
        return None
    (n_bytes,) = _LENGTH.unpack(head)
    raw = stream.read(n_bytes)
    return raw if len(raw) == n_bytes else None


def serve(parent: int) -> None:
    """The life of a worker: answer calls from standard input until it ends."""
    gc.set_threshold(50_000)  # as the program itself does
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    die_with(parent)
    # Engines print; only answers may go out on the pipe that was standard output.
    calls = os.fdopen(os.dup(0), "rb")
    answers = os.fdopen(os.dup(1), "wb")
    with open(os.devnull, "r+b") as nothing:  # noqa: PTH123
        os.dup2(nothing.fileno(), 0)
        os.dup2(nothing.fileno(), 1)
    while (raw := receive(calls)) is not None:
        try:
            send(answers, _answer(raw))
        except BrokenPipeError:
            break
    os._exit(0)  # engines' exit handlers are known to hang


def _answer(raw: bytes) -> bytes:
    try:
        fn, args, kwargs = pickle.loads(raw)
        return pickle.dumps(("ok", fn(*args, **kwargs)), pickle.HIGHEST_PROTOCOL)
    except Exception as error:
        with contextlib.suppress(Exception):
            sent = pickle.dumps(("error", error), pickle.HIGHEST_PROTOCOL)
            pickle.loads(sent)  # some exceptions pickle and then do not unpickle
            return sent
        return pickle.dumps(("error", SpeechError(f"{type(error).__name__}: {error}")))


def die_with(parent: int) -> None:
    """On Linux, have the kernel kill this process when the parent ends, however it ends."""
    if sys.platform != "linux":
        return
    pr_set_pdeathsig = 1  # prctl(2)
    ctypes.CDLL(None).prctl(pr_set_pdeathsig, signal.SIGKILL)
    if os.getppid() != parent:
        os._exit(1)
