"""Every sentence of the review is in the script exactly once, whatever a template does."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from script.outlines import NAMES, PLAIN, SHIPPED, SHOW, make_outline, outlines

from sayso.errors import TemplateError
from sayso.model import Outline, Paragraph, Script, SegmentHead
from sayso.script import cover, parse_script, print_script, render_script
from sayso.script.coverage import claims


def render(template: str, outline: Outline, folder: Path, *, order: str = "template") -> Script:
    (folder / "t.md.j2").write_text(template, "utf-8")
    show = SHOW if order == SHOW.order else _in_order(order)
    return render_script(outline, show, (folder, *SHIPPED), template="t")


def _in_order(order: str) -> object:
    from dataclasses import replace

    return replace(SHOW, order=order)  # type: ignore[arg-type]


def check_once(script: Script, outline: Outline) -> None:
    """Each placed sentence once, in paragraphs that say where they are from, word for word."""
    blocks = {block.id: block for block in outline.review.blocks}
    found = Counter(
        (claim.id, claim.sentence)
        for item in script.items
        if isinstance(item, Paragraph) and item.origin
        for claim in claims(item.origin, blocks)
    )
    placed = Counter(
        (f"{p.block.id}.{number}", sentence)
        for p in outline.placements
        for number, sentence in enumerate(p.sentences, p.first + 1)
    )
    assert found == placed
    coverage = cover(script, outline)
    assert (coverage.missing, coverage.changed, coverage.repeated) == ((), (), ())
    assert parse_script(print_script(script)) == script


def said(script: Script) -> list[str]:
    """What is said, in order, with the segments' ids."""
    return [
        f"#{item.id}" if isinstance(item, SegmentHead) else item.text
        for item in script.items
        if isinstance(item, SegmentHead | Paragraph)
    ]


_pieces = st.sampled_from(
    [
        *('{{ opener() }}', 'Hello {{ review.title }}.', '{{ review.subject }}: x', '{{ sting("intro") }}'),
        '{% segment "cast", voice="critic" %}{{ text }}{% endsegment %}',
        '{% segment "cast" %}forgets it{% endsegment %}',
        '{% segment "cast", lead="Now, the cast." %}{{ text }}{% endsegment %}',
        '{% segment "premise", always=true %}{% if text %}a{% endif %}{{ text }} b{% endsegment %}',
        '{% segment "looks", title=review.title %}{{ text }}{{ pause(1) }}{% endsegment %}',
        '{% segment "verdict" %}{% if false %}{{ text }}{% endif %}{% endsegment %}',
        '{% segment "intro" %}{% for x in [1] %}{{ text }}{% endfor %}{% endsegment %}',
        '{% segment "intro" %}{{ text }}{{ text }}{% endsegment %}',
        '{% segment "cast" %}{% segment "looks" %}{{ text }}{% endsegment %}{% endsegment %}',
        '{% rest %}{{ segment.number }}. {{ text }}{% endrest %}',
        '{% rest order="source" %}{{ text }}{% endrest %}',
        '{% set kept %}{% segment "verdict" %}{{ text }}{% endsegment %}{% endset %}',
        '{{ kept }}',
        '{{ kept }}{{ kept }}',
        '{% set first = opener() %}',
        '{{ first }}{{ first }}',
        '{% macro m() %}{% segment "looks" %}{{ text }}{% endsegment %}{% endmacro %}{{ m() }}',
        '{% for s in segments %}{% segment s.id %}{{ text }}{% endsegment %}{% endfor %}',
        '{% for s in segments %}{% if s.id == "premise" %}{% segment s.id %}{{ s.title }}{% endsegment %}{% endif %}{% endfor %}',
        '{% segment "cast" %}{% set t = text %}{{ t }}{% endsegment %}',
        '{% segment "cast" %}{% macro say(x) %}{{ x }}{% endmacro %}{{ say(text) }}{% endsegment %}',
        '{% segment "cast" %}{% call wrap() %}{{ text }}{% endcall %}{% endsegment %}',
        '{% macro wrap() %}So: {{ caller() }}{% endmacro %}',
        '{% segment "looks" %}<!-- {{ text }} -->{% endsegment %}',
        '{% segment "looks" %}HOST: {{ text }}{% endsegment %}',
        '{% segment "looks" %}{{ text | upper }}{% endsegment %}',
        '{% segment "looks" %}{{ text ~ "x" }}{% endsegment %}',
        '{% segment "looks" %}{{ ahead(3) | names | join_and }}{% endsegment %}',
        '{{ "\\x000\\x00" }}',
        '{{ has("cast") }}',
        '\n\n',
        '## My own {{ "{#" }}own}\n\nMy own words.\n\n',
    ]
)  # fmt: skip


