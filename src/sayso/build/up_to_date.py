"""What changed since the last build of an episode: looked at before it is read, told afterwards.

A `Watch` goes with one build. It finds out whether there is anything to do at all; where there is,
it looks at each file before the stages read it, says at the end why something was done again, and
keeps the record for the next build.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from sayso.build.export_formats import asked_files
from sayso.build.record import (
    FileState,
    Record,
    load_record,
    look,
    machinery,
    record_key,
    save_record,
    still,
)
from sayso.errors import EnvironmentProblem
from sayso.system.atomic_files import real_path
from sayso.system.cache import Store, make_key

if TYPE_CHECKING:
    from sayso.build.options import Options
    from sayso.build.state import Work

_MOST_FILES = 2_000  # in a folder that is listed: a show of any size stays far below
_OWN_ENGINES = frozenset({"pyttsx3", "hibari", "tone"})
"""Engines whose sound the installed packages decide. What another one's depends on it alone knows,
so its episodes are looked at in full each time."""


class Watch:
    """Looks at everything that the build of one review reads, before it reads it."""

    def __init__(self, source: Path, options: Options, cache: Path) -> None:
        self._setting = make_key(_deciding(options), machinery())
        self._asked = asked_files(options)
        self._store = Store(cache / "records")
        self._key = record_key(source, draft=options.draft)
        self._last = load_record(self._store, self._key)
        self._before: FileState | None = None
        self._seen: dict[str, FileState] = {}
        for folder in real_path(source).parents:
            self._see(folder / "show.toml", "show.toml")
            if self._seen[str(folder / "show.toml")].sha256:
                break
        self._see(source.absolute(), "reviews/*")

    # ------------------------------------------------------------------ has anything changed?

    def unchanged(self) -> Record | None:
        """The last build's record where this one would make the same of the same, else None."""
        if self._last is None or self._last.setting != self._setting or not self._last.files:
            return None
        made = {state.path for state in self._last.files}
        if not {str(Path(self._last.result["folder"], name)) for name in self._asked} <= made:
            return None
        files = []
        for state in self._last.files:
            now = self._seen.get(state.path) if state.reads else None
            now = still(state) if now is None or now.sha256 != state.sha256 else now
            if now is None:
                return None
            files.append(now)
        same = replace(self._last, files=tuple(files))
        if same != self._last:
            with contextlib.suppress(EnvironmentProblem):  # a cache that can only be read is fine
                save_record(self._store, self._key, same)
        return same

    # ------------------------------------------------------------------- looking before reading

    def see_show(self, work: Work) -> None:
        """Look at what the settings name; before the first stage."""
        from sayso.show import starter_folder

        root = work.show.root
        self._see(root / "lexicon.toml", "lexicon.toml")
        self._see_all(root / "kinds", "kinds/*.toml")
        self._see_all(root / "scripts", "scripts/*")
        self._see_all(starter_folder() / "scripts", "scripts/*")
        for sound in work.show.sounds:
            self._see_sound(work, sound.file)
        if work.show.cover is not None:
            self._see(root / work.show.cover, "audio/cover.*")
        self._before = look(work.script_path, "script.md")

    def see_script(self, work: Work) -> None:
        """Look at the script that was just read, and at what only it and the review name."""
        from sayso.script import read_script, sound_files
        from sayso.show.paths import RENDERED

        assert work.script is not None
        assert work.review is not None
        path = work.script_path
        self._see(path, "script.md")
        if work.write and read_script(path) != work.script:  # saved by an editor just now
            self._seen.pop(str(path))
        self._see(path.with_name(RENDERED), "script.md")
        for file in sound_files(work.script):
            self._see_sound(work, file)
        cover = dict(work.review.extra).get("cover")
        if cover is not None:
            self._see(work.show.root / cover, "audio/cover.*")

    def _see_sound(self, work: Work, file: str) -> None:
        from sayso.show import starter_folder

        self._see(work.show.root / file, "audio/*")
        self._see(starter_folder() / file, "audio/*")

    def _see(self, path: Path, reads: str) -> None:
        if str(path) not in self._seen:
            self._seen[str(path)] = look(path, reads)

    def _see_all(self, folder: Path, reads: str) -> None:
        self._see(folder, reads)
        for number, path in enumerate(folder.rglob("*") if folder.is_dir() else ()):
            if number == _MOST_FILES:
                self._seen[str(folder)] = FileState(str(folder), "too many", reads=reads)
                return
            self._see(path, reads)

    # ------------------------------------------------------------------------------ afterwards

    def may_speak(self) -> bool:
        """Whether there may be something to voice: known before anything is read."""
        if self._last is None or self._last.setting != self._setting:
            return True
        before = {state.path: state.sha256 for state in self._last.files}
        now = [*self._seen.values(), *([self._before] if self._before else [])]
        return any(
            before.get(state.path) != state.sha256 for state in now if state.reads != "audio/*"
        )

    def keep(self, work: Work, result: Mapping[str, object], notes: Sequence[str]) -> None:
        """Record a build that is finished."""
        files = list(self._seen.values())
        complete = str(work.script_path) in self._seen
        complete &= {line.voice.engine for line in work.lines} <= _OWN_ENGINES
        if complete:
            files += [look(path) for path in _model_folders(work)]
            files += [look(work.folder / name, sha256=known) for name, known in work.made.items()]
        setting = self._setting if complete else ""
        record = Record(setting, tuple(files), _settings(work), dict(result), tuple(notes))
        save_record(self._store, self._key, record)

    def changed(self, work: Work) -> dict[str, list[str]] | None:
        """What differs from the last build: names for a person, by what the stages read.

        None where there was no build before.
        """
        if self._last is None:
            return None
        before = {state.path: state for state in self._last.files if state.reads}
        now = dict(self._seen)
        if self._before is not None:
            now[self._before.path] = self._before  # the author's edit, not what came of it
        found: dict[str, list[str]] = {}
        for path in dict.fromkeys([*before, *now]):
            old, new = before.get(path), now.get(path)
            either = new or old
            assert either is not None
            if (old.sha256 if old else "") != (new.sha256 if new else "") and _tells(either):
                found.setdefault(either.reads, []).append(_short(Path(path), work.show.root))
        for what, digest in _settings(work).items():
            if self._last.settings.get(what, "") != digest:
                found.setdefault(what, []).append(what)
        return found


