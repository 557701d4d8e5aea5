"""Every engine that is installed here keeps the promises; an engine that breaks one is found out."""

from __future__ import annotations

import re
from collections.abc import Callable

import numpy as np
import pytest
from speech import worker_tasks as tasks
from tools import need_engine, soak

from sayso.errors import SpeechError
from sayso.model import WordMark
from sayso.speech.baits import BAITS
from sayso.speech.conformance import OTHER, check_engine
from sayso.speech.engines import Speech
from sayso.speech.engines.base import EngineVoice
from sayso.speech.engines.tone import ToneEngine
from sayso.speech.workers import LocalWorkers


@pytest.mark.parametrize(
    "name", ["tone", "hibari", "pyttsx3", "piper", pytest.param("kokoro", marks=soak)]
)
def test_ours_keep_every_promise(name: str) -> None:
    need_engine(name)
    with LocalWorkers(1, limit_s=600) as worker:
        assert worker.submit(tasks.findings_of, name).result() == []


class Broken(ToneEngine):
    """A tone with one thing wrong; `spoil` is given what the tone says."""

    def __init__(self, spoil: Callable[[Speech, str, str, float], Speech]) -> None:
        self._spoil = spoil
        self.n_calls = 0

    def speak(self, text: str, voice: str, speed: float) -> Speech:
        self.n_calls += 1
        return self._spoil(super().speak(text, voice, speed), text, voice, speed)


def scaled(speech: Speech, gain: float) -> Speech:
    return Speech((speech.samples * gain).astype(np.int16), speech.sample_rate, speech.words)


def crash_on_nul(speech: Speech, text: str, voice: str, speed: float) -> Speech:
    if "\0" in text:
        raise ValueError("embedded null")
    return speech


SPOILT = {
    "speech: samples are float": lambda s, *_: Speech(s.samples.astype(np.float32), s.sample_rate),
    "speech: a sample rate of 24": lambda s, *_: Speech(s.samples, 24),
    "speech: .* is the sample rate right": lambda s, *_: Speech(s.samples, 192_000),
    "speech: it is silent": lambda s, *_: scaled(s, 0.01),
    "speech: .*clipped": lambda s, *_: Speech(
        np.full_like(s.samples, 32_767), s.sample_rate, s.words
    ),
    "speed: a higher speed must be faster": lambda s, text, voice, speed: ToneEngine().speak(
        text, voice, 1 / speed
    ),
    "long: of 2.. characters only": lambda s, *_: Speech(s.samples[:80_000], s.sample_rate),
    "odd: NUL .*embedded null": crash_on_nul,
    "words: times go back": lambda s, *_: Speech(s.samples, s.sample_rate, s.words[::-1]),
    "words: times from": lambda s, *_: Speech(
        s.samples, s.sample_rate, (*s.words, WordMark("cast", 99_999))
    ),
    "words: 'else' is no word": lambda s, *_: Speech(
        s.samples, s.sample_rate, (*s.words, WordMark("else", s.words[-1].start_ms))
    ),
}


@pytest.mark.parametrize("finding", SPOILT)
def test_what_is_wrong_is_found(finding: str) -> None:
    found = [str(each) for each in check_engine(Broken(SPOILT[finding]))]  # type: ignore[arg-type]
    assert [each for each in found if re.match(finding, each)], found


def test_an_engine_that_remembers_is_found() -> None:
    engine = Broken(lambda s, *_: s)
    engine._spoil = lambda s, *_: scaled(s, 1 + engine.n_calls / 100)
    assert "purity" in {finding.check for finding in check_engine(engine)}


def test_an_engine_that_says_nothing_in_silence_is_found() -> None:
    class Mute(ToneEngine):
        def speak(self, text: str, voice: str, speed: float) -> Speech:
            try:
                return super().speak(text, voice, speed)
            except SpeechError:
                return Speech(np.zeros(0, np.int16), 24_000)

    assert {finding.check for finding in check_engine(Mute())} >= {"empty"}


