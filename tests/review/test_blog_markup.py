"""What blog engines add to Markdown is not read out; the words that it holds are."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sayso.review import load_kinds, outline, parse_review
from sayso.review.markdown import strip_blog_markup


def blocks(text: str) -> list[tuple[str, str]]:
    return [(block.kind, block.text) for block in parse_review(text, Path("r.md")).blocks]


@pytest.mark.parametrize(
    ("shortcode", "kind"),
    [
        ("{{< youtube w7Ft2ymGmfc >}}", "embed"),
        ('{{< figure src="a.jpg"\n   caption="The sea" >}}', "embed"),
        ("{{% toc %}}", "code"),
        ('{% include figure.html src="a.jpg" caption="The sea" %}', "code"),
        ("{{ page.date }}", "code"),
        ('[gallery ids="1,2,3"]', "embed"),
        ("[gallery]", "embed"),
        ("[embed]", "embed"),
        ("[contact-form to='a@example.com' /]", "code"),
        ("[TOC]", "code"),
        ("![[boat.png]]", "embed"),
        ("{% highlight python %}\nx = 1\n{% endhighlight %}", "code"),
        ("{% comment %}\nnot yet\n{% endcomment %}", "html"),
        ("%%\nnot yet\n\nnor ever\n%%", "html"),
        ("{{/* not yet */}}", "html"),
    ],
)
def test_a_shortcode_is_not_for_reading(shortcode: str, kind: str) -> None:
    assert blocks(f"Good.\n\n{shortcode}\n\nThe end.\n") == [
        ("paragraph", "Good."),
        (kind, " ".join(shortcode.split())),
        ("paragraph", "The end."),
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
        ('See [The Pier](https://a.example){target="_blank"}.', "See The Pier."),
        ("See [The Pier](/pier){.wide} and [on](/on){:target=_blank}.", "See The Pier and on."),
        ("![](a.jpg){width=50%}\nIt is good.", "It is good."),
        ("Write {a, b} and `{a=b}`.", "Write {a, b} and {a=b}."),
        ("Read my {{{zk(x,The Pier)}}} again.", "Read my The Pier again."),
        ("It is {{{date}}} good.", "It is good."),
        ("> [!quote]- It is long.", "It is long."),
        ("It is good. ^mill-1", "It is good."),
        ('See [the pier](https://x.org){target="_blank"} now.', "See the pier now."),
        ("##Specs\nIt is good.", "Specs"),
        ("#Introduction\nIt is good.", "Introduction"),
        ('{:start="2"}\n2. It is good.', "2: It is good."),
        ('<div class="x" markdown="1">\n### The cast\n</div>', "The cast"),
        ("::: note\nIt is good.\n:::", "It is good."),
        ("::: {.lead #top}\nIt is good.\n:::", "It is good."),
        ("!!! note\n    It is good.", "It is good."),
    ],
)
def test_marks_go_and_words_stay(written: str, said: str) -> None:
    assert blocks(f"{written}\n\nThe end.\n")[0][1] == said


def test_the_mark_of_a_note_that_is_missing_is_listed() -> None:
    text = "Good.[^1] Fine.[^2]\n\n[^2]: A note.\n"
    assert blocks(text) == [("paragraph", "Good. Fine."), ("note", "[^1]"), ("note", "A note.")]


@pytest.mark.parametrize(
    ("opens", "closes"),
    [
        ("{{< pullout >}}", "{{< /pullout >}}"),
        ('{{% pullquote align="left" %}}\n', "\n{{% /pullquote %}}"),
        ("{% pullquote %}", "{% endpullquote %}"),
        ("{{< blockquote >}}\n\n", "\n\n{{< /blockquote >}}"),
    ],
)
def test_a_pull_quote_of_a_shortcode_is_a_quote(opens: str, closes: str) -> None:
    found = blocks(f"Good.\n\n{opens}It is *long*.{closes}\n\nThe end.\n")
    assert found == [
        ("paragraph", "Good."),
        ("quote", "It is long."),
        ("paragraph", "The end."),
    ]


@pytest.mark.parametrize(
    "pictured",
    [
        "![boat](a.jpg)\n*The sea.*",
        "![boat](a.jpg) *The sea.*",
        "![boat](a.jpg)<br>*The sea.*",
        "[![boat](a.jpg)](b.html)  \n_The sea._",
    ],
)
def test_an_italic_line_with_a_picture_is_its_caption(pictured: str) -> None:
    found = blocks(f"{pictured}\n\n*The end.*\n")
    assert found == [("caption", "boat"), ("caption", "The sea."), ("paragraph", "The end.")]


def test_pictures_and_captions_take_turns() -> None:
    found = blocks("![a](a.jpg)\n*one*\n![b](b.jpg)\n*two*\nIt is *long*.\n")
    assert [text for kind, text in found if kind == "caption"] == ["a", "one", "b", "two"]
    assert ("paragraph", "It is long.") in found


@pytest.mark.parametrize("mark", ["\n", "  \n", "<br>", "<br/>\n"])
def test_a_bold_first_line_is_a_heading(mark: str) -> None:
    found = blocks(f"**The [Pier](/pier)**{mark}It is *long*.\n")
    assert found == [("heading", "The Pier"), ("paragraph", "It is long.")]


@pytest.mark.parametrize(
    "text",
    ["**The Pier**\nis long.", "**It is long.**\nIt ends.", "**Where:**\nLow Street, by the mill."],
)
def test_a_bold_first_line_that_is_none(text: str) -> None:
    assert blocks(text) == [("paragraph", " ".join(text.replace("*", "").split()))]


@pytest.mark.parametrize("kind", ["WARNING", "Danger", "caution"])
def test_a_warning_is_said(kind: str) -> None:
    word = kind.capitalize()
    for text in (f"> [!{kind}] It is long.", f"> [!{kind}]\n> It is long."):
        assert blocks(text) == [("paragraph", word), ("paragraph", "It is long.")]
    titled = blocks(f"> [!{kind}] Title\n> It is long.")
    assert titled == [("paragraph", "Title"), ("paragraph", "It is long.")]


@pytest.mark.parametrize(
    "box",
    [
        "> [!NOTE] Title\n> It is long.",
        "> [!note]+ Title\n>\n> It is long.",
        "::: note Title\n\nIt is long.\n:::",
        ":::tip[Title]\n\nIt is long.\n\n:::",
        '!!! warning "Title"\n\n    It is long.\n',
        "<details>\n<summary>Title</summary>\n\nIt is long.\n\n</details>",
    ],
)
def test_a_box_is_one_group_with_its_title(box: str) -> None:
    found = parse_review(f"Good.\n\n{box}\n\nThe end.\n", Path("r.md")).blocks
    said = [(b.text, b.group > 0, b.spoiler) for b in found if b.kind in ("paragraph", "heading")]
    assert said[0] == ("Good.", False, False)
    assert [words for words, *_ in said[1:3]] == ["Title", "It is long."]
    assert said[2][1:] == (True, False)
    assert said[3] == ("The end.", False, False)


@pytest.mark.parametrize(
    "hidden",
    [
        "||He dies.||",
        ">!He dies.!<",
        "[spoiler]He dies.[/spoiler]",
        "[spoiler=the end]\n\nHe dies.\n\n[/spoiler]",
        "{{< spoiler >}}He dies.{{< /spoiler >}}",
        "{{% spoiler %}}\n\nHe dies.\n\n{{% /spoiler %}}",
        "{% spoiler %}\nHe dies.\n{% endspoiler %}",
        "::: spoiler\nHe dies.\n:::",
        "::: {.spoiler}\n\nHe dies.\n\n:::",
        '<span class="spoiler">He dies.</span>',
        '<div class="spoiler">He dies.</div>',
        "<details>\n\nHe dies.\n\n</details>",
        "<details><summary>Spoilers!</summary>\n\nHe dies.\n\n</details>",
        "!!! spoiler\n    He dies.\n",
        "> [!spoiler]-\n> He dies.\n",
    ],
)
def test_what_its_author_hides_is_a_spoiler(hidden: str) -> None:
    found = parse_review(f"Good.\n\n{hidden}\n\nThe end.\n", Path("r.md")).blocks
    assert [(b.text, b.spoiler) for b in found if b.kind == "paragraph"] == [
        ("Good.", False),
        ("He dies.", True),
        ("The end.", False),
    ]
    assert all(sign not in block.text for block in found for sign in "\x02\x03")


def test_a_sentence_that_hides_a_word_is_hidden_and_stays_in_its_place() -> None:
    text = "It rains. The killer is ||the *butler*||. It stops.\n"
    result = outline(parse_review(f"A film.\n\n{text}", Path("r.md")), load_kinds(), kind="film")
    said = [(p.text, p.block.spoiler, p.segment) for p in result.placements][1:]
    assert [(words, hidden) for words, hidden, _ in said] == [
        ("It rains.", False),
        ("The killer is the butler.", True),
        ("It stops.", False),
    ]
    assert len({segment for *_, segment in said}) == 1


@pytest.mark.parametrize(
    "text",
    [
        "a || b",
        "| a || b |\n|---|---|---|",
        "`||a||`",
        "It costs >!5.",
        "```\n[spoiler]x[/spoiler]\n```",
    ],
)
def test_what_hides_nothing(text: str) -> None:
    found = parse_review(f"Good.\n\n{text}\n", Path("r.md")).blocks
    assert not any(block.spoiler for block in found)


MDX = """import Rating from "../Rating.astro"

export const meta = { hours: 5 }

<Rating value={4} />

Copper Sky is a game about a kite.

<Callout type="x" on={() => { go() }}>
Bring a **good** pad.
</Callout>

It took me {meta.hours} hours.{/* or so */}{" "}Well.

- Import taxes are low.
"""


def test_components_go_and_their_words_stay() -> None:
    found = parse_review(MDX, Path("r.mdx")).blocks
    assert [block.text for block in found if block.kind != "code"] == [
        "Copper Sky is a game about a kite.",
        "Bring a good pad.",
        "It took me hours. Well.",
        "Import taxes are low.",
    ]
    assert any("import Rating" in block.text for block in found)


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
