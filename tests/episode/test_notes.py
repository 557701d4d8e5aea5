"""Show notes: a template in a sandbox → Markdown → HTML of ten elements, whatever goes in."""

from __future__ import annotations

import re
from html import unescape
from html.parser import HTMLParser
from pathlib import Path

import pytest
from episode.timelines import EVENING
from hypothesis import given
from hypothesis import strategies as st

from sayso.episode import notes_html, notes_markdown
from sayso.episode.notes import web_address, words
from sayso.errors import TemplateError
from sayso.model import Block, Outline, Placement, Review, SegmentName, Show, Voice
from sayso.model.html_allowlist import ALLOWED_ELEMENTS
from sayso.show.finding import starter_folder

SHOW = Show(
    Path("/nowhere"),
    "Dead Air",
    author="The Desk",
    voices=(Voice("host", speaker="Host"), Voice("critic"), Voice("unheard")),
)
NOTES = """\
Dead Air on The Pier: the cast and the writing.

[Read the review](https://example.org/pier?a=1&b=2)

**Chapters**

00:00:00 Intro
00:01:03 The "cast" & \\<co>
01:01:40 Verdict

**Credits**

- Written by Ada \\*Quill\\*, 17 October 2025
- Produced by The Desk
- Made with sayso

The voices in this episode are synthetic: computer speech, reading a review that a person wrote.
"""
HTML = """\
<p>Dead Air on The Pier: the cast and the writing.</p>
<p><a href="https://example.org/pier?a=1&amp;b=2">Read the review</a></p>
<p><strong>Chapters</strong></p>
<p>00:00:00 Intro<br>
00:01:03 The "cast" &amp; &lt;co&gt;<br>
01:01:40 Verdict</p>
<p><strong>Credits</strong></p>
<ul>
<li>Written by Ada *Quill*, 17 October 2025</li>
<li>Produced by The Desk</li>
<li>Made with sayso</li>
</ul>
<p>The voices in this episode are synthetic: computer speech, reading a review that a person wrote.</p>
"""


def outline(**fields: str) -> Outline:
    fields = {
        "title": "The Pier, season 2",
        "subject": "The Pier",
        "author": "Ada *Quill*",
        "date": "2025-10-17",
        "link": "https://example.org/pier?a=1&b=2",
    } | fields
    names = (
        SegmentName("cast", "The cast", "the cast"),
        SegmentName("writing", "The writing", "the writing"),
        SegmentName("verdict", "The verdict", "the verdict"),
    )
    blocks = [Block(f"p{i}", "paragraph", text, i, (text,)) for i, text in enumerate("abc", 1)]
    placements = tuple(
        Placement(block, name.id, "cues") for block, name in zip(blocks, names, strict=True)
    )
    review = Review(None, blocks=tuple(blocks), **fields)  # type: ignore[arg-type]
    return Outline(review, "tv", "guess", names, placements, ())


def render(folder: Path, template: str | None = None, **fields: str) -> str:
    if template is not None:
        (folder / "notes.md.j2").write_text(template, "utf-8")
    folders = (folder, starter_folder() / "scripts")
    return notes_markdown(EVENING, outline(**fields), SHOW, "The Pier", folders)


def test_the_notes_that_we_ship(tmp_path: Path) -> None:
    notes = render(tmp_path)
    assert notes == NOTES
    assert notes_html(notes) == HTML


def test_a_summary_takes_the_place_of_our_own_words(tmp_path: Path) -> None:
    notes = render(tmp_path, summary="1. A ferry, a ghost_story & <more>.")
    assert notes.startswith("1\\. A ferry, a ghost\\_story & \\<more>.\n")
    assert notes_html(notes).startswith("<p>1. A ferry, a ghost_story &amp; &lt;more&gt;.</p>\n")