def test_voices_without_order_are_found() -> None:
    class Crowd(ToneEngine):
        takes_ipa = True

        def voices(self) -> tuple[EngineVoice, ...]:
            twins = [EngineVoice("host", "A", "en", default=True) for _ in range(2)]
            return (*twins, EngineVoice(" ", "B", ""))

        def has_voice(self, voice: str) -> bool:
            return voice == "host"

    found = [str(each) for each in check_engine(Crowd())]
    assert "voices: two voices share the id 'host'" in found
    assert "voices: more than one is the default" in found
    assert "voices: an unknown voice is taken in silence; raise a SpeechError" in found
    assert any(each.startswith("ipa: ") for each in found)


def test_an_engine_that_raises_is_one_finding() -> None:
    def refuse(*_: object) -> Speech:
        raise RuntimeError("not today")

    (finding,) = check_engine(Broken(refuse))
    assert str(finding).endswith("raises RuntimeError: not today")


def test_an_engine_that_raises_now_and_then_is_found() -> None:
    class Moody(ToneEngine):
        @property
        def version(self) -> str:
            raise KeyError("no model")

        def speak(self, text: str, voice: str, speed: float) -> Speech:
            if text == OTHER:
                raise RuntimeError("not today")
            return super().speak(text, voice, speed)

    assert [str(each) for each in check_engine(Moody())] == [
        "identity: it raises KeyError: 'no model'",
        "purity: it raises RuntimeError: not today",
    ]


class Rewriting(ToneEngine):
    """Says a numeral after a ruler's name, as packages do that put text through rules first."""

    tells = False

    def speak(self, text: str, voice: str, speed: float) -> Speech:
        return super().speak(self._rewritten(text), voice, speed)

    def sounds(self, text: str, voice: str) -> str | None:
        return self._rewritten(text) if self.tells else None

    def _rewritten(self, text: str) -> str:
        text = text.replace("Henry Cavill", "Henry the seventeenth, Cavill")
        return text.replace("part I", "part one").replace("🔥", "fire" if self.tells else "")


def verbatim(engine: ToneEngine) -> list[str]:
    return [each.what for each in check_engine(engine) if each.check == "verbatim"]


def test_words_that_nobody_wrote_are_found_by_length() -> None:
    (what,) = verbatim(Rewriting())
    assert what.startswith("'Henry Cavill rides home.' is said as ")


def test_words_that_nobody_wrote_are_found_by_phonemes_however_short() -> None:
    engine = Rewriting()
    engine.tells = True
    found = [what.split("'")[1] for what in verbatim(engine)]
    assert found == [
        "The part I liked most is the end.",
        "Henry Cavill rides home.",
        "The end 🔥 was near.",
    ]


def test_words_that_are_left_out_are_found() -> None:
    class Forgetful(Rewriting):
        def _rewritten(self, text: str) -> str:
            return text.replace("versus", "")

    engine = Forgetful()
    engine.tells = True
    (what,) = verbatim(engine)
    assert what.startswith("'It was Batman versus Superman.'")


def test_a_voice_of_another_language_is_not_baited() -> None:
    class Finnish(Rewriting):
        def voices(self) -> tuple[EngineVoice, ...]:
            return (EngineVoice("host", "Aino", "fi"),)

    assert verbatim(Finnish()) == []


def test_there_are_baits_of_every_letter() -> None:
    assert len(BAITS) >= 60
    assert all(bait != twin for bait, twin in BAITS)
    named = {bait.split()[1][0] for bait, _ in BAITS}
    assert named >= set("IVXLCDM")


def test_printing_is_found() -> None:
    def chatter(speech: Speech, *_: object) -> Speech:
        print("Audio saved!")
        return speech

    assert [each.what for each in check_engine(Broken(chatter))] == ["it prints on standard output"]
