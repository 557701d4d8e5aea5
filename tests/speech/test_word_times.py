"""Estimated word times, against sounds whose words are known."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sayso.model import Line, Voice
from sayso.speech.engines import load_engine
from sayso.speech.engines.onnx_output import with_output_of
from sayso.speech.takes import TakeStore
from sayso.speech.trimming import trim
from sayso.speech.voicing import voice_lines
from sayso.speech.word_times import estimate

TEXT = "The harbour lights are out again, and nobody in the town, it seems, will say why."


def test_they_are_near_those_that_an_engine_knows() -> None:
    speech = trim(load_engine("tone").speak(TEXT, "host", 1.0))
    guessed = estimate(TEXT, speech.samples, speech.sample_rate)
    assert [mark.word for mark in guessed] == [mark.word for mark in speech.words]
    off = [abs(one.start_ms - two.start_ms) for one, two in zip(guessed, speech.words, strict=True)]
    assert np.mean(off) < 100
    assert all(mark.estimated for mark in guessed)


def test_no_word_starts_inside_a_pause() -> None:
    rate = 16_000
    voice = (3_000 * np.sin(np.arange(rate) / 9)).astype(np.int16)
    sound = np.concatenate([voice, np.zeros(rate, np.int16), voice])
    marks = estimate("one two three, four five six", sound, rate)
    assert all(not 1_000 < mark.start_ms < 1_990 for mark in marks)
    assert abs(marks[3].start_ms - 2_000) <= 10


@settings(max_examples=60)
@given(
    st.text(max_size=60),
    st.lists(st.integers(-32_768, 32_767), min_size=1, max_size=4_000),
    st.sampled_from([8_000, 22_050, 48_000]),
)
def test_they_never_go_back_and_never_leave_the_sound(
    text: str, samples: list[int], rate: int
) -> None:
    marks = estimate(text, np.array(samples, np.int16), rate)
    times = [mark.start_ms for mark in marks]
    assert times == sorted(times)
    assert all(0 <= time <= len(samples) * 1000 / rate + 10 for time in times)


def test_takes_keep_marks_and_what_kind_they_are(store: TakeStore) -> None:
    lines = [
        Line(TEXT, TEXT, Voice("host", engine, voice), 0)
        for engine, voice in (("tone", "host"), ("hibari", "heart"))
    ]
    voice_lines(lines, store)
    known, guessed = voice_lines(lines, store)
    assert len(known.words) == len(guessed.words) == len(TEXT.split())
    assert not any(mark.estimated for mark in known.words)
    assert all(mark.estimated for mark in guessed.words)


def test_a_pronunciation_counts_as_its_word() -> None:
    sound = (3_000 * np.sin(np.arange(16_000) / 9)).astype(np.int16)
    marks = estimate("This is ⟦Cho Yi-hyun|tɕo iːjʌn⟧.", sound, 16_000)
    assert [mark.word for mark in marks] == ["This", "is", "Cho", "Yi-hyun"]


# -------------------------------------------------------------------- models that tell times


def field(number: int, content: bytes) -> bytes:
    assert len(content) < 128
    return bytes([number << 3 | 2, len(content)]) + content


def node(op_type: bytes, output: bytes) -> bytes:
    return field(1, field(1, b"in") + field(2, output) + field(4, op_type))


def test_an_output_is_added_by_appending_a_message() -> None:
    model = b"\x08\x08" + field(7, node(b"Mul", b"m") + node(b"Ceil", b"/Ceil_output_0"))
    added = field(7, field(12, field(1, b"/Ceil_output_0")))
    assert with_output_of(model, "Ceil") == model + added


@pytest.mark.parametrize(
    "model",
    [b"", b"no model at all", field(7, node(b"Mul", b"m")), field(7, node(b"Ceil", b"a") * 2)],
)
def test_what_has_not_the_one_node_is_refused(model: bytes) -> None:
    with pytest.raises(ValueError, match=r"nodes of type|protobuf|cut short"):
        with_output_of(model, "Ceil")
