"""Voicing on a Dask cluster: the same calls, handed to other machines; the extra `cluster`.

    host$  dask scheduler
    each$  dask worker tcp://host:8786 --nthreads 1 --nworkers 4
    you$   sayso build reviews/*.md --workers tcp://host:8786

Dask runs tasks in threads, and engines want a process of their own (pyttsx3 forks, a hang must be
killed). So a task hands its calls to `LocalWorkers` that live as long as their Dask worker: one
fresh, warm process a Dask thread, watched and replaced just as at home. A Dask worker that dies has
its tasks done by another.

A task costs Dask some 10 ms of scheduler, client and worker, and a sentence may take an engine 60.
So a task carries several calls while many wait, and one alone at the end, where the last worker
should have little left to do.

Every machine needs sayso and the engine, in the same versions: a take is named by what made it.
"""

from __future__ import annotations

import contextlib
import functools
import logging
import os
import pickle
import socket
import threading
import time
from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import Executor, Future
from dataclasses import dataclass, field
from typing import Any, Literal, ParamSpec, TypeVar

from sayso.errors import EnvironmentProblem, SaysoError, SpeechError
from sayso.speech.workers import CALL_LIMIT_S, LocalWorkers

P = ParamSpec("P")
T = TypeVar("T")

_HOW = "start one with: dask scheduler; and on each machine: dask worker {address} --nthreads 1"

_TASK_S = 0.5
"""How much work goes into a task at most: fifty times what Dask takes for it."""
_TASKS_A_THREAD = 2  # one under way and one at hand, so that no thread waits for the network
_COUNT_S = 2.0  # how old our knowledge of the cluster's size may be: workers come and go


@dataclass(slots=True)
class _Call:
    raw: bytes
    future: Future[Any] = field(default_factory=Future)
    alone: bool = False
    """Whether it must not share a task: one that it shared has killed workers."""


_Answer = tuple[Literal["ok", "error"], Any]


