"""A server with SSH: every web host that gives a shell, and many that do not.

A file is uploaded under `.sayso/` and renamed to its place by `posix-rename@openssh.com`, the one
rename that replaces in a single step. Keys come from the SSH agent and `~/.ssh`, hosts and their
names from `~/.ssh/config`. sayso does not connect to a server whose key is not in `known_hosts`.
"""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import posixpath
import random
import threading
from collections.abc import Awaitable, Callable
from datetime import datetime, timezone
from pathlib import Path
from typing import Any, Concatenate, ParamSpec, TypeVar

from sayso.errors import PublishError, SaysoError
from sayso.publish.targets.base import (
    FileForm,
    Stored,
    check_name,
    check_version,
    open_source,
    source_bytes,
)
from sayso.publish.targets.locks import WORK_FOLDER, WorkFolderTarget
from sayso.publish.targets.retry import causes, import_client, retry, unreachable

P = ParamSpec("P")
T = TypeVar("T")

_BLOCK_BYTES = 4 << 20  # sent as many requests at once, so that a far server does not slow it down


def _in_session(
    method: Callable[Concatenate[SftpTarget, Any, P], Awaitable[T]],
) -> Callable[Concatenate[SftpTarget, P], T]:
    """A method that `SftpTarget.call` gives an SFTP session."""

    def called(self: SftpTarget, /, *args: P.args, **kwargs: P.kwargs) -> T:
        return self.call(lambda sftp: method(self, sftp, *args, **kwargs))

    return called


