"""The templates that come with sayso: what a listener hears, kind by kind."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest
from script.outlines import SHIPPED, SHOW
from script.test_golden import compare
from shared_data import eval_reviews, seed_review

from sayso.model import (
    BedCue,
    Block,
    Outline,
    Paragraph,
    Placement,
    Review,
    Script,
    SegmentHead,
    SoundCue,
    StingCue,
    Voice,
)
from sayso.review import Kind, load_kinds, outline, parse_review, read_review, split_sentences
from sayso.script import cover, print_script, render_script

DATA = Path(__file__).parent / "data" / "rendered"
KINDS = {kind.id: kind for kind in load_kinds()}
TEMPLATES = sorted(path.name.split(".")[0] for path in SHIPPED[0].glob("*.md.j2"))
SCRIPTS = [name for name in TEMPLATES if name != "notes"]


def sample(kind: Kind, *, only: tuple[str, ...] = (), rating: str | None = "8/10") -> Outline:
    """A review with a paragraph in each segment of a kind."""
    blocks: list[Block] = []
    placements: list[Placement] = []
    for number, segment in enumerate(kind.segments, 1):
        if only and segment.id not in only:
            continue
        text = {
            "intro": "A cold open in seven short words. The introduction goes on, and is warm.",
            "verdict": "It is worth your time. I liked it, and I moved my bed upstairs.",
        }.get(segment.id, f"All that is said of {segment.id}. It is said in two sentences.")
        block = Block(f"p{number}", "paragraph", text, number, split_sentences(text))
        blocks.append(block)
        placements.append(Placement(block, segment.id, "cues"))
    review = Review(
        Path("reviews/sample.md"),
        "The Sample: all of it",
        tuple(blocks),
        subject="The Sample",
        author="Ann Other",
        rating=rating,
        kind=kind.id,
    )
    return Outline(review, kind.id, "front matter", kind.names, tuple(placements), ())


def rendered(outline: Outline, template: str | None = None, show: object = SHOW) -> Script:
    known = {segment.id for kind in KINDS.values() for segment in kind.segments}
    return render_script(outline, show, SHIPPED, template=template, known_segments=known)  # type: ignore[arg-type]


def test_there_is_a_template_for_every_kind() -> None:
    assert KINDS.keys() - {"general"} <= set(TEMPLATES)  # that has base
    assert {"base", "dialogue", "plain"} <= set(TEMPLATES)


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_an_episode_of_each_kind(kind: str) -> None:
    compare(DATA / f"{kind}.script", print_script(rendered(sample(KINDS[kind]))))


@pytest.mark.parametrize("template", ["base", "dialogue", "plain"])
def test_an_episode_by_each_other_template(template: str) -> None:
    compare(DATA / f"{template}.script", print_script(rendered(sample(KINDS["tv"]), template)))


@pytest.mark.parametrize("kind", sorted(KINDS.keys() - {"general"}))
def test_each_kind_s_template_names_segments_that_the_kind_has(kind: str) -> None:
    text = (SHIPPED[0] / f"{kind}.md.j2").read_text("utf-8")
    named = re.findall(r'\{% segment "(\w+)"', text)
    ids = [segment.id for segment in KINDS[kind].segments]
    assert set(named) == set(ids) - {"intro", "verdict"}


@pytest.mark.parametrize("template", SCRIPTS)
@pytest.mark.parametrize("kind", sorted(KINDS))
def test_every_template_makes_good_radio_of_every_kind(template: str, kind: str) -> None:
    script = rendered(sample(KINDS[kind]), template)
    text = print_script(script)
    words = [item.text for item in script.items if isinstance(item, Paragraph)]
    heads = [item for item in script.items if isinstance(item, SegmentHead)]
    before_title = "\n".join(words)[: "\n".join(words).index("Late Seats")]
    assert len(before_title.split()) <= 20  # ten seconds at 150 words a minute, with pauses
    assert "The Sample" in words[0] + words[1]
    assert text.count("synthetic voice") == 1
    assert text.count("send them this episode") == 1
    assert heads[0].id == "intro"
    assert heads[-1].id == "outro"
    assert all(head.voice in ("host", "critic") for head in heads)
    music = [item for item in script.items if isinstance(item, StingCue | SoundCue | BedCue)]
    if template == "plain":
        assert music == []
        assert all(head.sting is None for head in heads)
    else:
        assert words[0] == "A cold open in seven short words."
        assert [cue.name for cue in music] == ["intro", "outro"]  # type: ignore[union-attr]


@pytest.mark.parametrize("template", [name for name in SCRIPTS if name != "plain"])
def test_the_teaser_names_what_comes_in_the_order_of_the_episode(template: str) -> None:
    kind = KINDS.get(template, KINDS["tv"])
    script = rendered(sample(kind), template)
    teaser = next(
        item.text
        for item in script.items
        if isinstance(item, Paragraph) and item.text.startswith("Coming up: ")
    )
    spoken = {segment.id: segment.spoken for segment in kind.segments}
    order = [spoken[i.id] for i in script.items if isinstance(i, SegmentHead) and i.id in spoken]
    places = [(teaser.index(name), order.index(name)) for name in order if name in teaser]
    assert len(places) >= 3
    assert [place for _, place in sorted(places)] == sorted(place for _, place in places)
    assert teaser.endswith("And then, the verdict.")


def test_no_teaser_for_one_segment_and_none_for_a_verdict_that_is_not_there() -> None:
    text = print_script(rendered(sample(KINDS["tv"], only=("intro", "cast", "verdict"))))
    assert "Coming up" not in text
    text = print_script(
        rendered(sample(KINDS["tv"], only=("intro", "cast", "finale"), rating=None))
    )
    assert "Coming up: the cast and the ending.\n" in text
    assert "verdict" not in text


@pytest.mark.parametrize("template", [None, "plain", "dialogue"])
@pytest.mark.parametrize("is_said", [True, False])
def test_a_rating_that_the_text_gives_is_not_given_twice(
    template: str | None, is_said: bool
) -> None:
    outline = replace(sample(KINDS["film"]), rating_is_said=is_said)
    assert ("8/10" in print_script(rendered(outline, template))) is not is_said


def test_a_rating_is_given_even_without_a_verdict() -> None:
    text = print_script(rendered(sample(KINDS["tv"], only=("intro", "cast"))))
    assert "So, the verdict.\n\nOur rating: 8/10.\n" in text


def test_one_voice_is_one_voice() -> None:
    show = replace(SHOW, voices=(Voice("anna"),))
    text = print_script(rendered(sample(KINDS["tv"]), show=show))
    assert "read by a synthetic voice." in text
    assert "voice=host" not in text


@cache
def real_outline(path: Path) -> Outline:
    return outline(read_review(path), load_kinds())


@pytest.mark.parametrize("template", [None, "dialogue", "plain"])
def test_real_reviews_are_said_whole(template: str | None) -> None:
    for path in [seed_review(), *eval_reviews()]:
        made = real_outline(path)
        script = rendered(made, template)
        coverage = cover(script, made)
        assert (coverage.missing, coverage.changed, coverage.repeated) == ((), (), ())
        told = {p.block.id for p in made.placements} | {a.block.id for a in made.asides}
        assert {block.id for block in made.review.blocks} <= told, path.name


@pytest.mark.parametrize(
    ("title", "said"),
    [
        ("Television?", "Today: Television? Then x."),
        ("Bike!", "Today: Bike! Then x."),
        ("Tea, cakes, etc.", "Today: Tea, cakes, etc. Then x."),
        ("To be …", "Today: To be … Then x."),
        ("“What?”", "Today: “What?” Then x."),
        ("Pier", "Today: Pier. Then x."),
    ],
)
def test_no_frame_ends_in_two_stops(title: str, said: str, tmp_path: Path) -> None:
    (tmp_path / "x.md.j2").write_text(
        "{% macro name() %}{{ review.title }}{% endmacro %}"
        "{% segment 'verdict', always=true %}Today: {{ review.title }}. Then x.\n\n"
        "“{{ name() }}.” Is it {{ review.title }}? {{ review.title }}...\n\n{{ text }}{% endsegment %}"
    )
    review = parse_review("One thing. Wait?. Etc.. Another.", Path("r.md"))
    script = render_script(
        outline(replace(review, title=title), load_kinds(), kind="film"),
        SHOW,
        [tmp_path],
        template="x",
    )
    text = print_script(script)
    assert said in text.replace("\\", "")
    assert f"Is it {title}?" in text
    assert "Wait?. Etc.. Another." in text
