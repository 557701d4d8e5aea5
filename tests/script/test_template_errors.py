"""What is wrong in a template is said once: the file, the line, and the nearest right name."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from script.outlines import PLAIN, SHIPPED, SHOW

from sayso.errors import TemplateError
from sayso.script import render_script


def refused(folder: Path, template: str, **others: str) -> TemplateError:
    for name, text in {"t": template, **others}.items():
        (folder / f"{name}.md.j2").write_text(text, "utf-8")
    with pytest.raises(TemplateError) as caught:
        render_script(PLAIN, SHOW, (folder, *SHIPPED), template="t")
    return caught.value


CAST = '{% segment "cast" %}\n'
MISTAKES = [
    # template, line, problem, hint
    ("Hi.\n{{ reviw.title }}", 2, "unknown name 'reviw'", "did you mean 'review'?"),
    ("Hi.\n{{ review.titel }}", 2, "review has no 'titel'", "did you mean 'title'?"),
    ("{{ show.tilte }}", 1, "show has no 'tilte'", "did you mean 'title'?"),
    ("{{ episode.minute }}", 1, "episode has no 'minute'", "did you mean 'minutes'?"),
    ("{{ voices[0].nam }}", 1, "voice has no 'nam'", "did you mean 'name'?"),
    ("{{ review.extra.venu }}", 1, "the front matter has no 'venu'", "did you mean 'venue'?"),
    ("\n{{ text }}", 2, "'text' outside of a segment", "it stands in a segment or rest tag"),
    ('\n\n{% segment "csat" %}{% endsegment %}', 3, "unknown segment 'csat'", "did you mean 'cast'?"),
    ('{{ has("verdit") }}', 1, "unknown segment 'verdit'", "did you mean 'verdict'?"),
    ('{% segment "cast", voise="host" %}{% endsegment %}', 1, "unknown option 'voise' of segment", "did you mean 'voice'?"),
    ('\n{% rest stin="x" %}{% endrest %}', 2, "unknown option 'stin' of rest", "did you mean 'sting'?"),
    ('{% segment "cast", voice="hots" %}{% endsegment %}', 1, "unknown voice 'hots'", "did you mean 'host'?"),
    ('{% segment "cast", voice=hots %}{% endsegment %}', 1, "unknown name 'hots'", "did you mean 'host'?"),
    ('{% segment "cast", sting="transtion" %}{% endsegment %}', 1, "unknown sting 'transtion'", "did you mean 'transition'?"),
    ('{% segment "cast", bed="bad" %}{% endsegment %}', 1, "unknown bed 'bad'", "did you mean 'bed'?"),
    ('{{ sting("intor") }}', 1, "unknown sting 'intor'", "did you mean 'intro'?"),
    ('{{ pause("x") }}', 1, "pause takes seconds, from 0 to 60", "{{ pause(0.6) }}"),
    ('{{ stign("intro") }}', 1, "unknown name 'stign'", "did you mean 'sting'?"),
    ("Hi.\n\n{{ segments | join_adn }}", 3, "unknown filter 'join_adn'", "did you mean 'join_and'?"),
    ("{% if 1 is od %}{% endif %}", 1, "unknown test 'od'", "did you mean 'odd'?"),
    ("\n{% segmnt %}", 2, "unknown tag 'segmnt'", "did you mean 'segment'?"),
    ("{% extends 'bsae.md.j2' %}", 1, "no template named 'bsae.md.j2'", "did you mean 'base.md.j2'?"),
    ("\n\n{% include 'bsae.md.j2' %}", 3, "no template named 'bsae.md.j2'", "did you mean 'base.md.j2'?"),
    ('{% extends "base.md.j2" %}\n\n{% block greting %}Hi.{% endblock %}', 3, "unknown block 'greting'", "did you mean 'greeting'?"),
    ('{% extends "base.md.j2" %}\n\nHello!', 3, "words outside of every block, which nobody would hear", None),
    ("{{ segments }}", 1, "cannot print a list", "print one of its fields, or join a list by join_and"),
    ("{{ segments[0] }}", 1, "cannot print a segment", None),
    (CAST + "\n{{ text | upper }}{% endsegment %}", 3, "upper would change the words of the review", "print {{ text }} as it is"),
    (CAST + "{{ text }}\n\n{{ text }}{% endsegment %}", 4, "the text of segment 'cast' is printed twice", None),
    (CAST + "{{ segment.nmae }}{% endsegment %}", 2, "segment has no 'nmae'", None),
    (CAST + "{{ opener() }}{% endsegment %}", 2, "opener() inside a segment", "call it before the first one"),
    (CAST + '{% segment "verdict" %}{% endsegment %}{% endsegment %}', 2, "a segment inside segment 'cast'", "put one after the other"),
    (CAST + "{% endsegment %}\n\n" + CAST + "{% endsegment %}", 4, "segment 'cast' is named twice", "name each segment once"),
    ("{% rest %}{% endrest %}\n{% rest %}{% endrest %}", 2, "a second rest", "a template has one"),
    ('{% rest order="random" %}{% endrest %}', 1, "unknown order 'random'", '"source" or "template"'),
    ("{% for s in segments %}{% segment s.id %}\n{{ s.title }}{% endsegment %}{% endfor %}", 2, "unknown name 'title'", "in a segment or rest, write segment.title"),
    ("Hi.\n\nHOST: {pose 1s}", None, "the template renders what no script can hold: {pose 1s} inside a paragraph, near 'HOST: {pose 1s}'", None),
    ("{pose 1s}", None, "the template renders what no script can hold: unknown cue {pose 1s}, near '{pose 1s}'", "did you mean 'pause'?"),
    ("{% if %}", 1, "expected an expression, got 'end of statement block'", None),
    ("{{ 'a' + 1 }}", 1, "+ is for numbers", "use ~ to join texts"),
    ("{{ ['a'] ~ 'b' }}", 1, "~ joins text", "a list becomes text by join_and"),
    ("{% macro m() %}\n{{ nope }}\n{% endmacro %}\n{{ m() }}", 2, "unknown name 'nope'", None),
    ("{{ 1 / 0 }}", 1, "division by zero", None),
    ("{% segment %}{% endsegment %}", 1, 'segment needs a name: {% segment "cast" %}', None),
]  # fmt: skip


@pytest.mark.parametrize(("template", "line", "problem", "hint"), MISTAKES)
def test_a_mistake_is_named(
    tmp_path: Path, template: str, line: int | None, problem: str, hint: str | None
) -> None:
    error = refused(tmp_path, template)
    assert error.problem == problem
    assert error.file == str(tmp_path / "t.md.j2")
    assert error.line == line
    if hint is not None:
        assert error.hint == hint


def test_the_line_is_that_of_the_right_template_in_a_chain(tmp_path: Path) -> None:
    parent = "{% block a %}\n\n{{ reviw.title }}\n{% endblock %}{% block b %}{% endblock %}"
    middle = '{% extends "top.md.j2" %}\n{% block b %}\n{{ shwo.title }}{% endblock %}'
    child = '{% extends "middle.md.j2" %}{% block a %}\n\n\n{{ super() }}{% endblock %}'
    error = refused(tmp_path, child, middle=middle, top=parent)
    assert (error.file, error.line) == (str(tmp_path / "top.md.j2"), 3)
    child = '{% extends "middle.md.j2" %}{% block a %}{% endblock %}'
    error = refused(tmp_path, child, middle=middle, top=parent)
    assert (error.file, error.line) == (str(tmp_path / "middle.md.j2"), 3)


def test_a_misspelt_block_is_found_anywhere_in_a_chain(tmp_path: Path) -> None:
    middle = '{% extends "base.md.j2" %}\n{% block outor %}{% endblock %}'
    error = refused(tmp_path, '{% extends "middle.md.j2" %}', middle=middle)
    assert (error.file, error.line) == (str(tmp_path / "middle.md.j2"), 2)
    assert error.hint == "did you mean 'outro'?"


def test_a_block_within_a_changed_block_is_new_and_right(tmp_path: Path) -> None:
    (tmp_path / "t.md.j2").write_text(
        '{% extends "base.md.j2" %}{% block greeting %}{% block mine %}Hi.{% endblock %}{% endblock %}'
    )
    render_script(PLAIN, SHOW, (tmp_path, *SHIPPED), template="t")


def test_an_error_in_an_included_template_names_it(tmp_path: Path) -> None:
    error = refused(tmp_path, '{% include "part.md.j2" %}', part="\n\n{{ reviw }}")
    assert (error.file, error.line) == (str(tmp_path / "part.md.j2"), 3)
    error = refused(tmp_path, '{% include "part.md.j2" %}', part="\n{% if %}")
    assert (error.file, error.line) == (str(tmp_path / "part.md.j2"), 2)


def test_a_template_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(
        TemplateError, match=re.escape("no template named 'tvv.md.j2' (did you mean 'tv.md.j2'?)")
    ):
        render_script(PLAIN, SHOW, SHIPPED, template="tvv")
    for name in ("tv\n1", "tv.md.j2\n1", "\n", "../tv"):
        with pytest.raises(TemplateError, match="is not the name of a template"):
            render_script(PLAIN, SHOW, SHIPPED, template=name)
    with pytest.raises(TemplateError, match="no template named 'base"):
        render_script(PLAIN, SHOW, (tmp_path,))


@pytest.mark.parametrize(
    ("raw", "problem"),
    [
        (b"caf\xe9", "not UTF-8: byte 3 is 0xe9"),
        (b"a\n\nb\x00", "a control character (U+0000)"),
        (b"x" * 70_000, "the template is too long"),
    ],
)
def test_a_template_that_is_no_text_is_refused(tmp_path: Path, raw: bytes, problem: str) -> None:
    (tmp_path / "t.md.j2").write_bytes(raw)
    with pytest.raises(TemplateError) as caught:
        render_script(PLAIN, SHOW, (tmp_path,), template="t")
    assert caught.value.problem == problem
    assert caught.value.file == str(tmp_path / "t.md.j2")