class SftpTarget(WorkFolderTarget):
    """Files under `folder` of a server; may be used from several threads.

    A `folder` that does not begin with a slash is relative to the user's home. `port` and `user`
    default to what `~/.ssh/config` says.
    """

    def __init__(self, host: str, folder: str, *, port: int | None, user: str | None) -> None:
        self.address = (
            f"sftp://{f'{user}@' if user else ''}{host}{f':{port}' if port else ''}"
            f"{folder if folder.startswith('/') else f'/~/{folder}'}"
        )
        self._ssh = import_client("asyncssh", "sftp")
        self._sshfs = import_client("sshfs", "sftp")
        self._host, self._port, self._user = host, port, user
        self._folder = folder or "."
        self._files: Any = None
        self._channel: Any = None
        self._connecting = threading.Lock()
        super().__init__()

    def read(self, name: str) -> Stored | None:
        """See `Target.read`."""
        data = self.read_path(check_name(name))
        return None if data is None else Stored(data, hashlib.sha256(data).hexdigest())

    def size(self, name: str) -> int | None:
        """See `Target.size`."""
        return self._size(check_name(name))

    def put(self, name: str, source: Path | bytes, form: FileForm) -> None:
        """See `Target.put`."""
        with self.uploaded(check_name(name), source) as upload:
            self._rename(upload, name, source_bytes(source))

    def replace(self, name: str, data: bytes, form: FileForm, *, expected: str | None) -> None:
        """See `Target.replace`."""
        with self.lock():
            check_version(name, self.read(name), expected)
            with self.uploaded(name, data) as upload:
                self._lock_files.confirm()
                self._rename(upload, name, len(data))

    def close(self) -> None:
        """See `Target.close`."""
        with self._connecting:
            self._disconnect()

    @_in_session
    async def read_path(self, sftp: Any, path: str) -> bytes | None:
        """The bytes of a file under the folder, whatever its name; None if there is none."""
        try:
            async with sftp.open(self._path(path), "rb") as stream:
                return bytes(await stream.read())
        except self._ssh.SFTPNoSuchFile:
            return None

    def call(self, ask: Callable[[Any], Awaitable[T]]) -> T:
        """What `ask` gets from an SFTP session, which is reopened after it broke."""
        from fsspec.asyn import sync

        def run() -> T:
            files, channel = self._connect()
            try:
                result: T = sync(files.loop, ask, channel)
            except Exception as error:
                if self._is_broken(error):
                    with self._connecting:
                        if self._channel is channel:
                            self._disconnect(broken=True)
                raise
            return result

        return retry(run, self._explain)

    def list_work(self) -> tuple[dict[str, datetime | None], datetime]:
        """See `WorkFolderTarget`; now is when the newest upload was written: clocks may differ."""
        self.make_folder(WORK_FOLDER)
        found = self._list(WORK_FOLDER)
        return found, max((at for at in found.values() if at), default=datetime.now(timezone.utc))

    @_in_session
    async def make_missing_folder(self, sftp: Any, path: str) -> None:
        """See `WorkFolderTarget`."""
        try:
            await sftp.makedirs(self._path(path), exist_ok=True)
        except self._ssh.SFTPFailure:  # another publisher made it at the same time
            if not await sftp.isdir(self._path(path)):
                raise

    @_in_session
    async def send(self, sftp: Any, source: Path | bytes, path: str) -> None:
        """See `WorkFolderTarget`."""
        # Not asyncssh's own put: it leaves out the end of a file that ends in zeros.
        with open_source(source) as blocks:
            async with sftp.open(self._path(path), "wb") as stream:
                while block := blocks.read(_BLOCK_BYTES):
                    await stream.write(block)
                with contextlib.suppress(self._ssh.SFTPOpUnsupported):
                    await stream.fsync()

    @_in_session
    async def remove(self, sftp: Any, path: str) -> None:
        """See `WorkFolderTarget`."""
        with contextlib.suppress(self._ssh.SFTPNoSuchFile):
            await sftp.remove(self._path(path))

    @_in_session
    async def make_exclusively(self, sftp: Any, path: str, text: str) -> bool:
        """See `WorkFolderTarget`."""
        # Version 3 of the protocol has no word for "it is there", and a moment later it may be
        # gone: a failure counts as one if no file is seen ten times in a row.
        for tries_left in reversed(range(10)):
            try:
                stream = await sftp.open(self._path(path), "xb")
            except self._ssh.SFTPFailure:
                if await sftp.exists(self._path(path)):
                    return False
                if not tries_left:
                    raise
                await asyncio.sleep(random.uniform(0, 0.04))
            else:
                async with stream:
                    await stream.write(text.encode())
                return True
        return False

    @_in_session
    async def rewrite(self, sftp: Any, path: str, text: str) -> None:
        """See `WorkFolderTarget`."""
        with contextlib.suppress(self._ssh.SFTPNoSuchFile):
            async with sftp.open(self._path(path), "r+b") as stream:
                await stream.write(text.encode())

    def lock_text(self, path: str) -> str | None:
        """See `WorkFolderTarget`."""
        text = self.read_path(path)
        return None if text is None else text.decode("utf-8", "replace")

    def _path(self, name: str) -> str:
        return posixpath.join(self._folder, name)

    @_in_session
    async def _size(self, sftp: Any, name: str) -> int | None:
        try:
            return int((await sftp.stat(self._path(name))).size)
        except self._ssh.SFTPNoSuchFile:
            return None

    @_in_session
    async def _list(self, sftp: Any, path: str) -> dict[str, datetime | None]:
        return {
            str(entry.filename): datetime.fromtimestamp(entry.attrs.mtime or 0, timezone.utc)
            for entry in await sftp.readdir(self._path(path))
        }

    @_in_session
    async def _rename(self, sftp: Any, upload: str, name: str, n_bytes: int) -> None:
        old, new = self._path(upload), self._path(name)
        try:
            await sftp.posix_rename(old, new)
        except self._ssh.SFTPNoSuchFile:
            # If the file is there, an earlier try succeeded and only its answer was lost.
            if await sftp.exists(old) or await sftp.getsize(new) != n_bytes:
                raise

    def _connect(self) -> tuple[Any, Any]:
        from fsspec.asyn import sync

        with self._connecting:
            if self._channel is None:
                given = {"port": self._port, "username": self._user}
                self._files = self._sshfs.SSHFileSystem(
                    self._host,
                    known_hosts=(),  # the user's own; by default sshfs trusts every server
                    connect_timeout=15,
                    login_timeout=30,
                    keepalive_interval=15,
                    skip_instance_cache=True,
                    **{key: value for key, value in given.items() if value},
                )
                self._channel = sync(self._files.loop, self._files.client.start_sftp_client)
            return self._files, self._channel

    def _disconnect(self, *, broken: bool = False) -> None:
        from fsspec.asyn import sync

        files, self._files, self._channel = self._files, None, None
        if files is None:
            return

        async def end() -> None:
            if broken:  # nobody would answer a farewell
                files.client.abort()
            else:
                files.client.close()
                await files.client.wait_closed()

        with contextlib.suppress(Exception):
            sync(files.loop, end, timeout=5)

    def _is_broken(self, error: Exception) -> bool:
        ssh = self._ssh
        lost = (ssh.SFTPNoConnection, ssh.SFTPConnectionLost, ssh.DisconnectError, OSError)
        return isinstance(error, (*lost, ssh.ChannelOpenError, asyncio.TimeoutError))

    def _explain(self, error: Exception) -> SaysoError | None:
        ssh, where, chain = self._ssh, self.address, tuple(causes(error))

        def is_a(kind: type[Exception]) -> bool:  # sshfs wraps what asyncssh raises
            return any(isinstance(cause, kind) for cause in chain)

        code = "server-refused"
        if is_a(ssh.HostKeyNotVerifiable):
            code = "untrusted-server"
            problem = f"the key of the server of {where} is not the one in ~/.ssh/known_hosts"
            host = f" -p {self._port} {self._host}" if self._port else f" {self._host}"
            hint = f"connect once with ssh{host} and compare the fingerprint, "
            hint += f"or: ssh-keyscan{host} >> ~/.ssh/known_hosts"
        elif is_a(ssh.PermissionDenied):
            code = "credentials"
            problem = f"{where} accepts none of the SSH keys here"
            hint = "load yours with ssh-add, or add it there with ssh-copy-id"
        elif is_a(ssh.SFTPPermissionDenied):
            problem, hint = f"{where} does not allow it", "check who owns the folder there"
        elif is_a(ssh.SFTPOpUnsupported):
            problem = f"the server of {where} cannot replace a file in one step"
            hint = "it lacks posix-rename@openssh.com; publish to another kind of target"
        elif any(isinstance(cause, Exception) and self._is_broken(cause) for cause in chain):
            return unreachable(where)
        elif is_a(ssh.SFTPError):
            problem = f"{where} refuses ({type(error).__name__})"
            hint = "check its free space, and that the folder is on one disk"
        else:
            return None
        return PublishError(problem, code=code, hint=hint)
