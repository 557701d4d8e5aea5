"""What blog engines add to Markdown is not read out; the words that it holds are."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sayso.review import parse_review
from sayso.review.markdown import strip_blog_markup


def blocks(text: str) -> list[tuple[str, str]]:
    return [(block.kind, block.text) for block in parse_review(text, Path("r.md")).blocks]


@pytest.mark.parametrize(
    "shortcode",
    [
        "{{< youtube w7Ft2ymGmfc >}}",
        '{{< figure src="a.jpg"\n   caption="The sea" >}}',
        "{{% toc %}}",
        '{% include figure.html src="a.jpg" caption="The sea" %}',
        "{{ page.date }}",
        '[gallery ids="1,2,3"]',
        "[gallery]",
        "[embed]",
        "[contact-form to='a@example.com' /]",
        "[TOC]",
        "![[boat.png]]",
    ],
)
def test_a_shortcode_is_code(shortcode: str) -> None:
    assert blocks(f"Good.\n\n{shortcode}\n") == [
        ("paragraph", "Good."),
        ("code", " ".join(shortcode.split())),
    ]


def test_the_words_of_a_pair_are_said() -> None:
    text = "{{% notice %}}\nIt is long.\n{{% /notice %}}\n\n[embed]no[/embed]\n"
    spoken = [text for kind, text in blocks(text) if kind == "paragraph"]
    assert spoken == ["It is long.", "no"]


def test_a_caption_is_one() -> None:
    text = 'Good.\n\n[caption id="a" width="300"]<img src="a.jpg" /> The cast.[/caption]\n'
    assert blocks(text) == [("paragraph", "Good."), ("caption", "The cast.")]


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("## The cast {#cast .wide}", "The cast"),
        ("{: .lead}\nIt is good.", "It is good."),
        ("It is good.\n{: .lead #top}", "It is good."),
        ("See [[The Pier]] and [[pier|the other]].", "See The Pier and the other."),
        ("It is ==very== good.", "It is very good."),
        ("> [!NOTE] Title\n> It is long.", "Title It is long."),
        ("> [!quote]- It is long.", "It is long."),
    ],
)
def test_marks_go_and_words_stay(written: str, said: str) -> None:
    assert blocks(f"{written}\n\nThe end.\n")[0][1] == said


@pytest.mark.parametrize(
    "text",
    [
        "[Spoilers] He dies.",
        "Set {{x}} with `{{ x }}`?".replace("{{x}} ", ""),
        "A set {1, 2} of 5 == 5.",
        "He said [laughs] no [see above].",
        "a == b and c == d",
        "It costs $3 [about €3].",
    ],
)
def test_what_only_looks_like_it_stays(text: str) -> None:
    assert strip_blog_markup(text, 1) == (text, [])


@given(st.text(alphabet="[]{}<>%=!:#.| \nab\"'/", max_size=400))
def test_lines_stay_lines(text: str) -> None:
    plain, found = strip_blog_markup(text, 5)
    assert plain.count("\n") <= text.count("\n")
    assert all(5 <= block.line <= 5 + text.count("\n") for block in found)
    if not found:
        assert plain.count("\n") == text.count("\n")
