"""A WebDAV server: Nextcloud, a NAS, Apache, many web hosts.

A file is uploaded under `.sayso/` and moved to its place, as servers write a PUT in place while it
arrives. What is replaced is guarded twice: by a lock (MKCOL is exclusive on every server, RFC 4918
§9.3, so locks are folders `.sayso/turn-<number>/` that hold their text in a file) and, where the
server honours it, by the entity tag in an `If` header.
"""

from __future__ import annotations

import contextlib
import functools
import os
import ssl
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from sayso.publish.targets.base import FileForm, Stored, check_name, check_version, open_source
from sayso.publish.targets.locks import WORK_FOLDER, StagedTarget, lock_path
from sayso.publish.targets.retry import (
    RemoteError,
    call_with_retries,
    causes,
    import_client,
    no_credentials,
    overloaded,
    refused,
    unreachable,
    untrusted,
)

_USER, _PASSWORD = "SAYSO_WEBDAV_USER", "SAYSO_WEBDAV_PASSWORD"
_SERVICE = "sayso"
"""In the system's keyring."""


class WebdavTarget(StagedTarget):
    """Files under `url` (`https://host/path`, without a user); may be used from several threads."""

    def __init__(self, url: str, *, user: str | None) -> None:
        super().__init__(f"webdav+{url}")
        self._dav = import_client("webdav4.client", "webdav+https")
        self._http = import_client("httpx", "webdav+https")
        self._client: Any = self._dav.Client(
            url,
            auth=_find_login(urlsplit(url).hostname or "", user),
            retry=False,
            timeout=self._http.Timeout(60, connect=10),
            # Whole bytes with their own entity tag, and nothing from a cache.
            headers={"Accept-Encoding": "identity", "Cache-Control": "no-cache"},
        )

    def size(self, name: str) -> int | None:
        """See `Target.size`."""
        return self._size(check_name(name))

    def replace(self, name: str, data: bytes, form: FileForm, *, expected: str | None) -> None:
        """See `Target.replace`."""
        with self.lock():
            there, tag = self._read(check_name(name))
            check_version(name, there, expected)
            with self.staged(name, data) as path:
                self.file_lock.confirm()
                if self._move(path, name, over=tag):
                    return
                # Another's doing, or a tag that the server gave and does not know again.
                check_version(name, self.read(name), expected)
                self._move(path, name, over=_ANYTHING)

    def close(self) -> None:
        """See `Target.close`."""
        self._client.http.close()

    def read_path(self, path: str) -> bytes | None:
        """See `StagedTarget.read_path`."""
        stored = self._read(path)[0]
        return None if stored is None else stored.data

    def upload(self, path: str, source: Path | bytes) -> None:
        """See `StagedTarget.upload`."""
        self._request("PUT", path, source=source)

    def rename(self, path: str, name: str, source: Path | bytes) -> None:
        """See `StagedTarget.rename`."""
        self._move(path, name, over=_ANYTHING)

    def remove(self, path: str) -> None:
        """See `StagedTarget.remove`."""
        self._request("DELETE", path, accept=(404,))

    def create_folder(self, path: str) -> None:
        """See `StagedTarget.create_folder`."""
        self.make_folder(path.rpartition("/")[0])
        if self._request("MKCOL", f"{path}/", accept=(405, 409)).status_code == 409:
            self._make_own_folder()
            self._request("MKCOL", f"{path}/", accept=(405,))

    def list_work(self) -> dict[str, float | None]:
        """See `StagedTarget.list_work`."""
        answer = self._request("PROPFIND", f"{WORK_FOLDER}/", headers={"Depth": "1"}, accept=(404,))
        if answer.status_code == 404:
            return {}
        responses = self._dav.parse_multistatus_response(answer).responses
        times = {href.rstrip("/"): found.properties.modified for href, found in responses.items()}
        own = min(times, key=len, default="")
        return {
            href.rpartition("/")[2]: time and time.timestamp()
            for href, time in times.items()
            if href != own
        }

    def make_lock(self, number: int, text: str) -> bool:
        """See `StagedTarget.make_lock`."""
        answer = self._request("MKCOL", f"{lock_path(number)}/", accept=(405,))
        if answer.status_code == 405:
            return False
        self.rewrite_lock(number, text)
        return True

    def rewrite_lock(self, number: int, text: str) -> None:
        """See `StagedTarget.rewrite_lock`."""
        # 404, 409: the folder is gone, and a PUT makes none.
        self._request("PUT", _holder(number), source=text.encode(), accept=(404, 409))

    def read_lock(self, number: int) -> str | None:
        """See `StagedTarget.read_lock`."""
        answer = self._request("GET", _holder(number), accept=(404,))
        return "" if answer.status_code == 404 else str(answer.text)

    def remove_lock(self, number: int) -> None:
        """See `StagedTarget.remove_lock`."""
        self.remove(f"{lock_path(number)}/")

    def _request(
        self,
        method: str,
        path: str,
        *,
        accept: tuple[int, ...] = (),
        headers: Mapping[str, str] | None = None,
        source: Path | bytes | None = None,
    ) -> Any:
        """The server's answer, whose status is a good one or one of `accept`."""

        def ask() -> Any:
            with contextlib.ExitStack() as stack:
                content = None if source is None else stack.enter_context(open_source(source))
                url = self._client.join_url(path)
                answer = self._client.http.request(method, url, headers=headers, content=content)
            if not (answer.is_success or answer.status_code in accept):
                raise self._dav.HTTPError(answer)
            return answer

        return call_with_retries(ask, self._classify)

    def _make_own_folder(self) -> None:
        """Make the folder of the address; what is above it may be out of sight, yet there."""
        url = self._client.base_url
        parts = [part for part in url.path.split("/") if part]
        for n_parts in range(1, len(parts) + 1):
            above = url.copy_with(path=f"/{'/'.join(parts[:n_parts])}/")
            ask = functools.partial(self._client.http.request, "MKCOL", above)
            call_with_retries(ask, self._classify)

    def _read(self, path: str) -> tuple[Stored | None, str | None]:
        """The file and its entity tag, of one answer."""
        answer = self._request("GET", path, accept=(404,))
        if answer.status_code == 404:
            return None, None
        return Stored.of(bytes(answer.content)), answer.headers.get("etag")

    def _size(self, path: str) -> int | None:
        answer = self._request("HEAD", path, accept=(404,))
        n_bytes = answer.headers.get("content-length")
        return int(n_bytes) if answer.status_code != 404 and n_bytes is not None else None

    def _move(self, path: str, name: str, *, over: str | None) -> bool:
        """Move an upload to its place; False if something else is there than `over` says.

        `over` is an entity tag, None for nothing, or `_ANYTHING`.
        """
        to = str(self._client.join_url(name))
        headers = {"Destination": to, "Overwrite": "F" if over is None else "T"}
        if over is not None and over is not _ANYTHING:
            headers["If"] = f"<{to}> ([{over}])"
        answer = self._request("MOVE", path, headers=headers, accept=(404, 412))
        # If the upload is gone, an earlier try got through and only its answer was lost.
        return bool(answer.is_success) or self._size(path) is None

    def _classify(self, error: Exception) -> RemoteError | None:
        if any(isinstance(cause, ssl.SSLError) for cause in causes(error)):
            return untrusted(self.address)
        if isinstance(error, self._http.TransportError):
            return unreachable(self.address)
        if not isinstance(error, self._dav.HTTPError):
            return None
        status = error.status_code
        if status in _PASSING or (status >= 500 and status not in _REFUSALS):
            problem = f"{self.address} is in trouble ({status})"
            return overloaded(problem, "is its disk full? publish again later: nothing is lost")
        problem, hint = _REFUSALS.get(status, (f"refuses ({status})", None))
        code = "credentials" if status == 401 else "server-refused"
        return refused(f"{self.address} {problem}", hint, code)


