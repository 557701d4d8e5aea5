"""Transcripts: every written word, in readable cues, when it is said."""

from __future__ import annotations

import itertools

import pytest
from episode.subtitles import read_srt, read_vtt
from hypothesis import given, settings
from hypothesis import strategies as st

from sayso.episode import plain, srt, vtt
from sayso.episode.transcript import MAX_CUE_CHARACTERS, Cue, cues
from sayso.model import Line, SpokenLine, Timeline, Voice, WordMark

RATE = 44_100
HOST, CRITIC = Voice("host", speaker="The Host"), Voice("critic")


def timeline_of(*lines: SpokenLine) -> Timeline:
    n_samples = max((line.end for line in lines), default=0) + RATE
    return Timeline(RATE, n_samples, lines, (), (), ())


def line(
    written: str,
    start_s: float = 0.0,
    seconds: float = 10.0,
    voice: Voice = HOST,
    words: tuple[tuple[str, int], ...] = (),
    item: int = 0,
) -> SpokenLine:
    marks = tuple(WordMark(word, ms) for word, ms in words)
    said = Line(written, written, voice, item)
    return SpokenLine(said, round(start_s * RATE), round(seconds * RATE), "intro", "key", marks)


# ------------------------------------------------------------------------------------ any timeline

TEXTS = st.text(
    st.sampled_from("aé 한<>&;:,.-–—\"'\n\u2028\u00a0amp#1 "), min_size=1, max_size=300
).filter(str.strip)
PROSE = st.lists(st.text("abcdefg,.;", min_size=1, max_size=14), min_size=1, max_size=60).map(
    " ".join
)
LONG_WORDS = st.lists(st.text("xyz", min_size=1, max_size=200), min_size=1, max_size=4).map(
    " ".join
)


