"""The transcript of a page: the text as it was written, each line with its times."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from sayso.episode.checking.manifest_reading import Expected, Spoken
from sayso.script.template_context import Markup
from sayso.site.render import as_html
from sayso.system.clock import clock


@dataclass(frozen=True, slots=True)
class TranscriptLine:
    """A sentence and its times, in seconds from the start of the episode."""

    start_s: float
    end_s: float
    text: str
    """As written, not as spoken."""


@dataclass(frozen=True, slots=True)
class TranscriptTurn:
    """What a speaker says without a break: a paragraph."""

    speaker: str
    lines: tuple[TranscriptLine, ...]


@dataclass(frozen=True, slots=True)
class TranscriptChapter:
    """A chapter and what is said in it."""

    title: str | None
    """None for what comes before the first chapter."""
    start_s: float
    turns: tuple[TranscriptTurn, ...]


def transcript_of(manifest: Expected) -> tuple[TranscriptChapter, ...]:
    """The transcript in an episode's manifest.

    A turn is what one speaker says of one paragraph of the script.
    """
    heads: list[tuple[str | None, int]] = [(c.title, c.start) for c in manifest.chapters]
    if not heads or any(line.start < heads[0][1] for line in manifest.lines):
        heads.insert(0, (None, 0))
    ends = [start for _, start in heads[1:]] + [manifest.n_samples]
    return tuple(
        TranscriptChapter(
            title,
            manifest.seconds(start),
            _turns(manifest, [line for line in manifest.lines if start <= line.start < end]),
        )
        for (title, start), end in zip(heads, ends, strict=True)
    )


def _turns(manifest: Expected, lines: Sequence[Spoken]) -> tuple[TranscriptTurn, ...]:
    return tuple(
        TranscriptTurn(
            speaker,
            tuple(
                TranscriptLine(
                    manifest.ms(line.start) / 1000, manifest.ms(line.end) / 1000, line.written
                )
                for line in run
            ),
        )
        for (speaker, _), run in groupby(lines, lambda line: (line.speaker, line.paragraph))
    )


def transcript_html(chapters: Sequence[TranscriptChapter]) -> Markup:
    """The transcript as an element of the page.

    Paragraphs and chapters have ids such as `t=83`, the second in which they begin, so that a link
    to a time works without JavaScript too. A speaker is named at each change of speakers.
    """
    ids: set[str] = set()
    rows = ['<div class="transcript">']
    for chapter in chapters:
        rows.append(f"<section{_id(chapter.start_s, ids)}>")
        if chapter.title is not None:
            rows.append(f"<h3>{as_html(chapter.title)}</h3>")
        speaker = None
        for turn in chapter.turns:
            named = "" if turn.speaker == speaker else _speaker(turn.speaker)
            speaker = turn.speaker
            rows.append(_turn(turn, named, ids))
        rows.append("</section>")
    return Markup("\n".join([*rows, "</div>"]))


def _turn(turn: TranscriptTurn, named: str, ids: set[str]) -> str:
    start_s = turn.lines[0].start_s if turn.lines else 0.0
    time = clock(int(start_s))
    link = (
        f'<a class="at" href="#t={int(start_s)}" aria-label="Play from {time}">'
        f'<time datetime="PT{int(start_s)}S">{time}</time></a>'
    )
    lines = " ".join(
        f'<span class="line" data-start="{line.start_s:.3f}" data-end="{line.end_s:.3f}">'
        f"{as_html(line.text)}</span>"
        for line in turn.lines
    )
    return f'<p class="turn"{_id(start_s, ids)}>{link} {named}{lines}</p>'


def _speaker(name: str) -> str:
    return f'<b class="speaker">{as_html(name)}<span>: </span></b>'


def _id(start_s: float, ids: set[str]) -> str:
    name = f"t={int(start_s)}"
    if name in ids:
        return ""
    ids.add(name)
    return f' id="{name}"'
