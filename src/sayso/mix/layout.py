"""Script + lengths → `Timeline`: where every line, sting and bed lies, in integer samples.

Nothing is heard or read here: the layout depends only on the script, the lengths of takes and
sounds, and the show's pauses. What begins after silence begins on the MP3 frame grid, with silent
frames before it, so that the chunk that it opens can be encoded by itself.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

from sayso.mix.chunk_grid import CUT_SAMPLES, FRAME, LEAD_FRAMES, TAIL_FRAMES, cut, down, up
from sayso.model import (
    BedCue,
    Chapter,
    Line,
    Music,
    Paragraph,
    Pause,
    Script,
    SegmentHead,
    Show,
    Sound,
    SoundCue,
    SpokenLine,
    StingCue,
    Timeline,
    WordMark,
)

STING_AFTER_MS = 450
"""Silence between the last word and a sting: the thought may settle. The same before a bed."""
AFTER_STING_MS = 250
"""Silence between a sting that nothing overlaps and the next word. The same after a bed."""
BED_LEAD_MS = 1500
"""How long a bed is heard alone before the first word."""
BED_TAIL_MS = 2500
"""How long a bed goes on, fading out, after the last word."""
END_MS = 600
"""Silence at the very end, so that a player does not cut the last tail."""


@dataclass(frozen=True, slots=True)
class Placeable:
    """What the layout needs to know of a take or sound: its key and length at the show's rate."""

    key: str
    n_samples: int
    words: tuple[WordMark, ...] = ()


def lay_out(
    script: Script,
    show: Show,
    lines: Sequence[Line],
    takes: Sequence[Placeable],
    sounds: Mapping[str, Placeable],
) -> Timeline:
    """Place everything. `takes` go with `lines`; `sounds` are by name (stings, beds) or by file.

    Every name in the script must be among the sounds, and every paragraph's voice in the cast.
    """
    by_name = {sound.name: sound for sound in show.sounds}
    by_item: dict[int, list[int]] = {}
    for number, line in enumerate(lines):
        by_item.setdefault(line.item, []).append(number)
    layout = _Layout(show, sounds)
    for index, item in enumerate(script.items):
        match item:
            case SegmentHead():
                layout.open_segment(item)
                if item.sting:
                    layout.place_music("sting", by_name[item.sting])
            case Paragraph():
                for number in by_item.get(index, ()):
                    layout.place_line(lines[number], takes[number])
                layout.gap_ms = show.pauses.paragraph_ms
            case Pause():
                layout.asked_ms = (layout.asked_ms or 0) + item.pause_ms
            case StingCue():
                layout.place_music("sting", by_name[item.name])
            case SoundCue():
                layout.place_music("sound", Sound(item.file, item.file))
            case BedCue():
                layout.change_bed(item.name)
    return layout.finish()