class ClusterWorkers(Executor):
    """The workers of the Dask scheduler at `address` (`tcp://HOST:PORT`).

    Raises EnvironmentProblem where Dask is not installed, nobody answers there within `patience_s`,
    the cluster has no worker, or a worker has no sayso. Use it as a context manager: an exception
    inside (Ctrl-C too) cancels what was submitted, a clean exit waits for it.
    """

    def __init__(self, address: str, *, patience_s: float = 10.0) -> None:
        self._address = address if "://" in address else f"tcp://{address}"
        self._lock = threading.Lock()
        self._waiting: deque[_Call] = deque()
        self._tasks: dict[Any, tuple[_Call, ...]] = {}
        """Dask's futures, and the calls that each carries."""
        self._closed = False
        self._n_threads = 1
        self._counted_s = 0.0
        self._call_s = _TASK_S  # what a call takes; learnt from the answers
        self._client: Any
        try:
            from distributed import Client
        except ImportError as error:
            raise EnvironmentProblem(
                "a cluster needs Dask", code="extra-missing", hint="pip install 'sayso[cluster]'"
            ) from error
        logging.getLogger("distributed").setLevel(logging.CRITICAL)  # we say what went wrong
        how = _HOW.format(address=self._address)
        try:
            connect: Any = Client
            self._client = connect(self._address, timeout=patience_s, set_as_default=False)
        except (OSError, ValueError) as error:
            raise EnvironmentProblem(
                f"no Dask scheduler answers at {self._address}", code="cluster-lost", hint=how
            ) from error
        try:
            self._greet(patience_s, how)
            self._count()
        except BaseException:
            self._client.close()
            raise

    def _greet(self, patience_s: float, how: str) -> None:
        try:
            self._client.wait_for_workers(1, timeout=patience_s)
        except Exception as error:  # distributed's TimeoutError has moved between versions
            raise EnvironmentProblem(
                f"the cluster at {self._address} has no workers", code="cluster-lost", hint=how
            ) from error
        said = self._client.run(_greeting, on_error="return")
        for worker, answer in said.items():
            if isinstance(answer, BaseException):
                raise EnvironmentProblem(
                    f"the worker {worker} cannot import sayso: {answer}",
                    code="cluster-lost",
                    hint="install the same sayso there, in the Python that runs dask worker",
                )

    @property
    def n_at_once(self) -> int:
        """How many calls the cluster runs at once, as far as we know."""
        return self._n_threads

    def submit(self, fn: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        """Have `fn(*args, **kwargs)` called on the cluster."""
        call = _Call(pickle.dumps((fn, args, kwargs), pickle.HIGHEST_PROTOCOL))
        with self._lock:
            if self._closed:
                raise RuntimeError("the cluster has been left")
            self._waiting.append(call)
        self._hand_out()
        return call.future

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """Finish or cancel what was submitted, and leave the cluster."""
        with self._lock:
            self._closed = True
        if wait and not cancel_futures:
            for call in self._submitted():
                with contextlib.suppress(BaseException):
                    call.future.exception()
        self._leave()

    def __exit__(self, kind: Any, value: Any, trace: Any) -> None:
        self.shutdown(wait=kind is None, cancel_futures=kind is not None)

    def _submitted(self) -> tuple[_Call, ...]:
        with self._lock:
            return (*(call for calls in self._tasks.values() for call in calls), *self._waiting)

    def _leave(self) -> None:
        left = self._submitted()
        with self._lock:
            tasks = list(self._tasks)
            self._tasks.clear()
            self._waiting.clear()
        with contextlib.suppress(Exception):  # the scheduler may be gone
            if tasks:
                self._client.cancel(tasks, asynchronous=False, force=True)
        with contextlib.suppress(Exception):
            self._client.close(timeout=2)
        for call in left:
            call.future.cancel()

    def _count(self) -> None:
        """Ask how many threads the cluster has now, where we have not for a while."""
        if time.monotonic() - self._counted_s > _COUNT_S:
            with contextlib.suppress(Exception):  # the scheduler may be gone: the tasks will tell
                self._n_threads = max(1, sum(self._client.nthreads().values()))
            self._counted_s = time.monotonic()

    def _hand_out(self) -> None:
        """Give every thread of the cluster a task to do and one to go on with."""
        lost: list[_Call] = []
        with self._lock:
            while self._waiting and len(self._tasks) < _TASKS_A_THREAD * self._n_threads:
                calls = self._next()
                if not calls:
                    break
                try:
                    theirs = self._client.submit(_run, [call.raw for call in calls], pure=False)
                except Exception as error:
                    told = self._explain(error)
                    lost = [*calls, *self._waiting]
                    self._waiting.clear()
                    break
                self._tasks[theirs] = calls
                theirs.add_done_callback(self._settle)
        for call in lost:
            _answer(call, ("error", told))

    def _next(self) -> tuple[_Call, ...]:
        """The calls of the next task: fewer and fewer towards the end, which is guided
        self-scheduling (Polychronopoulos and Kuck, IEEE Trans. Computers, 1987)."""
        share = len(self._waiting) // (_TASKS_A_THREAD * self._n_threads)
        most = max(1, min(share, int(_TASK_S / self._call_s)))
        calls: list[_Call] = []
        while self._waiting and len(calls) < most:
            if self._waiting[0].alone and calls:
                break
            call = self._waiting.popleft()
            if call.future.cancelled():
                continue
            calls.append(call)
            if call.alone:
                break
        return tuple(calls)

    def _settle(self, theirs: Any) -> None:
        """Give our futures what theirs has got, and hand out more; runs in a thread of Dask's."""
        with self._lock:
            calls = self._tasks.pop(theirs, None)
        if calls is None:
            return  # nobody waits for it any more
        try:
            took_s, answers = theirs.result(timeout=CALL_LIMIT_S)
        except BaseException as error:
            self._lost(calls, error)
        else:
            self._call_s = (self._call_s + max(took_s / len(calls), 1e-4)) / 2
            for call, answer in zip(calls, answers, strict=True):
                _answer(call, answer)
        self._count()
        self._hand_out()

    def _lost(self, calls: Sequence[_Call], error: BaseException) -> None:
        """A task has failed as a whole: the calls are made one by one, or have failed too."""
        from distributed import KilledWorker

        if isinstance(error, KilledWorker) and len(calls) > 1:
            for call in calls:
                call.alone = True
            with self._lock:
                self._waiting.extendleft(reversed(calls))
            return
        told = self._explain(error)
        if isinstance(told, EnvironmentProblem):  # the cluster is gone, for the others too
            with self._lock:
                calls = [*calls, *self._waiting]
                self._waiting.clear()
        for call in calls:
            _answer(call, ("error", told))

    def _explain(self, error: BaseException) -> SaysoError:
        from distributed import KilledWorker

        if isinstance(error, KilledWorker):
            return SpeechError(
                "each of several workers of the cluster died over this line",
                code="engine-died",
                hint="see their logs; say it otherwise, or choose another engine",
            )
        if isinstance(error, Exception) and type(error).__name__ not in {
            *("CancelledError", "FutureCancelledError", "FuturesCancelledError"),
            *("CommClosedError", "TimeoutError", "FutureLost", "ClosedClientError"),
        }:
            return SpeechError(
                f"a worker of the cluster failed: {type(error).__name__}: {error}",
                code="cluster-lost",
            )
        return EnvironmentProblem(
            f"the cluster at {self._address} was lost",
            code="cluster-lost",
            hint="finished takes are kept; run the same command again when it is back",
        )


def _answer(call: _Call, answer: _Answer) -> None:
    kind, value = answer
    if not call.future.set_running_or_notify_cancel():
        return
    if kind == "ok":
        call.future.set_result(value)
    else:
        call.future.set_exception(value)


# --------------------------------------------------------------------------- on the Dask workers


def _greeting() -> str:
    return socket.gethostname()


@functools.cache
def _processes() -> LocalWorkers:
    """The processes of this Dask worker, one a thread; kept until it ends."""
    from distributed import get_worker

    # Dask has glibc give back memory at every chance, for the sake of large tables. A neural engine
    # asks for it again with each sentence: half a million page faults a minute of work, and a
    # third of its time.
    os.environ.pop("MALLOC_TRIM_THRESHOLD_", None)
    return LocalWorkers(get_worker().state.nthreads, limit_s=CALL_LIMIT_S)


def _run(calls: Sequence[bytes]) -> tuple[float, list[_Answer]]:
    """What a task does: all its calls. Returns how many seconds they took, and their answers."""
    start = time.monotonic()
    futures = []
    for raw in calls:
        fn, args, kwargs = pickle.loads(raw)  # as trusted as whoever may use this cluster
        futures.append(_processes().submit(fn, *args, **kwargs))
    answers = [_outcome(future) for future in futures]
    return time.monotonic() - start, answers


def _outcome(future: Future[Any]) -> _Answer:
    try:
        return "ok", future.result()
    except EnvironmentProblem as error:
        from distributed import get_worker

        worker = f"{socket.gethostname()} ({get_worker().address})"
        hint = f"on that machine: {error.hint}" if error.hint else None
        problem = f"the worker {worker}: {error.problem}"
        return "error", type(error)(problem, code=error.code, hint=hint)
    except Exception as error:
        return "error", error
