"""The table of stages: what happens between a review and an episode, in which order.

    review ─► outline ─► script ─► lines ─► takes ─► timeline ─► sound ─► episode

Read this first. A stage is a function of the build and the result of the stage before it; it gives
a frozen result of its own (`states`). Order, progress and the reasons for doing something again
come from the table. Nothing is done twice: takes, levels and encoded chunks are cached under names
of what they were made from, and a file that would be written with the bytes it has is left alone.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, TypeVar

from sayso.build import stages
from sayso.build.states import (
    Begun,
    Build,
    Finished,
    LaidOut,
    Lined,
    Mastered,
    Outlined,
    Reviewed,
    Scripted,
    State,
    Voiced,
)

Result = TypeVar("Result", bound=State)


@dataclass(frozen=True, slots=True)
class Stage:
    """One step from review to episode."""

    name: str
    what: str
    """What a person reads while it runs."""
    gives: type[State]
    run: Callable[[Build, Any], State]
    """Takes what the stage before it gives."""
    reads: tuple[str, ...]
    writes: tuple[str, ...] = ()


STAGES = (
    Stage("review", "reading the review", Reviewed, stages.read_the_review, ("reviews/*",)),
    Stage(
        *("outline", "finding its segments", Outlined, stages.place_paragraphs),
        reads=("kinds/*.toml", "the options"),
    ),
    Stage(
        *("script", "writing the script", Scripted, stages.write_script),
        reads=("scripts/*", "show.toml"),
        writes=("script.md",),
    ),
    Stage(
        *("lines", "preparing the lines", Lined, stages.make_lines),
        reads=("script.md", "lexicon.toml"),
    ),
    Stage(
        *("takes", "voicing", Voiced, stages.voice_takes),
        reads=("show.toml [voices]", "the engine"),
        writes=("cache: takes",),
    ),
    Stage(
        *("timeline", "placing", LaidOut, stages.lay_out_timeline),
        reads=("audio/*", "show.toml [sounds]", "show.toml [pauses]"),
        writes=("cache: levels",),
    ),
    Stage(
        *("sound", "mixing and mastering", Mastered, stages.master_sound),
        reads=("show.toml [audio]", "sayso"),
        writes=("cache: chunks",),
    ),
    Stage(
        *("episode", "finishing", Finished, stages.write_files),
        reads=("audio/cover.*", "scripts/notes.md.j2"),
        writes=(
            *("episode.mp3", "chapters.json", "cover.jpg", "waveform.svg"),
            *("transcript.vtt", "transcript.srt", "transcript.json"),
            *("transcript.txt", "transcript.html", "notes.md", "notes.html"),
            *("report.html", "episode.json", "episode.flac", "stems/*"),
        ),
    ),
)


def run(build: Build, until: type[Result], *, after: State | None = None) -> Result:
    """Run the stages in order until there is an `until`, and return that.

    `after` is a result to go on from; None begins with the review. Raises what the stages raise:
    SaysoError, with the file, the line and a hint.
    """
    given = [stage.gives for stage in STAGES]
    state = after or Begun()
    first = given.index(type(state)) + 1 if after else 0
    for stage in STAGES[first : given.index(until) + 1]:
        build.reporter.stage(stage.name, stage.what)
        start = time.monotonic()
        done = stage.run(build, state)
        if done.is_long:
            _give_back_memory()
        took = (stage.name, time.monotonic() - start)
        state = replace(done, seconds=(*state.seconds, took))
    assert isinstance(state, until)
    return state


def reasons(name: str, changed: Mapping[str, Sequence[str]]) -> tuple[str, ...]:
    """Why the stage `name` had to do something again: what it and the stages before it read anew.

    `changed` is what differs from the last build, by what stages read (`Inputs.changed`).
    """
    names = [stage.name for stage in STAGES]
    reads = [each for stage in STAGES[: names.index(name) + 1] for each in stage.reads]
    return tuple(dict.fromkeys(one for each in reads for one in changed.get(each, ())))


def _give_back_memory() -> None:
    """Have glibc give the system what stages have freed; elsewhere nothing.

    It keeps freed blocks of up to 32 MB in the heap of each thread that there has been (mallopt(3),
    M_MMAP_THRESHOLD): after the voicing of twelve hours as much as all that is in use.
    """
    import ctypes

    if sys.platform == "linux":
        trim = getattr(ctypes.CDLL(None), "malloc_trim", None)  # musl has none
        if trim is not None:
            trim(0)
