"""hibari: a small neural voice that needs no network; the extra `neural`.

Its model of the voice `heart` is in its wheel. The other voices are downloads, which sayso never
makes: they can be used where their files are in hibari's own cache already.
"""

from __future__ import annotations

import functools
import importlib.util
import json
import os
import re
import sys
import threading
import unicodedata
from collections.abc import Sequence
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from sayso.errors import EngineMissing, EnvironmentProblem, SpeechError
from sayso.speech.engines.base import Engine, EngineVoice, Speech, has_words, plain_text, unsayable
from sayso.speech.engines.misaki import to_misaki

if TYPE_CHECKING:
    from sayso.speech.spoken.ipa import Ipa

_RATE = 24_000
_MAX_PHONEMES = 400  # more at once costs memory by the square; hibari's own limit
_GAP_MS = 260  # between sentences inside one line, in place of hibari's 800 ms
_BUNDLED = "heart"
_CLAUSE = re.compile(r"(?<=[,;:—])\s+")
_LATIN = re.compile(r"[A-Za-z0-9\u00c0-\u024f]")
_SOUNDS_LIKE = re.compile(r"(?:HANGUL SYLLABLE|(?:HIRAGANA|KATAKANA) LETTER(?: SMALL)?) (\w+)$")


class HibariEngine(Engine):
    """The engine `hibari`."""

    name = "hibari"
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

    def voices(self) -> tuple[EngineVoice, ...]:
        """`heart`, and those whose model is in hibari's cache."""
        return tuple(
            EngineVoice(
                id=name,
                name=name.capitalize(),
                language=entry["language"],
                sex="female" if entry["gender"] == "female" else "male",
                note="natural; comes with hibari" if name == _BUNDLED else "natural",
                default=name == _BUNDLED,
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

    def unreadable(self, text: str) -> tuple[str, ...]:
        """Those in a script that it cannot read, such as Arabic or Chinese."""
        plain = " ".join(part for part in _split_ipa(text) if isinstance(part, str))
        words = plain_text(plain).split()
        return tuple(
            word for word in words if has_words(word) and not _LATIN.search(_in_latin(word))
        )

    def speak(self, text: str, voice: str, speed: float) -> Speech:
        """Voice `text`; 24 kHz. Words marked `⟦written|ipa⟧` are said by their IPA."""
        model = self._model(voice)
        sentences = _phonemes(model, text)
        parts = [model.from_phonemes(each, speed=speed, seed=0) for each in sentences]
        parts = [_without_silence(part) for part in parts if len(part)]
        if not parts:
            raise unsayable(self.name, text)
        gap = np.zeros(_RATE * _GAP_MS // 1000, np.float32)
        wave = np.concatenate([each for part in parts for each in (part, gap)][:-1])
        pcm = np.rint(np.clip(wave, -1.0, 1.0) * 32767.0).astype(np.int16)
        return Speech(pcm, _RATE)

    def _model(self, voice: str) -> Any:
        with self._lock:
            if voice not in self._models:
                self._models[voice] = _load(voice)
            return self._models[voice]


def _load(voice: str) -> Any:
    if not HibariEngine().has_voice(voice):
        raise SpeechError(
            f"hibari's voice '{voice}' is not on this machine",
            mend=f"use '{_BUNDLED}', which comes with it",
        )
    try:
        from hibari import Hibari

        return Hibari(voice=voice, threads=1)
    except ImportError as error:
        raise EngineMissing(
            f"hibari cannot be loaded: {error}", mend="pip install 'sayso[neural]'"
        ) from error
    except Exception as error:  # a damaged model file: onnxruntime has errors of its own
        raise EnvironmentProblem(
            f"hibari's voice '{voice}' cannot be loaded: {error}",
            mend="pip install --force-reinstall hibari-tts",
        ) from error


@functools.cache
def _version() -> str:
    parts = (f"{package}-{version(package)}" for package in ("hibari-tts", "onnxruntime", "numpy"))
    return " ".join(("1", *parts))


@functools.cache
def _assets() -> Path:
    spec = importlib.util.find_spec("hibari")
    if spec is None or not spec.submodule_search_locations:
        raise EngineMissing("hibari is not installed", mend="pip install 'sayso[neural]'")
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
    """The phonemes of each sentence in `text`, at most 400 each.

    hibari reads `[word](/phonemes/)`, but its number and abbreviation rules run over the phonemes
    too. So a marked word travels through those rules under a made-up name and is put in after.
    """
    from hibari.g2p.normalize import normalize

    marked: dict[str, str] = {}
    parts = []
    for part in _split_ipa(text):
        phonemes = "" if isinstance(part, str) else to_misaki(part.ipa)
        if phonemes:
            name = f"Zq{''.join(chr(ord('a') + int(digit)) for digit in str(len(marked)))}zq"
            marked[name] = f"[{name}](/{phonemes}/)"
            parts.append(name)
        else:
            parts.append(part if isinstance(part, str) else part.text)
    text = _in_latin(plain_text("".join(parts)))
    found = []
    for sentence in model.split_sentences(text):
        ready = normalize(sentence)
        for name, link in marked.items():
            ready = ready.replace(name, link)
        phonemes = model.g2p(ready, normalize_text=False)
        if has_words(phonemes):
            found.extend(_cut(phonemes))
    return found


def _split_ipa(text: str) -> Sequence[str | Ipa]:
    if "⟦" not in text:
        return (text,)
    from sayso.speech.spoken.ipa import split_ipa

    return split_ipa(text)


def _cut(phonemes: str) -> list[str]:
    """`phonemes` in runs of at most 400, cut at clauses, then at words."""
    if len(phonemes) <= _MAX_PHONEMES:
        return [phonemes]
    runs = [""]
    for clause in _CLAUSE.split(phonemes):
        pieces = [clause] if len(clause) <= _MAX_PHONEMES else clause.split(" ")
        for piece in pieces:
            if runs[-1] and len(runs[-1]) + 1 + len(piece) > _MAX_PHONEMES:
                runs.append("")
            runs[-1] = f"{runs[-1]} {piece}".strip()[:_MAX_PHONEMES]
    return [run for run in runs if has_words(run)]


def _in_latin(text: str) -> str:
    """`text` with Hangul and kana in Latin letters; hibari knows only those.

    Unicode names a syllable by its sound (HANGUL SYLLABLE HAN, KATAKANA LETTER KA).
    """
    if text.isascii():
        return text
    text = unicodedata.normalize("NFKC", text)
    return "".join(_sound(c) if ord(c) > 0x36F else c for c in text)


def _sound(character: str) -> str:
    match = _SOUNDS_LIKE.match(unicodedata.name(character, ""))
    if match is None:
        return character
    syllable = match.group(1).casefold()
    return syllable.capitalize() if character.isupper() else syllable


def _without_silence(wave: NDArray[np.float32]) -> NDArray[np.float32]:
    loud = np.flatnonzero(np.abs(wave) > 10 ** (-50 / 20))
    if not len(loud):
        return wave[:0]
    margin = _RATE * 15 // 1000
    return wave[max(0, loud[0] - margin) : loud[-1] + 1 + margin]
