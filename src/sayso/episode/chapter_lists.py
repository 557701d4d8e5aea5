"""Chapters as timestamps in show notes.

The chapters of the MP3's own tag and of chapters.json are in `sayso.episode.chapters`.
"""

from __future__ import annotations

from dataclasses import dataclass

from sayso.model import Timeline

MIN_TIMESTAMPS = 3
"""Fewer are not taken for chapters (YouTube Help, "Video chapters")."""


@dataclass(frozen=True, slots=True)
class Timestamp:
    """A line of show notes that players turn into a jump."""

    id: str
    """Of the segment."""
    time: str
    """`00:01:23`."""
    start_s: int
    title: str

    def __str__(self) -> str:
        return f"{self.time} {self.title}"


def timestamps(timeline: Timeline) -> tuple[Timestamp, ...]:
    """Chapters for the notes, in whole seconds; none where there are fewer than three.

    Seconds are rounded down, so that a jump never cuts off a chapter's first word; a chapter that
    begins in the same second as the one before it has no line, since times must ascend.
    """
    lines: list[Timestamp] = []
    for chapter in timeline.chapters:
        seconds = chapter.start // timeline.sample_rate
        if not lines or seconds > lines[-1].start_s:
            title = " ".join(chapter.title.split())
            lines.append(Timestamp(chapter.id, clock(seconds), seconds, title))
    return tuple(lines) if len(lines) >= MIN_TIMESTAMPS else ()


def clock(seconds: int) -> str:
    """83 → `00:01:23`."""
    return f"{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}"
