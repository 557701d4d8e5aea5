"""The cache of takes: what is put is got, and nothing else is."""

from __future__ import annotations

import threading
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sayso.errors import EnvironmentProblem, SpeechError
from sayso.model import WordMark
from sayso.speech.takes import TakeStore, take_key
from sayso.system.cache import stored_files

KEY = take_key("tone", "1", "host", 1.0, "Good evening.")
SAMPLES = (np.sin(np.arange(4_000) / 9) * 12_000).astype(np.int16)
WORDS = (WordMark("Good", 0), WordMark("evening", 90))


def test_a_take_comes_back_as_it_was_put(store: TakeStore) -> None:
    put = store.put(KEY, SAMPLES, 24_000, WORDS)
    got = store.get(KEY)
    assert got == put
    assert got is not None
    assert (got.sample_rate, got.n_samples, got.words) == (24_000, 4_000, WORDS)
    assert np.array_equal(got.samples(), SAMPLES)


def test_an_absent_take_is_none(store: TakeStore) -> None:
    assert store.get(KEY) is None


@pytest.mark.parametrize(
    "other",
    [
        ("hibari", "1", "host", 1.0, "Good evening."),
        ("tone", "2", "host", 1.0, "Good evening."),
        ("tone", "1", "critic", 1.0, "Good evening."),
        ("tone", "1", "host", 1.1, "Good evening."),
        ("tone", "1", "host", 1.0, "Good evening!"),
        ("tone", "1h", "ost", 1.0, "Good evening."),
    ],
)
def test_every_field_is_in_the_key(other: tuple[str, str, str, float, str]) -> None:
    assert take_key(*other) != KEY


def test_keys_stay_the_same_between_versions() -> None:
    assert KEY == "c8348d2770d5c97cedb46d3a8e649563cc64b17bb73d650acbb76ce2012f3fa9"


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_a_damaged_file_counts_as_absent(store: TakeStore, data: st.DataObject) -> None:
    store.put(KEY, SAMPLES, 24_000, WORDS)
    raw = store.path(KEY).read_bytes()
    kind = data.draw(st.sampled_from(["cut", "grown", "flipped"]))
    if kind == "cut":
        raw = raw[: data.draw(st.integers(0, len(raw) - 1))]
    elif kind == "grown":
        raw += data.draw(st.binary(min_size=1, max_size=40))
    else:
        at = data.draw(st.integers(0, len(raw) - 1))
        raw = raw[:at] + bytes([raw[at] ^ data.draw(st.integers(1, 255))]) + raw[at + 1 :]
    store.path(KEY).write_bytes(raw)
    assert store.get(KEY) is None
    assert store.put(KEY, SAMPLES, 24_000, WORDS) == store.get(KEY)


def test_a_take_of_another_key_is_not_taken(store: TakeStore) -> None:
    other = take_key("tone", "1", "host", 1.0, "Good night.")
    store.put(other, SAMPLES, 24_000)
    store.path(KEY).parent.mkdir(parents=True, exist_ok=True)
    store.path(KEY).write_bytes(store.path(other).read_bytes())
    assert store.get(KEY) is None


def test_a_take_damaged_after_the_look_up_is_never_played(store: TakeStore) -> None:
    take = store.put(KEY, SAMPLES, 24_000)
    store.path(KEY).write_bytes(store.path(KEY).read_bytes()[:-2])
    with pytest.raises(SpeechError, match="run the same command again"):
        take.samples()


def test_a_take_voiced_again_meanwhile_is_not_taken_for_the_one_looked_up(
    store: TakeStore,
) -> None:
    take = store.put(KEY, SAMPLES, 24_000)
    other = store.put(KEY, SAMPLES[::-1], 24_000)
    assert other.content != take.content
    with pytest.raises(SpeechError, match="run the same command again"):
        take.samples()
    assert np.array_equal(other.samples(), SAMPLES[::-1])


def test_two_builds_may_write_the_same_takes(store: TakeStore) -> None:
    keys = [take_key("tone", "1", "host", 1.0, str(n)) for n in range(30)]
    seen: list[bool] = []

    def build() -> None:
        for key in keys:
            store.put(key, SAMPLES, 24_000, WORDS)
            take = store.get(key)
            seen.append(take is not None and np.array_equal(take.samples(), SAMPLES))

    threads = [threading.Thread(target=build) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert seen == [True] * 60
    assert len(stored_files([store.folder])) == 30


def test_a_store_that_cannot_be_written_is_the_machines_fault(tmp_path: Path) -> None:
    (tmp_path / "takes").write_text("a file in its place")
    with pytest.raises(EnvironmentProblem, match="takes"):
        TakeStore(tmp_path / "takes").put(KEY, SAMPLES, 24_000)
