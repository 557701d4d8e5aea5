"""`sayso lexicon`: names to be filled in, and the file that they go into."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

Sayso = Callable[..., Any]

REVIEW = """\
---
title: The Salt Road
author: Siobhan Marsh
---

The road is white and the sea is whiter. Cho Yi-hyun walks it alone, for an hour of the film.

The story begins where most films end. Cho Yi-hyun has buried her father, and Krzysztof Baran,
a driver with no licence, offers her a seat.

Overall, it is worth every minute. I give it 4/5.
"""


@pytest.fixture
def road(here: Path) -> Path:
    (here / "show.toml").write_text('title = "Here"\n', "utf-8")
    (here / "road.md").write_text(REVIEW, "utf-8")
    return here


def test_a_snippet_for_the_lexicon(road: Path, sayso: Sayso) -> None:
    result = sayso("lexicon", "road.md")
    assert result.code == 0
    assert result.out == (
        '"Siobhan Marsh" = ""   # author: Siobhan Marsh\n'
        '"Cho Yi-hyun" = ""   # p1.2: Cho Yi-hyun walks it alone, for an hour of the film.\n'
        '"Krzysztof Baran" = ""   # p2.2: Cho Yi-hyun has buried her father, and Krzysztof Baran, '
        "a driver with no licence, offers …\n"
    )
    assert set(tomllib.loads(result.out)) == {"Siobhan Marsh", "Cho Yi-hyun", "Krzysztof Baran"}
    assert "next: fill them in under [words] in lexicon.toml" in result.err
    assert not (road / "lexicon.toml").exists()


def test_what_the_lexicon_has_is_not_asked_for(road: Path, sayso: Sayso) -> None:
    (road / "lexicon.toml").write_text(
        '[words]\n"Cho Yi-hyun" = "Cho Yee-hyun"\nSiobhan = "Shiv-awn"\nKrzysztof = "Kshish-toff"\n'
    )
    result = sayso("lexicon", "road.md")
    assert (result.code, result.out) == (0, "")
    assert "no name" in result.err


def test_json_names_the_place(road: Path, sayso: Sayso) -> None:
    result = sayso("lexicon", "road.md", "--json")
    report = json.loads(result.out)
    assert (report["schema"], report["command"], result.err) == (1, "lexicon", "")
    assert report["names"][1] == {
        "name": "Cho Yi-hyun",
        "from": "p1.2",
        "line": 6,
        "sentence": "Cho Yi-hyun walks it alone, for an hour of the film.",
        "written": False,
    }


@pytest.mark.parametrize(
    "before",
    [
        None,
        "",
        "# mine",
        '# mine\r\n[words]\r\n"Ada Brill" = "Ay-da Brill"\r\n',
        '\ufeff[words]\n"Ada Brill" = { say = "Ay-da Brill" } # and a remark',
        '# an example:\n#     "Cho Yi-hyun" = "Cho Yee-hyun"\n[words]\n',
    ],
)
def test_writing_keeps_all_and_changes_nothing_until_filled_in(
    before: str | None, road: Path, sayso: Sayso
) -> None:
    path = road / "lexicon.toml"
    if before is not None:
        path.write_bytes(before.encode())
    first = sayso("lexicon", "road.md", "--write")
    assert first.code == 0
    assert "3 lines added to lexicon.toml" in first.err
    text = path.read_bytes().decode()
    assert text.startswith(before or "")
    assert text.count("Krzysztof Baran") == 2  # its line, and the sentence beside it
    assert ("\r\n" in text) == ("\r\n" in (before or ""))
    assert sayso("lexicon", "road.md").out == first.out
    again = sayso("lexicon", "road.md", "--write")
    assert "0 lines added" in again.err
    assert path.read_bytes().decode() == text
    path.write_bytes(text.replace('# "Krzysztof Baran" = ""', '"Krzysztof Baran" = "K"').encode())
    assert "Krzysztof Baran" not in {
        row.split('"')[1] for row in sayso("lexicon", "road.md").out.splitlines()
    }


def test_a_file_with_no_place_for_entries_is_left_alone(road: Path, sayso: Sayso) -> None:
    before = 'words = { Ada = "Ay-da" }\n'
    (road / "lexicon.toml").write_text(before)
    result = sayso("lexicon", "road.md", "--write")
    assert result.code == 1
    assert "put [words] on a line of its own" in result.err
    assert (road / "lexicon.toml").read_text() == before


def test_entries_go_before_the_tables_of_single_words(road: Path, sayso: Sayso) -> None:
    before = '[words]\nAda = "Ay-da"\n\n[words.Brill]\nsay = "Bril"\n'
    (road / "lexicon.toml").write_text(before)
    assert "3 lines added" in sayso("lexicon", "road.md", "--write").err
    text = (road / "lexicon.toml").read_text()
    assert text.startswith('[words]\nAda = "Ay-da"\n# "Siobhan Marsh" = ""')
    assert text.endswith('offers …\n\n[words.Brill]\nsay = "Bril"\n')


def test_a_name_in_a_table_is_not_twice(road: Path, sayso: Sayso) -> None:
    (road / "lexicon.toml").write_text("[words]\n# 'Cho Yi-hyun' = \"\"\n")
    assert "2 lines added" in sayso("lexicon", "road.md", "--write").err


def test_no_such_review(here: Path, sayso: Sayso) -> None:
    result = sayso("lexicon", "no.md")
    assert result.code == 1
    assert "there is no such review" in result.err
