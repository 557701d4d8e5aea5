"""A folder in which a page of the documentation is followed step by step, as a reader would.

Files that a page shows are written, commands that it shows are run, and what they print is held
against what it shows. The voices hum, for it is not they that matter here.
"""

from __future__ import annotations

import contextlib
import io
import os
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import click
from docs.fences import ROOT
from tools import need

from sayso.cli import COMMANDS, run
from sayso.cli import sayso as program

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

STAY = ("preview", "play")
"""Commands that end when their user ends them: their arguments are read, and they are not started."""
_UNSTABLE = (
    (r"  \[[a-z-]+\]$", ""),
    (r"show\.toml:\d+", "show.toml:LINE"),
    (r"\b[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}\b", "GUID"),
    (r"\d{4}-\d\d-\d\d[ T]\d\d:\d\d(:\d\d)?( ?[+-]\d\d:?\d\d)?", "DATE"),
    (r"\d+:\d\d(:\d\d)?\b", "TIME"),
    (r"\d+ sentences? voiced, \d+ kept", "N voiced"),
    (r"\d+ of \d+ stretch(es)? encoded", "N encoded"),
    (r"\d+ chapters", "N chapters"),
    (r"-?\d+\.\d+", "X"),
    (r"\b(hibari|piper|kokoro|pyttsx3|tone)\b", "ENGINE"),
)
"""What differs from run to run, from voice to voice, with what is cached or how long a review is;
the codes of errors are on a page of their own."""


@dataclass
class Session:
    """The reader's shell: where it is, and what Python has defined."""

    folder: Path
    """Where the page begins."""
    here: Path = field(init=False)
    names: dict[str, Any] = field(default_factory=lambda: {"__name__": "page"})

    def __post_init__(self) -> None:
        self.here = self.folder

    def write(self, name: str, text: str) -> None:
        """A file that the page shows; settings are added to those that are there."""
        path = self.here / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if path.name in ("show.toml", "lexicon.toml") and path.exists():
            text = toml(_merged(tomllib.loads(path.read_text("utf-8")), tomllib.loads(text)))
        path.write_text(text, "utf-8")
        self.hum()

    def hum(self) -> None:
        """Let every show here speak by the quickest of voices."""
        for path in self.folder.rglob("show.toml"):
            text = re.sub(r'^engine = ".*"', 'engine = "tone"', path.read_text("utf-8"), flags=re.M)
            path.write_text(re.sub(r'^voice = ".*"\n', "", text, flags=re.M), "utf-8")

    def shorten(self) -> None:
        """Cut the sample reviews that lie here."""
        for name in ("the-long-tide.md", "plain-speaker.txt"):
            sample = (ROOT / "reviews" / name).read_bytes()
            head, *parts = sample.decode("utf-8").strip().split("\n\n")
            kept = [re.split(r"(?<=[.!?]) ", part)[:3] for part in (*parts[:4], parts[-1])]
            for path in self.folder.rglob(name):
                if path.read_bytes() == sample:
                    path.write_text("\n\n".join([head, *map(" ".join, kept)]) + "\n", "utf-8")

    def shell(self, line: str) -> tuple[int, str]:
        """Run one line of a shell; its exit code, and all that it printed."""
        words = shlex.split(line, comments=True)
        if not words:
            return 0, ""
        if words[0] == "cd":
            self.here = (self.here / words[1]).resolve()
            assert self.folder in (self.here, *self.here.parents)
            return 0, ""
        if words[0] == "make":
            return captured([need("make"), "-n", *words[1:]], ROOT)
        if words[0] == "sayso" and not re.search(r"[|<>;&$`]", re.sub(r"'[^']*'", "", line)):
            return self.sayso(words[1:])
        return captured([need("bash"), "-euc", line], self.here)

    def sayso(self, arguments: list[str]) -> tuple[int, str]:
        """Run sayso in this process, which has imported it already."""
        arguments = [each for one in arguments for each in self._expanded(one)]
        understood(arguments)
        if arguments[0] in STAY:
            return 0, ""
        if arguments[0] == "new":  # a reader is elsewhere; here it lies in the page's sample show
            arguments.append("--inside")
        printed = io.StringIO()
        with (
            _inside(self.here),
            contextlib.redirect_stdout(printed),
            contextlib.redirect_stderr(printed),
        ):
            code = run(arguments)
        if arguments[0] == "new":
            self.hum()
            self.shorten()
        return code, printed.getvalue()

    def _expanded(self, argument: str) -> list[str]:
        if "*" not in argument:
            return [argument]
        return sorted(str(path.relative_to(self.here)) for path in self.here.glob(argument))

    def python(self, text: str) -> None:
        """Run Python here; what one block defines, the next ones know."""
        with _inside(self.here):
            exec(compile(text, "page", "exec"), self.names)
        for name in [each for each in self.names if each.startswith("test_")]:
            self.names.pop(name)()


