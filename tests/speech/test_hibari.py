"""hibari, the neural voice, in this process."""

from __future__ import annotations

import subprocess
import sys

import numpy as np
import pytest
from tools import need_engine

from sayso.errors import SpeechError
from sayso.model import Voice
from sayso.speech.engines import Speech, load_engine, resolve

need_engine("hibari")

LINE = "The score never rests."


def voiced(text: str) -> Speech:
    return load_engine("hibari").speak(text, "heart", 1.0)


def same(one: str, other: str) -> bool:
    return np.array_equal(voiced(one).samples, voiced(other).samples)


def test_a_text_gives_the_same_bytes_whatever_was_said_before() -> None:
    first = voiced(LINE)
    voiced("Something else entirely, with a name: Xiulan.")
    assert first.sample_rate == 24_000
    assert np.array_equal(voiced(LINE).samples, first.samples)
    assert 1.0 < len(first.samples) / 24_000 < 3.0


def test_brackets_of_a_review_are_no_phonemes() -> None:
    assert not same("The [score](/həlˈO/) never rests.", "The ⟦score|həˈloʊ⟧ never rests.")
    assert same("The [score](/həlˈO/) never rests.", "The (score)(/həlˈO/) never rests.")


def test_ipa_is_said() -> None:
    assert same("The ⟦score|həˈloʊ⟧ never rests.", "The ⟦symphony|həˈloʊ⟧ never rests.")
    assert not same("The ⟦score|həˈloʊ⟧ never rests.", LINE)


def test_ipa_does_not_pass_through_number_and_abbreviation_rules() -> None:
    model = load_engine("hibari")._model("heart")  # type: ignore[attr-defined]
    from sayso.speech.engines.hibari import _phonemes

    said = _phonemes(model, "Then ⟦vs|viːz⟧, ⟦Jo|dʒoʊ⟧ and ⟦Dr|m⟧ at 7:30.")
    assert said == ["ðˈɛn vˈiz, ʤˈO ænd m æt sˈɛvən θˈɜɹTi."]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Henry Cavill rides.", "hˈɛnɹi kˈævɪl ɹˈIdz."),
        ("The part I liked.", "ðə pˈɑɹt ˌI lˈIkt."),
        ("I said no.", "ˌI sˈɛd nˈO."),
        ("The sun. The Sun.", "ðə sˈʌn. ðə sˈʌn."),
        ("It’s late ― go.", "ˌɪts lˈAt — ɡˌO."),
        ("Then ~ go # home.", "ðˈɛn ɡˌO hˈOm."),
    ],
)
def test_its_package_puts_no_words_in(text: str, said: str) -> None:
    assert load_engine("hibari").sounds(text, "heart") == said


def test_a_marked_word_does_not_change_how_its_neighbours_are_read() -> None:
    engine = load_engine("hibari")
    plain = engine.sounds("They live in a live house with Skarrow.", "heart")
    marked = engine.sounds("They live in a live house with ⟦Skarrow|ˈskæɹoʊ⟧.", "heart")
    assert plain is not None
    assert marked is not None
    assert marked.split()[:-1] == plain.split()[:-1]
    assert engine.sounds("⟦The|zi⟧⟦Jo|dʒoʊ⟧'s left, ⟦Imke Vreel|ɪmkə vreɪl⟧-led.", "heart") == (
        "zˈiʤˈOs lˈɛft, ˈɪmkə vɹˈAllˈɛd."
    )


def test_no_word_is_left_out() -> None:
    engine = load_engine("hibari")
    assert engine.sounds("An ⟦x|x⟧ Ø ß œ here.", "heart") is not None
    said = engine.sounds("W" * 290, "heart")
    assert said is not None
    assert said.count("d") == 290  # cut at the model's limit, but all there


def test_ipa_without_a_sound_in_it_leaves_the_word() -> None:
    assert same("The ⟦score|123⟧ never rests.", LINE)


def test_hangul_and_kana_are_read_by_their_unicode_names() -> None:
    assert same("한국어 is spoken here.", "hangugeo is spoken here.")
    assert len(voiced("ありがとう").samples) > 6_000


@pytest.mark.parametrize("text", ["東京", "مرحبا", "🔥", "…", ""])
def test_what_it_cannot_say_is_an_error_with_a_mend(text: str) -> None:
    with pytest.raises(SpeechError, match=r"cannot say .*lexicon\.toml"):
        voiced(text)


def test_one_foreign_word_does_not_fail_a_sentence_but_can_be_warned_of() -> None:
    engine = load_engine("hibari")
    text = "The sign says 東京, and 한국어 below, by Şahin and ⟦東京|toːkjoː⟧."
    assert len(voiced(text).samples) > 24_000
    assert engine.unreadable(text, "heart") == ("東京,",)


def test_sentences_inside_a_line_are_not_far_apart() -> None:
    apart = voiced("Stop! Now go.").samples
    quiet = np.abs(apart.astype(int)) < 104  # −50 dBFS
    longest = max(len(run) for run in "".join("01"[int(q)] for q in quiet).split("0"))
    assert longest < 24_000 * 0.4


def test_a_voice_that_would_have_to_be_downloaded_is_refused(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("HIBARI_HOME", "/nowhere")
    resolve.cache_clear()
    with pytest.raises(SpeechError, match=r"has no voice 'emma' here .*heart"):
        resolve(Voice("host", engine="hibari", voice="emma"))
    with pytest.raises(SpeechError, match="not on this machine"):
        load_engine("hibari").speak(LINE, "emma", 1.0)
    assert [voice.id for voice in load_engine("hibari").voices()] == ["heart"]


def test_settling_a_voice_loads_no_model() -> None:
    program = """
import sys
from sayso.model import Voice
from sayso.speech.engines import resolve, load_engine
voice = resolve(Voice("host", engine="hibari"))
assert voice.voice == "heart", voice
assert load_engine("hibari").version
assert not {"onnxruntime", "hibari"} & set(sys.modules)
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (0, b"", b"")
