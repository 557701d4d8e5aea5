"""Text to blocks: Markdown, plain text, front matter, titles."""

from __future__ import annotations

from pathlib import Path

import pytest

from sayso.errors import ReviewError
from sayso.model import Review
from sayso.review import parse_review


def blocks(text: str, name: str = "r.md") -> list[tuple[str, str, str]]:
    return [(b.id, b.kind, b.text) for b in parse_review(text, Path(name)).blocks]


def test_markdown_blocks() -> None:
    text = """# Title *here*

One **bold** and [a link](https://x.org) &amp; `code`,
soft break\\
hard break.

- First
- Second *item*
  still second

  own paragraph

1. Numbered

> Quoted
> words.

![Alt](a.png "The caption")

| a | b |
|---|---|
| 1 | 2 |

```python
print()
```

<div>In a div.</div>

<div>
"""
    assert blocks(text) == [
        ("h1", "heading", "Title here"),
        ("p1", "paragraph", "One bold and a link & code, soft break hard break."),
        ("p2", "item", "First"),
        ("p3", "item", "Second item still second"),
        ("p4", "item", "own paragraph"),
        ("p5", "item", "1: Numbered"),
        ("p6", "quote", "Quoted words."),
        ("x1", "caption", "The caption"),
        ("x2", "table", "a | b | 1 | 2"),
        ("x3", "code", "print()"),
        ("p7", "paragraph", "In a div."),
        ("x4", "html", "<div>"),
    ]


def test_lines_count_from_the_top_of_the_file() -> None:
    review = parse_review("---\ntitle: x\n---\n\nOne.\n\n- Two.\n- Three.\n", Path("r.md"))
    assert [(b.id, b.line) for b in review.blocks] == [("p1", 5), ("p2", 7), ("p3", 8)]


def test_a_bold_line_is_a_heading_but_a_bold_sentence_is_not() -> None:
    assert blocks("**The cast**\n\n**It is good.**\n\n**Bold** start.\n") == [
        ("h1", "heading", "The cast"),
        ("p1", "paragraph", "It is good."),
        ("p2", "paragraph", "Bold start."),
    ]


def test_scripts_and_comments_are_not_spoken() -> None:
    text = (
        "Before <script>steal()</script> after <b>bold</b>.<br>Next <!-- note --> end.\n\n"
        "<script>\nsteal()\n</script>\n"
    )
    found = blocks(text)
    assert found[0] == ("p1", "paragraph", "Before after bold. Next end.")
    assert all(kind == "html" for _, kind, _ in found[1:])
    assert [text for _, _, text in found[1:]] == [
        "<script>steal()</script>",
        "<!-- note -->",
        "<script> steal() </script>",
    ]


def test_an_unclosed_script_hides_the_rest_of_its_paragraph() -> None:
    assert blocks("One <script>two\nthree\n\nFour.\n") == [
        ("p1", "paragraph", "One"),
        ("x1", "html", "<script>two three"),
        ("p2", "paragraph", "Four."),
    ]


def test_struck_words_are_said_and_raised_numbers_are_no_words() -> None:
    text = "It is ~~bad~~ good.<sup>1</sup> Of 10<sup>6</sup> H<sub>2</sub>O.\n"
    assert blocks(text) == [("p1", "paragraph", "It is bad good. Of 10⁶ H2O.")]


def test_paragraphs_indented_as_by_a_typewriter_are_no_code() -> None:
    text = "    It begins as the sea does,\nslowly.\n\n\tNobody knows “where” it ends.\n"
    assert blocks(text) == [
        ("p1", "paragraph", "It begins as the sea does, slowly."),
        ("p2", "paragraph", "Nobody knows “where” it ends."),
    ]
    code = "It runs this:\n\n    sudo apt install a b c d\n\n    For x in y = 1 and so on\n"
    assert [kind for _, kind, _ in blocks(code)] == ["paragraph", "code"]


