"""An entry of lexicon.toml is changed in its place; all else stays byte for byte."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from sayso.errors import SaysoError, ShowError
from sayso.speech.spoken import Entry
from sayso.speech.spoken.lexicon import entry_name, parse_lexicon, read_entry
from sayso.studio.edits import set_word

FILE = Path("lexicon.toml")
OWN = """\
# How names are said.
#     "Cho Yi-hyun" = "Cho Yee-hyun"

[words]   # mine
"Ada Brill"  =  'Ay-da'   # the host
Baran = { ipa = "x", say = "Ba-ran" }  # an actor
# "Cho Yi-hyun" = ""   # p1.2: Cho walks.
Dov.say = "Dohv"

# below
[words."El Niño"]
say = "El Neen-yo"   # Spanish
"""


@pytest.mark.parametrize(
    ("word", "say", "ipa", "old", "new"),
    [
        ("Ada Brill", "Ah-da", None, "'Ay-da'", '"Ah-da"'),
        ("Ada Brill", "Ah-da", "a", "'Ay-da'", '{ say = "Ah-da", ipa = "a" }'),
        ("Ada Brill", None, "a", "'Ay-da'", '{ ipa = "a" }'),
        ("Ada Brill", None, None, "\"Ada Brill\"  =  'Ay-da'   # the host\n", ""),
        ("Baran", "B", "y", '{ ipa = "x", say = "Ba-ran" }', '{ ipa = "y", say = "B" }'),
        ("Baran", "B", None, '{ ipa = "x", say = "Ba-ran" }', '{ say = "B" }'),
        ("Baran", None, "y", '{ ipa = "x", say = "Ba-ran" }', '{ ipa = "y" }'),
        ("Baran", None, None, 'Baran = { ipa = "x", say = "Ba-ran" }  # an actor\n', ""),
        # Filled in, with the place that it was found at.
        ("Cho Yi-hyun", "C", None, '# "Cho Yi-hyun" = ""  ', '"Cho Yi-hyun" = "C"  '),
        (
            "Cho Yi-hyun",
            "C",
            "x",
            '# "Cho Yi-hyun" = ""',
            '"Cho Yi-hyun" = { say = "C", ipa = "x" }',
        ),
        ("Cho Yi-hyun", None, None, "", ""),
        ("Dov", "Dov", None, '"Dohv"', '"Dov"'),
        ("Dov", "Dohv", "x", 'Dov.say = "Dohv"\n', 'Dov.say = "Dohv"\nDov.ipa = "x"\n'),
        ("Dov", None, None, 'Dov.say = "Dohv"\n', ""),
        ("El Niño", "E", None, '"El Neen-yo"', '"E"'),
        ("El Niño", "El Neen-yo", "x", "# Spanish\n", '# Spanish\nipa = "x"\n'),
        ("El Niño", None, None, '[words."El Niño"]\nsay = "El Neen-yo"   # Spanish\n', ""),
        ("Eve", 'E "x" \\', None, '"Dohv"\n', '"Dohv"\n"Eve" = "E \\"x\\" \\\\"\n'),
        ("Ada Brill", " Ay-da\n", None, "", ""),
    ],
)
@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_an_entry(
    word: str, say: str | None, ipa: str | None, old: str, new: str, end: str, mark: str
) -> None:
    text, old, new = (t.replace("\n", end) for t in (mark + OWN, old, new))
    assert set_word(text, word, say=say, ipa=ipa) == text.replace(old, new, 1)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("", '[words]\n"X" = "Y"\n'),
        ("\ufeff", '\ufeff[words]\n"X" = "Y"\n'),
        ("# mine", '# mine\n\n[words]\n"X" = "Y"\n'),
        ("[words]", '[words]\n"X" = "Y"\n'),
        ("[words]\r\n\r\n", '[words]\r\n\r\n"X" = "Y"\r\n'),
        ('[words]\na = "b"', '[words]\na = "b"\n"X" = "Y"\n'),
        ('[words]\n# "X" = "Z"', '[words]\n"X" = "Y"'),
        ('# "X" = ""\n[words]\n', '# "X" = ""\n[words]\n"X" = "Y"\n'),
        ("words = {}", 'words = { "X" = "Y" }'),
        ('words = {a = "b"} # c\n', 'words = {a = "b", "X" = "Y"} # c\n'),
        ('words.a = "b"\n', 'words.a = "b"\nwords."X" = "Y"\n'),
        ('words.a.say = "b"\n', 'words.a.say = "b"\nwords."X" = "Y"\n'),
        ('[words.a]\nsay = "b"\n', '[words.a]\nsay = "b"\n\n[words]\n"X" = "Y"\n'),
        (
            '[words]\na = """\n# "X" = ""\n"""\n',
            '[words]\na = """\n# "X" = ""\n"""\n"X" = "Y"\n',
        ),
        ("[words]\n'X' = 'Z'\n", "[words]\n'X' = \"Y\"\n"),
        ('[words]\n"X" = """Z"""# c\n', '[words]\n"X" = "Y"# c\n'),
        ('[words]\n"\\u0058" = "Z"\n', '[words]\n"\\u0058" = "Y"\n'),
    ],
)
def test_where_an_entry_goes(before: str, after: str) -> None:
    assert set_word(before, "X", say="Y") == after
    assert set_word(after, "X", say="Y") == after
    assert parse_lexicon(set_word(after, "X", say=None), FILE).entries == tuple(
        each for each in parse_lexicon(before, FILE).entries if each.written != "X"
    )


