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

from sayso.build import audio, covers, episode_files
from sayso.build.states import Build, Lined
from sayso.errors import SaysoError
from sayso.mix import LevelStore, NamedSounds, take_level
from sayso.model import WordMark
from sayso.speech.takes import Take, TakeStore
from sayso.speech.voicing import line_key
from sayso.system.cache import Store
from sayso.system.threads import is_interrupt

_LEAST_NEWS = 4  # takes that a new layout is worth; and an eighth of those that are there


@dataclass(frozen=True, slots=True)
class NotifyingStore(TakeStore):
    """A store of takes that tells of each that comes in."""

    on_take: Callable[[Take], None]

    def put(
        self,
        key: str,
        samples: NDArray[np.int16],
        sample_rate: int,
        words: tuple[WordMark, ...] = (),
    ) -> Take:
        """Keep a take, and tell of it."""
        take = TakeStore.put(self, key, samples, sample_rate, words)
        self.on_take(take)
        return take


class Prefetch:
    """The thread beside the voices; use it as a context manager around the voicing.

    `takes` are there already, by their keys. Afterwards `music` and `new_chunks` tell what it has
    found and done.
    """

    def __init__(self, build: Build, lined: Lined, takes: Mapping[str, Take]) -> None:
        self._build = build
        self._lined = lined
        self._takes = dict(takes)
        self._n_laid_out = 0
        self._news = threading.Condition()
        self._over = False
        self._error: Exception | None = None
        self._thread = threading.Thread(target=self._run, name="sayso-prefetch", daemon=True)
        self._new_chunks: set[str] = set()
        self.music: NamedSounds | None = None
        """The sounds of the script; None where something is wrong with them."""

    @property
    def new_chunks(self) -> frozenset[str]:
        """Keys of the chunks that were encoded."""
        return frozenset(self._new_chunks)

    def store(self) -> TakeStore:
        """Where voices put takes: those that come in are used here."""
        return NotifyingStore(self._build.cache / "takes", self._on_take)

    def __enter__(self) -> Prefetch:
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

    def _on_take(self, take: Take) -> None:
        if not self._lined.is_long:  # metering holds memory
            # By whoever keeps the takes, which does nothing but wait for them.
            take_level(take, LevelStore(Store(self._build.cache / "levels")))
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
        scripted = self._lined.scripted
        self.music = audio.find_music(self._build, scripted)
        covers.make_covers(self._build, scripted)
        episode_files.compile_templates(self._build)

    def _wait_for_news(self) -> bool:
        """Wait until a new layout is worth it; whether the voices still speak."""
        with self._news:
            least = self._n_laid_out + max(_LEAST_NEWS, self._n_laid_out // 8)
            self._news.wait_for(lambda: self._over or len(self._takes) >= least)
            self._n_laid_out = len(self._takes)
            return not self._over

    def _master_what_is_there(self) -> None:
        if self.music is None:
            return
        with self._news:
            takes = [self._takes.get(line_key(line)) for line in self._lined.lines]
        # Without the levels of all takes, which fill memory.
        mixer = audio.lay_out_takes(self._build, self._lined, self.music, takes).mixer
        master = audio.chunk_master(self._build, mixer)
        for chunk in mixer.timeline.chunks:
            if self._over:
                return
            if master.has_takes(chunk) and not master.is_mastered(chunk):
                _, is_new = master.master(chunk)
                if is_new:
                    self._new_chunks.add(master.key(chunk))
