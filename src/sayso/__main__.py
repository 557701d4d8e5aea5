"""The program `sayso`, and `python -m sayso`: what happens at Ctrl-C, from the first instant.

This imports hardly more than Python has loaded already, so that the handler is there before the
command line is. What comes while Python itself starts is Python's to answer.
"""

from __future__ import annotations

import gc
import os
import signal
import sys

TYPE_CHECKING = False  # that of `typing`, which takes longer to import than all of this
if TYPE_CHECKING:
    from types import FrameType
    from typing import NoReturn

_INTERRUPTED = 130  # 128 + SIGINT, as shells have it
_NOTHING_BEGUN = b"interrupted\n"
_AT_ONCE = b"interrupted again: ended at once; finished takes are kept\n"


class _Interrupts:
    """What SIGINT does. While commands are being loaded, it ends the program, for an import that is
    cut short leaves a traceback or a broken module. Then it raises KeyboardInterrupt, so that
    workers end and half-written files go. A second one does not wait for that.
    """

    def __init__(self) -> None:
        self.running = False
        self.count = 0
        self.exit_code: int | None = None
        """What the program ends with, once that is settled."""

    def __call__(self, number: int, frame: FrameType | None) -> None:
        self.count += 1
        if self.exit_code is not None:
            _end(self.exit_code)
        if not self.running:
            _end(_INTERRUPTED, _NOTHING_BEGUN)
        if self.count > 1:
            _end(_INTERRUPTED, _AT_ONCE)
        raise KeyboardInterrupt


def main() -> NoReturn:
    """Run the command line and exit with its code."""
    # Nearly all that a command makes lives until it ends: to look for rubbish after every 700
    # objects would take a sixth of its time.
    gc.set_threshold(50_000)
    interrupts = _Interrupts()
    # Otherwise it is ignored, as for a job in the background, or somebody else's.
    if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
        signal.signal(signal.SIGINT, interrupts)
    from sayso.cli import interrupted, run

    try:
        interrupts.running = True
        code = run()
    except BaseException:
        # An interrupt may come out as another error, where an import of C code was cut short.
        if not interrupts.count:
            raise
        code = interrupted()
    interrupts.exit_code = code
    _end_flushed(code)


def _end_flushed(code: int) -> NoReturn:
    """End here. Python would take itself apart first, module by module; after an interrupt it would
    wait for threads; and, run with -m, it would end by the signal where that came in the middle of
    an exec() of text, as of a template, for that marks it as unanswered.
    """
    try:
        sys.stdout.flush()
        sys.stderr.flush()
    finally:  # either may be closed
        os._exit(code)


def _end(code: int, why: bytes = b"") -> NoReturn:
    try:
        os.write(2, why)
    finally:  # standard error may be closed
        os._exit(code)


if __name__ == "__main__":
    main()
