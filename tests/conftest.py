"""What all tests share: a cache of their own, a browser, a limit of time, and what was skipped."""

from __future__ import annotations

import os
import signal
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, settings
from tools import INSTANTS, SOAK, need, need_package, only_what_was_asked_for

if TYPE_CHECKING:
    from playwright.sync_api import Browser

# A shell that starts the tests in the background has them ignore Ctrl-C, and so would every program
# that they start and interrupt.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)

# In CI the same examples every time, so that a red run is the change's doing; at home new ones. A
# shared machine may be slow at any moment: no test is judged by the clock.
settings.register_profile("ci", derandomize=True, deadline=None)
settings.register_profile("home", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("ci" if os.environ.get("CI") == "true" else "home")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Give the long runs an hour each."""
    if SOAK or INSTANTS > 1:
        for item in items:
            item.add_marker(pytest.mark.timeout(3_600))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """What was skipped, by reason, on one line."""
    skipped = terminalreporter.stats.get("skipped", ())
    reasons = Counter(each.longrepr[2].removeprefix("Skipped: ") for each in skipped)
    told = "; ".join(f"{n}: {reason}" for reason, n in reasons.most_common())
    if told:
        terminalreporter.write_line(f"skipped {told}")


@pytest.fixture(scope="session", autouse=True)
def own_cache(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Keep tests out of the user's cache; takes are shared between the tests of a session."""
    folder = tmp_path_factory.mktemp("cache")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SAYSO_CACHE", str(folder))
        yield folder


@pytest.fixture(scope="session", autouse=True)
def asked_for() -> Iterator[None]:
    """Whatever outside program a test starts, it has asked for."""
    with only_what_was_asked_for():
        yield


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Debian's Chromium, with a profile of its own: one for all tests, which are the group `browser`."""
    from browsing import FLAGS

    program = need("chromium")
    with need_package("playwright.sync_api").sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=program, args=FLAGS)
        yield chromium
        chromium.close()
