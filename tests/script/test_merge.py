"""An edit survives a new rendering: the three-way merge, by properties and by example."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sayso.script import has_conflict_markers, merge

DATA = Path(__file__).parent / "data" / "merge"

units = st.sampled_from(
    ["{pause 1s}", "One.", "Two.", "Three. {from=p3}", "## Cast {#cast}", "a b"]
)
texts = st.lists(units, max_size=7).map(lambda found: "".join(f"{unit}\n\n" for unit in found))
"""Texts of few different units, so that many recur: the hard case."""
distinct = st.lists(st.integers(0, 99), unique=True, max_size=9).map(
    lambda found: [f"Paragraph {n}." for n in found]
)


def as_text(found: list[str]) -> str:
    return "".join(f"{unit}\n\n" for unit in found)


def counted(text: str) -> Counter[str]:
    marks = ("<<<<<<<", "|||||||", "=======", ">>>>>>>")
    return Counter(x for x in text.split("\n") if x.strip() and not x.startswith(marks))


@given(texts, texts)
def test_without_an_edit_the_new_rendering_is_taken(base: str, rendered: str) -> None:
    assert merge(base, base, rendered).text == rendered


@given(texts, texts)
def test_without_a_new_rendering_the_edit_is_kept(base: str, edited: str) -> None:
    assert merge(base, edited, base).text == edited


@given(texts, texts)
def test_a_rendering_that_is_the_edit_changes_nothing(base: str, edited: str) -> None:
    assert merge(base, edited, edited) == merge(base, edited, base)


@given(texts, texts, texts)
@settings(max_examples=200)
def test_no_word_of_either_side_is_lost(base: str, edited: str, rendered: str) -> None:
    merged = counted(merge(base, edited, rendered).text)
    old = counted(base)
    for side in (counted(edited), counted(rendered)):
        assert side - old <= merged  # what a side added


@given(st.permutations(range(6)), st.permutations(range(6)), st.permutations(range(6)), st.data())
@settings(max_examples=200)
def test_a_clean_merge_has_each_paragraph_of_the_review_once(
    base: list[int], edited: list[int], rendered: list[int], data: st.DataObject
) -> None:
    kept = st.sets(st.integers(0, 5), min_size=4)
    texts = [
        as_text([f"Words {n}. {{from=p{n}}}" for n in order if n in held])
        for order in (base, edited, rendered)
        for held in [data.draw(kept)]
    ]
    merged = merge(texts[0], texts[1], texts[2])
    assert (has_conflict_markers(merged.text) is None) == (merged.n_conflicts == 0)
    if merged.n_conflicts == 0:
        assert all(count == 1 for count in counted(merged.text).values())
        in_both = counted(texts[0]) & counted(texts[1]) & counted(texts[2])
        assert in_both <= counted(merged.text)


@given(distinct, st.data())
@settings(max_examples=200)
def test_changes_in_different_places_never_clash(base: list[str], data: st.DataObject) -> None:
    ours = data.draw(st.sets(st.sampled_from(base)) if base else st.just(set()))
    theirs = set(base) - ours
    edited = [f"{x} Edited." if x in ours else x for x in base]
    rendered = [f"{x} Rendered." if x in theirs and len(x) % 2 else x for x in base]
    expected = [e if e != b else r for b, e, r in zip(base, edited, rendered, strict=True)]
    merged = merge(as_text(base), as_text(edited), as_text(rendered))
    assert merged.n_conflicts == 0
    assert merged.text == as_text(expected)


@given(texts, texts, texts)
@settings(max_examples=200)
def test_line_ends_do_not_count_as_edits(base: str, edited: str, rendered: str) -> None:
    plain = merge(base, edited, rendered)
    windows = merge(base, "\ufeff" + edited.replace("\n", "\r\n"), rendered)
    if edited and plain.text != rendered:
        assert windows.text == "\ufeff" + plain.text.replace("\n", "\r\n")
    assert windows.n_conflicts == plain.n_conflicts


@pytest.mark.parametrize("path", sorted(DATA.glob("*.txt")), ids=lambda path: path.stem)
def test_merges_to_read(path: Path) -> None:
    base, edited, rendered, expected = (
        part.split("\n", 1)[1] for part in path.read_text("utf-8").split("#### ")[1:]
    )
    merged = merge(base, edited, rendered)
    assert merged.text == expected
    assert (merged.n_conflicts > 0) == ("<<<<<<<" in expected)


def test_separators_that_only_python_takes_for_line_ends_are_words() -> None:
    base, edited = "One\u2028<<<<<<< two.\n", "One\u2028=======\u2028two. Edited.\n"
    assert merge(base, edited, base + "\nThree.\n").text == edited + "\nThree.\n"
    assert has_conflict_markers(edited) is None


@pytest.mark.parametrize(
    "long", [" " * 300_000, "\n" * 300_000, "{from=" * 60_000, "x\n" * 100_000]
)
def test_no_text_makes_the_merge_slow(long: str) -> None:
    # With a pattern that is quadratic in one of these, the test would take hours.
    merge("One.\n\nTwo.\n", f"One.{long}x\n\nTwo.\n", "One.\n\nTwo!\n")


def test_a_lost_line_end_at_the_end_is_no_edit() -> None:
    assert merge("One.\n\nTwo.\n", "One.\n\nTwo.", "One.\n\nTwo!\n").text == "One.\n\nTwo!"
