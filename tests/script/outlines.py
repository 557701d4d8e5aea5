"""Outlines made by hand or by Hypothesis, for tests of rendering."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from hypothesis import strategies as st

from sayso.model import Block, Outline, Placement, Review, SegmentName, Show, Sound, Voice
from sayso.review import load_kinds, outline, parse_review, split_sentences
from sayso.show.finding import starter_folder

NAMES = tuple(
    SegmentName(name, title, title.lower())
    for name, title in (
        ("intro", "Introduction"),
        ("premise", "The story"),
        ("cast", "The cast"),
        ("looks", "How it looks"),
        ("verdict", "The verdict"),
    )
)
SHOW = Show(
    root=Path(),
    title="Late Seats",
    voices=(Voice("host", speaker="Ann"), Voice("critic", speaker="Bo")),
    sounds=tuple(Sound(name, f"{name}.wav") for name in ("intro", "transition", "outro", "bed")),
)
SHIPPED = (starter_folder() / "scripts",)


def make_outline(*placed: tuple[str, str], kind: str = "tv", **review: str) -> Outline:
    """An outline of (segment, paragraph) pairs; `seg:2` places from the third sentence on."""
    blocks, placements = [], []
    for number, (segments, text) in enumerate(placed, 1):
        block = Block(f"p{number}", "paragraph", text, number, split_sentences(text))
        blocks.append(block)
        cuts = [
            (0, part) if ":" not in part else (int(part.split(":")[1]), part.split(":")[0])
            for part in segments.split()
        ]
        ends = [first for first, _ in cuts[1:]] + [None]
        placements += [
            Placement(block, segment, "cues", first, end)
            for (first, segment), end in zip(cuts, ends, strict=True)
        ]
    fields = {"title": "The Quiet Mile: a review", "subject": "The Quiet Mile", **review}
    extra = (("venue", "The Regal"),)
    made = Review(Path("quiet.md"), blocks=tuple(blocks), kind=kind, extra=extra, **fields)  # type: ignore[arg-type]
    return Outline(made, kind, "front matter", NAMES, tuple(placements), ())


PLAIN = make_outline(
    ("intro", "Nobody runs in this film. You will leave out of breath."),
    ("cast", "Ada Brill walks. She walks well."),
    ("premise", "A man loses his dog, and then his way."),
    ("cast", "The dog is played by four dogs."),
    ("verdict", "I give it four stars. Go."),
)


def outline_of(text: str, kind: str | None = None) -> Outline:
    """The outline that sayso makes of a review."""
    return outline(parse_review(text), load_kinds(), kind=kind)


_words = st.sampled_from(
    [
        *(
            "The cast is good.",
            "It looks grey.",
            "Yes.",
            "Yes.",
            "He said: {no}.",
            "# One.",
            "HOST: hi.",
        ),
        *(
            "*Stars* and **bars**.",
            "But I cried.",
            "A \\ slash.",
            '[Text]{say="x"}.',
            "<!-- well -->.",
        ),
        *(
            "\u00c9t\u00e9 \u2014 4/5 \u2605\u2605.",
            "{from=p1}",
            "--- ends.",
            "It says \u201cgo\u201d.",
            "Wren\u2028comes.",
        ),
    ]
)


@st.composite
def outlines(draw: st.DrawFn) -> Outline:
    """Any outline: nasty sentences, segments that recur, paragraphs cut between two segments."""
    blocks: list[Block] = []
    placements: list[Placement] = []
    ids = [name.id for name in NAMES]
    for number in range(1, draw(st.integers(1, 7)) + 1):
        text = " ".join(" ".join(draw(st.lists(_words, min_size=1, max_size=5))).split())
        block = Block(f"p{number}", "paragraph", text, number, split_sentences(text))
        blocks.append(block)
        n = len(block.sentences)
        cut = draw(st.integers(1, n))
        placements.append(
            Placement(block, draw(st.sampled_from(ids)), "cues", 0, cut if cut < n else None)
        )
        if cut < n:
            placements.append(Placement(block, draw(st.sampled_from(ids)), "cues", cut))
    title = draw(_words)
    review = Review(
        Path("a.md"),
        title,
        tuple(blocks),
        subject=draw(st.none() | _words),
        rating=draw(st.sampled_from([None, "4/5", "{9}"])),
    )
    return Outline(review, "tv", "guess", NAMES, tuple(placements), ())


def told(outline: Outline) -> Sequence[str]:
    """Every sentence that the outline places, in the review's order."""
    return [sentence for placement in outline.placements for sentence in placement.sentences]
