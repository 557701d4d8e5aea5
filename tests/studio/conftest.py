"""`sayso preview` on a show of its own, and a browser that looks at it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from browsing import Browser, Page, Visit
from studio.served import Studio


@pytest.fixture
def studio(tmp_path: Path) -> Iterator[Studio]:
    """A preview that runs."""
    served = Studio(tmp_path)
    served.start()
    yield served
    served.stop()


@pytest.fixture
def visit(browser: Browser, studio: Studio) -> Iterator[Visit]:
    """Open pages; afterwards nothing may have gone wrong, and nobody else been asked."""
    with ExitStack() as stack:
        opened = Visit(browser, stack)
        yield opened
        assert "\n".join(opened.complaints) == ""
        assert [url for url in opened.asked if not url.startswith((studio.root, "data:"))] == []


@pytest.fixture
def tab(visit: Visit, studio: Studio) -> Page:
    """The page of the review."""
    return visit(studio.url, viewport={"width": 1280, "height": 900}, reduced_motion="reduce")
