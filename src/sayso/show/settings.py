"""All settings of a show with their values, each with its line of show.toml or as it comes."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import MISSING, dataclass, fields
from types import SimpleNamespace
from typing import Any

from sayso.model import AudioSettings, FeedSettings, Pauses, PublishSettings, Show, Voice
from sayso.show.feed_tables import FEED_KEYS, FEED_TABLES, PUBLISH_KEYS
from sayso.show.show_file import (
    AUDIO_KEYS,
    BUILT_IN_SOUNDS,
    PAUSE_KEYS,
    SHOW_KEYS,
    SOUND_KEYS,
    VOICE_KEYS,
)
from sayso.show.tables import dotted, line_of
from sayso.show.values import Key
from sayso.system.toml import read_toml


@dataclass(frozen=True, slots=True)
class Setting:
    """One setting. Values are written as TOML has them; None is for what is not set."""

    name: str
    """With its table: `voices.host.engine`."""
    value: str | None
    line: int | None
    """In show.toml; None where it is not written there."""
    default: str | None
    """What it would be without its line."""

    @property
    def is_written(self) -> bool:
        """Whether show.toml says so."""
        return self.line is not None


def settings(show: Show) -> tuple[Setting, ...]:
    """Every setting of `show`, in the order of docs/settings.md."""
    text = "" if show.path is None else show.path.read_text("utf-8-sig")
    data = read_toml(text)
    lines = text.splitlines()

    def rows(table: str, keys: Mapping[str, Key], now: object, usual: object) -> Iterator[Setting]:
        written: Any = data
        for part in table.split(".") if table else ():
            written = written.get(part, {})
        for name, key in keys.items():
            default = None if usual is None else _plain(getattr(usual, key.field, None), key)
            if name in written:
                line = line_of(lines, table, name) or line_of(lines, table, "") or 1
                yield Setting(dotted(table, name), toml(written[name]), line, default)
            else:
                value = _plain(getattr(now, key.field), key)
                yield Setting(dotted(table, name), value, None, default)

    usual = {field.name: field.default for field in fields(Show) if field.default is not MISSING}
    found = list(rows("", SHOW_KEYS, show, SimpleNamespace(**usual)))
    for voice in show.voices:
        found += rows(f"voices.{voice.name}", VOICE_KEYS, voice, Voice(voice.name))
    built_in = {sound.name: sound for sound in BUILT_IN_SOUNDS}
    for sound in show.sounds:
        found += rows(f"sounds.{sound.name}", SOUND_KEYS, sound, built_in.get(sound.name))
    found += rows("pauses", PAUSE_KEYS, show.pauses, Pauses())
    found += rows("audio", AUDIO_KEYS, show.audio, AudioSettings())
    found += rows("feed", FEED_KEYS, show.feed, FeedSettings())
    for name in FEED_TABLES:
        if name in data.get("feed", {}):
            line = line_of(lines, f"feed.{name}", "") or 1
            found.append(Setting(f"feed.{name}", toml(data["feed"][name]), line, None))
    found += rows("publish", PUBLISH_KEYS, show.publish, PublishSettings())
    return tuple(found)


def toml(value: Any) -> str:
    """A value as TOML writes it, on one line."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return json.dumps(value, ensure_ascii=False)
    if isinstance(value, list | tuple):
        return f"[{', '.join(toml(each) for each in value)}]"
    if isinstance(value, dict):
        pairs = ", ".join(f"{json.dumps(key)} = {toml(each)}" for key, each in value.items())
        return f"{{ {pairs} }}" if pairs else "{}"
    return str(value)


def _plain(value: Any, key: Key) -> str | None:
    if value is None or value == ():
        return None
    return toml(value / 1000 if key.field.endswith("_ms") else value)
