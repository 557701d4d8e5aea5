"""report.html: what an episode is, why it is so, and what its build did, on one page.

The page needs no network and no script, and prints. Unlike every other file of an episode it tells
of the build (what was voiced, what was kept, how long it took), so the manifest does not know it.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import jinja2
import numpy as np
import numpy.typing as npt
from markupsafe import Markup

from sayso._version import __version__
from sayso.episode.loudness_chart import loudness_chart
from sayso.episode.manifest import Measured
from sayso.episode.transcript import speaker_name
from sayso.episode.transcript_reading import by_chapter
from sayso.episode.waveform import waveform_svg
from sayso.mix import FRAME, integrated, loudness_range
from sayso.model import Line, Outline, Placement, Show, SpokenLine, Timeline
from sayso.review.explain import explain_placement, placements_by_sentence
from sayso.system.clock import clock
from sayso.system.html_templates import html_templates

Floats = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class BuildFacts:
    """What a build did."""

    voiced: frozenset[str]
    """Keys of the takes that were voiced now; the others came from the cache."""
    n_encoded: int
    """Chunks that were mixed and encoded now."""
    stage_seconds: tuple[tuple[str, float], ...]
    """How long each stage took, by name, in order."""


@dataclass(frozen=True, slots=True)
class ReportLine:
    """A sentence on the page."""

    time: str
    seconds: str
    written: str
    spoken: str | None
    """What the voice got, where its words differ from the written ones."""
    voiced: bool


@dataclass(frozen=True, slots=True)
class ReportParagraph:
    """Lines of one speaker that come from one place of the review."""

    speaker: str
    origin: str | None
    """`p3`, or None for the template's or the author's own words."""
    source_line: int | None
    lines: tuple[ReportLine, ...]
    why: str | None
    """Why the paragraph is in this segment."""
    unsure: bool


@dataclass(frozen=True, slots=True)
class ReportChapter:
    """A chapter on the page."""

    anchor: str
    title: str
    time: str
    seconds: str
    length: str
    n_words: int
    lufs: str
    paragraphs: tuple[ReportParagraph, ...]


def report_html(
    *,
    show: Show,
    outline: Outline,
    title: str,
    timeline: Timeline,
    energies: Floats,
    measured: Measured,
    files: Mapping[str, tuple[int, str]],
    cut: Sequence[str],
    facts: BuildFacts,
) -> str:
    """The page.

    `energies` are K-weighted energies per MP3 frame of the whole episode, `files` size and SHA-256
    by name, `cut` the ids of sentences of the review that the script does not hold.
    """
    rate = timeline.sample_rate
    starts_s = tuple(chapter.start / rate for chapter in timeline.chapters)
    sentences = _sentences(outline)
    unsure = sum(placement.unsure for placement in outline.placements)
    return report_template().render(
        version=__version__,
        language=show.language,
        title=title,
        show=show,
        review=outline.review,
        kind=outline.kind,
        kind_reason=_KIND_REASONS[outline.kind_reason],
        duration=clock(timeline.n_samples / rate),
        measured=measured,
        loudness_range=loudness_range(energies, FRAME, rate),
        n_lines=len(timeline.lines),
        n_words=sum(len(line.line.written.split()) for line in timeline.lines),
        n_voiced=sum(line.take in facts.voiced for line in timeline.lines),
        n_chunks=len(timeline.chunks),
        facts=facts,
        total_seconds=sum(seconds for _, seconds in facts.stage_seconds),
        engines=_engines(timeline),
        waveform=Markup(waveform_svg(timeline, energies, title)),
        chart=Markup(loudness_chart(energies, rate, show.audio.target_lufs, starts_s)),
        chapters=tuple(_chapters(timeline, outline, energies, facts)),
        n_unsure=unsure,
        asides=outline.asides,
        cut=[(name, sentences.get(name, "")) for name in cut],
        files=[(name, _size(n), sha256) for name, (n, sha256) in sorted(files.items())],
    )


@functools.cache
def report_template() -> jinja2.Template:
    """The page's template, compiled."""
    environment = html_templates(Path(__file__).parent)
    environment.filters["db"] = db
    return environment.get_template("report.html.j2")


