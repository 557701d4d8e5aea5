"""Spans, lexicon and IPA in a sentence; what holds for any text."""

from __future__ import annotations

import re
import string

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sayso.model import Emphasis, Say, Text
from sayso.speech.spoken import (
    EMPTY,
    Entry,
    Ipa,
    Lexicon,
    Step,
    sayable,
    speak,
    speak_text,
    split_ipa,
    without_ipa,
)
from sayso.speech.spoken.tables import BARE

NAMES = Lexicon(
    (
        Entry("Cho Yi-hyun", say="Cho Yee-hyun"),
        Entry("Yi-hyun", say="Yee-hyun"),
        Entry("Saoirse", say="Seer-sha"),
        Entry("Nguyen", ipa="wɪn"),
        Entry("50 Cent", say="Fiddy Cent"),
        Entry("gif", say="jif"),
        Entry("Disney+", say="Disney Plus"),
    )
)


def test_spans_become_one_text_with_a_trace() -> None:
    spoken = speak((Text("It cost "), Emphasis("$5"), Text(" & more.")))
    assert spoken.text == "It cost five dollars and more."
    assert spoken.steps == (
        Step("money", "$5", "five dollars"),
        Step("ampersand", " & ", " and "),
    )


def test_the_author_s_respelling_is_left_alone() -> None:
    spoken = speak((Text("Meet "), Say("Mr. 3000", say="Mr. T-1000 (really)"), Text(", 40.")))
    assert spoken.text == "Meet Mr. T-1000 (really), forty."
    assert spoken.steps[0] == Step("say", "Mr. 3000", "Mr. T-1000 (really)")


def test_the_author_s_ipa_goes_to_the_engine_with_its_words() -> None:
    spoken = speak((Text("Is "), Say("Mr. 3000", ipa="/tɛst/"), Text(" good?"))).text
    assert spoken == "Is ⟦Mister three thousand|tɛst⟧ good?"
    assert without_ipa(spoken) == "Is Mister three thousand good?"
    assert split_ipa(spoken) == ["Is ", Ipa("Mister three thousand", "tɛst"), " good?"]


def test_a_respelling_is_what_engines_without_ipa_say() -> None:
    spoken = speak((Say("Nguyen", say="win", ipa="wɪn"),)).text
    assert spoken == "⟦win|wɪn⟧"


def test_a_say_span_without_either_is_read_as_written() -> None:
    assert speak((Say("Anna", say=" "),)).text == "Anna"


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("Cho Yi-hyun returns.", "Cho Yee-hyun returns."),
        ("Cho Yi-hyun’s fans", "Cho Yee-hyun's fans"),
        ("Cho Yi-hyun's fans", "Cho Yee-hyun's fans"),
        ("Yi-hyun!", "Yee-hyun!"),
        ("(Saoirse) and “Saoirse”", "Seer-sha, and Seer-sha"),
        ("SAOIRSE saoirse Saoirses", "saoirse saoirse Saoirses"),
        ("A GIF, a gif, a Gif", "A jif, a jif, a jif"),
        ("50 Cent paid 50 cents.", "Fiddy Cent paid fifty cents."),
        ("On Disney+.", "On Disney Plus."),
        ("Nguyen’s film, by Nguyen", "⟦Nguyen's|wɪnz⟧ film, by ⟦Nguyen|wɪn⟧"),
        ("see https://saoirse.example.com/Saoirse", "see saoirse dot example dot com"),
        ("Saoirse — Saoirse/Saoirse", "Seer-sha, Seer-sha slash Seer-sha"),
    ],
)
def test_lexicon_words_are_said_as_the_show_has_them(written: str, said: str) -> None:
    assert speak_text(written, lexicon=NAMES).text == said


def test_lexicon_steps_are_traced() -> None:
    assert speak_text("Saoirse!", lexicon=NAMES).steps == (Step("lexicon", "Saoirse", "Seer-sha"),)


def test_brackets_of_the_author_s_own_cannot_forge_a_mark() -> None:
    spoken = speak(
        (Text("a ⟦b|c⟧ d "), Say("e|⟧", say="f⟦|⟧"), Text(" "), Say("g|h", ipa="i|⟧j⟦")),
    ).text
    assert [part for part in split_ipa(spoken) if isinstance(part, Ipa)] == [Ipa("g h", "i j")]
    assert "⟦" not in without_ipa(spoken)
    assert "⟧" not in without_ipa(spoken)
    assert without_ipa(spoken).startswith("a, b")


def test_other_languages_get_no_english_words() -> None:
    spoken = speak_text("Der Film (2024) kostet **5 €** & mehr – sagt „Anna“.", language="de-DE")
    assert spoken.text == "Der Film, 2024, kostet 5 € & mehr, sagt Anna."


def test_scripts_that_voices_may_not_know_are_left_in() -> None:
    assert speak_text("서울 (東京), قاهرة!").text == "서울, 東京, قاهرة!"


