"""The walls of the house: who may import whom."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

import sayso

SOURCE = Path(sayso.__file__).parent
GROUND = (
    *("_version", "errors", "model", "reporter", "system"),
    *("error_codes", "net", "language", "show"),
)
"""Below all rooms, in order: each may import those before it."""
ROOMS = ("review", "script", "speech", "mix", "master", "episode", "feed")
JOINTS = ("site", "publish", "build")
"""What joins the rooms: episodes are built, feeds and sites published."""
DOORS = ("api", "studio", "cli")
"""Who uses sayso, by."""
ORDER = (*GROUND, *ROOMS, *JOINTS, *DOORS)
"""Each may import what stands before it, and nothing behind it."""
ENTRANCES = ("__init__", "__main__")
"""They hand on what others import, and start the command line."""


def modules() -> list[Path]:
    return sorted(SOURCE.rglob("*.py"))


def place(path: Path) -> str:
    """The room or top-level module that a file belongs to."""
    return path.relative_to(SOURCE).parts[0].removesuffix(".py")


def name(path: Path) -> str:
    """The dotted name of a module."""
    parts = ("sayso", *path.relative_to(SOURCE).with_suffix("").parts)
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


MODULES = {name(path): path for path in modules()}


def imported(path: Path, *, typing: bool = True) -> set[str]:
    """The modules of sayso that a file imports, anywhere in it; `typing`: also for types alone."""
    tree = ast.parse(path.read_text("utf-8"))
    for_types = {
        id(inner)
        for node in ast.walk(tree)
        if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.dump(node.test)
        for statement in node.body
        for inner in ast.walk(statement)
    }
    found: set[str] = set()
    for node in ast.walk(tree):
        if id(node) in for_types and not typing:
            continue
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative import"
            for alias in node.names:
                inside = f"{node.module}.{alias.name}"
                found.add(inside if inside in MODULES else node.module or "")
    return {one for one in found if one in MODULES and one != "sayso"}


@pytest.mark.parametrize("path", modules(), ids=lambda path: str(path.relative_to(SOURCE)))
def test_a_room_imports_only_what_lies_before_it(path: Path) -> None:
    who = place(path)
    if who not in ENTRANCES:
        before = ORDER[: ORDER.index(who) + 1]
        assert {one.split(".")[1] for one in imported(path)} <= set(before)


def test_every_top_level_module_is_known() -> None:
    assert {place(path) for path in modules()} <= {*ORDER, *ENTRANCES}


def test_no_modules_import_one_another_in_a_circle() -> None:
    graph = {one: imported(path, typing=False) - {one} for one, path in MODULES.items()}
    # A package's face may gather its own modules, and they may name it.
    graph = {one: {t for t in to if MODULES[t].name != "__init__.py"} for one, to in graph.items()}
    while leaves := [one for one, to in graph.items() if not to & graph.keys()]:
        for one in leaves:
            del graph[one]
    assert graph == {}


def test_review_and_script_need_no_numpy() -> None:
    code = (
        "import sys, sayso.review, sayso.script, sayso.cli, sayso.show; "
        "sys.exit(any(m in sys.modules for m in ('numpy', 'pydub', 'PIL', 'rich', 'soundfile')))"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_no_file_has_grown_too_long() -> None:
    lengths = {path: len(path.read_text("utf-8").splitlines()) for path in modules()}
    assert {str(p): n for p, n in lengths.items() if n > 420} == {}
