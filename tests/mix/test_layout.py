"""Layout: where everything lies. Golden pairs to read, and what holds for every script."""

from __future__ import annotations

import itertools
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from mix.scripts import SHOW, readable, samples, timeline_of

from sayso.mix import Mixer, Placeable, lay_out
from sayso.mix.chunk_grid import CUT_SAMPLES, FRAME, LEAD_FRAMES, TAIL_FRAMES
from sayso.mix.layout import BED_LEAD_MS, BED_TAIL_MS
from sayso.model import (
    AudioSettings,
    BedCue,
    Comment,
    Line,
    Paragraph,
    Pause,
    Pauses,
    Script,
    SegmentHead,
    Show,
    Sound,
    SoundCue,
    SpokenLine,
    StingCue,
    Text,
    Timeline,
    Voice,
)

DATA = Path(__file__).parent / "data"
LEAD, TAIL = LEAD_FRAMES * FRAME, TAIL_FRAMES * FRAME


@pytest.mark.parametrize("path", sorted(DATA.glob("*.script.md")), ids=lambda p: p.name)
def test_golden_timelines(path: Path) -> None:
    expected = path.with_name(path.name.replace(".script.md", ".timeline.txt"))
    assert readable(timeline_of(path.read_text("utf-8"))) == expected.read_text("utf-8")


# ------------------------------------------------------------------------------ any script at all

SOUNDS = ("intro", "short", "long", "bed", "rain")


@st.composite
def shows(draw: st.DrawFn) -> Show:
    pauses = Pauses(*(draw(st.integers(0, 2_000)) for _ in range(3)))
    sounds = tuple(Sound(name, name, 0.0, draw(st.integers(0, 4_000))) for name in SOUNDS)
    rate = draw(st.sampled_from((44_100, 48_000)))
    return replace(SHOW, sounds=sounds, pauses=pauses, audio=AudioSettings(sample_rate=rate))


ITEMS = st.one_of(
    st.builds(Paragraph, st.just((Text("Words."),))),
    st.builds(Paragraph, st.just((Text("Words."),))),
    st.builds(
        SegmentHead,
        st.just("Title"),
        st.sampled_from(("a", "b", "c")),
        sting=st.sampled_from((None, None, "intro", "short")),
        bed=st.sampled_from((None, None, "bed", "rain")),
    ),
    st.builds(Pause, st.sampled_from((0, 1, 20, 150, 160, 700, 3_000))),
    st.builds(StingCue, st.sampled_from(("intro", "short", "long"))),
    st.builds(SoundCue, st.just("door")),
    st.builds(BedCue, st.sampled_from((None, "bed", "rain"))),
    st.builds(Comment, st.just("note")),
)
LENGTHS = st.one_of(st.integers(1, 3_000), st.integers(20_000, 200_000))
TAKES = st.one_of(st.integers(FRAME, 9_000), st.integers(20_000, 200_000))
"""No voice says a word in less than a frame of 26 ms."""


@st.composite
def episodes(draw: st.DrawFn) -> tuple[Script, Show, list[Line], list[Placeable], dict]:
    """Any script, with lines and sounds of any length; a paragraph may have no line at all."""
    items = tuple(draw(st.lists(ITEMS, max_size=24)))
    lines = [
        Line(f"{index}.{number}", "", Voice("host"), index)
        for index, item in enumerate(items)
        if isinstance(item, Paragraph)
        for number in range(draw(st.integers(0, 3)))
    ]
    takes = [Placeable(f"take {line.written}", draw(TAKES)) for line in lines]
    sounds = {name: Placeable(name, draw(LENGTHS)) for name in (*SOUNDS, "door")}
    return Script((), items), draw(shows()), lines, takes, sounds


RANDOM = settings(max_examples=120, deadline=None)


@RANDOM
@given(episodes())
def test_lines_come_in_order_and_never_over_one_another(episode) -> None:
    _, show, lines, takes, _ = episode
    timeline = lay_out(*episode)
    assert timeline.sample_rate == show.audio.sample_rate
    assert [placed.line for placed in timeline.lines] == lines
    assert [(placed.take, placed.n_samples) for placed in timeline.lines] == [
        (take.key, take.n_samples) for take in takes
    ]
    for before, after in _pairs(timeline.lines):
        assert after.start >= before.end


