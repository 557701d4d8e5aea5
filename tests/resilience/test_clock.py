"""A clock that was wrong, goes back, or jumps while a command runs."""

from __future__ import annotations

import os
import shutil
import time
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest
from resilience.stages import BUILD, PUBLISH, Stages
from tools import absent, need

from sayso.feed.rss import read_feed
from sayso.publish.ledger import FILE_NAME, read_ledger
from sayso.system.cache import Store, make_key, trim_stores

pytestmark = pytest.mark.xdist_group("stages")


def at(offset: str, **more: str) -> dict[str, str]:
    """The environment of a process whose clock is off by `offset`, as faketime has it."""
    need("faketime")
    libraries = sorted(Path("/usr/lib").rglob("libfaketimeMT.so.1"))
    if not libraries:
        absent("no libfaketime")
    own = {"LD_PRELOAD": str(libraries[0]), "FAKETIME_DONT_FAKE_MONOTONIC": "1"}
    return {**own, **({"FAKETIME": offset} if offset else {}), **more}


@pytest.mark.rare
def test_a_clock_that_goes_back_between_commands(stages: Stages, tmp_path: Path) -> None:
    """Built and published in a year to come; then edited, built and published today."""
    scene = stages["script edited"].copy(tmp_path / "scene")
    alone = stages["script edited"].copy(tmp_path / "alone")
    for each, env in ((scene, at("+10d")), (alone, {})):
        for command in (BUILD, PUBLISH):
            each.done(*command, env=env)
        each.edit()
        shutil.copytree(each.script.parent, each.show / "episodes" / "the-pier")
        for command in (BUILD, PUBLISH):
            each.done(*command)
    there, expected = scene.files(), alone.files()
    assert there.keys() == expected.keys()
    lists = ("feed.lock.json", "public/feed.xml", "public/index.html")  # in order of date
    assert [n for n in expected if there[n] != expected[n] and n not in lists] == []
    entries = {entry.slug: entry for entry in read_ledger(scene.show / FILE_NAME).entries}
    assert entries["glass-ferry"].date > datetime.now(timezone.utc) + timedelta(days=8)
    items = read_feed((scene.show / "public" / "feed.xml").read_bytes(), "feed.xml").items
    dates = [item.date for item in items if item.date]
    assert len(dates) == 2
    assert dates == sorted(dates, reverse=True)
    assert scene.debris() == []


@pytest.mark.rare
def test_a_clock_that_jumps_while_a_build_runs(stages: Stages, tmp_path: Path) -> None:
    scene = stages["script edited"].copy(tmp_path / "scene")
    alone = stages["script edited"].copy(tmp_path / "alone")
    alone.done(*BUILD)
    clock = tmp_path / "clock"
    clock.write_text("+0")
    env = at("", FAKETIME_TIMESTAMP_FILE=str(clock), FAKETIME_NO_CACHE="1")
    running = scene.start(*BUILD, env=env)
    number = 0
    while running.poll() is None:
        number += 1
        clock.write_text(("+0", "-3d", "+400d", "-2h")[number % 4])
        time.sleep(0.05)
    assert "Traceback" not in running.communicate()[0].decode()
    assert running.returncode == 0
    assert number > 4
    scene.done(*BUILD)
    assert scene.files() == alone.files()
    scene.edit()
    alone.edit()
    scene.done(*BUILD)
    alone.done(*BUILD)
    assert scene.files() == alone.files()
    assert scene.debris() == []


# ------------------------------------------------------------------------------------- the cache


def test_a_cache_of_the_future_ages_like_any_other(tmp_path: Path) -> None:
    store = Store(tmp_path)
    keys = [make_key(number) for number in range(2)]
    for key in keys:
        store.put(key, b"x" * 1_000)
        os.utime(store.path(key), (time.time() + 10**7,) * 2)
    assert store.get(keys[1]) is not None  # noted as used now
    assert trim_stores([store.folder], 0) > 1_000
    assert [store.get(key) is not None for key in keys] == [False, True]
