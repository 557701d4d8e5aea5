"""Real reviews kept beside the repository, never in it: third-party text.

Tests that use them skip where the folder is absent.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest

SHARED = Path(os.environ.get("SAYSO_SHARED", Path(__file__).parents[2] / "shared"))


def seed_review() -> Path:
    """A real television review of eleven paragraphs, most without a blank line between."""
    files = sorted((SHARED / "seed").glob("*.txt"))
    if not files:
        pytest.skip("no shared folder")
    return files[0]


def eval_reviews() -> list[Path]:
    """The labelled reviews of all kinds."""
    files = sorted((SHARED / "lab" / "segments" / "eval").glob("*.txt"))
    if not files:
        pytest.skip("no shared folder")
    return files
