"""docs/commands.md tells of the commands that there are."""

from __future__ import annotations

import os

from docs.fences import ROOT, read
from making.commands import commands_page


def test_the_page_of_commands() -> None:
    """SAYSO_UPDATE=1 writes it anew."""
    if os.environ.get("SAYSO_UPDATE"):
        (ROOT / "docs" / "commands.md").write_text(commands_page(), "utf-8")
    else:
        assert read("docs/commands.md") == commands_page(), (
            "SAYSO_UPDATE=1 pytest tests/docs/test_commands_page.py"
        )