@pytest.mark.parametrize(
    ("text", "can"), [("a", True), ("7", True), ("서", True), ("🔥 — …", False), ("", False)]
)
def test_sayable(text: str, can: bool) -> None:
    assert sayable(text) is can
    assert sayable(speak_text(text).text) is can


def test_what_a_rule_would_leave_out_is_said_where_nothing_else_is() -> None:
    spoken = speak_text("~~gone~~")
    assert spoken.text == "~~gone~~"
    assert spoken.steps[-1].rule == "nothing else to say"


def test_control_characters_and_surrogates_never_arrive() -> None:
    assert speak_text("a\x00b\ud800c\u200bd\ue000e\U000f0001f\u2028g\tH").text == "abcdef g H"


WORDS = st.lists(
    st.text(string.ascii_lowercase, min_size=2, max_size=9).filter(
        lambda word: word not in BARE and word not in {"etc", "feat", "tldr"}
    ),
    min_size=1,
    max_size=12,
)
HAZARDS = st.lists(
    st.sampled_from(
        [
            " ",
            "  ",
            "\n",
            "$",
            "£1.50",
            "5",
            "12",
            "1990",
            "1,000",
            "S02E03",
            "3/4",
            "8/10",
            "★",
            "½",
            "%",
            "°C",
            "(",
            ")",
            "[",
            "]",
            "—",
            "–",
            "-",
            "--",
            "...",
            "…",
            "'",
            "’",
            "‘",
            "“",
            "”",
            '"',
            "*",
            "_",
            "**",
            "#",
            "@a",
            "/",
            "&",
            "+",
            "=",
            "<",
            ">",
            "⟦",
            "⟧",
            "~",
            "\\",
            "{",
            "}",
            ".",
            ",",
            ":",
            ";",
            "!",
            "?",
            "a",
            "A",
            "I",
            "II",
            "V",
            "AMC",
            "BBC's",
            "Mr.",
            "St.",
            "etc.",
            "http://a.b",
            "a@b.com",
            "www.a.b",
            "6.45pm",
            "Jan.",
            "5th",
            "x10",
            "4K",
            "10x",
            "é",
            "서",
            "🔥",
            "\x00",
            "�",
            "\U000f0000",
            "No.",
            "1-2",
            "’s",
            "'n'",
        ]
    ),
    max_size=25,
).map("".join)
SETTINGS = settings(max_examples=150, deadline=None)


@SETTINGS
@given(WORDS)
def test_plain_words_pass_unchanged(words: list[str]) -> None:
    text = " ".join(words)
    assert speak_text(text).text == text
    assert speak_text(text).steps == ()


@SETTINGS
@given(st.one_of(HAZARDS, st.text()), st.sampled_from(["en-US", "en-GB", "de"]))
def test_any_text_gives_clean_speech(text: str, language: str) -> None:
    spoken = speak_text(text, language=language, lexicon=NAMES)
    assert spoken == speak_text(text, language=language, lexicon=NAMES)
    said = without_ipa(spoken.text)
    assert not re.search(
        "[\x00-\x1f\x7f-\x9f\ud800-\udfff\ue000-\uf8ff\U000f0000-\U0010ffff]", said
    )
    assert "⟦" not in said
    assert said == " ".join(said.split())
    if re.search(r"[^\W_]", re.sub(r"[\ud800-\udfff\ue000-\uf8ff\U000f0000-\U0010ffff]", "", text)):
        assert sayable(said)


@SETTINGS
@given(HAZARDS, HAZARDS, HAZARDS)
def test_any_author_s_say_span_is_kept(before: str, say: str, after: str) -> None:
    spoken = speak((Text(before), Say("x", say=f"Zq{say}zQ"), Text(after))).text
    assert "Zq" in spoken
    assert "zQ" in spoken


ADVERSE = [
    "$1,", "1,", "*", "**a ", "(", "[", "[a](", "⟦", "_a ", "- ", "—", "'", "‘a ", "’", "“", "A.", "A. ",
    "1/", "1:", "1-", "1.", "9", "AB ", "A1", "a.b@", "http://", "a-", "...", ". ", "?!", "& ", "=", "<a ",
    "\\", "★", "6' ", '6" ', "5'x", "1:2:", "1/2/", ":a:", "/a", "a.md", "1,5 ", "10^", "< ", "\\a ",
    "5 m/s ", "$1/a ", "World 1-1", "SW1 1AA ", "1 000 ", "1 BC ", "α", "on 1/2 ", "12 Ab ", "$5-", "II ", "IV", "Henry ", "\ud800", "1 May ", "~~a", "a/", "#a", "@a", "!", " ", "1 ", "",
]  # fmt: skip


@pytest.mark.parametrize("unit", ADVERSE)
def test_hostile_repeats_end(unit: str) -> None:
    # A quadratic rule would take minutes here.
    speak_text(unit * (20_000 // max(1, len(unit))), lexicon=NAMES)


def test_nothing_gives_nothing() -> None:
    assert speak(()).text == ""
    assert speak_text(" \n ").text == ""
    assert EMPTY.entries == ()
