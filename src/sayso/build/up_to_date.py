"""Whether an episode is up to date, and why it is not: by what its last build has read.

`Inputs` goes with one build. It looks at each file before the stages read it; so it knows whether
there is anything to do at all, what has changed since the last build, and what to record for the
next one.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from sayso.build.export_formats import asked_files
from sayso.build.record import (
    FileState,
    Record,
    load_record,
    machinery,
    record_key,
    save_record,
    snapshot,
    unchanged_state,
)
from sayso.errors import EnvironmentProblem
from sayso.show.paths import RENDERED, show_files
from sayso.system.cache import Store, make_key

if TYPE_CHECKING:
    from sayso.build.options import Options
    from sayso.build.result import BuildResult
    from sayso.build.states import Build, Finished, Lined, Scripted
    from sayso.model import Show

_MOST_FILES = 2_000  # in a folder that is listed: a show of any size stays far below
_OWN_ENGINES = frozenset({"pyttsx3", "hibari", "tone"})
"""Engines whose sound the installed packages decide. What another one's depends on it alone knows,
so its episodes are looked at in full each time."""


class Inputs:
    """The state of everything that the build of one review reads, noted before it is read."""

    def __init__(
        self, source: Path, options: Options, cache: Path, show: Show | None, here: Path | None
    ) -> None:
        """`show` is the one that a program has opened; None for the one that `source` is of, for
        somebody who is in the folder `here`."""
        self._setting = make_key(_deciding(options), machinery())
        self._asked = asked_files(options)
        self._is_known = not (options.filters or options.functions)
        """What a program's own functions do may change without a trace."""
        self._store = Store(cache / "records")
        opened = show.path if show is not None else None
        settings = list(_until_first_file([opened] if opened else show_files(source, here)))
        self._key = record_key(source, settings[-1], draft=options.draft)
        self._last = load_record(self._store, self._key)
        self._script_before: FileState | None = None
        self._seen: dict[str, FileState] = {}
        for path in settings:
            self._note(path, "show.toml")
        self._note(source.absolute(), "reviews/*")

    # ------------------------------------------------------------------ has anything changed?

    def unchanged(self) -> Mapping[str, object] | None:
        """What the last build told, where this one would make the same of the same; else None."""
        if self._last is None or self._last.setting != self._setting or not self._last.files:
            return None
        if not self._is_known:
            return None
        made = {state.path for state in self._last.files}
        if not {str(Path(self._last.result["folder"], name)) for name in self._asked} <= made:
            return None
        files = []
        for state in self._last.files:
            now = self._seen.get(state.path) if state.reads else None
            now = unchanged_state(state) if now is None or now.sha256 != state.sha256 else now
            if now is None:
                return None
            files.append(now)
        same = replace(self._last, files=tuple(files))
        if same != self._last:
            with contextlib.suppress(EnvironmentProblem):  # a cache that can only be read is fine
                save_record(self._store, self._key, same)
        return same.result

    # ------------------------------------------------------------------- looking before reading

    def note_show(self, build: Build) -> None:
        """Note what the settings name; before the first stage."""
        from sayso.show.finding import starter_folder

        root = build.show.root
        self._note(root / "lexicon.toml", "lexicon.toml")
        self._note_folder(root / "kinds", "kinds/*.toml")
        self._note_folder(root / "scripts", "scripts/*")
        self._note_folder(starter_folder() / "scripts", "scripts/*")
        for sound in build.show.sounds:
            self._note_sound(build, sound.file)
        if build.show.cover is not None:
            self._note(root / build.show.cover, "audio/cover.*")
        self._script_before = snapshot(build.script_path, "script.md")

    def note_script(self, build: Build, scripted: Scripted) -> None:
        """Note the script that was just read, and what only it and the review name."""
        from sayso.build.covers import cover_places
        from sayso.script import read_script, sound_files

        path = build.script_path
        self._note(path, "script.md")
        if build.write and read_script(path) != scripted.script:  # saved by an editor just now
            self._seen.pop(str(path))
        self._note(path.with_name(RENDERED), "script.md")
        for file in sound_files(scripted.script):
            self._note_sound(build, file)
        for picture in cover_places(build.show, scripted.outline.review):
            self._note(picture, "audio/cover.*")

    def _note_sound(self, build: Build, file: str) -> None:
        from sayso.show.finding import starter_folder

        self._note(build.show.root / file, "audio/*")
        self._note(starter_folder() / file, "audio/*")

    def _note(self, path: Path, reads: str) -> None:
        if str(path) not in self._seen:
            self._seen[str(path)] = snapshot(path, reads)

    def _note_folder(self, folder: Path, reads: str) -> None:
        self._note(folder, reads)
        for number, path in enumerate(folder.rglob("*") if folder.is_dir() else ()):
            if number == _MOST_FILES:
                self._seen[str(folder)] = FileState(str(folder), "too many", reads=reads)
                return
            self._note(path, reads)

    # ------------------------------------------------------------------------------ afterwards

    def may_speak(self) -> bool:
        """Whether there may be something to voice: known before anything is read."""
        if self._last is None or self._last.setting != self._setting:
            return True
        before = {state.path: state.sha256 for state in self._last.files}
        now = [*self._seen.values(), *([self._script_before] if self._script_before else [])]
        return any(
            before.get(state.path) != state.sha256 for state in now if state.reads != "audio/*"
        )

    def record(self, build: Build, finished: Finished, result: BuildResult) -> None:
        """Record a build that is finished. Raises EnvironmentProblem for a full cache."""
        lined = finished.mastered.voiced.lined
        files = list(self._seen.values())
        complete = str(build.script_path) in self._seen and _OWN_ENGINES.issuperset(lined.engines)
        if complete:
            files += [snapshot(path) for path in _model_folders(build)]
            for name, sha256 in finished.files.items():
                files.append(snapshot(build.folder / name, sha256=sha256))
        setting = self._setting if complete else ""
        record = Record(setting, tuple(files), _settings(build, lined), result.for_record())
        save_record(self._store, self._key, record)

    def changed(self, build: Build, lined: Lined) -> dict[str, list[str]] | None:
        """What differs from the last build: names for a person, by what the stages read.

        None where there was no build before.
        """
        if self._last is None:
            return None
        before = {state.path: state for state in self._last.files if state.reads}
        now = dict(self._seen)
        if self._script_before is not None:
            # The author's edit, not what came of it.
            now[self._script_before.path] = self._script_before
        found: dict[str, list[str]] = {}
        for path in dict.fromkeys([*before, *now]):
            old, new = before.get(path), now.get(path)
            state = new or old
            is_same = (old.sha256 if old else "") == (new.sha256 if new else "")
            if state is not None and not is_same and _is_worth_telling(state):
                name = _short_name(Path(path), build.show.root)
                found.setdefault(state.reads, []).append(name)
        for what, digest in _settings(build, lined).items():
            if self._last.settings.get(what, "") != digest:
                found.setdefault(what, []).append(what)
        return found


