"""The hum for drafts and tests."""

from __future__ import annotations

import numpy as np
import pytest

from sayso.errors import SpeechError
from sayso.model import Voice
from sayso.speech.engines import Speech, load_engine, resolve


def hum(text: str, voice: str = "host", speed: float = 1.0) -> Speech:
    return load_engine("tone").speak(text, voice, speed)


def test_it_lasts_about_as_long_as_a_voice_would() -> None:
    text = "It takes its time, and that is its strength, from the first shot to the last one."
    assert len(hum(text).samples) / 24_000 == pytest.approx(len(text) / 15, rel=0.15)
    assert len(hum(text, speed=1.5).samples) == pytest.approx(
        len(hum(text).samples) / 1.5, rel=0.01
    )


def test_every_word_is_marked() -> None:
    words = hum("Watch it late, with “lights” off…").words
    assert [mark.word for mark in words] == ["Watch", "it", "late", "with", "lights", "off"]
    assert [mark.start_ms for mark in words] == sorted({mark.start_ms for mark in words})


def test_voices_differ_in_pitch_and_any_name_has_one() -> None:
    hums = {
        hum("Good evening.", voice).samples.tobytes() for voice in ("host", "critic", "Zoë", "")
    }
    assert len(hums) == 4


def test_cast_members_without_a_voice_sound_different() -> None:
    host, critic = (resolve(Voice(name, engine="tone")) for name in ("host", "critic"))
    assert host.voice != critic.voice


def test_it_neither_clips_nor_clicks() -> None:
    samples = hum("The score, by contrast, never rests.").samples.astype(int)
    assert np.abs(samples).max() < 12_000
    assert np.abs(np.diff(samples)).max() < 1_200


def test_nothing_to_say_is_an_error() -> None:
    with pytest.raises(SpeechError, match="cannot say"):
        hum("…")
