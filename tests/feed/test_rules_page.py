"""The page of rules tells of the rules that there are."""

from __future__ import annotations

import os
from pathlib import Path

from making.rules_page import rules_page

PAGE = Path(__file__).parents[2] / "docs" / "feed-rules.md"


def test_the_page_of_rules() -> None:
    """SAYSO_UPDATE=1 writes it anew."""
    if os.environ.get("SAYSO_UPDATE"):
        PAGE.write_text(rules_page(), "utf-8")
    else:
        assert PAGE.read_text("utf-8") == rules_page(), (
            "SAYSO_UPDATE=1 pytest tests/feed/test_rules_page.py"
        )
