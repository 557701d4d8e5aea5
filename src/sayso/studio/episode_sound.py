"""From lines to something that can be heard: takes, and the whole episode so far as an MP3."""

from __future__ import annotations

import os
from collections.abc import Callable
from concurrent.futures import Executor
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from sayso.build import audio as producing
from sayso.build import pipeline
from sayso.build.options import Options
from sayso.build.prefetch import NotifyingStore
from sayso.build.state import Work
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
    heard: Callable[[Take], None],
    progress: Callable[[int, int], None],
) -> tuple[Take, ...]:
    """Voice what no take is kept of; `heard` is told of each new take. Raises SaysoError."""
    store = NotifyingStore(cache / "takes", heard)
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
    work = Work(source, reading.show, options, reporter, ahead=False)
    work.review, work.outline = reading.outline.review, reading.outline
    work.script, work.lines, work.takes = reading.script, reading.lines, takes
    pipeline.run(work, after="takes", until="sound")
    assert work.timeline is not None
    assert work.energies is not None
    assert work.measured is not None
    chunks = work.timeline.chunks
    key = make_key(*(producing.chunk_key(work, chunk) for chunk in chunks))[:32]
    path = folder / f"{key}.mp3"
    if path.is_file():
        os.utime(path)
    else:
        with open_atomic(path, durable=False) as stream:
            encoded = (producing.mastered_chunk(work, chunk).encoded for chunk in chunks)
            write_mp3(stream, encoded, producing.mp3_format(work))
        _forget_old(folder)
    return Sound(
        *(key, path, work.timeline, work.energies, work.measured, reading.keys),
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
