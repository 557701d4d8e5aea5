r"""Attribute lists: `{#id key=value key="value with spaces"}`.

A value is bare where it holds no white space, quote or brace; otherwise it stands in double
quotes, where `\"` and `\\` are literal.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

ATTRIBUTE_LIST = r"\{(?:[^{}\"\\]|\\.|\"(?:[^\"\\]|\\.)*\")*\}"
"""Matches an attribute list or cue with its braces; quoted values may hold braces."""

_TOKEN = re.compile(
    r"""\s*(?:
        \#(?P<id>[\w-]+)
      | (?P<key>[^\W\d][\w-]*)=(?:"(?P<quoted>(?:[^"\\]|\\.)*)"|(?P<bare>[^\s"{}=]+))
      | "(?P<word_quoted>(?:[^"\\]|\\.)*)"
      | (?P<word>[^\s"{}=#]+)
    )(?=\s|$)""",
    re.VERBOSE,
)
_BARE = re.compile(r"[^\s\"{}=#\\]+\Z")


@dataclass(frozen=True, slots=True)
class Attributes:
    """What stands between braces: an id, bare words, and key-value pairs, in order."""

    id: str | None
    words: tuple[str, ...]
    pairs: tuple[tuple[str, str], ...]

    def get(self, key: str) -> str | None:
        """The value of `key`, or None."""
        return next((value for name, value in self.pairs if name == key), None)


def parse_attributes(braced: str) -> Attributes | None:
    """Parse `{…}` with its braces; None where it is malformed or repeats a key."""
    inner = braced[1:-1].strip()
    identifier: str | None = None
    words: list[str] = []
    pairs: list[tuple[str, str]] = []
    position = 0
    while position < len(inner):
        token = _TOKEN.match(inner, position)
        if token is None:
            return None
        position = token.end()
        if token["id"] is not None:
            if identifier is not None:
                return None
            identifier = token["id"]
        elif token["key"] is not None:
            value = token["bare"] if token["quoted"] is None else _unquote(token["quoted"])
            if any(token["key"] == key for key, _ in pairs):
                return None
            pairs.append((token["key"], value))
        elif token["word"] is not None:
            words.append(token["word"])
        else:
            words.append(_unquote(token["word_quoted"]))
    return Attributes(identifier, tuple(words), tuple(pairs))


def print_value(value: str) -> str:
    """A value as it stands after `key=` or as a word of a cue."""
    if _BARE.match(value):
        return value
    return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'


def with_attribute(braced: str, key: str, value: str | None) -> str:
    """`{…}` with `key` set, or taken away (None); what else stands in it stays as it is.

    An empty string where nothing is left.
    """
    tokens = list(_tokens(braced))
    old = next((token for token in tokens if token["key"] == key), None)
    if value is None:
        if old is None:
            return braced
        if len(tokens) == 1:
            return ""
        rest = braced[old.end() :]
        return "{" + rest.lstrip() if old is tokens[0] else braced[: old.start()] + rest
    printed = f"{key}={print_value(value)}"
    if old is not None:
        return braced[: old.start("key")] + printed + braced[old.end() :]
    at = tokens[-1].end() if tokens else 1
    return braced[:at] + (" " if tokens else "") + printed + braced[at:]


def argument_of(braced: str) -> tuple[int, int]:
    """Where the argument of a cue such as `{pause 0.6 s}` begins and ends."""
    _, first, *rest = _tokens(braced)
    return first.end() - len(first[0].lstrip()), [first, *rest][-1].end()


def _tokens(braced: str) -> Iterator[re.Match[str]]:
    """What `parse_attributes` reads, with the places in `braced`, which it can read."""
    position, end = 1, len(braced[:-1].rstrip())
    while position < end:
        token = _TOKEN.match(braced, position, end)
        assert token is not None, braced
        yield token
        position = token.end()


def _unquote(value: str) -> str:
    return re.sub(r"\\(.)", r"\1", value)
