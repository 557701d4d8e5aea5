"""Links and the rating of a review in its show notes, and from there in feed and page."""

from __future__ import annotations

import re
from html import unescape
from pathlib import Path

import pytest
from episode.timelines import EVENING
from hypothesis import given
from hypothesis import strategies as st

from sayso.episode import notes_html, notes_markdown
from sayso.episode.notes import review_links
from sayso.model import Block, Link, Outline, Rating, Review, Show
from sayso.show.finding import starter_folder
from sayso.site.markup import notes_markup

HOME = "https://example.org/reviews/pier/"


def review(*links: Link, link: str | None = HOME) -> Review:
    blocks = [
        Block(f"p{n}", "paragraph", "Words.", n, links=(each,)) for n, each in enumerate(links, 1)
    ]
    return Review(None, "The Pier", tuple(blocks), link=link)


def notes(review: Review, rating: Rating | None = None) -> str:
    outline = Outline(review, "tv", "guess", (), (), (), rating=rating)
    show = Show(Path("/nowhere"), "Dead Air")
    return notes_markdown(EVENING, outline, show, "The Pier", [starter_folder() / "scripts"])


@pytest.mark.parametrize(
    ("url", "leads_to"),
    [
        ("https://a.example/b", "https://a.example/b"),
        ("HTTP://a.example/ü", "HTTP://a.example/%C3%BC"),
        ("mailto:desk@a.example", "mailto:desk@a.example"),
        ("/about", "https://example.org/about"),
        ("../quay/", "https://example.org/reviews/quay/"),
        ("//b.example/x", "https://b.example/x"),
        ("?page=2", HOME + "?page=2"),
        (HOME, None),
        (HOME + "#cast", None),
        ("#fn1", None),
        ("", None),
        ("javascript:alert(1)", None),
        ("data:text/html,x", None),
        ("file:///etc/passwd", None),
        ("ftp://a.example/x", None),
        ("mailto:", None),
        ("http://[", None),
        ("https://", None),
    ],
)
def test_where_a_link_leads(url: str, leads_to: str | None) -> None:
    found = review_links(review(Link("here", url)))
    assert [each.url for each in found] == ([] if leads_to is None else [leads_to])


@pytest.mark.parametrize("url", ["/about", "../x", "//b.example/x", "?a", "#a", "x.html", ""])
def test_without_a_page_of_the_review_only_whole_addresses_lead_somewhere(url: str) -> None:
    assert review_links(review(Link("here", url), link=None)) == ()


def test_once_and_in_order() -> None:
    urls = ["/b", "/a", "https://example.org/b", "/c", "/a"]
    found = review_links(review(*(Link(f"link {n}", url) for n, url in enumerate(urls))))
    assert [each.text for each in found] == ["link 0", "link 1", "link 3"]


def test_in_the_notes() -> None:
    made = notes(
        review(
            Link("the *book*", "/book"), Link(" ", "https://a.example/x/"), Link("w" * 300, "/w")
        )
    )
    assert made.endswith(
        "\n\n**Links**\n\n"
        "- [the \\*book\\*](https://example.org/book)\n"
        "- [a.example/x](https://a.example/x/)\n"
        f"- [{'w' * 99}…](https://example.org/w)\n"
    )
    assert "Links" not in notes(review())


@pytest.mark.parametrize(("n", "more"), [(40, 0), (41, 1), (900, 860)])
def test_not_hundreds(n: int, more: int) -> None:
    made = notes(review(*(Link(f"link {i}", f"/{i}") for i in range(n))))
    assert made.count("\n- [link ") == 40
    assert ("more in the review" in made) == bool(more)
    assert not more or f"- and {more} more in the review" in made


TEXT = st.text(max_size=30)


URL = st.one_of(
    TEXT,
    TEXT.map(lambda text: f"https://a.example/{text}"),
    TEXT.map(lambda text: f"mailto:a@b.example?subject={text}"),
)


@given(st.lists(st.builds(Link, TEXT, URL), max_size=5))
def test_any_link_is_safe(links: list[Link]) -> None:
    found = review_links(review(*links))
    html = notes_html(notes(review(*links)))
    page = str(notes_markup(html, has_chapters=False))
    for shown in (html, page):
        hrefs = re.findall(r'href="((?!#t=)[^"]*)"', shown)
        assert len(hrefs) == 1 + len(found)
        assert all(re.match("https?://.|mailto:.", unescape(href), re.I) for href in hrefs)
        assert set(re.findall(r"<(/?\w+)", shown)) <= {
            *("p", "/p", "ul", "/ul", "li", "/li", "a", "/a", "strong", "/strong", "br")
        }


@pytest.mark.parametrize(
    ("rating", "line"),
    [
        (Rating("8/10", 8, 10), "Rating: 8/10\n"),
        (Rating("★★★★☆", 4, 5), "Rating: ★★★★☆\n"),
        (Rating("B+"), "Rating: B+\n"),
        (Rating("*8*/10", 8, 10), "Rating: \\*8\\*/10\n"),
        (None, ""),
    ],
)
def test_the_rating_in_the_notes(rating: Rating | None, line: str) -> None:
    found = re.findall(r"^Rating.*\n", notes(review(), rating), re.MULTILINE)
    assert found == ([line] if line else [])
