"""The life of a script file: rendered, edited, merged, in conflict, backed up, killed."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sayso.build import pipeline, script_file
from sayso.build.options import Options
from sayso.build.script_file import PENDING, reconcile
from sayso.build.states import Build, Outlined, Scripted
from sayso.errors import ErrorGroup, ReviewError, ScriptConflict, ScriptError, TemplateError
from sayso.model import Paragraph, Script
from sayso.script import Side, merge
from sayso.script.merge import Merged
from sayso.show.finding import find_show
from sayso.show.paths import RENDERED

REVIEW = """\
---
title: The Pier
kind: tv
---

The harbour lights are out again tonight. Season two of The Pier is out, and it rarely looks back.

The story follows a ferry pilot who hears her dead brother on the radio.

The cast is small and superb. Ada Brill plays the pilot as a woman who has stopped asking.

Overall, it is worth every minute. I give it 4/5.
"""


@dataclass
class Notes:
    """A reporter that keeps what it is told."""

    notes: list[str] = field(default_factory=list)

    def stage(self, name: str, what: str) -> None: ...

    def progress(self, done: int, total: int) -> None: ...

    def note(self, text: str) -> None:
        self.notes.append(text)


class Desk:
    """A folder with one review, and what an author does there."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.review = folder / "pier.md"
        self.review.write_text(REVIEW, "utf-8")
        self.path = folder / "episodes" / "pier" / "script.md"
        self.notes: list[str] = []

    def script(
        self, *, review: Path | None = None, write: bool = True, **options: object
    ) -> Script:
        reporter = Notes()
        source = review or self.review
        chosen = Options(**options)  # type: ignore[arg-type]
        build = Build(source, find_show(source), chosen, reporter, write=write)
        script = pipeline.run(build, Scripted).script
        self.notes = reporter.notes
        return script

    def edit(self, old: str, new: str) -> None:
        text = self.text
        assert old in text
        self.path.write_text(text.replace(old, new), "utf-8")

    def change_review(self, old: str, new: str) -> None:
        text = self.review.read_text("utf-8")
        assert old in text
        self.review.write_text(text.replace(old, new), "utf-8")

    @property
    def text(self) -> str:
        return self.path.read_bytes().decode("utf-8")

    @property
    def files(self) -> list[str]:
        return sorted(path.name for path in self.path.parent.iterdir())


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


# ------------------------------------------------------------------------------------------ merging


def test_an_edit_is_kept(desk: Desk) -> None:
    desk.script()
    desk.edit("small and superb", "tiny and superb")
    edited = desk.text
    desk.script()
    assert desk.text == edited
    assert desk.files == [RENDERED, "script.md"]


def test_a_changed_review_comes_in_beside_an_edit(desk: Desk) -> None:
    desk.script()
    desk.edit("This is ", "Welcome to ")
    desk.change_review("a ferry pilot", "an old ferry pilot")
    desk.script()
    assert "Welcome to" in desk.text
    assert "an old ferry pilot" in desk.text
    assert "merged your edit of the script with the new rendering" in desk.notes
    before = desk.text
    desk.script()
    assert desk.text == before


def test_a_paragraph_put_before_an_edited_one_renumbers_it(desk: Desk) -> None:
    desk.script()
    desk.edit("small and superb", "tiny and superb")
    desk.change_review("The story follows", "It was filmed at sea, in March.\n\nThe story follows")
    script = desk.script()
    assert "tiny and superb" in desk.text
    assert "It was filmed at sea" in desk.text
    origins = [item.origin for item in script.items if isinstance(item, Paragraph) and item.origin]
    assert sorted(origins) == ["p1:1", "p1:2", "p2", "p3", "p4", "p5"]


def test_a_changed_template_comes_in_beside_an_edit(desk: Desk) -> None:
    desk.script()
    desk.edit("small and superb", "tiny and superb")
    (desk.folder / "scripts").mkdir()
    (desk.folder / "scripts" / "tv.md.j2").write_text(
        '{% extends "base.md.j2" %}{% block greeting %}Hello and welcome.{% endblock %}', "utf-8"
    )
    desk.script()
    assert "Hello and welcome." in desk.text
    assert "tiny and superb" in desk.text


