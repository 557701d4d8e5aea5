"""The script as the page shows it: segments, paragraphs and cues, and how each is said."""

from __future__ import annotations

import functools
from collections import defaultdict, deque
from collections.abc import Iterator

from sayso.episode.report import sounds_otherwise
from sayso.model import (
    BedCue,
    Comment,
    Item,
    Line,
    Paragraph,
    Pause,
    Placement,
    SegmentHead,
    SoundCue,
    Span,
    StingCue,
)
from sayso.review.explain import explain_placement, placements_by_sentence
from sayso.script.coverage import claims
from sayso.speech.lines import spoken_sentences
from sayso.speech.spoken import Lexicon, Spoken, sayable, unknown_names, without_ipa
from sayso.studio.edits import words_of
from sayso.studio.episode_sound import Sound
from sayso.studio.episode_text import Reading
from sayso.studio.session import Snapshot
from sayso.studio.view import (
    Choice,
    CueView,
    LineView,
    NameToSay,
    ParagraphView,
    Placed,
    Remark,
    SegmentView,
)

N_COLOURS = 8


@functools.lru_cache(maxsize=4_096)
def _said(spans: tuple[Span, ...], language: str, lexicon: Lexicon) -> tuple[Spoken, ...]:
    """How each sentence of a paragraph is said that can be: all but a few are as they were."""
    sentences = spoken_sentences(spans, language=language, lexicon=lexicon)
    return tuple(spoken for _, _, spoken in sentences if sayable(spoken.text))


def show_segments(reading: Reading, snapshot: Snapshot) -> tuple[SegmentView, ...]:
    """The script, segment by segment."""
    return _Segments(reading, snapshot).all()


def show_words(
    script_line: Paragraph, language: str, lexicon: Lexicon, prefix: str
) -> tuple[LineView, ...]:
    """How the words of a paragraph would be said, sentence by sentence."""
    lines = []
    for number, (_, written, spoken) in enumerate(
        spoken_sentences(script_line.spans, language=language, lexicon=lexicon)
    ):
        lines.append(
            LineView(
                id=f"{prefix}-{number}",
                written=written,
                spoken=without_ipa(spoken.text),
                steps=spoken.steps,
                names=_names(written, lexicon),
                take="",
                voiced=False,
                start_ms=None,
                end_ms=None,
                origin=None,
            )
        )
    return tuple(lines)


