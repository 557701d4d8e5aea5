"""What the rooms hand to one another: frozen, typed, with units in the names.

Imports nothing of ours. Text is `str`; samples are counted per channel; times in a `Timeline` are
integer samples at the episode's rate, and everything that shows a time is computed from them.
"""

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
    Pauses,
    Show,
    Sound,
    Voice,
)
from sayso.model.timeline import (
    Chapter,
    Line,
    Music,
    SpokenLine,
    Stretch,
    Timeline,
    WordMark,
)

__all__ = [
    "Aside",
    "AudioSettings",
    "BedCue",
    "Block",
    "BlockKind",
    "Chapter",
    "Comment",
    "CueHit",
    "Emphasis",
    "Item",
    "Line",
    "Music",
    "Outline",
    "Paragraph",
    "Pause",
    "Pauses",
    "Placement",
    "Review",
    "Say",
    "Script",
    "SegmentHead",
    "SegmentName",
    "Show",
    "Sound",
    "SoundCue",
    "Span",
    "SpokenLine",
    "StingCue",
    "Stretch",
    "Text",
    "Timeline",
    "Voice",
    "WordMark",
]
