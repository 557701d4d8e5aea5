"""A server with SSH: every web host that gives a shell, and many that do not.

A file is uploaded under `.sayso/` and renamed to its place by `posix-rename@openssh.com`, the one
rename that replaces in a single step. Keys come from the SSH agent and `~/.ssh`, hosts and their
names from `~/.ssh/config`; a server whose key is not in `known_hosts` is not used.
"""

from __future__ import annotations

import asyncio
import contextlib
import posixpath
import random
import threading
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any, TypeVar

from sayso.errors import PublishError
from sayso.publish.targets.base import check_name, open_source, source_bytes
from sayso.publish.targets.locks import WORK_FOLDER, StagedTarget, lock_path
from sayso.publish.targets.retry import (
    RemoteError,
    call_with_retries,
    causes,
    import_client,
    refused,
    unreachable,
)

T = TypeVar("T")

_BLOCK_BYTES = 4 << 20  # sent as many requests at once, so that a far server does not slow it down


class SftpTarget(StagedTarget):
    """Files under `folder` of a server; may be used from several threads.

    A `folder` that does not begin with a slash is relative to the user's home. `port` and `user`
    default to what `~/.ssh/config` says.
    """

    def __init__(self, host: str, folder: str, *, port: int | None, user: str | None) -> None:
        super().__init__(
            f"sftp://{f'{user}@' if user else ''}{host}{f':{port}' if port else ''}"
            f"{folder if folder.startswith('/') else f'/~/{folder}'}"
        )
        self._ssh = import_client("asyncssh", "sftp")
        self._sshfs = import_client("sshfs", "sftp")
        self._sync = import_client("fsspec.asyn", "sftp").sync
        self._host, self._port, self._user = host, port, user
        self._folder = folder or "."
        self._files: Any = None
        self._channel: Any = None
        self._connecting = threading.Lock()

    def size(self, name: str) -> int | None:
        """See `Target.size`."""
        path = self._path(check_name(name))

        async def ask(sftp: Any) -> int | None:
            with contextlib.suppress(self._ssh.SFTPNoSuchFile):
                return int((await sftp.stat(path)).size)
            return None

        return self._call(ask)

    def close(self) -> None:
        """See `Target.close`."""
        with self._connecting:
            self._disconnect()

    def read_path(self, path: str) -> bytes | None:
        """See `StagedTarget.read_path`."""

        async def ask(sftp: Any) -> bytes | None:
            with contextlib.suppress(self._ssh.SFTPNoSuchFile):
                async with sftp.open(self._path(path), "rb") as stream:
                    return bytes(await stream.read())
            return None

        return self._call(ask)

    def upload(self, path: str, source: Path | bytes) -> None:
        """See `StagedTarget.upload`."""

        async def ask(sftp: Any) -> None:
            # Not asyncssh's own put: it leaves out the end of a file that ends in zeros.
            with open_source(source) as blocks:
                async with sftp.open(self._path(path), "wb") as stream:
                    while block := blocks.read(_BLOCK_BYTES):
                        await stream.write(block)
                    with contextlib.suppress(self._ssh.SFTPOpUnsupported):
                        await stream.fsync()

        self._call(ask)

    def rename(self, path: str, name: str, source: Path | bytes) -> None:
        """See `StagedTarget.rename`."""
        old, new, n_bytes = self._path(path), self._path(name), source_bytes(source)

        async def ask(sftp: Any) -> None:
            try:
                await sftp.posix_rename(old, new)
            except self._ssh.SFTPNoSuchFile:
                # If it is there, an earlier try got through and only its answer was lost.
                if await sftp.exists(old) or await sftp.getsize(new) != n_bytes:
                    raise

        self._call(ask)

    def remove(self, path: str) -> None:
        """See `StagedTarget.remove`."""

        async def ask(sftp: Any) -> None:
            with contextlib.suppress(self._ssh.SFTPNoSuchFile):
                await sftp.remove(self._path(path))

        self._call(ask)

    def create_folder(self, path: str) -> None:
        """See `StagedTarget.create_folder`."""

        async def ask(sftp: Any) -> None:
            try:
                await sftp.makedirs(self._path(path), exist_ok=True)
            except self._ssh.SFTPFailure:  # another publisher made it at the same time
                if not await sftp.isdir(self._path(path)):
                    raise

        self._call(ask)

    def list_work(self) -> dict[str, float | None]:
        """See `StagedTarget.list_work`."""

        async def ask(sftp: Any) -> dict[str, float | None]:
            entries = await sftp.readdir(self._path(WORK_FOLDER))
            return {str(entry.filename): entry.attrs.mtime for entry in entries}

        return self._call(ask)

    def make_lock(self, number: int, text: str) -> bool:
        """See `StagedTarget.make_lock`."""
        path = self._path(lock_path(number))

        async def ask(sftp: Any) -> bool:
            # Version 3 of the protocol has no word for "it is there", and a moment later it may be
            # gone: a failure counts as one if no file is seen ten times in a row.
            for tries_left in reversed(range(10)):
                try:
                    stream = await sftp.open(path, "xb")
                except self._ssh.SFTPFailure:
                    if await sftp.exists(path):
                        return False
                    if not tries_left:
                        raise
                    await asyncio.sleep(random.uniform(0, 0.04))
                else:
                    async with stream:
                        await stream.write(text.encode())
                    return True
            return False

        return self._call(ask)

    def rewrite_lock(self, number: int, text: str) -> None:
        """See `StagedTarget.rewrite_lock`."""

        async def ask(sftp: Any) -> None:
            with contextlib.suppress(self._ssh.SFTPNoSuchFile):
                async with sftp.open(self._path(lock_path(number)), "r+b") as stream:
                    await stream.write(text.encode())

        self._call(ask)

    def read_lock(self, number: int) -> str | None:
        """See `StagedTarget.read_lock`."""
        text = self.read_path(lock_path(number))
        return None if text is None else text.decode("utf-8", "replace")

    def _path(self, name: str) -> str:
        return posixpath.join(self._folder, name)

    def _call(self, ask: Callable[[Any], Awaitable[T]]) -> T:
        """What `ask` gets from an SFTP session, which is opened again if it is broken."""

        def run() -> T:
            files, channel = self._connect()
            try:
                result: T = self._sync(files.loop, ask, channel)
            except Exception as error:
                if self._is_broken(error):
                    with self._connecting:
                        if self._channel is channel:
                            self._disconnect(is_broken=True)
                raise
            return result

        return call_with_retries(run, self._classify)

    def _connect(self) -> tuple[Any, Any]:
        with self._connecting:
            if self._channel is None:
                given = {"port": self._port, "username": self._user}
                self._files = self._sshfs.SSHFileSystem(
                    self._host,
                    known_hosts=(),  # those of the user; by default sshfs trusts anybody
                    connect_timeout=15,
                    login_timeout=30,
                    keepalive_interval=15,
                    skip_instance_cache=True,
                    **{key: value for key, value in given.items() if value},
                )
                self._channel = self._sync(self._files.loop, self._files.client.start_sftp_client)
            return self._files, self._channel

    def _disconnect(self, *, is_broken: bool = False) -> None:
        files, self._files, self._channel = self._files, None, None
        if files is None:
            return

        async def end() -> None:
            if is_broken:  # nobody is there to say goodbye to
                files.client.abort()
            else:
                files.client.close()
                await files.client.wait_closed()

        with contextlib.suppress(Exception):
            self._sync(files.loop, end, timeout=5)

    def _is_broken(self, error: BaseException) -> bool:
        ssh = self._ssh
        lost = (ssh.SFTPNoConnection, ssh.SFTPConnectionLost, ssh.DisconnectError, OSError)
        return isinstance(error, (*lost, ssh.ChannelOpenError, asyncio.TimeoutError))

    def _classify(self, error: Exception) -> RemoteError | None:
        ssh, where, chain = self._ssh, self.address, tuple(causes(error))

        def is_a(kind: type[Exception]) -> bool:  # sshfs wraps what asyncssh raises
            return any(isinstance(cause, kind) for cause in chain)

        if is_a(ssh.HostKeyNotVerifiable):
            return RemoteError(self._unknown_host())
        if is_a(ssh.PermissionDenied):
            hint = "load yours with ssh-add, or add it there with ssh-copy-id"
            return refused(f"{where} accepts none of the SSH keys here", hint, "credentials")
        if is_a(ssh.SFTPPermissionDenied):
            return refused(f"{where} does not allow it", "check who owns the folder there")
        if is_a(ssh.SFTPOpUnsupported):
            hint = "it lacks posix-rename@openssh.com; publish to another kind of target"
            return refused(f"the server of {where} cannot replace a file in one step", hint)
        if any(map(self._is_broken, chain)):
            return unreachable(where)
        if is_a(ssh.SFTPError):
            hint = "check its free space, and that the folder is on one disk"
            return refused(f"{where} refuses ({type(error).__name__})", hint)
        return None

    def _unknown_host(self) -> PublishError:
        port = f" -p {self._port}" if self._port else ""
        return PublishError(
            f"the key of the server of {self.address} is not the one in ~/.ssh/known_hosts",
            code="untrusted-server",
            hint=f"connect once with ssh{port} {self._host} and compare the fingerprint, "
            f"or: ssh-keyscan{port} {self._host} >> ~/.ssh/known_hosts",
        )
