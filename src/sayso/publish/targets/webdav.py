"""A WebDAV server: Nextcloud, a NAS, Apache, many web hosts.

A file is uploaded under `.sayso/` and moved to its place, as servers write a PUT in place while it
comes. What is replaced is guarded twice: by a turn of lock folders (MKCOL is exclusive on every
server, RFC 4918 §9.3) and, where the server honours it, by the entity tag in an `If` header.
"""

from __future__ import annotations

import contextlib
import functools
import hashlib
import ssl
import threading
import uuid
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager
from datetime import datetime, timedelta, timezone
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from sayso.errors import EnvironmentProblem, PublishError
from sayso.publish.targets.base import FileForm, Stored, check_name, check_version
from sayso.publish.targets.credentials import webdav_login
from sayso.publish.targets.locks import TURN, LockFileTurn, Turns, turn_numbers
from sayso.publish.targets.retry import (
    Trouble,
    causes,
    import_client,
    persevere,
    unreachable,
    untrusted,
)
from sayso.publish.targets.sources import open_source

WORK_FOLDER = ".sayso"
"""On the target, for uploads under way and lock folders: a short list, however large the feed."""
ORPHANED = timedelta(hours=1)
"""An upload that has not grown for so long has lost its publisher."""
_UPLOAD, _HOLDER = "upload-", "holder"


class WebdavTarget:
    """Files under `url` (`https://host/path`, without a user); may be used from several threads."""

    def __init__(self, url: str, *, user: str | None) -> None:
        self.address = f"webdav+{url}"
        client = import_client("webdav4.client", "webdav+https")
        self._http = import_client("httpx", "webdav+https")
        self._answers = client
        self._client: Any = client.Client(
            url,
            auth=webdav_login(urlsplit(url).hostname or "", user),
            retry=False,
            timeout=self._http.Timeout(60, connect=10),
            # Whole bytes with their own entity tag, and no answer of a cache's memory.
            headers={"Accept-Encoding": "identity", "Cache-Control": "no-cache"},
        )
        self._folders: set[str] = set()
        self._sweeping = threading.Lock()
        self._swept = False
        self._turn = LockFileTurn(_LockFolders(self), self.address)
        self._turns = Turns(self._turn.hold)

    def read(self, name: str) -> Stored | None:
        """See `Target.read`."""
        return self._read(check_name(name))[0]

    def size(self, name: str) -> int | None:
        """See `Target.size`."""
        return self._size(check_name(name))

    def put(self, name: str, source: Path | bytes, form: FileForm) -> None:
        """See `Target.put`."""
        with self._uploaded(check_name(name), source) as upload:
            self._move(upload, name, over=_ANYTHING)

    def replace(self, name: str, data: bytes, form: FileForm, *, expected: str | None) -> None:
        """See `Target.replace`."""
        with self.turn():
            there, tag = self._read(check_name(name))
            check_version(name, there, expected)
            with self._uploaded(name, data) as upload:
                self._turn.confirm()
                if self._move(upload, name, over=tag):
                    return
                # Another's doing, or a tag that the server gave and does not know again.
                check_version(name, self._read(name)[0], expected)
                self._move(upload, name, over=_ANYTHING)

    def turn(self) -> AbstractContextManager[None]:
        """See `Target.turn`."""
        return self._turns.take()

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
        """The server's answer, whose status is a good one or one of `accept`."""

        def ask() -> Any:
            with contextlib.ExitStack() as stack:
                content = None if source is None else stack.enter_context(open_source(source))
                url = self._client.join_url(path)
                answer = self._client.http.request(method, url, headers=headers, content=content)
            if not (answer.is_success or answer.status_code in accept):
                raise self._answers.HTTPError(answer)
            return answer

        return persevere(ask, self._judge)

    def list_folder(self, path: str) -> tuple[dict[str, datetime | None], datetime]:
        """The names in a folder with the times they were last written, and the server's now."""
        answer = self.request("PROPFIND", f"{path}/", headers={"Depth": "1"}, accept=(404,))
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

    def make_folder(self, path: str) -> None:
        """Make a folder under the target's, and those above it, where they are missing."""
        if path in self._folders or not path:
            return
        self.make_folder(path.rpartition("/")[0])
        if self.request("MKCOL", f"{path}/", accept=(405, 409)).status_code == 409:
            self._make_own_folder()
            self.request("MKCOL", f"{path}/", accept=(405,))
        self._folders.add(path)

    def _make_own_folder(self) -> None:
        """Make the folder of the address; what is above it may be out of sight, yet there."""
        url = self._client.base_url
        parts = [part for part in url.path.split("/") if part]
        for n_parts in range(1, len(parts) + 1):
            above = url.copy_with(path=f"/{'/'.join(parts[:n_parts])}/")
            persevere(functools.partial(self._client.http.request, "MKCOL", above), self._judge)

    def _read(self, name: str) -> tuple[Stored | None, str | None]:
        """The file and its entity tag, of one answer."""
        answer = self.request("GET", name, accept=(404,))
        if answer.status_code == 404:
            return None, None
        data = bytes(answer.content)
        return Stored(data, hashlib.sha256(data).hexdigest()), answer.headers.get("etag")

    def _size(self, path: str) -> int | None:
        answer = self.request("HEAD", path, accept=(404,))
        n_bytes = answer.headers.get("content-length")
        return int(n_bytes) if answer.status_code != 404 and n_bytes is not None else None

    @contextlib.contextmanager
    def _uploaded(self, name: str, source: Path | bytes) -> Iterator[str]:
        """Upload to a name of its own, which is gone after the block; gives that name."""
        self.make_folder(WORK_FOLDER)
        self.make_folder(name.rpartition("/")[0])
        upload = f"{WORK_FOLDER}/{_UPLOAD}{uuid.uuid4().hex}"
        try:
            self.request("PUT", upload, source=source)
            self._sweep_once()
            yield upload
        finally:
            with contextlib.suppress(PublishError, EnvironmentProblem):
                self.request("DELETE", upload, accept=(404,))

    def _move(self, upload: str, name: str, *, over: str | None) -> bool:
        """Move an upload to its place; False where something else is there than `over` says.

        `over` is an entity tag, None for nothing, or `_ANYTHING`.
        """
        to = str(self._client.join_url(name))
        headers = {"Destination": to, "Overwrite": "F" if over is None else "T"}
        if over is not None and over is not _ANYTHING:
            headers["If"] = f"<{to}> ([{over}])"
        answer = self.request("MOVE", upload, headers=headers, accept=(404, 412))
        if answer.status_code in (404, 412) and self._size(upload) is None:
            # An earlier try got through and only its answer was lost.
            return True
        return bool(answer.is_success)

    def _sweep_once(self) -> None:
        """Remove the uploads that killed runs have left."""
        with self._sweeping:
            if self._swept:
                return
            self._swept = True
        entries, now = self.list_folder(WORK_FOLDER)
        for entry, written in entries.items():
            if entry.startswith(_UPLOAD) and written is not None and now - written > ORPHANED:
                self.request("DELETE", f"{WORK_FOLDER}/{entry}", accept=(404,))

    def _judge(self, error: Exception) -> Trouble | None:
        if any(isinstance(cause, ssl.SSLError) for cause in causes(error)):
            return Trouble(untrusted(self.address), False)
        if isinstance(error, self._http.TransportError):
            return Trouble(unreachable(self.address), True)
        if not isinstance(error, self._answers.HTTPError):
            return None
        status = error.status_code
        passing = status in _PASSING or (status >= 500 and status not in _REFUSALS)
        problem, hint = _REFUSALS.get(status, (f"refuses ({status})", None))
        code = "credentials" if status == 401 else "server-refused"
        if passing:
            problem, code = f"is in trouble ({status})", "server-trouble"
            hint = "is its disk full? publish again later: nothing is lost"
        return Trouble(PublishError(f"{self.address} {problem}", code=code, hint=hint), passing)


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


