"""Makes the pictures of the README from the sample review: `python docs/screenshots.py`.

Needs the extra `dev`, and a Chromium (`chromium` on the PATH). The pictures are of the real thing:
`sayso build` and `sayso preview` on a copy of the sample show, voiced as this machine does it.
"""

from __future__ import annotations

import io
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, Page, expect, sync_playwright

DOCS = Path(__file__).parent
REVIEW = Path("reviews", "the-long-tide.md")
SHOW = ("reviews", "scripts", "audio", "show.toml", "lexicon.toml")
WIDTH = 1100
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run"]


def main() -> None:
    """Make all pictures."""
    with tempfile.TemporaryDirectory() as name, sync_playwright() as playwright:
        folder = Path(name)
        os.environ["SAYSO_CACHE"] = str(folder / "cache")  # voices all anew, as the report tells
        for part in SHOW:
            whole = DOCS.parent / part
            if whole.is_dir():
                shutil.copytree(whole, folder / part)
            else:
                shutil.copy(whole, folder / part)
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=FLAGS)
        subprocess.run([*sayso("build"), str(REVIEW)], cwd=folder, check=True)
        report(browser, folder)
        with preview(folder) as address:
            studio(browser, address)
        browser.close()


def report(browser: Browser, folder: Path) -> None:
    """The top of the report."""
    page = opened(browser, (folder / "episodes" / REVIEW.stem / "report.html").as_uri(), 720)
    page.evaluate("scrollTo(0, 30)")
    save(page, "report.png")


def studio(browser: Browser, address: str) -> None:
    """A sentence that is heard, and a paragraph that is edited."""
    page = opened(browser, address, 960)
    expect(page.locator("#sound[data-url]:not(.stale)")).to_be_visible(timeout=120_000)
    heard = page.locator(".line", has_text="Coming up")
    seconds = int(heard.get_attribute("data-start") or 0) / 1000 + 1
    page.evaluate(f"document.querySelector('#episode').currentTime = {seconds}")
    expect(heard).to_have_class("line now")
    edited = page.locator(".paragraph", has=page.locator(".line", has_text="Two years after"))
    page.locator(f"#{edited.get_attribute('id')} > .edit").click()
    words = page.get_by_label("Words of the paragraph")
    words.fill(words.input_value().replace("season two", "S02E01 to S02E08"))
    expect(page.locator(".typed")).to_contain_text("episode eight")
    page.evaluate("scrollTo(0, 0)")
    save(page, "studio.png")


def opened(browser: Browser, address: str, height: int) -> Page:
    """A page in the light colours, without movement."""
    page = browser.new_page(
        viewport={"width": WIDTH, "height": height}, color_scheme="light", reduced_motion="reduce"
    )
    page.goto(address)
    return page


def save(page: Page, name: str) -> None:
    """A picture in 256 colours, of which these pages have fewer: a third of the bytes."""
    picture = Image.open(io.BytesIO(page.screenshot()))
    picture.convert("RGB").quantize(256).save(DOCS / name, optimize=True)


@contextmanager
def preview(folder: Path) -> Iterator[str]:
    """`sayso preview`, until the end of the block; its address."""
    command = [*sayso("preview"), str(REVIEW), "--no-browser"]
    with subprocess.Popen(command, cwd=folder, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout is not None
        try:
            yield server.stdout.readline().strip()
        finally:
            server.terminate()


def sayso(command: str) -> list[str]:
    """A command of this environment's sayso."""
    return [sys.executable, "-m", "sayso", command]


if __name__ == "__main__":
    main()
