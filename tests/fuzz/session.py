"""Fuzzes one target in a process of its own, led by coverage where atheris is installed.

What is found is kept on disk at once, so that a process which is killed takes nothing along.
"""

from __future__ import annotations

import contextlib
import io
import json
import os
import random
import sys
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from pathlib import Path


def instrumented() -> bool:
    """Import what is fuzzed, under atheris where that is installed; whether it is."""
    try:
        import atheris
    except ImportError:
        import fuzz.targets

        return False
    with atheris.instrument_imports(include=["sayso"]), contextlib.redirect_stderr(io.StringIO()):
        import fuzz.targets  # noqa: F401
    return True


@dataclass
class Tally:
    """What has come of a target's inputs so far."""

    target: str
    led_by: str
    inputs: int = 0
    refused: int = 0
    seconds: float = 0.0
    """Of processor time, instruments and the making of inputs included."""
    worst_s: float = 0.0
    peak_mib: float = 0.0
    crashes: dict[str, int] = field(default_factory=dict)
    """How often each fault was met."""

    def write(self, folder: Path) -> None:
        """Write it, whole or not at all."""
        path = folder / f"{self.target}.json"
        path.with_suffix(".new").write_text(json.dumps(asdict(self), indent=1) + "\n")
        path.with_suffix(".new").replace(path)


def fuzz_target(name: str, n_inputs: int, seed: int, folder: Path) -> None:
    """Run so many inputs; the tally and the inputs with faults go to `folder`. Ends the process."""
    led = instrumented()
    from fuzz.guard import name_of, peak_mib, run_one, shrunk
    from fuzz.mutating import Mutator
    from fuzz.seeds import SEEDS, words_of
    from fuzz.targets import TARGETS

    target = TARGETS[name]
    mutator = Mutator(SEEDS[name](), words_of(name), target.max_bytes)
    tally = Tally(name, "coverage" if led else "chance")
    found = folder / name
    found.mkdir(parents=True, exist_ok=True)
    worst = found / "worst"

    def finish() -> None:
        tally.seconds, tally.peak_mib = round(time.process_time(), 1), round(peak_mib(), 1)
        tally.write(folder)

    def run(data: bytes) -> None:
        ran = run_one(target, data)
        tally.inputs += 1
        tally.refused += ran.refused
        if ran.seconds > tally.worst_s:
            tally.worst_s = round(ran.seconds, 4)
            worst.write_bytes(data)
        if ran.fault is not None:
            first = ran.fault not in tally.crashes
            tally.crashes[ran.fault] = tally.crashes.get(ran.fault, 0) + 1
            if first:
                small = data if ran.seconds > 0.5 else shrunk(target, data, ran.fault)
                (found / f"crash-{name_of(small)}").write_bytes(small)
                (found / f"crash-{name_of(small)}.txt").write_text(f"{ran.fault}\n\n{ran.details}")
        if tally.inputs % 1000 == 0:
            finish()
        if tally.inputs >= n_inputs:
            finish()
            os._exit(0)  # libFuzzer would go on, and has no other way to end

    if led:
        _by_coverage(mutator, run, seed, target.max_bytes, found / "corpus")
    chance = random.Random(seed)
    for data in mutator.seeds():
        run(data)
    while True:
        run(mutator.new(chance))


def _by_coverage(
    mutator: object, run: Callable[[bytes], None], seed: int, max_bytes: int, corpus: Path
) -> None:
    import atheris
    from fuzz.guard import name_of
    from fuzz.mutating import Mutator

    assert isinstance(mutator, Mutator)
    corpus.mkdir(exist_ok=True)
    for data in mutator.seeds():
        (corpus / name_of(data)).write_bytes(data)

    def mutate(data: bytes, size: int, number: int) -> bytes:
        chance = random.Random(number)
        if chance.random() < 0.3:
            return bytes(atheris.Mutate(data, size))
        changed = mutator.new(chance) if chance.random() < 0.1 else mutator.change(data, chance)
        return changed[:size]

    options = [f"-seed={seed}", f"-max_len={max_bytes}", "-len_control=0", "-timeout=1000000"]
    options += ["-rss_limit_mb=0", "-verbosity=0", "-print_final_stats=0", "-detect_leaks=0"]
    atheris.Setup([sys.argv[0], *options, str(corpus)], run, custom_mutator=mutate)
    atheris.Fuzz()
