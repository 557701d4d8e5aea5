"""A publisher that is killed leaves the old file or the new one, and what it leaves is cleared."""

from __future__ import annotations

import contextlib
import os
import random
import subprocess
import sys
import time
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest
from publish.targets import publisher
from publish.targets.places import KINDS, MEDIA, SERVED, Place
from tools import soak

from sayso.publish.targets import Target, s3
from sayso.system import atomic_files as files

N_BYTES = 64 << 20


def start(place: Place, *words: object) -> subprocess.Popen[bytes]:
    command = [sys.executable, publisher.__file__, str(place.root), place.address]
    return subprocess.Popen([*command, *map(str, words)], env={**os.environ, **place.env})


def uploads(place: Place, target: Target) -> list[object]:
    """What is under way at a place."""
    if place.files is not None:
        found = [*place.files.rglob("upload-*"), *place.files.rglob(".*.sayso-tmp")]
        with contextlib.suppress(FileNotFoundError):  # done just now
            return [(path, n_bytes) for path in found if (n_bytes := path.stat().st_size)]
        return []
    assert isinstance(target, s3.S3Target)
    prefix = place.address.split("/")[3].partition("?")[0]
    listed = target._call(lambda c: c.list_multipart_uploads(Bucket="podcast", Prefix=prefix))
    return [upload["Key"] for upload in (listed or {}).get("Uploads", [])]


@pytest.mark.parametrize("place", KINDS, indirect=True)
def test_killed_in_the_middle_of_an_upload(
    place: Place, target: Target, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    new = tmp_path / "new.mp3"
    with new.open("wb") as stream:
        stream.truncate(N_BYTES)
    target.put("media/a.mp3", b"old", MEDIA)
    killed_in_the_middle = False
    for _ in range(8):  # a fast disk may be done before we look
        publishing = start(place, "put", "media/a.mp3", new)
        while publishing.poll() is None and not uploads(place, target):
            time.sleep(0.002)
        publishing.kill()
        publishing.wait(10)
        size = target.size("media/a.mp3")
        assert size in (3, N_BYTES)
        if size == 3:
            killed_in_the_middle = True
            break
        target.put("media/a.mp3", b"old", MEDIA)
    assert killed_in_the_middle
    found = target.read("media/a.mp3")
    assert found is not None
    assert found.data == b"old"

    before = None
    while (now := uploads(place, target)) != before:  # what the server still has in its buffers
        before = now
        time.sleep(0.2)
    # An hour later (a day, for parts on S3) the next publisher clears the rest away.
    if place.kind == "s3":
        later = datetime.now(timezone.utc) + timedelta(days=1, minutes=1)
        monkeypatch.setattr(s3, "_now", lambda: later)
    for path in [] if place.files is None else list(place.files.rglob("upload-*")):
        os.utime(path, (time.time() - 3_700,) * 2)
    files._sweep_once.cache_clear()  # a process sweeps a folder once
    fresh = place.open()
    fresh.put("media/a.mp3", new, MEDIA)
    fresh.close()
    assert target.size("media/a.mp3") == N_BYTES
    assert uploads(place, target) == []


@pytest.mark.parametrize("place", SERVED, indirect=True)
def test_uploads_of_others_are_left_alone(place: Place, target: Target, tmp_path: Path) -> None:
    new = tmp_path / "new.mp3"
    with new.open("wb") as stream:
        stream.truncate(N_BYTES)
    publishing = start(place, "put", "media/a.mp3", new)
    while publishing.poll() is None and not uploads(place, target):
        time.sleep(0.002)
    target.put("media/b.mp3", new, MEDIA)
    assert publishing.wait(30) == 0
    assert target.size("media/a.mp3") == target.size("media/b.mp3") == N_BYTES


@soak
@pytest.mark.parametrize("place", KINDS, indirect=True)
def test_killed_at_fifty_instants(place: Place, target: Target, tmp_path: Path) -> None:
    """In replacing too: the count is one more or is not, and the lock comes free."""
    new = tmp_path / "new.mp3"
    with new.open("wb") as stream:
        stream.truncate(40 << 20)
    target.put("media/a.mp3", b"old", MEDIA)
    for n in range(50):
        words = ("put", "media/a.mp3", new) if n % 2 else ("count", 10_000)
        publishing = start(place, *words)
        time.sleep(random.uniform(0.05, 1.5))
        publishing.kill()
        publishing.wait(10)
        assert target.size("media/a.mp3") in (3, 40 << 20)
        count = target.read("count")
        assert count is None or count.data == b"%d" % int(count.data)
    assert start(place, "count", 1).wait(60) == 0
    assert start(place, "put", "media/a.mp3", new).wait(60) == 0
    assert target.size("media/a.mp3") == 40 << 20


@soak
@pytest.mark.parametrize("place", KINDS, indirect=True)
def test_eight_publishers_lose_nothing(place: Place, target: Target) -> None:
    racing = [start(place, "count", 5) for _ in range(8)]
    assert [process.wait(240) for process in racing] == [0] * 8
    count = target.read("count")
    assert count is not None
    assert count.data == b"40"
