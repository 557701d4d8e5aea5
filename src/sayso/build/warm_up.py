"""What speaks is made ready first: it waits for the script, and not the script for it."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Iterator, Sequence

from sayso.build.state import Work
from sayso.errors import SaysoError


@contextlib.contextmanager
def warm_speakers(work: Work) -> Iterator[None]:
    """Have the engines ready when the script is: in the processes that will speak, or in this one.

    Only where it is known what will speak: the work has no executor, and there may be something to
    voice.
    """
    may_speak = work.watch is None or work.watch.may_speak()
    if work.executor is not None or work.options.draft or not (work.ahead and may_speak):
        yield
        return
    from sayso.speech.engines import engine_class

    with contextlib.ExitStack() as stack:
        with contextlib.suppress(SaysoError):  # the lines will say what is wrong with an engine
            names = _engines(work)
            here = [name for name in names if engine_class(name).in_process]
            if not here:
                stack.enter_context(_processes(work, names))
            elif len(here) == len(names) and _is_short(work, here):
                stack.enter_context(_thread(here))
        yield


def _engines(work: Work) -> list[str]:
    from sayso.speech.engines import best_engine

    names = {work.options.engine or voice.engine for voice in work.show.voices}
    return sorted({best_engine() if name == "auto" else name for name in names})


def _is_short(work: Work, names: Sequence[str]) -> bool:
    """Whether this process will speak itself, going by the review's size."""
    from sayso.speech.engines import engine_class
    from sayso.speech.voicing import CHARACTERS_PER_S, SHORT_WORK_S

    try:
        speech_s = work.source.stat().st_size / CHARACTERS_PER_S
    except OSError:
        return False
    return speech_s * max(engine_class(name).work_ratio for name in names) < SHORT_WORK_S


@contextlib.contextmanager
def _processes(work: Work, names: Sequence[str]) -> Iterator[None]:
    from sayso.speech.engines import warm_up
    from sayso.speech.workers import CALL_LIMIT_S, LocalWorkers, usable_cores

    n_jobs = work.options.jobs or usable_cores()
    with LocalWorkers(n_jobs, limit_s=CALL_LIMIT_S) as pool:
        pool.warm_up(warm_up, *names)
        work.executor = pool
        try:
            yield
        finally:
            work.executor = None


@contextlib.contextmanager
def _thread(names: Sequence[str]) -> Iterator[None]:
    from sayso.speech.engines import load_engine

    def warm() -> None:
        for name in names:
            with contextlib.suppress(SaysoError):  # the first line that it voices will say it
                load_engine(name).warm_up()

    thread = threading.Thread(target=warm, name="sayso-warming")
    thread.start()
    try:
        yield
    finally:
        thread.join()
