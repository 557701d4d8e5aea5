"""sayso turns a written review into a finished podcast episode, offline.

from sayso import Show

Show.open("my-show").build("reviews/the-long-tide.md")
"""

from __future__ import annotations

from sayso._version import __version__

TYPE_CHECKING = False  # that of `typing`, whose import would be half the start of the program
if TYPE_CHECKING:
    from typing import Any

    from sayso.api import Episode, Show
    from sayso.build.options import Options
    from sayso.build.result import BuildFailure, BuildPlan, BuildResult
    from sayso.errors import ErrorGroup, SaysoError
    from sayso.model import Timeline
    from sayso.publish.api import Published
    from sayso.reporter import Reporter

_HOME = {
    "BuildFailure": "sayso.build.result",
    "BuildPlan": "sayso.build.result",
    "BuildResult": "sayso.build.result",
    "Episode": "sayso.api",
    "ErrorGroup": "sayso.errors",
    "Options": "sayso.build.options",
    "Published": "sayso.publish.api",
    "Reporter": "sayso.reporter",
    "SaysoError": "sayso.errors",
    "Show": "sayso.api",
    "Timeline": "sayso.model",
}
"""What a program imports from here, and where it is; read on first use, as the command line must
start in an instant."""

__all__ = ["__version__", *_HOME]


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"module 'sayso' has no attribute {name!r}")
    import importlib

    return getattr(importlib.import_module(_HOME[name]), name)
