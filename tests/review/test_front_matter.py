"""Front matter as site generators write it, and keys that are there for other programs."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sayso.model import Review
from sayso.review import parse_review

BODY = "The kettle boils in two minutes.\n\nIt is cheap. Buy it.\n"
SAID = ["The kettle boils in two minutes.", "It is cheap. Buy it."]


def read(head: str, name: str = "r.md") -> Review:
    return parse_review(f"{head}\n\n{BODY}", Path(name))


def told(review: Review) -> list[tuple[int, str]]:
    return [(note.line, note.problem) for note in review.notes]


@pytest.mark.parametrize(
    "head",
    [
        "Title: The Blue Kettle\nDate: 2015-11-11\nCategory: Reviews",
        "Title: The Blue\n  Kettle\nDate: 2015-11-11",
        "title: The Blue Kettle\ndate: 2015-11-11\n---",
        "---\ntitle: The Blue Kettle\ndate: 2015-11-11\n...",
        "\ufeff\n\n---\ntitle: The Blue Kettle\ndate: 2015-11-11\n---",
        "<!--\n.. title: The Blue Kettle\n.. date: 2015-11-11\n-->",
        '+++\ntitle = "The Blue Kettle"\ndate = 2015-11-11\n+++',
        '{\n  "title": "The Blue Kettle",\n  "date": "2015-11-11"\n}',
        '{"title": "The Blue Kettle", "date": "2015-11-11"}',
        '"title": "The Blue Kettle",\n"date": "2015-11-11"\n;;;',
        ';;;\n"title": "The Blue Kettle",\n"date": "2015-11-11"\n;;;',
        '---json\n{"title": "The Blue Kettle", "date": "2015-11-11"}\n---',
        '--- toml\ntitle = "The Blue Kettle"\ndate = 2015-11-11\n---',
    ],
)
@pytest.mark.parametrize("name", ["r.md", "r.txt"])
def test_each_form_of_front_matter(head: str, name: str) -> None:
    review = read(head, name)
    assert (review.title, review.date) == ("The Blue Kettle", "2015-11-11")
    assert [block.text for block in review.blocks] == SAID
    lines = (f"{head}\n\n{BODY}").replace("\ufeff", "").split("\n")
    assert review.blocks[0].line == lines.index(SAID[0]) + 1


def test_a_comment_may_come_before_and_stays() -> None:
    review = read("<!-- segment: verdict -->\n---\ntitle: x\n---")
    assert review.title == "x"
    assert [b.segment for b in review.blocks if b.sentences] == ["verdict", "verdict"]


@pytest.mark.parametrize(
    "head",
    [
        "Verdict: a good kettle.\nPros: cheap",
        "Anna: Hello, you.\nBen: Hello.",
        "Rating: 4/5",
        "Director: Ann Low\nRuntime: 90 minutes",
        "Title: The Blue Kettle\nThe verdict is out.",
        "Title: X\nPlot: A man buys a kettle and it boils.",
        "---\nVerdict: it is a good kettle.\n---",
        "---\n\nNote: I wrote this last year.",
        "{braces} are how it begins",
    ],
)
def test_a_text_that_begins_with_a_colon_is_text(head: str) -> None:
    words = " ".join(block.text for block in read(head, "r.txt").blocks)
    for word in head.replace("---", "").split():
        assert word in words


YAML = [
    ("title: [Test] x", "title", "[Test] x"),
    ("title: [Test]", "title", "[Test]"),
    ("title: Foo: bar", "title", "Foo: bar"),
    ("title: 'Foo' and 'Bar'", "title", "'Foo' and 'Bar'"),
    ('title: "Foo', "title", "Foo"),
    ("title: @home", "title", "@home"),
    ("title: *Dune* again", "title", "Dune again"),
    ('title: "<em>Dune</em> &amp; more"', "title", "Dune & more"),
    ("title: 50% off", "title", "50% off"),
    ("title:\n\tx", "title", "x"),
    ("title: {name: x}", "title", "x"),
    ("author: {name: Ann Low}", "author", "Ann Low"),
    ("authors:\n  - name: Ann Low\n  - Bo Peep <bo@example.org>", "author", "Ann Low and Bo Peep"),
    ("itemReviewed: {name: Kettle}", "subject", "Kettle"),
    ("description: Short.", "summary", "Short."),
    ("canonical_url: https://example.org/x", "link", "https://example.org/x"),
    ("permalink: /x/", "link", None),
    ("rating: {value: 4, best: 5}", "rating", "4/5"),
    ("rating: {ratingValue: 4, bestRating: 5}", "rating", "4/5"),
    ("review: {rating: 4.5, best: 5}", "rating", "4.5/5"),
    ("extra:\n  rating: 3\n  writer: Ann Ide", "rating", "3"),
    ("extra: {writer: Ann Ide}", "author", None),
    ("params: {rating: 3, best: 5}", "rating", "3/5"),
    ("params: {max: 10}\nscore: 3", "rating", "3"),
    ("params: {author: Bo Arn}", "author", "Bo Arn"),
    ("book: {title: Kettle, author: Ann Ide}", "subject", "Kettle"),
    ("book: {title: Kettle, author: Ann Ide}", "author", None),
    ("book: {title: Kettle}\nsubject: Mill", "subject", "Mill"),
    ("movie: {name: Kettle, score: 7/10}", "rating", "7/10"),
    ("book_title: Kettle", "subject", "Kettle"),
    ("rating: 8\nbest: 10", "rating", "8/10"),
    ("rating: 8/10\nbest: 10", "rating", "8/10"),
    ("rating: 8", "rating", "8"),
    ("score: 85%", "rating", "85%"),
    ("stars: 4", "rating", "4 stars"),
    ("grade: B+", "rating", "B+"),
    ("my_rating: 4\nmaxRating: 5", "rating", "4/5"),
    ("rating: 7\nscore: 9", "rating", "7"),
]


@pytest.mark.parametrize(("yaml", "key", "value"), YAML)
def test_what_keys_mean(yaml: str, key: str, value: str | None) -> None:
    review = read(f"---\nlayout: post\n{yaml}\ndraft: false\n---")
    assert getattr(review, key) == value
    assert review.notes == ()
    assert dict(review.extra)["draft"] == "false"


@pytest.mark.parametrize(
    ("text", "date"),
    [
        ("15/03/2019", "2019-03-15"),
        ("03/15/2019", "2019-03-15"),
        ("15.3.2019 12:30", "2019-03-15"),
        ("03.04.2019", "2019-04-03"),
        ("2019/3/15 20:46:25", "2019-03-15"),
        ("March 15, 2019", "2019-03-15"),
        ("Friday, March 15th, 2019 at 10:00", "2019-03-15"),
        ("Fri, 15 Mar 2019 12:30:00 +0000", "2019-03-15"),
        ("15. März 2019", "2019-03-15"),
        ("le 1er mars 2019", "2019-03-01"),
        ("15 de marzo de 2019", "2019-03-15"),
        ("2019年3月15日", "2019-03-15"),
        ("1552651800", "2019-03-15"),
        ("<2019-03-15 Fri>", "2019-03-15"),
        ("2019-03-15 12:30:00 +0200", "2019-03-15 12:30:00 +0200"),
        ("2019-03", "2019-03"),
        ("03/04/2019\nlanguage: en-US", "2019-03-04"),
        ("03/04/2019\nlanguage: de", "2019-04-03"),
        ("03/04/2019\nlastmod: 25/12/2019", "2019-04-03"),
        ("03/04/2019\nlastmod: 12/25/2019", "2019-03-04"),
    ],
)
def test_dates(text: str, date: str) -> None:
    review = read(f"---\ndate: {text}\n---")
    assert (review.date, review.notes) == (date, ())


def test_the_date_in_the_name_of_the_file_tells_the_day_from_the_month() -> None:
    assert read("---\ndate: 03/04/2019\n---", "2019-03-04-x.md").date == "2019-03-04"
    assert read("---\ndate: 03/04/2019\n---", "2019-04-03-x.md").date == "2019-04-03"


@pytest.mark.parametrize(
    ("yaml", "problem"),
    [
        (
            "date: 03/04/2019",
            "front matter: date '03/04/2019' is not clearly a date; it is set aside",
        ),
        (
            "date: yesterday",
            "front matter: date 'yesterday' is not clearly a date; it is set aside",
        ),
        (
            "date: 2025-02-30",
            "front matter: date '2025-02-30' is not clearly a date; it is set aside",
        ),
        ("rating: true", "front matter: rating 'true' is not clearly a rating; it is set aside"),
        ("rating: [1, 2]", "front matter: 'rating' is a list, not text; it is set aside"),
        ("kind: {x: y}", "front matter: 'kind' is a table, not text; it is set aside"),
        ("title: a\ntitle: b", "front matter gives 'title' twice; the last counts"),
        ("cover: {alt: x}", "front matter: 'cover' is a table, not text; it is set aside"),
    ],
)
def test_what_is_set_aside_has_a_note_and_is_kept(yaml: str, problem: str) -> None:
    review = read(f"---\nlayout: post\n{yaml}\n---")
    assert told(review) == [(3 + yaml.count("\n"), problem)]
    key = yaml.split(":")[0]
    assert key == "title" or key in dict(review.extra)


def test_the_cover_of_hugo() -> None:
    review = read("---\ncover:\n  image: covers/a.jpg\n  alt: x\n---")
    assert dict(review.extra)["cover"] == "covers/a.jpg"


@given(
    st.lists(
        st.tuples(
            st.sampled_from(["title", "date", "rating", "cover", "author", "tags", "kind", "x"]),
            st.text(st.characters(exclude_categories=["Cs", "Cc", "Zl", "Zp"]), max_size=20),
        ),
        min_size=1,
        max_size=6,
    )
)
def test_no_value_on_one_line_stops_a_build_or_eats_the_text(pairs: list[tuple[str, str]]) -> None:
    head = "\n".join(f"{key}: {value}" for key, value in [("layout", "post"), *pairs])
    review = read(f"---\n{head}\n---")
    assert [block.text for block in review.blocks] == SAID
