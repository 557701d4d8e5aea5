"""What espeak-ng is sent, so that it adds nothing."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tools import need_engine

from sayso.speech.engines import load_engine
from sayso.speech.engines.base import has_words
from sayso.speech.engines.espeak_text import for_espeak

GOLDEN = {
    "An IV drip": "An I.V drip",
    "scene iii, part II": "scene i.i.i, part I.I",
    "two IIs": "two I-Is",
    "the XL mix, I'm ill, did I": "the X.L mix, I'm ill, did I",
    "k.jpg and .zsh": "k jpg and zsh",
    "r.URL.Query": "r URL Query",
    "A.M.C, J.K Rowling, 3.5": "A.M.C, J.K Rowling, 3.5",
    "What!Then json:id": "What Then json id",
    "at 7:30, in 1:1": "at 7:30, in 1:1",
    "long/short": "long short",
    "R&B at 50% + tax": "R&B at 50% + tax",
    "The sign says 東京 and Привет.": "The sign says and",
    "Stop! Go: now": "Stop! Go: now",
}


@pytest.mark.parametrize(("text", "sent"), GOLDEN.items())
def test_golden(text: str, sent: str) -> None:
    assert for_espeak(text, "gmw/en-us+f3") == sent


def test_other_languages_keep_their_letters_and_numerals() -> None:
    assert for_espeak("Привет II", "zle/ru") == "Привет II"
    assert for_espeak("Louis XIV, 東京", "roa/fr") == "Louis XIV,"


@given(st.text(max_size=60), st.sampled_from(["gmw/en-us", "pl", "zle/ru"]))
def test_whatever_comes_once_is_enough(text: str, voice: str) -> None:
    sent = for_espeak(text, voice)
    again = for_espeak(sent, voice)
    assert again.replace(" ", "") == sent.replace(" ", "")


@given(st.from_regex(r"[A-Za-z.,!: /]{0,40}", fullmatch=True))
def test_no_letter_is_lost(text: str) -> None:
    letters = "".join(c for c in text if has_words(c))
    assert "".join(c for c in for_espeak(text, "en") if has_words(c)) == letters


@pytest.mark.parametrize("name", ["pyttsx3", "piper"])
def test_it_says_neither_roman_nor_dot(name: str) -> None:
    need_engine(name)
    engine = load_engine(name)
    voice = engine.default_voice("host")
    said = engine.sounds("An IV drip, scene iii, k.jpg!Then 東京 ended.", voice)
    assert said is not None
    assert not [word for word in ("oʊmən", "dˈɑːt", "kskl", "tʃˈaɪn") if word in said]
