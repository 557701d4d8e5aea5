"""Paragraphs that only point elsewhere are left out with what they point at."""

from __future__ import annotations

from pathlib import Path

import pytest

from sayso.review import load_kinds, outline, parse_review

BEGINNING = "The kettle is fine, and I liked it a lot."


def left_out(text: str) -> dict[str, str]:
    """What of a text is not said, and why; the text stands between two paragraphs."""
    review = parse_review(f"{BEGINNING}\n\n{text}\n\nThe end.\n", Path("r.md"))
    return {aside.block.text: aside.reason for aside in outline(review, load_kinds()).asides}


@pytest.mark.parametrize(
    "label",
    [
        "[Steam](u)",
        "[purchase link](u)",
        "[game website](u)",
        "[Back to the list](u)",
        "download link [here](u)",
        "[Read my review here](u)",
        "(originally posted on [The Mill](u))",
        "Purchased from [The Mill](u).",
        "[*Buy it on Bandcamp*](u)",
    ],
)
def test_the_label_of_a_link_is_not_said(label: str) -> None:
    assert list(left_out(label).values()) == ["a link"]


@pytest.mark.parametrize(
    "words",
    [
        "[The Long Ferry](u)",
        "[The Long Ferry](u)\n\nIt is long.\n\n[Kettle Street](v)",
        "- [The Long Ferry](u)\n- [Kettle Street](v)",
        "[You should read it here.](u)",
        "## [Steam](u)\n\nIt hisses.",
        "Steam",
    ],
)
def test_a_link_that_names_or_tells_is_said(words: str) -> None:
    assert "a link" not in left_out(words).values()


def test_a_link_under_the_same_words_again_and_again_names_nothing() -> None:
    assert left_out("\n\nGood.\n\n".join(["[The Mill](u)"] * 3)) == {"The Mill": "a link"}


@pytest.mark.parametrize(
    "lead", ["Here's some pictures:", "Enjoy the video here :)", "Original post:"]
)
@pytest.mark.parametrize(
    "led_to",
    ["{{< youtube abc >}}", "![boat](a.jpg)", "| a | b |\n|---|---|\n| 1 | 2 |", "[Steam](u)"],
)
def test_what_leads_in_to_what_is_left_out_is_left_out(lead: str, led_to: str) -> None:
    assert left_out(f"{lead}\n\n{led_to}")[lead] == "leads in to what is left out"


@pytest.mark.parametrize(
    "words",
    [
        "The pots:\n\n![boat](a.jpg)\n\n- one is red\n- one is blue",
        "The pots:\n\n> It is long.",
        "It hisses. Watch it here:\n\n{{< youtube abc >}}",
        "The pots:\n\nThey are red.\n\n{{< youtube abc >}}",
        "It hisses.\n\n{{< youtube abc >}}",
    ],
)
def test_a_lead_in_to_words_is_said(words: str) -> None:
    assert "leads in to what is left out" not in left_out(words).values()


def test_details_that_two_things_share_are_no_repetition() -> None:
    line = "pub date: the third of May in the year after that."
    assert left_out(f"{line}\n\nGood.\n\n{line}") == {}
    assert left_out(f"{line}\n\n{BEGINNING}") == {BEGINNING: "repeats p1"}
