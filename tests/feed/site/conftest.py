"""A real browser and a site with a real episode, for the tests of pages."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from feed.site.pages import Site, write_site
from feed.site.serving import Served, serve
from finished_episode import build
from playwright.sync_api import Browser, Page, sync_playwright
from tools import need

FLAGS = (
    *("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
)
"""As root, and asking nobody on the network of its own accord."""


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Debian's Chromium, with a profile of its own."""
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=need("chromium"), args=FLAGS)
        yield chromium
        chromium.close()


@pytest.fixture(scope="session")
def episode(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a built episode of 25 s."""
    return build(tmp_path_factory.mktemp("show")).script_path.parent


@pytest.fixture(scope="session")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, Served]]:
    """An empty folder and its server."""
    folder = tmp_path_factory.mktemp("public")
    with serve(folder) as server:
        yield folder, server


@pytest.fixture(scope="session")
def site(served: tuple[Path, Served], episode: Path) -> Site:
    folder, server = served
    return write_site(episode, folder / "pod", server.root + "pod/")


class Visit:
    """Opens pages, and remembers whatever went wrong in them and whom they asked."""

    def __init__(self, browser: Browser, stack: ExitStack) -> None:
        self.browser, self.stack = browser, stack
        self.complaints: list[str] = []
        self.asked: list[str] = []

    def __call__(self, url: str, **options: Any) -> Page:
        context = self.browser.new_context(**options)
        self.stack.callback(context.close)
        context.on("request", lambda request: self.asked.append(request.url))
        context.on("response", self._response)
        context.on("weberror", lambda error: self.complaints.append(str(error.error)))
        context.on("console", self._console)
        tab = context.new_page()
        tab.set_default_timeout(15_000)
        tab.goto(url)
        return tab

    def _response(self, response: Any) -> None:
        if response.status >= 400:
            self.complaints.append(f"{response.status} {response.url}")

    def _console(self, message: Any) -> None:
        if message.type in ("error", "warning"):
            self.complaints.append(message.text)


@pytest.fixture
def visit(browser: Browser, served: tuple[Path, Served]) -> Iterator[Visit]:
    """Open pages; afterwards nothing may have gone wrong, and nobody else been asked."""
    with ExitStack() as stack:
        opened = Visit(browser, stack)
        yield opened
        assert opened.complaints == []
        assert [url for url in opened.asked if not url.startswith(served[1].root)] == []


Opened = Callable[..., Page]
