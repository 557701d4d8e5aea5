"""A place of its own on each kind of target, for one test to publish to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest

from sayso.publish.targets import FileForm, Target, open_target

FEED = FileForm("application/rss+xml", immutable=False)
MEDIA = FileForm("audio/mpeg", immutable=True)
KINDS = [
    pytest.param("folder"),
    pytest.param("s3", marks=pytest.mark.xdist_group("s3")),
    pytest.param("sftp", marks=pytest.mark.xdist_group("sftp")),
    pytest.param("dav", marks=pytest.mark.xdist_group("dav")),
]
SERVED = KINDS[1:]
LOCKED = [KINDS[0], *KINDS[2:]]


@dataclass(frozen=True)
class Place:
    """Where a test publishes."""

    kind: str
    address: str
    root: Path
    """The show's folder."""
    env: Mapping[str, str]
    """What the server's user has in the environment."""
    port: int | None = None
    """The server's; None for a folder."""
    files: Path | None = None
    """The target's folder as this machine sees it; None for S3, which has none."""
    home: Path | None = None
    """Of the SSH user."""

    def open(self) -> Target:
        return open_target(self.address, root=self.root)
