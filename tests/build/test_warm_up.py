"""Engines that are made ready while the script is still being written."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest
from tools import need_engine, need_package

from sayso.build.options import Options
from sayso.build.states import Build
from sayso.build.warm_up import warm_speakers
from sayso.show.finding import find_show
from sayso.speech import engines
from sayso.speech.engines import load_engine


def build_of(tmp_path: Path, options: Options, size: int = 100) -> Build:
    source = tmp_path / "review.md"
    source.write_text("Nobody is afraid of it. " * (size // 24), "utf-8")
    return Build(source, find_show(source), options, cache=tmp_path / "cache")


def at_it() -> bool:
    return any(thread.name == "sayso-warming" for thread in threading.enumerate())


def test_processes_start_for_an_engine_that_wants_its_own(tmp_path: Path) -> None:
    build = build_of(tmp_path, Options(engine="pyttsx3", jobs=1))
    with warm_speakers(build) as warm:
        assert warm.executor is not None
    assert build.executor is None


def test_a_short_job_is_for_this_process_which_loads_the_model(tmp_path: Path) -> None:
    need_engine("hibari")
    hibari = need_package("sayso.speech.engines.hibari")
    engines._loaded.cache_clear()
    with warm_speakers(build_of(tmp_path, Options(engine="hibari"))) as warm:
        assert at_it()
        assert warm.executor is None
    assert not at_it()
    engine = load_engine("hibari")
    assert isinstance(engine, hibari.HibariEngine)
    assert list(engine._models) == ["heart"]


@pytest.mark.parametrize(
    ("options", "size"),
    [
        (Options(engine="hibari"), 20_000),  # worker processes will speak it
        (Options(draft=True), 100),
        (Options(engine="nobody"), 100),
    ],
)
def test_nothing_is_loaded_in_vain(tmp_path: Path, options: Options, size: int) -> None:
    with warm_speakers(build_of(tmp_path, options, size)) as warm:
        assert not at_it()
        assert warm.executor is None
