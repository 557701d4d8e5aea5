"""What the rooms hand to one another: frozen, typed, with units in the names.

Imports nothing of ours. Text is `str`; samples are counted per channel; times in a `Timeline` are
integer samples at the episode's rate, and everything that shows a time is computed from them.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sayso.model.categories import *
    from sayso.model.feed import *
    from sayso.model.review import *
    from sayso.model.script import *
    from sayso.model.show import *
    from sayso.model.timeline import *

_MODULES = ("timeline", "show", "script", "review", "feed", "categories")


def __getattr__(name: str) -> Any:
    """Import on first use: to make a class like these takes Python longer than to read it, and a
    process that speaks needs a few of them, which stand in the first modules."""
    for home in _MODULES if not name.startswith("_") else ():
        module = importlib.import_module(f"{__name__}.{home}")
        if hasattr(module, name):
            value = globals()[name] = getattr(module, name)
            return value
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
