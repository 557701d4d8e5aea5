"""A site with a real episode, for the tests of pages."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from browsing import Browser, Page, Visit
from finished_episode import build
from site_pages import Site, write_site
from site_serving import Served, serve


@pytest.fixture(scope="session")
def episode(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a built episode of 25 s."""
    return build(tmp_path_factory.mktemp("show")).folder


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


@pytest.fixture
def visit(browser: Browser, served: tuple[Path, Served]) -> Iterator[Visit]:
    """Open pages; afterwards nothing may have gone wrong, and nobody else been asked."""
    with ExitStack() as stack:
        opened = Visit(browser, stack)
        yield opened
        assert opened.complaints == []
        assert [url for url in opened.asked if not url.startswith(served[1].root)] == []


Opened = Callable[..., Page]
