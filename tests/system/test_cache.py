"""The cache: what is put is got, and nothing else is."""

from __future__ import annotations

import os
import threading
import time
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sayso.errors import EnvironmentProblem
from sayso.system.atomic_files import TEMPORARY_SUFFIX
from sayso.system.cache import Store, make_key, stored_files, trim_stores

KEY = make_key("a", 1)


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path / "store")


@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(content=st.binary(max_size=5_000))
def test_what_is_put_is_got(store: Store, content: bytes) -> None:
    store.put(KEY, content)
    assert store.get(KEY) == content


def test_what_is_absent_is_none(store: Store) -> None:
    assert store.get(KEY) is None


FIELDS = st.lists(st.one_of(st.text(max_size=6), st.integers(), st.floats(), st.none()), max_size=4)


@given(FIELDS, FIELDS)
def test_keys_differ_where_a_field_does(one: list, other: list) -> None:
    same = [str(field) for field in one] == [str(field) for field in other]
    assert (make_key(*one) == make_key(*other)) == same
    assert len(make_key(*one)) == 64


def test_keys_know_where_a_field_ends() -> None:
    assert make_key("ab", "c") != make_key("a", "bc")
    assert make_key("a", "") != make_key("a")


def test_keys_stay_the_same_between_versions() -> None:
    assert make_key("mix", 1, None, 0.5) == (
        "dedbaa0b2b7158c85716ae29c92ad26c84889f8a264aa89ce7f70ad2578e37f1"
    )


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_a_damaged_file_counts_as_absent(store: Store, data: st.DataObject) -> None:
    store.put(KEY, b"encoded sound" * 20)
    path = store.path(KEY)
    raw = path.read_bytes()
    kind = data.draw(st.sampled_from(["cut", "grown", "flipped"]))
    if kind == "cut":
        raw = raw[: data.draw(st.integers(0, len(raw) - 1))]
    elif kind == "grown":
        raw += data.draw(st.binary(min_size=1, max_size=40))
    else:
        at = data.draw(st.integers(0, len(raw) - 1))
        raw = raw[:at] + bytes([raw[at] ^ data.draw(st.integers(1, 255))]) + raw[at + 1 :]
    path.write_bytes(raw)
    assert store.get(KEY) is None
    store.put(KEY, b"again")
    assert store.get(KEY) == b"again"


def test_the_content_of_another_key_is_not_taken(store: Store) -> None:
    other = make_key("b", 2)
    store.put(other, b"content")
    store.path(KEY).parent.mkdir(parents=True, exist_ok=True)
    store.path(KEY).write_bytes(store.path(other).read_bytes())
    assert store.get(KEY) is None


def test_two_builds_may_share_a_store(store: Store) -> None:
    seen: list[bool] = []

    def build() -> None:
        for n in range(40):
            key = make_key(n)
            store.put(key, bytes([n]) * 1_000)
            seen.append(store.get(key) == bytes([n]) * 1_000)

    threads = [threading.Thread(target=build) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert seen == [True] * 120
    assert len(stored_files([store.folder])) == 40


def test_a_store_that_cannot_be_written_is_the_machines_fault(tmp_path: Path) -> None:
    (tmp_path / "store").write_text("a file in its place")
    with pytest.raises(EnvironmentProblem, match="store"):
        Store(tmp_path / "store").put(KEY, b"x")
    assert Store(tmp_path / "store").get(KEY) is None


def age(path: Path, days: float) -> None:
    then = time.time() - days * 86_400
    os.utime(path, (then, then))


def test_files_that_no_store_has_written_are_left_alone(store: Store) -> None:
    store.put(KEY, b"x" * 1_000)
    theirs = store.folder / "en" / "notes.txt"
    theirs.parent.mkdir()
    theirs.write_text("not sayso's")
    for path in (theirs, store.path(KEY)):
        age(path, days=30)
    assert trim_stores([store.folder], 0) > 1_000
    assert theirs.is_file()
    assert not store.path(KEY).exists()


def test_trim_removes_what_was_used_longest_ago(store: Store, tmp_path: Path) -> None:
    other = Store(tmp_path / "other")
    keys = [make_key(n) for n in range(4)]
    for days, key, where in zip((4, 3, 2, 1), keys, (store, other, store, other), strict=True):
        where.put(key, b"x" * 1_000)
        age(where.path(key), days)
    one = store.path(keys[0]).stat().st_size
    assert store.get(keys[0]) is not None  # used again: now the newest
    assert trim_stores([store.folder, other.folder], 2 * one) == 2 * one
    kept = [store.get(key) or other.get(key) for key in keys]
    assert [content is not None for content in kept] == [True, False, False, True]


def test_trim_spares_what_a_build_under_way_may_need(store: Store) -> None:
    store.put(KEY, b"x")
    assert trim_stores([store.folder], 0) == 0
    assert trim_stores([store.folder], 0, spare_s=-1) > 0
    assert stored_files([store.folder]) == []


def test_trim_sweeps_up_after_killed_builds(store: Store) -> None:
    store.put(KEY, b"x")
    left = store.path(KEY).with_name(f".ab12{TEMPORARY_SUFFIX}")
    left.write_bytes(b"half")
    age(left, 1)
    trim_stores([store.folder], 10**9)
    assert not left.exists()
    assert store.get(KEY) == b"x"


def test_trim_of_no_folder_is_nothing(tmp_path: Path) -> None:
    assert trim_stores([tmp_path / "absent"], 0) == 0
