"""The script format loses nothing: whatever is written can be read, and what is read is kept."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from script.strategies import files, fragments, items, scripts, words

from sayso.errors import ErrorGroup, SaysoError, ScriptError
from sayso.model import (
    Comment,
    Emphasis,
    Item,
    Paragraph,
    Pause,
    Say,
    Script,
    SegmentHead,
    StingCue,
    Text,
)
from sayso.script import parse_script, print_script, read_script


@given(scripts)
@settings(max_examples=100, deadline=None)
def test_any_script_is_read_as_it_was_printed(script: Script) -> None:
    assert parse_script(print_script(script)) == script
    assert parse_script(print_script(script, canonical=True)) == script


@given(words)
@settings(max_examples=200, deadline=None)
def test_any_words_make_a_paragraph(text: str) -> None:
    script = Script((), (Paragraph((Text(text),)),))
    assert parse_script(print_script(script)) == script


@given(files)
@example("---\ntitle: x\n---\n\n\n## a\nb\n{pause 1s}\n<!-- c -->")
@example("\ufeff---\r\nsayso: 1\r\n---\r\nWords.")
@settings(max_examples=100, deadline=None)
def test_a_text_is_kept_byte_for_byte_or_refused_with_every_line(text: str) -> None:
    try:
        script = parse_script(text, Path("x.md"))
    except (ScriptError, ErrorGroup) as error:
        errors = error.errors if isinstance(error, ErrorGroup) else (error,)
        n_lines = text.count("\n") + 1
        assert all(1 <= (one.line or 0) <= n_lines and one.hint for one in errors)
        assert all(one.file == "x.md" for one in errors)
        return
    assert print_script(script) == text
    assert parse_script(print_script(script, canonical=True)) == script


@given(st.text())
@settings(max_examples=200, deadline=None)
def test_the_parser_raises_nothing_but_its_own_errors(text: str) -> None:
    try:
        script = parse_script(text)
    except (ScriptError, ErrorGroup):
        return
    assert print_script(script) == text


@given(files, items, st.integers(0, 10))
@settings(max_examples=100, deadline=None)
def test_an_item_put_into_a_parsed_script_disturbs_no_other(text: str, item: Item, at: int) -> None:
    try:
        script = parse_script(text)
    except SaysoError:
        return
    changed = replace(script, items=(*script.items[:at], item, *script.items[at:]))
    assert parse_script(print_script(changed)) == changed


def test_an_item_whose_words_were_replaced_is_printed_anew() -> None:
    script = parse_script("Old   words.\n\nOther   words.\n")
    changed = replace(script.items[0], spans=(Text("New words."),))  # type: ignore[call-arg]
    assert print_script(replace(script, items=(changed, script.items[1]))) == (
        "New words.\n\nOther   words.\n"
    )


def test_front_matter_that_was_replaced_is_printed_anew() -> None:
    script = parse_script("---\ntitle:   Old\n---\n\nWords.\n")
    assert print_script(replace(script, meta=(("title", "New"),))) == (
        "---\ntitle: New\n---\n\nWords.\n"
    )


@pytest.mark.parametrize(
    "item",
    [
        Paragraph((Text("two\n\nlines"),)),
        Paragraph((Text("  "),)),
        Paragraph(()),
        Paragraph((Text("x"),), voice="two words"),
        Paragraph((Text("x"),), origin="p 1"),
        Paragraph((Emphasis(" x "),)),
        Paragraph((Say("x"),)),
        SegmentHead("a\nb", "a"),
        SegmentHead("a", "a b"),
        SegmentHead("", "a"),
        StingCue("a\nb"),
        Comment("a --> b"),
        Pause(-1),
        Pause(10**9),
    ],
    ids=repr,
)
def test_what_no_script_can_hold_is_refused_not_lost(item: Item) -> None:
    with pytest.raises(ScriptError, match="a script cannot hold"):
        print_script(Script((), (item,)))


@given(fragments)
def test_a_title_with_any_characters_is_kept_in_the_front_matter(text: str) -> None:
    script = Script((("title", text), ("note", "x")), ())
    assert parse_script(print_script(script)).get("title") == text


@pytest.mark.parametrize(
    "text",
    [
        '[a]{"' * 200_000,
        "[" * 500_000,
        "*a " * 300_000,
        "**a " * 300_000,
        "{" * 500_000,
        "a" + " " * 500_000 + "{from=p1",
        "## a" + " " * 300_000 + "b",
        '## {"' * 200_000,
        "---\na: b" + " " * 500_000 + "c\n---\n",
        "<!--\n" * 200_000,
        "{pause " + "9" * 500_000 + "s}",
        "x\n" * 300_000,
        "\\" * 500_001,
        "#\n" * 20_000,
    ],
    ids=lambda text: repr(text[:12]),
)
def test_no_text_makes_the_parser_slow(text: str) -> None:
    # With a pattern that is quadratic in one of these, the test would take hours.
    try:
        parse_script(text)
    except (ScriptError, ErrorGroup) as error:
        str(error)


def test_a_script_that_is_no_text_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "script.md"
    path.write_bytes(b"## A\n\ncaf\xe9\n")
    with pytest.raises(ScriptError, match=r"script\.md:3: not UTF-8: byte 9 is 0xe9"):
        read_script(path)


def test_a_script_that_is_far_too_long_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "script.md"
    path.write_bytes(b"x" * (4 * 1024 * 1024 + 1))
    with pytest.raises(ScriptError, match="at most"):
        read_script(path)
