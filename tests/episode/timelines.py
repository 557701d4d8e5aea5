"""Timelines to project: small ones to read, and random ones to hold invariants against."""

from __future__ import annotations

from collections.abc import Sequence

from hypothesis import strategies as st

from sayso.model import Chapter, Line, SpokenLine, Timeline, Voice, WordMark

RATE = 44_100
HOST, CRITIC = Voice("host", "tone", "hum", speaker="Host"), Voice("critic", "tone", "hum")


def spoken(
    written: str,
    start_s: float,
    end_s: float,
    *,
    voice: Voice = HOST,
    item: int = 0,
    segment: str = "intro",
    words: Sequence[tuple[str, int]] = (),
    said: str | None = None,
) -> SpokenLine:
    """A line on the timeline; `words` are said words and their milliseconds."""
    start = round(start_s * RATE)
    return SpokenLine(
        Line(written, said or written, voice, item),
        start,
        round(end_s * RATE) - start,
        segment,
        "0" * 64,
        tuple(WordMark(word, ms) for word, ms in words),
    )


def timeline(
    lines: Sequence[SpokenLine], chapters: Sequence[tuple[str, float]], end_s: float
) -> Timeline:
    """`chapters` are titles and starts in seconds; each ends where the next begins."""
    ends = [*(start for _, start in chapters[1:]), end_s]
    return Timeline(
        RATE,
        round(end_s * RATE),
        tuple(lines),
        (),
        tuple(
            Chapter(title.casefold(), title, round(start * RATE), round(end * RATE))
            for (title, start), end in zip(chapters, ends, strict=True)
        ),
        (),
    )


EVENING = timeline(
    [
        spoken("Good evening.", 0.1, 1.1, words=[("good", 20), ("evening", 400)]),
        spoken("Cats & dogs, <live>.", 1.4, 3.0, item=2),
        spoken(
            "S02E03 cost $3 million.",
            64.0,
            68.0,
            voice=CRITIC,
            item=5,
            segment="cast",
            said="season two episode three cost three million dollars.",
            words=[
                *(("season", 0), ("two", 500), ("episode", 900), ("three", 1400), ("cost", 1800)),
                *(("three", 2200), ("million", 2600), ("dollars", 3200)),
            ],
        ),
        spoken("Good night.", 3700.5, 3702.0, item=9, segment="verdict"),
    ],
    [("Intro", 0.0), ('The "cast" & <co>', 63.9996), ("Verdict", 3700.0)],
    3725.25,
)

_TITLES = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=80).filter(
    lambda title: bool(title.strip())
)


@st.composite
def timelines(draw: st.DrawFn) -> Timeline:
    """Chapters one after another, from 0 to the end, each with lines or without."""
    titles = draw(st.lists(_TITLES, min_size=1, max_size=12))
    lengths = draw(st.lists(st.integers(1, 5_000_000), min_size=len(titles), max_size=len(titles)))
    chapters, lines, at = [], [], 0
    for number, (title, length) in enumerate(zip(titles, lengths, strict=True)):
        chapters.append(Chapter(f"s{number}", title, at, at + length))
        if length > 50_000 and draw(st.booleans()):
            words = draw(st.lists(st.text("ab<&é", min_size=1, max_size=9), min_size=1))
            voice = draw(st.sampled_from([HOST, CRITIC]))
            line = Line(" ".join(words), " ".join(words), voice, number)
            lines.append(SpokenLine(line, at + 10_000, length - 20_000, f"s{number}", "0" * 64))
        at += length
    return Timeline(RATE, at, tuple(lines), (), tuple(chapters), ())
