"""A newcomer in an empty folder, who does what the last lines say and nothing else."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from cli.conftest import Result
from tools import bound_by_permissions, need

PROGRAMS = Path(sys.executable).parent


class Newcomer:
    """Types commands into a shell that remembers where it is."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.code = 0
        self.said = ""
        self.environment = {
            **os.environ,
            "PATH": f"{PROGRAMS}{os.pathsep}{os.environ['PATH']}",
            "SAYSO_CACHE": str(folder / "cache"),
            "SAYSO_ENGINE": "tone",  # a hum: what is said is not what is tested here
        }

    def types(self, line: str) -> Newcomer:
        done = subprocess.run(
            [
                need("bash"),
                "--norc",
                "-c",
                f"{line}\ncode=$?; pwd > {shlex.quote(self.place)}; exit $code",
            ],
            cwd=self.folder,
            env=self.environment,
            capture_output=True,
            text=True,
            check=False,
        )
        self.code, self.said = done.returncode, done.stdout + done.stderr
        assert "Traceback" not in self.said
        self.folder = Path(Path(self.place).read_text().strip())
        return self

    @property
    def place(self) -> str:
        return str(Path(self.environment["SAYSO_CACHE"]).parent / "place")

    @property
    def next(self) -> str:
        """The command after `next:`, without what stands behind it in parentheses."""
        return re.search(r"^next: (.*?)(  \(.*)?$", self.said, re.M)[1]  # type: ignore[index]

    def follow(self) -> Iterator[str]:
        """Do what the last command said, as long as it is a command."""
        while re.search(r"^next: (cd|sayso)\b", self.said, re.M):
            line = self.next
            yield line
            self.types(line)


@pytest.fixture
def newcomer(tmp_path: Path) -> Newcomer:
    return Newcomer(tmp_path)


def hint(newcomer: Newcomer) -> None:
    """Write the line that an error tells to write, where it says."""
    told = re.search(r"show\.toml:(\d+): .*\n +write (\w+ = \".*?\") under \[feed\]", newcomer.said)
    assert told is not None, newcomer.said
    path = newcomer.folder / "show.toml"
    lines = path.read_text("utf-8").splitlines()
    assert lines[int(told[1]) - 1] == "[feed]"
    lines.insert(int(told[1]), told[2])
    path.write_text("\n".join(lines), "utf-8")


def test_from_nothing_to_a_published_feed(newcomer: Newcomer) -> None:
    home = newcomer.folder
    newcomer.types("sayso new my-show")
    review = home / "my-show" / "reviews" / "the-long-tide.md"
    whole = review.read_text("utf-8")
    review.write_text(whole[: whole.index("\n\n", 900)] + "\n", "utf-8")  # for the sake of time
    walked = []
    for line in newcomer.follow():
        walked.append(line)
        if len(walked) > 10:
            break
    assert newcomer.code == 1
    assert "the feed has no address  [missing-setting]" in newcomer.said
    hint(newcomer)
    newcomer.types(walked[-1])
    walked += newcomer.follow()
    assert walked == [
        "cd my-show && sayso build reviews/the-long-tide.md",
        "sayso publish the-long-tide",
        "sayso check --feed",
    ]
    assert newcomer.code == 0
    assert "put what is in public where https://example.com/show/ is served" in newcomer.said
    assert (home / "my-show/public/feed.xml").is_file()
    assert (home / "my-show/public/the-long-tide/index.html").is_file()
    assert 'write author = "Your name" at the top of show.toml' in newcomer.said
    path = newcomer.folder / "show.toml"
    path.write_text(path.read_text("utf-8").replace("# author", "author"), "utf-8")
    newcomer.types("sayso publish")
    walked = list(newcomer.follow())
    assert walked == ["sayso check --feed"]
    assert "  in order\n" in newcomer.said


def test_a_name_with_a_space(newcomer: Newcomer) -> None:
    newcomer.types("sayso new 'Late Seats'")
    assert newcomer.next == "cd 'Late Seats' && sayso build reviews/the-long-tide.md"
    newcomer.types("mkdir here; cd here; sayso new .")
    assert newcomer.next == "sayso build reviews/the-long-tide.md"


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("build reviews/the-long-tied.md", "did you mean 'reviews/the-long-tide.md'?"),
        ("build the-long-tide", "did you mean 'reviews/the-long-tide.md'?"),
        ("build reviews", "is a folder, not a review  [not-a-text]\n       name a file in it"),
        ("build empty.md", "is empty  [empty-review]\n       write the review first"),
        ("build show.toml/x.md", "[no-such-file]"),
        ("publish the-long-tide", "[no-episode]\n       sayso build reviews/the-long-tide.md\n"),
        ("play the-long-tide", "[no-episode]\n       sayso build reviews/the-long-tide.md\n"),
        ("check", "there is no finished episode here  [no-episode]\n       sayso build REVIEW"),
        (
            "new .",
            "there is a show already  [already-there]\n       choose another folder, or go on",
        ),
    ],
)
def test_mistakes(
    tmp_path: Path,
    sayso: Callable[..., Result],
    monkeypatch: pytest.MonkeyPatch,
    line: str,
    said: str,
) -> None:
    monkeypatch.chdir(tmp_path)
    assert sayso("new", "my-show").code == 0
    monkeypatch.chdir(tmp_path / "my-show")
    Path("empty.md").write_text("\n")
    result = sayso(*line.split())
    assert result.code == 1
    assert said in result.err


def test_in_the_wrong_folder(
    tmp_path: Path, sayso: Callable[..., Result], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    for arguments in (["publish"], ["publish", "--dry-run"], ["check", "--feed"]):
        result = sayso(*arguments)
        assert result.code == 1
        assert "there is no show.toml in this folder, nor above it  [missing-setting]" in result.err
        assert "sayso new my-show" in result.err


@pytest.mark.parametrize(
    ("closed", "line"),
    [
        ("show.toml", "sayso script reviews/the-long-tide.md"),
        ("scripts", "sayso script reviews/the-long-tide.md"),
        ("reviews", "sayso script reviews/the-long-tide.md"),
        ("reviews", "sayso preview --no-browser"),
        ("episodes/x", "sayso publish x"),
    ],
)
def test_without_permission(tmp_path: Path, closed: str, line: str) -> None:
    """For real: root is one whom permissions bind not, so it lets that go."""
    (tmp_path / "reviews").mkdir()
    (tmp_path / "reviews" / "the-long-tide.md").write_text("The sea gives nothing back.\n")
    (tmp_path / "scripts").mkdir()
    (tmp_path / "episodes" / "x").mkdir(parents=True)
    (tmp_path / "show.toml").write_text('title = "x"\n')
    bound = bound_by_permissions()
    (tmp_path / closed).chmod(0)
    try:
        done = subprocess.run(
            [*bound, sys.executable, "-m", *line.split()],
            cwd=tmp_path,
            capture_output=True,
            text=True,
            check=False,
        )
    finally:
        (tmp_path / closed).chmod(0o755)
    assert done.returncode == 3
    assert re.search(
        rf"^error: {closed}.*: no permission for this file or folder  \[no-permission\]\n"
        r" +check who owns it\n\Z",
        done.stderr,
        re.MULTILINE,
    ), done.stderr
