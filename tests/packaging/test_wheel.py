"""What is built for others: it holds all that it needs and nothing else, and does the main job.

SAYSO_SOAK=1 installs it with everything that it depends on, from the package index.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import sysconfig
import tarfile
import venv
import zipfile
from pathlib import Path

import pytest
from tools import need, need_package, soak, without_network

ROOT = Path(__file__).parents[2]
STARTER = ("scripts", "audio", "reviews", "show.toml", "lexicon.toml")

pytestmark = pytest.mark.xdist_group("packaging")


def run(*command: str | Path, cwd: Path, env: dict[str, str] | None = None) -> str:
    done = subprocess.run(
        list(map(str, command)), cwd=cwd, env=env, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def built(source: Path, to: Path, *targets: str) -> None:
    kinds = [word for target in targets for word in ("-t", target)]
    run(sys.executable, "-m", "hatchling", "build", "-d", to, *kinds, cwd=source)


def contents(wheel: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(wheel) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


@pytest.fixture(scope="module")
def dist(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An sdist and a wheel of this checkout."""
    need_package("hatchling")
    folder = tmp_path_factory.mktemp("dist")
    built(ROOT, folder, "sdist", "wheel")
    return folder


@pytest.fixture(scope="module")
def wheel(dist: Path) -> Path:
    return next(dist.glob("*.whl"))


def tracked(*folders: str) -> list[str]:
    """The files of the repository."""
    listed = run(need("git"), "ls-files", *folders, cwd=ROOT)
    return [name for name in listed.splitlines() if (ROOT / name).is_file()]


def test_the_wheel_of_the_sdist_is_the_wheel(dist: Path, wheel: Path, tmp_path: Path) -> None:
    with tarfile.open(next(dist.glob("*.tar.gz"))) as archive:
        if hasattr(tarfile, "data_filter"):  # a Python may be older than this guard
            archive.extraction_filter = tarfile.data_filter
        archive.extractall(tmp_path)
    (source,) = tmp_path.iterdir()
    built(source, tmp_path / "again", "wheel")
    again = next((tmp_path / "again").glob("*.whl"))
    assert contents(again) == contents(wheel)


def test_the_wheel_has_every_file_and_no_other(wheel: Path) -> None:
    expected = {name.removeprefix("src/") for name in tracked("src/sayso")}
    expected |= {f"sayso/starter/{name}" for name in tracked(*STARTER)}
    there = {name for name in contents(wheel) if ".dist-info/" not in name}
    assert there == expected
    about = {name.rpartition("/")[2] for name in contents(wheel)} - {
        name.rpartition("/")[2] for name in there
    }
    assert about <= {"METADATA", "WHEEL", "entry_points.txt", "LICENSE", "RECORD"}
    strays = re.compile(r"__pycache__|\.pyc|(^|/)tests?/|(^|/)test_|\.orig|~$")
    assert [name for name in there if strays.search(name)] == []


def do_the_main_job(program: Path, folder: Path, *engine: str) -> None:
    """A new show, an episode and a feed, from a folder and home of their own, without a network."""
    alone = without_network()
    for name in ("home", "elsewhere"):
        (folder / name).mkdir()
    kept = {name: os.environ[name] for name in ("PATH", "LANG") if name in os.environ}
    env = {**kept, "HOME": str(folder / "home"), "SAYSO_CACHE": str(folder / "cache")}
    where = folder / "elsewhere"
    run(*alone, program, "new", "my-show", cwd=where, env=env)
    show = where / "my-show"
    settings = show / "show.toml"
    text = settings.read_text("utf-8")
    address = 'url = "https://late-seats.example/show/"'
    there = re.sub(r"(?m)^# url = .*", address, text)
    assert address in there
    settings.write_text(there, "utf-8")
    review = next((show / "reviews").glob("*.md"))
    whole = review.read_text("utf-8")
    review.write_text(whole[: whole.index("\n\n", 900)] + "\n", "utf-8")  # for the sake of time
    run(*alone, program, "build", review.relative_to(show), *engine, cwd=show, env=env)
    run(*alone, program, "publish", cwd=show, env=env)
    told = run(*alone, program, "check", "--feed", cwd=show, env=env)
    assert "Traceback" not in told
    assert "[no-space]" in run(*alone, program, "explain", "no-space", cwd=show, env=env)
    assert (show / "public" / "feed.xml").is_file()
    assert (show / "episodes" / review.stem / "episode.mp3").stat().st_size > 100_000


def test_the_wheel_does_the_main_job(wheel: Path, tmp_path: Path) -> None:
    """In an environment that has this wheel, and beside it only what sayso depends on."""
    clean = tmp_path / "venv"
    venv.create(clean, symlinks=True)
    python = clean / "bin" / "python"
    run(
        *(sys.executable, "-m", "pip", "--python", python, "install", "-q"),
        *("--disable-pip-version-check", "--no-deps", "--no-index", wheel),
        cwd=tmp_path,
    )
    where = run(
        python, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))", cwd=tmp_path
    )
    # Its libraries only: the checkout comes by a .pth file, which is not read there.
    borrowed = sysconfig.get_path("purelib")
    (Path(where.strip()) / "borrowed.pth").write_text(f"{borrowed}\n", "utf-8")
    place = run(python, "-c", "import sayso; print(sayso.__file__)", cwd=tmp_path)
    assert Path(place.strip()).is_relative_to(clean)
    do_the_main_job(clean / "bin" / "sayso", tmp_path, "--engine", "tone")


@soak
def test_a_clean_installation_does_the_main_job(wheel: Path, tmp_path: Path) -> None:
    clean = tmp_path / "venv"
    venv.create(clean, symlinks=True, with_pip=True)
    run(clean / "bin" / "pip", "install", "-q", f"{wheel}[neural,preview]", cwd=tmp_path)
    do_the_main_job(clean / "bin" / "sayso", tmp_path)
