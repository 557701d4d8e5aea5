"""Every reader takes any bytes: a SaysoError at the worst, in a second and in bounded memory.

A quick look at each target, and all inputs that once did harm. `make fuzz` takes a million.
"""

from __future__ import annotations

import os
import random
from pathlib import Path

import pytest
from fuzz.guard import run_one
from fuzz.mutating import Mutator
from fuzz.seeds import SEEDS, words_of
from fuzz.targets import TARGETS
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

CASES = Path(__file__).parent / "cases"
N_INPUTS = 20


def check(name: str, data: bytes) -> None:
    ran = run_one(TARGETS[name], data)
    assert ran.fault is None, f"{name}: {ran.fault}, by {data[:200]!r}\n{ran.details}"


def cases() -> list[str]:
    return sorted(str(path.relative_to(CASES)) for path in CASES.glob("*/*"))


@pytest.mark.parametrize("case", cases())
def test_what_once_did_harm_does_none_now(case: str) -> None:
    check(case.partition(os.sep)[0], (CASES / case).read_bytes())


@pytest.mark.parametrize("name", TARGETS)
def test_inputs_that_were_changed_at_random(name: str) -> None:
    mutator = Mutator(SEEDS[name](), words_of(name), TARGETS[name].max_bytes)
    chance = random.Random(1 if os.environ.get("CI") else None)
    for _ in range(N_INPUTS):
        check(name, mutator.new(chance))


@pytest.mark.parametrize("name", TARGETS)
def test_inputs_put_together_from_the_words_of_the_format(name: str) -> None:
    lines = [line for seed in SEEDS[name]()[:5] for line in seed[:4_000].splitlines(keepends=True)]
    pieces = st.sampled_from(words_of(name)) | st.sampled_from(lines) | st.binary(max_size=8)

    @settings(max_examples=N_INPUTS // 2, suppress_health_check=list(HealthCheck))
    @given(st.lists(pieces, max_size=20).map(b"".join))
    def run(data: bytes) -> None:
        check(name, data[: TARGETS[name].max_bytes])

    run()