@given(
    st.lists(_pieces, min_size=1, max_size=6), outlines(), st.sampled_from(["template", "source"])
)
@settings(max_examples=90, deadline=None)
def test_any_template_says_every_sentence_once_or_is_refused(
    tmp_path_factory: pytest.TempPathFactory, pieces: list[str], outline: Outline, order: str
) -> None:
    folder = tmp_path_factory.getbasetemp()
    try:
        script = render("\n".join(pieces), outline, folder, order=order)
    except TemplateError:
        return
    check_once(script, outline)
    assert "\0" not in print_script(script)


@given(outlines(), st.sampled_from(["base", "tv", "dialogue", "plain"]), st.booleans())
@settings(max_examples=50, deadline=None)
def test_the_shipped_templates_say_every_sentence_once(
    outline: Outline, template: str, source: bool
) -> None:
    show = _in_order("source" if source else "template")
    script = render_script(
        outline,
        show,  # type: ignore[arg-type]
        SHIPPED,
        template=template,
        known_segments=[n.id for n in NAMES]
        + ["writing", "variants", "production", "themes", "finale"],
    )
    check_once(script, outline)
    spoken = said(script)
    assert spoken.count("#outro") == spoken.count("#intro") == 1


def test_what_a_template_forgets_comes_after_the_last_segment(tmp_path: Path) -> None:
    script = render('Hi.\n{% segment "cast" %}{{ text }}{% endsegment %}\nBye.', PLAIN, tmp_path)
    ids = [line for line in said(script) if line.startswith("#")]
    assert ids == ["#cast", "#intro", "#premise", "#verdict"]
    assert said(script)[0] == "Hi."


def test_text_that_is_not_printed_is_said_after_the_template_s_words(tmp_path: Path) -> None:
    script = render('{% segment "cast" %}The people.{% endsegment %}', PLAIN, tmp_path)
    assert said(script)[:4] == [
        "#cast",
        "The people.",
        "Ada Brill walks. She walks well.",
        "The dog is played by four dogs.",
    ]


def test_a_segment_captured_and_never_printed_is_said(tmp_path: Path) -> None:
    template = '{% set x %}{% segment "verdict" %}{{ text }}{% endsegment %}{% endset %}Hi.'
    check_once(render(template, PLAIN, tmp_path), PLAIN)


def test_an_opener_that_is_not_printed_stays_in_its_paragraph(tmp_path: Path) -> None:
    script = render("{% set x = opener() %}Hi.", PLAIN, tmp_path)
    assert "Nobody runs in this film. You will leave out of breath." in said(script)


def test_the_opener_is_taken_out_of_its_paragraph(tmp_path: Path) -> None:
    script = render("{{ opener() }}{{ opener() }}Hi.", PLAIN, tmp_path)
    assert said(script)[:4] == [
        "Nobody runs in this film.",
        "Hi.",
        "#intro",
        "You will leave out of breath.",
    ]


@pytest.mark.parametrize(
    "first",
    [
        "Only one sentence here in the paragraph.",
        "Too short. Then more.",
        "Nobody runs in this film. But you will leave out of breath.",
        "Nobody runs in this film. This is its secret.",
        f"It goes {'on and ' * 10}on. Then it ends.",
    ],
)
def test_no_opener_where_it_could_not_stand_alone(first: str, tmp_path: Path) -> None:
    outline = make_outline(("intro", first), ("cast", "Fine."))
    assert said(render("{{ opener() }}Hi.", outline, tmp_path))[0] == "Hi."


def test_the_review_s_own_order_recurs_and_says_each_lead_once(tmp_path: Path) -> None:
    template = """
{% segment "cast", voice="critic", sting="transition", lead="The people." %}{{ text }}{% endsegment %}
{% segment "verdict", lead="So." %}{{ text }}{% endsegment %}
{% segment "intro", always=true %}Hello.{{ text }}{% endsegment %}
{% rest %}{{ segment.number }} {{ segment.spoken }}.

{{ text }}{% endrest %}
Bye."""
    outline = make_outline(
        ("verdict", "It is good."),
        ("cast", "Ada walks."),
        ("premise", "A man walks."),
        ("cast", "Dogs walk."),
        ("intro", "I walked."),
        ("verdict", "Go."),
    )
    script = render(template, outline, tmp_path, order="source")
    assert said(script) == [
        *("#intro", "Hello.", "#verdict", "It is good.", "#cast", "The people.", "Ada walks."),
        *("#premise", "3 the story.", "A man walks.", "#cast-2", "Dogs walk."),
        *("#intro-2", "I walked.", "#verdict-2", "So.", "Go.", "Bye."),
    ]
    again = next(i for i in script.items if isinstance(i, SegmentHead) and i.id == "cast-2")
    assert (again.voice, again.sting, again.title) == ("critic", "transition", "The cast")


