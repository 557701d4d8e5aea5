"""What an editor says about a script: all of it at once, with lines and hints."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from script.outlines import NAMES, SHOW
from script.test_golden import compare

from sayso.errors import ShowError
from sayso.language.sentences import dependent_opening, opens_with_connective
from sayso.model import Paragraph, Script, Text
from sayso.script import lint, parse_script, read_script

DATA = Path(__file__).parent / "data" / "lint"
KNOWN = {name.id for name in NAMES}


def find_sound(file: str) -> Path:
    if ".." in file:
        raise ShowError(f"the path {file!r} leaves the show folder", hint="copy the file")
    return DATA / file


def remarks(script: Script) -> str:
    return "".join(
        f"{finding.line}: {finding.level}: {finding.problem} ({finding.hint})\n"
        for finding in lint(script, SHOW, find_sound, known_segments=KNOWN)
    )


def test_everything_that_is_odd_is_found_at_once() -> None:
    compare(DATA / "odd.findings", remarks(read_script(DATA / "odd.md")))


def test_a_clean_script_has_no_remarks() -> None:
    text = """\
Nobody runs here. {from=p1:1}

## Introduction {#intro voice=host}

This is Late Seats.

It is slow. {from=p1:2}

## The cast {#cast voice=critic sting=transition}

But the people are quick: {from=p2}

They run. {from=p3}

## The cast {#cast-2 voice=critic}

They run again. {from=p4}
"""
    assert remarks(parse_script(text)) == ""


def test_a_script_made_by_a_program_has_no_lines() -> None:
    script = Script((), (Paragraph((Text("Hi."),), voice="hots"),))
    finding = lint(script, SHOW, find_sound)[0]
    assert (finding.line, finding.problem) == (None, "unknown voice 'hots'")


def test_more_segments_than_a_player_can_show() -> None:
    text = "".join(f"## Part {n} {{#part-{n}}}\n\nWords.\n\n" for n in range(256))
    assert remarks(parse_script(text)) == (
        "1021: warning: 256 segments (players show 255 chapters at most; join some)\n"
    )


def test_voices_are_known_in_any_case_of_letters() -> None:
    show = replace(SHOW, voices=SHOW.voices)
    script = parse_script("HOST: Hi.\n\nCritic: Hi.\n\n## A {#a voice=HOST}\n\nHi.\n")
    assert lint(script, show, find_sound) == ()


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("But it is good.", "But"),
        ("“However, it is good.”", "However"),
        ("That said, it is good.", "That said"),
        ("This is why.", "This"),
        ("This film is good.", None),
        ("This quiet film is good.", None),
        ("This quiet terror of a film is good.", "This"),
        ("These are good.", "These"),
        ("He is good.", "He"),
        ("Hers is good.", None),
        ("Button is good.", None),
        ("It is good.", None),
        ("Still-life painting is good.", None),
        ("The film is good.", None),
        ("", None),
    ],
)
def test_sentences_that_lean(text: str, word: str | None) -> None:
    assert dependent_opening(text) == word


def test_only_some_turn() -> None:
    assert opens_with_connective("But it is good.")
    assert not opens_with_connective("This is good.")