class _LockFolders:
    """Lock folders `.sayso/turn-<number>/` with their text in a file; see `turns.LockFiles`."""

    def __init__(self, target: WebdavTarget) -> None:
        self._target = target

    def make(self, number: int, text: str) -> bool:
        self._target.make_folder(WORK_FOLDER)
        answer = self._target.request("MKCOL", f"{_folder(number)}/", accept=(405,))
        if answer.status_code == 405:
            return False
        self.rewrite(number, text)
        return True

    def rewrite(self, number: int, text: str) -> None:
        # 404, 409: the folder is gone, and a PUT makes none.
        path = f"{_folder(number)}/{_HOLDER}"
        self._target.request("PUT", path, source=text.encode(), accept=(404, 409))

    def standing(self) -> dict[int, str]:
        entries, _ = self._target.list_folder(WORK_FOLDER)
        return {number: self._text(number) for number in turn_numbers(entries)}

    def remove(self, number: int) -> None:
        self._target.request("DELETE", f"{_folder(number)}/", accept=(404,))

    def _text(self, number: int) -> str:
        answer = self._target.request("GET", f"{_folder(number)}/{_HOLDER}", accept=(404,))
        return "" if answer.status_code == 404 else str(answer.text)


def _folder(number: int) -> str:
    return f"{WORK_FOLDER}/{TURN}{number}"
