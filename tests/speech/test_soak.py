"""A long run of pyttsx3 with everything going wrong. SAYSO_SOAK=1 runs it: about two minutes."""

from __future__ import annotations

import os
import sys
from collections import Counter
from pathlib import Path

from speech.plugins import Install
from tools import soak

from sayso.model import Line, Voice
from sayso.speech.takes import TakeStore
from sayso.speech.voicing import line_key, voice_lines
from sayso.speech.workers import LocalWorkers

pytestmark = soak

N, N_HANGS, N_KILLS = 500, 20, 20
TROUBLED = """
import os, signal, time
from pathlib import Path
from sayso.speech.engines.pyttsx3 import Pyttsx3Engine
class Plugin(Pyttsx3Engine):
    name = "troubled"
    def speak(self, text, voice, speed):
        number = int(text.split()[2].strip(","))
        flag = Path(__file__).with_name(f"flag-{number}")
        trouble = {0: "hang", 12: "kill"}.get(number % 25)
        if trouble and not flag.exists():
            flag.touch()
            Path(__file__).with_name("pids").open("a").write(f"{trouble} {os.getpid()}\\n")
            if trouble == "hang":
                time.sleep(3600)
            os.kill(os.getpid(), signal.SIGKILL)
        return super().speak(text, voice, speed)
"""


def processes() -> set[int]:
    """Everything that runs a worker of this session, or was forked by one."""
    found = set()
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                if (
                    b"sayso.speech.worker import serve; serve(%d)" % os.getpid()
                    in (entry / "cmdline").read_bytes()
                ):
                    found.add(int(entry.name))
            except OSError:
                continue
    return found


def test_five_hundred_lines_twenty_hangs_and_twenty_kills(tmp_path: Path, install: Install) -> None:
    install("troubled", "troubled_engine", TROUBLED)
    speeds = (0.8, 1.0, 1.25, 0.9, 1.4)

    def script(engine: str) -> list[Line]:
        return [
            Line(text, text, Voice("host", engine, "gmw/en-us+benjamin", speeds[n % 5]), n)
            for n in range(N)
            for text in [f"This is {n}, and it is{' certainly' * (n % 7)} not the last."]
        ]

    with LocalWorkers(2, limit_s=4.0) as workers:
        rough = voice_lines(script("troubled"), TakeStore(tmp_path / "rough"), workers=workers)
        pids = set(workers.pids())
    with LocalWorkers(2) as workers:
        calm = voice_lines(script("pyttsx3"), TakeStore(tmp_path / "calm"), workers=workers)
    notes = next(Path(p) for p in sys.path if (Path(p) / "troubled_engine.py").exists()) / "pids"
    met = Counter(line.split()[0] for line in notes.read_text().splitlines())
    assert met == {"hang": N_HANGS, "kill": N_KILLS}
    assert [take.key for take in rough] == [line_key(line) for line in script("troubled")]
    wrong = [
        n
        for n, (one, two) in enumerate(zip(rough, calm, strict=True))
        if one.samples().tobytes() != two.samples().tobytes() or one.words != two.words
    ]
    assert wrong == []
    slow, fast = rough[0].n_samples, rough[14].n_samples  # of one length, at 0.8 and 1.4
    assert slow > fast
    assert pids
    assert processes() == set()
