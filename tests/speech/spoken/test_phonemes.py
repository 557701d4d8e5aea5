"""What espeak-ng makes of the spoken form of acronyms and shouting: letters are letters."""

from __future__ import annotations

import os
import subprocess

import pytest
from tools import need

from sayso.speech.spoken import speak_text


def phonemes(text: str) -> str:
    run = [need("espeak-ng"), "-q", "--ipa", "-v", "en-us", text]
    # Its own data: an engine tested in this process may have named the bundled one's.
    own = {name: value for name, value in os.environ.items() if name != "ESPEAK_DATA_PATH"}
    said = subprocess.run(run, env=own, capture_output=True, text=True, check=True).stdout
    return "".join(said.translate({ord(mark): None for mark in "ˈˌː"}).split())


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("an AMC show", "ɐneɪɛmsiʃoʊ"),
        ("MCU", "ɛmsiju"),
        ("NYC", "ɛnwaɪsi"),
        ("DVDs", "dividiz"),
        ("the A24 film", "ðɪeɪtwɛntifoɹfɪlm"),
        ("SUPERHOT", "supɚhɑt"),
        ("on at 2 a.m. today", "ɔnættueɪɛmtədeɪ"),
        ("J.J. Abrams", "dʒeɪdʒeɪeɪbɹæmz"),
    ],
)
def test_espeak_reads_letters_as_letters(written: str, said: str) -> None:
    assert phonemes(speak_text(written).text) == said
