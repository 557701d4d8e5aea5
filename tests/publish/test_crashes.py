"""Publishers that are killed, and publishers at the same time, on every kind of target.

SAYSO_SOAK=1 kills fifty on each, and lets eight publish five episodes each.
"""

from __future__ import annotations

import contextlib
import os
import random
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from publish.show_folder import ShowFolder
from publish.targets.places import KINDS, Place
from servers.servers import S3Server, nginx
from tools import SOAK

from sayso.feed.rss import ReadItem, read_feed
from sayso.publish.ledger import FILE_NAME, read_ledger

N_KILLS = 50 if SOAK else 1
N_PUBLISHERS, N_EPISODES = (8, 5) if SOAK else (2, 1)
WHOLE_S = 3.0
"""About what a publication takes; measured first where there are many kills."""
PATIENCE_S = 300

PUBLISH_ONE_BY_ONE = """\
import sys
from pathlib import Path
from sayso.publish.selection import Request
from sayso.publish.api import publish
from sayso.show.finding import find_show
for slug in sys.argv[1:]:
    publish(find_show(Path.cwd()), Request((slug,)))
"""


@pytest.fixture
def address(
    place: Place, tmp_path: Path, request: pytest.FixtureRequest
) -> Iterator[tuple[Place, str]]:
    """A place, and the address that the web has it at."""
    if place.files is not None:
        place.files.mkdir(parents=True, exist_ok=True)
        with nginx(place.files, tmp_path / "nginx") as url:
            yield place, url
        return
    server: S3Server = request.getfixturevalue("s3_server")
    prefix = place.address.split("/", 3)[3].partition("?")[0]
    yield place, f"{server.public_url}{prefix.strip('/')}/"


def below(place: Place, name: str) -> Place:
    """A folder of its own at a place."""
    bare, mark, query = place.address.partition("?")
    return replace(place, address=f"{bare.rstrip('/')}/{name}{mark}{query}")


def start(show: ShowFolder, place: Place, *command: str) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, *command],
        cwd=show.root,
        env={**os.environ, **place.env},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )


def finish(process: subprocess.Popen[bytes]) -> None:
    output = process.communicate(timeout=PATIENCE_S)[0].decode()
    assert process.returncode == 0, output


def items_at(place: Place, url: str) -> list[ReadItem]:
    """The items of the feed, after every one's media has been found whole."""
    with contextlib.closing(place.open()) as target:
        stored = target.read("feed.xml")
        if stored is None:
            return []
        items = list(read_feed(stored.data, "feed.xml").items)
        for item in items:
            name = str(item.enclosure_url).removeprefix(url)
            assert target.size(name) == item.n_bytes
    return items


@pytest.mark.parametrize("place", KINDS, indirect=True)
def test_killed_at_any_instant(
    address: tuple[Place, str], show: ShowFolder, tmp_path: Path
) -> None:
    place, url = address
    dice = random.Random(place.kind)
    whole_s = WHOLE_S
    publish = ("-m", "sayso", "publish", "--quiet")
    for number in range(0 if N_KILLS > 1 else 1, N_KILLS + 1):
        own, own_url = below(place, f"k{number}"), f"{url}k{number}/"
        (show.root / FILE_NAME).unlink(missing_ok=True)
        target = str(own.root / own.address) if own.kind == "folder" else own.address
        show.settings(url=own_url, target=target, publish='check = "web"')
        began = time.monotonic()
        process = start(show, own, *publish)
        if number == 0:  # undisturbed, to know how long it takes
            finish(process)
            whole_s = time.monotonic() - began
        else:
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(dice.uniform(0.1, whole_s))
            process.kill()
            process.communicate(timeout=PATIENCE_S)
        announced = items_at(own, own_url)
        fixed = {entry.slug: entry.guid for entry in show.ledger.entries}
        assert {item.guid for item in announced} <= set(fixed.values())

        finish(start(show, own, *publish))
        items = items_at(own, own_url)
        entries = read_ledger(show.root / FILE_NAME).entries
        assert sorted(str(item.guid) for item in items) == sorted(entry.guid for entry in entries)
        assert len(items) == 3
        assert {entry.state for entry in entries} == {"published"}
        assert fixed.items() <= {entry.slug: entry.guid for entry in entries}.items()
        leftovers = [path.name for path in show.root.rglob("*.sayso-tmp")]
        assert leftovers == []


@pytest.mark.parametrize("place", KINDS, indirect=True)
def test_publishers_at_once_lose_nothing(
    address: tuple[Place, str], built: ShowFolder, tmp_path: Path
) -> None:
    place, url = address
    target = str(place.root / place.address) if place.kind == "folder" else place.address
    processes = []
    for publisher in range(N_PUBLISHERS):
        show = ShowFolder(tmp_path / f"publisher-{publisher}")
        slugs = [f"p{publisher}-e{number}" for number in range(N_EPISODES)]
        for slug in slugs:
            (show.root / "episodes").mkdir(parents=True, exist_ok=True)
            shutil.copytree(built.root / "episodes" / "the-pier", show.root / "episodes" / slug)
        show.settings(url=url, target=target, publish='check = "web"')
        processes.append(start(show, place, "-c", PUBLISH_ONE_BY_ONE, *slugs))
    for process in processes:
        finish(process)
    items = items_at(place, url)
    expected = {
        f"{url}p{publisher}-e{number}/"
        for publisher in range(N_PUBLISHERS)
        for number in range(N_EPISODES)
    }
    assert sorted(str(item.link) for item in items) == sorted(expected)
    assert len({item.guid for item in items}) == len(expected)
    with contextlib.closing(place.open()) as open_target:
        index = open_target.read("index.html")
    assert index is not None
    assert all(link.removeprefix(url).encode() in index.data for link in expected)
