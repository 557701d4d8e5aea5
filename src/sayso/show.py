"""show.toml → `Show`: the settings of a show, each checked, every error reported at once.

A folder without show.toml is a show as well: the built-in one, with the sounds and templates that
come with sayso.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from sayso.errors import SaysoError, ShowError, did_you_mean, raise_all
from sayso.files import explain_os_errors
from sayso.model import AudioSettings, Pauses, Show, Sound, Voice

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

FILE_NAME = "show.toml"
SLUG = re.compile(r"[a-z0-9][a-z0-9-]{0,79}\Z")

BUILT_IN_TITLE = "The Review Desk"
BUILT_IN_VOICES = (Voice("host", speaker="Host"), Voice("critic", speaker="Critic"))
BUILT_IN_SOUNDS = (
    Sound("intro", "audio/dark/intro.flac", overlap_ms=2000),
    Sound("transition", "audio/dark/transition.flac", overlap_ms=900),
    Sound("outro", "audio/dark/outro.flac"),
    Sound("bed", "audio/dark/bed.flac"),
)


def starter_folder() -> Path:
    """The show that comes with sayso: its templates, sounds and sample review.

    In the wheel it lies inside the package; in a clone of the repository it is the repository.
    """
    inside = Path(__file__).parent / "starter"
    return inside if inside.is_dir() else Path(__file__).parents[2]


def find_show(start: Path) -> Show:
    """The show that a file or folder belongs to: the nearest show.toml above it.

    Without one, the built-in show, rooted in the folder itself.
    """
    folder = start.resolve() if start.is_dir() else start.resolve().parent
    for candidate in (folder, *folder.parents):
        if (candidate / FILE_NAME).is_file():
            return load_show(candidate / FILE_NAME)
    return Show(root=folder, title=BUILT_IN_TITLE, voices=BUILT_IN_VOICES, sounds=BUILT_IN_SOUNDS)


def template_folders(show: Show) -> tuple[Path, ...]:
    """Where templates are looked for: the show's own first, then those that come with sayso."""
    return (show.root / "scripts", starter_folder() / "scripts")


def sound_path(show: Show, file: str) -> Path:
    """The file of a sound: in the show, or else among those that come with sayso.

    Raises ShowError for a path that leaves the show folder, also by a symbolic link.
    """
    relative = Path(file)
    own = show.root / relative
    if (
        relative.is_absolute()
        or ".." in relative.parts
        or not own.resolve().is_relative_to(show.root.resolve())
    ):
        raise ShowError(
            f"the path {file!r} leaves the show folder", mend="copy the file into audio/"
        )
    shipped = starter_folder() / relative
    return shipped if not own.exists() and shipped.exists() else own


def load_show(path: Path) -> Show:
    """Read show.toml.

    Raises ShowError (or Findings, for several) with file, line, problem and mend.
    """
    with explain_os_errors(path):
        raw = path.read_bytes()
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise ShowError(
            f"not UTF-8: byte {error.start}", file=path, mend="save the file as UTF-8"
        ) from error
    return parse_show(text, path)


def parse_show(text: str, path: Path) -> Show:
    """The show that `text`, the content of `path`, describes. Raises as `load_show` does."""
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        where = re.search(r"line (\d+)", str(error))
        raise ShowError(
            f"not TOML: {str(error).split(' (at')[0]}",
            file=path,
            line=int(where[1]) if where else None,
            mend="text values stand in double quotes",
        ) from error
    return _Reader(path, text).show(data)


@dataclass(frozen=True, slots=True)
class _Key:
    """How one key of a table is read: its field, its check, and what is expected in words."""

    field: str
    read: Callable[[Any], Any]
    expected: str


def _text(value: Any) -> str:
    if not isinstance(value, str) or not value.strip():
        raise ValueError
    return " ".join(value.split())


def _number(low: float, high: float) -> Callable[[Any], float]:
    def read(value: Any) -> float:
        if (
            isinstance(value, bool)
            or not isinstance(value, int | float)
            or not low <= value <= high
        ):
            raise ValueError
        return float(value)

    return read


def _milliseconds(high_s: float) -> Callable[[Any], int]:
    seconds = _number(0, high_s)
    return lambda value: round(seconds(value) * 1000)


def _one_of(*choices: object) -> Callable[[Any], Any]:
    def read(value: Any) -> Any:
        if isinstance(value, bool) or value not in choices:
            raise ValueError
        return value

    return read


_TEXT = "text in double quotes"
_LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*\Z")


def _language(value: Any) -> str:
    if not isinstance(value, str) or not _LANGUAGE.match(value):
        raise ValueError
    return value


