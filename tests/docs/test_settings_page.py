"""docs/settings.md tells every setting as the code reads it, and no other."""

from __future__ import annotations

import re
from dataclasses import MISSING, fields
from typing import Any

import pytest
from docs.fences import blocks, prose
from docs.session import tomllib

from sayso.model import (
    AudioSettings,
    FeedSettings,
    Funding,
    Pauses,
    Person,
    PublishSettings,
    Show,
    Sound,
    Voice,
)
from sayso.show import feed_tables
from sayso.show import show_file as reading
from sayso.show.values import Key

PAGE = "docs/settings.md"
TABLES: dict[str, tuple[dict[str, Key], Any]] = {
    "": (reading.SHOW_KEYS, Show),
    "voices.NAME": (reading.VOICE_KEYS, Voice),
    "sounds.NAME": (reading.SOUND_KEYS, Sound),
    "pauses": (reading.PAUSE_KEYS, Pauses),
    "audio": (reading.AUDIO_KEYS, AudioSettings),
    "feed": (feed_tables.FEED_KEYS, FeedSettings),
    "[feed.funding]": (feed_tables.FUNDING_KEYS, Funding),
    "[feed.people]": (feed_tables.PERSON_KEYS, Person),
    "publish": (feed_tables.PUBLISH_KEYS, PublishSettings),
}


def told() -> dict[str, dict[str, list[str]]]:
    """The rows of the page: table, setting, and the other cells."""
    found: dict[str, dict[str, list[str]]] = {"": {}}
    name = ""
    for line in prose(PAGE).splitlines():
        head = re.fullmatch(r"(?:### )?`\[(.*)\]`", line)
        row = re.match(r"\| `(\w+)` \| (.*) \|$", line)
        if head:
            name = head[1]
            found[name] = {}
        elif row:
            assert row[1] not in found[name]
            found[name][row[1]] = row[2].split(" | ")
    return found


def test_every_table_is_told() -> None:
    assert list(told()) == list(TABLES)
    known = {name.strip("[]").split(".")[0] for name in TABLES if name}
    assert known == set(reading._TABLES)
    named = set(re.findall(r"`\[feed\.(\w+)\]`", prose(PAGE)))
    assert named >= set(feed_tables.FEED_TABLES) - {"funding", "people"}


@pytest.mark.parametrize("table", TABLES)
def test_every_setting_is_told_as_it_is_read(table: str) -> None:
    keys, settings = TABLES[table]
    rows = told()[table]
    assert set(rows) == set(keys)
    defaults = {field.name: field.default for field in fields(settings)}
    for name, (expected, default, meaning) in rows.items():
        assert expected.replace("`", "") == keys[name].expected.replace("`", ""), name
        assert meaning[-1] == ".", name
        value = defaults[keys[name].field]
        if value is MISSING:
            assert default.startswith("needed"), name
        elif value is None or value == ():
            assert not default.startswith("`") or " " in default, name
        else:
            assert default == f"`{as_toml(keys[name], value)}`", name


def test_the_whole_one_has_every_setting_of_the_feed() -> None:
    (block,) = blocks(PAGE, "toml")
    text = re.sub(r'^# (new_url = "[^"]*").*', r"\1", block.text, flags=re.M)
    table = tomllib.loads(text)
    assert set(table["feed"]) == {*feed_tables.FEED_KEYS, *feed_tables.FEED_TABLES}
    assert set(table["publish"]) == set(feed_tables.PUBLISH_KEYS)
    assert set(table["feed"]["funding"][0]) == set(feed_tables.FUNDING_KEYS)
    assert set(table["feed"]["people"][0]) == set(feed_tables.PERSON_KEYS)


def as_toml(key: Key, value: object) -> str:
    """A default as it would stand in show.toml."""
    if key.field.endswith("_ms"):
        assert isinstance(value, int)
        return str(value / 1000)
    if isinstance(value, bool):
        return str(value).lower()
    return f'"{value}"' if isinstance(value, str) else str(value)
