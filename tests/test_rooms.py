"""The walls of the house: who may import whom."""

from __future__ import annotations

import ast
import sys
from pathlib import Path

import pytest

import sayso

SOURCE = Path(sayso.__file__).parent
FOUNDATION = (
    *("errors", "model", "toml_reading", "error_codes", "toml_source", "threads", "files", "store"),
    *("hosts", "record", "reporter", "clock", "own_templates"),
)
"""In order: each may import those before it."""
ROOMS = ("review", "script", "speech", "mix", "master", "episode", "feed")
EDGES = (
    *("show", "remarks", "casting", "work", "wanted", "watch", "warming", "drafting"),
    *("producing", "exporting", "finishing", "ahead"),
    *("stages", "pipeline", "publishing", "library", "studio", "cli"),
)
"""Above the rooms; `show` reads settings and knows of no room."""


def modules() -> list[Path]:
    return sorted(SOURCE.rglob("*.py"))


def place(path: Path) -> str:
    """The room or top-level module that a file belongs to."""
    return path.relative_to(SOURCE).parts[0].removesuffix(".py")


def imported(path: Path) -> set[str]:
    """The rooms and top-level modules of sayso that a file imports, anywhere in it."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative import"
            module = node.module or ""
            names = (
                [f"sayso.{alias.name}" for alias in node.names] if module == "sayso" else [module]
            )
        else:
            continue
        found |= {name.split(".")[1] for name in names if name.startswith("sayso.")}
    return found - {"__version__"}


def may_import(who: str) -> set[str]:
    if who in FOUNDATION:
        return set(FOUNDATION[: FOUNDATION.index(who)]) | {who}
    if who in ROOMS:
        return {*FOUNDATION, *ROOMS[: ROOMS.index(who) + 1]}
    if who == "show":
        return {*FOUNDATION, who}
    if who in EDGES:
        return {*FOUNDATION, *ROOMS, *EDGES[: EDGES.index(who) + 1]}
    return {*FOUNDATION, *ROOMS, *EDGES}  # __init__ and __main__


@pytest.mark.parametrize("path", modules(), ids=lambda path: str(path.relative_to(SOURCE)))
def test_a_room_imports_only_what_lies_before_it(path: Path) -> None:
    assert imported(path) <= may_import(place(path))


def test_every_top_level_module_is_known() -> None:
    known = {*FOUNDATION, *ROOMS, *EDGES, "__init__", "__main__", "starter"}
    assert {place(path) for path in modules()} <= known


def test_review_and_script_need_no_numpy() -> None:
    code = (
        "import sys, sayso.review, sayso.script, sayso.cli, sayso.show; "
        "sys.exit(any(m in sys.modules for m in ('numpy', 'pydub', 'PIL', 'rich', 'soundfile')))"
    )
    import subprocess

    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_no_file_has_grown_too_long() -> None:
    lengths = {path: len(path.read_text("utf-8").splitlines()) for path in modules()}
    assert {str(p): n for p, n in lengths.items() if n > 420} == {}