def test_both_changed_is_a_conflict_and_nothing_is_written(desk: Desk) -> None:
    desk.script()
    desk.edit("a ferry pilot", "one ferry pilot")
    desk.change_review("a ferry pilot", "an old ferry pilot")
    before = {path.name: path.read_bytes() for path in desk.path.parent.iterdir()}
    with pytest.raises(ScriptConflict, match=r"nothing was written") as caught:
        desk.script()
    assert "one ferry pilot" in caught.value.problem
    assert "an old ferry pilot" in caught.value.problem
    assert "--merge" in str(caught.value)
    assert {path.name: path.read_bytes() for path in desk.path.parent.iterdir()} == before


def test_a_conflict_can_be_written_and_settled(desk: Desk) -> None:
    desk.script()
    desk.edit("a ferry pilot", "one ferry pilot")
    desk.change_review("a ferry pilot", "an old ferry pilot")
    with pytest.raises(ScriptConflict, match="not settled") as caught:
        desk.script(merge=True)
    lines = desk.text.split("\n")
    assert lines[(caught.value.line or 0) - 1] == "<<<<<<< your edit"
    for options in ({}, {"merge": True}):  # again and again, the marks never nest
        with pytest.raises(ScriptConflict, match="not settled"):
            desk.script(**options)
        assert desk.text.split("\n") == lines
    start, mid, end = (
        next(n for n, line in enumerate(lines) if line.startswith(mark))
        for mark in ("<<<<<<<", "|||||||", ">>>>>>>")
    )
    desk.path.write_text("\n".join(lines[:start] + lines[start + 1 : mid] + lines[end + 1 :]))
    desk.script()
    assert "one ferry pilot" in desk.text
    assert "<<<" not in desk.text


@pytest.mark.parametrize("side", ["edited", "rendered"])
def test_a_conflict_can_be_settled_for_one_side(desk: Desk, side: Side) -> None:
    desk.script()
    desk.edit("a ferry pilot", "one ferry pilot")
    edited = desk.text
    desk.change_review("a ferry pilot", "an old ferry pilot")
    build = Build(desk.review, find_show(desk.review))
    both = script_file.conflicts(build, pipeline.run(build, Outlined))
    assert "one ferry pilot" in both
    assert "an old ferry pilot" in both
    assert desk.text == edited
    desk.script(prefer=side)
    assert ("one ferry pilot" in desk.text) == (side == "edited")
    assert ("an old ferry pilot" in desk.text) == (side == "rendered")
    backups = [path.read_text("utf-8") for path in desk.path.parent.glob("script.backup*")]
    assert edited in [*backups, desk.text]
    before = desk.text
    desk.script()
    assert desk.text == before


def test_force_takes_the_rendering_and_keeps_every_edit(desk: Desk) -> None:
    desk.script()
    rendered = desk.text
    for number in (1, 2):
        desk.edit("small and superb", f"edit {number}")
        edited = desk.text
        desk.script(force=True)
        assert desk.text == rendered
        assert (desk.path.parent / f"script.backup-{number}.md").read_text("utf-8") == edited
        assert desk.notes == [f"kept the edited script as script.backup-{number}.md"]
    desk.script(force=True)
    assert len(desk.files) == 4  # nothing was edited, so nothing was backed up


@pytest.mark.parametrize(
    "rubbish", ["---\nno end\n", "<<<<<<< your edit\n", "{what}\n\n{is this}\n"]
)
def test_force_gets_out_of_a_script_that_cannot_be_read(desk: Desk, rubbish: str) -> None:
    desk.script()
    rendered = desk.text
    desk.path.write_text(rubbish, "utf-8")
    with pytest.raises((ScriptError, ErrorGroup)):
        desk.script()
    assert desk.text == rubbish
    desk.script(force=True)
    assert desk.text == rendered


