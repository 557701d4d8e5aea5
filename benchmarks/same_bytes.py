"""Do two checkouts make the same episodes, feeds and pages?

    python benchmarks/same_bytes.py ../before .

Ten builds and a publication by each, through the command line alone, at the same path and with the
same voices; then every file is compared, and what differs is listed. Either checkout may be without
an environment of its own: it is run by the Python that runs this.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
LONG, SHORT = "reviews/the-long-tide.md", "reviews/plain-speaker.txt"
SETTINGS = """
[feed]
url = "https://dead-air.example/show"
category = "TV & Film > TV Reviews"
"""
MONO = "[audio]\nchannels = 1\n"
TWO_VOICES = '[voices.host]\nengine = "hibari"\n\n[voices.critic]\nengine = "tone"\n'
BUILDS: dict[str, tuple[tuple[str, ...], str]] = {
    "sample": ((LONG, "--engine", "hibari"), ""),
    "plain text": ((SHORT, "--engine", "hibari"), ""),
    "draft": ((LONG, "--draft"), ""),
    "dialogue": ((LONG, "--template", "dialogue", "--engine", "hibari"), ""),
    "mono": ((SHORT, "--engine", "tone"), MONO),
    "stems": ((SHORT, "--engine", "tone", "--stems"), ""),
    "flac": ((SHORT, "--engine", "tone", "--format", "flac"), ""),
    "two voices": ((SHORT,), TWO_VOICES),
    "bed": ((LONG, "--engine", "tone", "--template", "bedded"), ""),
    "source order": ((LONG, "--engine", "tone"), 'order = "source"\n'),
}
BEDDED = '{% extends "base.md.j2" %}{% block intro %}{{ bed("bed") }}{{ super() }}{% endblock %}'
TOLD = (
    ("script", SHORT, "--explain", "--json"),
    ("check", "--json"),
    ("config", "--json"),
    ("publish", "--dry-run", "--json"),
)
CLOCKED = re.compile(r'"(?:seconds|guid|date)": [\w":.+-]+|<lastBuildDate>[^<]*')
"""What differs from run to run, in what commands print and in a feed."""


def main() -> int:
    """Compare, print what differs, and tell by the exit code whether anything does."""
    before, after = (Path(each).resolve() for each in sys.argv[1:3])
    with tempfile.TemporaryDirectory() as folder:
        made = {}
        for name, checkout in (("before", before), ("after", after)):
            made[name] = Path(folder) / name
            make_all(checkout, Path(folder), made[name])
        n_files, different = 0, []
        for path in sorted(all_files(made["before"]) | all_files(made["after"])):
            n_files += 1
            one, other = (content(made[name] / path) for name in ("before", "after"))
            if one != other:
                different.append(f"{path}: {difference(one, other)}")
        print(f"{n_files} files of {len(BUILDS)} builds and a publication: {len(different)} differ")
        print("\n".join(f"  {line}" for line in different))
    return 1 if different else 0


def make_all(checkout: Path, folder: Path, to: Path) -> None:
    """All builds of a checkout, each in a show of its own, in `to`."""
    show = folder / "show"  # the same path for both: some files name it
    shutil.rmtree(folder / "cache", ignore_errors=True)
    for name, (arguments, settings) in BUILDS.items():
        shutil.rmtree(show, ignore_errors=True)
        lay_out(show, settings)
        print_told(checkout, folder, show, ("build", *arguments, "--json"), "build")
        if name == "sample":
            for number, command in enumerate(TOLD):
                print_told(checkout, folder, show, command, f"told-{number}")
            print_told(checkout, folder, show, ("build", *arguments, "--json"), "unchanged")
            review = show / LONG
            review.write_text(review.read_text("utf-8").replace("quiet", "silent"), "utf-8")
            print_told(checkout, folder, show, ("build", *arguments, "--json"), "changed")
            print_told(checkout, folder, show, ("build", LONG, SHORT, "--json"), "batch")
            publish = ("publish", "the-long-tide", "plain-speaker")
            ledger = to.parent / "feed.lock.json"  # GUIDs are made once, by whoever is first
            if ledger.is_file():
                (show / "feed.lock.json").write_text(not_yet_published(ledger), "utf-8")
            print_told(checkout, folder, show, publish, "published")
            shutil.copy(show / "feed.lock.json", ledger)
        shutil.copytree(show, to / name)


def not_yet_published(ledger: Path) -> str:
    """The ledger of a publication that has fixed its GUIDs, and done nothing more."""
    document = json.loads(ledger.read_text("utf-8"))
    document.pop("site", None)
    for row in document["episodes"]:
        row["state"] = "pending"
        row.pop("manifest", None)
    return json.dumps(document)


def lay_out(show: Path, settings: str) -> None:
    """The sample show, with more settings."""
    for name in ("reviews", "scripts", "audio"):
        shutil.copytree(ROOT / name, show / name)
    shutil.copy(ROOT / "lexicon.toml", show)
    (show / "scripts" / "bedded.md.j2").write_text(BEDDED, "utf-8")
    whole = (ROOT / "show.toml").read_text("utf-8")
    top, *tables = re.split(r"(?m)^(?=\[)", whole)
    known = set(re.findall(r"(?m)^\[[\w.]+\]", settings + SETTINGS))
    kept = "".join(table for table in tables if table.split("\n")[0].strip() not in known)
    own_top, _, own_tables = settings.partition("[")
    (show / "show.toml").write_text(
        top + own_top + kept + SETTINGS + (f"[{own_tables}" if own_tables else ""), "utf-8"
    )


def print_told(
    checkout: Path, folder: Path, show: Path, command: tuple[str, ...], name: str
) -> None:
    """Run a command in the show, and keep what it prints there."""
    own = checkout / ".venv" / "bin" / "python"
    environment = {
        **os.environ,
        "PYTHONPATH": str(checkout / "src"),
        "SAYSO_CACHE": str(folder / "cache"),
    }
    done = subprocess.run(
        [str(own) if own.exists() else sys.executable, "-m", "sayso", *command],
        cwd=show,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    (show / f"{name}.told").write_text(f"{done.returncode}\n{done.stdout}", "utf-8")
    if done.returncode not in (0, 1):
        raise SystemExit(f"{checkout}: {' '.join(command)}\n{done.stderr}")


def all_files(folder: Path) -> set[str]:
    """Every file of a folder but the reports, which tell how long a build took."""
    return {
        path.relative_to(folder).as_posix()
        for path in folder.rglob("*")
        if path.is_file() and path.name != "report.html"
    }


def content(path: Path) -> bytes | None:
    """The bytes of a file, without what a clock has put into it; None where there is none."""
    if not path.is_file():
        return None
    raw = path.read_bytes()
    clocked = path.suffix == ".told" or path.name == "feed.xml"
    return CLOCKED.sub("", raw.decode("utf-8")).encode() if clocked else raw


def difference(one: bytes | None, other: bytes | None) -> str:
    """Where two files begin to differ."""
    if one is None or other is None:
        return "only after" if one is None else "only before"
    at = next((n for n, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), None)
    at = min(len(one), len(other)) if at is None else at
    pieces = (repr(raw[max(0, at - 30) : at + 50])[2:-1] for raw in (one, other))
    return f"from byte {at} of {len(one)} and {len(other)}: {' | '.join(pieces)}"


if __name__ == "__main__":
    sys.exit(main())
