"""A review on standard input: kept as a file, and made into an episode from there."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Sayso = Callable[..., Any]
PLAIN = (
    b"The harbour lights are out again.\n\n"
    b"The cast is small and superb. Ada Brill plays the pilot.\n\n"
    b"Overall, it is worth every minute. I give it 4/5.\n"
)


@pytest.fixture
def type_in(monkeypatch: pytest.MonkeyPatch) -> Callable[[bytes], None]:
    def call(data: bytes) -> None:
        monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(data), "utf-8"))

    return call


@pytest.fixture
def show(here: Path) -> Path:
    (here / "show.toml").write_text('title = "Here"\n', "utf-8")
    return here


@pytest.mark.parametrize("command", ["script", "build"])
def test_a_name_is_needed_and_only_there(command: str, here: Path, sayso: Sayso) -> None:
    without = sayso(command, "-")
    assert without.code == 2
    assert "needs a name: add --name NAME" in without.err
    besides = sayso(command, "pier.md", "--name", "x")
    assert besides.code == 2
    assert "--name goes with" in besides.err


@pytest.mark.parametrize(
    ("data", "suffix"),
    [
        (PLAIN, ".txt"),
        (b"---\ntitle: The Pier\n---\n\n" + PLAIN, ".md"),
        (b"# The Pier\n\n" + PLAIN, ".md"),
        (b"<!doctype html><h1>The Pier</h1><p>" + PLAIN.replace(b"\n\n", b"<p>"), ".html"),
    ],
)
def test_it_is_kept_in_reviews(
    data: bytes, suffix: str, show: Path, sayso: Sayso, type_in: Callable[[bytes], None]
) -> None:
    type_in(data)
    result = sayso("script", "-", "--name", "The Pier!")
    assert (result.code, result.out) == (0, f"{Path('episodes/the-pier/script.md')}\n")
    assert (show / f"reviews/the-pier{suffix}").read_bytes() == data
    assert f"sayso build {Path('reviews/the-pier')}{suffix}" in result.err
    type_in(data)  # the same again is the same episode
    assert sayso("script", "-", "--name", "the-pier").code == 0
    assert len(list((show / "reviews").iterdir())) == 1


def test_a_different_review_is_never_overwritten(
    show: Path, sayso: Sayso, type_in: Callable[[bytes], None]
) -> None:
    (show / "reviews").mkdir()
    (show / "reviews/the-pier.md").write_text("# Mine\n\nIt is mine.\n")
    type_in(PLAIN)
    result = sayso("build", "-", "--name", "the-pier")
    assert result.code == 1
    assert "a different review of this name is there already" in result.err
    assert [p.name for p in (show / "reviews").iterdir()] == ["the-pier.md"]


@pytest.mark.parametrize(
    ("data", "problem"),
    [
        (b"", "is empty"),
        (b"%PDF-1.7 ...", "is a PDF"),
        ("A ferry comes back.".encode("utf-16"), "UTF-16"),
        (b"a " * 1_100_000, "is too large"),
        (b"---\ntitle: [\n", "never closed"),
    ],
)
def test_what_is_no_review_is_not_kept(
    data: bytes, problem: str, show: Path, sayso: Sayso, type_in: Callable[[bytes], None]
) -> None:
    type_in(data)
    result = sayso("script", "-", "--name", "x")
    assert result.code == 1
    assert "error: standard input" in result.err
    assert problem in result.err
    assert not (show / "reviews").exists()


def test_without_a_show_it_is_kept_here_and_built(
    here: Path, sayso: Sayso, type_in: Callable[[bytes], None]
) -> None:
    type_in(PLAIN)
    result = sayso("build", "-", "--name", "quay", "--draft", "--json")
    (episode,) = json.loads(result.out)["episodes"]
    assert (result.code, episode["review"]) == (0, str(here / "quay.txt"))
    assert (here / "episodes/quay/draft/episode.mp3").is_file()
