"""A template is compiled once for each text, and printed by the rules of whoever asks."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from sayso.errors import TemplateError
from sayso.script.environment import ReadingEnvironment, ScriptEnvironment
from sayso.script.loader import FolderLoader
from sayso.script.render import fill_template
from sayso.script.template_context import Markup


def loud(text: str) -> Markup:
    return Markup(f"<{text}>")


def shy(text: str) -> Markup:
    return Markup(f"({text})")


def reading(folder: Path, as_text: Callable[[str], Markup]) -> ReadingEnvironment:
    return ReadingEnvironment(FolderLoader([folder]), as_text, ("name",), {})


@pytest.fixture
def compiled(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The names of templates, each time that one is compiled."""
    names: list[str] = []
    generate = ScriptEnvironment._generate

    def counting(self: ScriptEnvironment, source: object, name: str, *rest: object, **more: bool):
        names.append(name)
        return generate(self, source, name, *rest, **more)

    monkeypatch.setattr(ScriptEnvironment, "_generate", counting)
    return names


def test_one_text_is_compiled_once(tmp_path: Path, compiled: list[str]) -> None:
    path = tmp_path / "a.md.j2"
    path.write_text("Hello {{ name }}.\n")
    said = [fill_template(reading(tmp_path, loud), path.name, {"name": n}) for n in ("Ada", "Bo")]
    assert said == ["Hello <Ada>.", "Hello <Bo>."]
    assert compiled == ["a.md.j2"]
    path.write_text("Bye {{ name }}.\n")
    assert fill_template(reading(tmp_path, loud), path.name, {"name": "Ada"}) == "Bye <Ada>."
    assert compiled == ["a.md.j2", "a.md.j2"]


def test_constants_are_printed_as_each_prints(tmp_path: Path) -> None:
    """Jinja prints them when it compiles."""
    (tmp_path / "a.md.j2").write_text('{{ "x" }}{{ name }}\n')
    for as_text, expected in ((loud, "<x><y>"), (shy, "(x)(y)"), (loud, "<x><y>")):
        assert fill_template(reading(tmp_path, as_text), "a.md.j2", {"name": "y"}) == expected


def test_what_is_wrong_with_it_is_told_each_time(tmp_path: Path) -> None:
    (tmp_path / "base.md.j2").write_text("{% block a %}{% endblock %}\n")
    for text, line in (
        ('{% extends "base.md.j2" %}\n{% block b %}{% endblock %}\n', 2),
        ("\n{{ nam }}\n", 2),
        ("{% if %}\n", 1),
    ):
        (tmp_path / "a.md.j2").write_text(text)
        for _ in range(2):
            with pytest.raises(TemplateError) as caught:
                fill_template(reading(tmp_path, loud), "a.md.j2", {"name": "y"})
            assert caught.value.line == line
