"""What the studio's page would send to its server, and what it would be shown."""

from __future__ import annotations

import re
import time
from collections.abc import Callable

from studio.served import Studio
from tools import need_package

from sayso.script import parse_script

httpx = need_package("httpx")


class Asking:
    """A client of a studio that runs, with the page's token."""

    def __init__(self, studio: Studio) -> None:
        self.studio = studio
        self.client = httpx.Client(base_url=studio.url, timeout=30)
        page = self.client.get("")
        assert page.status_code == 200, page.text
        found = re.search(r'name="sayso-token" content="([^"]+)"', page.text)
        assert found
        self.token = found[1]

    def state(self) -> str:
        return self.client.get("state").text

    def seen(self) -> str:
        found = re.search(r'data-seen="(\w+)"', self.state())
        assert found
        return found[1]

    def post(self, asked: str, /, **fields: object) -> httpx.Response:
        """What the page sends; `seen` is the state now where it is not given."""
        fields.setdefault("seen", self.seen())
        return self.client.post(
            asked,
            data={key: str(value) for key, value in fields.items()},
            headers={"x-sayso-token": self.token},
        )

    def wait(self, holds: Callable[[str], object], limit_s: float = 30.0) -> str:
        """Wait until the state is so; the state."""
        end = time.monotonic() + limit_s
        while time.monotonic() < end:
            state = self.state()
            if holds(state):
                return state
            time.sleep(0.05)
        shown = re.sub(r"<svg.*?</svg>|<option.*?</option>", "", state, flags=re.DOTALL)
        raise AssertionError(f"it never was so:\n{shown[:6000]}")

    def wait_for_sound(self, other_than: str = "") -> str:
        """Wait for the sound of the script as it is; its address."""

        def there(state: str) -> bool:
            return sound(state) not in ("", other_than) and "sound stale" not in state

        return sound(self.wait(there))

    def item(self, words: str) -> int:
        """The number of the script's item that holds some words."""
        items = parse_script(self.studio.script.read_text("utf-8")).items
        return next(n for n, item in enumerate(items) if words in item.source)


def sound(state: str) -> str:
    """The address of the sound of a state."""
    found = re.search(r'data-url="([^"]+)"', state)
    return found[1] if found else ""


def takes(state: str) -> set[str]:
    """The keys of all takes of a state."""
    return set(re.findall(r'data-take="(\w+)"', state))