def test_a_word_is_the_same_however_its_accents_are_stored() -> None:
    text = '[words]\n"El Nin\u0303o" = "x"\n'
    assert set_word(text, "El Ni\u00f1o", say="y") == text.replace('"x"', '"y"')


@pytest.mark.parametrize(
    ("text", "word", "say", "problem"),
    [
        ("", "X", "", "say has nothing to say"),
        ("", "X", "…", "say has nothing to say"),
        ("", "—", "x", "no letters or digits to find"),
        ("[words\n", "X", "x", r"lexicon\.toml:1: not valid TOML"),
        ("[sounds]\n", "X", "x", "unknown table"),
        ("[words]\nX = 1\n", "X", "x", "neither text nor"),
    ],
)
def test_what_makes_no_sense(text: str, word: str, say: str, problem: str) -> None:
    with pytest.raises(ShowError, match=problem) as raised:
        set_word(text, word, say=say)
    assert raised.value.hint


NAMES = ("Ada", "Ada Brill", "a.b", 'the "x"', "El Niño", "it's", "x#y", "a = b", "p\\q")
said = st.sampled_from(["x", 'a "b"', "# c", "d = 'e'", "\\", "[f]", "g\u2028h1"]).map(
    "say {}".format
)


@st.composite
def lexicons(draw: st.DrawFn) -> str:
    """Files as authors have them, in every form of TOML that a lexicon can have."""

    def value() -> str:
        return draw(
            st.one_of(
                st.sampled_from(
                    ['"x"', "'y # z'", '"""\nlong ]\n"""', "'''\n\"a\" = 1 '''", '"a\\"}b"']
                ),
                st.sampled_from(
                    ['{ say = "x" }', '{ipa="y",say="z}"}', "{ 'say' = 'x' , \"ipa\" = 'y' }"]
                ),
            )
        )

    def key(name: str) -> str:
        bare = [name] if name.isascii() and name.isalnum() else []
        literal = [f"'{name}'"] if "'" not in name else []
        escaped = name.replace("\\", "\\\\").replace('"', '\\"')
        return draw(st.sampled_from([*bare, *literal, f'"{escaped}"']))

    form = draw(st.sampled_from(["table", "table", "table", "inline", "dotted"]))
    names = draw(st.lists(st.sampled_from(NAMES), unique=True, max_size=6))
    remark = st.sampled_from(["", " # why", "   # 'x' = \"y\""])
    between = st.sampled_from(
        ["", "", "\n", "# note\n", '# "Eve" = ""   # p1: Eve.\n', "  \n# [x]\n"]
    )
    if form == "inline":
        short = st.sampled_from(['"x"', "{ say = 'y' }"])
        inner = [f"{key(n)} = {draw(short)}" for n in names]
        text = f"words = {{ {', '.join(inner)} }}{draw(remark)}\n"
    elif form == "dotted":
        text = "".join(f"words.{key(n)} = {value()}{draw(remark)}\n{draw(between)}" for n in names)
    else:
        text = f"{draw(between)}[words]{draw(remark)}\n{draw(between)}"
        n_plain = draw(st.integers(0, len(names)))
        for name in names[:n_plain]:
            if draw(st.booleans()):
                text += f"{key(name)} = {value()}{draw(remark)}\n{draw(between)}"
            else:
                text += f'{key(name)} . say = "x"\n{draw(between)}'
        for name in names[n_plain:]:
            text += f"[ words . {key(name)} ]{draw(remark)}\nsay = 'x'\n{draw(between)}"
    if draw(st.booleans()):
        text = text.replace("\n", "\r\n")
    text = text.rstrip("\r\n") if draw(st.booleans()) else text
    return ("\ufeff" if draw(st.booleans()) else "") + text


@given(
    lexicons(),
    st.sampled_from([*NAMES, "Eve"]),
    st.none() | said,
    st.none() | said,
)
@settings(max_examples=150)
@example("[words]\n", "Ada", "say \x7f\x01 \ud800", None)
def test_exactly_that_entry_is_changed(
    text: str, word: str, say: str | None, ipa: str | None
) -> None:
    before = {each.written: each for each in parse_lexicon(text, FILE).entries}
    result = set_word(text, word, say=say, ipa=ipa)
    after = {each.written: each for each in parse_lexicon(result, FILE).entries}
    name = entry_name(word)
    given = {k: entry_name(v) for k, v in (("say", say), ("ipa", ipa)) if v is not None}
    wanted: dict[str, Entry] = {k: v for k, v in before.items() if k != name}
    if given:
        wanted[name] = read_entry(name, given)
    assert after == wanted
    assert set_word(result, word, say=say, ipa=ipa) == result
    if after == before:
        assert result == text
    result.encode("utf-8")
    # The lines of others are there as they were, in order.
    lines = iter(result.splitlines(keepends=True))
    if name not in before and say is not None and not text.startswith("words = "):
        kept = [line for line in text.splitlines(keepends=True)[:-1] if '# "Eve"' not in line]
        assert all(line in lines for line in kept)


@given(st.text(alphabet="[]words=\"'#{}.,\\ \n\r\ufeffaX", max_size=40), st.sampled_from("aX"))
@settings(max_examples=150)
def test_no_text_makes_it_fail_otherwise_than_the_reader(text: str, word: str) -> None:
    try:
        result = set_word(text, word, say="said")
    except SaysoError:
        return
    assert {e.written: e.say for e in parse_lexicon(result, FILE).entries}[word] == "said"
