"""What a check found wrong, and how to mend it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Code = Literal[
    "manifest", "missing", "extra", "size", "hash",
    "frames", "info", "decode", "duration", "format",
    "tag", "chapters", "cover", "transcript",
    "loudness", "peak", "clipping", "silence", "voice", "noise",
]  # fmt: skip

BUILD_AGAIN = "build the episode again: what is right is left as it is"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong with an episode."""

    code: Code
    problem: str
    file: str
    """Its name in the episode's folder."""
    hint: str = BUILD_AGAIN
    at_s: float | None = None
    """Where in the sound, in seconds."""
    severity: Literal["error", "warning"] = "error"


def at_most(findings: list[Finding], n: int) -> list[Finding]:
    """The first `n` findings, the last of them telling how many more there are."""
    if len(findings) <= n:
        return findings
    last = findings[n - 1]
    problem = f"{last.problem} (and {len(findings) - n} more)"
    return [
        *findings[: n - 1],
        Finding(last.code, problem, last.file, last.hint, last.at_s, last.severity),
    ]
