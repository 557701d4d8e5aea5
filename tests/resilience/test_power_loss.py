"""What a power cut leaves: every file was flushed to the disk before it got its name.

A real trace of the system calls; caches are left out, for their readers check what they find.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from resilience.scenes import REVIEW_CHANGED
from resilience.stages import BUILD, PUBLISH, Stages
from tools import need, need_right

pytestmark = pytest.mark.xdist_group("stages")

CALLS = "fsync,fdatasync,rename,renameat,renameat2"
FLUSH = re.compile(r"\bf(?:data)?sync\(\d+<([^>]+)>\s*\)\s+= 0")
RENAME = re.compile(r'\brename(?:at2?)?\((?:[^"]*)"([^"]+)", (?:[^"]*)"([^"]+)".*= 0')


def test_files_are_flushed_before_they_get_their_names(stages: Stages, tmp_path: Path) -> None:
    strace = need("strace")
    scene = stages["edited since"].copy(tmp_path / "scene")
    scene.review.write_text(REVIEW_CHANGED, "utf-8")
    trace = tmp_path / "trace"
    traced = (strace, "-f", "-qq", "-y", "-s", "4096", "-e", f"trace={CALLS}", "-o", str(trace))
    need_right("trace", *traced, "true")
    named: set[str] = set()
    for command in (BUILD, PUBLISH):
        scene.done(*command, before=traced)
        flushed: set[str] = set()
        unsettled: set[str] = set()
        for line in whole_calls(trace.read_text("utf-8", "replace")):
            if found := FLUSH.search(line):
                flushed.add(found[1])
                unsettled.discard(found[1])
            elif found := RENAME.search(line):
                old, new = found.groups()
                if not Path(new).is_relative_to(scene.show):
                    continue
                assert old in flushed, f"{new} got its name before it was flushed"
                named.add(Path(new).name)
                unsettled.add(str(Path(new).parent))
        assert unsettled == set(), "folders that were not flushed after a file got its name"
    assert {"script.md", "episode.mp3", "episode.json", "feed.lock.json", "feed.xml"} <= named


def whole_calls(trace: str) -> list[str]:
    """The lines of a trace; calls that others came in between are joined, where they end."""
    begun: dict[str, str] = {}
    lines = []
    for line in trace.splitlines():
        process, _, call = line.partition(" ")
        if call.rstrip().endswith("<unfinished ...>"):
            begun[process] = call.rstrip().removesuffix("<unfinished ...>")
        elif "resumed>" in call:
            lines.append(begun.pop(process, "") + call.partition("resumed>")[2])
        else:
            lines.append(call)
    return lines
