"""docs/engines.md: its facts hold."""

from __future__ import annotations

import re

from docs.fences import read

from sayso.speech.engines import engine_class, find_engines

PAGE = read("docs/engines.md")


def test_every_engine_is_in_the_table() -> None:
    for name in find_engines():
        assert f"| `{name}` |" in PAGE
        assert engine_class(name).about


def test_the_ranks_it_tells_are_right() -> None:
    told = re.findall(r"(\w+) has (\d+), (\w+) (\d+)", PAGE)[0]
    assert [engine_class(told[0]).rank, engine_class(told[2]).rank] == [int(told[1]), int(told[3])]
