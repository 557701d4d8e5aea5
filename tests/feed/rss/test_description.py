"""Descriptions: what is cut, and where."""

from __future__ import annotations

import pytest

from sayso.episode import notes_html
from sayso.feed.rss import allowed_html, fit_description


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ("<p>One &amp; two.</p>", "<p>One &amp; two.</p>"),
        ("<h2>Head</h2><p>One</p>", "Head<p>One</p>"),
        ("<p>One<p>Two", "<p>One</p><p>Two</p>"),
        ("<ul><li>a<li>b</ul>", "<ul><li>a</li><li>b</li></ul>"),
        ("a < b & c", "a &lt; b &amp; c"),
        ("<script>alert(1)</script><style>p{}</style>x", "x"),
        ('<a href="javascript:x">here</a>', "here"),
        ('<a href="http:">no</a> <a href="https:///x">host</a> <a href="mailto:">here</a>', "no host here"),
        ('<a href="mailto:a@b.example">a</a>', '<a href="mailto:a@b.example">a</a>'),
        ('<a href="https://a.example/?a=1&b=2" onclick="x">here</a>', '<a href="https://a.example/?a=1&amp;b=2">here</a>'),
        ("<p>ends in ]]></p>", "<p>ends in ]]&gt;</p>"),
        ("</p>one</ul>", "one"),
        ("<b>one<p>two</b>three</p>", "<b>one<p>two</p></b>three"),
        ("line<br/>line<img src=x>", "line<br>line"),
    ],
)  # fmt: skip
def test_only_allowed_elements_stay(html: str, expected: str) -> None:
    assert allowed_html(html) == expected
    assert fit_description(html) == expected


def test_the_notes_of_an_episode_stay_as_they_are() -> None:
    notes = notes_html("# Film\n\nOne *two* [three](https://a.example/?a&b).\n\n- a\n- b\n\n1. c\n")
    assert allowed_html(notes) == notes.strip()


def test_a_cut_falls_between_blocks() -> None:
    html = "<p>One.</p>\n<ul>\n<li>First</li>\n<li>Second</li>\n</ul>\n<p>Last.</p>"
    cuts = {fit_description(html, n) for n in range(11, len(html) + 1)}
    assert cuts == {
        "<p>One.</p>",
        "<p>One.</p>\n<ul>\n<li>First</li></ul>",
        "<p>One.</p>\n<ul>\n<li>First</li>\n<li>Second</li></ul>",
        "<p>One.</p>\n<ul>\n<li>First</li>\n<li>Second</li>\n</ul>",
        html,
    }


def test_a_first_block_that_is_too_long_is_cut_after_a_word() -> None:
    html = '<p>A <a href="https://a.example">link of several words</a> and more.</p>'
    assert fit_description(html, 60) == '<p>A <a href="https://a.example">link of several…</a></p>'
    assert fit_description("<p>Fish &amp; chips</p>", 20) == "<p>Fish &amp;…</p>"
    assert fit_description("<p>Fish &amp; chips</p>", 17) == "<p>Fish…</p>"
    assert fit_description("<p>" + "ä" * 50 + "</p>", 20) == "<p>" + "ä" * 5 + "…</p>"


def test_the_limit_is_in_bytes() -> None:
    html = "".join(f"<p>{'ä' * 400}</p>" for _ in range(10))
    short = fit_description(html)
    assert short == html[: len(short)]
    assert len(short.encode()) == 4 * 807
