"""What a build tells of what it leaves out."""

from __future__ import annotations

from typing import get_args

import pytest

from sayso.build.left_out import count_left_out, describe
from sayso.model import Aside, Block, BlockKind, Outline, Review
from sayso.review.non_spoken import left_out_reason, meta_reason

SPOKEN = ("paragraph", "item", "quote", "verse")
UNMISSED = ("caption", "break")


def aside(kind: BlockKind, reason: str, bucket: str = "left out", text: str = "Words.") -> Aside:
    return Aside(Block("x1", kind, text, 1), bucket, reason)  # type: ignore[arg-type]


def outline(*asides: Aside) -> Outline:
    return Outline(Review(None, "The Pier", ()), "tv", "guess", (), (), asides)


TABLE, NOTE = aside("table", "a table is not read out"), aside("note", "a footnote", "meta")
GALLERY = aside("embed", "an embed is not read out", text='[gallery ids="1,2"]')
CREDITS = aside("paragraph", "credits or details", "meta")


@pytest.mark.parametrize(
    ("asides", "told"),
    [
        ((TABLE,), "left out: 1 table; sayso script --explain lists it"),
        (
            (NOTE, TABLE, NOTE, GALLERY, TABLE, NOTE),
            "left out: 2 tables, 1 gallery, 3 footnotes; sayso script --explain lists them",
        ),
        (
            (CREDITS, aside("quote", "repeats p3", "duplicate"), CREDITS),
            "left out: 1 repetition, 2 lines of credits; sayso script --explain lists them",
        ),
        (
            (aside("heading", "a heading with nothing under it"), aside("paragraph", "a spoiler")),
            "left out: 1 heading, 1 spoiler; sayso script --explain lists them",
        ),
        (
            (aside("paragraph", "a reason of tomorrow"),),
            "left out: 1 other passage; sayso script --explain lists it",
        ),
    ],
)
def test_one_line_tells_it(asides: tuple[Aside, ...], told: str) -> None:
    assert describe(count_left_out(outline(*asides))) == told


@pytest.mark.parametrize("kind", get_args(BlockKind))
def test_every_kind_of_block_has_a_name(kind: BlockKind) -> None:
    block = Block("x1", kind, "Something.", 1, ("Something.",))
    reason = meta_reason(block) or left_out_reason(block, "The Pier")
    (name,) = [name for name, _ in count_left_out(outline(Aside(block, "left out", reason)))] or [
        ""
    ]
    assert (name == "") == (kind in UNMISSED)
    assert (name == "other passage") == (kind in SPOKEN)


def test_what_nobody_misses_is_not_told() -> None:
    found = count_left_out(
        outline(
            aside("caption", "a caption", "meta"),
            aside("break", "a break", text=""),
            aside("heading", "titles its chapter", "title"),
            aside("heading", "the title"),
            aside("html", "a comment", text="<!-- later -->"),
            aside("html", "names the segment of what follows", text="<!-- segment: cast -->"),
        )
    )
    assert found == ()