def test_numbers_and_what_is_ahead_follow_the_episode_not_the_kind(tmp_path: Path) -> None:
    template = """
{% segment "intro" %}{{ ahead() | names | join_and }}.{{ text }}{% endsegment %}
{% rest %}{{ segment.number }}.{{ text }}{% endrest %}
{% segment "premise" %}{{ segment.number | ordinal }}.{{ text }}{% endsegment %}"""
    spoken = said(render(template, PLAIN, tmp_path))
    assert spoken[1] == "the cast and the story."
    assert spoken[spoken.index("#cast") + 1] == "1."
    assert spoken[spoken.index("#premise") + 1] == "third."


def test_a_lead_is_not_said_before_words_that_turn(tmp_path: Path) -> None:
    outline = make_outline(
        ("cast", "Ada walks."), ("looks", "But it is grey."), ("premise", "A man.")
    )
    template = "".join(
        f'{{% segment "{name}", lead="Now, {name}." %}}{{{{ text }}}}{{% endsegment %}}'
        for name in ("cast", "looks", "premise")
    )
    spoken = said(render(template, outline, tmp_path))
    assert spoken == [
        *("#cast", "Now, cast.", "Ada walks.", "#looks", "But it is grey."),
        *("#premise", "Now, premise.", "A man."),
    ]


def test_voices_of_a_list_take_turns(tmp_path: Path) -> None:
    template = "{% rest voice=[critic, host] %}{{ text }}{% endrest %}"
    script = render(template, PLAIN, tmp_path)
    voices = {item.id: item.voice for item in script.items if isinstance(item, SegmentHead)}
    assert voices == {"intro": "host", "premise": "critic", "cast": "host", "verdict": "critic"}


def test_blocks_macros_includes_and_super_keep_markup_as_it_is(tmp_path: Path) -> None:
    (tmp_path / "part.md.j2").write_text("{{ pause(0.5) }}Included {{ review.title }}.\n")
    (tmp_path / "lib.md.j2").write_text(
        "{% macro air(name) %}{{ sting(name) }}Air {{ name }}.{% endmacro %}"
    )
    template = """{% extends "base.md.j2" %}
{% import "lib.md.j2" as lib %}
{% block greeting %}{{ super() }} More.{% endblock %}
{% block theme %}{% import "lib.md.j2" as lib %}{{ lib.air("intro") }}
{% set words %}{{ bed("bed") }}Kept *words*.{% endset %}{{ words }}{{ pause(1) ~ review.subject }}
{% include "part.md.j2" %}{% endblock %}"""
    outline = make_outline(("intro", "Hi."), title="A {title}")
    text = print_script(render(template, outline, tmp_path))
    for expected in (
        "This is Late Seats. Today: The Quiet Mile. More.\n\n{sting intro}\n\nAir intro.\n",
        "{bed bed}\n\nKept *words*.\n\n{pause 1s}\n\nThe Quiet Mile\n\n{pause 0.5s}\n",
        "Included A \\{title\\}.\n",
    ):
        assert expected in text


def test_a_cast_of_other_names_takes_the_parts(tmp_path: Path) -> None:
    from dataclasses import replace

    from sayso.model import Voice

    for voices, parts in (
        ((Voice("anna"), Voice("bo")), "anna bo"),
        ((Voice("bo"), Voice("Host"), Voice("c")), "Host Host"),
        ((Voice("anna"),), "anna anna"),
    ):
        (tmp_path / "t.md.j2").write_text("{{ host }} {{ critic }}")
        show = replace(SHOW, voices=voices)
        assert said(render_script(PLAIN, show, (tmp_path,), template="t"))[0] == parts
        render_script(PLAIN, show, SHIPPED, template="base")


def test_front_matter_of_a_template_is_kept_but_ours_is_ours(tmp_path: Path) -> None:
    template = "---\nsayso: 9\nmood: grey\n---\nHi."
    script = render(template, PLAIN, tmp_path)
    assert script.get("mood") == "grey"
    assert script.get("sayso") == "1"
    assert script.get("review") == "quiet.md"
