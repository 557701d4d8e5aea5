"""Whatever the text: no crash but a ReviewError, and no block lost or told twice."""

from __future__ import annotations

import contextlib
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sayso.errors import ReviewError
from sayso.model import Outline, Review
from sayso.review import load_kinds, outline, parse_review, read_review

PIECES = st.sampled_from(
    [
        "# Title\n", "## Cast\n", "**Bold**\n", "- item\n", "  nested\n", "> quote\n", "> \n", "---\n",
        "+++\n", "title: x\n", "segments: {1: cast}\n", "<!-- segment: cast -->\n", "<!-- x", "-->\n",
        "<script>", "</script>\n", "<b>", "![a](b)", "[^1]", "[^1]: note\n", "| a | b |\n|---|---|\n",
        "```\n", "    code\n", "8/10\n", "★★★\n", "Director: A. B.\n", "\n", "\n\n", " ", "\t", "\0", "\r",
        "The performances are superb. ", "It costs £4.50. ", "Overall, I recommend it.\n\n", "word " * 50,
        "Dr. Who? “Yes!” ", "…", "é", "你好。", "\u2028", "\ufeff", "&amp;", "\\*", "*", "_", "`", "1. ",
    ]
)  # fmt: skip
TEXTS = st.one_of(
    st.lists(PIECES, max_size=40).map("".join),
    st.text(max_size=300),
    st.lists(st.text(max_size=60), max_size=12).map("\n\n".join),
)
NAMES = st.sampled_from([None, Path("a.md"), Path("a.txt"), Path("a")])
KINDS = load_kinds()


def check(review: Review, result: Outline) -> None:
    sentences: dict[str, list[int]] = {}
    for placement in result.placements:
        n = len(placement.block.sentences)
        last = n if placement.last is None else placement.last
        sentences.setdefault(placement.block.id, []).extend(range(placement.first, last))
        assert placement.text
        assert placement.segment in {name.id for name in result.names}
    for block in review.blocks:
        if block.id in sentences:
            assert sentences[block.id] == list(range(len(block.sentences)))
    asides = [aside.block.id for aside in result.asides]
    assert sorted([*sentences, *asides]) == sorted(block.id for block in review.blocks)
    assert all(aside.reason for aside in result.asides)
    assert result.placements


@settings(max_examples=120, deadline=None)
@given(TEXTS, NAMES, st.sampled_from([None, "tv", "gadget"]))
def test_every_block_is_told_once(text: str, name: Path | None, kind: str | None) -> None:
    try:
        review = parse_review(text, name)
        result = outline(review, KINDS, kind=kind)
    except ReviewError:
        return
    assert review.title.strip()
    for block in review.blocks:
        assert block.text == " ".join(block.text.split())
        if block.id.startswith("p"):
            assert " ".join(block.sentences) == block.text
        assert 1 <= block.line <= len(text.splitlines()) + 9
    assert len({block.id for block in review.blocks}) == len(review.blocks)
    check(review, result)
    assert outline(parse_review(text, name), KINDS, kind=kind) == result


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.binary(max_size=400))
def test_any_bytes(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "r.md"
    path.write_bytes(data)
    with contextlib.suppress(ReviewError):
        read_review(path)


@pytest.mark.parametrize(
    "piece",
    ["[", "![", "> ", "- ", "*a_ ", "<a ", "<!--", "`", "(", ". ", ".", "Aa ", "a", "[^", "&", "\n> a\n- b\n"],
)  # fmt: skip
@pytest.mark.parametrize("name", ["r.md", "r.txt"])
def test_monotonous_texts_do_not_hang(piece: str, name: str) -> None:
    text = "Hello there. " + piece * (12_000 // len(piece))
    review = parse_review(text, Path(name))
    check(review, outline(review, KINDS, kind="tv"))


def test_a_paragraph_of_100_kilobytes() -> None:
    text = "The cast is superb, and the story follows a cook who paints the sea in Kent. " * 1_300
    review = parse_review(text, Path("r.txt"))
    result = outline(review, KINDS, kind="tv")
    assert " ".join(p.text for p in result.placements) == review.blocks[0].text
