"""Voicing on a Dask cluster: the same calls, handed to other machines; the extra `cluster`.

    host$  dask scheduler
    each$  dask worker tcp://host:8786 --nthreads 1 --nworkers 4
    you$   sayso build reviews/*.md --workers tcp://host:8786

Dask runs tasks in threads, and engines want a process of their own (pyttsx3 forks, a hang must be
killed). So a task only hands its call to `LocalWorkers` that live as long as their Dask worker: one
fresh, warm process a Dask thread, watched and replaced just as at home. A Dask worker that dies has
its tasks done by another.

Every machine needs sayso and the engine, in the same versions: a take is named by what made it.
"""

from __future__ import annotations

import contextlib
import functools
import logging
import pickle
import socket
from collections.abc import Callable
from concurrent.futures import Executor, Future
from typing import Any, ParamSpec, TypeVar

from sayso.errors import EnvironmentProblem, SaysoError, SpeechError
from sayso.speech.workers import CALL_LIMIT_S, LocalWorkers

P = ParamSpec("P")
T = TypeVar("T")

_HOW = "start one with: dask scheduler; and on each machine: dask worker {address} --nthreads 1"


class ClusterWorkers(Executor):
    """The workers of the Dask scheduler at `address` (`tcp://HOST:PORT`).

    Raises EnvironmentProblem where Dask is not installed, nobody answers there within `patience_s`,
    the cluster has no worker, or a worker has no sayso. Use it as a context manager: an exception
    inside (Ctrl-C too) cancels what was submitted, a clean exit waits for it.
    """

    def __init__(self, address: str, *, patience_s: float = 10.0) -> None:
        self._address = address if "://" in address else f"tcp://{address}"
        self._futures: dict[Any, Future[Any]] = {}
        self._client: Any
        try:
            from distributed import Client
        except ImportError as error:
            raise EnvironmentProblem(
                "a cluster needs Dask", mend="pip install 'sayso[cluster]'"
            ) from error
        logging.getLogger("distributed").setLevel(logging.CRITICAL)  # we say what went wrong
        how = _HOW.format(address=self._address)
        try:
            connect: Any = Client
            self._client = connect(self._address, timeout=patience_s, set_as_default=False)
        except (OSError, ValueError) as error:
            raise EnvironmentProblem(
                f"no Dask scheduler answers at {self._address}", mend=how
            ) from error
        try:
            self._greet(patience_s, how)
        except BaseException:
            self._client.close()
            raise

    def _greet(self, patience_s: float, how: str) -> None:
        try:
            self._client.wait_for_workers(1, timeout=patience_s)
        except Exception as error:  # distributed's TimeoutError has moved between versions
            raise EnvironmentProblem(
                f"the cluster at {self._address} has no workers", mend=how
            ) from error
        said = self._client.run(_greeting, on_error="return")
        for worker, answer in said.items():
            if isinstance(answer, BaseException):
                raise EnvironmentProblem(
                    f"the worker {worker} cannot import sayso: {answer}",
                    mend="install the same sayso there, in the Python that runs dask worker",
                )

    def submit(self, fn: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        """Have `fn(*args, **kwargs)` called on the cluster."""
        raw = pickle.dumps((fn, args, kwargs), pickle.HIGHEST_PROTOCOL)
        ours: Future[T] = Future()
        theirs: Any = self._client.submit(_call, raw, pure=False)
        self._futures[theirs] = ours
        ours.add_done_callback(functools.partial(self._pass_on_cancel, theirs))
        theirs.add_done_callback(functools.partial(self._settle, ours))
        return ours

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """Finish or cancel what was submitted, and leave the cluster."""
        if wait and not cancel_futures:
            for future in list(self._futures.values()):
                with contextlib.suppress(Exception):
                    future.exception()
        self._leave()

    def __exit__(self, kind: Any, value: Any, trace: Any) -> None:
        self.shutdown(wait=kind is None, cancel_futures=kind is not None)

    def _leave(self) -> None:
        waiting = dict(self._futures)
        self._futures.clear()
        with contextlib.suppress(Exception):  # the scheduler may be gone
            if waiting:
                self._client.cancel(list(waiting), asynchronous=False, force=True)
        with contextlib.suppress(Exception):
            self._client.close(timeout=2)
        for future in waiting.values():
            future.cancel()

    def _pass_on_cancel(self, theirs: Any, ours: Future[Any]) -> None:
        if ours.cancelled() and self._futures.pop(theirs, None) is not None:
            theirs.cancel()

    def _settle(self, ours: Future[Any], theirs: Any) -> None:
        """Give our future what theirs has got; runs in a thread of Dask's."""
        if self._futures.pop(theirs, None) is None:
            return  # nobody waits for it any more
        if not ours.set_running_or_notify_cancel():
            return
        try:
            ours.set_result(theirs.result(timeout=CALL_LIMIT_S))
        except SaysoError as error:
            ours.set_exception(error)
        except BaseException as error:
            ours.set_exception(self._explain(error))

    def _explain(self, error: BaseException) -> SaysoError:
        from distributed import KilledWorker

        if isinstance(error, KilledWorker):
            return SpeechError(
                "each of several workers of the cluster died over this line",
                mend="see their logs; say it otherwise, or choose another engine",
            )
        if isinstance(error, Exception) and type(error).__name__ not in {
            *("CancelledError", "FutureCancelledError", "FuturesCancelledError"),
            *("CommClosedError", "TimeoutError", "FutureLost", "ClosedClientError"),
        }:
            return SpeechError(f"a worker of the cluster failed: {type(error).__name__}: {error}")
        return EnvironmentProblem(
            f"the cluster at {self._address} was lost",
            mend="finished takes are kept; run the same command again when it is back",
        )


# --------------------------------------------------------------------------- on the Dask workers


def _greeting() -> str:
    return socket.gethostname()


@functools.cache
def _processes() -> LocalWorkers:
    """The processes of this Dask worker, one a thread; kept until it ends."""
    from distributed import get_worker

    return LocalWorkers(get_worker().state.nthreads, limit_s=CALL_LIMIT_S)


def _call(raw: bytes) -> Any:
    fn, args, kwargs = pickle.loads(raw)  # as trusted as whoever may use this cluster
    try:
        return _processes().submit(fn, *args, **kwargs).result()
    except EnvironmentProblem as error:
        from distributed import get_worker

        worker = f"{socket.gethostname()} ({get_worker().address})"
        mend = f"on that machine: {error.mend}" if error.mend else None
        raise type(error)(f"the worker {worker}: {error.problem}", mend=mend) from error