@RANDOM
@given(episodes())
def test_music_comes_in_order_and_only_speech_lies_over_its_tail(episode) -> None:
    script, show, _, _, sounds = episode
    timeline = lay_out(*episode)
    stings = [music for music in timeline.music if music.role != "bed"]
    named = [
        item.file if isinstance(item, SoundCue) else (getattr(item, "sting", None) or item.name)
        for item in script.items
        if isinstance(item, StingCue | SoundCue) or (isinstance(item, SegmentHead) and item.sting)
    ]
    assert [sting.name for sting in stings] == named
    overlaps = {sound.name: sound.overlap_ms for sound in show.sounds} | {"door": 0}
    for sting in stings:
        assert sting.n_samples == sounds[sting.name].n_samples
        latest = sting.end - overlaps[sting.name] * timeline.sample_rate // 1000
        for line in timeline.lines:
            assert line.end <= sting.start or line.start >= max(sting.start + 1, latest)
    for before, after in _pairs(stings):
        assert after.start >= before.end


@RANDOM
@given(episodes())
def test_chunks_fill_the_timeline_and_begin_and_end_in_silence(episode) -> None:
    timeline = lay_out(*episode)
    chunks = timeline.chunks
    assert chunks[0].start == 0
    assert chunks[-1].end == timeline.n_samples
    assert all(before.end == after.start for before, after in _pairs(chunks))
    assert [i for chunk in chunks for i in chunk.lines] == list(range(len(timeline.lines)))
    assert sorted(i for chunk in chunks for i in chunk.music) == list(range(len(timeline.music)))
    for chunk in chunks:
        assert chunk.start % FRAME == chunk.end % FRAME == 0
        for sound in _in(timeline, chunk):
            assert chunk.start + LEAD <= sound.start < sound.end <= chunk.end - TAIL


@RANDOM
@given(episodes())
def test_every_silence_that_is_long_enough_is_cut(episode) -> None:
    """All but a bed's, whose place follows from the line after it."""
    timeline = lay_out(*episode)
    starts = {chunk.start + LEAD for chunk in timeline.chunks}
    end = 0
    for sound in sorted((*timeline.lines, *timeline.music), key=lambda s: (s.start, s.end)):
        if end and sound.start - end > CUT_SAMPLES + FRAME:
            assert sound.start in starts
        end = max(end, sound.end)


@RANDOM
@given(episodes())
def test_chapters_follow_one_another_from_first_to_last(episode) -> None:
    script = episode[0]
    timeline = lay_out(*episode)
    chapters = timeline.chapters
    assert len(chapters) <= sum(isinstance(item, SegmentHead) for item in script.items)
    if chapters:
        assert chapters[0].start == 0
        assert chapters[-1].end == timeline.n_samples
        assert {placed.segment for placed in timeline.lines} <= {c.id for c in chapters}
    for before, after in _pairs(chapters):
        assert before.end == after.start
    for chapter in chapters:
        assert chapter.end - chapter.start >= FRAME
        assert chapter.start % FRAME == 0
    for placed in timeline.lines if chapters else ():
        inside = next(c for c in chapters if c.start <= placed.start < c.end)
        assert inside.id == placed.segment


@RANDOM
@given(episodes())
def test_a_segment_that_sounds_is_a_chapter(episode) -> None:
    script, *_ = episode
    spoken = {line.item for line in episode[2]}
    expected: list[str] = []
    head: SegmentHead | None = None
    for index, item in enumerate(script.items):
        if isinstance(item, SegmentHead):
            head = item
        sounds = isinstance(item, StingCue | SoundCue) or index in spoken
        if head is not None and (sounds or (head is item and head.sting)):
            expected.append(head.id)
            head = None
    assert [chapter.id for chapter in lay_out(*episode).chapters] == expected


