"""Engines that are installed for a test: real packages on the path, with their entry points."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from sayso.speech import engines

Install = Callable[[str, str, str], None]
"""Engine name, module name, code that defines `Plugin`."""


def forget() -> None:
    """Drop what is known of installed engines."""
    for cached in (
        engines.find_engines,
        engines._declared,
        engines._declared_class,
        engines._loaded,
        engines.best_engine,
        engines.resolve,
    ):
        cached.cache_clear()
    engines._REGISTERED.clear()


@contextmanager
def installing(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Install]:
    def install(name: str, module: str, code: str) -> None:
        (folder / f"{module}.py").write_text(code, encoding="utf-8")
        info = folder / f"{module}-1.0.dist-info"
        info.mkdir()
        (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {module}\nVersion: 1.0\n")
        (info / "entry_points.txt").write_text(f"[sayso.engines]\n{name} = {module}:Plugin\n")
        importlib.invalidate_caches()
        forget()

    monkeypatch.syspath_prepend(str(folder))
    yield install
    forget()
