"""What tests have workers do: functions that a fresh process can import by name."""

from __future__ import annotations

import os
import signal
import threading
import time
from pathlib import Path

from sayso.errors import SpeechError


def double(n: int) -> int:
    return 2 * n


def pid() -> int:
    return os.getpid()


def note(folder: Path) -> None:
    """Leaves the times between which this process was at it, for a file a process."""
    start = time.monotonic()
    time.sleep(0.1)
    (folder / str(os.getpid())).write_text(f"{start} {time.monotonic()}")


def variable(name: str) -> str | None:
    return os.environ.get(name)


def shout(text: str) -> str:
    print(text)
    os.write(1, text.encode())
    os.system(f"echo {text}")
    return text


def refuse(problem: str, hint: str) -> None:
    raise SpeechError(problem, line=7, hint=hint)


class Unpicklable(Exception):
    def __init__(self, a: int, b: int) -> None:
        super().__init__("cannot travel")


def raise_unpicklable() -> None:
    raise Unpicklable(1, 2)


def hang() -> None:
    time.sleep(3_600)


def die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def first_time(flag: Path) -> bool:
    try:
        flag.touch(exist_ok=False)
    except FileExistsError:
        return False
    return True


def double_after(trouble: str, n: int, flag: Path) -> int:
    """Doubles `n`, but hangs or dies the first time that it is asked to."""
    if trouble and first_time(flag):
        {"hang": hang, "die": die}[trouble]()
    return 2 * n


def fork_and_hang(note: Path) -> None:
    """Hang as an engine does that hangs in a child: the child's process id goes to `note`."""
    from sayso.speech.engines import espeak_child

    def begin() -> object:
        note.write_text(str(os.getpid()))
        hang()
        return None

    espeak_child._Child(begin).report(3_600.0)  # type: ignore[arg-type]


def espeak(text: str, voice: str = "gmw/en-us+benjamin", rate_wpm: int = 160) -> bytes:
    from sayso.speech.engines import espeak_child

    return espeak_child.speak(text, voice, rate_wpm).samples.tobytes()


def espeak_is_initialised() -> bool:
    from pyttsx3.drivers.espeak import EspeakDriver

    return bool(EspeakDriver._moduleInitialized)


def espeak_without_data() -> None:
    from sayso.speech.engines import espeak_child

    espeak_child._prepare()
    espeak_child._spares.clear()  # it has found its data already
    kept = os.environ["ESPEAK_DATA_PATH"]
    os.environ["ESPEAK_DATA_PATH"] = "/nowhere"
    try:
        espeak_child.speak("Anyone?", "gmw/en-us", 160)
    finally:
        os.environ["ESPEAK_DATA_PATH"] = kept


def espeak_to(path: str, limit_s: float) -> str:
    from sayso.speech.engines import espeak_child

    espeak_child._prepare()
    with espeak_child._Child(lambda: lambda order, _: espeak_child._begin()(order, path)) as child:
        child.tell({"text": "Anyone?", "voice": "gmw/en-us", "rate_wpm": 160})
        try:
            child.report(limit_s)
        except espeak_child._Failed as failure:
            return str(failure)
    return "done"


def speak_under_a_limit(text: str, n_bytes: int) -> None:
    import resource

    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (n_bytes, limits[1]))
    try:
        espeak(text)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
        kill_the_spare()  # it has the limit too


def kill_the_spare() -> None:
    """End the child that waits for the next sentence, as the system may when memory is short."""
    from sayso.speech.engines import espeak_child

    for child in espeak_child._spares:
        os.kill(child.pid, signal.SIGKILL)


def speak(engine: str, text: str, voice: str, speed: float = 1.0):  # type: ignore[no-untyped-def]
    from sayso.speech.engines import load_engine

    return load_engine(engine).speak(text, voice, speed)


def findings_of(engine: str) -> list[str]:
    from sayso.speech.conformance import check_engine
    from sayso.speech.engines import load_engine

    return [str(finding) for finding in check_engine(load_engine(engine))]


def speak_without_fork(text: str):  # type: ignore[no-untyped-def]
    """The way of macOS and Windows, here with espeak as the system's engine."""
    import pyttsx3

    from sayso.speech.engines import espeak_child
    from sayso.speech.engines import pyttsx3 as ours

    espeak_child._prepare()
    pyttsx3.engine.default_engine_by_sys_platform = lambda: "espeak"
    return [ours._speak_here(text, voice, 160) for voice in ("default", "gmw/en-us")]


def count_voices() -> int:
    from sayso.speech.engines import load_engine

    return len(load_engine("pyttsx3").voices())


def marks_to_stop(n: int) -> list[bool]:
    """Whether a fresh engine is about to cancel its next sentence, for `n` of them."""
    from sayso.speech.engines import espeak_child

    def begin():  # type: ignore[no-untyped-def]
        espeak = espeak_child._Espeak()
        return lambda order, path: {"stopping": espeak.engine.proxy._driver._stopping}

    found = []
    espeak_child._prepare()
    for _ in range(n):
        with espeak_child._Child(begin) as child:
            child.tell({})
            found.append(child.report(10.0)["stopping"])
    return found


def set_variable(name: str, value: str) -> None:
    os.environ[name] = value
    time.sleep(0.05)  # so that calls spread over all workers


def count_threads() -> int:
    return threading.active_count()


def double_slowly(n: int) -> int:
    time.sleep(0.1)
    return 2 * n
