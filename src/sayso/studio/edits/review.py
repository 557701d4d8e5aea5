"""Where a review's paragraph goes: `segments` in its front matter."""

from __future__ import annotations

from pathlib import Path


def put_in_segment(text: str, block: str, segment: str | None, *, source: Path) -> str:
    """Have the front matter put `block` (`p7`, as `read_review` counts) into `segment`.

    None takes what the front matter says of it away. `source` tells the format, by its suffix.
    """
    raise NotImplementedError
