"""Parts of a machine are taken away for real; the doctor names what is gone and what mends it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import sysconfig
from collections.abc import Iterator
from pathlib import Path

import pytest
import tools

import sayso
from sayso.cli import doctor


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    with tools.small_disk(tmp_path / "small", "256k") as folder:
        yield folder


def test_a_disk_without_space(small_disk: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SAYSO_CACHE", str(small_disk / "cache"))
    finding = doctor._cache()
    assert finding.state == "wrong"
    assert finding.detail == f"{small_disk / 'cache'}: the disk is full"
    assert finding.hint is not None
    assert "free some space" in finding.hint
    assert "export SAYSO_CACHE=" in finding.hint
    assert not list((small_disk / "cache").iterdir())


def test_a_read_only_disk(small_disk: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    tools.without_writing(small_disk)
    monkeypatch.setenv("SAYSO_CACHE", str(small_disk / "cache"))
    finding = doctor._cache()
    assert (finding.state, finding.hint) == (
        "wrong",
        "export SAYSO_CACHE=FOLDER, one that you can write to",
    )
    assert "read-only" in finding.detail


def test_a_file_in_the_place_of_the_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "cache").write_text("not a folder")
    monkeypatch.setenv("SAYSO_CACHE", str(tmp_path / "cache"))
    finding = doctor._cache()
    assert finding.state == "wrong"
    assert "a file stands where a folder is needed" in finding.detail


def test_a_cast_that_cannot_speak(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert list(doctor._show()) == []
    (tmp_path / "show.toml").write_text('title = "x"\n[voices.host]\nengine = "tome"\n')
    (finding,) = doctor._show()
    assert (finding.state, finding.hint) == ("wrong", "did you mean 'tone'?")
    assert finding.detail == "show.toml:3: unknown engine 'tome'  [unknown-engine]"


def test_without_voices_and_extras(tmp_path: Path) -> None:
    """All packages but the engines and those of the extras."""
    gone = ("hibari", "piper", "joe_us", "kokoro", "pyttsx3", "watchfiles", "trafilatura", "s3fs")
    gone += ("distributed",)
    packages = tmp_path / "packages"
    packages.mkdir()
    for folder in {sysconfig.get_path("purelib"), sysconfig.get_path("platlib")}:
        for path in Path(folder).iterdir():
            if not path.name.lower().startswith(gone) and path.suffix != ".pth":
                (packages / path.name).symlink_to(path)
    run = "import sys; from sayso.cli import run; sys.exit(run(['doctor', '--json']))"
    environment = {
        **os.environ,
        "PYTHONPATH": os.pathsep.join([str(packages), str(Path(sayso.__file__).parents[1])]),
        "SAYSO_CACHE": str(tmp_path / "cache"),
        "PATH": "",
    }
    done = subprocess.run(
        [sys.executable, "-S", "-c", run],
        capture_output=True,
        text=True,
        env=environment,
        cwd=tmp_path,
        check=False,
    )
    assert (done.returncode, done.stderr) == (3, "")
    document = json.loads(done.stdout)
    assert document["ok"] is False
    found = {each["name"]: each for each in document["findings"]}
    assert found["engine hibari"]["hint"] == "pip install 'sayso[neural]'"
    assert found["the studio"]["hint"] == "pip install 'sayso[preview]'"
    assert found["a Dask cluster"]["hint"] == "pip install 'sayso[cluster]'"
    assert found["reviews that are web pages"]["hint"] == "pip install 'sayso[html]'"
    assert found["S3, SFTP and WebDAV"]["hint"] == "pip install 'sayso[publish]'"
    assert found["ffmpeg"]["state"] == "optional"
    assert found["engine pyttsx3"]["hint"] == "pip install pyttsx3"
    assert found["voices"]["state"] == "wrong"
    assert found["voices"]["hint"] == "pip install 'sayso[neural]'"