_SHOW_KEYS = {
    "title": _Key("title", _text, _TEXT),
    "author": _Key("author", _text, _TEXT),
    "description": _Key("description", _text, _TEXT),
    "language": _Key("language", _language, 'a language such as "en-US" or "en-GB"'),
    "cover": _Key("cover", _text, "the path of a picture in double quotes"),
    "template": _Key("template", _text, 'the name of a template, such as "tv"'),
    "kind": _Key("kind", _text, 'a kind of review, such as "tv"'),
    "order": _Key("order", _one_of("template", "source"), '"template" or "source"'),
}
_VOICE_KEYS = {
    "engine": _Key("engine", _text, 'the name of an engine, or "auto"'),
    "voice": _Key("voice", _text, "the id of a voice, as `sayso voices` lists it"),
    "speed": _Key("speed", _number(0.5, 2.0), "a number from 0.5 to 2.0"),
    "gain_db": _Key("gain_db", _number(-24, 12), "decibels from -24 to 12"),
    "speaker": _Key("speaker", _text, _TEXT),
}
_SOUND_KEYS = {
    "file": _Key("file", _text, "the path of a sound file in double quotes"),
    "gain_db": _Key("gain_db", _number(-40, 12), "decibels from -40 to 12"),
    "overlap": _Key("overlap_ms", _milliseconds(30), "seconds from 0 to 30"),
}
_PAUSE_KEYS = {
    "sentence": _Key("sentence_ms", _milliseconds(10), "seconds from 0 to 10"),
    "paragraph": _Key("paragraph_ms", _milliseconds(10), "seconds from 0 to 10"),
    "segment": _Key("segment_ms", _milliseconds(10), "seconds from 0 to 10"),
}
_AUDIO_KEYS = {
    "channels": _Key("n_channels", _one_of(1, 2), "1 (mono) or 2 (stereo)"),
    "bitrate": _Key(
        "bitrate_kbps",
        _one_of(64, 80, 96, 112, 128, 160, 192, 224, 256, 320),
        "64, 80, 96, 112, 128, 160, 192, 224, 256 or 320",
    ),
    "sample_rate": _Key("sample_rate", _one_of(44_100, 48_000), "44100 or 48000"),
    "loudness": _Key("target_lufs", _number(-30, -9), "LUFS from -30 to -9"),
}
_TABLES = ("voices", "sounds", "pauses", "audio")


class _Reader:
    def __init__(self, path: Path, text: str) -> None:
        self.path = path
        self.lines = text.splitlines()
        self.errors: list[SaysoError] = []

    def show(self, data: dict[str, Any]) -> Show:
        """Build the show, collecting every error before raising."""
        top = {key: value for key, value in data.items() if key not in _TABLES}
        fields = self._table("", top, _SHOW_KEYS, also=_TABLES)
        if "title" not in data:
            self._fail("", "title", "the show has no title", 'add title = "…" at the top')
        voices = tuple(
            Voice(name, **self._table(f"voices.{name}", table, _VOICE_KEYS))
            for name, table in self._named("voices", data.get("voices", {}))
        )
        sounds = self._sounds(data.get("sounds", {}))
        pauses = self._table("pauses", data.get("pauses", {}), _PAUSE_KEYS)
        audio = self._table("audio", data.get("audio", {}), _AUDIO_KEYS)
        if "target_lufs" not in audio and audio.get("n_channels") == 1:
            audio["target_lufs"] = -19.0  # AES TD1008: mono sits 3 LU below stereo
        raise_all(self.errors)
        return Show(
            root=self.path.resolve().parent,
            path=self.path,
            voices=voices or BUILT_IN_VOICES,
            sounds=sounds,
            pauses=replace(Pauses(), **pauses),
            audio=replace(AudioSettings(), **audio),
            **fields,
        )

    def _sounds(self, tables: Any) -> tuple[Sound, ...]:
        """The built-in sounds, each replaced by the show's own of the same name."""
        sounds = {sound.name: sound for sound in BUILT_IN_SOUNDS}
        for name, table in self._named("sounds", tables):
            fields = self._table(f"sounds.{name}", table, _SOUND_KEYS)
            if name in sounds:
                sounds[name] = replace(sounds[name], **fields)
            elif "file" in fields:
                sounds[name] = Sound(name, **fields)
            else:
                self._fail(
                    f"sounds.{name}", "", f"sound {name!r} has no file", 'add file = "audio/…"'
                )
        return tuple(sounds.values())

    def _named(self, table: str, entries: Any) -> list[tuple[str, Any]]:
        if not isinstance(entries, dict):
            self._fail("", table, f"{table} must be tables", f"write [{table}.NAME]")
            return []
        found = []
        for name, value in entries.items():
            if re.fullmatch(r"[^\W\d_][\w-]{0,39}", name):
                found.append((name, value))
            else:
                self._fail(
                    f"{table}.{name}",
                    "",
                    f"{name!r} cannot be a name",
                    "a letter first, then letters, digits and hyphens",
                )
        return found

    def _table(
        self, table: str, values: Any, keys: Mapping[str, _Key], also: tuple[str, ...] = ()
    ) -> dict[str, Any]:
        if not isinstance(values, dict):
            parent, _, last = table.rpartition(".")
            self._fail(parent, last, f"{table} must be a table", f"write [{table}]")
            return {}
        fields: dict[str, Any] = {}
        for name, value in values.items():
            key = keys.get(name)
            if key is None:
                self._fail(
                    table,
                    name,
                    f"unknown setting {_dotted(table, name)!r}",
                    did_you_mean(name, [*keys, *also]),
                )
                continue
            try:
                fields[key.field] = key.read(value)
            except ValueError:
                self._fail(
                    table,
                    name,
                    f"{_dotted(table, name)} cannot be {value!r}",
                    f"write {key.expected}",
                )
        return fields

    def _fail(self, table: str, key: str, problem: str, mend: str | None) -> None:
        self.errors.append(
            ShowError(problem, file=self.path, line=self._line(table, key), mend=mend)
        )

    def _line(self, table: str, key: str) -> int | None:
        """The line of a key, as far as a plain layout shows it: TOML readers tell no places."""
        current, header = "", None
        for number, line in enumerate(self.lines, 1):
            head = re.match(r"\s*\[+\s*([^\]]+?)\s*\]+", line)
            if head:
                current = head[1].replace('"', "")
                if current == table:
                    header = number
            elif current == table and key and re.match(rf"\s*\"?{re.escape(key)}\"?\s*=", line):
                return number
        return header


def _dotted(table: str, name: str) -> str:
    return f"{table}.{name}" if table else name
