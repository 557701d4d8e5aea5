"""Golden pairs: a review, and its outline as a person reads it."""

from __future__ import annotations

from pathlib import Path

import pytest

from sayso.errors import ReviewError
from sayso.model import Outline
from sayso.review import Kinds, load_kinds, outline, parse_review, read_review

DATA = Path(__file__).parent / "data"
REVIEWS = sorted(path for path in DATA.glob("*.*") if not path.name.endswith(".outline.txt"))


def as_text(outline: Outline) -> str:
    """One line a block, in the review's order: line, id, segment or bucket, first words."""
    review = outline.review
    lines = [f"{review.title} | {outline.kind}, by {outline.kind_reason}", ""]
    placed = {p.block.id: f"{p.segment} ({p.reason})" for p in outline.placements}
    aside = {a.block.id: f"- {a.bucket}: {a.reason}" for a in outline.asides}
    for block in review.blocks:
        where = placed.get(block.id) or aside[block.id]
        lines.append(f"{block.line:3} {block.id:3} {where:32} {block.text[:50]}".rstrip())
    return "\n".join(lines) + "\n"


@pytest.mark.parametrize("path", REVIEWS, ids=lambda path: path.stem)
def test_golden(path: Path) -> None:
    expected = path.with_name(path.stem + ".outline.txt").read_text("utf-8")
    assert as_text(outline(read_review(path), load_kinds())) == expected


@pytest.fixture
def kinds() -> Kinds:
    return load_kinds()


def segments(
    text: str, kinds: Kinds, name: str = "r.md", kind: str | None = "tv"
) -> dict[str, str]:
    result = outline(parse_review(text, Path(name)), kinds, kind=kind)
    return {p.origin: f"{p.segment}/{p.reason}" for p in result.placements}


@pytest.mark.parametrize(
    ("heading", "segment"),
    [
        ("## Cast", "cast"),
        ("## THE CAST", "cast"),
        ("# Acting", "cast"),
        ("**Performances**", "cast"),
        ("### Plot & setting", "premise"),
        ("## The verdict: go and see it", "verdict"),
        ("## 3. How it looks and sounds", "production"),
        ("## Final thoughts", "verdict"),
        ("Cast\n----", "cast"),
        ("## Verdict: 8/10", "verdict"),
        ("## Conclusion (8/10)", "verdict"),
        ("**The cast: ★★★½**", "cast"),
    ],
)
def test_a_heading_that_names_a_segment_wins(heading: str, segment: str, kinds: Kinds) -> None:
    text = f"First of all.\n\n{heading}\n\nThe camera loves the score.\n\nAnd the plot.\n"
    assert segments(text, kinds)["p2"] == f"{segment}/heading"
    assert segments(text, kinds)["p3"] == f"{segment}/heading"


@pytest.mark.parametrize("rating", ["**Verdict: 8/10**", "**Starring: Ann Other, Bo Peep**"])
def test_ratings_and_credits_above_the_text_head_no_segment(rating: str, kinds: Kinds) -> None:
    text = f"# Quiet Hours\n\n{rating}\n\nThe camera loves the score.\n\nGo and see it.\n"
    assert segments(text, kinds)["p1"] == "production/cues"


def test_the_next_heading_ends_it(kinds: Kinds) -> None:
    text = "## Cast\n\nOne.\n\n## Seagulls\n\nThe soundtrack and the camerawork are superb.\n"
    found = segments(text, kinds)
    assert found == {
        "p1": "cast/heading",
        "h2": "production/heading",
        "p2": "production/cues",
    }


def test_a_heading_that_names_none_is_still_a_cue(kinds: Kinds) -> None:
    plain = "Hello there.\n\nIt is fine.\n\nIt is grand.\n\nIt is good.\n\nBye now.\n"
    headed = plain.replace("It is grand.", "## Wonderful performances throughout\n\nIt is grand.")
    assert segments(plain, kinds)["p3"] != "cast/cues"
    assert segments(headed, kinds)["p3"] == "cast/cues"


def test_a_title_names_no_segment(kinds: Kinds) -> None:
    text = "# Cast\n\nThe soundtrack and the camerawork are superb, and the sets lavish.\n"
    assert "cast" not in segments(text, kinds)["p1"]


def test_a_comment_wins_until_the_next(kinds: Kinds) -> None:
    text = (
        "<!-- segment: cast -->\n\nThe camera.\n\nThe score.\n\n<!-- segment: The ending -->\n\n"
        "Hello.\n\n<!-- segment: auto -->\n\nOverall I recommend it, and it is worth watching.\n"
    )
    assert segments(text, kinds) == {
        "p1": "cast/comment",
        "p2": "cast/comment",
        "p3": "finale/comment",
        "p4": "verdict/cues",
    }


def test_a_comment_counts_in_a_text_file_too(kinds: Kinds) -> None:
    found = segments("Hello.\n\n<!-- segment: cast -->\n\nThe camera.\n", kinds, "r.txt")
    assert found["p2"] == "cast/comment"


