"""Voicing on a real Dask cluster: a scheduler and two workers on this machine."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from speech import worker_tasks as tasks
from speech.plugins import installing
from tools import need_package

from sayso.errors import EnvironmentProblem, SpeechError
from sayso.model import Line, Voice
from sayso.speech.cluster import ClusterWorkers
from sayso.speech.takes import Take, TakeStore
from sayso.speech.voicing import voice_lines

need_package("distributed")
pytestmark = pytest.mark.xdist_group("cluster")


ONLY_HERE = ("--no-dashboard", "--host", "127.0.0.1")


class Cluster:
    """A scheduler and its workers, each a process of `dask`."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.file = folder / "scheduler.json"
        self.processes: list[subprocess.Popen[bytes]] = []
        self.start("scheduler", "--port", "0", "--scheduler-file", str(self.file))
        self.wait_for(lambda: self.announced() is not None)
        self.address = str(self.announced())

    def announced(self) -> str | None:
        """The scheduler's address; None while its file is not there or half written."""
        try:
            return str(json.loads(self.file.read_text())["address"])
        except (FileNotFoundError, json.JSONDecodeError):
            return None

    def start(self, what: str, *options: str, path: str = "") -> subprocess.Popen[bytes]:
        log = (self.folder / f"{what}-{len(self.processes)}.log").open("wb")
        process = subprocess.Popen(
            [sys.executable, "-m", f"distributed.cli.dask_{what}", *options, *ONLY_HERE],
            env={
                **os.environ,
                "PYTHONPATH": os.pathsep.join([path, *sys.path]),
                "MALLOC_TRIM_THRESHOLD_": "65536",  # what a nanny sets
            },
            stdout=log,
            stderr=log,
            cwd=self.folder,
        )
        log.close()
        self.processes.append(process)
        return process

    def start_worker(self, path: str = "") -> subprocess.Popen[bytes]:
        options = ("--nthreads", "1", "--no-nanny", "--local-directory", str(self.folder))
        return self.start("worker", self.address, *options, path=path)

    def wait_for(self, ready: Callable[[], bool], patience_s: float = 60.0) -> None:
        end = time.monotonic() + patience_s
        while not ready():
            assert time.monotonic() < end, "dask does not come up"
            time.sleep(0.02)

    def end(self) -> None:
        for process in self.processes:
            process.kill()
        for process in self.processes:
            process.wait()


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("cluster")


@pytest.fixture(scope="module")
def cluster(folder: Path) -> Iterator[Cluster]:
    with pytest.MonkeyPatch.context() as patch, installing(folder, patch) as install:
        install("chaos", "chaos_on_dask", CHAOS)
        running = Cluster(folder)
        try:
            for _ in range(2):
                running.start_worker(str(folder))
            yield running
        finally:
            running.end()


CHAOS = """
import os, signal
from pathlib import Path
from sayso.speech.engines.tone import ToneEngine
class Plugin(ToneEngine):
    name = "chaos"
    in_process = False
    installed = classmethod(lambda cls: "pip install chaos" if os.environ.get("CHAOS") else None)
    def speak(self, text, voice, speed):
        return super().speak(text, voice, speed)
"""


@pytest.fixture
def workers(cluster: Cluster) -> Iterator[ClusterWorkers]:
    with ClusterWorkers(cluster.address, patience_s=60) as pool:
        pool._client.wait_for_workers(2, timeout=60)
        yield pool


def sound(takes: tuple[Take, ...]) -> list[bytes]:
    return [take.samples().tobytes() for take in takes]


@pytest.mark.parametrize("engine", ["tone", "pyttsx3"])
def test_the_bytes_are_those_of_local_workers(
    workers: ClusterWorkers,
    tmp_path: Path,
    lines: Callable[..., list[Line]],
    engine: str,
) -> None:
    voice = {"tone": "host", "pyttsx3": "gmw/en-us+benjamin"}[engine]
    script = lines(engine, voice)
    far = voice_lines(script, TakeStore(tmp_path / "far"), workers=workers)
    near = voice_lines(script, TakeStore(tmp_path / "near"), jobs=2)
    assert sound(far) == sound(near)
    assert [take.words for take in far] == [take.words for take in near]


