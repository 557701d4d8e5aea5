"""Chapters in their forms, all from the timeline."""

from __future__ import annotations

import json

from sayso.episode.id3 import TagChapter
from sayso.model import Timeline


def chapters_json(timeline: Timeline, title: str) -> str:
    """Podcasting 2.0 JSON chapters, version 1.2.0: times in seconds, to the millisecond."""
    chapters = [
        {
            "startTime": timeline.ms(chapter.start) / 1000,
            "endTime": timeline.ms(chapter.end) / 1000,
            "title": chapter.title,
        }
        for chapter in timeline.chapters
    ]
    document = {"version": "1.2.0", "title": title, "chapters": chapters}
    return json.dumps(document, ensure_ascii=False, indent=2) + "\n"


def tag_chapters(timeline: Timeline) -> tuple[TagChapter, ...]:
    """Chapters for the MP3's own tag; ids are numbered, since a segment may come twice."""
    return tuple(
        TagChapter(
            f"ch{number}", chapter.title, timeline.ms(chapter.start), timeline.ms(chapter.end)
        )
        for number, chapter in enumerate(timeline.chapters)
    )
