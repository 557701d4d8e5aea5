"""What an author made of breaks alone, and of brackets, in Markdown."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sayso.review.line_breaks import join_lines, keep_names
from sayso.review.parsing import parse_review


def read(text: str) -> list[tuple[str, str]]:
    return [(block.kind, block.text) for block in parse_review(text, Path("a.md")).blocks]


@pytest.mark.parametrize("tag", ["<br>", "<br/>", "<br />", "<BR>"])
def test_two_breaks_part_paragraphs_and_lines_with_a_dash_are_items(tag: str) -> None:
    text = (
        f"It boils *fast*.{tag}{tag}It pours.{tag}Well.{tag} {tag}I saw:{tag}- Lid: tight{tag}"
        f"- Cord: short{tag}{tag}Not this:{tag}{tag}- Lamp: dim{tag}- Foot: loose"
    )
    assert read(text) == [
        ("paragraph", "It boils fast."),
        ("paragraph", "It pours. Well."),
        ("paragraph", "I saw:"),
        ("item", "Lid: tight"),
        ("item", "Cord: short"),
        ("paragraph", "Not this:"),
        ("item", "Lamp: dim"),
        ("item", "Foot: loose"),
    ]
    groups = [b.group for b in parse_review(text, Path("a.md")).blocks if b.kind == "item"]
    assert groups[0] == groups[1] != groups[2] == groups[3]
    assert 0 not in groups


def test_lines_after_breaks_keep_their_numbers() -> None:
    blocks = parse_review("One.<br><br>\nTwo,\nand.<br>\n<br>\nThree.", Path("a.md")).blocks
    assert [(b.text, b.line) for b in blocks] == [("One.", 1), ("Two, and.", 2), ("Three.", 5)]


@pytest.mark.parametrize("text", ["Use `<br><br>` here.", "A pause<br>- and a dash."])
def test_what_only_looks_like_breaks_stays_one_paragraph(text: str) -> None:
    assert len(read(text)) == 1


@pytest.mark.parametrize("kind", ["b", "bc", "a", "book", "author"])
def test_marks_of_a_shelf_are_names(kind: str) -> None:
    mark = f"[{kind}:The Pier (Piers, #1)|12|The Pier|Ann Ide|http://x.example/a_b.jpg|34]"
    assert read(f"I read {mark} twice.") == [("paragraph", "I read The Pier (Piers, #1) twice.")]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Do you know <name>?", "Do you know name?"),
        ("Say <Name>, and <em>go</em>.", "Say Name, and go."),
        ("Type `cp <src>` now.", "Type cp <src> now."),
        ("A <custom>word</custom> here.", "A word here."),
        ("It is <small>small</small><wbr>.", "It is small."),
    ],
)
def test_a_name_in_angle_brackets_is_said(text: str, said: str) -> None:
    assert read(text) == [("paragraph", said)]


@given(st.lists(st.sampled_from(["One.", "- two", "three", "", " ", "• four", "<name>"])))
def test_no_word_is_lost(lines: list[str]) -> None:
    joined = " ".join(words for words, _, _ in join_lines(lines, " "))
    kept = [word for word in joined.split() if word not in "-•"]
    assert kept == [word for word in " ".join(lines).split() if word not in "-•"]
    assert keep_names(joined).split() == [word.strip("<>") for word in joined.split()]
