"""Ctrl-C at any instant: exit code 130, no traceback, nothing lost.

An instant is a number: Python reports what a program does (imports, opened files, processes that it
starts …) to audit hooks, and the program here is interrupted at its n-th report.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from sayso.cli import run

PROGRAM = """
import os, runpy, signal, sys
sys.path[:] = {path!r}
sys.argv = ["sayso", *{arguments!r}]
left = {instants!r}
begun = seen = 0

def hook(event, arguments):
    global begun, seen
    begun = begun or (event == "import" and arguments[0] == "sayso.cli")
    seen += begun
    if left and seen >= left[0]:
        del left[0]
        os.write({report}, b"x")
        os.kill(os.getpid(), signal.SIGINT)

def count(code, pid=os.getpid(), end=os._exit):
    if os.getpid() == pid:
        os.write({report}, b"%d" % seen)
    end(code)

if not left:
    os._exit = count
sys.addaudithook(hook)
runpy.run_module("sayso", run_name="__main__", alter_sys=True)
"""


def interrupted(instants: list[int], *arguments: str) -> tuple[int, str, str]:
    """Run sayso, interrupted at `instants`: its exit code, its errors, and what the hook reports:
    an x for each interrupt, or how many instants there are."""
    reading, writing = os.pipe()
    program = PROGRAM.format(path=sys.path, arguments=arguments, instants=instants, report=writing)
    done = subprocess.run(
        [sys.executable, "-c", program],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        pass_fds=[writing],
        timeout=60,
        check=False,
    )
    os.close(writing)
    with os.fdopen(reading) as pipe:
        return done.returncode, done.stderr, pipe.read()


def instants(n: int, count: int) -> list[int]:
    """The first ones, and others spread over a run of `n`."""
    return sorted({1, 2, 30, *(1 + round(n * k / count) for k in range(count))})


@pytest.mark.skipif(os.name != "posix", reason="signals of POSIX")
@pytest.mark.parametrize("engine", ["tone", "pyttsx3"])
def test_an_interrupt_at_any_instant(
    here: Path, engine: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    build = ("build", "pier.md", "--engine", engine)
    monkeypatch.setenv("SAYSO_CACHE", str(here / "measured"))
    code, err, n = (
        interrupted([], *build, "--draft") if engine == "tone" else interrupted([], *build)
    )
    assert code == 0, err
    monkeypatch.setenv("SAYSO_CACHE", str(here / "cache"))
    usual = {"tone": "4", "pyttsx3": "2"}[engine]  # two seconds each
    for instant in instants(int(n), int(os.environ.get("SAYSO_INSTANTS", usual))):
        code, err, fired = interrupted([instant], *build)
        told = f"instant {instant} of {n}: {code}\n{err}"
        assert "Traceback" not in err, told
        if code != 0 or "x" in fired:
            assert (code, fired) == (130, "x"), told
            assert "interrupted" in err, told
    assert run([*build, "-q"]) == 0
    assert run(["check"]) == 0


INTERRUPTED_IN = """
import sys
sys.path[:] = {path!r}
import sayso.__main__, sayso.cli

def run():
{body}

sayso.cli.run = run
sayso.__main__.main()
"""
IN_AN_EXEC = """\
    exec("import os, signal; os.kill(os.getpid(), signal.SIGINT)")
"""
BESIDE_A_THREAD = """\
    import os, signal, time
    from sayso.system.threads import Threads
    with Threads(1) as pool:
        pool.submit(time.sleep, 600)
        os.kill(os.getpid(), signal.SIGINT)
"""


@pytest.mark.skipif(os.name != "posix", reason="signals of POSIX")
@pytest.mark.parametrize("body", [IN_AN_EXEC, BESIDE_A_THREAD], ids=["exec", "thread"])
def test_an_interrupt_is_answered_by_sayso_and_not_by_python(body: str, tmp_path: Path) -> None:
    """Python would end by the signal after the one, and wait for the thread of the other."""
    (tmp_path / "program.py").write_text(INTERRUPTED_IN.format(path=sys.path, body=body))
    done = subprocess.run(
        [sys.executable, "-m", "program"],
        cwd=tmp_path,
        stderr=subprocess.PIPE,
        text=True,
        timeout=30,
        check=False,
    )
    assert done.returncode == 130
    assert done.stderr == (
        "interrupted; finished takes are kept, the same command goes on from there\n"
    )