def test_footnotes_are_kept_and_their_marks_dropped() -> None:
    assert blocks("It is good.[^1]\n\n[^1]: Mostly.\n\n[^n]: See the book.\n") == [
        ("p1", "paragraph", "It is good."),
        ("x1", "note", "Mostly."),
        ("x2", "note", "See the book."),
    ]


def test_a_footnote_has_any_length_and_number_of_paragraphs() -> None:
    note = "[^a-b]: It costs *more* on Sundays\nthan in the week.\n\n    - Or so\n    - they say\n"
    assert blocks(f"Warm.[^a-b] New.^[Baked twice.]\n\n{note}\nThe end.\n") == [
        ("p1", "paragraph", "Warm. New."),
        ("x1", "note", "Baked twice."),
        ("x2", "note", "It costs more on Sundays than in the week."),
        ("x3", "note", "Or so"),
        ("x4", "note", "they say"),
        ("p2", "paragraph", "The end."),
    ]


def test_links_by_reference_become_their_text() -> None:
    text = (
        "See [the *old* site][1], [Pier][] and [this].[^1] Not [that].[1] See [9](/9).\n\n"
        "| [cell][1] |\n|---|\n\n![Alt][1]\n\n"
        "[1]: https://x.org\n[pier]: /pier\n[this]: #this\n[^1]: Mostly\n"
    )
    assert blocks(text) == [
        ("p1", "paragraph", "See the old site, Pier and this. Not [that].[1] See 9."),
        ("x1", "table", "cell"),
        ("x2", "caption", "Alt"),
        ("x3", "note", "Mostly"),
    ]


@pytest.mark.parametrize("name", ["r.md", "r.txt"])
def test_a_year_at_the_start_of_a_paragraph_is_no_number_of_a_list(name: str) -> None:
    text = "1984. A year like any other.\n\n- 2049. The sequel.\n- 2. Next.\n"
    found = [block[2] for block in blocks(text, name)]
    assert found[:2] == ["1984. A year like any other.", "2049. The sequel."]


@pytest.mark.parametrize("name", ["r.md", "r.txt"])
def test_boxes_to_tick_are_not_words(name: str) -> None:
    assert blocks("- [x] Seen it\n- [ ] Liked it\n- [a] Sic\n", name) == [
        ("p1", "item", "Seen it"),
        ("p2", "item", "Liked it"),
        ("p3", "item", "[a] Sic"),
    ]


def test_long_lines_are_paragraphs() -> None:
    long = "This line goes on and on. " * 9
    text = f"One.\n{long}\nTwo.\n\nThree."
    assert [b[2] for b in blocks(text, "r.txt")] == ["One.", long.strip(), "Two.", "Three."]
    assert [b[2] for b in blocks(text, "r.md")] == [f"One. {long.strip()} Two.", "Three."]


def test_a_long_line_among_wrapped_ones_is_none() -> None:
    """An address, a row of a table, a sentence that nobody wrapped."""
    long = "and so it goes on and on, " * 9
    text = f"The film opens on a quay, and we\nfollow two sisters who\n{long}\nand then it ends.\n"
    for name in ("r.txt", "r.md"):
        assert [b[2] for b in blocks(text, name)] == [" ".join(text.split())]


def test_wrapped_lines_are_joined() -> None:
    assert [b[2] for b in blocks("One\ntwo.\n\nThree.", "r.txt")] == ["One two.", "Three."]


def test_plain_text_keeps_what_is_not_markdown() -> None:
    text = (
        "2 * 3 * 4 is 24, a_b_c is a name.\n\n    Indented, not code.\n\n# 1 in the charts? No: #1."
    )
    assert [b[2] for b in blocks(text.replace("# 1", "Number 1"), "r.txt")] == [
        "2 * 3 * 4 is 24, a_b_c is a name.",
        "Indented, not code.",
        "Number 1 in the charts? No: #1.",
    ]


