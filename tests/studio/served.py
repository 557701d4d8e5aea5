"""A show of its own for each test, and `sayso preview` on it, in a process of its own."""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import Path

import numpy as np
import soundfile
from browsing import Locator, Page, expect
from servers.starting import answers, forked, free_port
from tools import need_package

from sayso.cli import run

REVIEW = """\
---
title: "The Pier, Season 2"
subject: The Pier
author: Ada Quill
kind: tv
rating: 8/10
---

The harbour lights are out again. That is how the second season begins, and it rarely looks back.

The story follows a ferry pilot who hears her dead brother on the radio. It cost $3 million.

The cast is small and superb. Imke Vreel plays the pilot as a woman who has stopped asking.

The dialogue is dry and quick, and nobody explains the jokes.

Overall, it is worth every minute. I give it 8/10.
"""

SHOW = """\
title = "Dead Air"

[voices.host]
engine = "tone"

[voices.critic]
engine = "tone"
voice = "low"

[sounds.intro]
file = "audio/intro.wav"

[sounds.transition]
file = "audio/intro.wav"
"""

TEMPLATE = """\
{% extends "base.md.j2" %}

{% block greeting %}
This is {{ show.title }}, on {{ review.subject }}.
{% endblock %}
"""


class Studio:
    """A show in a folder, its preview, and what a person sees of them."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.review = folder / "reviews" / "the-pier.md"
        self.script = folder / "episodes" / "the-pier" / "script.md"
        self.template = folder / "scripts" / "tv.md.j2"
        self.lexicon = folder / "lexicon.toml"
        self.port = free_port()
        self.root = f"http://127.0.0.1:{self.port}/"
        self.url = f"{self.root}the-pier/"
        self._running = ExitStack()
        for path, text in (
            (self.review, REVIEW),
            (folder / "show.toml", SHOW),
            (self.template, TEMPLATE),
            (self.lexicon, "[words]\n"),
        ):
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, "utf-8")
        (folder / "audio").mkdir()
        sting = np.sin(np.arange(8_000) / 20).astype(np.float32) * 0.2
        soundfile.write(folder / "audio" / "intro.wav", sting, 8_000)

    def start(self) -> None:
        """Start the preview, and wait until it answers."""
        need_package("sayso.studio.serving")  # here, not in every process that is forked
        arguments = ["preview", str(self.review), "--no-browser", "--port", str(self.port), "-j1"]
        log = self.folder / "preview.log"
        self._running.enter_context(
            forked(lambda: run(arguments), log, ready=lambda: answers(self.port))
        )

    def stop(self) -> None:
        """End the preview."""
        self._running.close()


def sentence(tab: Page, words: str) -> Locator:
    """The sentence that holds `words`."""
    return tab.locator(".line", has_text=words)


def paragraph(tab: Page, words: str) -> Locator:
    """The paragraph that holds `words`."""
    return tab.locator(".paragraph[data-item]", has=sentence(tab, words))


def edit(tab: Page, words: str, new: str) -> Locator:
    """Open the paragraph that holds `words`, and put `new` in their place; its editor."""
    box = paragraph(tab, words)
    tab.locator(f"#{box.get_attribute('id')} > .edit").click()
    field = tab.get_by_label("Words of the paragraph")
    field.fill(field.input_value().replace(words, new))
    return field


def takes(tab: Page) -> dict[str, str]:
    """The key of each sentence's take, by the sentence."""
    found: dict[str, str] = tab.evaluate(
        "Object.fromEntries([...document.querySelectorAll('.line')]"
        ".map(line => [line.textContent, line.dataset.take]))"
    )
    return found


def heard(tab: Page) -> str:
    """The key of the take that is played, or was last."""
    source: str = tab.evaluate("document.querySelector('#take').src")
    return source.rpartition("/")[2].removesuffix(".wav")


def expect_sound(tab: Page) -> None:
    """Wait until everything is voiced and the sound is of what is shown."""
    expect(tab.locator(".line:not([data-voiced])")).to_have_count(0, timeout=30_000)
    expect(tab.locator("#sound[data-url]:not(.stale)")).to_have_count(1, timeout=30_000)