def _until_first_file(paths: Iterable[Path]) -> Iterator[Path]:
    for path in paths:
        yield path
        if path.is_file():
            return


def _deciding(options: Options) -> Options:
    """Without what changes nothing of what the other files of the episode hold."""
    return replace(options, jobs=None, formats=(), stems=False)


def _is_worth_telling(state: FileState) -> bool:
    """Whether a person is told that this changed: not of what other changes tell already."""
    path = Path(state.path)
    return state.reads != "show.toml" and not path.is_dir() and not path.name.startswith(".")


def _short_name(path: Path, root: Path) -> str:
    return path.relative_to(root).as_posix() if path.is_relative_to(root) else path.name


def _settings(build: Build, lined: Lined) -> dict[str, str]:
    """Hashes of what decides an episode and is no file, by the name that the stages read it by."""
    from sayso._version import __version__
    from sayso.model import AudioSettings, Pauses
    from sayso.speech.engines import load_engine

    show = build.show
    rest = replace(show, voices=(), sounds=(), pauses=Pauses(), audio=AudioSettings())
    rest = replace(rest, root=Path(), path=None)
    told = {
        "show.toml": rest,
        "show.toml [voices]": show.voices,
        "show.toml [sounds]": show.sounds,
        "show.toml [pauses]": show.pauses,
        "show.toml [audio]": show.audio,
        "the options": _deciding(build.options),
        "the engine": [(name, load_engine(name).version) for name in lined.engines],
        "sayso": __version__,
    }
    return {name: make_key(value) for name, value in told.items()}


def _model_folders(build: Build) -> Iterable[Path]:
    """Where models that are put in place by hand may turn up and speak for `auto`."""
    if build.options.engine or all(voice.engine != "auto" for voice in build.show.voices):
        return ()
    from sayso.speech.engines import kokoro, piper

    return (kokoro.folder(), kokoro.folder() / "voices", piper.voice_folder())
