"""docs/architecture.md has the two tables of the code: stages of a build, steps of a publication."""

from __future__ import annotations

import os

from docs.fences import ROOT, read

from sayso.build.pipeline import STAGES
from sayso.publish.steps import STEPS

PAGE = "docs/architecture.md"
HEADS = ("| stage | what happens | reads | writes |", "| step | what happens | writes |")


def tables() -> list[list[str]]:
    """The rows, as the code has them."""
    stages = [(one.name, one.what, ", ".join(one.reads), ", ".join(one.writes)) for one in STAGES]
    steps = [(one.name, one.what, one.writes) for one in STEPS]
    return [[f"| {' | '.join(row)} |" for row in rows] for rows in (stages, steps)]


def test_the_tables_are_those_of_the_code() -> None:
    """SAYSO_UPDATE=1 writes them anew."""
    lines = read(PAGE).split("\n")
    for head, rows in zip(HEADS, tables(), strict=True):
        start = lines.index(head) + 2
        end = next(n for n in range(start, len(lines)) if not lines[n].startswith("|"))
        if os.environ.get("SAYSO_UPDATE"):
            lines[start:end] = rows
            (ROOT / PAGE).write_text("\n".join(lines), "utf-8")
        else:
            assert lines[start:end] == rows, (
                "SAYSO_UPDATE=1 pytest tests/docs/test_architecture_page.py"
            )
