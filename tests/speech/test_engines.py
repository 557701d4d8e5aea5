"""Engines as plugins: a stranger's is found, chosen and used like ours."""

from __future__ import annotations

import textwrap

import pytest
from speech.plugins import Install, forget

from sayso.errors import EngineMissing, EnvironmentProblem, SpeechError
from sayso.model import Line, Voice
from sayso.speech import engines
from sayso.speech.engines import base, best_engine, engine_class, find_engines, load_engine, resolve
from sayso.speech.takes import TakeStore
from sayso.speech.voicing import voice_lines
from sayso.speech.workers import LocalWorkers


def example() -> str:
    """The engine that the module's own text shows, as a stranger would copy it."""
    assert base.__doc__ is not None
    code = base.__doc__.split("whole:\n")[1].split("and in its package")[0]
    return textwrap.dedent(code) + "\nPlugin = BeepEngine\n"


def test_the_example_of_the_manual_is_an_engine(install: Install, store: TakeStore) -> None:
    install("beep", "beep_for_sayso", example())
    assert "beep" in find_engines()
    assert best_engine() != "beep"
    cast = [resolve(Voice("host", engine="beep")), Voice("critic", engine="beep", voice="high")]
    lines = [Line(text, text, voice, 0) for text in ("Good evening.", "Hello.") for voice in cast]
    with LocalWorkers(2) as workers:
        takes = voice_lines(lines, store, workers=workers)
    assert len({take.key for take in takes}) == 4
    assert {take.sample_rate for take in takes} == {16_000}


def test_a_plugin_that_breaks_keeps_nobody_else_from_speaking(install: Install) -> None:
    install("broken", "broken_engine", "import no_such_package_at_all\n")
    assert best_engine() in find_engines()
    with pytest.raises(EnvironmentProblem, match=r"'broken' cannot be loaded: ModuleNotFound"):
        load_engine("broken")


@pytest.mark.parametrize(
    ("code", "problem"),
    [
        ("    installed = classmethod(lambda cls: 1 / 0)", "ZeroDivisionError"),
        ("    __init__ = lambda self: 1 / 0", "ZeroDivisionError"),
        ("    version = property(lambda self: 1 / 0)", "ZeroDivisionError"),
        ("    speak = Engine.speak", "TypeError: Can't instantiate abstract"),
    ],
)
def test_a_plugin_that_raises_is_broken(install: Install, code: str, problem: str) -> None:
    install("broken", f"broken_{code.split()[0]}", f"{RAISES}{code}\n")
    with pytest.raises(EnvironmentProblem, match=rf"'broken' cannot be loaded: {problem}"):
        load_engine("broken")
    if "installed" in code:
        assert best_engine() in find_engines()


RAISES = """
from sayso.speech.engines.base import Engine
from sayso.speech.engines.tone import ToneEngine
class Plugin(ToneEngine):
    name = "broken"
    rank = 99
"""


def test_a_plugin_that_is_no_engine_is_told_so(install: Install) -> None:
    install("odd", "odd_engine", "class Plugin: pass\n")
    with pytest.raises(EnvironmentProblem, match="subclass of sayso"):
        load_engine("odd")


def test_auto_takes_the_engine_of_the_highest_rank(install: Install) -> None:
    code = example().replace("rank = 0 ", "rank = 99 ")
    install("grand", "grand_engine", code)
    assert best_engine() == "grand"
    assert resolve(Voice("host")).engine == "grand"


def test_an_engine_that_is_not_installed_says_how_to_get_it(install: Install) -> None:
    code = example() + "\nPlugin.installed = classmethod(lambda cls: 'pip install grand[voice]')\n"
    install("grand", "grand_engine_absent", code.replace("rank = 0 ", "rank = 99 "))
    assert best_engine() != "grand"
    with pytest.raises(
        EngineMissing, match=r"'grand' is not installed \(pip install grand\[voice\]\)"
    ):
        load_engine("grand")


def test_ours_are_declared() -> None:
    assert {"hibari", "kokoro", "piper", "pyttsx3", "tone"} <= set(find_engines())


def test_tone_is_never_chosen_by_auto(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in {*find_engines()} - {"tone"}:
        found = engines.engine_class(name)
        monkeypatch.setattr(found, "installed", classmethod(lambda cls: "pip install it"))
    forget()
    with pytest.raises(EngineMissing, match=r"no speech engine .*sayso\[neural\]"):
        best_engine()
    monkeypatch.undo()
    forget()


@pytest.mark.parametrize(
    ("voice", "problem"),
    [
        (Voice("host", engine="hibary"), "unknown engine 'hibary' .*did you mean 'hibari'"),
        (
            Voice("host", engine="pyttsx3", voice="gmw/en-uk"),
            "no voice 'gmw/en-uk' here .*gmw/en-us",
        ),
        (Voice("host", engine="tone", speed=5), "speed 5 is out of range"),
        (Voice("host", engine="tone", speed=float("nan")), "speed nan is out of range"),
    ],
)
def test_what_is_wrong_with_a_voice_is_said(voice: Voice, problem: str) -> None:
    with pytest.raises(SpeechError, match=problem):
        resolve(voice)


def test_everything_else_of_a_voice_is_kept() -> None:
    voice = Voice("critic", engine="tone", speed=1.1, gain_db=-2.0, speaker="Ada")
    settled = resolve(voice)
    assert settled == Voice("critic", "tone", "critic", 1.1, -2.0, "Ada")
    assert resolve(settled) == settled


@pytest.mark.parametrize("name", ["hibari", "piper"])
def test_the_voices_offered_are_those_of_the_package(name: str) -> None:
    offered = engine_class(name).offered()
    assert [voice.default for voice in offered] == [True]
    if engine_class(name).installed() is None:
        assert set(offered) <= set(load_engine(name).voices())
