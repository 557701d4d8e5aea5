"""The transcript for people who read it: plain text, and HTML for the page of an episode.

The written words, under their chapters, a paragraph for each turn of a speaker.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from html import escape

from sayso.episode.chapter_lists import clock
from sayso.episode.transcript import speaker_name
from sayso.model import Chapter, SpokenLine, Timeline


@dataclass(frozen=True, slots=True)
class Turn:
    """What a speaker says in one go: the lines of one paragraph."""

    speaker: str
    lines: tuple[SpokenLine, ...]


@dataclass(frozen=True, slots=True)
class ChapterTurns:
    """A chapter and what is said in it."""

    chapter: Chapter | None
    """None for what is said before the first chapter begins."""
    turns: tuple[Turn, ...]


def by_chapter(timeline: Timeline) -> tuple[ChapterTurns, ...]:
    """All lines, in order, in paragraphs under the chapter that each line begins in."""
    groups: list[tuple[Chapter | None, list[SpokenLine]]] = [(None, [])]
    coming = list(reversed(timeline.chapters))
    for line in timeline.lines:
        while coming and coming[-1].start <= line.start:
            groups.append((coming.pop(), []))
        groups[-1][1].append(line)
    groups += [(chapter, []) for chapter in reversed(coming)]
    if not groups[0][1]:
        del groups[0]
    return tuple(ChapterTurns(chapter, tuple(_turns(lines))) for chapter, lines in groups)


def transcript_text(timeline: Timeline, title: str) -> str:
    """The transcript as plain text: title, chapters with their times, `Speaker: words`.

    A speaker is named where he begins."""
    parts = [title]
    for group in by_chapter(timeline):
        if group.chapter is not None:
            at = clock(group.chapter.start // timeline.sample_rate)
            parts.append(f"[{at}] {group.chapter.title}")
        speaker = None
        for turn in group.turns:
            name = "" if turn.speaker == speaker else f"{turn.speaker}: "
            speaker = turn.speaker
            parts.append(name + " ".join(line.line.written for line in turn.lines))
    return "\n\n".join(parts) + "\n"


def transcript_html(timeline: Timeline) -> str:
    """The transcript as an HTML fragment: sections, `<cite>` for speakers, `<time>` for times.

    Every line is a `<span>` with its start and end in seconds, so that a page can follow the sound.
    The transcripts of Podcasting 2.0 ("HTML") know `<cite>`, `<time>` and `<p>`.
    """
    rows = ['<div class="transcript">']
    for group in by_chapter(timeline):
        rows.append("<section>")
        if group.chapter is not None:
            rows.append(f"<h3>{_text(group.chapter.title)}</h3>")
        speaker = None
        for turn in group.turns:
            if turn.speaker != speaker:
                rows.append(f"<cite>{_text(turn.speaker)}:</cite>")
                speaker = turn.speaker
            seconds = turn.lines[0].start // timeline.sample_rate
            rows += [
                f'<time datetime="PT{seconds}S">{clock(seconds)}</time>',
                f"<p>{' '.join(_line(timeline, line) for line in turn.lines)}</p>",
            ]
        rows.append("</section>")
    return "\n".join([*rows, "</div>"]) + "\n"


def _line(timeline: Timeline, line: SpokenLine) -> str:
    start_ms, end_ms = timeline.ms(line.start), timeline.ms(line.end)
    times = f'data-start="{start_ms / 1000:.3f}" data-end="{end_ms / 1000:.3f}"'
    return f"<span {times}>{_text(line.line.written)}</span>"


def _text(text: str) -> str:
    return escape(text, quote=False)


def _turns(lines: list[SpokenLine]) -> Iterator[Turn]:
    """Runs of lines of one paragraph of the script and one speaker."""
    run: list[SpokenLine] = []
    for line in lines:
        if run and (
            line.line.item != run[0].line.item or speaker_name(line) != speaker_name(run[0])
        ):
            yield Turn(speaker_name(run[0]), tuple(run))
            run = []
        run.append(line)
    if run:
        yield Turn(speaker_name(run[0]), tuple(run))
