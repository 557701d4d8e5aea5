"""What a setting may be: how one key of a table is read and checked."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import SplitResult, quote, urlsplit

from sayso.errors import did_you_mean
from sayso.model import APPLE_CATEGORIES, Category
from sayso.net.urls import is_loopback


class BetterMend(ValueError):
    """A value that cannot be, and what to write instead, more exactly than its key can tell."""


@dataclass(frozen=True, slots=True)
class Key:
    """How one key of a table is read: its field, its check, and what is expected in words."""

    field: str
    read: Callable[[Any], Any]
    """Raises ValueError for a value that cannot be."""
    expected: str


_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\u202a-\u202e\u2066-\u2069]")


def words(value: Any) -> str:
    """Words, white space collapsed."""
    if not isinstance(value, str) or not value.strip():
        raise ValueError
    if _CONTROL.search(value):
        raise BetterMend("leave its control characters out")
    return " ".join(value.split())


def number(low: float, high: float) -> Callable[[Any], float]:
    """A number from `low` to `high`."""

    def read(value: Any) -> float:
        if (
            isinstance(value, bool)
            or not isinstance(value, int | float)
            or not low <= value <= high
        ):
            raise ValueError
        return float(value)

    return read


def milliseconds(high_s: float) -> Callable[[Any], int]:
    """Seconds from 0 to `high_s`, as milliseconds."""
    seconds = number(0, high_s)
    return lambda value: round(seconds(value) * 1000)


def one_of(*choices: object) -> Callable[[Any], Any]:
    """One of some values."""

    def read(value: Any) -> Any:
        if isinstance(value, bool) or value not in choices:
            raise ValueError
        return value

    return read


TEXT = "text in double quotes"
_LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*\Z")


def language(value: Any) -> str:
    """A language tag (RFC 5646), such as `en-US`."""
    if not isinstance(value, str) or not _LANGUAGE.match(value):
        raise ValueError
    return value


def yes_or_no(value: Any) -> bool:
    """True or false, without quotes."""
    if not isinstance(value, bool):
        raise ValueError
    return value


def matching(pattern: str) -> Callable[[Any], str]:
    """Words of a certain form."""

    def read(value: Any) -> str:
        found = words(value)
        if not re.fullmatch(pattern, found):
            raise ValueError
        return found

    return read


def web_address(value: Any) -> str:
    """An https address, or an http one of this machine; what is unusual in it is escaped."""
    address = words(value)
    parts = _parts(address)
    if parts.username is not None or parts.password is not None:
        raise BetterMend("an address in show.toml holds no user name and no password")
    host = parts.hostname
    if not host or parts.scheme not in ("http", "https"):
        raise ValueError
    if parts.scheme == "http" and not is_loopback(host):
        raise BetterMend("write https://: podcast apps refuse anything else")
    try:
        ascii_host = host.encode("idna").decode("ascii") if ":" not in host else f"[{host}]"
    except UnicodeError as error:
        raise ValueError from error
    if not re.fullmatch(r"[a-z0-9._-]+|\[[0-9a-f:.]+\]", ascii_host):
        raise ValueError
    port = f":{parts.port}" if parts.port is not None else ""
    path = quote(parts.path, safe="/%:@!$&'()*+,;=~-._")
    query = f"?{quote(parts.query, safe='/%:@!$&()*+,;=~-._?')}" if parts.query else ""
    return f"{parts.scheme}://{ascii_host}{port}{path}{query}"


def site_address(value: Any) -> str:
    """The address of a folder on the web, with a slash at its end."""
    address = web_address(value)
    if "?" in address or address.endswith(".xml"):
        raise BetterMend("write the address of the site; the feed's is this with /feed.xml")
    return address.rstrip("/") + "/"


def categories(value: Any) -> tuple[Category, ...]:
    """One or several of Apple's categories: `"TV & Film > TV Reviews"`, or `"TV Reviews"`."""
    rows = value if isinstance(value, list) else [value]
    if not rows:
        raise ValueError
    return tuple(_category(words(row)) for row in rows)


def _category(wanted: str) -> Category:
    parts = [part.strip().casefold() for part in wanted.split(">")]
    known = {Category(name) for name in APPLE_CATEGORIES}
    known |= {Category(name, sub) for name, subs in APPLE_CATEGORIES.items() for sub in subs}
    found = [
        category
        for category in known
        if parts in ([category.name.casefold()], _path(category))
        and (category.sub is None or len(parts) == 2)
    ] or [category for category in known if category.sub and parts == _path(category)[1:]]
    if len(found) != 1:
        names = {f"{c.name} > {c.sub}" if c.sub else c.name for c in known}
        names |= {c.sub for c in known if c.sub}
        raise BetterMend(did_you_mean(wanted, names))
    return found[0]


def _path(category: Category) -> list[str]:
    return [category.name.casefold(), (category.sub or "").casefold()]


def _parts(address: str) -> SplitResult:
    parts = urlsplit(address)
    parts.port  # noqa: B018 - raises ValueError for one that is no number
    return parts
