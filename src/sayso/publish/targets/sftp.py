"""A server with SSH: every web host that gives a shell, and many that do not.

A file is uploaded under `.sayso/` and renamed to its place by `posix-rename@openssh.com`, the one
rename that replaces in a single step. Keys come from the SSH agent and `~/.ssh`, hosts and their
names from `~/.ssh/config`; a server whose key is not in `known_hosts` is not spoken to.
"""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import posixpath
import random
import threading
import uuid
from collections.abc import Awaitable, Callable
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any, TypeVar

from sayso.errors import EnvironmentProblem, PublishError
from sayso.publish.targets.base import FileForm, Stored, check_name, check_version
from sayso.publish.targets.locks import TURN, LockFileTurn, Turns, turn_numbers
from sayso.publish.targets.retry import Trouble, causes, import_client, persevere, unreachable
from sayso.publish.targets.sources import open_source, source_bytes

T = TypeVar("T")

WORK_FOLDER = ".sayso"
"""On the target, for uploads under way and lock files: a short list, however large the feed."""
ORPHANED_S = 3600
"""An upload that has not grown for so long has lost its publisher."""
_BLOCK_BYTES = 4 << 20  # sent as many requests at once, so that a far server does not slow it down
_UPLOAD = "upload-"


class SftpTarget:
    """Files under `folder` of a server; may be used from several threads.

    A `folder` that does not begin with a slash is meant from the user's home. `port` and `user`
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
        self._folders: set[str] = set()
        self._swept = False
        self._turn = LockFileTurn(_SftpLockFiles(self), self.address)
        self._turns = Turns(self._turn.hold)

    def read(self, name: str) -> Stored | None:
        """See `Target.read`."""
        data = self.read_path(check_name(name))
        return None if data is None else Stored(data, hashlib.sha256(data).hexdigest())

    def size(self, name: str) -> int | None:
        """See `Target.size`."""
        path = self._path(check_name(name))

        async def ask(sftp: Any) -> int | None:
            try:
                return int((await sftp.stat(path)).size)
            except self._ssh.SFTPNoSuchFile:
                return None

        return self.call(ask)

    def put(self, name: str, source: Path | bytes, form: FileForm) -> None:
        """See `Target.put`."""
        self._put(check_name(name), source)

    def replace(self, name: str, data: bytes, form: FileForm, *, expected: str | None) -> None:
        """See `Target.replace`."""
        with self.turn():
            check_version(name, self.read(name), expected)
            self._put(name, data, just_before=self._turn.confirm)

    def turn(self) -> AbstractContextManager[None]:
        """See `Target.turn`."""
        return self._turns.take()

    def close(self) -> None:
        """See `Target.close`."""
        with self._connecting:
            self._disconnect()

    def read_path(self, path: str) -> bytes | None:
        """The bytes of a file under the folder, whatever its name; None where there is none."""

        async def ask(sftp: Any) -> bytes | None:
            try:
                async with sftp.open(self._path(path), "rb") as stream:
                    return bytes(await stream.read())
            except self._ssh.SFTPNoSuchFile:
                return None

        return self.call(ask)

    def work_path(self, name: str = "") -> str:
        """The path of a file in the work folder, which is made where it is missing."""
        self._make_folder(self._path(WORK_FOLDER))
        return posixpath.join(self._path(WORK_FOLDER), name)

    def call(self, ask: Callable[[Any], Awaitable[T]]) -> T:
        """What `ask` gets to know from an SFTP session, which is opened anew where it broke."""
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

        return persevere(run, self._judge)

    def _path(self, name: str) -> str:
        return posixpath.join(self._folder, name)

    def _put(
        self, name: str, source: Path | bytes, *, just_before: Callable[[], None] | None = None
    ) -> None:
        n_bytes = source_bytes(source)
        path = self._path(name)
        upload = self.work_path(f"{_UPLOAD}{uuid.uuid4().hex}")
        self._make_folder(posixpath.dirname(path))

        async def send(sftp: Any) -> None:
            # Not asyncssh's own put: it leaves out the end of a file that ends in zeros.
            with open_source(source) as blocks:
                async with sftp.open(upload, "wb") as stream:
                    while block := blocks.read(_BLOCK_BYTES):
                        await stream.write(block)
                    with contextlib.suppress(self._ssh.SFTPOpUnsupported):
                        await stream.fsync()

        async def rename(sftp: Any) -> None:
            try:
                await sftp.posix_rename(upload, path)
            except self._ssh.SFTPNoSuchFile:
                # Where it is there, an earlier try got through and only its answer was lost.
                if await sftp.exists(upload) or await sftp.getsize(path) != n_bytes:
                    raise

        try:
            self.call(send)
            self._sweep_once()
            if just_before is not None:
                just_before()
            self.call(rename)
        except BaseException:
            with contextlib.suppress(PublishError, EnvironmentProblem):
                self._remove(upload)
            raise

    def _make_folder(self, path: str) -> None:
        if path in self._folders:
            return

        async def ask(sftp: Any) -> None:
            try:
                await sftp.makedirs(path, exist_ok=True)
            except self._ssh.SFTPFailure:  # another publisher made it at the same time
                if not await sftp.isdir(path):
                    raise

        self.call(ask)
        self._folders.add(path)

    def _remove(self, path: str) -> None:
        async def ask(sftp: Any) -> None:
            with contextlib.suppress(self._ssh.SFTPNoSuchFile):
                await sftp.remove(path)

        self.call(ask)

    def _sweep_once(self) -> None:
        """Remove what killed runs have left; called with an upload of ours just written.

        Its time is the server's now: clocks may differ.
        """
        if self._swept:
            return
        self._swept = True

        async def ask(sftp: Any) -> None:
            found = [
                (entry.filename, entry.attrs.mtime or 0)
                for entry in await sftp.readdir(self._path(WORK_FOLDER))
                if entry.filename.startswith(_UPLOAD)
            ]
            now = max((mtime for _, mtime in found), default=0)
            for filename, mtime in found:
                if now - mtime > ORPHANED_S:
                    with contextlib.suppress(self._ssh.SFTPError):
                        await sftp.remove(self._path(f"{WORK_FOLDER}/{filename}"))

        self.call(ask)

    def _connect(self) -> tuple[Any, Any]:
        from fsspec.asyn import sync

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
                self._channel = sync(self._files.loop, self._files.client.start_sftp_client)
            return self._files, self._channel

    def _disconnect(self, *, broken: bool = False) -> None:
        from fsspec.asyn import sync

        files, self._files, self._channel = self._files, None, None
        if files is None:
            return

        async def end() -> None:
            if broken:  # nobody is there to take leave of
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

    def _judge(self, error: Exception) -> Trouble | None:
        ssh, where, chain = self._ssh, self.address, tuple(causes(error))

        def is_a(kind: type[Exception]) -> bool:  # sshfs wraps what asyncssh raises
            return any(isinstance(cause, kind) for cause in chain)

        if is_a(ssh.HostKeyNotVerifiable):
            return Trouble(self._unknown_host(), False)
        code = "server-refused"
        if is_a(ssh.PermissionDenied):
            code = "credentials"
            problem = f"{where} accepts none of the SSH keys here"
            hint = "load yours with ssh-add, or add it there with ssh-copy-id"
        elif is_a(ssh.SFTPPermissionDenied):
            problem, hint = f"{where} does not allow it", "check who owns the folder there"
        elif is_a(ssh.SFTPOpUnsupported):
            problem = f"the server of {where} cannot replace a file in one step"
            hint = "it lacks posix-rename@openssh.com; publish to another kind of target"
        elif any(isinstance(cause, Exception) and self._is_broken(cause) for cause in chain):
            return Trouble(unreachable(where), True)
        elif is_a(ssh.SFTPError):
            problem = f"{where} refuses ({type(error).__name__})"
            hint = "check its free space, and that the folder is on one disk"
        else:
            return None
        return Trouble(PublishError(problem, code=code, hint=hint), False)

    def _unknown_host(self) -> PublishError:
        port = f" -p {self._port}" if self._port else ""
        return PublishError(
            f"the key of the server of {self.address} is not the one in ~/.ssh/known_hosts",
            code="untrusted-server",
            hint=f"connect once with ssh{port} {self._host} and compare the fingerprint, "
            f"or: ssh-keyscan{port} {self._host} >> ~/.ssh/known_hosts",
        )


class _SftpLockFiles:
    """Lock files `.sayso/turn-<number>`; see `turns.LockFiles`."""

    def __init__(self, target: SftpTarget) -> None:
        self._target = target

    def make(self, number: int, text: str) -> bool:
        import asyncssh

        path = self._target.work_path(f"{TURN}{number}")

        async def ask(sftp: Any) -> bool:
            # Version 3 of the protocol has no word for "it is there", and a moment later it may be
            # gone: a failure counts as one where no file is seen ten times on end.
            for tries_left in reversed(range(10)):
                try:
                    stream = await sftp.open(path, "xb")
                except asyncssh.SFTPFailure:
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

        return self._target.call(ask)

    def rewrite(self, number: int, text: str) -> None:
        import asyncssh

        path = self._target.work_path(f"{TURN}{number}")

        async def ask(sftp: Any) -> None:
            with contextlib.suppress(asyncssh.SFTPNoSuchFile):
                async with sftp.open(path, "r+b") as stream:
                    await stream.write(text.encode())

        self._target.call(ask)

    def standing(self) -> dict[int, str]:
        folder = self._target.work_path()

        async def ask(sftp: Any) -> list[str]:
            return [str(entry.filename) for entry in await sftp.readdir(folder)]

        texts = {
            number: self._target.read_path(f"{WORK_FOLDER}/{TURN}{number}")
            for number in turn_numbers(self._target.call(ask))
        }
        return {
            number: text.decode("utf-8", "replace")
            for number, text in texts.items()
            if text is not None
        }

    def remove(self, number: int) -> None:
        import asyncssh

        path = self._target.work_path(f"{TURN}{number}")

        async def ask(sftp: Any) -> None:
            with contextlib.suppress(asyncssh.SFTPNoSuchFile):
                await sftp.remove(path)

        self._target.call(ask)
