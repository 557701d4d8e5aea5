"""The cast is settled before anything is voiced, and what is wrong with it is said with its line."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from speech.plugins import forget

from sayso.build import pipeline
from sayso.build.cast import resolve_voice
from sayso.build.states import Build, Voiced
from sayso.errors import EngineMissing, ErrorGroup, SpeechError
from sayso.model import Voice
from sayso.show.show_file import load_show
from sayso.speech.engines import engine_class

SHOW = """\
title = "Two Chairs"

[voices.host]
engine = "hibary"

[voices.critic]
speed = 1.1
engine = "hibari"
voice = "emma"
"""
SCRIPT = """\
---
sayso: 1
title: Two chairs
review: pier.md
---

## The story {#story}

The harbour lights are out again.

CRITIC: They never say why.
"""


@pytest.fixture
def build(tmp_path: Path) -> Build:
    (tmp_path / "show.toml").write_text(SHOW)
    (tmp_path / "pier.md").write_text("# The Pier\n\nThe harbour lights are out again.\n")
    folder = tmp_path / "episodes" / "pier"
    folder.mkdir(parents=True)
    (folder / "script.md").write_text(SCRIPT)
    return Build(tmp_path / "pier.md", load_show(tmp_path / "show.toml"), cache=tmp_path / "cache")


def test_all_that_is_wrong_with_the_cast_is_told_at_once_each_with_its_line(build: Build) -> None:
    with pytest.raises(ErrorGroup) as caught:
        pipeline.run(build, Voiced)
    told = [str(error).removeprefix(f"{build.show.path}:") for error in caught.value.errors]
    assert told == [
        "4: unknown engine 'hibary' (did you mean 'hibari'?)",
        "9: the engine 'hibari' has no voice 'emma' here (known: heart)",
    ]


def test_an_engine_that_is_not_installed_names_the_line_and_the_command(
    build: Build, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SAYSO_KOKORO", str(build.show.root))
    forget()
    with pytest.raises(EngineMissing) as caught:
        resolve_voice(build.show, replace(build.show.voices[1], engine="kokoro"))
    assert caught.value.place == f"{build.show.path}:8"
    assert caught.value.hint == engine_class("kokoro").installed()


def test_an_engine_that_was_asked_for_is_no_fault_of_the_show(build: Build) -> None:
    assert resolve_voice(build.show, build.show.voices[0], "tone").voice == "host"
    with pytest.raises(SpeechError) as caught:
        resolve_voice(build.show, Voice("host"), "hibary")
    assert caught.value.file is None
