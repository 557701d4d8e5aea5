"""What the review is called, and what of a title is the thing that it is about."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sayso.review import parse_review
from sayso.review.titles import subject_from_title, subject_of, title_from_start

SITE = {"kettle weekly"}
SUBJECTS = [
    ("Review: The Pier", "The Pier"),
    ("Film review – The Pier", "The Pier"),
    ("TV Review: The Pier | Kettle Weekly", "The Pier"),
    ("Filmrecensie: De Pier", "De Pier"),
    ("Buchkritik – Der Pier", "Der Pier"),
    ("Critique du film : Le Quai", "Le Quai"),
    ("Reseña: El muelle", "El muelle"),
    ("Рецензия: Причал", "Причал"),
    ("映画評：声の形", "声の形"),
    ("声の形 レビュー", "声の形"),
    ("Book Review | The Pier", "The Pier"),
    ("[Review] The Pier", "The Pier"),
    ("Review #12: The Pier", "The Pier"),
    ("A review of The Pier", "The Pier"),
    ("The Pier review", "The Pier"),
    ("The Pier film review", "The Pier"),
    ("The Pier: a spoiler-free review", "The Pier"),
    ("The Pier: all the lights are out", "The Pier"),
    ("“The Pier” – Review", "The Pier"),
    ("The Pier (★★★★☆)", "The Pier"),
    ("The Pier – 8/10", "The Pier"),
    ("The Pier | Some Blog", "The Pier"),
    ("The Pier – Kettle Weekly", "The Pier"),
    ("Movie Review: Up", "Up"),
    ("Test: iPhone", "iPhone"),
]
WHOLE = [
    *("The Pier", "Review", "A Review", "The Year in Review", "The New York Review of Books"),
    *("Dune: Part Two", "Fahrenheit 9/11", "Spider-Man – Homecoming", "Kritik der reinen Vernunft"),
    *("the long dark: redux", "Hotel Ritz", "声の形", "Tea 1", "Preview", "[Test] x"),
]


@pytest.mark.parametrize(("title", "subject"), SUBJECTS)
def test_the_subject_is_the_title_without_what_is_said_besides(title: str, subject: str) -> None:
    assert subject_from_title(title, SITE) == subject


@pytest.mark.parametrize("title", WHOLE)
def test_a_name_stays_whole(title: str) -> None:
    assert subject_from_title(title, SITE) == title


@given(st.text(max_size=400))
def test_there_is_always_a_subject_of_words_of_the_title(title: str) -> None:
    subject = subject_from_title(title, SITE)
    assert subject in title
    assert subject or not title


def test_a_site_is_known_by_the_front_matter_the_author_and_the_show() -> None:
    head = "---\ntitle: The Pier - {}\nsite: Kettle Weekly\nauthor: Ann Low\n---\nIt is good."
    for name, subject in [("Kettle Weekly", "The Pier"), ("ann low", "The Pier")]:
        assert subject_of(parse_review(head.format(name))) == subject
    review = parse_review(head.format("Homecoming"))
    assert (review.title, subject_of(review)) == ("The Pier - Homecoming", review.title)
    assert subject_of(review, ["homecoming"]) == "The Pier"


@pytest.mark.parametrize("n", [20, 59, 60, 61, 71])
@pytest.mark.parametrize("title", ["The Blue Kettle", "The kettle that boils", "声の形", "Причал"])
def test_a_short_first_line_of_plain_text_is_the_title(title: str, n: int) -> None:
    text = "The kettle boils water, and it boils it well enough for me and all my guests."[: n - 1]
    review = parse_review(f"{title}\n\n{text}.\n\nBuy it.\n", Path("x.txt"))
    assert review.title == title
    assert review.blocks[0].kind == "heading"


@pytest.mark.parametrize("first", ["It is good.", "Is it good?", "So good!", "Well …"])
def test_a_first_sentence_is_no_title(first: str) -> None:
    review = parse_review(f"{first}\n\nThe kettle boils in two minutes.\n", Path("x.txt"))
    assert [block.kind for block in review.blocks] == ["paragraph", "paragraph"]


def test_names_in_other_letters_recur_too() -> None:
    text = "Мы видели Тихий Причал. Да, Тихий Причал хорош."
    assert parse_review(text, Path("000.txt")).title == "Тихий Причал"
    assert parse_review("面白い。", Path("声.md")).title == "声"


def test_a_title_from_a_script_without_spaces_is_short() -> None:
    assert title_from_start("この映画は面白い。" * 20) == "この映画は面白い …"
    assert len(title_from_start("あ" * 500)) < 90
