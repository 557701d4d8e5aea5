"""Speech: a script's paragraphs become lines, and lines become takes.

In: an edited script and the show's cast. Out: for each sentence a `Take`, clean 16-bit speech.
Promises that a sentence voiced once is never voiced again, and that takes depend on nothing but
engine, voice, speed and text: not on order, jobs, or what was said before.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sayso.speech.cluster import ClusterWorkers
    from sayso.speech.engines import (
        Engine,
        EngineVoice,
        Speech,
        engine_class,
        find_engines,
        load_engine,
        resolve,
    )
    from sayso.speech.takes import Take, TakeStore
    from sayso.speech.voicing import line_key, missing, voice_lines
    from sayso.speech.workers import LocalWorkers

_HOME = {
    "ClusterWorkers": "cluster",
    "Engine": "engines",
    "EngineVoice": "engines",
    "LocalWorkers": "workers",
    "Speech": "engines",
    "Take": "takes",
    "TakeStore": "takes",
    "engine_class": "engines",
    "find_engines": "engines",
    "line_key": "voicing",
    "load_engine": "engines",
    "missing": "voicing",
    "resolve": "engines",
    "voice_lines": "voicing",
}

__all__ = [
    "ClusterWorkers",
    "Engine",
    "EngineVoice",
    "LocalWorkers",
    "Speech",
    "Take",
    "TakeStore",
    "engine_class",
    "find_engines",
    "line_key",
    "load_engine",
    "missing",
    "resolve",
    "voice_lines",
]


def __getattr__(name: str) -> Any:
    """Import on first use: takes need numpy, and most commands need no take."""
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(importlib.import_module(f"{__name__}.{_HOME[name]}"), name)
