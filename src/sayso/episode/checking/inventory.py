"""The files of an episode's folder against those the manifest names: all there, all as written."""

from __future__ import annotations

import hashlib
from pathlib import Path

from sayso.episode.checking.finding import Finding
from sayso.episode.checking.manifest_reading import Expected
from sayso.show.paths import MANIFEST
from sayso.system.atomic_files import TEMPORARY_SUFFIX

MUST = (
    *("episode.mp3", "cover.jpg", "chapters.json"),
    *("transcript.vtt", "transcript.srt", "transcript.json", "transcript.txt", "transcript.html"),
    *("notes.md", "notes.html", "waveform.svg"),
)
"""What every episode has."""
OWN = (MANIFEST, "script.md", "report.html", "draft", "stems")
"""What belongs to the folder without being in the manifest."""


def check_files(folder: Path, expected: Expected) -> list[Finding]:
    """Missing files, extra ones, and those that are not what the build wrote."""
    findings = [
        Finding("manifest", f"it does not know {name}", MANIFEST)
        for name in sorted(set(MUST) - {file.name for file in expected.files})
    ]
    for file in expected.files:
        path = folder / file.name
        if Path(file.name).name != file.name:
            findings.append(Finding("manifest", f"{file.name!r} is no file name", MANIFEST))
        elif not path.is_file():
            findings.append(Finding("missing", "the file is not there", file.name))
        elif (n_bytes := path.stat().st_size) != file.n_bytes:
            problem = f"it has {n_bytes:,} bytes, and the manifest says {file.n_bytes:,}"
            findings.append(Finding("size", problem, file.name))
        elif digest(path) != file.sha256:
            problem = "its content is not what the build wrote: the SHA-256 differs"
            findings.append(Finding("hash", problem, file.name))
    known = {*OWN, *(file.name for file in expected.files)}
    for path in sorted(folder.iterdir()):
        if path.name.endswith(TEMPORARY_SUFFIX):
            problem, hint = "a killed build has left it half written", "the next build removes it"
        elif path.name in known or path.name.startswith((".", "script.backup-")):
            continue
        else:
            problem, hint = "it does not belong to the episode", "move it elsewhere, or ignore this"
        findings.append(Finding("extra", problem, path.name, hint, severity="warning"))
    return findings


def digest(path: Path) -> str:
    """SHA-256 of a file of any size."""
    total = hashlib.sha256()
    with path.open("rb") as stream:
        while block := stream.read(1 << 20):
            total.update(block)
    return total.hexdigest()
