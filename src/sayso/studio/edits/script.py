"""Changes of a script. An item is an index into `parse_script(text).items`."""

from __future__ import annotations

from enum import Enum
from typing import Final

from sayso.model import Item


class Keep(Enum):
    """Says that an attribute stays as it is; None takes it away."""

    KEEP = "keep"


KEEP: Final = Keep.KEEP


def words_of(text: str, item: int) -> str:
    """The words of a paragraph as they are written, markup and escapes with them, on one line."""
    raise NotImplementedError


def set_words(text: str, item: int, words: str) -> str:
    """Have a paragraph say `words`, markup as in the script; speaker and origin stay."""
    raise NotImplementedError


def set_voice(text: str, item: int, voice: str | None) -> str:
    """Give a paragraph or a segment to a voice; None leaves it to the segment or the show."""
    raise NotImplementedError


def set_pause(text: str, item: int, pause_ms: int) -> str:
    """Make a pause `pause_ms` long."""
    raise NotImplementedError


def set_sting(text: str, item: int, name: str) -> str:
    """Have a sting cue play the sting `name`."""
    raise NotImplementedError


def set_sound(text: str, item: int, file: str) -> str:
    """Have a sound cue play `file`."""
    raise NotImplementedError


def set_bed(text: str, item: int, name: str | None) -> str:
    """Have a bed cue start the bed `name`, or end it (None)."""
    raise NotImplementedError


def set_head(
    text: str,
    item: int,
    *,
    title: str | Keep = KEEP,
    sting: str | Keep | None = KEEP,
    bed: str | Keep | None = KEEP,
) -> str:
    """Change a segment's heading; its id stays, even where the title gave it."""
    raise NotImplementedError


def insert_after(text: str, item: int, new: Item) -> str:
    """Put `new` after an item; -1 puts it before all others, after the front matter."""
    raise NotImplementedError


def remove(text: str, item: int) -> str:
    """Take an item away."""
    raise NotImplementedError
