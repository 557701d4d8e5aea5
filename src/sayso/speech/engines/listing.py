"""What can speak here, and what else could: engines and their voices, for people to choose."""

from __future__ import annotations

from dataclasses import dataclass

from sayso.errors import EngineMissing, EnvironmentProblem, SaysoError, SpeechError, did_you_mean
from sayso.speech.engines import best_engine, engine_class, find_engines, load_engine
from sayso.speech.engines.base import EngineVoice


@dataclass(frozen=True, slots=True)
class ListedEngine:
    """An engine and its voices."""

    engine: str
    about: str
    installed: bool
    install: str | None
    """What installs it, where it is not; or why it cannot be used."""
    voices: tuple[EngineVoice, ...]
    """Of an engine that is not installed: those that it would bring."""
    is_auto: bool
    """Whether `engine = "auto"` takes this one."""


def list_engines(only: str | None = None) -> tuple[ListedEngine, ...]:
    """All engines, the best-sounding first, or the one that is named; nothing is loaded in vain.

    Raises SpeechError for an unknown name.
    """
    if only is not None:
        engine_class(only)  # an unknown one is an error, not an empty list
    best = auto_engine()
    return tuple(_listed(name, best) for name in ([only] if only else _by_rank()))


def auto_engine() -> str | None:
    """The engine that `engine = "auto"` takes here; None where none can be used."""
    try:
        return best_engine()
    except EnvironmentProblem:
        return None


def _listed(name: str, best: str | None) -> ListedEngine:
    about = ""
    try:
        kind = engine_class(name)
        about, missing = kind.about, kind.installed()
        voices = load_engine(name).voices() if missing is None else kind.offered()
    except EnvironmentProblem as error:
        return ListedEngine(name, about, False, str(error), (), False)
    return ListedEngine(name, about, missing is None, missing, tuple(voices), name == best)


def _by_rank() -> list[str]:
    """All engines, the best-sounding first; broken plugins last."""

    def rank(name: str) -> tuple[int, str]:
        try:
            return -engine_class(name).rank, name
        except EnvironmentProblem:
            return 1, name

    return sorted(find_engines(), key=rank)


def engine_with(voice: str) -> str:
    """The best installed engine that has `voice`.

    Raises EngineMissing where one would have it that is not installed, SpeechError else.
    """
    known: list[str] = []
    absent: EngineMissing | None = None
    for name in _by_rank():
        try:
            how = engine_class(name).installed()
            if how is not None:
                if absent is None and voice in {each.id for each in engine_class(name).offered()}:
                    problem = f"'{voice}' is a voice of {name}, which is not installed"
                    absent = EngineMissing(problem, hint=how)
                continue
            engine = load_engine(name)
            if any(each.id == voice for each in engine.voices()) or (
                engine.rank > 0 and engine.has_voice(voice)
            ):
                return name
            known += [each.id for each in engine.voices()]
        except SaysoError:
            continue  # a broken plugin must not keep the others from speaking
    if absent is not None:
        raise absent
    near_one = did_you_mean(voice, known)
    hint = near_one if near_one and len(near_one) < 200 else "list them with: sayso voices"
    raise SpeechError(f"no engine here has a voice '{voice}'", code="voice-missing", hint=hint)
