"""lexicon.toml: what it holds, and its errors."""

from __future__ import annotations

from pathlib import Path

import pytest

from sayso.errors import EnvironmentProblem, ErrorGroup, ShowError
from sayso.speech.spoken import EMPTY, Entry, Lexicon, load_lexicon, unknown_names

GOOD = """
[words]
"Cho Yi-hyun" = "Cho Yee-hyun"
Nguyen = { ipa = "wɪn" }
gif = { say = "jif", ipa = "dʒɪf" }
"""


def write(folder: Path, text: str) -> Path:
    path = folder / "lexicon.toml"
    path.write_text(text, "utf-8")
    return path


def test_a_lexicon_is_a_table_of_words(tmp_path: Path) -> None:
    assert load_lexicon(write(tmp_path, GOOD)).entries == (
        Entry("Cho Yi-hyun", say="Cho Yee-hyun"),
        Entry("Nguyen", ipa="wɪn"),
        Entry("gif", say="jif", ipa="dʒɪf"),
    )


@pytest.mark.parametrize("text", ["", "[words]\n", "# only a comment\n"])
def test_an_empty_lexicon_is_fine(tmp_path: Path, text: str) -> None:
    assert load_lexicon(write(tmp_path, text)) == EMPTY


@pytest.mark.parametrize(
    ("text", "line", "problem"),
    [
        ('[words]\na = "b"\nc = \n', 3, "not valid TOML"),
        ('[words]\n"a = "b"\n', 2, "not valid TOML"),
        ('[words]\na = "b"\na = "c"\n', 3, "not valid TOML"),
        ("[words", 1, "not valid TOML"),
        ("[words]\nTom = 5\n", 2, "'Tom': neither text nor"),
        ("[words]\nTom = { say = 5 }\n", 2, "'Tom': say is not text"),
        ('[words]\nTom = { sai = "x" }\n', 2, "'Tom': unknown key 'sai'"),
        ("[words]\nTom = {}\n", 2, "'Tom': neither say nor ipa"),
        ('[words]\nTom = ""\n', 2, "'Tom': say has nothing to say"),
        ('[words]\n"--" = "dash"\n', 2, "'--': no letters or digits to find"),
        ('[word]\nTom = "Tomm"\n', 1, "unknown table or key 'word'"),
        ('Tom = "Tomm"\n', 1, "unknown table or key 'Tom'"),
        ("words = 5\n", 1, "words is not a table"),
        ('[words]\nTomas = "x"\nTom = 5\n', 3, "'Tom': neither text nor"),
        ('[words]\n"a\\"b" = 5\n', 2, "'a\"b': neither text nor"),
        ("words.Tom = 5\n", 1, "'Tom': neither text nor"),
        ("[words.Tom]\nsai = 'x'\n", 1, "'Tom': unknown key 'sai'"),
    ],
)
def test_errors_name_the_line_and_the_mend(
    tmp_path: Path, text: str, line: int, problem: str
) -> None:
    path = write(tmp_path, text)
    with pytest.raises(ShowError) as caught:
        load_lexicon(path)
    assert caught.value.problem.startswith(problem)
    assert caught.value.line == line
    assert caught.value.file == str(path)
    assert caught.value.hint


def test_all_errors_of_a_file_come_at_once(tmp_path: Path) -> None:
    with pytest.raises(ErrorGroup) as caught:
        load_lexicon(write(tmp_path, "[words]\nTom = 5\nAnn = []\n"))
    assert [error.line for error in caught.value.errors] == [2, 3]


def test_other_encodings_and_missing_files(tmp_path: Path) -> None:
    path = tmp_path / "lexicon.toml"
    with pytest.raises(EnvironmentProblem, match="no such file"):
        load_lexicon(path)
    path.write_bytes(b'[words]\nTom = "Tomm\xe9"\n')
    with pytest.raises(ShowError, match="not UTF-8") as caught:
        load_lexicon(path)
    assert caught.value.line == 2


def test_the_longest_entry_wins_and_words_are_whole() -> None:
    lexicon = Lexicon((Entry("Ann", say="a"), Entry("Ann Lee", say="b"), Entry("O’Dea", say="c")))
    found = [
        (f.entry.say, f.start, f.possessive)
        for f in lexicon.find("Ann Lee’s Ann, Anna, O'Dea's, Ann-Marie")
    ]
    assert found == [("b", 0, "’s"), ("a", 10, ""), ("c", 21, "'s"), ("a", 30, "")]


def test_a_large_lexicon_finds_its_words() -> None:
    lexicon = Lexicon(tuple(Entry(f"Name{i}", say=f"N {i}") for i in range(20_000)))
    assert [f.entry.written for f in lexicon.find("Name7 and Name19999 " * 500)][:2] == [
        "Name7",
        "Name19999",
    ]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Then Cho Yi-hyun and Tom Hanks met Saoirse Ronan.", ("Cho Yi-hyun", "Saoirse Ronan")),
        ("The Jóhann Jóhannsson score is Jóhann Jóhannsson’s best.", ("Jóhann Jóhannsson",)),
        ("A well-made British film of Sunday’s Netflix.", ()),
        ("Well-made and Long-winded. Spider-Man is in IMAX.", ()),
        ("Nguyen wrote it with Wen Zhang.", ("Wen Zhang",)),
        ("", ()),
    ],
)
def test_names_that_a_voice_may_stumble_on(text: str, names: tuple[str, ...]) -> None:
    assert unknown_names(text, Lexicon((Entry("Nguyen", say="Win"),))) == names
