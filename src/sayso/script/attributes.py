r"""Attribute lists: `{#id key=value key="value with spaces"}`.

A value is bare where it holds no white space, quote or brace; otherwise it stands in double
quotes, where `\"` and `\\` are literal.
"""

from __future__ import annotations

import re
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


def _unquote(value: str) -> str:
    return re.sub(r"\\(.)", r"\1", value)
