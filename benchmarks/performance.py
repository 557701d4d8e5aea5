"""How long builds take, beside the shell pipeline that one would write instead, and in memory.

    python benchmarks/performance.py [--write] [--twelve-hours]

Both sides say the same sentences with espeak-ng and run in turn, so that other work on the machine
meets both; the least of several times counts. `shell.sh` is what a user would write, `clever.sh`
what an expert would. Prints a table; --write puts it into docs/performance.md. --twelve-hours adds
an episode of that length and the most memory that the whole tree of processes held (Linux).
"""

from __future__ import annotations

import argparse
import compileall
import os
import pickle
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from episodes import SAMPLE, lines_of, run_and_weigh, write_review

from sayso.speech.workers import usable_cores

REPOSITORY = Path(__file__).resolve().parents[1]
PAGE = REPOSITORY / "docs" / "performance.md"
HERE = Path(__file__).resolve().parent
MARK = "<!-- the table is written by benchmarks/performance.py --write -->\n"
_TWELVE_HOURS = 1_330  # paragraphs, as the tone engine hums them
_TWELVE_MINUTES = 24  # paragraphs, as espeak-ng says them

HIBARI_ALONE = """\
import pickle, sys
from pathlib import Path
from sayso.speech.takes import TakeStore
from sayso.speech.voicing import voice_lines
voice_lines(pickle.loads(Path(sys.argv[1]).read_bytes()), TakeStore(Path(sys.argv[2])))
"""


@dataclass(frozen=True)
class Row:
    """One case, in seconds."""

    case: str
    sayso_s: float
    shell_s: float | None = None
    clever_s: float | None = None
    alone_s: float | None = None
    """The engine alone."""


class Show:
    """A show in a folder of its own, with a cache of its own."""

    def __init__(self, root: Path, engine: str = "pyttsx3") -> None:
        self.root, self.engine = root, engine
        root.mkdir()
        shutil.copy(REPOSITORY / "show.toml", root)
        shutil.copytree(REPOSITORY / "audio", root / "audio")
        self.env = {**os.environ, "SAYSO_CACHE": str(root / "cache")}

    def command(self, *reviews: str) -> list[str]:
        return [sys.executable, "-m", "sayso", "build", "-q", "--engine", self.engine, *reviews]

    def build(self, *reviews: str) -> float:
        return timed(self.command(*reviews), self.root, self.env)


def timed(command: Sequence[str], cwd: Path, env: dict[str, str] | None = None) -> float:
    start = time.monotonic()
    subprocess.run(command, cwd=cwd, env=env, check=True, stdout=subprocess.DEVNULL)
    return time.monotonic() - start


def shell(script: str, sentences: Path) -> list[str]:
    out = sentences.with_suffix(f".{script}.mp3")
    cover = sentences.with_name("cover.jpg")
    music = REPOSITORY / "audio" / "dark"
    return [str(HERE / f"{script}.sh"), *map(str, (sentences, out, music, cover))]


def write_sentences(review: Path, to: Path) -> Path:
    """What the shell pipelines read: all that sayso says, a line each."""
    lines = lines_of(review, "pyttsx3")
    to.write_text("".join(f"{line.spoken}\n" for line in lines), "utf-8")
    return to


def compile_ourselves() -> None:
    """Have sayso's modules as an installed package has them: compiled, as those it imports are."""
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    compileall.compile_dir(REPOSITORY / "src", quiet=1)


# --------------------------------------------------------------------------------- the cases


def cold(root: Path, n_rounds: int) -> list[Row]:
    """The sample review, nothing cached; then again."""
    sentences = write_sentences(SAMPLE, root / "sample.txt")
    ours, theirs, clever, again = [], [], [], []
    for number in range(n_rounds):
        show = Show(root / f"cold{number}")
        shutil.copy(SAMPLE, show.root / "review.md")
        ours.append(show.build("review.md"))
        theirs.append(timed(shell("shell", sentences), root))
        clever.append(timed(shell("clever", sentences), root))
        again.append(min(show.build("review.md") for _ in range(3)))
    return [
        Row("the sample review, nothing cached", min(ours), min(theirs), min(clever)),
        Row("the same, nothing changed", min(again), min(theirs), min(clever)),
    ]


def changed(root: Path, n_rounds: int) -> list[Row]:
    """A sentence, then the intro, of a longer episode."""
    show = Show(root / "changed")
    review = show.root / "long.md"
    write_review(review, _TWELVE_MINUTES)
    show.build("long.md")
    sentences = write_sentences(review, root / "long.txt")
    edits, stings, theirs, clever = [], [], [], []
    for number in range(n_rounds):
        text = review.read_text("utf-8")
        review.write_text(text.replace("On tide 2, ", f"On another tide, {number}, ", 1), "utf-8")
        edits.append(show.build("long.md"))
        new = REPOSITORY / "audio" / ("bright", "dark")[number % 2] / "intro.flac"
        shutil.copy(new, show.root / "audio" / "dark" / "intro.flac")
        stings.append(show.build("long.md"))
        if number < 2:
            theirs.append(timed(shell("shell", sentences), root))
            clever.append(timed(shell("clever", sentences), root))
    return [
        Row("one sentence of 12 minutes changed", min(edits), min(theirs), min(clever)),
        Row("another intro for 12 minutes", min(stings), min(theirs), min(clever)),
    ]


