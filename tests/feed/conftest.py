"""One server of each kind for all tests of a session that publish to it.

Tests that share one say `@pytest.mark.xdist_group` with the server's name: it starts once then.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from feed.servers import DavServer, S3Server, SftpServer, radosgw, sshd, wsgidav


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
