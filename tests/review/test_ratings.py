"""The score of a review: read in every usual form, said once and last, never lost."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sayso.model import Outline, Rating
from sayso.review import load_kinds, outline, parse_review
from sayso.review.rating import is_said, rating_of_block, read_rating, split_heading, stated_rating

KINDS = load_kinds()


def outline_of(text: str, name: str = "r.md", best: float | None = None) -> Outline:
    review = parse_review(text, Path(name))
    return outline(review, KINDS, kind="film", best_rating=best)


@pytest.mark.parametrize(
    ("text", "value", "best"),
    [
        ("8/10", 8, 10),
        ("I give it 8/10.", 8, 10),
        ("My rating: 8/10", 8, 10),
        ("Final score: 7 out of 10.", 7, 10),
        ("A solid 7/10.", 7, 10),
        ("Score: 8.5/10", 8.5, 10),
        ("9,7/10", 9.7, 10),
        ("Rating: 4/5 stars", 4, 5),
        ("4 out of 5 stars!", 4, 5),
        ("Three and a half stars", 3.5, 5),
        ("3½/5", 3.5, 5),
        ("★★★★☆", 4, 5),
        ("★★★½", 3.5, 5),
        ("★★½☆☆", 2.5, 5),
        ("⭐️⭐️⭐️⭐️", 4, 5),
        ("Harbour Lights: 8/10", 8, 10),
        ("85 %", 85, 100),
        ("B+", None, None),
        ("Grade: A-", None, None),
        ("Recommended.", None, None),
        ("Verdict: Recommended", None, None),
        ("Rating: 7", 7, None),
        ("0/5", 0, 5),
        ("10/10", 10, 10),
    ],
)
def test_a_rating_is_said_last_in_the_verdict(
    text: str, value: float | None, best: float | None
) -> None:
    found = rating_of_block(text)
    assert found is not None
    assert (found.value, found.best) == (value, best)
    for at in range(3):
        paragraphs = ["The film follows a miller.", "The cast is superb.", "See it again."]
        paragraphs.insert(at, text)
        result = outline_of("# The Glass Mill\n\n" + "\n\n".join(paragraphs) + "\n")
        last = result.placements[-1]
        assert (last.segment, last.reason, last.text) == ("verdict", "rating", text)
        assert (result.rating, result.rating_is_said) == (found, True)
        assert [p.text for p in result.placements].count(text) == 1


@pytest.mark.parametrize(
    "text",
    [
        "We open 24/7.",
        "I saw Fahrenheit 9/11.",
        "Rating: PG-13",
        "IMDb: 7.1/10",
        "10 stars",
        "The film has four stars in it.",
        "11/10",
        "Verdict: it is good",
        "5/5 would eat there again with my mother and her friends from the choir.",
    ],
)
def test_what_is_no_rating_of_the_whole(text: str) -> None:
    assert rating_of_block(text) is None


@pytest.mark.parametrize("n_words", [12, 13])
def test_a_rating_has_twelve_words_at_most(n_words: int) -> None:
    text = "a " * (n_words - 1) + "8/10"
    assert (rating_of_block(text) is not None) is (n_words == 12)


@pytest.mark.parametrize(
    ("heading", "parts"),
    [
        ("Night Boat (4/5)", ("Night Boat", "(4/5)")),
        ("Night Boat [4/5]", ("Night Boat", "[4/5]")),
        ("Night Boat: ★★★½", ("Night Boat:", "★★★½")),
        ("Verdict: 8/10", ("Verdict:", "8/10")),
        ("8/10", ("8/10",)),
        ("Hop Lantern, 6.2%", ("Hop Lantern, 6.2%",)),
        ("Fahrenheit 9/11", ("Fahrenheit 9/11",)),
        ("3/5 of a Life", ("3/5 of a Life",)),
    ],
)
def test_a_heading_is_parted_before_its_rating(heading: str, parts: tuple[str, ...]) -> None:
    assert split_heading(heading) == parts
    assert " ".join(split_heading(heading)) == heading


@given(st.text(alphabet="ab 8/10★½:()%.", max_size=40))
def test_no_word_of_a_heading_is_lost(text: str) -> None:
    words = " ".join(text.split())
    assert " ".join(split_heading(words)) == words


def test_a_rating_in_a_heading_is_said_after_what_it_heads() -> None:
    result = outline_of(
        "It is a film.\n\n## The cast: ★★★½\n\nThey act.\n\n## Verdict: 4/5\n\nSee it.\n"
    )
    said = [(p.segment, p.text) for p in result.placements]
    assert said.index(("cast", "They act.")) + 1 == said.index(("cast", "★★★½"))
    assert said[-1] == ("verdict", "4/5")
    assert {name.id: name.title for name in result.names}["cast"] == "The cast"


def test_a_rating_at_head_and_foot_is_said_once() -> None:
    result = outline_of("# Mill\n\n★★★★☆\n\nA film.\n\nThe cast is good.\n\nRating: 4/5\n")
    assert [p.text for p in result.placements].count("Rating: 4/5") == 1
    assert [(a.block.text, a.bucket) for a in result.asides[1:]] == [("★★★★☆", "duplicate")]


def test_ratings_of_parts_stay_together_before_that_of_the_whole() -> None:
    text = (
        "# Mill\n\nA film.\n\n- Story: 7/10\n- Cast: 9/10\n- Overall: 8/10\n\nThe cast is good.\n"
    )
    result = outline_of(text)
    assert [p.text for p in result.placements[-3:]] == [
        "Story: 7/10",
        "Cast: 9/10",
        "Overall: 8/10",
    ]
    assert result.rating == Rating("8/10", 8.0, 10.0)


@pytest.mark.parametrize(
    ("field", "best", "rating"),
    [
        ("8/10", None, Rating("8/10", 8.0, 10.0)),
        ("4 of 5", None, Rating("4 of 5", 4.0, 5.0)),
        ("★★★★", None, Rating("★★★★", 4.0, 5.0)),
        ("8", None, Rating("8", 8.0, None)),
        ("8", 10.0, Rating("8/10", 8.0, 10.0)),
        ("80", 10.0, Rating("80", 80.0, None)),
        ("B+", 10.0, Rating("B+")),
    ],
)
def test_a_rating_of_the_front_matter(field: str, best: float | None, rating: Rating) -> None:
    assert read_rating(field, best) == rating
    result = outline_of(f'---\nrating: "{field}"\n---\n\nA film.\n\nSee it.\n', best=best)
    assert (result.rating, result.rating_is_said) == (rating, False)


@pytest.mark.parametrize(
    ("rating", "sentence", "said"),
    [
        ("8/10", "I give it 8/10.", True),
        ("8/10", "I give it 8 out of 10.", True),
        ("8/10", "Eight out of ten.", True),
        ("4/5", "Four stars, gladly.", True),
        ("4 stars", "★★★★", True),
        ("★★★★", "It gets four stars.", True),
        ("★★★½", "Three and a half stars.", True),
        ("3.5/5", "It is a 3½-star film.", True),
        ("B+", "I give it a B+.", True),
        ("B+", "I give it a B.", False),
        ("8/10", "I give it 7/10.", False),
        ("8/10", "I saw it on 8 screens.", False),
        ("4/5", "I saw four of six episodes.", False),
        ("8", "It has 8 episodes.", False),
        ("8", "Eight out of ten.", True),
        ("A", "It is a film of a kind. A good one.", False),
        ("A", "It earns an A.", True),
    ],
)
def test_a_rating_that_the_text_gives(rating: str, sentence: str, said: bool) -> None:
    found = read_rating(rating)
    assert found is not None
    assert is_said(found, [sentence]) is said


def test_the_last_rating_that_is_stated_counts() -> None:
    sentences = ["The first was an easy 9/10.", "IMDb has it at 5/10.", "I'd give this four stars."]
    assert stated_rating(sentences) == Rating("four stars", 4.0, 5.0)
    assert stated_rating(["It has 4 stars of the screen, and 90% of them die."]) is None


@pytest.mark.parametrize(
    ("markup", "rating"),
    [
        ("{{< rating score=4 max=5 >}}", Rating("4/5", 4.0, 5.0)),
        ('{{< stars value="3.5" >}}', Rating("3.5/5", 3.5, 5.0)),
        ("{% review stars=4 %}", Rating("4/5", 4.0, 5.0)),
        ("<Rating value={4} />", Rating("4", 4.0)),
        ("<StarRating rating={4} />", Rating("4/5", 4.0, 5.0)),
    ],
)
def test_a_rating_that_only_a_component_shows_is_said(markup: str, rating: Rating) -> None:
    result = outline_of(f"A film.\n\n{markup}\n\nSee it.\n", "r.mdx")
    assert (result.rating, result.rating_is_said) == (rating, False)


@pytest.mark.parametrize(
    "markup", ["{{< video width=8 >}}", "{{< figure rating >}}", "<Box a={4}/>"]
)
def test_a_component_that_shows_no_rating(markup: str) -> None:
    assert outline_of(f"A film.\n\n{markup}\n\nSee it.\n", "r.mdx").rating is None


@pytest.mark.parametrize("title", ["The Glass Mill (4/5)", "The Glass Mill – ★★★★☆"])
def test_a_rating_in_the_title_is_said_last(title: str) -> None:
    result = outline_of(f"# {title}\n\nA film.\n\nSee it.\n")
    assert result.placements[-1].text == split_heading(title)[1]
    assert result.rating is not None
    assert (result.rating.value, result.rating_is_said) == (4, True)
    result = outline_of(f'---\ntitle: "{title}"\n---\n\nA film.\n\nSee it.\n')
    assert result.rating is not None
    assert (result.rating.value, result.rating_is_said) == (4, False)
    result = outline_of(f"# {title}\n\nA film.\n\nSee it. 4/5.\n")
    assert result.placements[-1].text == "See it. 4/5."
