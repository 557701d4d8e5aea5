"""hibari: a small neural voice that needs no network; the extra `neural`.

Its model of the voice `heart` is in its wheel. The other voices are downloads, which sayso never
makes: they can be used where their files are in hibari's own cache already.
"""

from __future__ import annotations

import functools
import importlib.util
import json
import os
import sys
import threading
from importlib.metadata import version
from pathlib import Path
from typing import Any

from sayso.errors import EngineMissing, EnvironmentProblem, SpeechError
from sayso.speech.engines.base import Engine, EngineVoice, Speech, unsayable
from sayso.speech.engines.english import foreign_words, join_sentences, phoneme_runs

_RATE = 24_000
_MAX_PHONEMES = 400  # more at once costs memory by the square; hibari's own limit
_BUNDLED = "heart"
_HEART = EngineVoice(
    _BUNDLED, "Heart", "en-US", "female", "natural; comes with hibari", default=True
)


class HibariEngine(Engine):
    """The engine `hibari`."""

    name = "hibari"
    about = "one natural American voice, small and quick"
    rank = 80
    takes_ipa = True
    in_process = True
    work_ratio = 0.0085

    def __init__(self) -> None:
        self._models: dict[str, Any] = {}
        self._lock = threading.Lock()

    @classmethod
    def installed(cls) -> str | None:
        """Looks for the packages; imports nothing."""
        for package in ("hibari", "onnxruntime"):
            if importlib.util.find_spec(package) is None:
                return "pip install 'sayso[neural]'"
        return None

    @property
    def version(self) -> str:
        """Ours, hibari's, and the two libraries that compute the sound."""
        return _version()

    @classmethod
    def offered(cls) -> tuple[EngineVoice, ...]:
        """`heart`."""
        return (_HEART,)

    def voices(self) -> tuple[EngineVoice, ...]:
        """`heart`, and those whose model is in hibari's cache."""
        return tuple(
            _HEART
            if name == _BUNDLED
            else EngineVoice(
                id=name,
                name=name.capitalize(),
                language=entry["language"],
                sex="female" if entry["gender"] == "female" else "male",
                note="natural",
            )
            for name, entry in _registry().items()
            if _model_file(name) is not None
        )

    def default_voice(self, cast: str) -> str:
        """`heart`, for everyone."""
        return _BUNDLED

    def has_voice(self, voice: str) -> bool:
        """Whether its model is here."""
        return voice == _BUNDLED or _model_file(voice) is not None

    def unreadable(self, text: str, voice: str) -> tuple[str, ...]:
        """Those in a script that it cannot read, such as Arabic or Chinese."""
        return foreign_words(text)

    def warm_up(self) -> None:
        """Have the model of the voice that comes with it."""
        self._model(_BUNDLED)

    def speak(self, text: str, voice: str, speed: float) -> Speech:
        """Voice `text`; 24 kHz. Words marked `⟦written|ipa⟧` are said by their IPA."""
        model = self._model(voice)
        runs = _phonemes(model, text)
        waves = [model.from_phonemes(each, speed=speed, seed=0) for each in runs]
        samples = join_sentences(waves, _RATE)
        if not len(samples):
            raise unsayable(self.name, text)
        return Speech(samples, _RATE)

    def sounds(self, text: str, voice: str) -> str:
        """In misaki's letters."""
        return " ".join(_phonemes(self._model(voice), text))

    def _model(self, voice: str) -> Any:
        with self._lock:
            if voice not in self._models:
                self._models[voice] = _load(voice)
            return self._models[voice]


def _load(voice: str) -> Any:
    if not HibariEngine().has_voice(voice):
        raise SpeechError(
            f"hibari's voice '{voice}' is not on this machine",
            code="voice-missing",
            hint=f"use '{_BUNDLED}', which comes with it",
        )
    try:
        from hibari import Hibari

        model = Hibari(voice=voice, threads=1)
        _ = model.g2p  # read from its files at first use: here, where no other thread does it too
        return model
    except ImportError as error:
        raise EngineMissing(
            f"hibari cannot be loaded: {error}", hint="pip install 'sayso[neural]'"
        ) from error
    except Exception as error:  # a damaged model file: onnxruntime has errors of its own
        raise EnvironmentProblem(
            f"hibari's voice '{voice}' cannot be loaded: {error}",
            code="engine-broken",
            hint="pip install --force-reinstall hibari-tts",
        ) from error


@functools.cache
def _version() -> str:
    parts = (f"{package}-{version(package)}" for package in ("hibari-tts", "onnxruntime", "numpy"))
    return " ".join(("2", *parts))


@functools.cache
def _assets() -> Path:
    spec = importlib.util.find_spec("hibari")
    if spec is None or not spec.submodule_search_locations:
        raise EngineMissing("hibari is not installed", hint="pip install 'sayso[neural]'")
    return Path(spec.submodule_search_locations[0]) / "assets"


@functools.cache
def _registry() -> dict[str, dict[str, Any]]:
    """hibari's own list of voices, read without importing it."""
    registry: dict[str, dict[str, Any]] = json.loads(
        (_assets() / "voices.json").read_text(encoding="utf-8")
    )
    return registry


def _model_file(voice: str) -> Path | None:
    entry = _registry().get(voice)
    if entry is None:
        return None
    folder = _assets() if entry.get("bundled") else _cache_folder()
    path = folder / str(entry["file"])
    return path if path.is_file() else None


def _cache_folder() -> Path:
    """Where hibari keeps downloaded voices (hibari.voices.cache_dir)."""
    if named := os.environ.get("HIBARI_HOME"):
        return Path(named)
    if sys.platform == "win32":
        base = os.environ.get("LOCALAPPDATA") or str(Path.home() / "AppData" / "Local")
    elif sys.platform == "darwin":
        base = str(Path.home() / "Library" / "Caches")
    else:
        base = os.environ.get("XDG_CACHE_HOME") or str(Path.home() / ".cache")
    return Path(base) / "hibari"


def _phonemes(model: Any, text: str) -> list[str]:
    return phoneme_runs(text, model.g2p, model.split_sentences, limit=_MAX_PHONEMES)
