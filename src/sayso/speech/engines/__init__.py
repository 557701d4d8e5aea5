"""Speech engines as plugins: finding them, choosing one, and settling a cast member's voice.

In: the name of an engine or a `model.Voice`. Out: a ready `Engine`, or the voice with its engine
and the engine's voice filled in. Nothing heavy is imported until an engine speaks.
"""

from __future__ import annotations

import contextlib
import dataclasses
import functools
from collections.abc import Iterator
from importlib.metadata import EntryPoint, entry_points
from typing import TYPE_CHECKING

from sayso.errors import (
    EngineMissing,
    EnvironmentProblem,
    SaysoError,
    SpeechError,
    did_you_mean,
)
from sayso.speech.engines.base import Engine, EngineVoice, Speech

if TYPE_CHECKING:
    from sayso.model import Voice

ENTRY_POINT_GROUP = "sayso.engines"

_OURS = {
    "hibari": "sayso.speech.engines.hibari:HibariEngine",
    "kokoro": "sayso.speech.engines.kokoro:KokoroEngine",
    "piper": "sayso.speech.engines.piper:PiperEngine",
    "pyttsx3": "sayso.speech.engines.pyttsx3:Pyttsx3Engine",
    "tone": "sayso.speech.engines.tone:ToneEngine",
}
"""What our own entry points say, so that a source tree works without being installed."""


@functools.cache
def find_engines() -> tuple[str, ...]:
    """The names of all engines that are declared here, installed or not, sorted."""
    return tuple(sorted(_declared()))


@functools.cache
def _declared() -> dict[str, EntryPoint]:
    found = {name: _ours(name) for name in _OURS}
    for point in entry_points(group=ENTRY_POINT_GROUP):
        found.setdefault(point.name, point)
    return found


def _ours(name: str) -> EntryPoint:
    return EntryPoint(name, _OURS[name], ENTRY_POINT_GROUP)


def _point(name: str) -> EntryPoint:
    point = _ours(name) if name in _OURS else _declared().get(name)
    if point is None:
        raise SpeechError(
            f"unknown engine '{name}'",
            code="unknown-engine",
            hint=did_you_mean(name, find_engines()),
        )
    return point


_REGISTERED: dict[str, Engine] = {}
"""Engines that a program has made itself, by name; they speak in its own process."""


def register(engine: Engine) -> None:
    """Have an engine that no package declares speak in this process, under its name.

    Raises SpeechError where an installed engine has that name.
    """
    if engine.name in find_engines():
        raise SpeechError(
            f"an engine named '{engine.name}' is declared by a package",
            code="bad-setting",
            hint="give yours another name",
        )
    _REGISTERED[engine.name] = engine


def is_registered(name: str) -> bool:
    """Whether an engine is a program's own, which lives in this process alone."""
    return name in _REGISTERED


def engine_class(name: str) -> type[Engine]:
    """The class of the engine `name`, whether or not it can be used here.

    Raises SpeechError where no package declares it, EnvironmentProblem where its plugin is broken.
    """
    return type(_REGISTERED[name]) if name in _REGISTERED else _declared_class(name)


@functools.cache
def _declared_class(name: str) -> type[Engine]:
    point = _point(name)
    with _others_code(point):
        found = point.load()
    if not (isinstance(found, type) and issubclass(found, Engine)):
        raise EnvironmentProblem(
            f"the engine '{name}' is not an Engine",
            code="engine-broken",
            hint=f"{point.value} must be a subclass of sayso.speech.engines.Engine",
        )
    with _others_code(point):
        found.installed()  # whoever asks for it later can rely on an answer
    return found


@contextlib.contextmanager
def _others_code(point: EntryPoint) -> Iterator[None]:
    """A plugin is other people's code: anything can come up."""
    try:
        yield
    except SaysoError:
        raise
    except Exception as error:
        raise EnvironmentProblem(
            f"the engine '{point.name}' cannot be loaded: {type(error).__name__}: {error}",
            code="engine-broken",
            hint=f"repair or uninstall the package that declares {point.value}",
        ) from error


def load_engine(name: str) -> Engine:
    """The engine `name`, one instance a process, kept warm.

    Raises as `engine_class`, and EngineMissing where it is not installed.
    """
    return _REGISTERED[name] if name in _REGISTERED else _loaded(name)


@functools.cache
def _loaded(name: str) -> Engine:
    found = engine_class(name)
    how = found.installed()
    if how is not None:
        raise EngineMissing(f"the engine '{name}' is not installed", hint=how)
    with _others_code(_point(name)):
        engine = found()
        _ = engine.version  # asked for with every line
    return engine


def warm_up(*names: str) -> None:
    """Have this process ready to voice with these: what a worker may do before its first call."""
    import sayso.speech.voicing

    for name in names:
        load_engine(name).warm_up()


@functools.cache
def best_engine() -> str:
    """What `engine = "auto"` means here: the installed engine of the highest rank.

    Raises EngineMissing where none can be used.
    """
    usable = []
    for name in find_engines():
        try:
            found = engine_class(name)
        except EnvironmentProblem:
            continue  # a broken plugin must not keep the others from speaking
        if found.rank > 0 and found.installed() is None:
            usable.append((found.rank, name))
    if not usable:
        raise EngineMissing("no speech engine is installed", hint="pip install 'sayso[neural]'")
    return max(usable)[1]


@functools.cache
def resolve(voice: Voice) -> Voice:
    """`voice` with its engine and the engine's voice filled in.

    Loads no model. Raises SpeechError for an unknown engine or voice, or a speed out of range,
    and EngineMissing for an engine that is not installed.
    """
    name = best_engine() if voice.engine == "auto" else voice.engine
    engine = load_engine(name)
    if not 0.5 <= voice.speed <= 2.0:  # beyond, no engine that we know stays intelligible
        raise SpeechError(
            f"voice '{voice.name}': speed {voice.speed:g} is out of range",
            code="bad-setting",
            hint="choose between 0.5 and 2",
        )
    if voice.voice is None:
        wanted = engine.default_voice(voice.name)
    else:
        wanted = voice.voice
        if not engine.has_voice(wanted):
            raise SpeechError(
                f"the engine '{name}' has no voice '{wanted}' here",
                code="voice-missing",
                hint=did_you_mean(
                    wanted,
                    [each.id for each in engine.voices()],
                    command=f"sayso voices --engine {name}",
                ),
            )
    return dataclasses.replace(voice, engine=name, voice=wanted)
