from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from sayso.cli import run

REVIEW = """\
The harbour lights are out again. That is how the second season of The Pier begins, and it
rarely looks back.

The story follows a ferry pilot who hears her dead brother on the radio. It cost $3 million.

The cast is small and superb. Ada Brill plays the pilot as a woman who has stopped asking.

Overall, it is worth every minute. I give it 4/5.
"""


@dataclass
class Result:
    code: int
    out: str
    err: str


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder to work in, with one review."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "pier.md").write_text(REVIEW, "utf-8")
    return tmp_path


@pytest.fixture
def sayso(capsys: pytest.CaptureFixture[str]) -> Callable[..., Result]:
    """Run a command; its exit code and what it printed. No traceback is ever right."""

    def call(*arguments: str) -> Result:
        capsys.readouterr()
        code = run(arguments)
        out, err = capsys.readouterr()
        assert "Traceback" not in out + err
        return Result(code, out, err)

    return call
