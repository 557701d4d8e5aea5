"""The small commands, and what all have in common."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
import soundfile
from tools import need

from sayso.cli import COMMANDS

Sayso = Callable[..., "Result"]  # type: ignore[name-defined]  # noqa: F821 - see conftest.py


def test_help_lists_every_command_without_importing_any() -> None:
    code = (
        "import sys; from sayso.cli import run; run(['--help']); "
        "heavy = ('numpy', 'rich', 'jinja2', 'sayso.build.pipeline', 'sayso.error_codes'); "
        "print([m for m in heavy if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert all(name in done.stdout for name in COMMANDS)
    assert done.stdout.splitlines()[-1] == "[]"


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_explains_itself(name: str, sayso: Sayso) -> None:
    result = sayso(name, "--help")
    assert result.code == 0
    assert COMMANDS[name].rstrip(".").split(",")[0].split()[0] in result.out


def test_new_makes_a_show_that_builds(here: Path, sayso: Sayso, monkeypatch) -> None:  # type: ignore[no-untyped-def]
    result = sayso("new", "late-seats", "--mood", "bright")
    assert result.code == 0
    assert "next: cd late-seats && sayso build reviews/the-long-tide.md" in result.err
    show = here / "late-seats"
    assert 'title = "Late Seats"' in (show / "show.toml").read_text("utf-8")
    monkeypatch.chdir(show)
    review = show / "reviews" / "the-long-tide.md"
    whole = review.read_text("utf-8")
    review.write_text(whole[: whole.index("\n\n", 900)] + "\n", "utf-8")  # for the sake of time
    assert sayso("build", "reviews/the-long-tide.md", "--draft").code == 0
    assert "This is Late Seats." in (show / "episodes/the-long-tide/script.md").read_text("utf-8")


def test_new_never_overwrites(here: Path, sayso: Sayso) -> None:
    (here / "mine").mkdir()
    (here / "mine" / "lexicon.toml").write_text("# mine\n")
    assert sayso("new", "mine", "--title", 'Say "so"').code == 0
    assert (here / "mine" / "lexicon.toml").read_text() == "# mine\n"
    again = sayso("new", "mine")
    assert again.code == 1
    assert "there is a show already" in again.err


def test_say_shows_the_rules_and_the_result(here: Path, sayso: Sayso) -> None:
    result = sayso("say", "It cost $20 million.")
    assert result.out == "It cost twenty million dollars.\n"
    assert "$20 million" in result.err
    assert "unknown voice 'nobody'" in sayso("say", "Hello.", "--voice", "nobody").err


def test_say_reads_the_lexicon_of_the_show_and_writes_a_wav(here: Path, sayso: Sayso) -> None:
    (here / "show.toml").write_text('title = "Here"\n')
    (here / "lexicon.toml").write_text('[words]\n"Siobhan" = "Shiv-awn"\n')
    result = sayso("say", "Siobhan is back.", "--engine", "tone", "--out", "out.wav")
    assert result.code == 0
    assert result.out.startswith("Shiv-awn")
    assert soundfile.info(here / "out.wav").duration > 0.5
    os.mkfifo(here / "pipe")
    with subprocess.Popen([need("cat"), here / "pipe"], stdout=subprocess.PIPE) as reader:
        assert sayso("say", "Siobhan is back.", "--engine", "tone", "--out", "pipe").code == 0
        assert reader.communicate()[0] == (here / "out.wav").read_bytes()
    assert "a folder stands where" in sayso("say", "Hello.", "--engine", "tone", "--out", ".").err


def test_voices_lists_every_engine(here: Path, sayso: Sayso) -> None:
    report = json.loads(sayso("voices", "--json").out)
    assert report["auto"] == "hibari"
    by_name = {row["engine"]: row for row in report["engines"]}
    assert {"hibari", "pyttsx3", "tone"} <= set(by_name)
    assert any(voice["default"] for voice in by_name["hibari"]["voices"])
    assert len(by_name["pyttsx3"]["voices"]) > 5


def test_voices_that_are_not_installed_are_listed_with_how_to_have_them(
    here: Path, sayso: Sayso, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SAYSO_KOKORO", str(here))
    listed = sayso("voices", "--engine", "kokoro")
    how = re.search(r"not installed: (.*)", listed.out)
    assert how is not None
    assert re.search(r"am_michael +en-US +male +natural; its makers' grade: C\+", listed.out)
    assert len(listed.out.splitlines()) == 31  # two lines on the engine, 28 voices, and a blank one
    tried = sayso("voices", "--try", "am_michael")
    assert tried.code == 3
    assert "error: 'am_michael' is a voice of kokoro, which is not installed" in tried.err
    assert how[1] in tried.err


def test_voices_try_keeps_a_sample(here: Path, sayso: Sayso) -> None:
    result = sayso("voices", "--engine", "tone", "--try", "host")
    assert result.code == 0
    assert soundfile.info(here / result.out.strip()).duration > 1


def test_a_voice_is_tried_by_the_rules_of_its_language(here: Path, sayso: Sayso) -> None:
    said = []
    for text in ("Ich gebe 8/10.", "Ich gebe 8 10."):
        result = sayso("voices", "--engine", "pyttsx3", "--try", "gmw/de", "--say", text)
        assert result.code == 0
        said.append((here / result.out.strip()).read_bytes())
    assert said[0] == said[1]  # and not "eight out of ten"


def test_doctor_proves_both_voices(here: Path, sayso: Sayso) -> None:
    result = sayso("doctor", "--json")
    report = json.loads(result.out)
    assert result.code == 0
    found = {finding["name"]: finding for finding in report["findings"]}
    for engine in ("hibari", "pyttsx3"):
        assert found[f"engine {engine}"]["state"] == "ok"
        assert "speaks with" in found[f"engine {engine}"]["detail"]


def test_cache_shows_and_clears(here: Path, sayso: Sayso, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SAYSO_CACHE", str(here / "cache"))
    sayso("build", "pier.md", "--draft")
    before = json.loads(sayso("cache", "--json").out)["parts"]
    assert before["takes"]["files"] > 5
    told = sayso("cache")
    assert re.search(r"takes +\d+ files +\d+\.\d MB  voiced sentences", told.out)
    assert "of at most 2,000 MB" in told.out
    assert "the last hour stays" in sayso("cache", "--trim", "0").err
    assert "MB removed" in sayso("cache", "--clear").err
    after = json.loads(sayso("cache", "--json").out)["parts"]
    assert sum(part["files"] for part in after.values()) == 0
    assert sayso("build", "pier.md", "--draft").code == 0


@pytest.mark.parametrize(
    "arguments",
    [
        ("build", "pier.md", "--draft"),
        ("script", "pier.md"),
        ("voices",),
        ("say", "x"),
        ("lexicon", "pier.md"),
        ("doctor",),
    ],
)
def test_json_documents_carry_a_schema_and_nothing_else_is_printed(
    arguments: tuple[str, ...], here: Path, sayso: Sayso
) -> None:
    result = sayso(*arguments, "--json")
    assert json.loads(result.out)["schema"] == 1
    assert result.err == ""
