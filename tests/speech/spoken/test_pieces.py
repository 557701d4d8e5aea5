"""Over-long units cut for engines that cannot take them whole."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sayso.speech.spoken import pieces

TOKENS = st.lists(
    st.sampled_from(
        ["a", "word", "longer,", "stop.", "then;", "and", "because", "Who?", "extraordinarily", "서울", "⟦Cho Yi|tɕo i⟧", "⟦x, y. z|abc⟧,", "⟦", "⟧"]
    ),
    max_size=120,
)  # fmt: skip


def test_a_short_text_is_one_piece() -> None:
    assert pieces("A short text.") == ("A short text.",)
    assert pieces("") == ()


def test_cuts_fall_at_the_best_place_near_the_middle() -> None:
    assert pieces("One two three four. Five six seven eight nine.", 30) == (
        "One two three four.",
        "Five six seven eight nine.",
    )
    assert pieces("one two three, four five six seven eight", 30) == (
        "one two three,",
        "four five six seven eight",
    )
    assert pieces("one two three four and five six seven", 30) == (
        "one two three four",
        "and five six seven",
    )
    assert pieces("one two three four five six", 14) == ("one two three", "four five six")


def test_a_word_longer_than_the_limit_is_cut() -> None:
    assert pieces("x" * 25, 10) == ("x" * 10, "x" * 10, "x" * 5)
    assert pieces("あいう。えおかきく", 6) == ("あいう。", "えおかきく")


def test_a_mark_is_never_cut() -> None:
    mark = "⟦a very long name, indeed|ə lɒŋ neɪm⟧"
    assert pieces(f"so {mark} went", 10) == ("so", mark, "went")


def test_a_limit_below_one_is_refused() -> None:
    with pytest.raises(ValueError, match="at least 1"):
        pieces("a", 0)


@settings(max_examples=200, deadline=None)
@given(TOKENS, st.integers(16, 80))
def test_pieces_join_to_the_text_again(tokens: list[str], limit: int) -> None:
    text = " ".join(tokens)
    parts = pieces(text, limit)
    assert " ".join(parts) == text
    assert all(len(part) <= limit or "⟦" in part for part in parts)
    assert all(part.count("⟦Cho") == part.count("i⟧") for part in parts)


@settings(max_examples=100, deadline=None)
@given(st.text(), st.integers(1, 20))
def test_any_text_keeps_its_characters(text: str, limit: int) -> None:
    joined = "".join(pieces(text, limit))
    assert "".join(joined.split()) == "".join(text.split())
