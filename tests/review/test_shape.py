"""The shape of a review: prose, sections of its author, or several things in turn."""

from __future__ import annotations

from pathlib import Path

import pytest

from sayso.errors import ReviewError
from sayso.model import Outline
from sayso.review import load_kinds, outline, parse_review
from sayso.review.sections import is_contrast

KINDS = load_kinds()


def outline_of(text: str, kind: str | None = None) -> Outline:
    return outline(parse_review(text, Path("r.md")), KINDS, kind=kind)


def items(title: str, *headings: str, after: str = "") -> str:
    sections = "\n\n".join(f"## {heading}\n\n{about(heading)}" for heading in headings)
    return f"# {title}\n\nI drank them all.\n\n{sections}\n{after}"


def about(heading: str) -> str:
    return f"It is bitter, and so on {sum(map(ord, heading))} times. Drink it."


@pytest.mark.parametrize(
    ("title", "headings"),
    [
        ("Three beers", ("Hop Lantern, 6.2%", "Mud Lark, 4.1%", "Old Ferry, 9%")),
        ("Saturday", ("1. Hop Lantern", "2. Mud Lark", "3. Old Ferry")),
        ("A diary of The Salt Road", ("Episode 1: Rain", "Episode 2: Sun", "Episode 3: Fog")),
        ("Seen in May", ("Night Boat (1987)", "The Mill (2001)", "Gulls (1964)")),
        ("Films", ("Night Boat (4/5)", "The Mill (2/5)")),
        ("Films", ("Night Boat – ★★★★", "The Mill – ★★", "Gulls – ★★★")),
        ("Spring round-up", ("Hop Lantern", "Mud Lark", "Old Ferry")),
        ("What I read in June", ("The Mill by Ann Other", "Gulls by Bo Peep")),
        ("Day by day", ("Day 1", "Day 2", "Day 3", "Day 4")),
        ("S02", ("S02E01", "S02E02", "S02E03")),
    ],
)
def test_several_things_are_a_chapter_each_in_the_author_s_order(
    title: str, headings: tuple[str, ...]
) -> None:
    result = outline_of(items(title, *headings))
    assert result.shape == "roundup"
    ids = [f"item-{number}" for number, _ in enumerate(headings, 1)]
    assert [name.id for name in result.names] == ["intro", *ids, "verdict"]
    for number, heading in zip(ids, headings, strict=True):
        said = [p for p in result.placements if p.segment == number]
        assert said[0].block.kind == "heading"
        assert heading.startswith(said[0].text)
        words = " ".join(p.text for p in said)
        assert sorted(words.split()) == sorted(f"{heading} {about(heading)}".split())


@pytest.mark.parametrize(
    "headings",
    [
        ("Plot", "Cast", "Music"),
        ("The Good", "The Bad", "The Ugly"),
        ("What works", "What doesn't work", "Verdict"),
        ("A slow start", "Into the fog", "Home again"),
        ("Design", "Battery life", "Camera", "Price"),
        ("Is it worth it?", "Who is it for?"),
        ("Pros", "Cons"),
    ],
)
def test_sections_on_one_thing_are_no_items(headings: tuple[str, ...]) -> None:
    assert outline_of(items("The Glass Mill", *headings)).shape != "roundup"


@pytest.mark.parametrize("told", ["kind: roundup", "shape: roundup", "shape: Round-up"])
def test_its_author_settles_that_it_is_of_several_things(told: str) -> None:
    text = items("Saturday", "A slow start", "Into the fog")
    assert outline_of(text).shape != "roundup"
    result = outline_of(f"---\n{told}\n---\n\n{text}")
    assert result.shape == "roundup"
    assert [name.title for name in result.names[1:-1]] == ["A slow start", "Into the fog"]
    assert outline_of(text, kind="roundup").shape == "roundup"


def test_its_author_settles_that_it_is_of_one() -> None:
    text = items("Three beers", "Hop Lantern, 6.2%", "Mud Lark, 4.1%", "Old Ferry, 9%")
    assert outline_of(f"---\nshape: essay\n---\n\n{text}").shape == "essay"
    with pytest.raises(ReviewError, match="unknown shape 'esay'") as raised:
        outline_of(f"---\nshape: esay\n---\n\n{text}")
    assert "essay" in (raised.value.hint or "")


def test_a_rating_is_the_last_word_on_its_item() -> None:
    text = "# Films\n\n## Night Boat (4/5)\n\nSlow.\n\n## The Mill\n\n★★\n\nDull.\n\nBut short.\n"
    result = outline_of(text)
    said = [(p.segment, p.text) for p in result.placements]
    assert said == [
        ("item-1", "Night Boat"),
        ("item-1", "Slow."),
        ("item-1", "(4/5)"),
        ("item-2", "The Mill"),
        ("item-2", "Dull."),
        ("item-2", "But short."),
        ("item-2", "★★"),
    ]
    assert result.rating is None


@pytest.mark.parametrize(
    "after", ["\n## Final thoughts\n\nAll are fine.\n", "\n---\n\nAll are fine.\n"]
)
def test_what_is_said_of_all_of_them_is_the_verdict(after: str) -> None:
    headings = ("Hop Lantern, 6.2%", "Mud Lark, 4.1%", "Old Ferry, 9%")
    result = outline_of(items("Three beers", *headings, after=after))
    last = result.placements[-1]
    assert (last.segment, last.text) == ("verdict", "All are fine.")
    assert [p.segment for p in result.placements].count("verdict") == 1


