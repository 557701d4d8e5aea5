"""What every target promises, each on its real server."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from publish.targets import publisher
from publish.targets.places import FEED, KINDS, LOCKED, MEDIA, SERVED, Place

from sayso.errors import EnvironmentProblem, PublishError
from sayso.publish.targets import Changed, Target, locks

each_kind = pytest.mark.parametrize("place", KINDS, indirect=True)


def start(place: Place, *words: object) -> subprocess.Popen[str]:
    """Another publisher at the same place."""
    command = [sys.executable, publisher.__file__, str(place.root), place.address]
    return subprocess.Popen(
        [*command, *map(str, words)],
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, **place.env},
    )


# --------------------------------------------------------------------------------- reading, writing


@each_kind
def test_what_is_put_is_there(target: Target, tmp_path: Path) -> None:
    assert target.read("media/tide-0a1b.mp3") is None
    assert target.size("media/tide-0a1b.mp3") is None
    source = tmp_path / "tide.mp3"
    source.write_bytes(b"sound" * 1_000)
    target.put("media/tide-0a1b.mp3", source, MEDIA)
    assert target.size("media/tide-0a1b.mp3") == 5_000
    found = target.read("media/tide-0a1b.mp3")
    assert found is not None
    assert found.data == source.read_bytes()
    for data in (b"other", b"", b"other"):
        target.put("media/tide-0a1b.mp3", data, MEDIA)
        found = target.read("media/tide-0a1b.mp3")
        assert found is not None
        assert found.data == data
        assert target.size("media/tide-0a1b.mp3") == len(data)


@each_kind
def test_replace_writes_only_over_what_was_read(target: Target) -> None:
    target.replace("feed.xml", b"one", FEED, expected=None)
    first = target.read("feed.xml")
    assert first is not None
    with pytest.raises(Changed):
        target.replace("feed.xml", b"two", FEED, expected=None)
    target.replace("feed.xml", b"two", FEED, expected=first.version)
    with pytest.raises(Changed):
        target.replace("feed.xml", b"three", FEED, expected=first.version)
    with pytest.raises(Changed):
        target.replace("none.xml", b"three", FEED, expected=first.version)
    second = target.read("feed.xml")
    assert second is not None
    assert (second.data, second.version != first.version) == (b"two", True)
    with pytest.raises(Changed):  # what it wants is there, but another has written it
        target.replace("feed.xml", b"two", FEED, expected=first.version)
    with target.lock(), target.lock():
        target.replace("feed.xml", b"four", FEED, expected=second.version)
    found = target.read("feed.xml")
    assert found is not None
    assert found.data == b"four"


@each_kind
def test_a_large_file_comes_whole(target: Target, tmp_path: Path) -> None:
    """In several parts to S3, the last of them a short one."""
    source = tmp_path / "large.mp3"
    source.write_bytes(os.urandom(1 << 20) * 35 + b"end")
    target.put("media/large.mp3", source, MEDIA)
    assert target.size("media/large.mp3") == source.stat().st_size
    found = target.read("media/large.mp3")
    assert found is not None
    assert hashlib.sha256(found.data).digest() == hashlib.sha256(source.read_bytes()).digest()


@each_kind
def test_threads_share_a_target(target: Target) -> None:
    def put(number: int) -> None:
        target.put(f"{number % 4}/{number}.txt", b"%d" % number, MEDIA)

    with ThreadPoolExecutor(6) as pool:
        list(pool.map(put, range(24)))
        found = list(pool.map(lambda n: target.read(f"{n % 4}/{n}.txt"), range(24)))
    assert [stored and stored.data for stored in found] == [b"%d" % n for n in range(24)]


@each_kind
def test_only_names_that_every_target_takes(target: Target) -> None:
    for name in ("", "/etc/passwd", "../x", "a/../b", "a//b", "a/", ".hidden", "a/.b", "Ä", "A b"):
        for call in (
            lambda name: target.read(name),
            lambda name: target.size(name),
            lambda name: target.put(name, b"", MEDIA),
            lambda name: target.replace(name, b"", MEDIA, expected=None),
        ):
            with pytest.raises(PublishError, match="cannot be a published file's name"):
                call(name)


@each_kind
def test_a_source_that_is_not_there(target: Target, tmp_path: Path) -> None:
    with pytest.raises(EnvironmentProblem, match="no such file") as caught:
        target.put("media/none.mp3", tmp_path / "none.mp3", MEDIA)
    assert str(tmp_path / "none.mp3") in str(caught.value)
    assert target.size("media/none.mp3") is None


# ------------------------------------------------------------------------------ several publishers


@each_kind
def test_of_two_who_replace_a_version_one_wins(place: Place) -> None:
    racing = [start(place, "count", 6) for _ in range(2)]
    assert [process.wait(120) for process in racing] == [0, 0]
    target = place.open()
    found = target.read("count")
    target.close()
    assert found is not None
    assert found.data == b"12"


@pytest.mark.parametrize("place", LOCKED, indirect=True)
def test_a_holder_keeps_its_lock_however_long_it_takes(
    place: Place, target: Target, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(locks, "STALE_S", 0.8)
    monkeypatch.setattr(locks, "POLL_S", 0.02)
    holder = start(place, "hold", 2)
    assert holder.stdout is not None
    assert holder.stdout.readline() == "held\n"
    with target.lock():
        assert target.read("held") is not None
    assert holder.wait(10) == 0


@pytest.mark.parametrize("place", LOCKED, indirect=True)
def test_a_killed_holder_loses_its_lock(
    place: Place, target: Target, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(locks, "STALE_S", 0.8)
    monkeypatch.setattr(locks, "POLL_S", 0.02)
    holder = start(place, "hold", 60)
    assert holder.stdout is not None
    assert holder.stdout.readline() == "held\n"
    holder.kill()
    holder.wait(10)
    target.replace("feed.xml", b"mine", FEED, expected=None)
    assert target.read("held") is None
    left = [] if place.files is None else [path.name for path in place.files.rglob("*")]
    assert [name for name in left if name.startswith((".sayso-lock", "turn-"))] == []


@pytest.mark.parametrize("place", SERVED[1:], indirect=True)
def test_files_of_other_makers_are_no_locks(place: Place, target: Target) -> None:
    target.replace("feed.xml", b"first", FEED, expected=None)
    assert place.files is not None
    for name in ("turn-left.txt", "turn-²", "turn-"):
        (place.files / ".sayso" / name).write_text("a note")
    found = target.read("feed.xml")
    assert found is not None
    target.replace("feed.xml", b"second", FEED, expected=found.version)


@pytest.mark.parametrize("place", SERVED[1:], indirect=True)
def test_who_slept_while_holding_the_lock_writes_nothing(place: Place, target: Target) -> None:
    """Its lock file went stale meanwhile, and another has taken over."""
    assert place.files is not None
    lock = place.files / ".sayso" / "turn-1"
    later = lock.with_name("turn-2")
    with target.lock():
        later.mkdir() if lock.is_dir() else later.touch()
        with pytest.raises(Changed):
            target.replace("feed.xml", b"late", FEED, expected=None)
    assert target.read("feed.xml") is None
    assert not lock.exists()