def _chapters(
    timeline: Timeline, outline: Outline, energies: Floats, facts: BuildFacts
) -> Iterator[ReportChapter]:
    rate = timeline.sample_rate
    for number, group in enumerate(by_chapter(timeline), 1):
        lines = [line for turn in group.turns for line in turn.lines]
        start = group.chapter.start if group.chapter else 0
        end = group.chapter.end if group.chapter else lines[-1].end
        lufs = integrated(energies[start // FRAME : -(-end // FRAME)], FRAME, rate)
        yield ReportChapter(
            anchor=f"chapter-{number}",
            title=group.chapter.title if group.chapter else "Before the first chapter",
            time=clock(start / rate),
            seconds=f"{start / rate:.1f}",
            length=clock((end - start) / rate),
            n_words=sum(len(line.line.written.split()) for line in lines),
            lufs="silent" if lufs is None else db(lufs),
            paragraphs=tuple(
                paragraph
                for turn in group.turns
                for paragraph in _paragraphs(timeline, outline, turn.lines, facts)
            ),
        )


def _paragraphs(
    timeline: Timeline, outline: Outline, lines: Sequence[SpokenLine], facts: BuildFacts
) -> Iterator[ReportParagraph]:
    """A turn, cut where its lines begin to come from another place of the review."""
    runs: list[tuple[Placement | None, list[SpokenLine]]] = []
    placed = placements_by_sentence(outline)
    for line in lines:
        placement = placed.get(line.line.origin or "")
        if not runs or runs[-1][0] != placement:
            runs.append((placement, []))
        runs[-1][1].append(line)
    for placement, run in runs:
        yield ReportParagraph(
            speaker=speaker_name(run[0]),
            origin=None if placement is None else placement.origin,
            source_line=None if placement is None else placement.block.line,
            lines=tuple(_line(timeline, line, facts) for line in run),
            why=None if placement is None else explain_placement(placement, outline),
            unsure=placement is not None and placement.unsure,
        )


def _line(timeline: Timeline, line: SpokenLine, facts: BuildFacts) -> ReportLine:
    at = line.start / timeline.sample_rate
    return ReportLine(
        clock(at),
        f"{at:.1f}",
        line.line.written,
        line.line.spoken if sounds_otherwise(line.line) else None,
        line.take in facts.voiced,
    )


def _sentences(outline: Outline) -> dict[str, str]:
    """Every sentence of the review by its id, `p3.2`."""
    return {
        f"{placement.block.id}.{number}": sentence
        for placement in outline.placements
        for number, sentence in enumerate(placement.block.sentences, 1)
    }


_KIND_REASONS = {
    "flag": "by --kind",
    "front matter": "as the review says",
    "show": "as the show says",
    "guess": "guessed from its words",
}


def _engines(timeline: Timeline) -> list[tuple[str, str]]:
    """Each speaker and the engine and voice that speak for them, in order of appearance."""
    seen: dict[tuple[str, str], None] = {}
    for line in timeline.lines:
        voice = line.line.voice
        seen[speaker_name(line), f"{voice.engine}/{voice.voice}"] = None
    return list(seen)


def sounds_otherwise(line: Line) -> bool:
    """Whether a listener hears other words than a reader sees; punctuation and case are none."""
    return _bare(line.spoken) != _bare(line.written)


def _bare(text: str) -> str:
    return " ".join(re.sub(r"[^\w\s]+", " ", text).casefold().split())


def db(value: float) -> str:
    """-16.02 → `−16.0`, with a true minus."""
    return f"{value:.1f}".replace("-", "−")


def _size(n_bytes: int) -> str:
    if n_bytes < 1000:
        return f"{n_bytes} B"
    return f"{n_bytes / 1000:.0f} kB" if n_bytes < 1_000_000 else f"{n_bytes / 1e6:.1f} MB"
