"""Files appear whole or not at all, whatever happens."""

from __future__ import annotations

import contextlib
import os
import resource
import signal
import stat
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tools import absent, small_disk, without_writing

from sayso.errors import EnvironmentProblem
from sayso.system.atomic_files import TEMPORARY_SUFFIX, open_atomic, sweep, write_atomic


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


# ----------------------------------------------------------------------------------------- writing


@settings(max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(contents=st.lists(st.one_of(st.binary(max_size=300), st.text(max_size=100)), max_size=4))
def test_what_is_written_is_there_and_nothing_else(tmp_path: Path, contents: list) -> None:
    path = tmp_path / "sub" / "file"
    for content in contents:
        write_atomic(path, content)
        raw = content.encode("utf-8") if isinstance(content, str) else content
        assert path.read_bytes() == raw
        assert names(path.parent) == ["file"]


@pytest.mark.parametrize("durable", [True, False])
def test_the_old_file_stays_until_the_new_one_is_whole(tmp_path: Path, durable: bool) -> None:
    path = tmp_path / "file"
    path.write_text("old")
    with open_atomic(path, durable=durable) as stream:
        stream.write(b"new")
        stream.flush()
        assert path.read_text() == "old"
    assert path.read_text() == "new"
    assert names(tmp_path) == ["file"]


def test_a_failure_in_the_middle_leaves_the_old_file_and_nothing_else(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_text("old")

    def half() -> None:
        with open_atomic(path) as stream:
            stream.write(b"new")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        half()
    assert path.read_text() == "old"
    assert names(tmp_path) == ["file"]


def test_the_same_bytes_leave_the_file_alone(tmp_path: Path) -> None:
    path = tmp_path / "file"
    write_atomic(path, "same")
    os.utime(path, (1, 1))
    before = path.stat()
    write_atomic(path, "same")
    after = path.stat()
    assert (before.st_ino, before.st_mtime_ns) == (after.st_ino, after.st_mtime_ns)
    write_atomic(path, "different")
    assert path.stat().st_mtime > 1
    assert names(tmp_path) == ["file"]


def test_files_have_the_permissions_of_the_umask(tmp_path: Path) -> None:
    path = tmp_path / "file"
    write_atomic(path, "x")
    (tmp_path / "plain").write_text("x")
    assert stat.S_IMODE(path.stat().st_mode) == stat.S_IMODE((tmp_path / "plain").stat().st_mode)


def test_many_writers_of_one_file_leave_one_of_their_versions(tmp_path: Path) -> None:
    path = tmp_path / "file"
    versions = {bytes([n]) * 50_000 for n in range(6)}
    threads = [
        threading.Thread(target=lambda v=v: [write_atomic(path, v) for _ in range(5)])
        for v in versions
    ]
    for thread in threads:
        thread.start()
    for _ in range(50):
        with contextlib.suppress(FileNotFoundError):
            assert path.read_bytes() in versions
    for thread in threads:
        thread.join()
    assert path.read_bytes() in versions
    assert names(tmp_path) == ["file"]


# ---------------------------------------------------------------------------------------- refusals


def refused(path: Path, content: bytes = b"x") -> EnvironmentProblem:
    with pytest.raises(EnvironmentProblem) as caught:
        write_atomic(path, content)
    assert caught.value.file == str(path)
    return caught.value


def test_a_file_in_place_of_a_folder(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    assert "a file stands where a folder is needed" in str(refused(tmp_path / "file" / "below"))


def test_a_folder_in_place_of_a_file(tmp_path: Path) -> None:
    (tmp_path / "folder" / "full").mkdir(parents=True)
    assert "a folder stands where a file is needed" in str(refused(tmp_path / "folder"))
    assert names(tmp_path) == ["folder"]


def test_a_name_that_is_too_long(tmp_path: Path) -> None:
    assert "the file name is too long" in str(refused(tmp_path / ("x" * 256)))
    assert names(tmp_path) == []
    write_atomic(tmp_path / ("x" * 255), "as long as may be")
    write_atomic(tmp_path / ("é" * 127), "as long as may be")
    assert len(names(tmp_path)) == 2


def test_a_folder_that_may_not_be_written(tmp_path: Path) -> None:
    """As nobody, where the tests run as root, who may do anything."""
    tmp_path.chmod(0o555)
    told, tell = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            if os.geteuid() == 0:
                os.chdir("/")
                os.setuid(65_534)
            write_atomic(tmp_path / "file", "x")
        except BaseException as error:
            os.write(tell, str(error).encode())
        finally:
            os._exit(0)
    os.waitpid(child, 0)
    os.close(tell)
    with os.fdopen(told) as stream:
        assert "no permission for this file or folder" in stream.read()
    assert names(tmp_path) == []
    tmp_path.chmod(0o755)


def test_a_folder_that_nobody_may_write() -> None:
    if not Path("/proc/self/task").is_dir():
        absent("no /proc")
    problem = refused(Path("/proc/self/file"))
    assert problem.exit_code == 3


def test_a_file_that_grows_too_large(tmp_path: Path) -> None:
    """By a limit of the account: the same course as on a full disk."""
    path = tmp_path / "file"
    path.write_text("old")
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    before = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (4_096, limits[1]))
    try:
        problem = refused(path, bytes(1_000_000))
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
        signal.signal(signal.SIGXFSZ, before)
    assert "may not be so large" in problem.problem
    assert path.read_text() == "old"
    assert names(tmp_path) == ["file"]


def test_a_full_disk_and_a_read_only_one(tmp_path: Path) -> None:
    """A disk of a megabyte, where the machine lets us have one; then one that is read-only."""
    disk = tmp_path / "disk"
    with small_disk(disk, "1m"):
        path = disk / "file"
        write_atomic(path, "old")
        problem = refused(path, bytes(2_000_000))
        assert problem.problem == "the disk is full"
        assert "free some space" in str(problem)
        assert path.read_text() == "old"
        assert names(disk) == ["file"]
        write_atomic(path, "new")
        assert path.read_text() == "new"

        without_writing(disk)
        assert refused(path).problem == "the file system is read-only"
        assert path.read_text() == "new"


# ---------------------------------------------------------------------------------------- sweeping

WRITER = """
import sys, time
from pathlib import Path
from sayso.system.atomic_files import open_atomic
with open_atomic(Path(sys.argv[1])) as stream:
    stream.write(b"half")
    stream.flush()
    print("writing", flush=True)
    time.sleep(60)
"""


def test_a_sweep_removes_what_the_dead_have_left_and_spares_the_living(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_text("old")
    (tmp_path / ".mine").write_text("a hidden file of somebody else")
    with subprocess.Popen(
        [sys.executable, "-c", WRITER, str(path)], stdout=subprocess.PIPE
    ) as writer:
        try:
            assert writer.stdout is not None
            writer.stdout.readline()
            sweep(tmp_path)
            assert len(names(tmp_path)) == 3
        finally:
            writer.kill()
    assert [name for name in names(tmp_path) if name.endswith(TEMPORARY_SUFFIX)]
    sweep(tmp_path)
    assert names(tmp_path) == [".mine", "file"]
    assert path.read_text() == "old"


def test_a_sweep_in_the_middle_of_many_writes_breaks_none(tmp_path: Path) -> None:
    done = threading.Event()
    failures: list[BaseException] = []

    def write(name: str) -> None:
        try:
            for n in range(150):
                write_atomic(tmp_path / name, f"{name} {n}", durable=False)
        except BaseException as error:
            failures.append(error)
        finally:
            done.set()

    writer = threading.Thread(target=write, args=("a",))
    writer.start()
    while not done.is_set():
        sweep(tmp_path)
        time.sleep(0)
    writer.join()
    assert failures == []
    assert names(tmp_path) == ["a"]


def test_a_sweep_of_no_folder_is_nothing(tmp_path: Path) -> None:
    sweep(tmp_path / "absent")