@pytest.mark.parametrize(
    ("sign", "text"),
    [
        ("## Cast\n\nOne.", "Cast"),
        ("**Cast**\n\nOne.", "Cast"),
        ("_Quiet Hours_ is on.", "Quiet Hours is on."),
        ("It is *very* good.", "It is very good."),
        ("See [the site](https://x.org).", "See the site."),
        ("> Quoted.", "Quoted."),
        ("One.[^1]", "One."),
    ],
)
def test_a_text_file_with_a_clear_sign_is_markdown(sign: str, text: str) -> None:
    assert blocks(sign, "r.txt")[0][2] == text
    assert blocks(sign, "r")[0][2] == text


def test_plain_lists_headings_and_rules() -> None:
    body = "The acting is good, and there is a good deal of it, in every room of the house."
    text = (
        f"Quiet Hours\n\n{body}\n\n* * *\n\nTHE CAST\n\n{body}\n\n- One.\n- Two\n  lines.\n• Three."
    )
    assert [(b[0], b[1], b[2][:11]) for b in blocks(text, "r.txt")] == [
        ("h1", "heading", "Quiet Hours"),
        ("p1", "paragraph", "The acting "),
        ("h2", "heading", "THE CAST"),
        ("p2", "paragraph", "The acting "),
        ("p3", "item", "One."),
        ("p4", "item", "Two lines."),
        ("p5", "item", "Three."),
    ]


def test_a_short_paragraph_is_not_a_heading() -> None:
    long = "And then it goes on in this way for rather longer than anybody had expected it to."
    assert [b[1] for b in blocks(f"{long}\n\nSo it ends\n\n{long}", "r.txt")] == ["paragraph"] * 3


def test_sentences_of_spoken_blocks() -> None:
    review = parse_review("One. Two.\n\n```\nx. Y.\n```\n", Path("r.md"))
    assert [b.sentences for b in review.blocks] == [("One.", "Two."), ()]


# ----------------------------------------------------------------------------------- front matter

FULL = """---
Title: "No: a film"
subject: No
author: [Ann Other, Bo Peep, Jack Horner]
rating: 4.5
date: 2025-03-02
kind: film
language: en-GB
summary: >
  Two lines
  of it.
link: https://example.org/no
tags: [a, b]
network: {name: One}
empty: ~
---
Hello.
"""


def test_front_matter_yaml() -> None:
    review = parse_review(FULL, Path("r.md"))
    assert review == Review(
        source=Path("r.md"),
        title="No: a film",
        blocks=review.blocks,
        subject="No",
        author="Ann Other, Bo Peep and Jack Horner",
        rating="4.5",
        date="2025-03-02",
        kind="film",
        summary="Two lines of it.",
        link="https://example.org/no",
        extra=(("language", "en-GB"), ("tags", "a, b"), ("network", "name: One"), ("empty", "")),
    )


def test_front_matter_toml() -> None:
    text = '+++\ntitle = "X"\nrating = 8\ndate = 2025-03-02\n[segments]\n1 = "cast"\n+++\nHello.'
    review = parse_review(text, Path("r.md"))
    assert (review.title, review.rating, review.date) == ("X", "8", "2025-03-02")
    assert (review.blocks[0].segment, review.blocks[0].segment_by) == ("cast", "front matter")


def test_front_matter_in_a_text_file() -> None:
    assert parse_review("---\ntitle: No\n---\nHello.", Path("r.txt")).title == "No"


@pytest.mark.parametrize("text", ["---\n\nHello.\n\n---\n\nBye.", "---\nHello there\n---\nBye."])
def test_a_rule_is_no_front_matter(text: str) -> None:
    assert any("Hello" in b[2] for b in blocks(text))


