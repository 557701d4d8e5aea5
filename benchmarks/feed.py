"""How long it takes to publish one episode more, to a folder, when there are thousands.

python benchmarks/feed.py [--episodes 5000]
"""

from __future__ import annotations

import argparse
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from datetime import datetime, timedelta, timezone
from pathlib import Path

from sayso.build.api import build_episode
from sayso.build.options import Options
from sayso.feed.rss import make_feed_guid, update_paged_feed
from sayso.publish.feed_items import channel_of, item_of
from sayso.publish.ledger import FILE_NAME, Entry, Ledger, ledger_text, make_guid
from sayso.publish.media import read_finished
from sayso.show import find_show

SETTINGS = """\
title = "Dead Air"
author = "The sayso authors"

[feed]
url = "https://dead-air.example/show"
category = "TV Reviews"
"""
FIRST = datetime(2010, 1, 1, 6, 0, tzinfo=timezone.utc)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--episodes", type=int, default=5000)
    n_episodes = parser.parse_args().episodes
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        make_show(root, n_episodes)
        new = root / "episodes" / "new"
        new.rename(root / "new")
        publish(root)  # writes the pages of the index
        (root / "new").rename(new)
        times = [publish(root) for _ in range(3)]
        head = (root / "public" / "feed.xml").stat().st_size
    memory_mb = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    print(f"{n_episodes} episodes, one more published to a folder, whole process")
    print(f"  the new one       {times[0]:6.2f} s")
    print(f"  nothing new       {min(times[1:]):6.2f} s")
    print(f"  the feed's first page {head / 1024:6.0f} KiB; peak memory {memory_mb:.0f} MiB")


def make_show(root: Path, n_episodes: int) -> None:
    """A show that has published all its episodes, and has one that is new."""
    (root / "show.toml").write_text(SETTINGS, "utf-8")
    review = root / "reviews" / "new.md"
    review.parent.mkdir()
    shutil.copy(Path(__file__).parents[1] / "reviews" / "the-long-tide.md", review)
    folder = build_episode(review, Options(engine="tone")).folder
    show = find_show(root)
    finished = read_finished(folder)
    guid = make_feed_guid("https://dead-air.example/show/feed.xml")
    channel = channel_of(
        show, guid=guid, image_url="https://dead-air.example/show/media/cover-0123456789ab.jpg"
    )
    entries, items = [], []
    for number in range(n_episodes):
        slug = f"e{number:05}"
        shutil.copytree(folder, root / "episodes" / slug, copy_function=link)
        date = FIRST + timedelta(days=number)
        entry = Entry(slug, make_guid(), date, "published", slug, finished.digest)
        entries.append(entry)
        items.append(item_of(read_finished(root / "episodes" / slug), entry, channel))
    paged = update_paged_feed(None, channel, items, built=FIRST, fetch=no_page)
    public = root / "public"
    public.mkdir()
    for name, data in (("feed.xml", paged.head), *((p.name, p.data) for p in paged.pages)):
        (public / name).write_bytes(data)
    (root / FILE_NAME).write_text(ledger_text(Ledger(guid, None, tuple(entries))), "utf-8")
    # The site's key is not known yet: the first run would write every page.
    subprocess.run([sys.executable, "-c", KEY], cwd=root, check=True)


KEY = """\
from dataclasses import replace
from datetime import datetime, timezone
from pathlib import Path
from sayso.publish.ledger import open_ledger
from sayso.publish.prepare import read_feed_and_ledger
from sayso.publish.states import Begun, Context
from sayso.publish.targets import open_target
from sayso.show import find_show, template_folders
show = find_show(Path.cwd())
context = Context(show, open_target("public", root=show.root), template_folders(show),
    datetime.now(timezone.utc))
found = read_feed_and_ledger(context, Begun())
with open_ledger(show.root) as file:
    file.write(replace(file.ledger, site=found.site_key))
"""


def link(source: str, to: str) -> str:
    """A hard link: thousands of copies of one episode need no room."""
    Path(to).hardlink_to(source)
    return to


def no_page(name: str) -> bytes:
    raise KeyError(name)


def publish(root: Path) -> float:
    start = time.monotonic()
    subprocess.run([sys.executable, "-m", "sayso", "publish", "-q"], cwd=root, check=True)
    return time.monotonic() - start


if __name__ == "__main__":
    main()
