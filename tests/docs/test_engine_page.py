"""docs/how-to/engine.md: its engine is installed by pip, keeps every promise, and speaks."""

from __future__ import annotations

import re
import sys
from pathlib import Path

from docs.fences import blocks
from docs.session import captured, new_session, shows
from tools import need

PAGE = "docs/how-to/engine.md"


def test_the_engine_is_installed_and_speaks(tmp_path: Path) -> None:
    session = new_session(tmp_path)
    for block in blocks(PAGE):
        if block.title is not None:
            session.write(block.title, block.text)
    # Apart, not into the environment of the tests; and with the build tool that is there.
    place = tmp_path / "installed"
    pip = [sys.executable, "-m", "pip", "install", "-q", "--no-index", "--no-deps"]
    options = ["--no-build-isolation", "--disable-pip-version-check", "--target", str(place)]
    code, printed = captured([*pip, *options, "./beep"], tmp_path)
    assert code == 0, printed
    (console,) = blocks(PAGE, "console")
    beside = {"PYTHONPATH": str(place)}
    for part in re.split(r"^\$ ", console.text, flags=re.M)[1:]:
        line, _, shown = part.partition("\n")
        code, printed = captured([need("bash"), "-euc", line], tmp_path, **beside)
        assert code == 0, printed
        assert shows(shown, printed) is None, printed
    promises = "import test_beep; test_beep.test_my_engine()"
    code, printed = captured([sys.executable, "-c", promises], tmp_path / "beep", **beside)
    assert code == 0, printed


def test_the_engine_is_short() -> None:
    engine = blocks(PAGE, "python")[0].text
    assert len([line for line in engine.splitlines() if line.strip()]) <= 30
