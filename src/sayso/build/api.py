"""Build an episode, or find it up to date: what the command line, the studio and Python call.

This imports little: where nothing has changed, nothing heavy is loaded to find that out.
"""

from __future__ import annotations

import contextlib
import time
from concurrent.futures import Executor
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from sayso.build.options import Options
from sayso.build.up_to_date import Inputs
from sayso.errors import EnvironmentProblem
from sayso.reporter import Reporter, Silent
from sayso.show.paths import is_at_home
from sayso.system.cache import cache_folder

if TYPE_CHECKING:
    from sayso.build.result import BuildPlan, BuildResult
    from sayso.build.states import Build, Voiced
    from sayso.model import Show, Timeline


@dataclass(frozen=True, slots=True)
class NotingReporter:
    """A reporter that keeps the notes and hands everything on."""

    reporter: Reporter
    notes: list[str] = field(default_factory=list)

    def stage(self, name: str, what: str) -> None:
        """A stage begins."""
        self.reporter.stage(name, what)

    def progress(self, done: int, total: int) -> None:
        """The stage has done so many of so many parts."""
        self.reporter.progress(done, total)

    def note(self, text: str) -> None:
        """Something that the author should know."""
        self.notes.append(text)
        self.reporter.note(text)


@dataclass(frozen=True, slots=True)
class VoicedBuild:
    """An episode that is voiced, and not yet mixed."""

    build: Build
    voiced: Voiced
    inputs: Inputs
    notes: list[str]
    n_of_place: int
    """How many of the notes, the first ones, tell whose the episode is: they depend on where one is
    and are not recorded."""
    start_s: float
    """When it began, on the monotonic clock."""


def build_episode(
    source: Path,
    options: Options | None = None,
    *,
    show: Show | None = None,
    here: Path | None = None,
    reporter: Reporter | None = None,
    workers: str | Executor | None = None,
) -> BuildResult:
    """Make the episode of a review, or bring it up to date: only what changed is done again.

    `show` is the show that the review belongs to, where it has been read; without
    it, `here` is the folder that somebody is in, whose show a review in no other belongs to;
    `workers` are an executor, or the address of a Dask cluster, that voices instead of processes of
    this build's own. Raises SaysoError; what was voiced until then is cached, and the same call
    goes on from there.
    """
    return finish_episode(
        voice_episode(source, options, show=show, here=here, reporter=reporter, workers=workers)
    )


def voice_episode(
    source: Path,
    options: Options | None = None,
    *,
    show: Show | None = None,
    here: Path | None = None,
    reporter: Reporter | None = None,
    workers: str | Executor | None = None,
    prefetch: bool = True,
) -> VoicedBuild | BuildResult:
    """The first half of `build_episode`: up to the takes, or the result where nothing changed.

    Without `prefetch`, nothing is mastered while voices speak: for a batch, which mixes the last
    episode meanwhile.
    """
    start_s = time.monotonic()
    options = _known(options)
    noting = NotingReporter(reporter or Silent())
    if show is None and here is not None and not is_at_home(source, here):
        show = find_and_tell(source, here, noting)
    of_place = tuple(noting.notes)
    inputs = Inputs(source, options, cache_folder(), show, here)
    kept = inputs.unchanged() if show is None or _is_as_saved(show, source) else None
    if kept is not None:
        from sayso.build.result import BuildResult

        result = BuildResult.from_record(
            kept,
            source,
            time.monotonic() - start_s,
            lay_out=partial(timeline_of, source, options, show, here),
        )
        for note in result.notes:
            noting.note(note)
        return replace(result, notes=(*of_place, *result.notes))
    from sayso.build.states import Build, Lined, Scripted, Voiced
    from sayso.build.warm_up import warm_speakers
    from sayso.show.finding import find_show

    with contextlib.ExitStack() as stack:
        if isinstance(workers, str):
            from sayso.speech.cluster import ClusterWorkers

            workers = stack.enter_context(ClusterWorkers(workers))
        build = Build(
            *(source, show or find_show(source, here), options, noting),
            executor=workers,
            prefetch=prefetch,
        )
        inputs.note_show(build)
        warm = build
        if prefetch and inputs.may_speak():
            warm = stack.enter_context(warm_speakers(build))
        from sayso.build import pipeline  # most of all imports: the speakers start beside it

        scripted = pipeline.run(warm, Scripted)
        inputs.note_script(build, scripted)
        lined = pipeline.run(warm, Lined, after=scripted)
        voiced = pipeline.run(warm, Voiced, after=lined)
    return VoicedBuild(build, voiced, inputs, noting.notes, len(of_place), start_s)


def finish_episode(voiced: VoicedBuild | BuildResult) -> BuildResult:
    """The second half of `build_episode`: mix, master, and write the files."""
    if not isinstance(voiced, VoicedBuild):
        return voiced
    from sayso.build import pipeline
    from sayso.build.result import result_of
    from sayso.build.states import Finished

    build, inputs = voiced.build, voiced.inputs
    finished = pipeline.run(build, Finished, after=voiced.voiced)
    changed = inputs.changed(build, voiced.voiced.lined)
    seconds = time.monotonic() - voiced.start_s
    result = result_of(build, finished, changed, tuple(voiced.notes), seconds)
    with contextlib.suppress(EnvironmentProblem):  # the episode is done: a full cache may wait
        kept = replace(result, notes=result.notes[voiced.n_of_place :])
        inputs.record(build, finished, kept)
    return result


def plan_episode(
    source: Path,
    options: Options | None = None,
    *,
    show: Show | None = None,
    here: Path | None = None,
    reporter: Reporter | None = None,
) -> BuildPlan:
    """What a build would do; nothing is written. Raises SaysoError as a build would."""
    from sayso.build import pipeline
    from sayso.build.result import plan_of
    from sayso.build.states import Build, Lined

    reporter = reporter or Silent()
    build = Build(
        *(source, show or find_and_tell(source, here, reporter), _known(options), reporter),
        write=False,
    )
    return plan_of(build, pipeline.run(build, Lined))


def timeline_of(
    source: Path, options: Options, show: Show | None = None, here: Path | None = None
) -> Timeline:
    """Where everything of an episode lies; its lines are voiced where they are not cached."""
    from sayso.build import pipeline
    from sayso.build.states import Build, LaidOut
    from sayso.show.finding import find_show

    build = Build(source, show or find_show(source, here), options, write=False)
    return pipeline.run(build, LaidOut).timeline


def _known(options: Options | None) -> Options:
    """The options of a build; an engine that they bring is known by its name from here on."""
    options = options or Options()
    if options.engine is not None and not isinstance(options.engine, str):
        from sayso.speech.engines import register

        register(options.engine)
    return options


def find_and_tell(source: Path, here: Path | None, reporter: Reporter) -> Show:
    """The show of a review, for somebody in the folder `here`; told where that may surprise."""
    from sayso.show.finding import find_show, whose_episode

    show = find_show(source, here)
    told = None if here is None else whose_episode(show, source, here)
    if told is not None:
        reporter.note(told)
    return show


def _is_as_saved(show: Show, source: Path) -> bool:
    """Whether a show that was read earlier, or made by a program, is what its files say now."""
    from sayso.show.finding import find_show
    from sayso.show.show_file import load_show

    return show == (load_show(show.path) if show.path else find_show(source))
