"""The cache of takes: what is put is got, and nothing else is."""

from __future__ import annotations

import os
import threading
import time
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sayso.errors import EnvironmentProblem, SpeechError
from sayso.model import WordMark
from sayso.speech.takes import TakeStore, take_key

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
    assert KEY == "ea282690e467377fd33b0b25b6317946d4fc1513c20f30303d6d156fcee1f750"


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_a_damaged_file_counts_as_absent(store: TakeStore, data: st.DataObject) -> None:
    raw = store.put(KEY, SAMPLES, 24_000, WORDS).path.read_bytes()
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
    put = store.put(other, SAMPLES, 24_000)
    store.path(KEY).parent.mkdir(parents=True, exist_ok=True)
    store.path(KEY).write_bytes(put.path.read_bytes())
    assert store.get(KEY) is None


def test_a_take_damaged_after_the_look_up_is_never_played(store: TakeStore) -> None:
    take = store.put(KEY, SAMPLES, 24_000)
    take.path.write_bytes(take.path.read_bytes()[:-2])
    with pytest.raises(SpeechError, match="run the same command again"):
        take.samples()


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
    assert store.size()[0] == 30


def _age(path: Path, days: float) -> None:
    then = time.time() - days * 86_400
    os.utime(path, (then, then))


def test_trim_removes_what_was_used_longest_ago(store: TakeStore) -> None:
    takes = [
        store.put(take_key("tone", "1", "host", 1.0, str(n)), SAMPLES, 24_000) for n in range(4)
    ]
    one = takes[0].path.stat().st_size
    for days, take in zip((4, 3, 2, 1), takes, strict=True):
        _age(take.path, days)
    assert store.get(takes[0].key) is not None  # used again: now the newest
    assert store.trim(2 * one) == 2 * one
    assert [store.get(take.key) is not None for take in takes] == [True, False, False, True]


def test_trim_spares_what_a_build_under_way_may_need(store: TakeStore) -> None:
    store.put(KEY, SAMPLES, 24_000)
    assert store.trim(0) == 0
    assert store.trim(0, spare_s=-1) > 0
    assert store.size() == (0, 0)


def test_trim_sweeps_up_after_killed_builds(store: TakeStore) -> None:
    left = store.put(KEY, SAMPLES, 24_000).path.with_name(".x.take.ab12.sayso-tmp")
    left.write_bytes(b"half")
    _age(left, 1)
    store.trim(10**9)
    assert not left.exists()
    assert store.get(KEY) is not None


def test_a_store_that_cannot_be_written_is_the_machines_fault(tmp_path: Path) -> None:
    (tmp_path / "takes").write_text("a file in its place")
    with pytest.raises(EnvironmentProblem, match="takes"):
        TakeStore(tmp_path / "takes").put(KEY, SAMPLES, 24_000)
