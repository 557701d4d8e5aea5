"""HTML in a Markdown review: what it says is spoken, what is not for reading is not."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sayso.review import parse_review
from sayso.review.html_in_markdown import parse_fragment

SPOKEN = ("paragraph", "item", "quote")


def blocks(html: str) -> list[tuple[int, str, str]]:
    return [(block.line, block.kind, block.text) for block in parse_fragment(html, 1)]


@pytest.mark.parametrize(
    ("html", "found"),
    [
        ("<p>It is <b>good</b> &amp; <i>short</i>.</p>", [(1, "paragraph", "It is good & short.")]),
        ("<div>\nOne.\n<p>Two.", [(2, "paragraph", "One."), (3, "paragraph", "Two.")]),
        ("</div> And after.", [(1, "paragraph", "And after.")]),
        ("<center>Four of five.</center>", [(1, "paragraph", "Four of five.")]),
        ("<h2>The cast</h2>", [(1, "heading", "The cast")]),
        ("<p><strong>The cast:</strong></p>", [(1, "heading", "The cast:")]),
        ("<p><strong>See it.</strong></p>", [(1, "paragraph", "See it.")]),
        ("<ul><li>One<li>Two</ul>", [(1, "item", "One"), (1, "item", "Two")]),
        (
            "<blockquote>\n<p>We walked.</p>\n<p>Home.</p>",
            [(2, "quote", "We walked."), (3, "quote", "Home.")],
        ),
        (
            "<p>One<br>line.<br>\n<br>Another.</p>",
            [(1, "paragraph", "One line."), (2, "paragraph", "Another.")],
        ),
        ("<p>He said <q>no</q>.</p>", [(1, "paragraph", "He said “no”.")]),
        (
            "<table><tr><th>A<td><p>1</p></tr>\n<tr><td>2</table>After",
            [(1, "table", "A | 1 | 2"), (2, "paragraph", "After")],
        ),
        ("<pre>x = 1\ny</pre>", [(1, "code", "x = 1 y")]),
        (
            '<figure><img src="a.jpg" alt="A boat"><figcaption>The sea.</figcaption></figure>',
            [(1, "caption", "A boat"), (1, "caption", "The sea.")],
        ),
        (
            "<div\n class='a'\n>Line three.</div>",
            [(3, "paragraph", "Line three.")],
        ),
        (
            "<p>Good.<sup><a href='#1'>1</a></sup> Of 10<sup>6</sup>.</p>",
            [(1, "paragraph", "Good. Of 10⁶.")],
        ),
    ],
)
def test_what_is_for_reading_is_read(html: str, found: list[tuple[int, str, str]]) -> None:
    assert blocks(html) == found


@pytest.mark.parametrize(
    "html",
    [
        "<script>var a = '<p>no</p>';</script>",
        "<style>p { color: red }</style>",
        "<p hidden>Not shown.</p>",
        "<form><button>Subscribe</button></form>",
        "<!-- a note -->",
        "<div>",
        "<br>",
        "</p>",
    ],
)
def test_what_is_not_for_reading_stays_html(html: str) -> None:
    found = parse_fragment(html, 7)
    assert [(block.kind, block.line) for block in found] == [("html", 7)]


@pytest.mark.parametrize(
    "html",
    [
        '<iframe src="https://example.com/v"></iframe>',
        "<video controls>Your browser is old.</video>",
    ],
)
def test_a_player_is_an_embed(html: str) -> None:
    for text in (html, f"<div>{html}</div>"):
        assert [(block.kind, block.line) for block in parse_fragment(text, 7)] == [("embed", 7)]


def test_a_comment_in_a_sentence_comes_after_it_and_others_where_they_stand() -> None:
    html = "<!-- segment: cast -->\n<p>One <!-- x --> two.</p>\n<!-- wp -->\n<p>Three.</p>"
    assert blocks(html) == [
        (1, "html", "<!-- segment: cast -->"),
        (2, "paragraph", "One two."),
        (2, "html", "<!-- x -->"),
        (3, "html", "<!-- wp -->"),
        (4, "paragraph", "Three."),
    ]


def test_the_line_of_a_comment_is_where_it_begins() -> None:
    html = "<p>One.</p>\n<!-- of\nthree\nlines -->\n<script>\n</script><p>Two.</p>"
    assert [line for line, _, _ in blocks(html)] == [1, 2, 5, 6]


def test_a_review_as_a_blog_exports_it() -> None:
    text = """<!-- wp:paragraph -->
<p>The lamp is lit at last.</p>
<!-- /wp:paragraph -->

<!-- segment: cast -->

<div class="wide">

Markdown between the tags of HTML.

</div>
"""
    review = parse_review(text, Path("r.md"))
    spoken = [(b.line, b.text, b.segment) for b in review.blocks if b.id.startswith("p")]
    assert spoken == [
        (2, "The lamp is lit at last.", None),
        (9, "Markdown between the tags of HTML.", "cast"),
    ]


_WORDS = st.lists(st.from_regex(r"[a-z]{1,8}", fullmatch=True), min_size=1, max_size=5)
_TAGS = st.sampled_from(
    ["p", "div", "b", "i", "span", "li", "ul", "blockquote", "h3", "center", "section", "em", "a"]
)


@given(st.lists(st.tuples(_TAGS, _WORDS, st.booleans(), st.sampled_from(["", "\n", " "]))))
def test_no_word_is_lost_whatever_the_tags(
    parts: list[tuple[str, list[str], bool, str]],
) -> None:
    html = "".join(
        f"<{tag}>{' '.join(words)}{f'</{tag}>' if closed else ''}{gap}"
        for tag, words, closed, gap in parts
    )
    said = " ".join(
        block.text for block in parse_fragment(f"<div>{html}", 1) if block.kind != "html"
    )
    expected = re.sub(r"<[^>]*>", "", html)
    assert re.sub(r"\s", "", said) == re.sub(r"\s", "", expected)


@given(st.text(alphabet="<>/!-?[]&;=\"' \nabpdivscript", max_size=300))
def test_any_heap_of_brackets_gives_blocks_in_order(html: str) -> None:
    found = parse_fragment(html, 1)
    assert found
    assert all(1 <= block.line <= html.count("\n") + 1 for block in found)
    assert all(block.text == " ".join(block.text.split()) for block in found)
