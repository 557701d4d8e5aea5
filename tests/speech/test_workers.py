"""Workers: every call gets its answer, in spite of hangs and crashes; no process is left behind."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import textwrap
import time
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from speech import worker_tasks as tasks

from sayso.errors import SpeechError
from sayso.speech.workers import LocalWorkers

LIMIT_S = 2.0  # a new worker needs time to begin, on a machine that is busy with other tests too


@pytest.fixture(scope="module")
def workers() -> Iterator[LocalWorkers]:
    with LocalWorkers(2) as pool:
        yield pool


def gone(pid: int, patience_s: float = 10.0) -> bool:
    """Whether a process ends within the patience: never how fast."""
    end = time.monotonic() + patience_s
    while time.monotonic() < end:
        try:
            os.kill(pid, 0)
            if Path(f"/proc/{pid}/stat").read_text().split(") ")[-1].startswith("Z"):
                return True  # ended, and nobody has asked for its exit code yet
        except (ProcessLookupError, FileNotFoundError):
            return True
        time.sleep(0.01)
    return False


def test_answers_come_back(workers: LocalWorkers) -> None:
    assert list(workers.map(tasks.double, range(20))) == [2 * n for n in range(20)]


def test_work_is_done_elsewhere(workers: LocalWorkers) -> None:
    assert workers.submit(tasks.pid).result() != os.getpid()


def test_workers_are_warmed_up_one_after_the_other_and_take_calls_then(tmp_path: Path) -> None:
    with LocalWorkers(3) as pool:
        pool.warm_up(tasks.note, tmp_path)
        while len([each for each in tmp_path.glob("*") if each.stat().st_size]) < 3:
            time.sleep(0.01)
        spans = sorted(tuple(map(float, each.read_text().split())) for each in tmp_path.glob("*"))
        assert all(end <= start for (_, end), (start, _) in pairwise(spans))
        assert str(pool.submit(tasks.pid).result()) in {each.name for each in tmp_path.glob("*")}
        assert len(pool.pids()) == 3


def test_work_that_comes_early_does_not_wait_for_the_warming_up(tmp_path: Path) -> None:
    with LocalWorkers(2) as pool:
        pool.warm_up(tasks.hang)
        assert pool.submit(tasks.double, 4).result() == 8
        pool.stop()


def test_an_error_of_ours_keeps_its_mend(workers: LocalWorkers) -> None:
    with pytest.raises(SpeechError) as caught:
        workers.submit(tasks.refuse, "no such sound", "say it otherwise").result()
    assert (caught.value.problem, caught.value.line) == ("no such sound", 7)
    assert caught.value.hint == "say it otherwise"


def test_an_error_that_cannot_travel_is_told(workers: LocalWorkers) -> None:
    with pytest.raises(SpeechError, match="Unpicklable: cannot travel"):
        workers.submit(tasks.raise_unpicklable).result()


def test_threads_are_limited_in_workers_only(workers: LocalWorkers) -> None:
    before = dict(os.environ)
    assert workers.submit(tasks.variable, "OPENBLAS_NUM_THREADS").result() == "1"
    assert workers.submit(tasks.variable, "OMP_NUM_THREADS").result() == "1"
    assert dict(os.environ) == before


def test_hangs_and_deaths_lose_nothing(tmp_path: Path) -> None:
    troubles = {3: "hang", 5: "die", 6: "die", 11: "hang", 12: "die", 17: "hang", 23: "die"}
    with LocalWorkers(2, limit_s=LIMIT_S) as pool:
        futures = [
            pool.submit(tasks.double_after, troubles.get(n, ""), n, tmp_path / str(n))
            for n in range(24)
        ]
        answers = [future.result() for future in futures]
        pids = pool.pids()
    assert answers == [2 * n for n in range(24)]
    assert all(gone(pid) for pid in pids)


def test_a_call_that_always_hangs_is_given_up() -> None:
    with LocalWorkers(1, limit_s=LIMIT_S) as pool:
        hanging = pool.submit(tasks.hang)
        after = pool.submit(tasks.double, 4)
        with pytest.raises(SpeechError, match="longer than 2 s, twice"):
            hanging.result()
        assert after.result() == 8


def test_a_call_that_always_kills_its_worker_is_given_up() -> None:
    with LocalWorkers(1) as pool:
        deadly = pool.submit(tasks.die)
        after = pool.submit(tasks.double, 4)
        with pytest.raises(SpeechError, match="died 4 times"):
            deadly.result()
        assert after.result() == 8


def test_an_exception_inside_stops_the_workers_at_once() -> None:
    seen: list[Any] = []

    def interrupted() -> None:
        with LocalWorkers(2) as pool:
            futures = [pool.submit(tasks.hang) for _ in range(5)]
            while len(pool.pids()) < 2:
                time.sleep(0.01)
            seen.extend([pool.pids(), futures])
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        interrupted()
    pids, futures = seen
    assert all(gone(pid) for pid in pids)
    assert all(future.done() for future in futures)


def test_no_more_calls_after_the_end() -> None:
    pool = LocalWorkers(1)
    pool.shutdown()
    with pytest.raises(RuntimeError, match="shut down"):
        pool.submit(tasks.double, 1)


# ------------------------------------------------------------- programs of their own


def program(body: str) -> str:
    head = f"import sys; sys.path[:0] = {sys.path!r}\n"
    tail = (
        "from speech import worker_tasks as tasks\nfrom sayso.speech.workers import LocalWorkers\n"
    )
    return head + tail + textwrap.dedent(body)


def start(body: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", program(body)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )


def test_a_script_needs_no_main_guard_and_workers_print_nothing(tmp_path: Path) -> None:
    script = tmp_path / "no_guard.py"
    script.write_text(
        program("""
            pool = LocalWorkers(1)
            said = pool.submit(tasks.shout, "noise").result()
            pool.shutdown()
            assert said == "noise"
        """)
    )
    done = subprocess.run([sys.executable, script], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_a_program_that_forgets_to_shut_down_ends_all_the_same() -> None:
    done = start("print(LocalWorkers(1).submit(tasks.pid).result())")
    out, err = done.communicate(timeout=20)
    assert done.returncode == 0, err
    assert gone(int(out))


HANGING = """
    import time
    with LocalWorkers(2) as pool:
        for _ in range(2):
            pool.submit(tasks.hang)
        while len(pool.pids()) < 2:
            time.sleep(0.01)
        print(*pool.pids(), flush=True)
        while True:  # not result(): a signal just before it waits is not noticed until it ends
            time.sleep(0.01)
"""


@pytest.mark.skipif(os.name != "posix", reason="signals of POSIX")
@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_no_worker_outlives_its_program(how: signal.Signals) -> None:
    parent = start(HANGING)
    assert parent.stdout is not None
    pids = [int(word) for word in parent.stdout.readline().split()]
    assert len(pids) == 2
    parent.send_signal(how)
    parent.communicate(timeout=20)
    assert all(gone(pid) for pid in pids)


@pytest.mark.skipif(sys.platform != "linux", reason="only there engines fork")
def test_an_engines_hanging_child_dies_with_its_killed_worker(tmp_path: Path) -> None:
    note = tmp_path / "pid"
    with pytest.raises(SpeechError, match="twice"), LocalWorkers(1, limit_s=LIMIT_S) as pool:
        pool.submit(tasks.fork_and_hang, note).result()
    assert gone(int(note.read_text()))
