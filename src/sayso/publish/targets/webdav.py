"""A WebDAV server: Nextcloud, a NAS, Apache, many web hosts.

A file is uploaded under `.sayso/` and moved to its place, because servers write a PUT in place
while it arrives. Two things guard a file that is replaced: lock folders (MKCOL is exclusive on
every server, RFC 4918 §9.3) and, if the server supports it, the entity tag in an `If` header.
"""

from __future__ import annotations

import contextlib
import functools
import hashlib
import os
import ssl
from collections.abc import Mapping
from datetime import datetime, timezone
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from sayso.errors import EnvironmentProblem, PublishError, SaysoError
from sayso.publish.targets.base import FileForm, Stored, check_name, check_version, open_source
from sayso.publish.targets.locks import WORK_FOLDER, WorkFolderTarget
from sayso.publish.targets.retry import causes, import_client, retry, unreachable, untrusted

_HOLDER = "holder"
"""The file in a lock folder that has its text."""
_USER, _PASSWORD = "SAYSO_WEBDAV_USER", "SAYSO_WEBDAV_PASSWORD"
_SERVICE = "sayso"


class WebdavTarget(WorkFolderTarget):
    """Files under `url` (`https://host/path`, without a user); may be used from several threads."""

    def __init__(self, url: str, *, user: str | None) -> None:
        self.address = f"webdav+{url}"
        client = import_client("webdav4.client", "webdav+https")
        self._http = import_client("httpx", "webdav+https")
        self._answers = client
        self._client: Any = client.Client(
            url,
            auth=_login(urlsplit(url).hostname or "", user),
            retry=False,
            timeout=self._http.Timeout(60, connect=10),
            # Plain bytes with their own entity tag, and no answer from a cache.
            headers={"Accept-Encoding": "identity", "Cache-Control": "no-cache"},
        )
        super().__init__()

    def read(self, name: str) -> Stored | None:
        """See `Target.read`."""
        return self._read(check_name(name))[0]

    def size(self, name: str) -> int | None:
        """See `Target.size`."""
        return self._size(check_name(name))

    def put(self, name: str, source: Path | bytes, form: FileForm) -> None:
        """See `Target.put`."""
        with self.uploaded(check_name(name), source) as upload:
            self._move(upload, name, over=_ANYTHING)

    def replace(self, name: str, data: bytes, form: FileForm, *, expected: str | None) -> None:
        """See `Target.replace`."""
        with self.lock():
            there, tag = self._read(check_name(name))
            check_version(name, there, expected)
            with self.uploaded(name, data) as upload:
                self._lock_files.confirm()
                if self._move(upload, name, over=tag):
                    return
                # Another publisher was faster, or the server does not recognise its own tag.
                check_version(name, self._read(name)[0], expected)
                self._move(upload, name, over=_ANYTHING)

    def close(self) -> None:
        """See `Target.close`."""
        self._client.http.close()

    def request(
        self,
        method: str,
        path: str,
        *,
        accept: tuple[int, ...] = (),
        headers: Mapping[str, str] | None = None,
        source: Path | bytes | None = None,
    ) -> Any:
        """The server's answer; its status is a success or one of `accept`."""

        def ask() -> Any:
            with contextlib.ExitStack() as stack:
                content = None if source is None else stack.enter_context(open_source(source))
                url = self._client.join_url(path)
                answer = self._client.http.request(method, url, headers=headers, content=content)
            if not (answer.is_success or answer.status_code in accept):
                raise self._answers.HTTPError(answer)
            return answer

        return retry(ask, self._explain)

    def list_work(self) -> tuple[dict[str, datetime | None], datetime]:
        """See `WorkFolderTarget`."""
        answer = self.request("PROPFIND", f"{WORK_FOLDER}/", headers={"Depth": "1"}, accept=(404,))
        date = answer.headers.get("date")
        now = parsedate_to_datetime(date) if date else datetime.now(timezone.utc)
        if answer.status_code == 404:
            return {}, now
        from webdav4.multistatus import parse_multistatus_response

        responses = parse_multistatus_response(answer).responses
        entries = {href.rstrip("/"): found.properties for href, found in responses.items()}
        own = min(entries, key=len, default="")
        return {
            href.rpartition("/")[2]: properties.modified
            for href, properties in entries.items()
            if href != own
        }, now

    def make_missing_folder(self, path: str) -> None:
        """See `WorkFolderTarget`."""
        self.make_folder(path.rpartition("/")[0])
        if self.request("MKCOL", f"{path}/", accept=(405, 409)).status_code == 409:
            self._make_own_folder()
            self.request("MKCOL", f"{path}/", accept=(405,))

    def send(self, source: Path | bytes, path: str) -> None:
        """See `WorkFolderTarget`."""
        self.request("PUT", path, source=source)

    def remove(self, path: str) -> None:
        """See `WorkFolderTarget`."""
        self.request("DELETE", path, accept=(404,))

    def remove_lock(self, number: int) -> None:
        """See `WorkFolderTarget`; a lock is a folder."""
        self.remove(f"{self.lock_path(number)}/")

    def make_exclusively(self, path: str, text: str) -> bool:
        """See `WorkFolderTarget`."""
        if self.request("MKCOL", f"{path}/", accept=(405,)).status_code == 405:
            return False
        self.rewrite(path, text)
        return True

    def rewrite(self, path: str, text: str) -> None:
        """See `WorkFolderTarget`."""
        # 404, 409: the folder is gone, and a PUT makes none.
        self.request("PUT", f"{path}/{_HOLDER}", source=text.encode(), accept=(404, 409))

    def lock_text(self, path: str) -> str:
        """See `WorkFolderTarget`."""
        answer = self.request("GET", f"{path}/{_HOLDER}", accept=(404,))
        return "" if answer.status_code == 404 else str(answer.text)

    def _make_own_folder(self) -> None:
        """Make the folder of the address; folders above it may exist without being visible."""
        url = self._client.base_url
        parts = [part for part in url.path.split("/") if part]
        for n_parts in range(1, len(parts) + 1):
            above = url.copy_with(path=f"/{'/'.join(parts[:n_parts])}/")
            retry(functools.partial(self._client.http.request, "MKCOL", above), self._explain)

    def _read(self, name: str) -> tuple[Stored | None, str | None]:
        """The file and its entity tag, from one answer."""
        answer = self.request("GET", name, accept=(404,))
        if answer.status_code == 404:
            return None, None
        data = bytes(answer.content)
        return Stored(data, hashlib.sha256(data).hexdigest()), answer.headers.get("etag")

    def _size(self, path: str) -> int | None:
        answer = self.request("HEAD", path, accept=(404,))
        n_bytes = answer.headers.get("content-length")
        return int(n_bytes) if answer.status_code != 404 and n_bytes is not None else None

    def _move(self, upload: str, name: str, *, over: str | None) -> bool:
        """Move an upload to its place; False if something else is there than `over` says.

        `over` is an entity tag, None for nothing, or `_ANYTHING`.
        """
        to = str(self._client.join_url(name))
        headers = {"Destination": to, "Overwrite": "F" if over is None else "T"}
        if over is not None and over is not _ANYTHING:
            headers["If"] = f"<{to}> ([{over}])"
        answer = self.request("MOVE", upload, headers=headers, accept=(404, 412))
        if answer.status_code in (404, 412) and self._size(upload) is None:
            # An earlier try succeeded and only its answer was lost.
            return True
        return bool(answer.is_success)

    def _explain(self, error: Exception) -> SaysoError | None:
        if any(isinstance(cause, ssl.SSLError) for cause in causes(error)):
            return untrusted(self.address)
        if isinstance(error, self._http.TransportError):
            return unreachable(self.address)
        if not isinstance(error, self._answers.HTTPError):
            return None
        status = error.status_code
        problem, hint = _REFUSALS.get(status, (f"refuses ({status})", None))
        code = "credentials" if status == 401 else "server-refused"
        if status in _PASSING or (status >= 500 and status not in _REFUSALS):
            problem, code = f"is in trouble ({status})", "server-trouble"
            hint = "is its disk full? publish again later: nothing is lost"
        return PublishError(f"{self.address} {problem}", code=code, hint=hint)


