"""Speaking processes that start before anything else does: they are ready when the script is."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator

from sayso.errors import SaysoError
from sayso.work import Work


@contextlib.contextmanager
def warm_speakers(work: Work) -> Iterator[None]:
    """Start the processes that will speak, so that they are ready when the script is.

    Only where it is known that they will: the work has no executor, there may be something to
    voice, and show.toml names an engine that wants processes of its own.
    """
    names = {work.options.engine or voice.engine for voice in work.show.voices}
    known = not work.options.draft and "auto" not in names
    may_speak = work.watch is None or work.watch.may_speak()
    if work.executor is not None or not (work.ahead and known and may_speak):
        yield
        return
    from sayso.speech.engines import engine_class, warm_up
    from sayso.speech.workers import CALL_LIMIT_S, LocalWorkers, usable_cores

    try:
        apart = [name for name in names if not engine_class(name).in_process]
    except SaysoError:
        apart = []  # an unknown engine: the lines will say so
    if len(apart) != len(names):
        yield
        return
    n_jobs = work.options.jobs or usable_cores()
    with LocalWorkers(n_jobs, limit_s=CALL_LIMIT_S) as pool:
        for _ in range(n_jobs):
            for name in apart:
                pool.submit(warm_up, name)
        work.executor = pool
        try:
            yield
        finally:
            work.executor = None
