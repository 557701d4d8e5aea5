"""Start the speech engines early, so that they are ready when the script is."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Iterator, Sequence
from concurrent.futures import Executor
from dataclasses import replace

from sayso.build.states import Build
from sayso.errors import SaysoError


@contextlib.contextmanager
def warm_speakers(build: Build) -> Iterator[Build]:
    """Start the engines: in the processes that will speak, or in this one.

    Gives the build with those processes as its executor. Nothing is started where somebody else's
    executor speaks, or for a draft.
    """
    if build.executor is not None or build.options.draft:
        yield build
        return
    from sayso.speech.engines import engine_class, is_registered

    with contextlib.ExitStack() as stack:
        with contextlib.suppress(SaysoError):  # the lines will say what is wrong with an engine
            names = _engines(build)
            here = [name for name in names if engine_class(name).in_process]
            if any(map(is_registered, names)):
                pass  # a program's own engine speaks here, when it is asked
            elif not here:
                pool = stack.enter_context(_processes(build, names))
                build = replace(build, executor=pool)
            elif len(here) == len(names) and _is_short(build, here):
                stack.enter_context(_thread(here))
        yield build


def _engines(build: Build) -> list[str]:
    from sayso.speech.engines import best_engine

    names = {build.options.engine_name or voice.engine for voice in build.show.voices}
    return sorted({best_engine() if name == "auto" else name for name in names})


def _is_short(build: Build, names: Sequence[str]) -> bool:
    """Whether this process will speak itself, going by the review's size."""
    from sayso.speech.engines import engine_class
    from sayso.speech.voicing import CHARACTERS_PER_S, SHORT_WORK_S

    try:
        speech_s = build.source.stat().st_size / CHARACTERS_PER_S
    except OSError:
        return False
    return speech_s * max(engine_class(name).work_ratio for name in names) < SHORT_WORK_S


@contextlib.contextmanager
def _processes(build: Build, names: Sequence[str]) -> Iterator[Executor]:
    from sayso.speech.engines import warm_up
    from sayso.speech.workers import CALL_LIMIT_S, LocalWorkers, usable_cores

    n_jobs = build.options.jobs or usable_cores()
    with LocalWorkers(n_jobs, limit_s=CALL_LIMIT_S) as pool:
        pool.warm_up(warm_up, *names)
        yield pool


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
