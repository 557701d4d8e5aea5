"""What single pages say is so."""

from __future__ import annotations

import os
import re
import shutil
from pathlib import Path

import pytest
from docs.fences import PAGES, ROOT, blocks, read

from sayso.language.sentences import split_sentences
from sayso.model import Paragraph, SegmentHead
from sayso.review import load_kinds, outline, parse_review
from sayso.script import cost_limit as meter
from sayso.script import environment, filters, parse_script


@pytest.fixture
def kinds(tmp_path: Path) -> Path:
    stage, tv = (block.text for block in blocks("docs/kinds.md", "toml"))
    (tmp_path / "stage.toml").write_text(stage, "utf-8")
    (tmp_path / "tv.toml").write_text(tv, "utf-8")
    return tmp_path


def test_the_kind_that_the_docs_add_works(kinds: Path) -> None:
    review = parse_review(
        "I finally saw it, years after everybody else did.\n\n"
        "The plot is thin. It is set in a lighthouse, and begins with a storm.\n\n"
        "Ann Other plays the keeper on stage. Her performance is dry, and she sings.\n\n"
        "The costumes drip. The lighting and the orchestra do the rest of this musical.\n\n"
        "Overall, I recommend it to anyone with a dry coat. 8/10.\n"
    )
    found = outline(review, load_kinds([kinds]))
    assert found.kind == "stage"
    assert [p.segment for p in found.placements] == [
        *("intro", "story", "players", "staging", "verdict")
    ]


def test_the_kind_that_the_docs_change_keeps_what_it_had(kinds: Path) -> None:
    tv = load_kinds([kinds]).by_id["tv"]
    ids = [segment.id for segment in tv.segments]
    assert {"music", "cast", "variants", "verdict"} <= set(ids)


@pytest.mark.parametrize("page", PAGES)
def test_links_lead_somewhere_on_a_code_host(page: str) -> None:
    """And into the site: tests/docs/test_site.py."""
    for target in re.findall(r"\]\((?!https?:|#)([^)#]+)", read(page)):
        assert (ROOT / page).parent.joinpath(target).exists(), f"{page} links to {target}"


def test_the_readme_names_every_command() -> None:
    from sayso.cli import COMMANDS

    readme = read("README.md")
    assert [name for name in COMMANDS if f"`sayso {name}" not in readme] == []


@pytest.mark.parametrize("page", ["README.md", "docs/first-episode.md"])
def test_what_a_build_of_the_sample_tells(page: str) -> None:
    """Its chapters and sentences, counted in the script that docs/listening.md shows."""
    script = parse_script(blocks("docs/listening.md", "markdown")[0].text)
    n_chapters = sum(isinstance(item, SegmentHead) for item in script.items)
    (told,) = re.findall(r"(\d+) chapters, .*\n +(\d+) sentences voiced", read(page))
    assert int(told[0]) == n_chapters
    paragraphs = [item.text for item in script.items if isinstance(item, Paragraph)]
    assert int(told[1]) == sum(len(split_sentences(text)) for text in paragraphs)


def test_the_scripts_that_a_listener_hears(tmp_path: Path) -> None:
    """SAYSO_UPDATE=1 writes them into the page anew."""
    from sayso.build import pipeline
    from sayso.build.states import Build, Scripted
    from sayso.show.finding import find_show

    shutil.copy(ROOT / "show.toml", tmp_path)
    shutil.copytree(ROOT / "reviews", tmp_path / "reviews")
    page = ROOT / "docs" / "listening.md"
    shown = [block.text for block in blocks("docs/listening.md", "markdown")]
    for name, script in zip(("the-long-tide.md", "plain-speaker.txt"), shown, strict=True):
        build = Build(tmp_path / "reviews" / name, find_show(tmp_path))
        pipeline.run(build, Scripted)
        rendered = build.script_path.read_text("utf-8")
        if os.environ.get("SAYSO_UPDATE"):
            page.write_text(page.read_text("utf-8").replace(script, rendered), "utf-8")
        else:
            assert script == rendered, "SAYSO_UPDATE=1 pytest tests/docs/test_pages.py -k hears"


def test_the_tutorial_tells_the_limits_of_a_template() -> None:
    text = read("docs/template-tutorial.md")
    limits = text[text.index("The limits:") :].split("\n\n")[0]
    told = [int(number.replace(",", "")) for number in re.findall(r"[\d,]*\d{3}", limits)]
    assert told == [meter.MAX_WORK, meter.STEP, filters.MAX_ELEMENTS, environment._MAX_RANGE]