@dataclass
class _Layout:
    """A cursor that walks through the script."""

    show: Show
    sounds: Mapping[str, Placeable]
    lines: list[SpokenLine] = field(default_factory=list)
    music: list[Music] = field(default_factory=list)
    chapters: list[tuple[SegmentHead, int]] = field(default_factory=list)
    end: int = 0
    """The sample after the last line or sting: what the next one keeps its distance from."""
    tail: int = 0
    """The sample after all that sounds: a sting may go on under the lines that follow it."""
    clear: int = LEAD_FRAMES * FRAME
    """Where a bed may begin: clear of the last word, or with the last sting."""
    gap_ms: int = 0
    """Silence due before the next line."""
    asked_ms: int | None = None
    """Silence that the script asks for by {pause}; it takes the place of any other."""
    overlap: int = 0
    """How much of the last sting the next line may overlap, in samples."""
    bed: tuple[str, int] | None = None
    """The bed that plays, and where it began."""
    next_bed: str | None = None
    """A bed that begins before the next line."""
    head: SegmentHead | None = None
    """A heading whose first sound has not come yet."""

    def at(self, ms: int) -> int:
        return ms * self.show.audio.sample_rate // 1000

    def open_segment(self, head: SegmentHead) -> None:
        self.head = head
        self.gap_ms = max(self.show.pauses.segment_ms, self.gap_ms)
        self.change_bed(head.bed)

    def place_line(self, line: Line, take: Placeable) -> None:
        if self.next_bed is None:
            start = self._start(self.gap_ms)
            self._open_chapter(start)
        else:
            lead = self.at(BED_LEAD_MS)
            start = self._start(self.gap_ms, earliest=up(self.clear) + lead)
            earliest = down(self.lines[-1].end) if self.lines else LEAD_FRAMES * FRAME
            begin = max(down(start - lead), earliest)
            self._open_chapter(begin)
            self.bed, self.next_bed = (self.next_bed, begin), None
        segment = self.chapters[-1][0].id if self.chapters else ""
        self.lines.append(SpokenLine(line, start, take.n_samples, segment, take.key, take.words))
        self.end = start + take.n_samples
        self.tail = max(self.tail, self.end)
        self.clear = self.end + self.at(STING_AFTER_MS)
        self.gap_ms = self.show.pauses.sentence_ms

    def place_music(self, role: Literal["sting", "sound"], sound: Sound) -> None:
        placed = self.sounds[sound.name]
        self.overlap, self.end = 0, self.tail  # only speech may lie over the tail of a sting
        start = self._start(STING_AFTER_MS if self.end else 0)
        self._open_chapter(start)
        self.music.append(
            Music(role, sound.name, placed.key, start, placed.n_samples, sound.gain_db)
        )
        self.clear = start
        self.end = self.tail = start + placed.n_samples
        self.overlap = max(0, min(self.at(sound.overlap_ms), placed.n_samples - FRAME))
        self.gap_ms = AFTER_STING_MS

    def change_bed(self, name: str | None) -> None:
        """End the bed that plays; have another begin before the next line."""
        if self.bed is None or self.bed[0] != name:
            self._end_bed()
        self.next_bed = name if self.bed is None else None

    def finish(self) -> Timeline:
        self.change_bed(None)
        silence = max(self.at(END_MS), self.at(self.asked_ms or 0), TAIL_FRAMES * FRAME)
        n_samples = up(self.tail + silence)
        chapters = self._chapters(n_samples)
        first = chapters[0].id if chapters else "episode"
        lines = tuple(line if line.segment else replace(line, segment=first) for line in self.lines)
        music = tuple(sorted(self.music, key=lambda one: (one.start, one.role)))
        return Timeline(
            self.show.audio.sample_rate,
            n_samples,
            lines,
            music,
            chapters,
            cut(lines, music, n_samples),
        )

    def _start(self, gap_ms: int, *, earliest: int = 0) -> int:
        """Where the next line or sting begins."""
        if self.asked_ms is not None:
            start = self.end + self.at(self.asked_ms)
        else:
            gap = -self.overlap if self.overlap else self.at(gap_ms)
            start = max(self.end + gap, earliest)
        if self.head is not None and self.chapters:
            start = max(start, self.chapters[-1][1] + 2 * FRAME)  # no chapter without a length
        if not self.end <= start < self.end + CUT_SAMPLES or not self.end:
            start = max(up(start), LEAD_FRAMES * FRAME)  # a chunk may begin here
        self.asked_ms, self.overlap = None, 0
        return start

    def _open_chapter(self, start: int) -> None:
        """Have the segment begin here, if this is its first sound."""
        if self.head is not None:
            after = self.chapters[-1][1] + FRAME if self.chapters else 0
            self.chapters.append((self.head, max(down(start), after)))
            self.head = None

    def _end_bed(self) -> None:
        """Let the bed, if there is one, fade out behind the last line."""
        if self.bed is None:
            return
        name, start = self.bed
        end = self.tail + self.at(BED_TAIL_MS)
        gain_db = next(sound.gain_db for sound in self.show.sounds if sound.name == name)
        self.music.append(Music("bed", name, self.sounds[name].key, start, end - start, gain_db))
        self.end = self.tail = end
        self.gap_ms = AFTER_STING_MS
        self.bed, self.overlap = None, 0

    def _chapters(self, n_samples: int) -> tuple[Chapter, ...]:
        """The first chapter starts at 0, whatever stands before its heading."""
        starts = [0, *(start for _, start in self.chapters[1:])]
        ends = [*starts[1:], n_samples]
        return tuple(
            Chapter(head.id, head.title, start, end)
            for (head, _), start, end in zip(self.chapters, starts, ends, strict=False)
        )
