"""One server of each kind for all tests of a session that publish to it.

Tests that share one say `@pytest.mark.xdist_group` with the server's name: it starts once then.
"""

from __future__ import annotations

import shutil
import uuid
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from publish.show_folder import ShowFolder
from publish.targets.places import Place
from servers.servers import DavServer, S3Server, SftpServer, radosgw, sshd, wsgidav


@pytest.fixture(scope="session")
def s3_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[S3Server]:
    """Group `s3`."""
    with radosgw(tmp_path_factory.mktemp("radosgw")) as server:
        yield server


@pytest.fixture(scope="session")
def sftp_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SftpServer]:
    """Group `sftp`."""
    with sshd(tmp_path_factory.mktemp("sftp"), tmp_path_factory.mktemp("sshd")) as server:
        yield server


@pytest.fixture(scope="session")
def dav_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[DavServer]:
    """Group `dav`."""
    with wsgidav(tmp_path_factory.mktemp("dav"), tmp_path_factory.mktemp("wsgidav")) as server:
        yield server


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


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> ShowFolder:
    """Three finished episodes; never published itself."""
    show = ShowFolder(tmp_path_factory.mktemp("built"))
    show.settings()
    show.build("the-pier", day=1)
    show.build("the-ferry", day=2, sentence="Everybody listens.")
    show.copy("the-ferry", "the-lighthouse")
    return show


@pytest.fixture(scope="session")
def published_once(built: ShowFolder, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The three, published to the folder `public`."""
    root = tmp_path_factory.mktemp("published") / "show"
    shutil.copytree(built.root, root)
    ShowFolder(root).publish()
    return root


@pytest.fixture
def show(built: ShowFolder, tmp_path: Path) -> ShowFolder:
    """A copy, to be published."""
    shutil.copytree(built.root, tmp_path / "show")
    return ShowFolder(tmp_path / "show")


@pytest.fixture
def published(published_once: Path, tmp_path: Path) -> ShowFolder:
    """A copy that has been published."""
    shutil.copytree(published_once, tmp_path / "published")
    return ShowFolder(tmp_path / "published")
