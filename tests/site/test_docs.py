"""The section for authors of pages: its example works, and nothing is left out."""

from __future__ import annotations

import re
from dataclasses import fields
from pathlib import Path

import pytest
from docs.fences import blocks
from site_pages import SHIPPED, html

from sayso.site import episode_page, index_page

PAGES = (SHIPPED[0] / "README.md").read_text("utf-8").split("\n## Pages\n")[1]
TEMPLATES = {path.name: path.read_text("utf-8") for path in SHIPPED[0].glob("*.html.j2")}


def rows() -> dict[str, set[str]]:
    """The fields that the table names, by the names in its first column."""
    found = re.findall(r"^\| `(\w+)`[^|]* \| (.*) \|$", PAGES, re.MULTILINE)
    return {name: set(re.findall(r"`\.(\w+)`", cell)) for name, cell in found}


def test_it_is_half_a_page() -> None:
    assert len(PAGES.splitlines()) <= 40


def test_the_example_works(tmp_path: Path) -> None:
    (example,) = blocks("scripts/README.md", "html")
    (tmp_path / "page.html.j2").write_text(example.text, "utf-8")
    text = html(folders=(tmp_path, *SHIPPED))
    assert "<p>First heard on Late &lt;Seats&gt; &amp; more, 25 November 2026.</p>" in text
    assert "The lights are out." in text


@pytest.mark.parametrize(
    ("row", "surfaces"),
    [
        ("show", ("show", "link", "person")),
        ("page", ("page",)),
        ("episode", ("episode",)),
        ("audio", ("audio",)),
        ("chapters", ("chapter",)),
    ],
)
def test_it_names_every_field_and_no_other(row: str, surfaces: tuple[str, ...]) -> None:
    known = {f.name for s in surfaces for f in fields(episode_page.SURFACES[s])}
    assert rows()[row] == known


def test_it_names_what_the_index_has() -> None:
    known = {field.name for field in fields(index_page.SURFACES["episode"])}
    assert rows()["episodes"] == known
    assert {"older", "newer"} <= set(re.findall(r"`(\w+)`", PAGES))


def test_it_names_every_template_and_block() -> None:
    assert set(re.findall(r"`(\w+\.html\.j2)`", PAGES)) == set(TEMPLATES)
    (listed,) = re.findall(r"^Blocks: (.*?)\n\n", PAGES, re.DOTALL | re.MULTILINE)
    blocks = {name for text in TEMPLATES.values() for name in re.findall(r"{% block (\w+)", text)}
    assert set(re.findall(r"`(\w+)`", listed)) == blocks
