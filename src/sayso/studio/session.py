"""One review in the studio: a thread that reads, voices and mixes whenever a file has changed.

The page is told at each step: first the text, then every sentence that has its voice, then the
sound. A change that comes meanwhile ends the round under way; finished takes and chunks are
kept, so nothing is done twice.
"""

from __future__ import annotations

import contextlib
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Executor
from dataclasses import dataclass, replace
from pathlib import Path

from sayso.build import pipeline
from sayso.build.options import Options
from sayso.build.states import Build, Scripted
from sayso.errors import SaysoError, flatten
from sayso.reporter import Silent
from sayso.script import Side
from sayso.show.finding import find_show
from sayso.show.paths import EPISODES, SCRIPT, slug
from sayso.speech.takes import Take, TakeStore
from sayso.studio.changes import Change, Changes, Clash
from sayso.studio.episode_sound import Sound, sound, voice
from sayso.studio.episode_text import Read, Reading, digest, read
from sayso.studio.inputs import stamp, stamp_of, stamps
from sayso.studio.item_ids import ItemIds
from sayso.studio.sound_folder import SoundFolder
from sayso.system.cache import cache_folder

Tell = Callable[[str, dict[str, object]], None]
"""Called with the name of an event and its data, in any thread."""

_TELL_S = 0.25  # between two states that differ in sentences voiced; the first few go at once
_FEW = 3
_TEXTS = 100  # states of the script that a change may have been made on


@dataclass(frozen=True, slots=True)
class Snapshot:
    """The state of a review at one moment."""

    version: int
    read: Read
    ids: tuple[str, ...]
    """Of the script's items: an item keeps its id while others come and go."""
    voiced: frozenset[str]
    """Keys of the takes that are there."""
    sound: Sound | None
    trouble: tuple[SaysoError, ...]
    """What stopped the voicing or the mix."""
    busy: str | None
    clashes: tuple[Clash, ...]
    last_change: Change | None


class _Superseded(Exception):
    """A file has changed: what is under way is out of date."""