@RANDOM
@given(episodes())
def test_a_bed_plays_from_before_the_first_word_to_after_the_last(episode) -> None:
    timeline = lay_out(*episode)
    lead, tail = (ms * timeline.sample_rate // 1000 for ms in (BED_LEAD_MS, BED_TAIL_MS))
    for bed in (music for music in timeline.music if music.role == "bed"):
        under = [line for line in timeline.lines if bed.start < line.end and line.start < bed.end]
        assert under
        first = next(line for line in under if line.start >= bed.start)
        assert first.start - bed.start <= lead + FRAME
        last = max(
            (one for one in (*timeline.lines, *timeline.music) if one.end <= bed.end - tail),
            key=lambda one: one.end,
        )
        assert last.end == bed.end - tail


@RANDOM
@given(episodes(), st.integers(0, 5_000))
def test_an_asked_pause_is_what_was_asked(episode, pause_ms: int) -> None:
    _, show, _, takes, sounds = episode
    assume(len(takes) >= 2)
    words = (Text("Words."),)
    script = Script((), (Paragraph(words), Pause(pause_ms), Paragraph(words)))
    lines = [Line("a", "", Voice("host"), 0), Line("b", "", Voice("host"), 2)]
    first, second = lay_out(script, show, lines, takes[:2], sounds).lines
    gap = second.start - first.end
    asked = pause_ms * show.audio.sample_rate // 1000
    if asked < CUT_SAMPLES:
        assert gap == asked
    else:
        assert asked <= gap < asked + FRAME


@RANDOM
@given(episodes(), st.data())
def test_a_take_of_another_length_changes_its_own_chunk_only(episode, data) -> None:
    script, show, lines, takes, sounds = episode
    assume(takes)
    changed = data.draw(st.integers(0, len(takes) - 1))
    others = [*takes]
    others[changed] = Placeable("another take", data.draw(TAKES))
    before = lay_out(script, show, lines, takes, sounds)
    after = lay_out(script, show, lines, others, sounds)

    def chunks(timeline: Timeline) -> dict[tuple, str]:
        """Key of every chunk by its lines and music."""
        mixer = Mixer(timeline, 2, lambda line: None, lambda music: None, {})
        return {
            (chunk.lines, tuple(_music_name(timeline, i) for i in chunk.music)): mixer.key(chunk)
            for chunk in timeline.chunks
        }

    old, new = chunks(before), chunks(after)
    # What a long sting or a bed joins to the changed line, before or after, may change with it.
    touched = {i for lines, _ in (*old, *new) if changed in lines for i in lines}
    for lines_and_music, key in old.items():
        if lines_and_music[0] and not touched & set(lines_and_music[0]):
            assert new[lines_and_music] == key


def _music_name(timeline: Timeline, index: int) -> tuple[str, int]:
    """Which sting it is: its name, and how many of its kind come before it."""
    music = timeline.music[index]
    return music.name, sum(m.name == music.name for m in timeline.music[:index])


def _pairs(things):
    return list(itertools.pairwise(things))


def _in(timeline: Timeline, chunk):
    return [
        *(timeline.lines[index] for index in chunk.lines),
        *(timeline.music[index] for index in chunk.music),
    ]


# ------------------------------------------------------------------------------- what is said here


def test_nothing_at_all_is_a_short_silence() -> None:
    timeline = lay_out(Script((), ()), SHOW, [], [], {})
    assert timeline.lines == timeline.music == timeline.chapters == ()
    assert len(timeline.chunks) == 1
    assert 0.5 < timeline.n_samples / timeline.sample_rate < 1


def test_headings_alone_are_no_chapters() -> None:
    script = Script((), (SegmentHead("A", "a"), SegmentHead("B", "b", bed="bed")))
    timeline = lay_out(script, SHOW, [], [], {"bed": Placeable("bed", 9_000)})
    assert timeline.chapters == timeline.music == ()


def test_a_sting_before_all_words_starts_at_once() -> None:
    timeline = timeline_of("---\nsayso: 1\n---\n\n{sting intro}\n\nHello there.\n")
    assert timeline.music[0].start == LEAD


def test_speech_begins_under_the_tail_of_a_sting_that_allows_it() -> None:
    text = "---\nsayso: 1\n---\n\nFirst.\n\n{sting intro}\n\nSecond.\n"
    timeline = timeline_of(text)
    (sting,) = timeline.music
    second = timeline.lines[1]
    assert 0 <= second.start - (sting.end - samples(1.0)) < FRAME
    assert len(timeline.chunks) == 2


def test_a_bed_under_a_segment_ends_with_it() -> None:
    text = "---\nsayso: 1\n---\n\n## A {#a bed=bed}\n\nOne.\n\n## B {#b}\n\nTwo.\n"
    timeline = timeline_of(text)
    (bed,) = timeline.music
    one, two = timeline.lines
    assert bed.start < one.start < one.end < bed.end <= two.start


def test_a_pause_before_a_bed_is_kept() -> None:
    text = "---\nsayso: 1\n---\n\nOne.\n\n{bed bed}\n\n{pause 0.3s}\n\nTwo.\n"
    timeline = timeline_of(text)
    gap = timeline.lines[1].start - timeline.lines[0].end
    assert samples(0.3) <= gap < samples(0.3) + FRAME


def test_times_are_whole_samples() -> None:
    timeline = timeline_of((DATA / "beds.script.md").read_text("utf-8"))
    for one in (*timeline.lines, *timeline.music, *timeline.chapters, *timeline.chunks):
        assert type(one.start) is int
        assert type(one.end) is int
    assert isinstance(timeline.lines[0], SpokenLine)
