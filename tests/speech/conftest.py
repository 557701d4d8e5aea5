from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from speech.plugins import Install, installing

from sayso.model import Line, Voice
from sayso.speech.takes import TakeStore

SENTENCES = (
    "The second season opens on an empty street.",
    "Nobody answers.",
    "It takes its time, and that is its strength.",
    "The score, by contrast, never rests for a moment.",
    "Two hours later I was still thinking about the last shot.",
    "Watch it late, with the lights off.",
)


@pytest.fixture
def store(tmp_path: Path) -> TakeStore:
    return TakeStore(tmp_path / "takes")


@pytest.fixture
def lines() -> Callable[..., list[Line]]:
    def make(engine: str, voice: str, texts: tuple[str, ...] = SENTENCES) -> list[Line]:
        cast = Voice("host", engine=engine, voice=voice)
        return [Line(text, text, cast, item) for item, text in enumerate(texts)]

    return make


@pytest.fixture
def install(
    tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Install]:
    """Install an engine of a test's own."""
    with installing(tmp_path_factory.mktemp("plugins"), monkeypatch) as install:
        yield install
