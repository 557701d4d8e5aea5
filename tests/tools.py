"""Outside programs and data that some tests need."""

from __future__ import annotations

import os
import shutil

import pytest


def need(program: str, *folders: str) -> str:
    """The path of an outside program; skips without it, but fails in CI, which installs it.

    `folders` are searched after `PATH`, for servers, which not everybody's `PATH` has.
    """
    path = shutil.which(program) or shutil.which(program, path=os.pathsep.join(folders))
    if path is None:
        absent(f"{program} is not installed")
    return path


def absent(reason: str) -> None:
    """Skip for `reason`; in CI, fail: everything that a test needs is installed there."""
    if os.environ.get("CI") == "true":
        pytest.fail(f"{reason}; CI must install it")
    pytest.skip(reason)
