"""The same bytes whichever instructions the processor offers."""

from __future__ import annotations

import hashlib
import json
import os
import platform
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import soundfile

REVIEW = """\
---
title: The Glass Ferry
kind: tv
---

Nobody warns you about the fog. The Glass Ferry opens in it, and for ten minutes there is nothing to see.

The story follows a pilot who hears her dead brother on the radio, which is louder than it should be.

It is worth every minute, and I give it 8/10.
"""
SETTINGS = """\
title = "Dead Air"
[sounds.intro]
file = "clicks.wav"
[sounds.transition]
file = "clicks.wav"
"""
BUILD = """\
import sys
from pathlib import Path
from sayso.build.api import build_episode
from sayso.build.options import Options
sys.stdout.write(str(build_episode(Path("the-ferry.md"), Options(engine="tone", jobs=1)).folder))
"""
PLAIN = "AVX512F AVX512CD AVX512_SKX AVX512_CLX AVX512_CNL AVX512_ICL AVX512_SPR X86_V4"
"""Names of newer instructions; numpy 2.4 has renamed some."""


def kernels() -> dict[str, dict[str, str]]:
    """Settings of the environment, each of which has numpy and its BLAS compute otherwise."""
    from numpy._core._multiarray_umath import __cpu_dispatch__, __cpu_features__

    newer = [one for one in __cpu_dispatch__ if __cpu_features__.get(one)]
    wide = [one for one in newer if one in PLAIN.split()]
    found = {"as it is": {}, "another BLAS": {"OPENBLAS_CORETYPE": "Haswell"}}
    found["an old BLAS"] = {
        "OPENBLAS_CORETYPE": "Prescott",
        "NPY_DISABLE_CPU_FEATURES": " ".join(wide),
    }
    found["the least of all"] = {
        "OPENBLAS_CORETYPE": "Nehalem",
        "NPY_DISABLE_CPU_FEATURES": " ".join(newer),
    }
    return found


def built(folder: Path, environment: dict[str, str]) -> dict[str, str]:
    """SHA-256 of what an episode is made of, built from nothing in an environment."""
    folder.mkdir()
    (folder / "the-ferry.md").write_text(REVIEW, "utf-8")
    (folder / "show.toml").write_text(SETTINGS, "utf-8")
    clicks = np.random.default_rng(1).normal(0, 0.001, (66_150, 2))
    clicks[::2_000] = 0.5  # brought to the loudness of the show, they rise far above full scale
    soundfile.write(folder / "clicks.wav", clicks, 44_100)
    clean = {k: v for k, v in os.environ.items() if not k.startswith(("OPENBLAS", "NPY_"))}
    done = subprocess.run(
        [sys.executable, "-c", BUILD],
        cwd=folder,
        env={**clean, "SAYSO_CACHE": str(folder / "cache"), **environment},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    episode = Path(done.stdout)
    limited_db = json.loads((episode / "episode.json").read_text("utf-8"))["audio"]["limited_db"]
    assert limited_db > 1  # else the limiter had nothing to do
    return {
        path.name: hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(episode.iterdir())
        if path.is_file() and path.name != "report.html"
    }


@pytest.mark.skipif(
    platform.machine() not in ("x86_64", "AMD64"), reason="no kernels to choose from here"
)
def test_an_episode_has_the_same_bytes_by_every_kernel(tmp_path: Path) -> None:
    episodes = {
        name: built(tmp_path / name.replace(" ", "-"), environment)
        for name, environment in kernels().items()
    }
    first = episodes["as it is"]
    assert "episode.mp3" in first
    for name, files in episodes.items():
        assert files == first, name


def test_a_sound_is_metered_alike_whatever_lies_around_it() -> None:
    """Energies decide gains: they must not depend on what else is metered at a time."""
    from sayso.mix.loudness import frame_energies

    rng = np.random.default_rng(3)
    sound = rng.normal(0, 0.1, (40 * 1152, 1)).astype(np.float32)
    whole = frame_energies(sound, 44_100, 1152)
    for n in (1, 7, 25):
        np.testing.assert_array_equal(frame_energies(sound[: n * 1152], 44_100, 1152), whole[:n])
