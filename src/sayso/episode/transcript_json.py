"""The transcript as JSON (Podcasting 2.0), with the time of every word where it is known."""

from __future__ import annotations

import difflib
import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sayso.episode.transcript import speaker_name
from sayso.model import SpokenLine, Timeline, WordMark

VERSION = "1.0.0"
"""Of the format (podcast-namespace, transcripts.md, "JSON")."""


@dataclass(frozen=True, slots=True)
class WrittenWord:
    """A written word and when it is said, in milliseconds from the start of the take."""

    word: str
    start_ms: int
    end_ms: int


def transcript_json(timeline: Timeline) -> str:
    """The transcript as JSON text, a segment for every line; times in seconds.

    `words` is an addition to the format, which allows for others: a segment's written words, each
    with its times. A line whose take has no word marks has none.
    """
    return "".join(_rows(timeline))


def _rows(timeline: Timeline) -> Iterator[str]:
    """The text in pieces: as dictionaries, the words of a long episode would fill much memory."""
    yield f'{{"version": "{VERSION}", "segments": [\n'
    for number, line in enumerate(timeline.lines):
        yield ",\n" if number else ""
        yield json.dumps(_segment(line, timeline), ensure_ascii=False)
    yield "\n]}\n"


def _segment(line: SpokenLine, timeline: Timeline) -> dict[str, Any]:
    start_ms, end_ms = timeline.ms(line.start), timeline.ms(line.end)
    segment: dict[str, Any] = {
        "speaker": speaker_name(line),
        "startTime": start_ms / 1000,
        "endTime": end_ms / 1000,
        "body": line.line.written,
    }
    words = written_words(line, end_ms - start_ms)
    if words:
        segment["words"] = [
            {
                "startTime": (start_ms + word.start_ms) / 1000,
                "endTime": (start_ms + word.end_ms) / 1000,
                "body": word.word,
            }
            for word in words
        ]
    return segment


def written_words(line: SpokenLine, length_ms: int) -> tuple[WrittenWord, ...]:
    """When each written word of a line is said; nothing where the take has no word marks.

    The marks tell of the words as said. Those that are written so take their own; where writing
    and saying differ (`S02E03`, `$31 million`), the written words share the time of the said ones.
    """
    words = line.line.written.split()
    marks = [mark for mark in line.words if mark.start_ms < length_ms]
    if not words or not marks:
        return ()
    starts = _starts(words, marks, length_ms)
    ends = [*starts[1:], length_ms]
    return tuple(map(WrittenWord, words, starts, ends))


def _starts(words: Sequence[str], marks: Sequence[WordMark], length_ms: int) -> list[int]:
    written = [_bare(word) for word in words]
    said = [_bare(mark.word) for mark in marks]
    times = [mark.start_ms for mark in marks] + [length_ms]
    starts: list[int] = []
    matcher = difflib.SequenceMatcher(None, written, said, autojunk=False)
    for _, first, last, said_first, said_last in matcher.get_opcodes():
        n = last - first
        if n == said_last - said_first:
            starts += times[said_first:said_last]
        else:
            begin, end = times[said_first], times[said_last]
            starts += [begin + (end - begin) * i // n for i in range(n)]
    for i in range(1, len(starts)):  # an engine's marks may step back by a rounding
        starts[i] = max(starts[i], starts[i - 1])
    return starts


def _bare(word: str) -> str:
    """A word as it is compared: letters and digits, without case."""
    return re.sub(r"[\W_]+", "", word).casefold() or word
