"""From an address, as show.toml or the command line names it, to a target."""

from __future__ import annotations

import re
from pathlib import Path
from urllib.parse import SplitResult, urlsplit
from urllib.request import url2pathname

from sayso.errors import PublishError, did_you_mean
from sayso.feed.targets.folder import FolderTarget
from sayso.feed.targets.protocol import Target

_SCHEMES = ("file",)


def open_target(address: str, *, root: Path) -> Target:
    """The target at `address`; nothing is written yet, and a server is first asked when needed.

    A path (relative ones are meant from `root`, which they may not leave), `file:///path`,
    `s3://bucket/prefix`, `sftp://user@host:port/path` or `webdav+https://user@host/path`. Raises
    PublishError for an address that makes no sense or holds a password, EnvironmentProblem where
    the extra `publish` is not installed.
    """
    scheme, found, _ = address.partition("://")
    if not found:
        return _open_path(address, root)
    url = _split(address)
    scheme = scheme.lower()
    if scheme == "file":
        return _open_file_url(url, root)
    hint = {
        "http": "for WebDAV write webdav+https://",
        "https": "for WebDAV write webdav+https://",
        "ssh": "write sftp://",
        "scp": "write sftp://",
        "ftp": "FTP sends passwords in the open; use sftp://",
    }.get(scheme)
    raise PublishError(
        f"nothing can be published to an address that begins with {scheme}://",
        mend=hint or did_you_mean(scheme, _SCHEMES),
    )


def _split(address: str) -> SplitResult:
    """The parts of an address that holds no password."""
    try:
        url = urlsplit(address)
        valid = url.port is None or url.port > 0
    except ValueError:  # its text quotes the address, which may hold a password
        url, valid = None, False
    before_at, at, _ = address.partition("://")[2].rpartition("@")
    secret = (
        url.password is not None if url is not None and valid else bool(at) and ":" in before_at
    )
    if secret:
        raise PublishError(
            f"the address {_without_user(address)} holds a password",
            mend="leave it out of the address: sftp:// takes a key of ~/.ssh or the SSH agent, "
            "webdav+https:// takes SAYSO_WEBDAV_PASSWORD or the keyring, s3:// takes AWS_*",
        )
    if url is None or not valid:
        raise PublishError(
            f"{_without_user(address)} is no address", mend="check its host and port"
        )
    return url


def _without_user(address: str) -> str:
    scheme, _, rest = address.partition("://")
    return f"{scheme}://{rest.rpartition('@')[2].partition('?')[0]}"


def _open_path(address: str, root: Path) -> FolderTarget:
    if re.match(r"[^/\\]+@[^/\\]+:", address):
        raise PublishError(
            f"'{address}' is no folder", mend="for a server write sftp://user@host/path"
        )
    path = Path(address).expanduser()
    if path.is_absolute():
        return FolderTarget(path, bounds=None, address=str(path))
    folder = root / path
    if not folder.resolve().is_relative_to(root.resolve()):
        raise PublishError(
            f"the target '{address}' leads out of the show's folder",
            file=folder,
            mend="choose a folder within it, or write the whole path",
        )
    return FolderTarget(folder, bounds=root, address=address)


def _open_file_url(url: SplitResult, root: Path) -> FolderTarget:
    if url.netloc not in ("", "localhost"):
        raise PublishError(
            "a file:// address names no host", mend="three slashes: file:///srv/www/podcast"
        )
    return _open_path(url2pathname(url.path), root)