def test_a_dry_run_writes_nothing(desk: Desk) -> None:
    assert desk.script(write=False).get("title") == "The Pier"
    assert not desk.path.exists()
    desk.script()
    desk.edit("This is ", "Welcome to ")
    desk.change_review("a ferry pilot", "an old ferry pilot")
    before = {path.name: path.read_bytes() for path in desk.path.parent.iterdir()}
    desk.script(write=False)
    desk.script(write=False, force=True)
    assert {path.name: path.read_bytes() for path in desk.path.parent.iterdir()} == before


def test_an_editor_of_windows_changes_nothing(desk: Desk) -> None:
    desk.script()
    windows = "\ufeff" + desk.text.replace("\n", "\r\n")
    desk.path.write_bytes(windows.encode())
    desk.change_review("a ferry pilot", "an old ferry pilot")
    desk.script()
    assert desk.text == windows.replace("a ferry pilot", "an old ferry pilot")


def test_a_script_that_is_not_text_is_never_overwritten(desk: Desk) -> None:
    desk.script()
    desk.path.write_bytes(b"caf\xe9\n")
    with pytest.raises(ScriptError, match="not UTF-8"):
        desk.script()
    assert desk.path.read_bytes() == b"caf\xe9\n"
    desk.script(force=True)
    assert (desk.path.parent / "script.backup-1.md").read_bytes() == b"caf\xe9\n"


# ------------------------------------------------------------------------------------------- owners


def test_two_reviews_of_one_name_do_not_share_an_episode(desk: Desk) -> None:
    desk.script()
    before = desk.text
    (desk.folder / "reviews").mkdir()
    other = desk.folder / "reviews" / "pier.md"
    other.write_text(REVIEW, "utf-8")
    for force in (False, True):
        build = Build(other, find_show(desk.review), Options(force=force))
        with pytest.raises(ReviewError, match=r"the episode 'pier' belongs to pier\.md"):
            pipeline.run(build, Scripted)
    assert desk.text == before


def test_a_review_that_moved_keeps_its_episode(desk: Desk) -> None:
    desk.script()
    desk.edit("small and superb", "tiny and superb")
    (desk.folder / "reviews").mkdir()
    moved = desk.review.rename(desk.folder / "reviews" / "pier.md")
    pipeline.run(Build(moved, find_show(desk.folder)), Scripted)
    assert "tiny and superb" in desk.text
    assert "review: reviews/pier.md" in desk.text


@pytest.mark.parametrize("name", [" pier .md", '"pier".md', "pier: a.md", "pier\nsayso: 2.md"])
def test_any_file_name_is_an_owner(desk: Desk, name: str) -> None:
    review = desk.review.rename(desk.folder / name)
    for _ in range(2):
        assert desk.script(review=review).get("review") == name


def test_a_script_written_by_hand_is_the_author_s(desk: Desk) -> None:
    desk.path.parent.mkdir(parents=True)
    desk.path.write_text("All my own words.\n", "utf-8")
    desk.script()
    assert desk.text == "All my own words.\n"
    assert any("was not rendered here" in note for note in desk.notes)
    assert desk.files == ["script.md"]


# ------------------------------------------------------------------------------------------- losses


def test_a_sentence_that_the_author_took_out_stays_out(desk: Desk) -> None:
    desk.script()
    desk.edit("The cast is small and superb. ", "")
    desk.change_review("a ferry pilot", "an old ferry pilot")
    desk.script()
    assert "small and superb" not in desk.text
    assert any("not in the script word for word: p3.1" in note for note in desk.notes)