def test_front_matter_wins_over_comment_and_heading(kinds: Kinds) -> None:
    text = (
        "---\nsegments:\n  2: finale\n  p3: themes\n---\n## Cast\n\nOne.\n\nTwo.\n\n"
        "<!-- segment: writing -->\n\nThree.\n"
    )
    assert segments(text, kinds) == {
        "p1": "cast/heading",
        "p2": "finale/front matter",
        "p3": "themes/front matter",
    }


def test_what_the_author_places_is_never_set_aside(kinds: Kinds) -> None:
    text = "Hello there.\n\n<!-- segment: verdict -->\n\n4 stars\n"
    assert segments(text, kinds)["p2"] == "verdict/comment"


def test_an_unknown_segment_in_a_comment(kinds: Kinds) -> None:
    with pytest.raises(ReviewError) as error:
        segments("Hello.\n\n<!-- segment: caste -->\n\nThe camera.\n", kinds)
    assert str(error.value) == (
        "r.md:3: the comment names segment 'caste', which a tv review does not have "
        "(did you mean 'cast'?)"
    )


def test_an_unknown_segment_in_front_matter(kinds: Kinds) -> None:
    with pytest.raises(ReviewError, match=r"r\.md:4: front matter puts .* segment 'gameplay'"):
        segments("---\nsegments: {1: gameplay}\n---\nHello.\n", kinds)


def test_an_unknown_kind(kinds: Kinds) -> None:
    with pytest.raises(
        ReviewError, match=r"unknown kind of review 'gadgt' \(did you mean 'gadget'"
    ):
        segments("---\nkind: gadgt\n---\nHello.\n", kinds, kind=None)


@pytest.mark.parametrize(
    ("text", "kind", "reason", "expected"),
    [
        ("---\nkind: Movie\n---\nHello.", None, "flag", ("film", "front matter")),
        ("---\nkind: film\n---\nHello.", "tv", "flag", ("tv", "flag")),
        ("Hello.", "book", "show", ("book", "show")),
        ("I read this novel, and its prose and chapters.", None, "flag", ("book", "guess")),
    ],
)
def test_who_says_the_kind(
    text: str, kind: str | None, reason: str, expected: tuple[str, str], kinds: Kinds
) -> None:
    result = outline(parse_review(text), kinds, kind=kind, kind_reason=reason)  # type: ignore[arg-type]
    assert (result.kind, result.kind_reason) == expected


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("Director: Ann Other. Starring: Bo Peep, Jack Horner.", "credits or details"),
        ("Developer: Small Studio", "credits or details"),
        ("Quiet Hours is available on Somestream now.", "where it can be had"),
        ("[1] This was in the trailer.", "a footnote"),
        ("[^note]: This was in the trailer.", "a footnote"),
        ("Rating: PG-13", "credits or details"),
        ("IMDb: 7.1/10", "a rating by others"),
        ("Average rating: 4.2 of 5", "a rating by others"),
        ("12 Mill Road, Ashby AB1 2CD", "an address"),
        ("12 Mill Road, Ashby. 020 7946 0123", "an address"),
        ("The Copper Pan, 020 7946 0123", "an address"),
        ("14 Mill Road, Ashby", "an address"),
        ("Nearest tube: Ashby Road", "credits or details"),
        ("Photo credit: Somebody", "credits or details"),
        ("By Ann Low, 2 January 2024", "a byline"),
        ("Posted on January 2nd, 2024", "a byline"),
        ("Reviewed by Ann Low and Bo Peep", "a byline"),
        ("Ann Low · 2024-01-02 · 5 min read", "a byline"),
        ("#film #harbour/lights #slow-tv", "tags"),
        ("Follow us on every network.", "a note about the page"),
    ],
)
def test_meta(line: str, reason: str, kinds: Kinds) -> None:
    text = f"The cast is superb.\n\nOverall it is worth watching.\n\n{line}\n"
    result = outline(parse_review(text, Path("r.txt")), kinds, kind="tv")
    assert [(a.bucket, a.reason) for a in result.asides] == [("meta", reason)]


@pytest.mark.parametrize(
    "prose",
    [
        "There are stars in the sky and ghosts in the hall.",
        "The acting is out of this world.",
        "Mara is out in the cold again.",
        "The children are playing in the yard.",
        "I give it eight out of ten, because the last hour drags.",
        "Note: this gets dark, and the second half is darker than anything the series has done.",
        "He is out now, and wants revenge on the town that put him away all those years ago.",
        "One star shines: the lead.",
        "10 Cloverfield Lane is a tense little film.",
        "21 Jump Street, the series, was another thing.",
        "It sold 100 000 000 copies.",
        "[Spoilers] The ending is a triumph.",
        "[Update] There will be no third season.",
        "Rating: I give it four stars because the second half is a triumph.",
    ],
)
def test_prose_is_not_meta(prose: str, kinds: Kinds) -> None:
    result = outline(parse_review(f"Hello there.\n\n{prose}\n", Path("r.txt")), kinds, kind="tv")
    assert result.asides == ()


