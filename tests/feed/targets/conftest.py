"""A place on each kind of target."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from feed.targets.places import Place

from sayso.feed.targets import Target, persevering, s3


@pytest.fixture
def place(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Place:
    """A place of its own, and the environment to publish there; parametrized by its kind."""
    kind, own = request.param, uuid.uuid4().hex
    if kind == "folder":
        found = Place(kind, "public", tmp_path, {}, files=tmp_path / "public")
    elif kind == "s3":
        server = request.getfixturevalue("s3_server")
        port = urlsplit(server.endpoint).port
        found = Place(kind, server.address(own), tmp_path, server.env, port)
    elif kind == "sftp":
        server = request.getfixturevalue("sftp_server")
        address, files = f"{server.address}/{own}", server.root / own
        found = Place(kind, address, tmp_path, server.env, server.port, files, server.home)
    else:
        server = request.getfixturevalue("dav_server")
        port = urlsplit(server.url).port
        found = Place(kind, f"{server.address}{own}", tmp_path, server.env, port, server.root / own)
    for name in ("SSH_AUTH_SOCK", "AWS_PROFILE", "AWS_ENDPOINT_URL"):
        monkeypatch.delenv(name, raising=False)
    for name, value in found.env.items():
        monkeypatch.setenv(name, value)
    return found


@pytest.fixture
def target(place: Place) -> Iterator[Target]:
    found = place.open()
    yield found
    found.close()


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Trouble is tried again once, and at once."""
    monkeypatch.setattr(persevering, "WAITS_S", (0.01,))
    monkeypatch.setattr(s3, "_TRIES", 1)