def test_a_merge_that_loses_a_sentence_is_refused(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.script()
    desk.edit("This is ", "Welcome to ")
    desk.change_review("a ferry pilot", "an old ferry pilot")

    def careless(base: str, edited: str, rendered: str) -> object:
        merged = merge(base, edited, rendered)
        return type(merged)(merged.text.replace("The cast is small and superb. ", ""), 0)

    monkeypatch.setattr(script_file, "merge", careless)
    with pytest.raises(ScriptError, match=r"the merge lost sentence p3\.1 .*'The cast is small"):
        desk.script(write=False)


def test_a_template_that_loses_a_sentence_is_refused(desk: Desk) -> None:
    (desk.folder / "scripts").mkdir()
    (desk.folder / "scripts" / "tv.md.j2").write_text(
        "{% rest %}{{ text }}{{ text }}{% endrest %}", "utf-8"
    )
    with pytest.raises(TemplateError):
        desk.script()
    assert not desk.path.exists()


# -------------------------------------------------------------------------------------------- kills


class Killed(BaseException):
    """No handler of the program catches it."""


def killed_after(n_steps: int, run: Callable[[], object]) -> bool:
    """Run until `n_steps` files were written or removed; whether it was killed."""
    steps = 0

    def counting(act: Callable[..., None]) -> Callable[..., None]:
        def step(*arguments: object, **options: object) -> None:
            nonlocal steps
            if steps == n_steps:
                raise Killed
            steps += 1
            act(*arguments, **options)

        return step

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(script_file, "_write", counting(script_file._write))
        patch.setattr(script_file, "_remove", counting(script_file._remove))
        try:
            run()
        except Killed:
            return True
    return False


units = st.sampled_from(
    ["{pause 1s}", "One.", "Two.", "Three. {from=p3}", "## Cast {#cast}", "X y"]
)
texts = st.lists(units, max_size=5).map(lambda found: "".join(f"{unit}\n\n" for unit in found))


@given(st.none() | texts, st.none() | texts, texts, texts, st.integers(0, 4), st.booleans())
@settings(max_examples=100, deadline=None)
def test_a_process_killed_at_any_instant_loses_nothing(
    base: str | None, edited: str | None, rendered: str, later: str, n_steps: int, force: bool
) -> None:
    def state(folder: Path) -> dict[str, str]:
        return {path.name: path.read_text("utf-8") for path in folder.iterdir()}

    def run(folder: Path, rendering: str) -> object:
        return reconcile(folder / "script.md", rendering, force=force, keep_conflicts=True)

    def attempt(folder: Path, rendering: str) -> None:
        try:
            run(folder, rendering)
        except ScriptConflict:
            assert not force

    with tempfile.TemporaryDirectory() as name, pytest.MonkeyPatch.context() as patch:
        patch.setattr(os, "fsync", lambda handle: None)  # nothing here loses its power
        whole, cut = Path(name) / "whole", Path(name) / "cut"
        for folder in (whole, cut):
            folder.mkdir()
            if base is not None:
                (folder / RENDERED).write_text(base, "utf-8")
            if edited is not None:
                (folder / "script.md").write_text(edited, "utf-8")
        attempt(whole, rendered)
        killed_after(n_steps, lambda: run(cut, rendered))
        # Whatever was killed: the same again gives the same files.
        attempt(cut, rendered)
        after = state(cut)
        if edited is not None and edited != rendered and force:
            assert edited in after.values()
        backups = [name for name in after if "backup" in name]
        assert {k: v for k, v in after.items() if k not in backups} == {
            k: v for k, v in state(whole).items() if "backup" not in k
        }
        assert PENDING not in after
        # And so does what comes later.
        attempt(whole, later)
        attempt(cut, later)
        assert state(cut)["script.md"] == state(whole)["script.md"]


def test_a_script_saved_while_it_is_merged_is_merged_again(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.script()
    desk.change_review("a ferry pilot", "an old ferry pilot")
    real = script_file.merge

    def slow(*texts: str) -> Merged:
        merged = real(*texts)
        if "Welcome to" not in desk.text:
            desk.edit("This is ", "Welcome to ")
        return merged

    monkeypatch.setattr(script_file, "merge", slow)
    desk.script()
    assert "Welcome to" in desk.text
    assert "an old ferry pilot" in desk.text
