"""Flag before environment, environment before show.toml, show.toml before what comes with sayso."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from sayso.cli import doctor
from sayso.cli.config import known_variables

Sayso = Callable[..., "Result"]  # type: ignore[name-defined]  # noqa: F821 - see conftest.py

SHOW = """\
title = "The Pier"
kind = "tv"

[voices.host]
engine = "tone"
speed = 1.2

[audio]
loudness = -18
"""


@pytest.fixture
def show(here: Path) -> Path:
    (here / "show.toml").write_text(SHOW, "utf-8")
    return here


def listed(sayso: Sayso, *arguments: str) -> dict[str, dict[str, Any]]:
    result = sayso("config", "--json", *arguments)
    assert result.code == 0
    return {each["name"]: each for each in json.loads(result.out)["settings"]}


def test_a_flag_goes_before_a_variable_before_the_file(
    show: Path, sayso: Sayso, monkeypatch: pytest.MonkeyPatch
) -> None:
    in_file = {"kind": "file", "place": "show.toml:2", "value": '"tv"'}
    by_variable = {"kind": "environment", "place": "$SAYSO_KIND", "value": '"book"'}
    kind = listed(sayso)["kind"]
    assert (kind["value"], kind["origin"]["place"], kind["over"]) == ('"tv"', "show.toml:2", [])
    monkeypatch.setenv("SAYSO_KIND", "book")
    kind = listed(sayso)["kind"]
    assert (kind["value"], kind["origin"]["place"]) == ('"book"', "$SAYSO_KIND")
    assert kind["over"] == [in_file]
    kind = listed(sayso, "--kind", "film")["kind"]
    assert (kind["value"], kind["origin"]["place"]) == ('"film"', "--kind")
    assert kind["over"] == [by_variable, in_file]


def test_what_comes_with_sayso_is_told_too(show: Path, sayso: Sayso) -> None:
    found = listed(sayso)
    assert found["pauses.sentence"]["value"] == "0.28"
    assert found["pauses.sentence"]["origin"]["kind"] == "default"
    assert found["audio.loudness"]["value"] == "-18"
    assert found["audio.loudness"]["over"][0]["value"] == "-16.0"
    assert found["voices.host.speed"]["origin"]["place"] == "show.toml:6"


def test_people_see_it_on_a_line(show: Path, sayso: Sayso, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SAYSO_ENGINE", "pyttsx3")
    line = next(
        line
        for line in sayso("config", "--explain").out.splitlines()
        if line.startswith("voices.host.engine")
    )
    assert " ".join(line.split()) == (
        'voices.host.engine = "pyttsx3" $SAYSO_ENGINE, over show.toml:5 "tone", over default "auto"'
    )
    assert 'voices.host.engine = "pyttsx3"\n' in sayso("config").out


def test_the_environment_is_obeyed_as_flags_are(
    show: Path, sayso: Sayso, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SAYSO_ORDER", "source")
    monkeypatch.setenv("SAYSO_KIND", "film")
    document = json.loads(sayso("script", "pier.md", "--explain", "--json").out)
    assert document["kind"] == "film"


@pytest.mark.parametrize(
    ("variable", "value", "arguments", "code", "told"),
    [
        ("SAYSO_JOBS", "many", ["build", "pier.md", "--dry-run"], 2, "env var: 'SAYSO_JOBS'"),
        ("SAYSO_FORMAT", "mp4", ["build", "pier.md", "--dry-run"], 2, "env var: 'SAYSO_FORMAT'"),
        ("SAYSO_KIND", "telly", ["script", "pier.md"], 1, "$SAYSO_KIND is set to it"),
        ("SAYSO_TEMPLATE", "teve", ["script", "pier.md"], 1, "$SAYSO_TEMPLATE is set to it"),
        ("SAYSO_ENGINE", "tome", ["build", "pier.md", "--dry-run"], 1, "$SAYSO_ENGINE is set to"),
    ],
)
def test_a_wrong_value_names_its_variable(
    show: Path,
    sayso: Sayso,
    monkeypatch: pytest.MonkeyPatch,
    variable: str,
    value: str,
    arguments: list[str],
    code: int,
    told: str,
) -> None:
    monkeypatch.setenv(variable, value)
    result = sayso(*arguments)
    assert (result.code, told in result.err) == (code, True), result.err


def test_a_misspelt_variable_is_told(
    show: Path, sayso: Sayso, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SAYSO_TEMPLAT", "tv")
    monkeypatch.setenv("SAYSO_CACHE_MB", "2 GB")
    told = sayso("config").err
    assert "$SAYSO_TEMPLAT is no variable of sayso (did you mean 'SAYSO_TEMPLATE'?)" in told
    assert "$SAYSO_CACHE_MB cannot be '2 GB'" in told
    findings = list(doctor._variables())
    assert [finding.state for finding in findings] == ["wrong", "wrong"]
    assert findings[0].hint == "did you mean 'SAYSO_TEMPLATE'?"


def test_a_password_is_not_shown(show: Path, sayso: Sayso, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SAYSO_WEBDAV_PASSWORD", "sesame")
    result = sayso("config", "--explain")
    assert "sesame" not in result.out + result.err + sayso("config", "--json").out


def test_the_page_of_settings_tells_every_variable() -> None:
    page = (Path(__file__).parents[2] / "docs" / "settings.md").read_text("utf-8")
    assert set(re.findall(r"\$(SAYSO_[A-Z_]+[A-Z])", page)) == known_variables()