def test_a_title_may_look_like_an_address(kinds: Kinds) -> None:
    text = "# 10 Cloverfield Lane\n\nThe cast is superb.\n"
    result = outline(parse_review(text, Path("r.md")), kinds, kind="film")
    assert [(a.block.id, a.bucket, a.reason) for a in result.asides] == [
        ("h1", "left out", "the title")
    ]


def test_a_review_that_is_all_meta_is_spoken(kinds: Kinds) -> None:
    assert segments("Quiet Hours is available on Somestream now.", kinds) != {}


def test_quotes_that_repeat_the_text_are_duplicates(kinds: Kinds) -> None:
    text = (
        "The rain in this show never stops, and nobody in the valley seems to mind it.\n\n"
        "> “Nobody in the valley seems to mind the rain”\n\n"
        "> Rivers keep their own counsel, and a miller learns to listen.\n\nBye.\n"
    )
    result = outline(parse_review(text, Path("r.md")), kinds, kind="tv")
    assert [(a.block.id, a.bucket, a.reason) for a in result.asides] == [
        ("p2", "duplicate", "repeats p1")
    ]
    assert "p3" in {p.block.id for p in result.placements}


def test_one_long_paragraph_is_placed_sentence_by_sentence(kinds: Kinds) -> None:
    text = " ".join(
        [
            "The long awaited drama returns with a new season this week.",
            "I had been looking forward to it ever since the trailer was released.",
            "The story follows a detective who must find a missing student in a small town.",
            "When a body is discovered, the police suspect her brother.",
            "The performances are superb, and the cast has real chemistry.",
            "The lead actor gives a great performance in the title role.",
            "The cinematography is gorgeous and the score is haunting.",
            "Every camera move and every set is lavish.",
            "Overall, it is well worth watching.",
            "I would recommend it to anyone.",
        ]
    )
    result = outline(parse_review(text), kinds, kind="tv")
    found = [(p.origin, p.segment) for p in result.placements]
    assert found == [
        ("p1:1-2", "intro"),
        ("p1:3-4", "premise"),
        ("p1:5-6", "cast"),
        ("p1:7-8", "production"),
        ("p1:9-10", "verdict"),
    ]
    assert " ".join(p.text for p in result.placements) == text


def test_placements_say_why(kinds: Kinds) -> None:
    text = "It is back.\n\nThe performances are superb.\n\nOverall it is worth watching.\n"
    result = outline(parse_review(text), kinds, kind="tv")
    cast = result.placements[1]
    assert (cast.segment, cast.reason) == ("cast", "cues")
    assert ("cast", "performances") in [(hit.segment, hit.words) for hit in cast.cues]
    assert cast.runner_up not in (None, "cast")
    assert cast.margin > 0


def test_no_cue_at_all_is_doubtful(kinds: Kinds) -> None:
    text = "Hm.\n\nWell well.\n\nMhm.\n\nYes yes.\n\nOh.\n"
    result = outline(parse_review(text), kinds, kind="tv")
    assert result.placements[0].segment == "intro"
    assert result.placements[-1].segment == "verdict"
    assert any(p.unsure for p in result.placements)


def test_names_are_in_episode_order(kinds: Kinds) -> None:
    names = outline(parse_review("Hello."), kinds, kind="tv").names
    assert [name.id for name in names] == [
        *("intro", "premise", "writing", "cast", "variants"),
        *("production", "themes", "finale", "verdict"),
    ]


@pytest.mark.parametrize(
    ("reason", "told"),
    [
        ("flag", "unknown kind of review 'flim'"),
        ("show", "unknown kind of review 'flim', named by show.toml"),
    ],
)
def test_a_wrong_kind_is_not_the_reviews_fault(reason: str, told: str, kinds: Kinds) -> None:
    review = parse_review("Hello.", source=Path("pier.md"))
    with pytest.raises(ReviewError) as caught:
        outline(review, kinds, kind="flim", kind_reason=reason)  # type: ignore[arg-type]
    assert (caught.value.problem, caught.value.file) == (told, None)


def test_a_review_without_a_sign_of_its_kind_is_general(kinds: Kinds) -> None:
    review = parse_review("# Murmur\n\nIt begins quietly. Then it does not.\n\nI liked it. 7/10\n")
    assert outline(review, kinds).kind == "general"


@pytest.mark.parametrize(
    ("text", "is_link"),
    [
        ("[Steam](https://x.org/1)", True),
        ("[purchase link](https://x.org)", True),
        ("[Back to the top](#top)", True),
        ("(originally posted on [my blog](https://x.org))", True),
        ("- [Plot](#plot)\n- [Cast](#cast)", True),
        ("[The Long Ferry](https://x.org)", False),
        ("- [The Long Ferry](https://x.org)\n- [Steam](https://x.org)", False),
        ("I bought it [here](https://x.org).", False),
    ],
)
def test_the_label_of_a_link_is_not_said(text: str, is_link: bool, kinds: Kinds) -> None:
    result = outline(parse_review(f"A film.\n\n{text}\n\nSee it.\n", Path("r.md")), kinds)
    assert [a.reason for a in result.asides] == ["a link"] * (text.count("\n") + 1) * is_link
