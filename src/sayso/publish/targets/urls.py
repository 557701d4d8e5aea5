"""From the address in show.toml to a target."""

from __future__ import annotations

import re
from pathlib import Path
from urllib.parse import SplitResult, parse_qsl, quote, unquote, urlsplit
from urllib.request import url2pathname

from sayso.errors import PublishError, did_you_mean
from sayso.net.urls import is_loopback
from sayso.publish.targets.base import Target
from sayso.publish.targets.folder import FolderTarget
from sayso.system.atomic_files import real_path

_DAV_SCHEMES = {
    "webdav+https": "https",
    "webdavs": "https",
    "davs": "https",
    "webdav+http": "http",
    "webdav": "http",
    "dav": "http",
}
_SCHEMES = ("file", "s3", "sftp", *_DAV_SCHEMES)
_S3_OPTIONS = ("endpoint", "profile", "region", "conditions")


def open_target(address: str, *, root: Path) -> Target:
    """The target at `address`; opening it neither writes anything nor connects to a server.

    `address` is a path (a relative one begins at `root` and must stay within it), `file:///path`,
    `s3://bucket/prefix`, `sftp://user@host:port/path` or `webdav+https://user@host/path`. Raises
    PublishError for an address that is not valid or holds a password, EnvironmentProblem if the
    extra `publish` is not installed.
    """
    scheme, found, _ = address.partition("://")
    if not found:
        return _open_path(address, root)
    url = _split(address)
    scheme = scheme.lower()
    if scheme == "file":
        return _open_file_url(url, root)
    if scheme == "s3":
        return _open_s3(url)
    if scheme == "sftp":
        return _open_sftp(url)
    if scheme in _DAV_SCHEMES:
        return _open_webdav(url, _DAV_SCHEMES[scheme])
    hint = {
        "http": "for WebDAV write webdav+https://",
        "https": "for WebDAV write webdav+https://",
        "ssh": "write sftp://",
        "scp": "write sftp://",
        "ftp": "FTP sends passwords in the open; use sftp://",
    }.get(scheme)
    raise _refusal(
        f"nothing can be published to an address that begins with {scheme}://",
        hint or did_you_mean(scheme, _SCHEMES),
    )


def is_folder(address: str) -> bool:
    """Whether an address is a folder on this machine."""
    return "://" not in address or address.lower().startswith("file://")


def _split(address: str) -> SplitResult:
    """The parts of an address. Raises PublishError if it is not valid or holds a password."""
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
        raise _refusal(
            f"the address {_without_user(address)} holds a password",
            "leave it out of the address: sftp:// takes a key of ~/.ssh or the SSH agent, "
            "webdav+https:// takes SAYSO_WEBDAV_PASSWORD or the keyring, s3:// takes AWS_*",
            code="secret-in-address",
        )
    if url is None or not valid:
        raise _refusal(f"{_without_user(address)} is no address", "check its host and port")
    return url


def _without_user(address: str) -> str:
    scheme, _, rest = address.partition("://")
    return f"{scheme}://{rest.rpartition('@')[2].partition('?')[0]}"


def _open_path(address: str, root: Path) -> FolderTarget:
    if re.match(r"[^/\\]+@[^/\\]+:", address):
        raise _refusal(f"'{address}' is no folder", "for a server write sftp://user@host/path")
    try:
        path = Path(address).expanduser()
        folder = root / path
        leaves = not real_path(folder).is_relative_to(real_path(root))
    except (OSError, ValueError, RuntimeError) as error:  # a NUL, too long, no such user
        raise _refusal(
            f"{address[:80]!r} cannot be the path of a folder", 'write it as "public"'
        ) from error
    if path.is_absolute():
        return FolderTarget(path, bounds=None, address=str(path))
    if leaves:
        raise PublishError(
            f"the target '{address}' leads out of the show's folder",
            code="outside-show",
            file=folder,
            hint="choose a folder within it, or write the whole path",
        )
    return FolderTarget(folder, bounds=root, address=address)


def _open_file_url(url: SplitResult, root: Path) -> FolderTarget:
    if url.netloc not in ("", "localhost"):
        raise _refusal("a file:// address names no host", "three slashes: file:///srv/www/podcast")
    return _open_path(url2pathname(url.path), root)


def _open_s3(url: SplitResult) -> Target:
    from sayso.publish.targets.s3 import S3Target

    bucket = url.hostname and url.netloc
    if not bucket or url.port is not None or url.username is not None:
        raise _refusal(f"s3://{url.hostname or ''}{url.path} names no bucket", "s3://BUCKET/PREFIX")
    options = dict(parse_qsl(url.query, keep_blank_values=True))
    unknown = sorted(set(options) - set(_S3_OPTIONS))
    if unknown:
        raise _refusal(
            f"the address s3://{bucket}{url.path} has an option '{unknown[0]}' that nobody knows",
            f"{did_you_mean(unknown[0], _S3_OPTIONS)}; keys come from AWS_*, never an address",
        )
    endpoint = options.get("endpoint")
    if endpoint is not None:
        found = _split(endpoint)
        if found.scheme not in ("http", "https") or not found.hostname:
            raise _refusal(f"the endpoint {_without_user(endpoint)} is no address", "https://HOST")
    return S3Target(
        bucket,
        unquote(url.path).strip("/"),
        endpoint=endpoint,
        profile=options.get("profile"),
        region=options.get("region"),
        conditional=options.get("conditions") != "no",
    )


def _open_sftp(url: SplitResult) -> Target:
    from sayso.publish.targets.sftp import SftpTarget

    folder = _folder_of(url, "sftp://user@host/path")
    if folder == "/~" or folder.startswith("/~/"):  # curl and others write the home folder so
        folder = folder[3:]
    user = None if url.username is None else unquote(url.username)
    return SftpTarget(_host_of(url), folder, port=url.port, user=user)


def _open_webdav(url: SplitResult, scheme: str) -> Target:
    from sayso.publish.targets.webdav import WebdavTarget

    folder = _folder_of(url, "webdav+https://user@host/path")
    host = _host_of(url)
    if scheme == "http" and not is_loopback(host):
        raise _refusal(
            f"{_without_user(url.geturl())} would send the password in the open",
            "write webdav+https://",
            code="secret-in-address",
        )
    host = f"[{host}]" if ":" in host else host
    base = f"{scheme}://{host}{f':{url.port}' if url.port else ''}{quote(folder)}"
    return WebdavTarget(base, user=None if url.username is None else unquote(url.username))


def _host_of(url: SplitResult) -> str:
    """The host of an address, in ASCII (IDNA)."""
    host = str(url.hostname)
    try:
        name = host if ":" in host else host.encode("idna").decode("ascii")
    except UnicodeError:
        name = ""
    if not re.fullmatch(r"[a-z0-9._-]+|[0-9a-f:.]+", name):
        raise _refusal(f"there can be no host named {host[:80]!r}", "check the address")
    return name


def _folder_of(url: SplitResult, example: str) -> str:
    """The folder of a server's address that names a host and has no options."""
    if not url.hostname or url.query or url.fragment:
        raise _refusal(f"{_without_user(url.geturl())} is no address to publish to", example)
    return unquote(url.path).rstrip("/") or "/"


def _refusal(problem: str, hint: str | None, *, code: str = "bad-target") -> PublishError:
    return PublishError(problem, code=code, hint=hint)
