"""Worker processes that voice lines: an executor that survives hangs, crashes and Ctrl-C.

`LocalWorkers` is a `concurrent.futures.Executor`, so that anything with `submit` can stand in its
place. Each worker is a fresh Python process that talks over its standard input and output and
runs one call at a time. It is started by `subprocess` and not by `multiprocessing`, which would
import the main program again and so break scripts without a `__main__` guard.

A worker ends when its input ends, so none outlives the program that started it, however that
ended; on Linux the kernel sees to it also in the middle of a call.
"""

from __future__ import annotations

import contextlib
import os
import pickle
import queue
import signal
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable
from concurrent.futures import Executor, Future
from dataclasses import dataclass, field
from typing import IO, Any, ParamSpec, TypeVar, cast

from sayso.errors import EnvironmentProblem, SpeechError
from sayso.speech.worker import receive, send

P = ParamSpec("P")
T = TypeVar("T")

CALL_LIMIT_S = 120.0
"""For a text of at most 300 characters, which is 20 s of speech: generous even to an engine that
needs 3 s of work for a second of it. Engines' own limits come first."""
_TRIES_AFTER_HANG = 2
_TRIES_AFTER_DEATH = 4  # the system may kill several; a text that crashes an engine does so always
_BOOT = "import sys; sys.path[:] = {path!r}; from sayso.speech.worker import serve; serve({parent})"
_THREAD_LIMITS = (
    "OMP_NUM_THREADS",
    "OPENBLAS_NUM_THREADS",
    "MKL_NUM_THREADS",
    "VECLIB_MAXIMUM_THREADS",
)
"""As many workers as cores: threads inside them would only fight."""


def usable_cores() -> int:
    """The cores that this process may use."""
    try:
        return len(os.sched_getaffinity(0))  # respects taskset and containers' cpu sets
    except AttributeError:
        return os.cpu_count() or 1


@dataclass(slots=True)
class _Call:
    future: Future[Any]
    raw: bytes
    hangs: int = 0
    deaths: int = 0


