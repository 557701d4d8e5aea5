"""A change in the page and one in an editor: both are kept, or both are shown."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sayso.script import has_conflict_markers, parse_script
from sayso.studio.edits import put_in_segment, rebase, set_pause, set_word, set_words

SEEN = "## A\n\nOne two.\n\nThree four.\n\n{pause 1s}\n"


def test_a_change_elsewhere_comes_in() -> None:
    mine = set_words(SEEN, 1, "One 2.")
    current = set_pause(SEEN, 3, 500) + "\nMore.\n"
    merged = rebase(SEEN, current, mine)
    assert (merged.text, merged.n_conflicts) == (
        "## A\n\nOne 2.\n\nThree four.\n\n{pause 0.5s}\n\nMore.\n",
        0,
    )
    assert rebase(SEEN, mine, current) == merged


@pytest.mark.parametrize(
    ("current", "mine", "merged"),
    [
        (SEEN, "x", "x"),
        ("x", SEEN, "x"),
        ("x", "x", "x"),
        # Neighbours; one change and more.
        ("a\nB\nc\n", "A\nb\nc\n", "A\nB\nc\n"),
        ("A\nb\nC\n", "A\nb\nc\n", "A\nb\nC\n"),
        # Line ends, the mark, the end of the file.
        ("a\r\nb\r\nc\r\n", "a\nB\nc\n", "a\r\nB\r\nc\r\n"),
        ("\ufeffa\nb\nc\n", "a\nB\nc\n", "\ufeffa\nB\nc\n"),
        ("a\nb\nc", "A\nb\nc\n", "A\nb\nc"),
        ("A\nb\nc\n", "a\nb\nc", "A\nb\nc"),
        ("A\nb\nc\n", "a\nb\nc\nd", "A\nb\nc\nd"),
        ("a\nb\nc", "a\nb\nc\nd\n", "a\nb\nc\nd\n"),
    ],
)
def test_both_changes_are_kept(current: str, mine: str, merged: str) -> None:
    seen = SEEN if SEEN in (current, mine) else "a\nb\nc\n"
    result = rebase(seen, current, mine)
    assert (result.text, result.n_conflicts) == (merged, 0)


def test_what_both_changed_is_shown() -> None:
    merged = rebase(SEEN, SEEN.replace("two", "II"), SEEN.replace("two", "2"))
    assert merged.n_conflicts == 1
    assert merged.text == (
        "## A\n\n"
        "<<<<<<< your change in the page\nOne 2.\n"
        "||||||| what the page showed\nOne two.\n"
        "=======\nOne II.\n"
        ">>>>>>> the file now\n"
        "\nThree four.\n\n{pause 1s}\n"
    )
    assert has_conflict_markers(merged.text) == 3


def test_where_a_paragraph_is_from_is_an_edit_too() -> None:
    merged = rebase("A. {from=p1}\n", "A. {from=p2}\n", "A. {from=p3}\n")
    assert merged.n_conflicts == 1
    assert rebase("A. {from=p1}\n", "A. {from=p2}\n", "A. {from=p1}\n\nB.\n").text == (
        "A. {from=p2}\n\nB.\n"
    )


def test_lexicon_and_review_are_settled_alike() -> None:
    seen = '[words]\n"A" = "a"\n"B" = "b"\n'
    merged = rebase(seen, set_word(seen, "A", say="x"), set_word(seen, "B", say="y"))
    assert merged.text == '[words]\n"A" = "x"\n"B" = "y"\n'
    seen = "---\ntitle: T\n---\nOne.\n\nTwo.\n"
    mine = put_in_segment(seen, "p2", "cast", source=Path("x.md"))
    merged = rebase(seen, seen.replace("One", "Eins"), mine)
    assert merged.text == "---\ntitle: T\nsegments: {2: cast}\n---\nEins.\n\nTwo.\n"


lines = st.lists(st.sampled_from(["a", "b", "", "c d", "{pause 1s}"]), max_size=7)


@given(lines, lines, lines, st.sampled_from(["\n", "\r\n"]), st.booleans())
@settings(max_examples=200)
def test_no_line_of_either_side_is_lost(
    seen: list[str], current: list[str], mine: list[str], end: str, closed: bool
) -> None:
    current = [f"{line}!" if n % 3 == 0 else line for n, line in enumerate(current)]
    mine = [f"{line}?" if n % 3 == 1 else line for n, line in enumerate(mine)]
    texts = [end.join(t) + (end if closed and t else "") for t in (seen, current, mine)]
    merged = rebase(*texts)
    held = re.split("\r?\n", merged.text)
    added = [line for line in current if line.endswith("!")] + [
        line for line in mine if line.endswith("?")
    ]
    assert all(line in held for line in added)
    assert (merged.n_conflicts > 0) == (has_conflict_markers(merged.text) is not None)
    swapped = rebase(texts[0], texts[2], texts[1])
    assert swapped.n_conflicts == merged.n_conflicts


changes = st.sampled_from(["", "mine", "current"])
kinds = st.sampled_from(["replace", "delete", "insert"])


@given(st.lists(st.tuples(changes, kinds), min_size=1, max_size=8))
def test_changes_apart_from_one_another_are_all_made(plan: list[tuple[str, str]]) -> None:
    texts: dict[str, str] = {"seen": "", "current": "", "mine": "", "merged": ""}
    for n, (who, kind) in enumerate(plan):
        new = {"replace": f"new {n}\n", "delete": "", "insert": f"line {n}\nnew {n}\n"}[kind]
        for name in texts:
            changed = who and name in (who, "merged")
            texts[name] += (new if changed else f"line {n}\n") + f"kept {n}\n"
    merged = rebase(texts["seen"], texts["current"], texts["mine"])
    assert (merged.text, merged.n_conflicts) == (texts["merged"], 0)


def test_a_settled_script_is_a_script() -> None:
    wrapped = "HOST: One\ntwo\nthree. {from=p1}\n"
    mine = set_words(wrapped, 0, "One two 3.")
    merged = rebase(wrapped, wrapped.replace("One", "Eins"), mine)
    assert merged.text == "HOST: Eins\ntwo\n3. {from=p1}\n"
    assert len(parse_script(merged.text).items) == 1