def test_a_heading_over_several_items_is_said_before_the_first() -> None:
    text = "# Four beers\n\n## Pale\n\n### 1. Hop\n\nBitter.\n\n### 2. Lark\n\nDull.\n\n## Dark\n\n"
    text += "### 3. Ferry\n\nStrong.\n\n### 4. Mud\n\nSweet.\n"
    said = [(p.segment, p.text) for p in outline_of(text).placements]
    assert said[:2] == [("item-1", "Pale"), ("item-1", "1. Hop")]
    assert ("item-3", "Dark") in said


@pytest.mark.parametrize(
    ("heading", "expected"),
    [
        ("Pros", True),
        ("The Good, the Bad & the Ugly", True),
        ("What I liked", True),
        ("What we didn’t like so much", True),
        ("What works", True),
        ("Likes / Dislikes", True),
        ("The good stuff", True),
        ("Plot", False),
        ("The good, the bad and the fog", False),
        ("Prosecco", False),
        ("Whatever works for you", False),
    ],
)
def test_headings_that_set_praise_against_blame(heading: str, expected: bool) -> None:
    assert is_contrast(heading) is expected


def test_praise_and_blame_are_told_apart_by_ear() -> None:
    text = "# Hollin Two\n\nA radio.\n\n## Pros\n\n- The dial\n\n## Cons\n\n- The app\n"
    result = outline_of(text, kind="gadget")
    said = [p.text for p in result.placements if p.segment == "verdict"]
    assert said == ["Pros", "The dial", "Cons", "The app"]


def test_an_author_s_heading_titles_the_segment_that_it_alone_makes_up() -> None:
    text = "# Mill\n\nA film.\n\n## Faces in the fog: the cast\n\nThey act.\n\n## Fog\n\nThick.\n"
    result = outline_of(text, kind="film")
    assert {n.id: n.title for n in result.names}["cast"] == "Faces in the fog: the cast"
    (aside,) = (a for a in result.asides if a.block.text.startswith("Faces"))
    assert (aside.bucket, aside.reason) == ("title", "titles its chapter")
    text += "\n## Acting\n\nThey act again.\n"
    result = outline_of(text, kind="film")
    assert {n.id: n.title for n in result.names}["cast"] == "The cast"
    said = [p.text for p in result.placements if p.segment == "cast"]
    assert said[0] == "Faces in the fog: the cast"
    assert said[-2:] == ["Acting", "They act again."]


@pytest.mark.parametrize("level", ["###", "##"])
def test_the_rating_under_a_heading_within_an_item_is_that_item_s(level: str) -> None:
    text = "# Four beers\n\n"
    for name, rating in (("1. Hop", "4/5"), ("2. Lark", "3/5"), ("3. Ferry", "4.5/5")):
        text += f"## {name}\n\n### 5% and {rating[0]} hops\n\nIt is {name}.\n\n"
        text += f"{level}# Rating: {rating}\n\n"
    said = [(p.segment, p.text) for p in outline_of(text).placements]
    assert said[-4:] == [
        ("item-3", "3. Ferry"),
        ("item-3", "5% and 4 hops"),
        ("item-3", "It is 3. Ferry."),
        ("item-3", "Rating: 4.5/5"),
    ]


def test_sections_that_have_a_verdict_each_are_items() -> None:
    part = "## {0}\n\nMany of {0}.\n\n### The verdict\n\n1. Best of {0}\n\n"
    result = outline_of("# A year\n\nI read.\n\n" + part.format("Seas") + part.format("Hills"))
    assert [name.title for name in result.names[1:-1]] == ["Seas", "Hills"]
    assert "verdict" not in {placement.segment for placement in result.placements}


def test_a_summary_at_the_foot_is_the_verdict() -> None:
    text = "# Mill\n\nA film.\n\n## Cast\n\nThey act.\n\n## Summary\n\nIt follows a miller.\n"
    said = {p.text: p.segment for p in outline_of(text, "film").placements}
    assert said["It follows a miller."] == "verdict"
    text = "# Mill\n\nA film.\n\n## Summary\n\nIt follows a miller.\n\n## Cast\n\nThey act.\n"
    said = {p.text: p.segment for p in outline_of(text, "film").placements}
    assert said["It follows a miller."] == "premise"


def test_a_heading_that_names_several_segments_forces_none() -> None:
    text = "# Mill\n\nA film.\n\n## Story, cast and music\n\nThe story follows a miller.\n\n"
    text += "The performances are superb.\n\nThe score is haunting.\n\n## Verdict\n\nSee it.\n"
    said = {p.text: (p.segment, p.reason) for p in outline_of(text, "film").placements}
    assert said["The performances are superb."] == ("cast", "cues")
    assert said["The score is haunting."] == ("production", "cues")


def test_a_list_is_heard_whole_or_not_at_all() -> None:
    text = (
        "# Box\n\nA box.\n\nWhat it has:\n\n- Price: $350\n- A lid that shuts\n- Website: box.org\n"
    )
    said = [p.text for p in outline_of(text, "gadget").placements]
    assert said[-3:] == ["Price: $350", "A lid that shuts", "Website: box.org"]
    facts = "# Box\n\nA box.\n\n- Price: $350\n- Website: box.org\n\nIt shuts.\n"
    result = outline_of(facts, "gadget")
    assert [a.reason for a in result.asides[1:]] == ["credits or details"] * 2


def test_entries_that_are_alike_are_all_heard() -> None:
    text = "# Wines\n\nTwo.\n\n1. One is red and it is worth your money.\n"
    text += "2. Same again: worth your money.\n\n- It is worth your money now.\n"
    text += "- It is worth your money now.\n"
    assert not [a for a in outline_of(text).asides if a.bucket == "duplicate"]
