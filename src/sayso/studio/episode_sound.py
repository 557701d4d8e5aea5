"""From lines to something that can be heard: takes, and the whole episode so far as an MP3."""

from __future__ import annotations

import os
from collections.abc import Callable
from concurrent.futures import Executor
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from sayso.build import pipeline
from sayso.build.episode_files import encoded_chunks
from sayso.build.options import Options
from sayso.build.prefetch import NotifyingStore
from sayso.build.states import Build, Lined, Mastered, Scripted, Voiced
from sayso.episode import Measured
from sayso.master import write_mp3
from sayso.model import Comment, Paragraph, Timeline
from sayso.reporter import Reporter
from sayso.speech.takes import Take
from sayso.speech.voicing import voice_lines
from sayso.studio.episode_text import Reading
from sayso.system.atomic_files import open_atomic
from sayso.system.cache import make_key

_MOST_KEPT = 6  # the one that is played, the one that replaces it, and some that come too fast


@dataclass(frozen=True, slots=True)
class Sound:
    """The episode as it can be heard now."""

    key: str
    """Tells it from any other sound."""
    path: Path
    """An MP3 without tags."""
    timeline: Timeline
    energies: npt.NDArray[np.float32]
    """K-weighted energies per MP3 frame."""
    measured: Measured
    keys: tuple[str, ...]
    """The takes of its lines, in order."""
    music: tuple[object, ...]
    """What else decides it: the script's cues and the show's sounds and pauses."""


def voice(
    reading: Reading,
    cache: Path,
    executor: Executor | None,
    on_take: Callable[[Take], None],
    progress: Callable[[int, int], None],
) -> tuple[Take, ...]:
    """Voice what no take is kept of; `on_take` is told of each new one. Raises SaysoError."""
    store = NotifyingStore(cache / "takes", on_take)
    return voice_lines(reading.lines, store, workers=executor, progress=progress)


def sound(
    source: Path,
    options: Options,
    reading: Reading,
    takes: tuple[Take, ...],
    folder: Path,
    reporter: Reporter,
) -> Sound:
    """Lay out, mix and master an episode, and write it into `folder`. Raises SaysoError."""
    build = Build(source, reading.show, options, reporter)
    scripted = Scripted(outline=reading.outline, script=reading.script, cut=reading.cut)
    voiced = Voiced(lined=Lined(scripted=scripted, lines=reading.lines), takes=takes)
    mastered = pipeline.run(build, Mastered, after=voiced)
    master = mastered.master
    key = make_key(*(master.key(chunk) for chunk in mastered.timeline.chunks))[:32]
    path = folder / f"{key}.mp3"
    if path.is_file():
        os.utime(path)
    else:
        with open_atomic(path, durable=False) as stream:
            write_mp3(stream, encoded_chunks(master), master.form)
        _forget_old(folder)
    return Sound(
        *(key, path, mastered.timeline, mastered.energies, mastered.measured, reading.keys),
        music=what_plays(reading),
    )


def what_plays(reading: Reading) -> tuple[object, ...]:
    """What decides the sound besides the takes: compared to know whether it is out of date."""
    cues = tuple(
        item.origin is None if isinstance(item, Paragraph) else item
        for item in reading.script.items
        if not isinstance(item, Comment)
    )
    show = reading.show
    return (cues, show.sounds, show.pauses, show.audio)


def _forget_old(folder: Path) -> None:
    kept = sorted(folder.glob("*.mp3"), key=lambda path: path.stat().st_mtime, reverse=True)
    for path in kept[_MOST_KEPT:]:
        path.unlink(missing_ok=True)