@st.composite
def timelines(draw: st.DrawFn) -> Timeline:
    at = draw(st.sampled_from([0, 3_000, 3_599 * RATE, 40_000 * RATE]))
    lines = []
    for item in range(draw(st.integers(0, 6))):
        written = draw(st.one_of(TEXTS, PROSE, LONG_WORDS))
        name = st.lists(st.text("A<&>é", min_size=1), min_size=1).map(" ".join)
        speaker = draw(st.one_of(st.none(), name))
        n_samples = draw(st.integers(RATE // 2, 30 * RATE))
        n_marks = draw(st.sampled_from([0, len(written.split()), 3]))
        marks = draw(
            st.lists(
                st.integers(0, n_samples * 1000 // RATE), min_size=n_marks, max_size=n_marks
            ).map(sorted)
        )
        words = tuple(WordMark("w", ms) for ms in marks)
        voice = Voice("host", speaker=speaker)
        said = Line(written, "said otherwise", voice, item)
        lines.append(SpokenLine(said, at, n_samples, "intro", "key", words))
        at += n_samples + draw(st.integers(0, RATE))
    return timeline_of(*lines)


@settings(max_examples=120, deadline=None)
@given(timelines())
def test_what_holds_for_any_timeline(timeline: Timeline) -> None:
    found = cues(timeline)
    check_order(timeline, found)
    check_words(timeline, found)
    check_webvtt(timeline, found)
    check_subrip(timeline, found)


def check_order(timeline: Timeline, found: tuple[Cue, ...]) -> None:
    """Cues come one after another, inside the sound of their lines."""
    for cue in found:
        spoken = timeline.lines[cue.line]
        assert timeline.ms(spoken.start) <= cue.start_ms < cue.end_ms <= timeline.ms(spoken.end)
    for before, after in itertools.pairwise(found):
        assert before.end_ms <= after.start_ms
        assert before.line <= after.line


def check_words(timeline: Timeline, found: tuple[Cue, ...]) -> None:
    """No word is lost, no cue crosses a sentence, and each can be read at a glance."""
    for index, spoken in enumerate(timeline.lines):
        own = [cue for cue in found if cue.line == index]
        assert " ".join(cue.text for cue in own).split() == spoken.line.written.split()
        assert own[0].start_ms == timeline.ms(spoken.start)
        assert own[-1].end_ms == timeline.ms(spoken.end)
    for cue in found:
        assert cue.text == " ".join(cue.text.split())
        assert len(cue.text) <= MAX_CUE_CHARACTERS or " " not in cue.text


def check_webvtt(timeline: Timeline, found: tuple[Cue, ...]) -> None:
    """It keeps to the grammar and says the same."""
    read = read_vtt(vtt(timeline))
    assert [(c.start_ms, c.end_ms, c.speaker, c.text) for c in read] == [
        (c.start_ms, c.end_ms, c.speaker, c.text) for c in found
    ]


def check_subrip(timeline: Timeline, found: tuple[Cue, ...]) -> None:
    speaker = None
    for got, cue in zip(read_srt(srt(timeline)), found, strict=True):
        assert (got.start_ms, got.end_ms) == (cue.start_ms, cue.end_ms)
        named = "" if cue.speaker == speaker else f"{cue.speaker}: "
        assert got.text == named + cue.text
        speaker = cue.speaker


# --------------------------------------------------------------------------------------- by hand

SHORT = timeline_of(
    line("The <lights> are out & nobody minds.", 0.104, 2.5),
    line("Who -->is it?", 3.0, 1.0, CRITIC, item=1),
    line("Me.", 3_725.5, 0.25, CRITIC, item=1),
)


def test_webvtt_by_hand() -> None:
    assert vtt(SHORT) == (
        "WEBVTT\n"
        "\n"
        "00:00:00.104 --> 00:00:02.604\n"
        "<v The Host>The &lt;lights&gt; are out &amp; nobody minds.</v>\n"
        "\n"
        "00:00:03.000 --> 00:00:04.000\n"
        "<v critic>Who --&gt;is it?</v>\n"
        "\n"
        "01:02:05.500 --> 01:02:05.750\n"
        "<v critic>Me.</v>\n"
    )


def test_subrip_by_hand() -> None:
    assert srt(SHORT) == (
        "1\n"
        "00:00:00,104 --> 00:00:02,604\n"
        "The Host: The <lights> are out & nobody minds.\n"
        "\n"
        "2\n"
        "00:00:03,000 --> 00:00:04,000\n"
        "critic: Who -->is it?\n"
        "\n"
        "3\n"
        "01:02:05,500 --> 01:02:05,750\n"
        "Me.\n"
    )


def test_plain_text_has_a_paragraph_for_each_turn() -> None:
    assert plain(SHORT) == "The <lights> are out & nobody minds.\n\nWho -->is it? Me."


def test_nothing_said_is_an_empty_transcript() -> None:
    assert vtt(timeline_of()) == "WEBVTT\n"
    assert srt(timeline_of()) == plain(timeline_of()) == ""


SENTENCE = (
    "The tide came in at night, and with it came the boat that nobody had ordered, nobody paid for, "
    "and everybody, in the end, had to live with."
)


def test_a_long_sentence_is_cut_at_its_commas() -> None:
    assert [cue.text for cue in cues(timeline_of(line(SENTENCE)))] == [
        "The tide came in at night, and with it came the boat that nobody had ordered,",
        "nobody paid for, and everybody, in the end, had to live with.",
    ]


@pytest.mark.parametrize(
    ("marks", "cut_ms"),
    [
        # A mark for each written word: the cut is where its first word begins.
        ([(word, 300 * n) for n, word in enumerate(SENTENCE.split())], 300 * 16),
        # Said in other words: the word that begins nearest to the share of letters.
        ([("one", 0), ("two", 5_100), ("three", 7_000)], 5_100),
        # No marks: the share of letters.
        ([], 5_579),
    ],
    ids=["word by word", "other words", "no marks"],
)
def test_a_cut_is_timed_by_the_words_where_the_voice_tells_them(marks, cut_ms: int) -> None:
    first, second = cues(timeline_of(line(SENTENCE, words=tuple(marks))))
    assert first.end_ms == second.start_ms == cut_ms
