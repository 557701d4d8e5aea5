"""One episode, several voices from several engines, each as loud as the others."""

from __future__ import annotations

from pathlib import Path

import pytest

from sayso.build import pipeline
from sayso.build.states import Build, LaidOut
from sayso.show.show_file import load_show

SHOW = """
title = "Two Chairs"
[voices.host]
engine = "hibari"
[voices.critic]
engine = "pyttsx3"
voice = "gmw/en-gb-x-rp"
speed = 1.1
[voices.guest]
engine = "tone"
gain_db = -6.0
"""
SCRIPT = """\
---
sayso: 1
title: Two chairs
review: pier.md
---

## The story {#story}

The harbour lights are out again, and nobody in the town will say why.

CRITIC: They never say why. It is the second season, after all.

GUEST: A hum of agreement, somewhat softer than the others.

Then let us begin at the beginning.
"""


def test_engines_share_an_episode_at_one_loudness(tmp_path: Path) -> None:
    (tmp_path / "show.toml").write_text(SHOW)
    (tmp_path / "pier.md").write_text("# The Pier\n\nThe harbour lights are out again.\n")
    folder = tmp_path / "episodes" / "pier"
    folder.mkdir(parents=True)
    (folder / "script.md").write_text(SCRIPT)
    show = load_show(tmp_path / "show.toml")
    build = Build(tmp_path / "pier.md", show, cache=tmp_path / "cache")
    voiced = pipeline.run(build, LaidOut).voiced
    engines = [line.voice.engine for line in voiced.lined.lines]
    assert engines == ["hibari", "pyttsx3", "pyttsx3", "tone", "hibari"]
    assert {take.sample_rate for take in voiced.takes} == {22_050, 24_000}

    from sayso.mix import take_level
    from sayso.mix.levels import LevelStore, level_gain_db
    from sayso.system.cache import Store

    store = LevelStore(Store(tmp_path / "cache" / "levels"))
    heard = []
    for take in voiced.takes:
        level = take_level(take, store)
        assert level.lufs is not None
        heard.append(level.lufs + level_gain_db(level, -16.0, 2, 1))
    assert heard == pytest.approx([heard[0]] * len(heard), abs=0.2)
