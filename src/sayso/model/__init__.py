"""What the rooms hand to one another: frozen, typed, with units in the names.

Imports nothing of ours. Text is `str`; samples are counted per channel; times in a `Timeline` are
integer samples at the episode's rate, and everything that shows a time is computed from them.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sayso.model.categories import APPLE_CATEGORIES
    from sayso.model.feed import (
        Category,
        Channel,
        ChapterMark,
        Directory,
        Enclosure,
        EpisodeType,
        FeedItem,
        Funding,
        Person,
        Soundbite,
        TranscriptLink,
    )
    from sayso.model.review import (
        Aside,
        Block,
        BlockKind,
        CueHit,
        Outline,
        Placement,
        Review,
        SegmentName,
    )
    from sayso.model.script import (
        BedCue,
        Comment,
        Emphasis,
        Item,
        Paragraph,
        Pause,
        Say,
        Script,
        SegmentHead,
        SoundCue,
        Span,
        StingCue,
        Text,
    )
    from sayso.model.show import (
        AudioSettings,
        FeedSettings,
        Pauses,
        PublishSettings,
        Show,
        Sound,
        Voice,
    )
    from sayso.model.timeline import (
        Chapter,
        Chunk,
        Line,
        Music,
        SpokenLine,
        Timeline,
        WordMark,
    )

__all__ = [
    "APPLE_CATEGORIES",
    "Aside",
    "AudioSettings",
    "BedCue",
    "Block",
    "BlockKind",
    "Category",
    "Channel",
    "Chapter",
    "ChapterMark",
    "Comment",
    "CueHit",
    "Emphasis",
    "Directory",
    "Enclosure",
    "EpisodeType",
    "FeedItem",
    "FeedSettings",
    "Funding",
    "Item",
    "Line",
    "Music",
    "Outline",
    "Paragraph",
    "Pause",
    "Pauses",
    "Person",
    "PublishSettings",
    "Placement",
    "Review",
    "Say",
    "Script",
    "SegmentHead",
    "SegmentName",
    "Show",
    "Sound",
    "SoundCue",
    "Soundbite",
    "Span",
    "SpokenLine",
    "StingCue",
    "Chunk",
    "Text",
    "Timeline",
    "TranscriptLink",
    "Voice",
    "WordMark",
]


def __getattr__(name: str) -> Any:
    """Import on first use: to make a class like these takes Python longer than to read it, and a
    process that speaks needs a few of them, which stand in the first modules."""
    if name in __all__:
        for home in ("timeline", "show", "script", "review", "feed", "categories"):
            module = importlib.import_module(f"{__name__}.{home}")
            if hasattr(module, name):
                value = globals()[name] = getattr(module, name)
                return value
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
