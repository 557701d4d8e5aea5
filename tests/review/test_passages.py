"""Passages: what belongs together is placed in one segment, in its order, once."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sayso.model import Block, Outline
from sayso.review import load_kinds, outline, parse_review, split_sentences
from sayso.review.passages import leans, read_passages
from sayso.review.sections import Section, read_sections

KINDS = load_kinds()
CAST = "The performances are superb, and the cast has chemistry."
LOOK = "The cinematography is gorgeous, and the score is haunting."


def outline_of(text: str) -> Outline:
    return outline(parse_review(text, Path("r.md")), KINDS, kind="tv")


def passages_of(text: str) -> list[list[str]]:
    review = parse_review(text, Path("r.md"))
    spoken = {block.id for block in review.blocks if block.id.startswith("p")}
    sections = read_sections(review, spoken, KINDS.by_id["tv"])
    return [[block.text for block in p.blocks] for p in read_passages(sections, KINDS.by_id["tv"])]


@pytest.mark.parametrize(
    "opening",
    [
        "But that is only the first half.",
        "Yet nothing of it lasts.",
        "However, it never rains.",
        "This in itself is no fault.",
        "This changes everything.",
        "That's no small thing.",
        "These are the best of them.",
        "Having got that off my chest, I liked it.",
        "None of that matters.",
        "Of these, the second is best.",
        "As I said above, it is long.",
        "As mentioned before, it is long.",
        "The former is a waltz.",
        "All of this takes an hour.",
        "On the other hand, it is short.",
        "“But why?” you ask.",
        "That said, I would see it again.",
        "Instead of that, we get rain.",
        "Unfortunately, it rains.",
        "Speaking of the rain, it stops.",
    ],
)
def test_a_paragraph_that_leans_stays_with_the_one_before(opening: str) -> None:
    text = f"It is a series.\n\n{LOOK}\n\n{opening} {CAST}\n\nSee it.\n"
    assert [LOOK, f"{opening} {CAST}"] in passages_of(text)
    placed = {p.block.text[:20]: p.segment for p in outline_of(text).placements}
    assert placed[LOOK[:20]] == placed[f"{opening} {CAST}"[:20]]


def test_a_short_sentence_on_a_person_is_one_more_of_those_before() -> None:
    scene = ["Mara walks to the pier.", "She hears it.", "They are back."]
    assert scene in passages_of("\n\n".join([LOOK, *scene, CAST]))


def test_the_entries_of_a_diary_stay_together_and_in_order() -> None:
    entries = ["Episode 1: The pilot is weak.", "Episode 2: The cast acts.", "Episode 3: It rains."]
    assert entries in passages_of("\n\n".join([LOOK, *entries, CAST]))
    aspects = ["Story: It is weak.", "Acting: It is fine."]
    assert all([aspect] in passages_of("\n\n".join([LOOK, *aspects])) for aspect in aspects)


def test_a_warning_over_nothing_is_said_before_what_follows() -> None:
    result = outline_of(f"{LOOK}\n\n## SPOILERS AHEAD!\n\n## Fog\n\nHe dies in it.\n")
    said = [p.text for p in result.placements]
    assert said[1:] == ["SPOILERS AHEAD!", "Fog", "He dies in it."]


@pytest.mark.parametrize(
    "opening",
    [
        "But it's not just the characters who have changed.",
        "And then there's the music.",
        "Yet amid the fog, it never forgets its heart.",
        "But what about the ending?",
        "It is a fine cast.",
        "This series is long.",
        "Those two brothers are twins.",
        "Thistles grow there.",
        "Butter is cheap.",
        "So, the cast.",
    ],
)
def test_a_paragraph_that_turns_to_something_else_is_its_own(opening: str) -> None:
    assert [opening] in passages_of(f"It is a series.\n\n{LOOK}\n\n{opening}\n\nSee it.\n")


@pytest.mark.parametrize(
    "group",
    [
        "- Ada loses her job;\n- the mayor lies;\n- the music stops;",
        "1. Ada loses her job.\n2. The camera holds.\n3. Her brother dies.",
        "* One\n  * two\n  * three\n* four",
        "> I left my coat upon the quay\n> I left my heart at sea",
        "> A fine thing.\n>\n> A very fine thing.",
    ],
)
def test_a_list_or_quote_stays_whole_and_with_what_introduces_it(group: str) -> None:
    text = f"It is a series.\n\nHere is what happens:\n\n{group}\n\n{CAST}\n"
    found = passages_of(text)
    (passage,) = (one for one in found if one[0] == "Here is what happens:")
    assert len(passage) > 1
    assert [CAST] in found
    segments = {p.segment for p in outline_of(text).placements if p.block.text in passage}
    assert len(segments) == 1


def test_the_numbers_of_a_list_are_heard() -> None:
    text = "It is a series.\n\nThree things:\n\n3. The dial.\n4. The price.\n   It is low.\n"
    said = [p.text for p in outline_of(text).placements]
    assert said[-3:] == ["Three things:", "3: The dial.", "4: The price. It is low."]


def test_a_heading_joins_the_first_passage_under_it() -> None:
    review = parse_review("One.\n\n## Fog\n\n### Gulls\n\nTwo.\n\nThree.\n", Path("r.md"))
    sections = read_sections(review, {"p1", "p2", "p3"}, KINDS.by_id["tv"])
    found = read_passages(sections, KINDS.by_id["tv"])
    assert [[s.name for s in p.headings] for p in found] == [[], ["Fog", "Gulls"], []]


def test_a_heading_over_nothing_is_left_out_and_told() -> None:
    text = f"{CAST}\n\n## Gallery\n\n![A mill](mill.jpg)\n\n## Fog\n\nIt is thick.\n"
    result = outline_of(text)
    told = {a.block.text: a.reason for a in result.asides if a.block.kind == "heading"}
    assert told == {"Gallery": "a heading with nothing under it"}
    assert "Fog" in [p.text for p in result.placements]


_PARAGRAPH = st.sampled_from([CAST, LOOK, "But it rains.", "It is so.", "Here they are:", "Hm."])
_ITEMS = st.lists(st.sampled_from(["One", "two is more.", "Three; four"]), min_size=1, max_size=5)
_PART = st.one_of(
    _PARAGRAPH,
    _ITEMS.map(lambda items: "\n".join(f"- {item}" for item in items)),
    _ITEMS.map(lambda items: "\n".join(f"{n}. {item}" for n, item in enumerate(items, 1))),
    _ITEMS.map(lambda items: "\n".join(f"> {item}\n>" for item in items)),
    st.sampled_from(["## Cast", "## Fog & gulls", "### 1. The mill", "## Pros", "# Mill", "---"]),
    st.sampled_from(["8/10", "★★★★☆", "## Verdict: 8/10", "**Score: 7/10**"]),
)


@settings(max_examples=150, deadline=None)
@given(st.lists(_PART, min_size=1, max_size=12), st.sampled_from([None, "tv", "roundup"]))
def test_every_block_is_placed_or_set_aside_and_groups_stay_together(
    parts: list[str], kind: str | None
) -> None:
    text = "Begin here.\n\n" + "\n\n".join(parts) + "\n"
    result = outline(parse_review(text, Path("r.md")), KINDS, kind=kind)
    said = [
        f"{placement.block.id}.{number}"
        for placement in result.placements
        for number, _ in enumerate(placement.sentences, placement.first)
    ]
    assert len(said) == len(set(said))
    aside = {one.block.id for one in result.asides}
    titles = {name.heading for name in result.names}
    for block in result.review.blocks:
        unsaid = 1 if block.id in titles and f"{block.id}.0" not in said else 0
        sentences = {f"{block.id}.{number}" for number in range(unsaid, len(block.sentences))}
        if block.id not in aside:
            assert sentences <= set(said), block
        elif block.kind != "heading":
            assert sentences.isdisjoint(said), block
    segments: dict[int, set[str]] = {}
    for placement in result.placements:
        if placement.block.group:
            segments.setdefault(placement.block.group, set()).add(placement.segment)
    assert all(len(of_group) == 1 for of_group in segments.values())
    order = [p.block.line for p in result.placements if p.reason not in ("rating", "heading")]
    assert order == sorted(order)


def test_leaning_is_of_paragraphs_alone() -> None:
    for kind, expected in (("paragraph", True), ("item", False), ("quote", False)):
        text = "But it rains."
        block = Block("p1", kind, text, 1, split_sentences(text))  # type: ignore[arg-type]
        assert leans(block) is expected
    assert Section(None, ()).name == ""
