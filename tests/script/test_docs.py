"""The two pages for authors: every example in them works, and nothing is left out."""

from __future__ import annotations

import re
from dataclasses import fields
from pathlib import Path

import pytest
from docs.fences import ROOT, blocks
from script.outlines import SHIPPED, SHOW
from script.test_templates import KINDS, TEMPLATES, sample

from sayso.cli.script import command
from sayso.model import Comment, Paragraph, SegmentHead
from sayso.script import lint, parse_script, print_script, render_script
from sayso.script.assemble import OPTIONS
from sayso.script.environment import ScriptEnvironment
from sayso.script.inline import parse_spans
from sayso.script.loader import FolderLoader
from sayso.script.template_context import (
    EpisodeSurface,
    ReviewSurface,
    SegmentSurface,
    ShowSurface,
    VoiceSurface,
)

FORMAT = (ROOT / "docs" / "script-format.md").read_text("utf-8")
README = (SHIPPED[0] / "README.md").read_text("utf-8").split("\n## Pages\n")[0]
"""What it says of scripts; of pages, see tests/feed/site."""


TEMPLATES_SHOWN = [block.text for block in blocks("scripts/README.md", "jinja")]


@pytest.mark.parametrize("page", [FORMAT, README], ids=["format", "readme"])
def test_each_is_one_page(page: str) -> None:
    assert len(page.splitlines()) <= 95


def test_the_example_of_a_script_is_one_without_remarks() -> None:
    (block,) = blocks("docs/script-format.md", "markdown")
    script = parse_script(block.text)
    assert lint(script, SHOW, Path) == ()
    kinds = {type(item) for item in script.items}
    assert {SegmentHead, Paragraph, Comment} <= kinds


def test_every_cue_and_mark_in_the_rules_is_read_as_such() -> None:
    rules = FORMAT[FORMAT.index("Five rules") : FORMAT.index("As a grammar")]
    quoted = [q.replace("…", "x") for q in re.findall(r"`([^`]+)`", rules)]
    cues = [q for q in quoted if q.startswith("{") and not q.startswith("{from")]
    assert len(cues) >= 6
    for cue in cues:
        (item,) = parse_script(cue + "\n").items
        assert not isinstance(item, Paragraph)
    for words in [q for q in quoted if q.startswith(("[", "*"))]:
        (span,) = parse_spans(words)
        assert span.text == "words"
    for origin in ("{from=p3}", "{from=p3:2}", "{from=p3:2-4}", "{from=p3,p5}"):
        assert origin[6:-1] in "".join(quoted)
        (item,) = parse_script(f"Words. {origin}\n").items
        assert isinstance(item, Paragraph)
        assert item.origin == origin[6:-1]
    for plain in [q for q in quoted if q.startswith("\\")] + ["Note\\: x"]:
        (item,) = parse_script(plain + "\n").items
        assert isinstance(item, Paragraph)
        assert item.text == plain.replace("\\", "")
        assert item.voice is None
    (head,) = parse_script("## Title {#id voice=x sting=x bed=x}\n").items
    assert isinstance(head, SegmentHead)


def test_every_option_that_the_page_names_is_one_of_the_command() -> None:
    known = {option for parameter in command.params for option in parameter.opts}
    assert set(re.findall(r"(?<![\w-])--\w+", FORMAT + README)) <= known


@pytest.mark.parametrize("number", range(len(TEMPLATES_SHOWN)))
@pytest.mark.parametrize("kind", sorted(KINDS))
def test_every_template_of_the_readme_renders(number: int, kind: str, tmp_path: Path) -> None:
    example = TEMPLATES_SHOWN[number]
    (tmp_path / f"{kind}.md.j2").write_text(example.replace("tv.md.j2", "base.md.j2"), "utf-8")
    known = {segment.id for each in KINDS.values() for segment in each.segments}
    script = render_script(sample(KINDS[kind]), SHOW, (tmp_path, *SHIPPED), known_segments=known)
    said = print_script(script)
    if number == 0:
        assert (
            "Good evening. You are listening to Late Seats, and tonight it is The Sample." in said
        )
        assert "Coming up" not in said
        assert "{sting intro}\n\n{pause 0.4s}\n" in said
    elif kind == "tv":
        assert said.index("{#cast ") < said.index("{#premise ") < said.index("{#writing ")
        assert "critic: And all that in one minutes." in said.replace("two", "one")


def test_a_template_may_extend_the_shipped_one_of_its_own_name(tmp_path: Path) -> None:
    (tmp_path / "tv.md.j2").write_text(TEMPLATES_SHOWN[0], "utf-8")
    said = print_script(render_script(sample(KINDS["tv"]), SHOW, (tmp_path, *SHIPPED)))
    assert "Good evening. You are listening to Late Seats" in said
    assert "Now, the people in it." in said


def test_the_readme_names_everything_that_a_template_can_use() -> None:
    prose = re.sub(r"^```.*?^```$", "", README, flags=re.DOTALL | re.MULTILINE)
    marked = " ".join(re.findall(r"`([^`]+)`", prose))
    for surface in (ShowSurface, ReviewSurface, EpisodeSurface, SegmentSurface, VoiceSurface):
        for field in fields(surface):
            assert f".{field.name}" in marked, field.name
    environment = ScriptEnvironment(FolderLoader(SHIPPED), SHOW)
    for helper in (*environment.helpers, "opener", "ahead", "has"):
        assert f"{helper}(" in marked, helper
    words = set(re.findall(r"\w+", marked))
    assert {name for name in environment.filters if name.isidentifier()} <= words
    assert set(OPTIONS) <= words
    base = (SHIPPED[0] / "base.md.j2").read_text("utf-8")
    assert set(re.findall(r"{% block (\w+)", base)) <= words


def test_the_readme_names_only_filters_that_there_are() -> None:
    environment = ScriptEnvironment(FolderLoader(SHIPPED), SHOW)
    (row,) = re.findall(r"^\| filters \| (.*) \|$", README, re.MULTILINE)
    assert set(re.findall(r"`(\w+)`", row)) == {f for f in environment.filters if f.isidentifier()}


def test_the_readme_names_the_templates_that_there_are() -> None:
    named = set(re.findall(r"`(\w+)(?:\.md\.j2)?`", README))
    assert set(TEMPLATES) - KINDS.keys() <= named | {"base"}
