"""Web pages: what of a page is the review. Each page has its blocks beside it, to be read."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from sayso.errors import EnvironmentProblem, ReviewError
from sayso.model import Review
from sayso.review import load_kinds, outline, read_review

PAGES = Path(__file__).parent / "data" / "pages"


def described(review: Review) -> str:
    known = {key: getattr(review, key) for key in ("title", "author", "date", "link")}
    head = [f"{key}: {value}" for key, value in known.items() if value]
    rows = [f"{b.id} {b.kind} line {b.line}: {b.text}" for b in review.blocks]
    return "\n".join([*head, *rows]) + "\n"


def page(folder: Path, data: bytes, name: str = "page.html") -> Path:
    path = folder / name
    path.write_bytes(data)
    return path


@pytest.mark.parametrize("path", sorted(PAGES.glob("*.html")), ids=lambda p: p.stem)
def test_a_page_is_read_as_described(path: Path) -> None:
    golden = path.with_suffix(".blocks.txt")
    text = described(read_review(path))
    if not golden.exists():
        golden.write_text(text, "utf-8")
        pytest.fail(f"{golden.name} was written: read it, and run again")
    assert text == golden.read_text("utf-8")


def test_headings_of_a_page_place_what_follows() -> None:
    found = outline(read_review(PAGES / "the-lantern-keeper.html"), load_kinds([]), kind="tv")
    by_heading = {p.segment for p in found.placements if p.reason == "heading"}
    assert {"cast", "verdict"} <= by_heading


@pytest.mark.parametrize("name", ["page.htm", "PAGE.HTML", "page.txt", "page.md"])
def test_a_page_is_known_by_its_name_or_its_first_words(name: str, tmp_path: Path) -> None:
    data = (PAGES / "the-lantern-keeper.html").read_bytes()
    assert read_review(page(tmp_path, b"\xef\xbb\xbf\n " + data, name)).author == "Ines Varga"


def test_what_stands_within_a_sentence_does_not_part_it(tmp_path: Path) -> None:
    filler = "which is more than anybody had hoped for when the lamp went out over the bay"
    text = (
        "<!doctype html><html><body><article><h1>The Pier</h1>"
        f"<p>It is <Q cite='x'>a long pier</Q>, she says, {filler}.</p>"
        f'<p>Press <code>x</code> now,<sup id="a"><a href="#n1">[1]</a></sup> {filler}.</p>'
        f'<p>Nobody<a href="#n2"><sup>2</sup></a> has 3<sup>2</sup> lamps, {filler}.</p>'
        "<pre><code>x = 1\ny = 2\nprint(x)</code></pre></article></body></html>"
    )
    found = [
        (block.kind, block.text) for block in read_review(page(tmp_path, text.encode())).blocks
    ]
    assert found == [
        ("heading", "The Pier"),
        ("paragraph", f"It is “a long pier”, she says, {filler}."),
        ("paragraph", f"Press x now, {filler}."),
        ("paragraph", f"Nobody has 3² lamps, {filler}."),
        ("code", "x = 1 y = 2 print(x)"),
    ]


def test_the_encoding_that_an_old_page_declares(tmp_path: Path) -> None:
    text = (
        '<html><head><meta http-equiv="Content-Type" content="text/html; charset=iso-8859-1">'
        "</head><body><h1>Café Noir</h1><p>Nobody comes here for the light, and nobody minds. There "
        "are six tables, a counter, and a stove that has outlived three owners of the house.</p>"
        "<p>Lunch is soup, and then more soup, and then the bill, which is shorter than the soup. "
        "It comes with bread, and with a spoon that you give back at the door.</p>"
        "<p>The café is dark, and it is “small” too.</p></body></html>"
    )
    review = read_review(page(tmp_path, text.encode("cp1252")))
    assert review.blocks[-1].text == "The café is dark, and it is “small” too."


def test_bytes_of_no_known_encoding(tmp_path: Path) -> None:
    with pytest.raises(ReviewError, match="is not UTF-8"):
        read_review(page(tmp_path, b"<html><body><p>The caf\xe9 is dark.</p></body></html>"))


@pytest.mark.parametrize(
    "data",
    [
        b"<html></html>",
        b"<!doctype html>",
        b"<html><body><script>say(1)</script></body></html>",
        b"<html><body>" + b"<div>" * 100_000,
        b"<html" + b"<" * 50_000,
        b"<html>&#0;&#xD800;</html>",
        b"<iframe >html",  # lxml asserts what is not so
    ],
    ids=lambda data: repr(data[:30]),
)
def test_a_page_without_an_article(data: bytes, tmp_path: Path) -> None:
    with pytest.raises(ReviewError, match=r"no article is found|cannot be read|nothing to say"):
        read_review(page(tmp_path, data))


def test_without_the_extra_the_error_names_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "trafilatura", None)
    with pytest.raises(EnvironmentProblem, match=r"pip install 'sayso\[html\]'"):
        read_review(PAGES / "divs-and-breaks.html")
    plain = page(tmp_path, b"The cast is small. It sings.", "plain.txt")
    assert read_review(plain).blocks  # nothing else needs it


@pytest.mark.parametrize(
    "body",
    [
        "<p>It is slow.</p><h1>Kettles</h1><ul><li>One</li><li>Two</li></ul><h2>End</h2><p>Buy.</p>",
        "It is slow.\n\n<h1>Kettles</h1>\n<ul><li>One</li><li>Two</li></ul>\n\n<h2>End</h2>\n\nBuy.\n",
        "<!-- wp:paragraph -->\n<p>It is slow.</p>\n<!-- /wp:paragraph -->\n<h1>Kettles</h1>\n"
        '<ul class="wp-block-list"><!-- wp:list-item --><li>One</li><!-- /wp:list-item -->\n'
        "<li>Two</li></ul>\n<h2>End</h2>\n<p>Buy.</p>[gallery ids='1,2']",
    ],
    ids=["paragraphs", "blank lines", "blocks of an editor"],
)
@pytest.mark.parametrize("head", ["", "---\ntitle: A list\ntags:\n- tea\n---\n"])
def test_a_post_without_a_page_around_it_is_read_whole(
    body: str, head: str, tmp_path: Path
) -> None:
    review = read_review(page(tmp_path, (head + body).encode()))
    said = [(b.kind, b.text) for b in review.blocks if b.kind != "embed"]
    assert said == [
        ("paragraph", "It is slow."),
        ("heading", "Kettles"),
        ("item", "One"),
        ("item", "Two"),
        ("heading", "End"),
        ("paragraph", "Buy."),
    ]
    assert review.title == ("A list" if head else "Page")


@pytest.mark.parametrize("element", ["article", "main"])
def test_the_article_of_a_page_is_read_whole(element: str, tmp_path: Path) -> None:
    text = (
        "<html><body><nav><a href='/'>Home</a></nav><header><p>My blog</p></header>"
        f"<{element}><h1>Mill</h1><h3>Plot</h3><p>It follows a miller and his son.</p>"
        "<h3>Looks</h3><p>Grey, and slow.</p><div class='share-buttons'><p>Share</p></div>"
        f"<p>Good.</p></{element}><footer><p>Mine</p></footer></body></html>"
    )
    review = read_review(page(tmp_path, text.encode()))
    assert [b.text for b in review.blocks if b.kind in ("heading", "paragraph")] == [
        *("Mill", "Plot", "It follows a miller and his son.", "Looks", "Grey, and slow.", "Good.")
    ]
    assert [b.kind for b in review.blocks if "Share" in b.text] == ["html"]


def test_a_line_that_a_template_fills_and_comments_are_not_read(tmp_path: Path) -> None:
    text = (
        "---\ntitle: Tea\n---\n<h3>{{ title }}</h3>\n<p>Posted on {{ date | date: '%B' }}</p>\n"
        "<!-- more --><p>Strong, said {{ who }}, and she is right.</p><!-- segment: verdict -->"
        "<p>Buy it.</p>"
    )
    review = read_review(page(tmp_path, text.encode()))
    assert [(b.kind, b.text, b.line) for b in review.blocks] == [
        ("code", "{{ title }}", 4),
        ("code", "Posted on {{ date | date: '%B' }}", 5),
        ("paragraph", "Strong, said , and she is right.", 6),
        ("html", "<!-- segment: verdict -->", 6),
        ("paragraph", "Buy it.", 6),
        ("code", "{{ who }}", 6),
    ]


@pytest.mark.parametrize("bullet", ["- ", "• ", "* "])
def test_lines_with_a_dash_after_a_break_are_items(bullet: str, tmp_path: Path) -> None:
    text = (
        f"<p>I liked:<br>{bullet}<a href='x'>Pace</a>: quick<br/>{bullet}Cast: good<br><br>"
        f"So?<br>{bullet}Price: fair</p><p>Now.<br>{bullet}A captain</p>"
    )
    blocks = read_review(page(tmp_path, text.encode())).blocks
    assert [(b.kind, b.text, len(b.links)) for b in blocks] == [
        ("paragraph", "I liked:", 0),
        ("item", "Pace: quick", 1),
        ("item", "Cast: good", 0),
        ("paragraph", f"So? {bullet}Price: fair", 0),
        ("paragraph", f"Now. {bullet}A captain", 0),
    ]


_LONGER = "which is more than anybody had hoped for when the lamp went out over the bay"


def test_what_stands_between_parts_of_an_article_is_read_or_listed(tmp_path: Path) -> None:
    text = (
        "<html><body><nav><a href='/'>Home</a></nav><div><div class='post'>"
        f"<h2>Plot</h2><div>It follows a keeper, {_LONGER}.</div><h3>Air</h3><div>Fog.</div>"
        f"<div class='share'>Tell all</div><h3>Looks</h3><div>Grey, {_LONGER} again.</div>"
        "</div></div><aside><h3>Recent</h3><p>On soup</p></aside><footer>Mine</footer></body></html>"
    )
    review = read_review(page(tmp_path, text.encode()))
    assert [b.text for b in review.blocks if b.kind != "html"] == [
        *("Plot", f"It follows a keeper, {_LONGER}.", "Air", "Fog."),
        *("Looks", f"Grey, {_LONGER} again."),
    ]
    assert ["Tell all" in b.text for b in review.blocks if b.kind == "html"] == [True]


@pytest.mark.parametrize(
    ("head", "headings", "title"),
    [
        ("<title>The Pier | My blog</title>", ("h1", "h1"), "The Pier"),
        ('<meta property="og:title" content="The Pier">', ("h2", "h2"), "The Pier"),
        ("", ("h2", "h2"), "Page"),
        ("", ("h1", "h1"), "Page"),
    ],
)
def test_a_heading_of_a_section_is_no_title(
    head: str, headings: tuple[str, str], title: str, tmp_path: Path
) -> None:
    first, second = headings
    text = (
        f"<html><head>{head}</head><body><article><p>It is long, {_LONGER}.</p>"
        f"<{first}>Plot</{first}><p>It follows a keeper, {_LONGER}.</p>"
        f"<{second}>Looks</{second}><p>Grey, {_LONGER}.</p></article></body></html>"
    )
    assert read_review(page(tmp_path, text.encode())).title == title
