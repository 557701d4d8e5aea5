"""A paragraph is put into a segment as its author would: in the front matter, in its own form."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sayso.errors import ReviewError
from sayso.model import Review
from sayso.review import read_review
from sayso.studio.edits import put_in_segment

BODY = "One is here.\n\n## Cast\n\nTwo is here.\n\n<!-- segment: story -->\n\nThree is here.\n\nFour.\n"


def put(text: str, block: str, segment: str | None, suffix: str = ".md") -> str:
    return put_in_segment(text, block, segment, source=Path(f"review{suffix}"))


@pytest.mark.parametrize(
    ("block", "segment", "old", "new"),
    [
        # YAML, flow.
        ("p4", "cast", "segments: {3: cast}", "segments: {3: cast, 4: cast}"),
        ("p3", "story", "segments: {3: cast}", "segments: {3: story}"),
        ("p3", None, "a: b\nsegments: {3: cast}\nc: d", "a: b\nc: d"),
        ("p3", None, "segments: {3: cast, 4: x}", "segments: {4: x}"),
        ("p4", None, "segments: {3: cast, 4: x} # why", "segments: {3: cast} # why"),
        ("p4", None, "segments: {2: a, 4: x, 3: b}", "segments: {2: a, 3: b}"),
        ("p4", "x", 'Segments: { "p3" : "cast" }', 'Segments: { "p3" : "cast", "p4": "x" }'),
        ("p4", "x", "segments: {p3: 'cast'}", "segments: {p3: 'cast', p4: 'x'}"),
        ("p3", "it's", "segments: {p3: 'cast'}", "segments: {p3: 'it''s'}"),
        ("p3", "a: b", "segments: {3: cast}", 'segments: {3: "a: b"}'),
        ("p3", "null", "segments: {3: cast}", 'segments: {3: "null"}'),
        ("p3", "x", "segments: {3: a, p3: b}", "segments: {3: x, p3: x}"),
        ("p3", None, "segments: {3: a, 2: x, p3: b}", "segments: {2: x}"),
        (
            "p4",
            "x",
            "segments: {\n  3: cast,  # why\n  }",
            "segments: {\n  3: cast, 4: x,  # why\n  }",
        ),
        ("p4", "x", "segments: {3: cast,}", "segments: {3: cast, 4: x,}"),
        ("p3", None, "segments: {\n  3: cast,  # why\n  2: a}", None),
        ("p4", "x", "segments: {}", "segments: {4: x}"),
        ("p4", "x", "segments:\na: b", "segments: {4: x}\na: b"),
        ("p4", "x", "a: b\nsegments:  # none yet", "a: b\nsegments: {4: x}  # none yet"),
        ("p4", "x", "segments: ~", "segments: {4: x}"),
        # YAML, block.
        (
            "p4",
            "x",
            "segments:\n  3: cast  # why\na: b",
            "segments:\n  3: cast  # why\n  4: x\na: b",
        ),
        ("p4", "x", "segments:\n    p3: 'cast'", "segments:\n    p3: 'cast'\n    p4: 'x'"),
        ("p3", "x", "segments:\n  3: cast  # why", "segments:\n  3: x  # why"),
        ("p3", None, "a: b\nsegments:\n  3: cast  # why\n\nc: d", "a: b\n\nc: d"),
        ("p3", None, "segments:\n  3: cast\n  # and\n  4: x", "segments:\n  # and\n  4: x"),
        ("p3", "x", "segments:\n  3: |\n    cast", None),
        # None yet.
        ("p4", "x", "title: T  # why", "title: T  # why\nsegments: {4: x}"),
        ("p4", "x", "title: |\n  T\n  U", "title: |\n  T\n  U\nsegments: {4: x}"),
        ("p4", "x", "  title: T", "  title: T\n  segments: {4: x}"),
        ("p4", "x", "# nothing", "# nothing\nsegments: {4: x}"),
        ("p3", None, "# nothing\nsegments: {3: x}", "# nothing"),
        # What cannot be changed safely.
        ("p4", "x", "{title: T}", None),
        ("p3", "x", "a: &c cast\nsegments: {3: *c}", None),
        ("p3", "x", "segments: {3: &c cast}\na: *c", None),
        ("p4", "x", "a: &s {}\nsegments: *s", None),
    ],
)
@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_yaml(
    block: str, segment: str | None, old: str, new: str | None, end: str, mark: str
) -> None:
    text = f"{mark}---\n{old}\n---\n{BODY}".replace("\n", end)
    if new is None:
        with pytest.raises(ReviewError, match=r"review\.md:\d+: .*on a line of its own"):
            put(text, block, segment)
    else:
        assert put(text, block, segment) == f"{mark}---\n{new}\n---\n{BODY}".replace("\n", end)


@pytest.mark.parametrize(
    ("block", "segment", "old", "new"),
    [
        ("p4", "x", 'segments = {3 = "cast"}', 'segments = {3 = "cast", 4 = "x"}'),
        ("p3", "x", "segments = {3 = 'cast'}  # why", 'segments = {3 = "x"}  # why'),
        ("p4", "x", '[segments]\n"p3" = "a"', '[segments]\n"p3" = "a"\n"p4" = "x"'),
        ("p4", "x", '[segments]\n3 = "a"\n\n[b]', '[segments]\n3 = "a"\n4 = "x"\n\n[b]'),
        ("p4", "x", 'segments.3 = "a"', 'segments.3 = "a"\nsegments.4 = "x"'),
        ("p3", None, 'a = "b"\nsegments = {3 = "c"}', 'a = "b"'),
        ("p3", None, 'a = "b"\n[segments]\n3 = "c"', 'a = "b"'),
        ("p3", None, 'segments.3 = "a"\nb = 1', "b = 1"),
        ("p3", None, 'segments = {3 = "c", 4 = "d"}', 'segments = {4 = "d"}'),
        ("p4", "x", 'title = "T"  # why', 'title = "T"  # why\nsegments = {4 = "x"}'),
        ("p4", "x", "a = 1\n[b]\nc = 2", 'a = 1\n[b]\nc = 2\n\n[segments]\n4 = "x"'),
        ("p4", 'a "b"', "", 'segments = {4 = "a \\"b\\""}'),
        ("p4", "x", 'segments = ""', None),
    ],
)
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_toml(block: str, segment: str | None, old: str, new: str | None, end: str) -> None:
    old = f"{old}\n" if old else ""
    text = f"+++\n{old}+++\n{BODY}".replace("\n", end)
    if new is None:
        with pytest.raises(ReviewError, match="on a line of its own"):
            put(text, block, segment)
    else:
        assert put(text, block, segment) == f"+++\n{new}\n+++\n{BODY}".replace("\n", end)


@pytest.mark.parametrize("suffix", [".md", ".txt", ""])
@pytest.mark.parametrize(
    "text",
    [
        BODY,
        "\ufeff" + BODY,
        BODY.replace("\n", "\r\n"),
        "---\n\n" + BODY,
        "---\nOne thing.\n\nTwo.\n\nThree.\n\nFour.",
        "One.\n\nTwo.\n\n- three\n- four\n",
    ],
)
def test_front_matter_comes_and_goes(text: str, suffix: str) -> None:
    end = "\r\n" if "\r\n" in text else "\n"
    mark = "\ufeff" if text.startswith("\ufeff") else ""
    result = put(text, "p2", "x", suffix)
    head = "---\nsegments: {2: x}\n---\n\n".replace("\n", end)
    assert result == mark + head + text.removeprefix(mark)
    assert put(result, "p2", "x", suffix) == result
    assert put(result, "p2", None, suffix) == text
    assert put(text, "p2", None, suffix) == text


def test_front_matter_that_would_leave_the_text_to_be_taken_for_it_stays() -> None:
    text = "---\nsegments: {1: x}\n---\n---\ntitle: no\n\n---\n\nmore\n"
    result = put(text, "p1", None)
    assert result == "---\n---\n---\ntitle: no\n\n---\n\nmore\n"


def test_front_matter_wins_over_headings_and_comments(tmp_path: Path) -> None:
    for block in ("p2", "p3"):
        review = read(put(BODY, block, "verdict"), tmp_path / "x.md")
        (found,) = (each for each in review.blocks if each.id == block)
        assert (found.segment, found.segment_by) == ("verdict", "front matter")
    (third,) = (b for b in read(BODY, tmp_path / "x.md").blocks if b.id == "p3")
    assert (third.segment, third.segment_by) == ("story", "comment")


@pytest.mark.parametrize(
    ("text", "block", "segment", "suffix", "problem"),
    [
        (BODY, "p9", "x", ".md", "no paragraph 'p9'.*load the page again"),
        (BODY, "h1", "x", ".md", "no paragraph 'h1'"),
        (BODY, "p1", " ", ".md", "names no segment"),
        (BODY, "p1", "a\nb", ".md", "names no segment"),
        ("<p>One.</p>", "p1", "x", ".html", "save the review as Markdown"),
        ("<!doctype html><p>One.</p>", "p1", "x", ".txt", "save the review as Markdown"),
        ("---\ntitle: [\nb\n---\nOne.\n", "p1", "x", ".md", "not YAML"),
        ("---\ntitle: a: b\n---\nOne.\n", "p1", "x", ".md", "cannot be changed"),
        ('{"title": "a"}\nOne.\n', "p1", "x", ".md", "cannot be changed"),
        ("Title: a\n\nOne.\n", "p1", "x", ".md", "cannot be changed"),
        ("---\nsegments: 3\n---\nOne.\n", "p1", "x", ".md", "not a table"),
    ],
)
def test_what_cannot_be(text: str, block: str, segment: str, suffix: str, problem: str) -> None:
    with pytest.raises(ReviewError, match=problem) as raised:
        put(text, block, segment, suffix)
    assert raised.value.hint
    assert raised.value.file == f"review{suffix}"


def read(text: str, path: Path) -> Review:
    path.write_bytes(text.encode())
    return read_review(path)


def without_lines(review: Review) -> Review:
    return replace(review, blocks=tuple(replace(block, line=0) for block in review.blocks))


HEADS = (
    *("", "", "---\n---\n", "---\ntitle: T\nauthor: [A, B]\n---\n\n", "+++\n+++\n"),
    *("---\ntitle: T # t\nsegments: {1: a, p2: 'b'}\nx: \"y\"\n...\n", "--- \nsegments:\n---\n"),
    *(
        "---\nsegments:\n  p2: a # why\n  1: b\n\n# c\n---\n",
        "---\nsegments: {\n 1: a, # c\n}\n---\n",
    ),
    *(
        "+++\ntitle = 'T'\n[segments]\n1 = 'a' # c\n[x]\ny = 1\n+++\n",
        '+++\nsegments.p1 = "a"\n+++\n',
    ),
    *("---\n\x00segments: {1: a}\u200b\n---\n", "---\n\x01title: T\u200b\n---\n"),
)
PARTS = (
    "One is here.",
    "- two\n- three",
    "> A quote.",
    "# Cast",
    "<!-- segment: x -->",
    "***",
    "---",
)


@given(
    st.sampled_from(HEADS),
    st.lists(st.sampled_from(PARTS), max_size=5),
    st.sampled_from(["p1", "p2", "p3"]),
    st.none() | st.sampled_from(["cast", "a: b", 'Who\'s "in" it', "~", "#x", "été", "{", "1"]),
    st.sampled_from([".md", ".txt", ".text"]),
    st.sampled_from(["\n", "\r\n", "\r", "\u2028"]),
    st.sampled_from(["", "\ufeff"]),
)
@settings(max_examples=150)
def test_only_that_block_is_put_elsewhere(
    tmp_path_factory: pytest.TempPathFactory,
    head: str,
    parts: list[str],
    block: str,
    segment: str | None,
    suffix: str,
    end: str,
    mark: str,
) -> None:
    path = tmp_path_factory.getbasetemp() / f"review{suffix}"
    body = "\n\n".join(["A first one.", *parts, "And the last."])
    text = mark + (head + body).replace("\n", end)
    before = without_lines(read(text, path))
    old = next((each for each in before.blocks if each.id == block), None)
    if old is None:
        with pytest.raises(ReviewError):
            put(text, block, segment, suffix)
        return
    result = put(text, block, segment, suffix)
    after = without_lines(read(result, path))
    new = next(each for each in after.blocks if each.id == block)
    if segment is None:
        assert new.segment_by != "front matter"
    else:
        assert (new.segment, new.segment_by) == (segment, "front matter")
    same = replace(new, segment=old.segment, segment_by=old.segment_by)
    assert tuple(same if each.id == block else each for each in after.blocks) == before.blocks
    assert replace(after, blocks=()) == replace(before, blocks=())
    assert put(result, block, segment, suffix) == result
    assert result.endswith(body.replace("\n", end))
    if after == before:
        assert result == text
