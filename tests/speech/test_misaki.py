"""IPA → the letters that hibari speaks."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sayso.speech.engines.misaki import to_misaki

GOLDEN = {
    "həˈloʊ ˈwɜːld": "həlˈO wˈɜɹld",
    "ˈtʃoʊ jiː ˈhjʌn": "ʧˈO jˈi hjˈʌn",
    "t͡ɕo i.hjʌn": "ʧˈO ˈihjʌn",
    "ʃəˈvɔːn": "ʃəvˈɔn",
    "ˈsɜːʃə ˈroʊnən": "sˈɜɹʃə ɹˈOnən",
    "ʒyljɛt binɔʃ": "ʒˈuljɛt bˈinɔʃ",
    "ˈbʌtn̩": "bˈʌtᵊn",
    "/ˈmɔːɹ/": "mˈɔɹ",
    "ˌdʒuːliˈɑːɹd": "ʤˌuliˈɑɹd",
    "ɡɑ̃": "ɡˈɑ",
    "123 …": "",
    "": "",
}


@pytest.mark.parametrize(("ipa", "misaki"), GOLDEN.items())
def test_golden(ipa: str, misaki: str) -> None:
    assert to_misaki(ipa) == misaki


@given(st.text(alphabet="abcdefghijklmnopqrstuvwxyzɑɛɪɔʊʌəɜˈˌː.̩͡ʃʒθðŋ[]()/🔥 한ABC", max_size=40))
def test_nothing_but_hibaris_letters_come_out(ipa: str) -> None:
    assert set(to_misaki(ipa)) <= set("AIOWYTæɑəɛiɪɔuʊʌɜᵊᵻbdfhjklmnpstvwzɡŋɹʃʒðθʤʧˈˌ ")