class _Segments:
    """The script, segment by segment."""

    def __init__(self, reading: Reading, snapshot: Snapshot) -> None:
        self.reading = reading
        self.snapshot = snapshot
        self.items = reading.script.items
        self.blocks = {block.id: block for block in reading.outline.review.blocks}
        self.placements = placements_by_sentence(reading.outline)
        self.lines: dict[int, list[tuple[int, Line]]] = defaultdict(list)
        for index, line in enumerate(reading.lines):
            self.lines[line.item].append((index, line))
        self.times = _times(reading, snapshot.sound)
        self.remarks = _by_item(reading)

    def all(self) -> tuple[SegmentView, ...]:
        groups: list[list[int]] = [[]]
        for index, item in enumerate(self.items):
            if isinstance(item, SegmentHead):
                groups.append([])
            groups[-1].append(index)
        chapters = self._chapter_times()
        heads = [group for group in groups if group]
        views = []
        for number, group in enumerate(heads):
            first = self.items[group[0]]
            head = first if isinstance(first, SegmentHead) else None
            inside = group[1:] if head is not None else group
            start_ms, end_ms = chapters.get(number, (None, None))
            views.append(
                SegmentView(
                    id=f"s-{self.snapshot.ids[group[0]]}",
                    item=group[0] if head is not None else None,
                    title=head.title if head is not None else None,
                    colour=number % N_COLOURS,
                    voices=self._voices(head.voice if head else None, None),
                    stings=sound_choices(
                        self.reading, head.sting if head else None, none="no sting"
                    ),
                    beds=sound_choices(self.reading, head.bed if head else None, none="no bed"),
                    start_ms=start_ms,
                    duration_ms=(None if start_ms is None or end_ms is None else end_ms - start_ms),
                    remarks=self.remarks.get(group[0], ()) if head is not None else (),
                    items=tuple(self._item(index, head) for index in inside),
                )
            )
        return tuple(views)

    def _chapter_times(self) -> dict[int, tuple[int, int]]:
        """Where each group of items lies in the sound, by its number."""
        sound = self.snapshot.sound
        if sound is None:
            return {}
        ms, chapters = sound.timeline.ms, sound.timeline.chapters
        n_before = 0 if self.items and isinstance(self.items[0], SegmentHead) else 1
        found = {
            number + n_before: (ms(chapter.start), ms(chapter.end))
            for number, chapter in enumerate(chapters)
        }
        if n_before and chapters and chapters[0].start:
            found[0] = (0, ms(chapters[0].start))
        return found

    def _item(self, index: int, head: SegmentHead | None) -> ParagraphView | CueView:
        item = self.items[index]
        if isinstance(item, Paragraph):
            return self._paragraph(index, item, head)
        return self._cue(index, item)

    def _cue(self, index: int, item: Item) -> CueView:
        reading = self.reading
        kinds = {Pause: "pause", StingCue: "sting", SoundCue: "sound", BedCue: "bed"}
        choices: tuple[Choice, ...] = ()
        match item:
            case Pause():
                value = f"{item.pause_ms / 1000:g}"
            case StingCue():
                value, choices = item.name, sound_choices(reading, item.name)
            case BedCue():
                value = item.name or "off"
                choices = (*sound_choices(reading, item.name), Choice("off", "off", value == "off"))
            case SoundCue():
                value = item.file
            case Comment():
                value = item.text
            case _:
                raise TypeError(item)
        return CueView(
            id=self.snapshot.ids[index],
            item=index,
            cue=kinds.get(type(item), "comment"),  # type: ignore[arg-type]
            value=value,
            choices=choices,
            remarks=self.remarks.get(index, ()),
        )

    def _paragraph(self, index: int, item: Paragraph, head: SegmentHead | None) -> ParagraphView:
        reading = self.reading
        usual = (head.voice if head is not None else None) or reading.show.voices[0].name
        return ParagraphView(
            id=self.snapshot.ids[index],
            item=index,
            words=words_of(item),
            voices=self._voices(item.voice, usual),
            speaker=item.voice or usual,
            lines=tuple(self._lines(index, item)),
            placed=tuple(self._placed(item)),
            remarks=self.remarks.get(index, ()),
        )

    def _lines(self, index: int, item: Paragraph) -> Iterator[LineView]:
        reading = self.reading
        said = _said(item.spans, reading.show.language, reading.lexicon)
        for number, (at, line) in enumerate(self.lines[index]):
            key = reading.keys[at]
            start_ms, end_ms = self.times.get(at, (None, None))
            yield LineView(
                id=f"{self.snapshot.ids[index]}-{number}",
                written=line.written,
                spoken=without_ipa(line.spoken) if sounds_otherwise(line) else None,
                steps=said[number].steps if number < len(said) else (),
                names=_names(line.written, reading.lexicon),
                take=key,
                voiced=key in self.snapshot.voiced,
                start_ms=start_ms,
                end_ms=end_ms,
                origin=line.origin,
            )

    def _placed(self, item: Paragraph) -> Iterator[Placed]:
        outline = self.reading.outline
        found: dict[tuple[str, int], Placement] = {}
        for claim in claims(item.origin or "", self.blocks):
            placement = self.placements.get(claim.id)
            if placement is not None:
                found.setdefault((placement.block.id, placement.first), placement)
        for placement in found.values():
            yield Placed(
                block=placement.block.id,
                line=placement.block.line,
                text=placement.block.text,
                segment=placement.segment,
                why=explain_placement(placement, outline),
                unsure=placement.unsure,
                by_author=placement.reason == "front matter",
                segments=tuple(
                    Choice(name.id, name.title, name.id == placement.segment)
                    for name in outline.names
                ),
            )

    def _voices(self, chosen: str | None, usual: str | None) -> tuple[Choice, ...]:
        cast = self.reading.show.voices
        first = f"as usual ({usual})" if usual is not None else f"the first ({cast[0].name})"
        known = [voice.name for voice in cast]
        stray = [chosen] if chosen and chosen.casefold() not in map(str.casefold, known) else []
        return (
            Choice("", first, chosen is None),
            *(
                Choice(name, name, chosen is not None and chosen.casefold() == name.casefold())
                for name in (*known, *stray)
            ),
        )


def _times(reading: Reading, sound: Sound | None) -> dict[int, tuple[int, int]]:
    """Where lines lie in the sound, by index; of an older sound, those that it has."""
    if sound is None:
        return {}
    places: dict[str, deque[tuple[int, int]]] = defaultdict(deque)
    for line in sound.timeline.lines:
        places[line.take].append((sound.timeline.ms(line.start), sound.timeline.ms(line.end)))
    return {index: places[key].popleft() for index, key in enumerate(reading.keys) if places[key]}


def _names(written: str, lexicon: Lexicon) -> tuple[NameToSay, ...]:
    found = {
        entry.entry.written: NameToSay(
            entry.entry.written, entry.entry.say or "", entry.entry.ipa or ""
        )
        for entry in lexicon.find(written)
    }
    for name in unknown_names(written, lexicon):
        found.setdefault(name, NameToSay(name))
    return tuple(found.values())


def sound_choices(
    reading: Reading | None, chosen: str | None, none: str | None = None
) -> tuple[Choice, ...]:
    """The show's sounds, and the one that is chosen; `none` names the choice of none, if any."""
    names = [sound.name for sound in reading.show.sounds] if reading is not None else []
    stray = [chosen] if chosen is not None and chosen not in names else []
    first = (Choice("", none, chosen is None),) if none is not None else ()
    return (*first, *(Choice(name, name, name == chosen) for name in (*names, *stray)))


def _by_item(reading: Reading) -> dict[int, tuple[Remark, ...]]:
    """The remarks that belong to an item, by its index."""
    found: dict[int, list[Remark]] = defaultdict(list)
    items = reading.script.items
    for remark in reading.remarks:
        at = max(
            (n for n, item in enumerate(items) if item.line <= (remark.line or 0)), default=None
        )
        if at is not None:
            found[at].append(Remark(remark.level, remark.problem, remark.hint, code=remark.code))
    return {at: tuple(remarks) for at, remarks in found.items()}
