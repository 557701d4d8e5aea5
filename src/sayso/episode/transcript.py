"""Transcript cues from the timeline, as WebVTT (with speakers) and SubRip.

The written words, not the spoken ones. A cue never crosses a sentence; a long sentence is cut into
cues of two readable lines, and the cut's time is taken from the take's word marks where the engine
knows them, else from the share of letters.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sayso.model import SpokenLine, Timeline, WordMark

MAX_CUE_CHARACTERS = 84
"""Two lines of 42 characters (Netflix and BBC subtitle guidelines)."""


@dataclass(frozen=True, slots=True)
class Cue:
    """Words on the screen from `start_ms` to `end_ms`."""

    start_ms: int
    end_ms: int
    speaker: str
    text: str
    line: int
    """Index into `Timeline.lines`."""


def cues(timeline: Timeline) -> tuple[Cue, ...]:
    """The cues of an episode, in order; none overlaps the next."""
    return tuple(
        cue
        for index, line in enumerate(timeline.lines)
        for cue in _line_cues(timeline, index, line)
    )


def vtt(timeline: Timeline) -> str:
    """The transcript as WebVTT (W3C), with `<v Speaker>`.

    A line for the language would follow common use, but no grammar: the feed tells it.
    """
    blocks = ["WEBVTT\n"]
    for cue in cues(timeline):
        times = f"{_clock(cue.start_ms, '.')} --> {_clock(cue.end_ms, '.')}"
        blocks.append(f"{times}\n<v {_escape(cue.speaker)}>{_escape(cue.text)}</v>\n")
    return "\n".join(blocks)


def srt(timeline: Timeline) -> str:
    """The transcript as SubRip; a speaker is named where he begins."""
    blocks = []
    speaker = None
    for number, cue in enumerate(cues(timeline), 1):
        name = "" if cue.speaker == speaker else f"{cue.speaker}: "
        speaker = cue.speaker
        times = f"{_clock(cue.start_ms, ',')} --> {_clock(cue.end_ms, ',')}"
        blocks.append(f"{number}\n{times}\n{name}{cue.text}\n")
    return "\n".join(blocks)


def plain(timeline: Timeline) -> str:
    """The written words alone: a paragraph for each run of a speaker's lines."""
    paragraphs: list[list[str]] = []
    last: tuple[int, str] | None = None
    for line in timeline.lines:
        here = (line.line.item, speaker_name(line))
        if here != last:
            paragraphs.append([])
            last = here
        paragraphs[-1].append(line.line.written)
    return "\n\n".join(" ".join(paragraph) for paragraph in paragraphs)


def speaker_name(line: SpokenLine) -> str:
    """The name that a transcript shows for the voice of a line."""
    return line.line.voice.speaker or line.line.voice.name


def _line_cues(timeline: Timeline, index: int, line: SpokenLine) -> Iterator[Cue]:
    at_ms, end_ms = timeline.ms(line.start), timeline.ms(line.end)
    pieces = _cut(line.line.written)
    ends_ms = [at_ms + ms for ms in _cut_times(pieces, line.words, end_ms - at_ms)]
    for piece, until_ms in zip(pieces, [*ends_ms, end_ms], strict=False):
        yield Cue(at_ms, until_ms, speaker_name(line), piece, index)
        at_ms = until_ms


def _cut_times(pieces: Sequence[str], marks: Sequence[WordMark], length_ms: int) -> list[int]:
    """When each piece but the first begins, in milliseconds from the start of the take."""
    n_words = sum(len(piece.split()) for piece in pieces)
    n_characters = sum(map(len, pieces))
    times: list[int] = []
    words = characters = at = 0
    for number, piece in enumerate(pieces[:-1], 1):
        words += len(piece.split())
        characters += len(piece)
        if len(marks) == n_words:
            ms = marks[words].start_ms
        else:  # said otherwise than written: take the word that begins nearest
            share = length_ms * characters // n_characters
            ms = min((mark.start_ms for mark in marks), key=lambda m: abs(m - share), default=share)
        at = min(max(ms, at + 1), length_ms - (len(pieces) - number))
        times.append(at)
    return times


def _cut(text: str) -> list[str]:
    """Cut a sentence into cues of about one length, after punctuation where there is some near."""
    words = text.split()
    n_pieces = -(-len(" ".join(words)) // MAX_CUE_CHARACTERS)
    pieces: list[str] = []
    while words:
        left = " ".join(words)
        if len(left) <= MAX_CUE_CHARACTERS:
            pieces.append(left)
            break
        aim = min(len(left) // max(n_pieces - len(pieces), 2) + 8, MAX_CUE_CHARACTERS)
        taken = _take(words, aim)
        pieces.append(" ".join(words[:taken]))
        words = words[taken:]
    return pieces


def _take(words: list[str], aim: int) -> int:
    """How many words make a cue of about `aim` characters, at least one."""
    length, best, best_score = -1, 1, -1.0
    for count, word in enumerate(words, 1):
        length += len(word) + 1
        if length > MAX_CUE_CHARACTERS and count > 1:
            break
        # A stop at punctuation is worth a cue that is up to a third shorter or longer.
        score = 1.0 - abs(length - aim) / aim + (0.33 if word[-1] in ",;:—–" else 0.0)
        if score >= best_score and count < len(words):
            best, best_score = count, score
    return best


def _clock(ms: int, point: str) -> str:
    seconds, ms = divmod(ms, 1000)
    minutes, seconds = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours:02}:{minutes:02}:{seconds:02}{point}{ms:03}"


def _escape(text: str) -> str:
    """WebVTT cue text (§ 4.2.2): the three characters that mean something."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