_ANYTHING = "*"
_PASSING = {423, 429}  # locked by somebody, too many requests
_REFUSALS: dict[int, tuple[str, str | None]] = {
    401: (
        "does not accept the user and password",
        "check SAYSO_WEBDAV_USER and SAYSO_WEBDAV_PASSWORD, or the keyring",
    ),
    403: ("does not allow it", "check who may write there"),
    405: ("is no WebDAV folder", "check the path of the address"),
    409: ("has no such folder", "create it on the server, or check the address"),
    501: ("is no WebDAV folder", "check the path of the address"),
    507: ("is full", "make room there, then publish again"),
}


def _login(host: str, user: str | None) -> tuple[str, str] | None:
    """User and password for `host`; None if no user is set.

    The address's user overrides that of the environment. Raises EnvironmentProblem if a user has no
    password.
    """
    name = user or os.environ.get(_USER)
    if not name:
        return None
    password = os.environ.get(_PASSWORD) or _from_keyring(f"{name}@{host}")
    if not password:
        raise EnvironmentProblem(
            f"no password for {name}@{host}",
            code="credentials",
            hint=f"set {_PASSWORD}, or once: keyring set {_SERVICE} {name}@{host}",
        )
    return name, password


def _from_keyring(name: str) -> str | None:
    try:
        import keyring
    except ImportError:
        return None
    with contextlib.suppress(Exception):  # a locked or broken keyring gives nothing
        found: str | None = keyring.get_password(_SERVICE, name)
        return found
    return None