class Session:
    """Keeps one review's state up to date. Its methods may be called from any thread."""

    def __init__(
        self, source: Path, options: Options, root: Path, *, executor: Executor | None, tell: Tell
    ) -> None:
        self.source = source
        self.options = options
        self.root = root
        """The show's folder."""
        self.cache = cache_folder()
        self.executor = executor
        self.tell = tell
        """Sends an event to the pages."""
        self._changes = Changes()
        self._ids = ItemIds()
        self._texts: dict[str, str] = {}
        self._keys: set[str] = set()
        """Of all takes that a page has been told of."""
        self._news = threading.Condition(threading.RLock())
        self._writing = threading.Lock()
        self._wanted = 1
        """Counts the changes of files; `_begun` is the one whose round is under way."""
        self._begun = 0
        self._read = 0
        """The change up to which the files have been read."""
        self._stamps: dict[Path, str] = {}
        self._over = False
        self._told_at = 0.0
        nothing = Read(None)
        self._snapshot = Snapshot(0, nothing, (), frozenset(), None, (), "reading", (), None)
        self._folder = SoundFolder()
        self._thread = threading.Thread(target=self._run, name="sayso-session", daemon=True)
        self._thread.start()

    # ------------------------------------------------------------------------------ for the page

    @property
    def snapshot(self) -> Snapshot:
        """The state now."""
        with self._news:
            return self._snapshot

    @property
    def script_path(self) -> Path:
        """The script's file."""
        return self.root / EPISODES / slug(self.source) / SCRIPT

    def wait_for_reading(self, limit_s: float = 10.0) -> Snapshot:
        """The state once the files have been read as they are now."""
        with self._news:
            wanted = self._wanted
            self._news.wait_for(lambda: self._read >= wanted or self._over, limit_s)
            return self._snapshot

    def both(self, clash: Clash) -> str:
        """The file that a change clashed in, with both versions between markers."""
        return self._changes.both(clash)

    def take(self, key: str) -> Take | None:
        """A voiced sentence of this episode, as it is or was a moment ago."""
        if key not in self._keys:
            return None
        return TakeStore(self.cache / "takes").get(key)

    def sound_file(self, key: str) -> Path | None:
        """The file of a sound that was there lately."""
        path = self._folder.path / f"{key}.mp3"
        return path if key.isalnum() and path.is_file() else None

    def text_seen(self, seen: str) -> str | None:
        """The text of the script that the page showed; None for one of long ago."""
        with self._news:
            return self._texts.get(seen)

    @contextlib.contextmanager
    def changing(self) -> Iterator[Changes]:
        """Change files: one at a time, and what is under way starts anew afterwards."""
        with self._writing:
            try:
                yield self._changes
            finally:
                self.refresh()

    def refresh(self) -> None:
        """Read the files again."""
        with self._news:
            self._wanted += 1
            self._news.notify_all()

    def refresh_if_changed(self) -> None:
        """Read the files again where one is not as it was when they were read."""
        if stamps(self.source, self.root, self.script_path) != self._stamps:
            self.refresh()

    def prefer(self, side: Side) -> None:
        """Settle a rendering that an edit disagrees with, for one side. Raises SaysoError."""
        with self._writing:
            options = replace(self.options, prefer=side)
            pipeline.run(Build(self.source, find_show(self.root), options), Scripted)
        self.refresh()

    def close(self) -> None:
        """End the thread, and forget the sounds."""
        with self._news:
            self._over = True
            self._news.notify_all()
        self._thread.join(timeout=5)
        self._folder.close()

    # ----------------------------------------------------------------------------------- rounds

    def _run(self) -> None:
        while True:
            with self._news:
                self._news.wait_for(lambda: self._wanted > self._begun or self._over)
                if self._over:
                    return
                self._begun = self._wanted
            try:
                self._round()
            except _Superseded:
                continue
            except SaysoError as error:
                self._show(trouble=flatten(error), busy=None)
            except Exception as error:  # the page must go on, whatever happened
                self._show(trouble=(SaysoError(f"a fault of sayso: {error!r}"),), busy=None)

    def _round(self) -> None:
        try:
            now = dict(stamps(self.source, self.root, self.script_path))
            last = self.snapshot.read.reading
            found = read(self.source, self.root, self.options, last, Silent())
            if found.reading is not None and found.reading is not last:
                # What was read, and not what an editor has saved since.
                now[self.script_path] = stamp(found.reading.text)
            else:
                now[self.script_path] = stamp_of(self.script_path)
            self._stamps = now
            self._show_reading(found)
        finally:
            with self._news:
                self._read = self._begun
                self._news.notify_all()
        reading = found.reading
        if reading is None or not reading.lines:
            self._show(busy=None)
            return
        takes = self._voice(reading)
        if not reading.can_sound:
            self._show(busy=None)
            return
        self._show(busy="mixing")
        made = sound(
            *(self.source, self.options, reading, takes, self._folder.path),
            reporter=_Watching(self, "mixing"),
        )
        self._show(sound=made, busy=None)

    def _show_reading(self, found: Read) -> None:
        reading = found.reading
        ids: tuple[str, ...] = ()
        voiced: frozenset[str] = frozenset()
        if reading is not None:
            ids = self._ids.of(reading.script.items)
            self._keys.update(reading.keys)
            store = TakeStore(self.cache / "takes")
            known = self.snapshot.voiced
            voiced = frozenset(k for k in set(reading.keys) if k in known or store.get(k))
            with self._news:
                self._texts[digest(reading.text)] = reading.text
                for old in list(self._texts)[:-_TEXTS]:
                    del self._texts[old]
        self._show(read=found, ids=ids, voiced=voiced, trouble=())

    def _voice(self, reading: Reading) -> tuple[Take, ...]:
        n_missing = len(set(reading.keys) - self.snapshot.voiced)

        def on_take(take: Take) -> None:
            with self._news:
                voiced = self._snapshot.voiced | {take.key}
            soon = n_missing <= _FEW or time.monotonic() - self._told_at >= _TELL_S
            self._show(voiced=voiced, tell=soon)

        try:
            takes = voice(
                *(reading, self.cache, self.executor, on_take),
                progress=_Watching(self, "voicing").progress,
            )
        finally:
            if n_missing:
                self._show()
        # A take that was thrown out of the cache meanwhile has been voiced again.
        self._show(voiced=frozenset(reading.keys), tell=n_missing > 0)
        return takes

    def _show(self, *, tell: bool = True, **changed: object) -> None:
        with self._news:
            self._snapshot = replace(
                self._snapshot,
                version=self._snapshot.version + 1,
                clashes=self._changes.clashes,
                last_change=self._changes.last,
                **changed,  # type: ignore[arg-type]
            )
            version = self._snapshot.version
        if tell:
            self._told_at = time.monotonic()
            self.tell("state", {"version": version})

    def progress(self, what: str, done: int, total: int) -> None:
        """Tell how the work goes on. Raises _Superseded where it is out of date."""
        with self._news:
            if self._wanted > self._begun:
                raise _Superseded
        text = f"{what} {done} of {total}" if done < total else ""
        self.tell("progress", {"text": text, "done": done, "total": total})


@dataclass(frozen=True, slots=True)
class _Watching:
    """A reporter for one part of a round."""

    session: Session
    what: str

    def stage(self, name: str, what: str) -> None:
        """Nothing."""

    def progress(self, done: int, total: int) -> None:
        """How far this part is."""
        self.session.progress(self.what, done, total)

    def note(self, text: str) -> None:
        """Nothing: the page shows what there is to say."""
