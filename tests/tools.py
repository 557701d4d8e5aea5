"""What tests need and a machine may lack: programs, packages, rights. Every test asks here first.

Without it the test skips, before anything is started; in CI, which installs all of it, it fails.
"""

from __future__ import annotations

import contextlib
import importlib
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any, NoReturn

import pytest

TESTS = Path(__file__).parent
SOAK = bool(os.environ.get("SAYSO_SOAK"))
INSTANTS = int(os.environ.get("SAYSO_INSTANTS", "1"))
"""How many kills of each command, and how finely a disk is filled."""

soak = pytest.mark.skipif(not SOAK, reason="long (SAYSO_SOAK=1 runs them)")

_found: set[str] = set()


def absent(reason: str) -> NoReturn:
    """Skip for `reason`; in CI, fail."""
    if os.environ.get("CI") == "true":
        pytest.fail(f"{reason}; CI must have it")
    pytest.skip(reason, allow_module_level=True)


def need(program: str, *folders: str) -> str:
    """The path of an outside program.

    `folders` are searched after `PATH`, for servers, which not everybody's `PATH` has.
    """
    path = shutil.which(program) or shutil.which(program, path=os.pathsep.join(folders))
    if path is None:
        absent(f"no {program}")
    _found.update((program, path))
    return path


def need_package(module: str) -> ModuleType:
    """A module of a package that not every room of tests needs."""
    try:
        return importlib.import_module(module)
    except ImportError as error:
        if (error.name or "").startswith("sayso"):
            raise  # ours, and broken
        absent(f"no {(error.name or module).partition('.')[0]}")


def need_engine(name: str) -> None:
    """An engine's packages and voices."""
    from sayso.speech.engines import engine_class

    if engine_class(name).installed() is not None:
        absent(f"no {name}")


def need_right(to: str, *command: str) -> None:
    """A right that only some accounts have, shown by a command that uses it."""
    done = subprocess.run([need(command[0]), *command[1:]], capture_output=True, check=False)
    if done.returncode:
        absent(f"no right to {to}")


@contextlib.contextmanager
def small_disk(folder: Path, size: str) -> Iterator[Path]:
    """A disk of `size` (as `mount` has it) on a new folder."""
    need("umount")
    folder.mkdir(parents=True, exist_ok=True)
    options = ("-t", "tmpfs", "-o", f"size={size}", "tmpfs", str(folder))
    need_right("mount a disk", "mount", *options)
    try:
        yield folder
    finally:
        subprocess.run(["umount", "-l", str(folder)], check=True)


def without_writing(folder: Path) -> None:
    """Have nobody write to a small disk from now on."""
    subprocess.run([need("mount"), "-o", "remount,ro", str(folder)], check=True)


def without_network() -> tuple[str, ...]:
    """What stands before a command that is to have no network."""
    command = (need("unshare"), "-n" if os.geteuid() == 0 else "-rn")
    need_right("take the network away", *command, "true")
    return command


def bound_by_permissions() -> tuple[str, ...]:
    """What stands before a command that permissions are to bind, though root runs the tests."""
    if os.geteuid() != 0:
        return ()
    return (need("setpriv"), "--bounding-set=-dac_override,-dac_read_search", "--inh-caps=-all")


@contextlib.contextmanager
def only_what_was_asked_for() -> Iterator[None]:
    """Have a test fail that starts an outside program without `need`."""
    start = subprocess.Popen.__init__

    def checked(self: subprocess.Popen, args: Any, *more: Any, **options: Any) -> None:
        frame = sys._getframe(1)
        while frame.f_code.co_filename == subprocess.__file__ and frame.f_back:
            frame = frame.f_back
        program = args if isinstance(args, (str, Path)) else args[0]
        ours = TESTS in Path(frame.f_code.co_filename).parents
        if ours and os.sep not in str(program) and program not in _found:
            pytest.fail(f"{program} is started without tools.need({str(program)!r})")
        start(self, args, *more, **options)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(subprocess.Popen, "__init__", checked)
        yield
