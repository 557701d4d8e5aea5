"""`sayso script`: drafting, explaining, checking."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Sayso = Callable[..., Any]


@pytest.fixture
def script(here: Path, sayso: Sayso) -> Path:
    assert sayso("script", "pier.md").code == 0
    return here / "episodes" / "pier" / "script.md"


def add(script: Path, text: str) -> int:
    """Append to a script; the line that the text begins on."""
    before = script.read_text("utf-8")
    script.write_text(f"{before}\n{text}\n", "utf-8")
    return before.count("\n") + 2


def test_a_script_is_written_and_the_next_command_named(here: Path, sayso: Sayso) -> None:
    result = sayso("script", "pier.md")
    assert result.code == 0
    assert result.out == f"{Path('episodes/pier/script.md')}\n"
    assert "next: edit it, then sayso build pier.md" in result.err
    assert "The Pier" in (here / result.out.strip()).read_text("utf-8")


def test_what_stays_silent_is_counted_and_explained(here: Path, sayso: Sayso) -> None:
    review = here / "pier.md"
    n_lines = review.read_text("utf-8").count("\n")
    with review.open("a", encoding="utf-8") as stream:
        stream.write("\n| Good | Bad |\n|---|---|\n| light | cold |\n")
    told = sayso("script", "pier.md").err
    assert "note: left out: 1 table; sayso script --explain lists it\n" in told
    explained = sayso("script", "pier.md", "--explain").out
    assert f"line {n_lines + 2}: left out: a table is not read out: Good | Bad" in explained


def test_explaining_says_why_and_writes_nothing(here: Path, sayso: Sayso) -> None:
    result = sayso("script", "pier.md", "--explain")
    assert result.code == 0
    assert "cast" in result.out
    assert not (here / "episodes").exists()


def test_checking_a_script_that_is_fine(script: Path, sayso: Sayso) -> None:
    for named in ("pier.md", str(script)):
        result = sayso("script", named, "--check")
        assert (result.code, result.out) == (0, "")
        assert "nothing to remark" in result.err


def test_checking_finds_everything_at_once(script: Path, sayso: Sayso) -> None:
    line = add(script, "CRITIK: One more thing.\n\n{sting fanfare}\n\n{pause 3s}\n\n{sound no.wav}")
    for named in ("pier.md", str(script)):
        result = sayso("script", named, "--check")
        assert result.code == 1
        place = Path("episodes/pier/script.md")
        assert [row.split(" (")[0] for row in result.out.splitlines()] == [
            f"{place}:{line}: unknown voice 'CRITIK'",
            f"{place}:{line + 2}: unknown sting 'fanfare'",
            f"{place}:{line + 4}: a pause of 3 s",
            f"{place}:{line + 6}: no sound file 'no.wav'",
        ]
        assert "(did you mean 'critic'?; if it is no voice, write CRITIK\\:)" in result.out
        assert result.err.endswith("3 errors, 1 warning\n")


def test_warnings_alone_are_no_failure(script: Path, sayso: Sayso) -> None:
    add(script, "Aoibheann Kelly plays the pilot's brother.")
    result = sayso("script", "pier.md", "--check")
    assert result.code == 0
    assert "no lexicon entry for 'Aoibheann Kelly'" in result.out
    assert "lexicon.toml" in result.out


def test_a_name_that_something_says_is_no_finding(here: Path, script: Path, sayso: Sayso) -> None:
    add(script, '[Aoibheann Kelly]{say="Ay-veen Kelly"} is good. Siobhán is too.')
    result = sayso("script", "pier.md", "--check")
    assert "Aoibheann" not in result.out
    assert "Siobhán" in result.out
    (here / "lexicon.toml").write_text('[words]\n"Siobhán" = "Shiv-awn"\n', "utf-8")
    result = sayso("script", "pier.md", "--check")
    assert (result.code, result.out) == (0, "")


def test_mistakes_of_the_format_are_findings(script: Path, sayso: Sayso) -> None:
    line = add(script, "{pose 1s}\n\n## \n\nWords {and} words.")
    result = sayso("script", str(script), "--check")
    assert result.code == 1
    assert [row.split(": ")[0] for row in result.out.splitlines()] == [
        f"{Path('episodes/pier/script.md')}:{n}" for n in (line, line + 2, line + 4)
    ]


def test_checking_as_json(script: Path, sayso: Sayso) -> None:
    line = add(script, "{sting fanfare}\n\n{pause 3s}")
    result = sayso("script", "pier.md", "--check", "--json")
    assert result.code == 1
    document = json.loads(result.out)
    assert document["schema"] == 1
    assert document["findings"] == [
        {
            "level": "error",
            "line": line,
            "problem": "unknown sting 'fanfare'",
            "code": "unknown-sound",
            "hint": "known: bed, intro, outro, transition",
        },
        {
            "level": "warning",
            "line": line + 2,
            "problem": "a pause of 3 s",
            "code": "long-pause",
            "hint": "over 2.5 s sounds like a fault",
        },
    ]


def test_a_review_without_a_script_is_checked_and_nothing_written(here: Path, sayso: Sayso) -> None:
    result = sayso("script", "pier.md", "--check")
    assert result.code == 0
    assert not (here / "episodes").exists()


def test_checking_writes_nothing_into_an_edited_script(script: Path, sayso: Sayso) -> None:
    add(script, "My own words.")
    before = {path.name: path.read_bytes() for path in script.parent.iterdir()}
    sayso("script", "pier.md", "--check")
    assert {path.name: path.read_bytes() for path in script.parent.iterdir()} == before


def test_a_conflict_is_shown_as_git_shows_it(here: Path, script: Path, sayso: Sayso) -> None:
    for path, word in ((script, "one ferry"), (here / "pier.md", "the old ferry")):
        path.write_text(path.read_text("utf-8").replace("a ferry", word), "utf-8")
    result = sayso("script", "pier.md")
    assert result.code == 1
    for expected in ("<<<<<<< your edit", "one ferry", "=======", "the old ferry", ">>>>>>>"):
        assert expected in result.err
    assert "--merge" in result.err
    assert sayso("script", "pier.md", "--merge").code == 1
    assert "<<<<<<< your edit" in script.read_text("utf-8")
    assert sayso("script", "pier.md", "--force").code == 0
    assert "the old ferry" in script.read_text("utf-8")
    assert "one ferry" in (script.parent / "script.backup-1.md").read_text("utf-8")


def test_what_is_not_there_is_one_error(here: Path, sayso: Sayso) -> None:
    for arguments in (("nope.md",), ("nope.md", "--check")):
        result = sayso("script", *arguments)
        assert result.code in (1, 3)
        assert "nope.md" in result.err


def test_a_script_is_no_review(script: Path, sayso: Sayso) -> None:
    for command in ("script", "build"):
        result = sayso(command, str(script))
        assert result.code == 1
        assert "is the script of an episode, not a review  [not-a-review]" in result.err
        assert "name its review, pier.md" in result.err
