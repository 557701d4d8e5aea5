"""show.toml → `Show`."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

from sayso.errors import ShowError, raise_all
from sayso.model import AudioSettings, Pauses, Show, Sound, Voice
from sayso.show.feed_tables import (
    FEED_KEYS,
    PUBLISH_KEYS,
    read_feed_settings,
    read_publish_settings,
)
from sayso.show.tables import TableReader
from sayso.show.values import TEXT, Key, language, milliseconds, number, one_of, words
from sayso.system.atomic_files import read_text
from sayso.system.toml import TomlProblem, read_toml

_MAX_BYTES = 1024 * 1024
BUILT_IN_VOICES = (Voice("host", speaker="Host"), Voice("critic", speaker="Critic"))
BUILT_IN_SOUNDS = (
    Sound("intro", "audio/dark/intro.flac", overlap_ms=2000),
    Sound("transition", "audio/dark/transition.flac", overlap_ms=900),
    Sound("outro", "audio/dark/outro.flac"),
    Sound("bed", "audio/dark/bed.flac"),
)


def load_show(path: Path) -> Show:
    """Read show.toml.

    Raises ShowError (or ErrorGroup, for several) with file, line, problem and hint.
    """
    text = read_text(path, ShowError, "show.toml", _MAX_BYTES).removeprefix("\ufeff")
    return parse_show(text, path)


def parse_show(text: str, path: Path) -> Show:
    """The show that `text`, the content of `path`, describes. Raises as `load_show` does."""
    try:
        data = read_toml(text)
    except TomlProblem as error:
        raise ShowError(
            f"not TOML: {error.problem}",
            code="toml-syntax",
            file=path,
            line=error.line,
            hint=error.hint or "text values stand in double quotes",
        ) from error
    return _ShowReader(path, text, _HOMES).show(data)


SHOW_KEYS = {
    "title": Key("title", words, TEXT),
    "author": Key("author", words, TEXT),
    "description": Key("description", words, TEXT),
    "language": Key("language", language, 'a language such as "en-US" or "en-GB"'),
    "cover": Key("cover", words, "the path of a picture in double quotes"),
    "template": Key("template", words, 'the name of a template, such as "tv"'),
    "kind": Key("kind", words, 'a kind of review, such as "tv"'),
    "order": Key("order", one_of("template", "source"), '"template" or "source"'),
    "spoilers": Key("spoilers", one_of("announce", "skip"), '"announce" or "skip"'),
    "best_rating": Key("best_rating", number(1, 1000), "a number from 1 to 1000"),
}
VOICE_KEYS = {
    "engine": Key("engine", words, 'the name of an engine, or "auto"'),
    "voice": Key("voice", words, "the id of a voice, as `sayso voices` lists it"),
    "speed": Key("speed", number(0.5, 2.0), "a number from 0.5 to 2.0"),
    "gain_db": Key("gain_db", number(-24, 12), "decibels from -24 to 12"),
    "speaker": Key("speaker", words, TEXT),
}
SOUND_KEYS = {
    "file": Key("file", words, "the path of a sound file in double quotes"),
    "gain_db": Key("gain_db", number(-40, 12), "decibels from -40 to 12"),
    "overlap": Key("overlap_ms", milliseconds(30), "seconds from 0 to 30"),
}
PAUSE_KEYS = {
    "sentence": Key("sentence_ms", milliseconds(10), "seconds from 0 to 10"),
    "paragraph": Key("paragraph_ms", milliseconds(10), "seconds from 0 to 10"),
    "segment": Key("segment_ms", milliseconds(10), "seconds from 0 to 10"),
}
AUDIO_KEYS = {
    "channels": Key("n_channels", one_of(1, 2), "1 (mono) or 2 (stereo)"),
    "bitrate": Key(
        "bitrate_kbps",
        one_of(64, 80, 96, 112, 128, 160, 192, 224, 256, 320),
        "64, 80, 96, 112, 128, 160, 192, 224, 256 or 320",
    ),
    "sample_rate": Key("sample_rate", one_of(44_100, 48_000), "44100 or 48000"),
    "loudness": Key("target_lufs", number(-30, -9), "LUFS from -30 to -9"),
}
_TABLES = ("voices", "sounds", "pauses", "audio", "feed", "publish")
_HOMES = {
    "at the top of the file": SHOW_KEYS,
    "in [voices.NAME]": VOICE_KEYS,
    "in [sounds.NAME]": SOUND_KEYS,
    "in [pauses]": PAUSE_KEYS,
    "in [audio]": AUDIO_KEYS,
    "in [feed]": FEED_KEYS,
    "in [publish]": PUBLISH_KEYS,
}
"""Where each setting has its place."""


class _ShowReader(TableReader):
    def show(self, data: dict[str, Any]) -> Show:
        """Build the show, collecting every error before raising."""
        top = {key: value for key, value in data.items() if key not in _TABLES}
        fields = self.table("", top, SHOW_KEYS, also=_TABLES)
        if "title" not in data:
            hint = 'add title = "…" at the top'
            self.fail("", "title", "the show has no title", hint, code="missing-setting")
        voices = tuple(
            Voice(name, **self.table(f"voices.{name}", table, VOICE_KEYS))
            for name, table in self.named("voices", data.get("voices", {}))
        )
        sounds = self._sounds(data.get("sounds", {}))
        pauses = self.table("pauses", data.get("pauses", {}), PAUSE_KEYS)
        audio = self.table("audio", data.get("audio", {}), AUDIO_KEYS)
        if "target_lufs" not in audio and audio.get("n_channels") == 1:
            audio["target_lufs"] = -19.0  # AES TD1008: mono sits 3 LU below stereo
        feed = read_feed_settings(self, data.get("feed", {}))
        publish = read_publish_settings(self, data.get("publish", {}))
        raise_all(self.errors)
        return Show(
            root=self.path.resolve().parent,
            path=self.path,
            voices=voices or BUILT_IN_VOICES,
            sounds=sounds,
            pauses=replace(Pauses(), **pauses),
            audio=replace(AudioSettings(), **audio),
            feed=feed,
            publish=publish,
            **fields,
        )

    def _sounds(self, tables: Any) -> tuple[Sound, ...]:
        """The built-in sounds, each replaced by the show's own of the same name."""
        sounds = {sound.name: sound for sound in BUILT_IN_SOUNDS}
        for name, table in self.named("sounds", tables):
            fields = self.table(f"sounds.{name}", table, SOUND_KEYS)
            if name in sounds:
                sounds[name] = replace(sounds[name], **fields)
            elif "file" in fields:
                sounds[name] = Sound(name, **fields)
            else:
                problem, hint = f"sound {name!r} has no file", 'add file = "audio/…"'
                self.fail(f"sounds.{name}", "", problem, hint, code="missing-setting")
        return tuple(sounds.values())
