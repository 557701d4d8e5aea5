"""A real browser, for tests of pages; what goes wrong in them; axe-core's rules."""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import Path
from typing import Any

from tools import absent

try:
    from playwright.sync_api import Browser, Locator, Page, expect
except ImportError:  # the fixture `browser` says so
    Browser = Locator = Page = expect = None  # type: ignore[assignment,misc]

FLAGS = (
    *("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
)
"""As root, and asking nobody on the network of its own accord."""
AXE = Path(__file__).parent / "node/node_modules/axe-core/axe.min.js"


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

    def forgive(self, *parts: str) -> None:
        """Forget complaints that hold any of `parts`: what a test means to go wrong."""
        self.complaints = [
            told for told in self.complaints if not any(part in told for part in parts)
        ]

    def _response(self, response: Any) -> None:
        if response.status >= 400:
            self.complaints.append(f"{response.status} {response.url}")

    def _console(self, message: Any) -> None:
        if message.type in ("error", "warning"):
            self.complaints.append(message.text)


COLOURS = ("color-contrast", "link-in-text-block")
"""The rules of axe-core that another colour scheme may break."""


def violations(tab: Page, rules: tuple[str, ...] = ()) -> list[tuple[str, str, str]]:
    """Every rule of axe-core (or of `rules`) that the page breaks: rule, element, what is wrong."""
    if not AXE.is_file():
        absent("no axe-core (npm ci --prefix tests/node)")
    tab.evaluate(
        AXE.read_text("utf-8") + ";0"
    )  # by the debugger, since the policy lets in no other
    options: dict[str, Any] = {"resultTypes": ["violations"]}
    if rules:
        options["runOnly"] = {"type": "rule", "values": list(rules)}
    found: Any = tab.evaluate("options => axe.run(document, options)", options)
    return [
        (rule["id"], node["html"][:200], node["failureSummary"])
        for rule in found["violations"]
        for node in rule["nodes"]
    ]
