"""How tests start servers: on free ports of the loopback, in the foreground, ended with the test."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
import traceback
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

from tools import need

AS_ROOT = os.geteuid() == 0


def free_port() -> int:
    """A port of the loopback that nobody listens at."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def answers(port: int) -> bool:
    """Whether somebody listens at a port of the loopback."""
    with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
        return True
    return False


@contextlib.contextmanager
def running(
    command: list[str],
    log: Path,
    *,
    ready: Callable[[], bool],
    patience_s: float = 30,
    env: Mapping[str, str] | None = None,
) -> Iterator[None]:
    """Run a server in the foreground until the end of the block; its output goes to `log`."""
    # The system ends it with us, even if this process is killed.
    bound = [need("setpriv"), "--pdeathsig", "TERM", "--", *command]
    with log.open("ab") as output:
        process = subprocess.Popen(
            bound, stdin=subprocess.DEVNULL, stdout=output, stderr=output, env=env
        )
    try:
        wait_until(ready, patience_s, lambda: _failure(process, command, log))
        yield
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(5)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait(5)


@contextlib.contextmanager
def forked(
    main: Callable[[], int], log: Path, *, ready: Callable[[], bool], patience_s: float = 30
) -> Iterator[None]:
    """Run `main` in a copy of this process until the end of the block: nothing is imported twice."""
    child = os.fork()
    if child == 0:
        code = 70
        try:
            for number in (signal.SIGINT, signal.SIGTERM):
                signal.signal(number, signal.SIG_DFL)
            signal.signal(signal.SIGINT, signal.default_int_handler)
            with log.open("ab") as output:
                os.dup2(output.fileno(), 1)
                os.dup2(output.fileno(), 2)
            sys.stdout, sys.stderr = (open(n, "w", closefd=False) for n in (1, 2))  # noqa: SIM115
            code = main()
        except BaseException:
            traceback.print_exc()
        finally:
            os._exit(code)
    try:
        wait_until(ready, patience_s, lambda: None)
        yield
    finally:
        os.kill(child, signal.SIGINT)
        os.waitpid(child, 0)


def wait_until(
    ready: Callable[[], bool], patience_s: float, failure: Callable[[], str | None]
) -> None:
    """Wait until `ready`; fails with what `failure` tells, at once where it tells of an end."""
    deadline = time.monotonic() + patience_s
    while not ready():
        reason = failure()
        if reason is not None or time.monotonic() > deadline:
            raise RuntimeError(reason or f"not ready after {patience_s} s")
        time.sleep(0.05)


def _failure(process: subprocess.Popen[bytes], command: list[str], log: Path) -> str | None:
    if process.poll() is None:
        return None
    return f"{command[0]} has ended ({process.returncode}):\n{log.read_text('utf-8', 'replace')}"