def _deciding(options: Options) -> Options:
    """Without what changes nothing of what the other files of the episode hold."""
    return replace(options, jobs=None, formats=(), stems=False)


def _tells(state: FileState) -> bool:
    """Whether a person is told that this changed: not of what other changes tell already."""
    path = Path(state.path)
    return state.reads != "show.toml" and not path.is_dir() and not path.name.startswith(".")


def _short(path: Path, root: Path) -> str:
    return path.relative_to(root).as_posix() if path.is_relative_to(root) else path.name


def _settings(work: Work) -> dict[str, str]:
    """Hashes of what decides an episode and is no file, by the name that the stages read it by."""
    from sayso._version import __version__
    from sayso.model import AudioSettings, Pauses
    from sayso.speech.engines import load_engine

    show = work.show
    rest = replace(show, voices=(), sounds=(), pauses=Pauses(), audio=AudioSettings())
    rest = replace(rest, root=Path(), path=None)
    engines = sorted({line.voice.engine for line in work.lines})
    told = {
        "show.toml": rest,
        "show.toml [voices]": show.voices,
        "show.toml [sounds]": show.sounds,
        "show.toml [pauses]": show.pauses,
        "show.toml [audio]": show.audio,
        "the options": _deciding(work.options),
        "the engine": [(name, load_engine(name).version) for name in engines],
        "sayso": __version__,
    }
    return {name: make_key(value) for name, value in told.items()}


def _model_folders(work: Work) -> Iterable[Path]:
    """Where models that are put in place by hand may turn up and speak for `auto`."""
    if work.options.engine or all(voice.engine != "auto" for voice in work.show.voices):
        return ()
    from sayso.speech.engines import kokoro, piper

    return (kokoro.folder(), kokoro.folder() / "voices", piper.voice_folder())