class LocalWorkers(Executor):
    """At most `jobs` worker processes, started when there is work for them.

    A call that takes longer than `limit_s` has its worker killed and is tried once more; a call
    whose worker dies is tried again up to three times. After that its future holds a SpeechError.
    Functions and arguments must be picklable, functions importable by name.

    Use it as a context manager: an exception inside (Ctrl-C too) kills the workers at once, a
    clean exit waits for what was submitted.
    """

    def __init__(self, jobs: int | None = None, *, limit_s: float = 60.0) -> None:
        self._jobs = max(1, jobs or usable_cores())
        self._limit_s = limit_s
        self._calls: queue.SimpleQueue[_Call | None] = queue.SimpleQueue()
        self._threads: list[threading.Thread] = []
        self._workers: set[_Worker] = set()
        self._lock = threading.Lock()
        self._n_waiting = 0
        self._n_idle = 0
        self._closed = False
        self._stopped = False

    @property
    def n_at_once(self) -> int:
        """How many calls run at once."""
        return self._jobs

    def submit(self, fn: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        """Have `fn(*args, **kwargs)` called in a worker."""
        future: Future[T] = Future()
        call = _Call(future, pickle.dumps((fn, args, kwargs), pickle.HIGHEST_PROTOCOL))
        with self._lock:
            if self._closed:
                raise RuntimeError("the workers have been shut down")
            self._n_waiting += 1
            self._calls.put(call)
            if self._n_waiting > self._n_idle and len(self._threads) < self._jobs:
                self._add_thread()
        return future

    def warm_up(self, fn: Callable[P, object], /, *args: P.args, **kwargs: P.kwargs) -> None:
        """Start the workers before there is work; each calls `fn(*args, **kwargs)` first.

        One after the other: all at once they would take the cores from who prepares their work.
        What the calls raise is left for the work to meet.
        """
        raw = pickle.dumps((fn, args, kwargs), pickle.HIGHEST_PROTOCOL)

        def another(_: Future[Any] | None = None) -> None:
            with self._lock:
                if self._closed or len(self._threads) == self._jobs:
                    return
                future: Future[Any] = Future()
                future.add_done_callback(another)
                self._add_thread(_Call(future, raw))

        another()

    def pids(self) -> tuple[int, ...]:
        """The process ids of the workers that are up."""
        with self._lock:
            return tuple(worker.pid for worker in self._workers)

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """Take no more calls; finish or cancel those submitted, then end the workers."""
        with self._lock:
            self._closed = True
        if cancel_futures:
            self._cancel_waiting()
        for _ in self._threads:
            self._calls.put(None)
        if wait:
            for thread in self._threads:
                thread.join()

    def stop(self) -> None:
        """Kill the workers now; calls that were not done are cancelled."""
        with self._lock:
            self._closed = self._stopped = True
            workers = tuple(self._workers)
        for worker in workers:
            worker.kill()
        self.shutdown(wait=True, cancel_futures=True)

    def __exit__(self, kind: Any, value: Any, trace: Any) -> None:
        if kind is None:
            self.shutdown(wait=True)
        else:
            self.stop()

    def _cancel_waiting(self) -> None:
        with contextlib.suppress(queue.Empty):
            while True:
                call = self._calls.get_nowait()
                if call is not None:
                    call.future.cancel()
                    call.future.set_running_or_notify_cancel()

    # One thread a worker: it hands over a call, waits for the reply, and replaces the worker.

    def _add_thread(self, *calls: _Call) -> None:
        thread = threading.Thread(target=self._tend, args=calls, name="sayso-worker", daemon=True)
        self._threads.append(thread)
        thread.start()

    def _tend(self, first: _Call | None = None) -> None:
        worker: _Worker | None = None
        try:
            if first is not None:
                worker = self._run(first, None)
            while True:
                with self._lock:
                    self._n_idle += 1
                call = self._calls.get()
                with self._lock:
                    self._n_idle -= 1
                    self._n_waiting -= call is not None
                if call is None:
                    return
                if call.future.set_running_or_notify_cancel():
                    worker = self._run(call, worker)
        finally:
            self._end(worker)

    def _run(self, call: _Call, worker: _Worker | None) -> _Worker | None:
        """Run `call` until it has an answer; returns the worker that is left, if any."""
        while True:
            try:
                if worker is None:
                    worker = self._start()
                answer = worker.ask(call.raw, self._limit_s)
            except _Lost as lost:
                self._end(worker)
                worker = None
                error = self._verdict(call, lost)
                if error is not None:
                    call.future.set_exception(error)
                    return None
            except BaseException as error:  # the future must get an answer, whatever happened
                call.future.set_exception(error)
                self._end(worker)
                return None
            else:
                kind, value = answer
                if kind == "ok":
                    call.future.set_result(value)
                else:
                    call.future.set_exception(value)
                return worker

    def _verdict(self, call: _Call, lost: _Lost) -> BaseException | None:
        """What the future gets for a lost worker; None to try again."""
        if self._stopped:
            return SpeechError("stopped")
        if lost.hung:
            call.hangs += 1
            if call.hangs < _TRIES_AFTER_HANG:
                return None
            return SpeechError(
                f"the engine took longer than {self._limit_s:g} s, twice",
                code="engine-slow",
                hint="say it otherwise, or choose another engine",
            )
        call.deaths += 1
        if call.deaths < _TRIES_AFTER_DEATH:
            return None
        why = f": {lost.last_words}" if lost.last_words else ""
        return SpeechError(
            f"the engine's process died {call.deaths} times{why}",
            code="engine-died",
            hint="say it otherwise, or choose another engine",
        )

    def _start(self) -> _Worker:
        worker = _Worker()
        with self._lock:
            self._workers.add(worker)
        if self._stopped:  # stop() may have looked before this worker was in the set
            worker.kill()
        return worker

    def _end(self, worker: _Worker | None) -> None:
        if worker is not None:
            worker.close()
            with self._lock:
                self._workers.discard(worker)


@dataclass(eq=False)
class _Lost(Exception):
    """The worker hung or died in the middle of a call."""

    hung: bool
    last_words: str = ""


@dataclass(slots=True, eq=False)
class _Worker:
    """A worker process, from the parent's side."""

    process: subprocess.Popen[bytes] = field(init=False)
    errors: IO[bytes] = field(init=False)

    def __post_init__(self) -> None:
        boot = _BOOT.format(path=[str(each) for each in sys.path], parent=os.getpid())
        try:
            self.errors = tempfile.TemporaryFile()  # noqa: SIM115 - closed by close()
            self.process = subprocess.Popen(
                [sys.executable, "-c", boot],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=self.errors,
                env={**os.environ, **dict.fromkeys(_THREAD_LIMITS, "1")},
                start_new_session=True,  # the terminal's Ctrl-C is the parent's to handle
            )
        except (OSError, TypeError) as error:  # TypeError: an embedded Python has no executable
            raise EnvironmentProblem(f"a speech worker cannot be started: {error}") from error

    @property
    def pid(self) -> int:
        return self.process.pid

    def ask(self, raw: bytes, limit_s: float) -> tuple[str, Any]:
        """The worker's answer to a call; raises _Lost."""
        hung = threading.Event()

        def give_up() -> None:
            hung.set()
            self.kill()

        stdin, stdout = (cast(IO[bytes], p) for p in (self.process.stdin, self.process.stdout))
        watch = threading.Timer(limit_s, give_up)
        watch.daemon = True
        watch.start()
        try:
            send(stdin, raw)
            answer = receive(stdout)
        except (OSError, ValueError):
            answer = None
        finally:
            watch.cancel()
        if answer is None:
            self.kill()
            raise _Lost(hung.is_set(), self._last_words())
        kind, value = pickle.loads(answer)  # our own worker's
        return str(kind), value

    def kill(self) -> None:
        """Kill it with everything that it has started."""
        with contextlib.suppress(OSError):
            if hasattr(os, "killpg") and self.process.poll() is None:
                os.killpg(self.process.pid, signal.SIGKILL)
            else:
                self.process.kill()

    def close(self) -> None:
        """End it: at once where it is idle, by force where it is not."""
        for stream in (self.process.stdin, self.process.stdout):
            if stream is not None:
                with contextlib.suppress(OSError):
                    stream.close()
        try:
            self.process.wait(0.5)
        except subprocess.TimeoutExpired:
            self.kill()
            self.process.wait()
        self.errors.close()

    def _last_words(self) -> str:
        with contextlib.suppress(OSError, ValueError):
            self.process.wait(1.0)
            self.errors.seek(0, os.SEEK_END)
            self.errors.seek(max(0, self.errors.tell() - 2_000))
            lines = self.errors.read().decode("utf-8", "replace").strip().splitlines()
            return lines[-1][:200] if lines else ""
        return ""
