"""Scripts become lines: nothing that is written is lost, though no voice can say it."""

from __future__ import annotations

import pytest
from mix.scripts import lines_of

from sayso.script import parse_script


@pytest.mark.parametrize(
    ("paragraphs", "written"),
    [
        (("One. 🔥", "Two."), ["One. 🔥", "Two."]),
        (("🔥", "One.", "…", "Two."), ["🔥 One.", "… Two."]),
        (("One.", "Two. 🔥", "🔥🔥", "…"), ["One.", "Two. 🔥 🔥🔥 …"]),
        (("🔥",), []),
    ],
)
def test_what_cannot_be_said_is_written_with_its_neighbour(
    paragraphs: tuple[str, ...], written: list[str]
) -> None:
    script = parse_script("\n\n".join(("## A {#a}", *paragraphs)))
    assert [line.written for line in lines_of(script)] == written
