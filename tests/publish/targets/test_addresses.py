"""From an address to a target: what is refused, and what is imported for it."""

from __future__ import annotations

import subprocess
import sys
import traceback
from pathlib import Path

import pytest
from servers.servers import DavServer
from tools import need_package

from sayso.errors import EnvironmentProblem, PublishError
from sayso.publish.targets import FileForm, Target, open_target

FORM = FileForm("text/plain", immutable=False)


def opened(address: str, root: Path) -> Target:
    return open_target(address, root=root)


@pytest.mark.parametrize("address", ["public", "./public/", "a/../public"])
def test_relative_paths_are_meant_from_the_show(address: str, tmp_path: Path) -> None:
    opened(address, tmp_path).put("feed.xml", b"feed", FORM)
    assert (tmp_path / "public" / "feed.xml").read_bytes() == b"feed"


def test_whole_paths_lead_anywhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    www = tmp_path / "www and more"
    monkeypatch.setenv("HOME", str(tmp_path))
    for address in (str(www), www.as_uri(), f"file://localhost{www}", "~/www and more"):
        opened(address, tmp_path / "show").put("feed.xml", address.encode(), FORM)
        assert (www / "feed.xml").read_bytes() == address.encode()


def test_a_relative_path_stays_in_the_show(tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to("/")
    for address in ("..", "../x", "a/../../x", "link", "link/tmp"):
        with pytest.raises(PublishError, match="leads out of the show's folder"):
            opened(address, tmp_path)


@pytest.mark.parametrize(
    "address",
    [
        "sftp://me:hunter2@example.org/www",
        "sftp://me:hunter2/secret@example.org/www",
        "sftp://me:hunter2:secret@example.org:22/www",
        "sftp://me:hunter2#secret@example.org/www",
        "sftp://:hunter2@example.org/www",
        "webdav+https://me:hunter2@example.org/dav",
        "davs://me:hunter2?secret@example.org/dav",
        "s3://key:hunter2@bucket/prefix",
        "s3://bucket/prefix?endpoint=https://key:hunter2@example.org",
        "ftp://me:hunter2@example.org/",
    ],
)
def test_a_password_in_an_address_is_refused_and_not_repeated(address: str, tmp_path: Path) -> None:
    with pytest.raises(PublishError, match="holds a password") as caught:
        opened(address, tmp_path)
    told = "".join(traceback.format_exception(caught.value)) + repr(caught.value.__context__)
    assert "hunter2" not in told
    assert "secret" not in told
    assert "SAYSO_WEBDAV_PASSWORD" in told


@pytest.mark.parametrize(
    ("address", "problem", "hint"),
    [
        ("ftp://example.org/", "begins with ftp://", "use sftp://"),
        ("https://example.org/dav", "begins with https://", "write webdav+https://"),
        ("sftpp://example.org/", "begins with sftpp://", "did you mean 'sftp'?"),
        ("webdav+http://example.org/dav", "send the password in the open", "webdav+https://"),
        ("sftp:///www", "no address to publish to", "sftp://user@host/path"),
        ("sftp://host:port/www", "is no address", "check its host and port"),
        ("sftp://host/www?x=1", "no address to publish to", "sftp://user@host/path"),
        ("s3:///prefix", "names no bucket", "s3://BUCKET/PREFIX"),
        ("s3://bucket?secret=hunter2", "an option 'secret'", "never an address"),
        ("s3://bucket?endpoint=example.org", "the endpoint", "https://HOST"),
        ("file://server/www", "names no host", "file:///srv"),
        ("me@example.org:/www", "is no folder", "write sftp://user@host/path"),
    ],
)
def test_an_address_that_makes_no_sense(
    address: str, problem: str, hint: str, tmp_path: Path
) -> None:
    with pytest.raises(PublishError) as caught:
        opened(address, tmp_path)
    assert problem in caught.value.problem
    assert hint in str(caught.value.hint)
    assert "hunter2" not in str(caught.value)


@pytest.mark.parametrize(
    ("module", "address"),
    [
        ("s3fs", "s3://bucket/prefix"),
        ("sshfs", "sftp://example.org/www"),
        ("webdav4.client", "webdav+https://example.org/dav"),
    ],
)
def test_without_the_extra(
    module: str, address: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, module, None)
    with pytest.raises(EnvironmentProblem) as caught:
        opened(address, tmp_path)
    assert caught.value.hint == "pip install 'sayso[publish]'"


def test_a_folder_needs_none_of_it(tmp_path: Path) -> None:
    code = (
        "import sys; from pathlib import Path; from sayso.publish.targets import *\n"
        "target = open_target('public', root=Path(sys.argv[1]))\n"
        "target.replace('feed.xml', b'x', FileForm('text/plain', False), expected=None)\n"
        "heavy = {'fsspec', 's3fs', 'botocore', 'asyncssh', 'httpx', 'keyring', 'asyncio', 'numpy'}\n"
        "sys.exit(str(heavy & set(sys.modules)) if heavy & set(sys.modules) else 0)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, str(tmp_path)], capture_output=True, text=True, check=False
    )
    assert done.stderr == ""


@pytest.mark.xdist_group("dav")
def test_a_password_of_the_keyring(
    dav_server: DavServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A backend of keyring's own kind, in memory: the system's may ask a person."""
    keyring = need_package("keyring")
    from keyring.backend import KeyringBackend
    from keyring.errors import PasswordDeleteError, PasswordSetError

    before = keyring.get_keyring()
    password = dav_server.env["SAYSO_WEBDAV_PASSWORD"]

    class InMemory(KeyringBackend):
        priority = -1.0

        def get_password(self, service: str, username: str) -> str | None:
            return password if (service, username) == ("sayso", "tester@127.0.0.1") else None

        def set_password(self, service: str, username: str, password: str) -> None:
            raise PasswordSetError("it only reads")

        def delete_password(self, service: str, username: str) -> None:
            raise PasswordDeleteError("it only reads")

    for name in ("SAYSO_WEBDAV_USER", "SAYSO_WEBDAV_PASSWORD"):
        monkeypatch.delenv(name, raising=False)
    keyring.set_keyring(InMemory())
    try:
        target = opened(dav_server.address, tmp_path)
    finally:
        keyring.set_keyring(before)
    assert target.read("not-there.xml") is None
    target.close()
