"""Real clients subscribe to a feed on a web server, and download what was published."""

from __future__ import annotations

import contextlib
import fcntl
import os
import pty
import select
import sqlite3
import struct
import subprocess
import termios
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pytest
from feed.validation.small_site import SmallSite, publish
from servers.servers import nginx
from tools import need

pytestmark = pytest.mark.xdist_group("feed-server")

PATIENCE_S = 60


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SmallSite]:
    folder = tmp_path_factory.mktemp("clients")
    (folder / "public").mkdir()
    with nginx(folder / "public", folder / "run") as base_url:
        yield publish(folder / "public", base_url)


def environment(home: Path) -> dict[str, str]:
    """A home of its own, and nothing of the user's."""
    return {
        "HOME": str(home),
        "PATH": os.environ["PATH"],
        "LANG": "C.UTF-8",
        "TERM": "xterm",
        "GPODDER_HOME": str(home / "gpodder"),
    }


def run(command: list[str | Path], env: Mapping[str, str]) -> str:
    done = subprocess.run(
        command,
        env=env,
        cwd=env["HOME"],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        timeout=PATIENCE_S,
        check=False,
    )
    output = done.stdout.decode("utf-8", "replace")
    assert done.returncode == 0, output
    return output


def assert_all_there(site: SmallSite, library: Path) -> None:
    """Below `library` lie the media of every item, byte for byte, and no other."""
    got = {path.name: path.read_bytes() for path in library.rglob("*.mp3")}
    published = [site.media(item) for item in site.items]
    assert got == {path.name: path.read_bytes() for path in published}


def test_gpodder(site: SmallSite, tmp_path: Path) -> None:
    gpo, env = need("gpo"), environment(tmp_path)
    run([gpo, "subscribe", site.feed_url], env)
    assert "3 new episodes" in run([gpo, "update"], env)
    assert "3 episodes downloaded." in run([gpo, "download"], env)
    assert_all_there(site, tmp_path / "gpodder" / "Downloads" / "The Second Sitting")
    with contextlib.closing(sqlite3.connect(tmp_path / "gpodder" / "Database")) as database:
        columns = "guid, title, total_time, file_size, published, link"
        rows = database.execute(f"SELECT {columns} FROM episode ORDER BY published DESC")
        assert rows.fetchall() == [
            (
                item.guid,
                item.title,
                item.duration_s,
                item.enclosure.n_bytes,
                int(item.date.timestamp()),
                item.link,
            )
            for item in site.items
        ]
    assert "0 new episodes" in run([gpo, "update"], env)


def test_podget(site: SmallSite, tmp_path: Path) -> None:
    settings, library = tmp_path / "podget", tmp_path / "library"
    settings.mkdir()
    library.mkdir()
    (settings / "serverlist").write_text(f"{site.feed_url} Films The Second Sitting\n")
    command = [need("podget"), "--dir_config", settings, "--library", library]
    command += ["--dir_session", tmp_path / "session", "--recent", "10", "--no-playlist"]
    run(command, environment(tmp_path))
    assert_all_there(site, library / "Films" / "The Second Sitting")


def test_newsboat_and_podboat(site: SmallSite, tmp_path: Path) -> None:
    env, library = environment(tmp_path), tmp_path / "library"
    config, cache = tmp_path / "config", tmp_path / "cache.db"
    config.write_text(f'podcast-auto-enqueue yes\ndownload-path "{library}/"\nmax-downloads 3\n')
    (tmp_path / "urls").write_text(site.feed_url + "\n")
    (tmp_path / ".newsboat").mkdir()  # where it keeps its queue: not in the folders of XDG
    library.mkdir()
    newsboat = [need("newsboat"), "-C", config, "-u", tmp_path / "urls", "-c", cache]
    run([*newsboat, "-x", "reload"], env)
    assert "3 unread articles" in run([*newsboat, "-x", "print-unread"], env)
    with contextlib.closing(sqlite3.connect(cache)) as database:
        columns = "guid, title, enclosure_url, enclosure_type"
        rows = database.execute(f"SELECT {columns} FROM rss_item ORDER BY pubDate DESC")
        assert rows.fetchall() == [
            (item.guid, item.title, item.enclosure.url, "audio/mpeg") for item in site.items
        ]
    queue = tmp_path / ".newsboat" / "queue"
    assert [line.split()[0] for line in queue.read_text().splitlines()] == [
        item.enclosure.url for item in site.items
    ]

    def done() -> bool:
        sizes = sorted(path.stat().st_size for path in library.rglob("*.mp3"))
        return sizes == sorted(item.enclosure.n_bytes for item in site.items)

    on_a_terminal([need("podboat"), "-C", config, "-q", queue, "-a"], env, done, end=b"q")
    assert_all_there(site, library)


def on_a_terminal(
    command: list[str | Path], env: Mapping[str, str], done: Callable[[], bool], *, end: bytes
) -> None:
    """Run a program that wants a terminal, until `done`; then type `end` and let it go."""
    ours, its = pty.openpty()
    fcntl.ioctl(its, termios.TIOCSWINSZ, struct.pack("HHHH", 40, 120, 0, 0))
    process = subprocess.Popen(
        command, env=env, stdin=its, stdout=its, stderr=its, start_new_session=True
    )
    os.close(its)
    deadline = time.monotonic() + PATIENCE_S
    try:
        while not done() and process.poll() is None and time.monotonic() < deadline:
            _read(ours)
        os.write(ours, end)
        while process.poll() is None and time.monotonic() < deadline:
            _read(ours)
    finally:
        process.kill()
        process.wait(10)
        os.close(ours)
    assert done()


def _read(terminal: int) -> None:
    """Take what is written, so that the program need not wait."""
    if select.select([terminal], [], [], 0.05)[0]:
        with contextlib.suppress(OSError):  # the program has gone
            os.read(terminal, 65_536)
