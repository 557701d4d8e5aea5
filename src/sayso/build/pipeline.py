"""The table of stages: what happens between a review and an episode, in which order.

    review ─► outline ─► script ─► lines ─► takes ─► timeline ─► sound ─► episode

Read this first. Order, progress and the reasons for doing something again derive from the table;
each stage takes what the ones before it
put into the `Work` and adds its own. Nothing is done twice: takes, levels
and encoded chunks are cached under names of what they were made from, and a file that would be
written with the bytes it has is left alone.
"""

from __future__ import annotations

import contextlib
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from sayso.build import stages
from sayso.build.state import Work
from sayso.build.warm_up import warm_speakers


@dataclass(frozen=True, slots=True)
class Stage:
    """One step from review to episode."""

    name: str
    what: str
    """What a person reads while it runs."""
    reads: tuple[str, ...]
    writes: tuple[str, ...]
    run: Callable[[Work], None]


STAGES = (
    Stage("review", "reading the review", ("reviews/*",), (), stages.read_the_review),
    Stage(
        "outline",
        "finding its segments",
        ("kinds/*.toml", "the options"),
        (),
        stages.outline_it,
    ),
    Stage(
        "script",
        "writing the script",
        ("scripts/*", "show.toml"),
        ("script.md",),
        stages.write_the_script,
    ),
    Stage("lines", "preparing the lines", ("script.md", "lexicon.toml"), (), stages.make_lines),
    Stage(
        "takes",
        "voicing",
        ("show.toml [voices]", "the engine"),
        ("cache: takes",),
        stages.voice_them,
    ),
    Stage(
        "timeline",
        "placing",
        ("audio/*", "show.toml [sounds]", "show.toml [pauses]"),
        ("cache: levels",),
        stages.lay_it_out,
    ),
    Stage(
        "sound",
        "mixing and mastering",
        ("show.toml [audio]", "sayso"),
        ("cache: stretches",),
        stages.master_it,
    ),
    Stage(
        "episode",
        "finishing",
        ("audio/cover.*", "scripts/notes.md.j2"),
        (
            *("episode.mp3", "chapters.json", "cover.jpg", "waveform.svg"),
            *("transcript.vtt", "transcript.srt", "transcript.json"),
            *("transcript.txt", "transcript.html", "notes.md", "notes.html"),
            *("report.html", "episode.json", "episode.flac", "stems/*"),
        ),
        stages.finish_it,
    ),
)


def reasons(name: str, changed: Mapping[str, Sequence[str]]) -> tuple[str, ...]:
    """Why the stage `name` had to do something again: what it and the stages before it read anew.

    `changed` is what differs from the last build, by what stages read (`Watch.changed`).
    """
    names = [stage.name for stage in STAGES]
    reads = [each for stage in STAGES[: names.index(name) + 1] for each in stage.reads]
    return tuple(dict.fromkeys(one for each in reads for one in changed.get(each, ())))


def run(work: Work, *, after: str | None = None, until: str | None = None) -> None:
    """Run the stages in order: those after `after`, the last one being `until`, where given.

    Raises what the stages raise: SaysoError, with the file, the line and the hint.
    """
    names = [stage.name for stage in STAGES]
    first = names.index(after) + 1 if after else 0
    last = names.index(until) if until else len(names) - 1
    speaks = first < names.index("takes") <= last
    with warm_speakers(work) if speaks else contextlib.nullcontext():
        for stage in STAGES[first : last + 1]:
            work.reporter.stage(stage.name, stage.what)
            start = time.monotonic()
            stage.run(work)
            if work.is_long:
                _give_back_memory()
            work.seconds[stage.name] = time.monotonic() - start


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