@pytest.mark.parametrize(
    "address",
    [
        "javascript:alert(1)",
        "data:text/html,x",
        "file:///etc/passwd",
        "//example.org",
        "",
        "http://",
    ],
)
def test_only_web_addresses_become_links(address: str, tmp_path: Path) -> None:
    assert web_address(address) is None
    template = '{{ review.link | link("Read it") }}'
    assert render(tmp_path, template, link=address).strip() == "Read it"
    assert "<a" not in notes_html(f"[x]({address})\n\n<{address}>\n")


def test_a_link_cannot_break_out_of_its_address(tmp_path: Path) -> None:
    hostile = 'https://example.org/a) <b>"x" [y](javascript:alert(1))\n# z'
    html = notes_html(render(tmp_path, '{{ review.link | link("Read it") }}', link=hostile))
    assert html.count("<a ") == 1
    assert 'href="https://example.org/a%29' in html
    assert tags(html) == {"p", "a"}


@pytest.mark.parametrize(
    ("template", "problem", "hint"),
    [
        ("{{ shwo.title }}", "unknown name", "did you mean 'show'?"),
        ("{{ chapters[0].titel }}", "titel", "did you mean 'title'?"),
        ("{{ show }}", "cannot print a show", None),
        ("{{ show.title.__class__ }}", "", None),
        ("{% for c in chapters %}", "", None),
        ("{% segment 'cast' %}x{% endsegment %}", "unknown tag 'segment'", None),
        ("{{ sting('intro') }}", "unknown name", None),
        ("{% include '../show.toml' %}", "", None),
        ("{{ 'a' * 900000000 }}", "", None),
        (
            "{% for a in range(100000) %}{% for b in range(100000) %}x{% endfor %}{% endfor %}",
            "",
            None,
        ),
    ],
)
def test_a_wrong_or_hostile_template_is_one_clear_error(
    template: str, problem: str, hint: str | None, tmp_path: Path
) -> None:
    with pytest.raises(TemplateError) as caught:
        render(tmp_path, template)
    assert problem in caught.value.problem
    if hint:
        assert caught.value.hint == hint


class Tags(HTMLParser):
    """Collects elements and attributes, and checks that they nest."""

    def __init__(self) -> None:
        super().__init__()
        self.seen: set[str] = set()
        self.attributes: set[tuple[str, str]] = set()
        self.open: list[str] = []
        self.text: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.add(tag)
        self.attributes |= {(tag, name) for name, _ in attrs}
        if tag != "br":
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text.append(data)


def tags(html: str) -> set[str]:
    reader = Tags()
    reader.feed(html)
    reader.close()
    assert reader.open == []
    assert reader.attributes <= {("a", "href")}
    assert not re.search(r'href="(?!https?://|mailto:)', html)
    return reader.seen


@given(
    st.one_of(
        st.text(max_size=300),
        st.lists(
            st.sampled_from(
                [
                    *(
                        "# T\n",
                        "> q\n",
                        "```\nx<y\n```\n",
                        "    code\n",
                        "---\n",
                        "1. a\n",
                        "- b\n",
                    ),
                    *("![p](http://x/y.png)", "`c`", "**s**", "_e_", "<b>h</b>", "a\nb", "\n\n"),
                    *('[l](http://x "t")', "[j](javascript:x)", "|a|b|\n|-|-|\n", "<http://x.y>"),
                    *("T\n===\n", "&copy;", "\\", "<!-- c -->", "<script>", "[r]: http://x\n"),
                ]
            ),
            max_size=12,
        ).map("".join),
    )
)
def test_any_markdown_becomes_allowed_elements_only(markdown: str) -> None:
    assert tags(notes_html(markdown)) <= ALLOWED_ELEMENTS


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=120))
def test_words_are_shown_as_they_are(text: str) -> None:
    """Nothing that a title holds becomes markup, at the start of a line or within one."""
    plain = " ".join("".join(c if c.isprintable() else " " for c in text).split())
    for before in ("", "00:00:00 "):
        shown = re.sub(r"</?p>|\n", "", notes_html(f"{before}{words(text)}\n"))
        assert unescape(shown).split() == (before + plain).split()
