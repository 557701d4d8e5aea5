"""`[feed]` and `[publish]` of show.toml."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from sayso.model import Directory, FeedSettings, Funding, Person, PublishSettings
from sayso.show.tables import TableReader
from sayso.show.values import (
    TEXT,
    Key,
    categories,
    matching,
    one_of,
    site_address,
    web_address,
    words,
    yes_or_no,
)

_ADDRESS = 'an address such as "https://example.com/show"'
_BOOLEAN = "true or false, without quotes"
_UUID = r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"


def _guids(value: Any) -> tuple[str, ...]:
    if not isinstance(value, list):
        raise ValueError
    return tuple(matching(_UUID)(row.casefold() if isinstance(row, str) else row) for row in value)


def _upto(n_characters: int) -> Any:
    """Words of at most so many characters (the podcast namespace limits most of its values)."""
    return matching(rf".{{1,{n_characters}}}")


FEED_KEYS = {
    "url": Key("url", site_address, _ADDRESS),
    "file": Key(
        "file",
        matching(r"[a-z0-9][a-z0-9._-]{0,60}\.xml"),
        'the name of the feed\'s file, such as "feed.xml"',
    ),
    "category": Key(
        "categories", categories, 'one of Apple\'s categories, such as "TV & Film > TV Reviews"'
    ),
    "explicit": Key("explicit", yes_or_no, _BOOLEAN),
    "type": Key("type", one_of("episodic", "serial"), '"episodic" or "serial"'),
    "locked": Key("locked", yes_or_no, _BOOLEAN),
    "owner": Key("owner_name", _upto(128), TEXT),
    "email": Key("owner_email", matching(r"[^@\s]+@[^@\s]+\.[^@\s]+"), "an e-mail address"),
    "copyright": Key("copyright", _upto(255), TEXT),
    "license": Key("license", _upto(128), 'a licence such as "cc-by-4.0"'),
    "license_url": Key("license_url", web_address, _ADDRESS),
    "medium": Key("medium", matching(r"[a-zA-Z]{1,40}"), 'a medium, such as "podcast"'),
    "frequency": Key("update_frequency", _upto(128), 'words such as "weekly"'),
    "rrule": Key(
        "update_rrule",
        matching(r"[A-Z]+=[A-Z0-9,+-]+(;[A-Z]+=[A-Z0-9,:+-]+)*"),
        'a rule such as "FREQ=WEEKLY;BYDAY=FR"',
    ),
    "podroll": Key("podroll", _guids, "a list of podcast GUIDs in double quotes"),
    "hub": Key("hub", web_address, _ADDRESS),
    "new_url": Key("new_url", web_address, _ADDRESS),
    "complete": Key("complete", yes_or_no, _BOOLEAN),
    "block": Key("block", yes_or_no, _BOOLEAN),
}
FEED_TABLES = ("funding", "people", "verify", "directories")
FUNDING_KEYS = {
    "url": Key("url", web_address, _ADDRESS),
    "text": Key("text", _upto(128), TEXT),
}
PERSON_KEYS = {
    "name": Key("name", _upto(128), TEXT),
    "role": Key("role", _upto(60), 'a role of the podcast taxonomy, such as "host"'),
    "group": Key("group", _upto(60), 'a group of the podcast taxonomy, such as "cast"'),
    "link": Key("link", web_address, _ADDRESS),
}
PUBLISH_KEYS = {
    "target": Key("target", words, 'a folder, or an address such as "s3://bucket/show"'),
    "check": Key("check", one_of("web", "files"), '"web" or "files"'),
}


def read_feed_settings(reader: TableReader, table: Any) -> FeedSettings:
    """`[feed]`, with `[[feed.funding]]`, `[[feed.people]]`, `[feed.verify]`, `[feed.directories]`.

    What is wrong is noted with the reader.
    """
    rows: dict[str, Any] = {}
    if isinstance(table, dict):
        rows = {name: value for name, value in table.items() if name in FEED_TABLES}
        table = {name: value for name, value in table.items() if name not in rows}
    fields = reader.table("feed", table, FEED_KEYS, also=FEED_TABLES)
    funding = [
        Funding(**row)
        for row in _rows(reader, "feed.funding", rows.get("funding", []), FUNDING_KEYS)
        if _has(reader, "feed.funding", row, "url", "text")
    ]
    people = [
        Person(**row)
        for row in _rows(reader, "feed.people", rows.get("people", []), PERSON_KEYS)
        if _has(reader, "feed.people", row, "name")
    ]
    verify = rows.get("verify", {})
    keys = (
        {name: Key(name, _upto(4000), TEXT) for name in verify} if isinstance(verify, dict) else {}
    )
    proofs = reader.table("feed.verify", verify, keys)
    directories = rows.get("directories", {})
    links = reader.table(
        "feed.directories",
        directories,
        {name: Key(name, web_address, _ADDRESS) for name in _names(directories)},
    )
    return replace(
        FeedSettings(),
        **fields,
        funding=tuple(funding),
        people=tuple(people),
        verify=tuple(proofs.items()),
        directories=tuple(Directory(name, url) for name, url in links.items()),
    )


def read_publish_settings(reader: TableReader, table: Any) -> PublishSettings:
    """`[publish]`. What is wrong is noted with the reader."""
    return replace(PublishSettings(), **reader.table("publish", table, PUBLISH_KEYS))


def _rows(reader: TableReader, name: str, rows: Any, keys: dict[str, Key]) -> list[dict[str, Any]]:
    if not isinstance(rows, list):
        reader.fail(name, "", f"{name} must be a list of tables", f"write [[{name}]]")
        return []
    return [reader.table(name, row, keys) for row in rows]


def _names(table: Any) -> list[str]:
    return list(table) if isinstance(table, dict) else []


def _has(reader: TableReader, name: str, row: dict[str, Any], *needed: str) -> bool:
    missing = [key for key in needed if key not in row]
    if missing:
        problem, hint = f"a [[{name}]] has no {missing[0]}", f'add {missing[0]} = "…"'
        reader.fail(name, "", problem, hint, code="missing-setting")
    return not missing
