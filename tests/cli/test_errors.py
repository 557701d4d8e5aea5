"""What a person and a program are told of an error: its code above all."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from sayso.error_codes import codes

Sayso = Callable[..., "Result"]  # type: ignore[name-defined]  # noqa: F821 - see conftest.py


def test_an_error_ends_in_its_code(here: Path, sayso: Sayso) -> None:
    result = sayso("script", "peer.md")
    assert result.code == 1
    assert result.err == "error: peer.md: there is no such review  [no-such-file]\n" + (
        "       did you mean 'pier.md'?\n"
    )
    assert result.out == ""


def test_programs_get_it_as_json(here: Path, sayso: Sayso) -> None:
    (here / "show.toml").write_text("titel = 'The Pier'\nauthor = 3\n", "utf-8")
    result = sayso("script", "pier.md", "--json")
    assert result.code == 1
    document = json.loads(result.out)
    assert document["schema"] == 1
    assert [(one["code"], one["line"]) for one in document["errors"]] == [
        ("unknown-setting", 1),
        ("bad-setting", 2),
        ("missing-setting", None),
    ]
    assert all(one["file"].endswith("show.toml") for one in document["errors"])
    assert document["errors"][0]["hint"] == "did you mean 'title'?"


def test_a_build_that_fails_is_told_alike_alone_and_among_others(here: Path, sayso: Sayso) -> None:
    (alone,) = json.loads(sayso("build", "peer.md", "--json").out)["episodes"]
    assert alone["code"] == "no-such-file"
    assert alone["errors"][0]["hint"] == "did you mean 'pier.md'?"
    both = json.loads(sayso("build", "peer.md", "pire.md", "--json").out)["episodes"]
    assert both[0] == alone


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["script"], ["missing argument 'REVIEW'  [usage]", "sayso script --help"]),
        (["biuld"], ["no command 'biuld' (did you mean 'build'?)  [usage]", "sayso --help"]),
        (["script", "pier.md", "--merg"], ["--merge", "[usage]", "sayso script --help"]),
        (["completion"], ["Choose from: bash, zsh, fish  [usage]", "sayso completion --help"]),
        (["cache", "--clear", "--trim", "5"], ["--clear removes everything", "[usage]"]),
        (["build", "pier.md", "--workers", "3"], ["'3' is no address", "tcp://HOST:8786  [usage]"]),
    ],
)
def test_the_command_line_itself(
    here: Path, sayso: Sayso, arguments: list[str], told: list[str]
) -> None:
    result = sayso(*arguments)
    assert result.code == 2
    assert result.err.startswith("Usage: sayso")
    for words in told:
        assert words in result.err


def test_a_rule_of_feeds_is_explained(sayso: Sayso) -> None:
    told = sayso("explain", "[psp-self]").out
    assert told.startswith("An atom:link rel=self with the feed's own address  [psp-self]\n")
    assert "What a feed must have" in told
    assert "Source: PSP-1." in told
    document = json.loads(sayso("explain", "value-trim", "--json").out)
    assert (document["id"], document["level"]) == ("value-trim", "should")
    nowhere = sayso("explain", "nowhere-at-all")
    assert nowhere.code == 2
    assert "list them with: sayso explain" in nowhere.err


def test_a_code_is_explained(sayso: Sayso) -> None:
    result = sayso("explain", "unknown-voice")
    assert result.code == 0
    assert result.out.startswith(f"{codes()['unknown-voice'].title}  [unknown-voice]\n\n")
    assert " ".join(result.out.split()).endswith(codes()["unknown-voice"].hint)
    assert sayso("explain", "[unknown-voice]").out == result.out
    listed = sayso("explain").out
    assert all(code in listed for code in codes())
    wrong = sayso("explain", "unknown-vioce")
    assert wrong.code == 2
    assert "did you mean 'unknown-voice'?" in wrong.err


def test_a_folder_that_is_gone_is_told(
    tmp_path: Path, sayso: Sayso, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "gone").mkdir()
    monkeypatch.chdir(tmp_path / "gone")
    (tmp_path / "gone").rmdir()
    result = sayso("build", "pier.md")
    assert result.code == 3
    assert "the folder that you are in is not there any more  [no-such-file]" in result.err


FULL = pytest.mark.skipif(not Path("/dev/full").exists(), reason="/dev/full stands for a full disk")


def _into_full(*arguments: str) -> subprocess.CompletedProcess[str]:
    with Path("/dev/full").open("w") as full:
        return subprocess.run(
            [sys.executable, "-m", "sayso", *arguments],
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
        )


@FULL
@pytest.mark.parametrize("command", ["--help", "voices", "config --json", "build --help"])
def test_what_is_printed_meets_a_full_disk(here: Path, command: str) -> None:
    done = _into_full(*command.split())
    assert done.returncode == 3
    assert done.stderr == (
        "error: standard output: the disk is full  [no-space]\n"
        "       free some space and run the same command again\n"
    )


@FULL
def test_an_error_for_programs_meets_a_full_disk(here: Path) -> None:
    done = _into_full("script", "peer.md", "--json")
    assert done.returncode == 1
    assert done.stderr.startswith("error: peer.md: there is no such review  [no-such-file]\n")
    assert "Traceback" not in done.stderr
