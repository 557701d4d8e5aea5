"""What can be done while voices still speak: music found, cover drawn, finished chunks mastered.

Voicing waits for engines, and mastering needs takes, not all of them. So a thread beside the voices
does whatever is ready and leaves it in the cache, where the stages that come later find it. It
decides nothing: what it could not do, or did for an episode that turns out a little louder, those
stages do themselves, and the episode has the same bytes.
"""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import TracebackType

import numpy as np
from numpy.typing import NDArray

from sayso.build.state import Work
from sayso.errors import SaysoError
from sayso.model import WordMark
from sayso.speech.takes import Take, TakeStore
from sayso.speech.voicing import line_key
from sayso.system.cache import Store
from sayso.system.threads import is_interrupt

_LEAST_NEWS = 4  # takes that a new layout is worth; and an eighth of those that are there


@dataclass(frozen=True, slots=True)
class NotifyingStore(TakeStore):
    """A store of takes that tells of each that comes in."""

    heard: Callable[[Take], None]

    def put(
        self,
        key: str,
        samples: NDArray[np.int16],
        sample_rate: int,
        words: tuple[WordMark, ...] = (),
    ) -> Take:
        """Keep a take, and tell of it."""
        take = TakeStore.put(self, key, samples, sample_rate, words)
        self.heard(take)
        return take


class Ahead:
    """The thread beside the voices; use it as a context manager around the voicing.

    `takes` are there already, by their keys.
    """

    def __init__(self, work: Work, takes: Mapping[str, Take]) -> None:
        self._work = work
        self._takes = dict(takes)
        self._n_laid_out = 0
        self._news = threading.Condition()
        self._over = False
        self._error: Exception | None = None
        self._thread = threading.Thread(target=self._run, name="sayso-ahead", daemon=True)

    def store(self) -> TakeStore:
        """Where voices put takes: those that come in are used here."""
        return NotifyingStore(self._work.cache / "takes", self._hear)

    def __enter__(self) -> Ahead:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        with self._news:
            self._over = True
            self._news.notify()
        if is_interrupt(kind):
            return  # what it does is whole however the program ends
        self._thread.join()
        if self._error is not None and kind is None:
            raise self._error

    def _hear(self, take: Take) -> None:
        if not self._work.is_long:  # metering holds memory
            from sayso.mix import LevelStore, take_level

            # By whoever keeps the takes, which does nothing but wait for them.
            take_level(take, LevelStore(Store(self._work.cache / "levels")))
        with self._news:
            self._takes[take.key] = take
            self._news.notify()

    def _run(self) -> None:
        try:
            with contextlib.suppress(SaysoError):  # the stage whose matter it is will say it
                self._prepare()
                while self._wait_for_news():
                    self._master_what_is_there()
        except Exception as error:
            self._error = error

    def _prepare(self) -> None:
        from sayso.build import audio as producing
        from sayso.build import episode_files as finishing

        work = self._work
        assert work.outline is not None
        assert work.script is not None
        work.music = producing.find_music(work)
        review = work.outline.review
        finishing.covers(work, review.subject or work.script.get("title") or review.title)
        finishing.compile_templates(work)

    def _wait_for_news(self) -> bool:
        """Wait until a new layout is worth it; whether the voices still speak."""
        with self._news:
            least = self._n_laid_out + max(_LEAST_NEWS, self._n_laid_out // 8)
            self._news.wait_for(lambda: self._over or len(self._takes) >= least)
            self._n_laid_out = len(self._takes)
            return not self._over

    def _master_what_is_there(self) -> None:
        from sayso.build import audio as producing

        work = self._work
        assert work.music is not None
        with self._news:
            takes = [self._takes.get(line_key(line)) for line in work.lines]
        # Without the levels of all takes, which fill memory.
        mixer = producing.lay_out_takes(work, work.music, takes).mixer
        for chunk in mixer.timeline.chunks:
            if self._over:
                return
            if producing.has_takes(mixer, chunk) and not producing.is_mastered(work, chunk, mixer):
                producing.mastered_chunk(work, chunk, mixer)
