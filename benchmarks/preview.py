"""How long after an edit in the studio its new sound can be played, in a ten-minute episode.

    python benchmarks/preview.py [--engine hibari] [--edits 15] [--minutes 10]

Starts `sayso preview`, changes a sentence at a time as the page does, and waits for the new take of
that sentence, and for the whole episode with it. Prints medians and worst cases.
"""

from __future__ import annotations

import argparse
import re
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import httpx
from episodes import write_review

from sayso.studio.episode_text import digest

_WAIT_S = 0.01


class Page:
    """What the page would do."""

    def __init__(self, address: str, script: Path) -> None:
        self.client = httpx.Client(base_url=address, timeout=60)
        found = re.search(r'name="sayso-token" content="([^"]+)"', self.client.get("").text)
        assert found is not None
        self.token = found[1]
        self.script = script

    def state(self) -> str:
        return self.client.get("state").text

    def wait_for_sound(self, other_than: str = "") -> str:
        while True:
            state = self.state()
            url = re.search(r'data-url="([^"]+)"', state)
            if url and url[1] != other_than and "sound stale" not in state:
                return url[1]
            time.sleep(_WAIT_S)

    def edit(self, item: int, words: str) -> tuple[float, float]:
        """Seconds from the edit until its sentence, and until the whole can be played."""
        state = self.state()
        sound = re.search(r'data-url="([^"]+)"', state)
        assert sound is not None
        known = set(re.findall(r'data-take="(\w+)" data-voiced', state))
        start = time.monotonic()
        self.client.post(
            "words",
            data={"item": item, "words": words, "seen": digest(self.script.read_text("utf-8"))},
            headers={"x-sayso-token": self.token},
        ).raise_for_status()
        while True:
            new = set(re.findall(r'data-take="(\w+)" data-voiced', self.state())) - known
            if new:
                break
            time.sleep(_WAIT_S)
        self.client.get(f"takes/{new.pop()}.wav").raise_for_status()
        take_s = time.monotonic() - start
        whole = self.wait_for_sound(sound[1])
        self.client.get(whole, headers={"range": "bytes=0-65535"}).raise_for_status()
        return take_s, time.monotonic() - start


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=_Raw)
    parser.add_argument("--engine", default="hibari")
    parser.add_argument("--edits", type=int, default=15)
    parser.add_argument("--minutes", type=float, default=10)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        review = Path(folder) / "long.md"
        write_review(review, round(asked.minutes * 2))
        command = [sys.executable, "-m", "sayso", "preview", "--no-browser"]
        with subprocess.Popen(
            [*command, "--engine", asked.engine, str(review)], stdout=subprocess.PIPE
        ) as process:
            try:
                assert process.stdout is not None
                address = process.stdout.readline().decode().strip()
                page = Page(address, Path(folder) / "episodes" / "long" / "script.md")
                page.wait_for_sound()
                times = [_one(page, number) for number in range(asked.edits + 1)][1:]
            finally:
                process.send_signal(signal.SIGINT)
                process.wait()
    for what, seconds in zip(
        ("its sentence", "the episode"), zip(*times, strict=True), strict=True
    ):
        print(
            f"from an edit to {what}: median {statistics.median(seconds):.2f} s, "
            f"longest {max(seconds):.2f} s, of {len(seconds)} ({asked.engine})"
        )


def _one(page: Page, number: int) -> tuple[float, float]:
    """Change one paragraph after another."""
    from sayso.model import Paragraph
    from sayso.script import parse_script

    items = parse_script(page.script.read_text("utf-8")).items
    paragraphs = [n for n, item in enumerate(items) if isinstance(item, Paragraph) and item.origin]
    at = paragraphs[number * 7 % len(paragraphs)]
    item = items[at]
    assert isinstance(item, Paragraph)
    first, _, rest = item.text.partition(". ")
    return page.edit(at, f"{first}, as edit number {number} of this hour has it. {rest}".strip())


class _Raw(argparse.RawDescriptionHelpFormatter):
    pass


if __name__ == "__main__":
    main()