def many(root: Path, n_reviews: int) -> list[Row]:
    """Many reviews at once, on all cores."""
    show = Show(root / "many")
    names, commands = [], {"shell": [], "clever": []}
    for number in range(n_reviews):
        name = f"r{number:02}.md"
        names.append(name)
        write_review(show.root / name, 10, first=10 * number + 1)
        (root / name).mkdir()
        shutil.copy(root / "cover.jpg", root / name)
        sentences = write_sentences(show.root / name, root / name / "sentences.txt")
        for script, each in commands.items():
            each.append(shell(script, sentences))
    ours = show.build(*names)
    seconds = {
        script: timed(
            # Without a command, xargs would only print the lines.
            ["xargs", "-P", str(usable_cores()), "-L", "1", "-a", str(_list(root, each)), "env"],
            root,
        )
        for script, each in commands.items()
    }
    return [Row(f"{n_reviews} reviews, nothing cached", ours, seconds["shell"], seconds["clever"])]


def _list(root: Path, commands: Sequence[Sequence[str]]) -> Path:
    """The commands, one a line, for xargs."""
    path = root / "commands.txt"
    path.write_text("".join(" ".join(each) + "\n" for each in commands), "utf-8")
    return path


def neural(root: Path, n_rounds: int) -> list[Row]:
    """A build with hibari, and hibari alone with the same sentences in as many processes."""
    lines = root / "lines.pickle"
    lines.write_bytes(pickle.dumps(lines_of(SAMPLE, "hibari")))
    ours, alone = [], []
    for number in range(n_rounds):
        takes = str(root / f"takes{number}")
        alone.append(timed([sys.executable, "-c", HIBARI_ALONE, str(lines), takes], root))
        show = Show(root / f"hibari{number}", "hibari")
        shutil.copy(SAMPLE, show.root / "review.md")
        ours.append(show.build("review.md"))
    return [Row("the sample review with hibari", min(ours), alone_s=min(alone))]


def twelve_hours(root: Path) -> str:
    """The most memory that building a very long episode needs."""
    show = Show(root / "twelve", "tone")
    write_review(show.root / "long.md", _TWELVE_HOURS)
    seconds, held = run_and_weigh(show.command("long.md"), show.root, show.env)
    return (
        f"An episode of twelve hours, hummed: {seconds:.0f} s; at most {held.proportional:.0f} MiB "
        f"in all processes together, pages that they share counted once. (The largest has "
        f"{held.largest:.0f} MiB by itself, shared pages and all.)"
    )


# --------------------------------------------------------------------------------- the table


def table(rows: Sequence[Row]) -> str:
    lines = [
        "| | sayso | shell | ratio | clever shell | ratio | engine alone | ratio |",
        "|---|---:|---:|---:|---:|---:|---:|---:|",
    ]
    for row in rows:
        cells = [row.case, f"{row.sayso_s:.2f} s"]
        for other in (row.shell_s, row.clever_s, row.alone_s):
            cells += ["", ""] if other is None else [f"{other:.2f} s", f"{row.sayso_s / other:.3f}"]
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines) + "\n"


def write_page(text: str) -> None:
    """Replace what stands between the marks of the page."""
    head, _, rest = PAGE.read_text("utf-8").partition(MARK)
    tail = rest.partition(MARK)[2]
    PAGE.write_text(f"{head}{MARK}\n{text}\n{MARK}{tail}", "utf-8")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--write", action="store_true", help="into docs/performance.md")
    parser.add_argument("--twelve-hours", action="store_true", help="the memory of a long episode")
    parser.add_argument("--only", choices=["cold", "changed", "many", "hibari", "none"])
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--reviews", type=int, default=20)
    options = parser.parse_args()
    absent = [name for name in ("espeak-ng", "ffmpeg", "xargs") if shutil.which(name) is None]
    if absent:
        sys.exit(f"the shell pipelines need {', '.join(absent)}")
    compile_ourselves()
    cases: dict[str, Callable[[Path], list[Row]]] = {
        "cold": lambda root: cold(root, options.rounds),
        "changed": lambda root: changed(root, options.rounds),
        "many": lambda root: many(root, options.reviews),
        "hibari": lambda root: neural(root, options.rounds),
    }
    rows: list[Row] = []
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        from sayso.episode.cover import draw_cover

        (root / "cover.jpg").write_bytes(draw_cover("Show", "Episode"))
        for name, case in cases.items():
            if options.only in (None, name):
                rows += case(root)
                print(table(rows).splitlines()[-1], file=sys.stderr)
        text = table(rows) if rows else ""
        if options.twelve_hours:
            text += "\n" * bool(rows) + twelve_hours(root) + "\n"
    print(text, end="")
    if options.write:
        write_page(text)


if __name__ == "__main__":
    main()
