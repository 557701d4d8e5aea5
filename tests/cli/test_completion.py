"""What real shells offer at Tab."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from tools import need

Sayso = Callable[..., "Result"]  # type: ignore[name-defined]  # noqa: F821 - see conftest.py
PROGRAMS = Path(sys.executable).parent

ASKED = {
    "sayso pre": ["preview"],
    "sayso build --eng": ["--engine"],
    "sayso build reviews/p": ["reviews/pier.md", "reviews/pilot.txt"],
    "sayso build reviews/pier.md reviews/p": ["reviews/pilot.txt"],
    "sayso build --kind fi": ["film"],
    "sayso build --template mi": ["mine"],
    "sayso say hello --voice cr": ["critic"],
    "sayso voices --engine to": ["tone"],
    "sayso publish pi": ["pier"],
    "sayso check pi": ["pier"],
    "sayso play pier --segment ver": ["verdict"],
    "sayso explain unknown-v": ["unknown-voice"],
    "sayso completion f": ["fish"],
}


@pytest.fixture
def show(here: Path) -> Path:
    (here / "show.toml").write_text('title = "The Pier"\n[voices.host]\n[voices.critic]\n')
    (here / "reviews").mkdir()
    (here / "reviews" / "pilot.txt").write_text("A pilot.")
    (here / "pier.md").rename(here / "reviews" / "pier.md")
    (here / "scripts").mkdir()
    (here / "scripts" / "mine.md.j2").write_text("")
    episode = here / "episodes" / "pier"
    episode.mkdir(parents=True)
    chapters = [{"id": "cast"}, {"id": "verdict"}]
    (episode / "episode.json").write_text(json.dumps({"chapters": chapters}))
    return here


def shell(name: str, text: str) -> str:
    """What a shell prints that runs `text` and nothing of anybody's own settings."""
    program = need(name)
    options = {"bash": ["--norc", "--noprofile"], "zsh": ["-f"], "fish": ["--no-config"]}[name]
    environment = {**os.environ, "PATH": f"{PROGRAMS}{os.pathsep}{os.environ['PATH']}"}
    done = subprocess.run(
        [program, *options, "-c", text],
        capture_output=True,
        text=True,
        env=environment,
        timeout=60,
        check=False,
    )
    assert done.stderr == ""
    return done.stdout


def test_bash_completes(show: Path) -> None:
    """By the very line that the command tells to put into ~/.bashrc."""
    lines = ['eval "$(sayso completion bash)"', "complete -p sayso"]
    for asked in ASKED:
        words = " ".join(f"'{word}'" for word in asked.split())
        lines += [
            f"COMP_WORDS=({words}); COMP_CWORD={len(asked.split()) - 1}; COMPREPLY=()",
            "_sayso_completion sayso",
            'echo "${COMPREPLY[*]}"',
        ]
    registered, *offered = shell("bash", "\n".join(lines)).splitlines()
    assert registered.endswith("-F _sayso_completion sayso")
    assert {asked: each.split() for asked, each in zip(ASKED, offered, strict=True)} == ASKED


def test_fish_completes(show: Path) -> None:
    asked = ["sayso build reviews/p", "sayso publish pi"]
    lines = ["sayso completion fish | source", *(f"complete --do-complete '{a}'" for a in asked)]
    offered = shell("fish", "\n".join(lines)).split()
    assert offered == [name for each in asked for name in ASKED[each]]


def test_zsh_takes_the_script(show: Path) -> None:
    lines = ["autoload -Uz compinit; compinit -u", 'eval "$(sayso completion zsh)"']
    lines.append('print "${_comps[sayso]}"')
    assert shell("zsh", "\n".join(lines)).strip() == "_sayso_completion"


def test_a_broken_show_is_silent(show: Path) -> None:
    """An error in the middle of a command line that is being typed would help nobody."""
    (show / "show.toml").write_text("title = ")
    text = "COMP_WORDS=(sayso build --kind f); COMP_CWORD=3; _sayso_completion sayso"
    assert shell("bash", f'eval "$(sayso completion bash)"\n{text}\necho "${{COMPREPLY[*]}}"') == (
        "\n"
    )


@pytest.mark.parametrize("name", ["bash", "zsh", "fish"])
def test_the_script_says_where_it_belongs(name: str, sayso: Sayso) -> None:
    first = sayso("completion", name).out.splitlines()[0]
    assert first.startswith("# ")
    assert f"sayso completion {name}" in first