_ANYTHING = "*"
_PASSING = {423, 429}  # locked by somebody, too many requests
_LOGIN_HINT = f"check {_USER} and {_PASSWORD}, or the keyring"
_REFUSALS: dict[int, tuple[str, str | None]] = {
    401: ("does not accept the user and password", _LOGIN_HINT),
    403: ("does not allow it", "check who may write there"),
    405: ("is no WebDAV folder", "check the path of the address"),
    409: ("has no such folder", "create it on the server, or check the address"),
    501: ("is no WebDAV folder", "check the path of the address"),
    507: ("is full", "make room there, then publish again"),
}


def _holder(number: int) -> str:
    """The path of the file that holds the text of a lock folder."""
    return f"{lock_path(number)}/holder"


def _find_login(host: str, user: str | None) -> tuple[str, str] | None:
    """User and password for `host`; None if nobody has named a user.

    The address's user overrides that of the environment. Raises EnvironmentProblem for a user
    without a password.
    """
    name = user or os.environ.get(_USER)
    if not name:
        return None
    password = os.environ.get(_PASSWORD)
    if not password:
        with contextlib.suppress(Exception):  # the keyring is not installed, locked or broken
            import keyring

            password = keyring.get_password(_SERVICE, f"{name}@{host}")
    if not password:
        hint = f"set {_PASSWORD}, or once: keyring set {_SERVICE} {name}@{host}"
        raise no_credentials(f"no password for {name}@{host}", hint)
    return name, password