def new_session(folder: Path) -> Session:
    """The sample show, with an address for its feed. Its reviews are a few paragraphs of three
    sentences each: what is shorter is built sooner."""
    for name in ("show.toml", "lexicon.toml"):
        shutil.copy(ROOT / name, folder)
    session = Session(folder)
    shutil.copytree(ROOT / "reviews", folder / "reviews")
    session.write("show.toml", '[feed]\nurl = "https://example.com/show"\n')
    session.shorten()
    return session


def understood(arguments: list[str]) -> None:
    """Read the arguments of a command as the command does. Raises UsageError."""
    if arguments[0].startswith("-"):
        return
    assert arguments[0] in COMMANDS, arguments
    command = program.get_command(click.Context(program), arguments[0])
    assert command is not None
    if "--help" not in arguments:
        command.make_context(arguments[0], arguments[1:])


def shows(shown: str, printed: str) -> str | None:
    """The first line shown that was not printed, in order; None where all were.

    `…` at the end of a line stands for its rest, on a line of its own for any lines.
    """
    rest = [_stable(line) for line in printed.splitlines()]
    for line in shown.splitlines():
        wanted = _stable(line)
        if wanted in ("", "…"):
            continue
        for number, actual in enumerate(rest):
            if actual == wanted or (wanted.endswith("…") and actual.startswith(wanted[:-1])):
                rest = rest[number + 1 :]
                break
        else:
            return line
    return None


def toml(table: dict[str, Any], name: str = "") -> str:
    """A table of TOML as text."""
    plain = {k: v for k, v in table.items() if not isinstance(v, dict) and not _rows(v)}
    text = "".join(f"{_key(k)} = {_value(v)}\n" for k, v in plain.items())
    for key, value in table.items():
        path = f"{name}.{_key(key)}" if name else _key(key)
        if isinstance(value, dict):
            text += f"\n[{path}]\n{toml(value, path)}"
        elif _rows(value):
            text += "".join(f"\n[[{path}]]\n{toml(row, path)}" for row in value)
    return text


def _rows(value: Any) -> bool:
    return isinstance(value, list) and bool(value) and isinstance(value[0], dict)


def _key(name: str) -> str:
    return name if re.fullmatch(r"[\w-]+", name, re.ASCII) else _value(name)


def _value(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, list):
        return f"[{', '.join(_value(each) for each in value)}]"
    if isinstance(value, str):
        return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'
    return str(value)


def _merged(old: dict[str, Any], new: dict[str, Any]) -> dict[str, Any]:
    """`new` put into `old`, table by table."""
    both = dict(old)
    for key, value in new.items():
        mine = old.get(key)
        both[key] = (
            _merged(mine, value) if isinstance(mine, dict) and isinstance(value, dict) else value
        )
    return both


def _stable(line: str) -> str:
    for pattern, word in _UNSTABLE:
        line = re.sub(pattern, word, line)
    return line.strip()


def captured(command: list[str], folder: Path, **more: str) -> tuple[int, str]:
    """Run a program, with `more` in its environment; its exit code, and all that it printed."""
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    git = {
        f"GIT_{who}_{what}": "ada@example.com"
        for who in ("AUTHOR", "COMMITTER")
        for what in ("NAME", "EMAIL")
    }
    done = subprocess.run(
        command,
        cwd=folder,
        env={**os.environ, **git, **more, "PATH": path},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    return done.returncode, done.stdout


@contextlib.contextmanager
def _inside(folder: Path) -> Iterator[None]:
    before = Path.cwd()
    os.chdir(folder)
    try:
        yield
    finally:
        os.chdir(before)
