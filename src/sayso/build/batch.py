"""Several reviews, one set of workers: one is mixed and encoded here while the next is voiced."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Executor, Future, wait
from contextlib import ExitStack
from functools import partial
from pathlib import Path

from sayso.build.api import VoicedBuild, finish_episode, plan_episode, voice_episode
from sayso.build.options import Options
from sayso.build.result import BuildFailure, BuildPlan, BuildResult
from sayso.errors import SaysoError
from sayso.model import Show
from sayso.reporter import Reporter, Silent
from sayso.speech.voicing import WAKE_S
from sayso.speech.workers import CALL_LIMIT_S, LocalWorkers
from sayso.system.threads import Threads

Outcome = BuildResult | BuildPlan | BuildFailure

_MOST_VOICED = 2
"""Episodes voiced and not yet mixed: enough to keep the workers busy."""


def build_all(
    sources: Sequence[Path],
    options: Options | None = None,
    *,
    show: Show | None = None,
    here: Path | None = None,
    reporter_of: Callable[[Path], Reporter] = lambda source: Silent(),
    workers: str | None = None,
    dry_run: bool = False,
) -> Iterator[Outcome]:
    """Build reviews in order; what came of each as soon as it is there.

    A review that fails is told as a BuildFailure, and the others go on. `reporter_of` gives the
    reporter of a review; `workers` is the address of a Dask cluster, None for processes of this
    machine. `dry_run` gives BuildPlans, and writes nothing. Raises EnvironmentProblem where the
    cluster cannot be reached.
    """
    options = options or Options()
    with ExitStack() as stack:
        # Left in reverse order: the workers end first, which frees the thread. It reads, writes
        # scripts and waits for the workers.
        front = stack.enter_context(Threads(1, thread_name_prefix="sayso-front"))
        pool = stack.enter_context(_open_workers(workers, options))
        waiting: deque[tuple[Path, Future[VoicedBuild | BuildResult | BuildPlan]]] = deque()
        left = deque(sources)
        planned: dict[Path, Path] = {}
        while left or waiting:
            while left and len(waiting) <= _MOST_VOICED:
                source = left.popleft()
                reporter = reporter_of(source)
                call: Callable[[], VoicedBuild | BuildResult | BuildPlan]
                if dry_run:
                    call = partial(
                        plan_episode, source, options, show=show, here=here, reporter=reporter
                    )
                else:
                    call = partial(
                        voice_episode,
                        source,
                        options,
                        show=show,
                        here=here,
                        reporter=reporter,
                        workers=pool,
                        prefetch=False,
                    )
                waiting.append((source, front.submit(call)))
            source, task = waiting.popleft()
            try:
                while not wait([task], WAKE_S).done:
                    pass
                done = task.result()
                if isinstance(done, BuildPlan):
                    owner = planned.setdefault(done.script, source)
                    if not owner.samefile(source):  # a build would find the first one's script
                        from sayso.build.script_file import already_taken

                        raise already_taken(source, done.script, str(owner))
                yield done if isinstance(done, BuildPlan) else finish_episode(done)
            except SaysoError as error:
                yield BuildFailure(source, error)


def _open_workers(address: str | None, options: Options) -> Executor:
    if address is not None:
        from sayso.speech.cluster import ClusterWorkers

        return ClusterWorkers(address)
    return LocalWorkers(options.jobs, limit_s=CALL_LIMIT_S)  # starts none until there is work