def test_calls_run_in_processes_of_their_own_kept_warm(workers: ClusterWorkers) -> None:
    pids = [future.result() for future in [workers.submit(tasks.pid) for _ in range(12)]]
    assert len(set(pids)) <= 2
    threads = workers.submit(tasks.count_threads).result()
    assert threads == 1


def test_engines_keep_their_memory_where_dask_would_have_it_given_back(
    workers: ClusterWorkers,
) -> None:
    assert workers.submit(tasks.variable, "MALLOC_TRIM_THRESHOLD_").result() is None
    assert workers.submit(tasks.variable, "OMP_NUM_THREADS").result() == "1"


def test_errors_come_back_with_their_mend(workers: ClusterWorkers) -> None:
    with pytest.raises(SpeechError) as caught:
        workers.submit(tasks.refuse, "no such sound", "say it otherwise").result()
    assert (caught.value.problem, caught.value.line) == ("no such sound", 7)
    assert caught.value.hint == "say it otherwise"


def test_a_worker_killed_in_the_middle_loses_nothing(
    cluster: Cluster, workers: ClusterWorkers, tmp_path: Path
) -> None:
    victim = cluster.processes[-1]
    texts = [f"This is sentence number {n}, and it is not the last." for n in range(60)]
    script = [Line(text, text, Voice("host", "tone", "host"), 0) for text in texts]

    def kill(done: int, total: int) -> None:
        if done == 8:
            victim.send_signal(signal.SIGKILL)

    far = voice_lines(script, TakeStore(tmp_path / "far"), workers=workers, progress=kill)
    victim.wait()
    assert sound(far) == sound(voice_lines(script, TakeStore(tmp_path / "near"), jobs=2))
    cluster.start_worker(str(cluster.folder))


def test_an_engine_that_a_worker_lacks_names_the_worker_and_the_mend(
    workers: ClusterWorkers, store: TakeStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    for future in [workers.submit(tasks.set_variable, "CHAOS", "absent") for _ in range(8)]:
        future.result()
    script = [Line("Good evening.", "Good evening.", Voice("host", "chaos", "host"), 0)]
    with pytest.raises(EnvironmentProblem) as caught:
        voice_lines(script, store, workers=workers)
    assert "the worker " in caught.value.problem
    assert "(tcp://127.0.0.1:" in caught.value.problem
    assert "the engine 'chaos' is not installed" in caught.value.problem
    assert caught.value.hint == "on that machine: pip install chaos"


def test_another_version_on_a_worker_is_refused(store: TakeStore) -> None:
    from dataclasses import replace

    from sayso.speech.voicing import _order, voice

    order = _order(Line("Good evening.", "Good evening.", Voice("host", "tone", "host"), 0))
    with pytest.raises(EnvironmentProblem, match="of another version here: 2"):
        voice(replace(order, version="0"))


def test_leaving_by_an_exception_cancels_the_calls(cluster: Cluster) -> None:
    futures = []
    with (
        contextlib.suppress(KeyboardInterrupt),
        ClusterWorkers(cluster.address, patience_s=60) as pool,
    ):
        futures += [pool.submit(tasks.double_slowly, n) for n in range(50)]
        futures[0].result()
        raise KeyboardInterrupt
    # What was running when the pool was left may need a moment to say that it is over.
    deadline = time.monotonic() + 30
    while not all(future.done() for future in futures) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert all(future.done() for future in futures)
    assert sum(future.cancelled() for future in futures) > 30


def test_nobody_there_is_said_with_what_to_start() -> None:
    with pytest.raises(EnvironmentProblem, match=r"no Dask .* tcp://127\.0\.0\.1:9 .*dask worker"):
        ClusterWorkers("127.0.0.1:9", patience_s=0.5)


def test_a_cluster_without_workers_and_one_that_goes_away(tmp_path: Path) -> None:
    running = Cluster(tmp_path)
    try:
        with pytest.raises(EnvironmentProblem, match="has no workers"):
            ClusterWorkers(running.address, patience_s=1.0)
        running.start_worker()
        with ClusterWorkers(running.address, patience_s=60) as pool:
            hanging = pool.submit(tasks.hang)
            for process in running.processes:
                process.kill()
            with pytest.raises(EnvironmentProblem, match=r"was lost .*are kept"):
                hanging.result(timeout=60)
    finally:
        running.end()
