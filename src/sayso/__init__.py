"""sayso turns a written review into a finished podcast episode, offline.

from sayso import Show

Show.open("my-show").build("reviews/the-long-tide.md")
"""

from __future__ import annotations

from sayso._version import __version__

TYPE_CHECKING = False  # that of `typing`, whose import would be half the start of the program
if TYPE_CHECKING:
    from typing import Any

    from sayso.api import BuildResult, Options, Show

__all__ = ["BuildResult", "Options", "Show", "__version__"]


def __getattr__(name: str) -> Any:
    """Import on first use: the command line must start in an instant."""
    if name in ("BuildResult", "Options", "Show"):
        from sayso import api

        return getattr(api, name)
    raise AttributeError(f"module 'sayso' has no attribute {name!r}")
