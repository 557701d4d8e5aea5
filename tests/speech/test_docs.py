"""docs/engines.md: its example is an engine that keeps every promise, and its facts hold."""

from __future__ import annotations

import re

from docs.fences import blocks, read
from speech.plugins import Install

from sayso.model import Line, Voice
from sayso.speech import TakeStore, engine_class, find_engines, load_engine, resolve, voice_lines
from sayso.speech.conformance import check_engine

PAGE = read("docs/engines.md")


def test_the_example_is_an_engine_that_keeps_every_promise(
    install: Install, store: TakeStore
) -> None:
    engine, test = (block.text for block in blocks("docs/engines.md", "python"))
    install("beep", "beep_for_sayso_docs", f"{engine}\nPlugin = BeepEngine\n")
    assert check_engine(load_engine("beep")) == []
    voice = resolve(Voice("host", engine="beep"))
    (take,) = voice_lines([Line("Good evening.", "Good evening.", voice, 0)], store)
    assert take.sample_rate == 16_000
    assert all(mark.estimated for mark in take.words)
    assert len([line for line in engine.splitlines() if line.strip()]) <= 30
    names: dict[str, object] = {}
    exec(engine + test, names)
    names["test_my_engine"]()  # type: ignore[operator]


def test_every_engine_is_in_the_table() -> None:
    for name in find_engines():
        assert f"| `{name}` |" in PAGE
        assert engine_class(name).about


def test_the_ranks_it_tells_are_right() -> None:
    told = re.findall(r"(\w+) has (\d+), (\w+) (\d+)", PAGE)[0]
    assert [engine_class(told[0]).rank, engine_class(told[2]).rank] == [int(told[1]), int(told[3])]
