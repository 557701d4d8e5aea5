"""Where a timeline may be cut: in silence that has room for what the encoder needs on both sides.

The encoder needs silent frames at both ends of a piece that it encodes apart; the master room
refuses a chunk without them.
"""

from __future__ import annotations

from collections.abc import Sequence

from sayso.model import Chunk, Music, SpokenLine

FRAME = 1152
"""Samples per channel in a frame of MPEG-1 layer III (ISO/IEC 11172-3 §2.4.2.1)."""
LEAD_FRAMES = 4
"""Frames of digital silence that a chunk begins with."""
TAIL_FRAMES = 2
"""Frames of digital silence that it ends with."""
CUT_SAMPLES = (LEAD_FRAMES + TAIL_FRAMES) * FRAME
"""Silence shorter than this (157 ms at 44.1 kHz) is not cut and keeps its exact length."""


def up(sample: int) -> int:
    """The first frame border at or after a sample."""
    return -(-sample // FRAME) * FRAME


def down(sample: int) -> int:
    """The last frame border at or before a sample."""
    return sample // FRAME * FRAME


def cut(lines: Sequence[SpokenLine], music: Sequence[Music], n_samples: int) -> tuple[Chunk, ...]:
    """Cut the timeline into as many chunks as its silences allow.

    What opens a chunk begins exactly LEAD_FRAMES after the cut, so that a chunk looks the same
    wherever it lies.
    """
    events = sorted(
        [(one.start, one.end, True, index) for index, one in enumerate(lines)]
        + [(one.start, one.end, False, index) for index, one in enumerate(music)]
    )
    chunks: list[Chunk] = []
    start = end = 0
    spoken: list[int] = []
    played: list[int] = []
    for event_start, event_end, is_line, index in events:
        border = event_start - LEAD_FRAMES * FRAME
        on_grid = event_start % FRAME == 0
        if (spoken or played) and on_grid and border >= end + TAIL_FRAMES * FRAME:
            chunks.append(Chunk(start, border, tuple(spoken), tuple(played)))
            start, spoken, played = border, [], []
        (spoken if is_line else played).append(index)
        end = max(end, event_end)
    chunks.append(Chunk(start, n_samples, tuple(spoken), tuple(played)))
    return tuple(chunks)
