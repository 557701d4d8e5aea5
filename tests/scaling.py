"""How the time of a function grows with the size of its input."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TypeVar

Input = TypeVar("Input")


def growth(function: Callable[[Input], object], small: Input, big: Input) -> float:
    """How many times as long `function` takes for `big`, in CPU time, the best of three runs."""

    def best(value: Input) -> float:
        taken = []
        for _ in range(3):
            start = time.process_time()
            function(value)
            taken.append(time.process_time() - start)
        return min(taken)

    return best(big) / max(best(small), 1e-3)