@pytest.mark.parametrize(
    "text", ["---\n---\nHello.", "+++\n+++\nHello.", "---\n# note\n---\nHello."]
)
def test_empty_front_matter(text: str) -> None:
    assert [b[2] for b in blocks(text)] == ["Hello."]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("---\ntitle: x\n\nHello.", "r.md:1: the front matter is never closed (end it with a line"),
        ("---\ntitle: a\nb\n---\nHi.", "r.md:3: the front matter is not YAML: "),
        ("---\nsegments: {1: [\n---\nHi.", "r.md:2: the front matter is not YAML: "),
        ('{\n"title": "x"\n"a": 1\n}\nHi.', "r.md:3: the front matter is not JSON: "),
        ("---js\ntitle: x\n---\nHi.", "r.md:1: the front matter is a program in JavaScript"),
        ("---\n- title: x\n---\nHi.", "r.md:2: the front matter is not a list of keys and values"),
        ("---\nsegments: [cast]\n---\nHi.", "r.md:2: front matter: 'segments' is not a table"),
        ("---\nsegments: {x: cast}\n---\nHi.", "r.md:2: front matter: 'segments' has 'x', which"),
        ("---\nsegments: {0: cast}\n---\nHi.", "r.md:2: front matter: 'segments' has '0', which"),
        ("---\nsegments: {1: [a]}\n---\nHi.", "r.md:2: front matter: 'segments' names no segment"),
        (
            "---\ntitle: x\nsegments: {3: cast}\n---\nHi.",
            "r.md:3: front matter: 'segments' has 3, but the review has 1 paragraph (count",
        ),
        ('+++\ntitle = "x\n+++\nHi.', "the front matter is not TOML: "),
    ],
)
def test_broken_front_matter(text: str, message: str) -> None:
    with pytest.raises(ReviewError) as error:
        parse_review(text, Path("r.md"))
    assert message in str(error.value)


def test_a_yaml_bomb_is_refused() -> None:
    lines = ["a0: &a0 [x, x]"] + [f"a{i}: &a{i} [*a{i - 1}, *a{i - 1}]" for i in range(1, 60)]
    for source in ("\n".join(lines), "a: &x [*x]", "a: &x {b: *x}"):
        with pytest.raises(ReviewError, match="front matter"):
            parse_review(f"---\n{source}\n---\nHi.")


def test_deep_yaml_is_refused() -> None:
    for depth in (50, 5000):
        with pytest.raises(ReviewError):
            parse_review(f"---\na: {'[' * depth}{']' * depth}\n---\nHi.")


# ----------------------------------------------------------------------------------------- titles


@pytest.mark.parametrize(
    ("text", "name", "title"),
    [
        ("---\ntitle: A\n---\n# B\n\nHi.", "c.md", "A"),
        ("# B\n\nHi.", "c.md", "B"),
        ("# B\n\nHi.\n\n# D\n\nHi.", "the-crown.md", "The Crown"),
        ("---\nsubject: S\n---\nHi.", "c.md", "S"),
        ("Hi.", "all-of-us-s2.md", "All of Us, Season 2"),
        ("Hi.", "quiet_hours_S02E03_review.txt", "Quiet Hours, Season 2, Episode 3"),
        ("Hi.", "2024-05-01-the-end-of-it.md", "The End of It"),
        ("Hi.", "quiet hours season 3.md", "Quiet Hours, Season 3"),
        ("Hi.", "BladeRunner2049.md", "Blade Runner2049"),
        ("Hi.", "1917-review.md", "Hi"),
        ("Go to Quiet Hours. Yes, Quiet Hours is it.", "000_d158d9bd03a119ae.txt", "Quiet Hours"),
        ("One two three four five six seven eight nine ten.", "x1234567.txt", "X1234567"),
        ("One two three four five six seven eight nine ten.", "000.txt",
         "One two three four five six seven eight nine …"),
    ],
)  # fmt: skip
def test_titles(text: str, name: str, title: str) -> None:
    assert parse_review(text, Path(name)).title == title


def test_no_source() -> None:
    assert parse_review("Hello there.").title == "Hello there"


def test_half_of_a_surrogate_pair_in_front_matter_harms_nothing() -> None:
    review = parse_review('---\ntitle: "a \\ud800 b"\nextra: "\\udfff"\n---\n\nText is here.\n')
    assert review.title == "a ? b"
    assert dict(review.extra)["extra"] == "?"
