"""Posts as people write them, each with the script that a listener hears."""

from __future__ import annotations

from pathlib import Path

import pytest
from script.outlines import SHIPPED, SHOW
from tools import need_package

from sayso.model import Outline
from sayso.review import load_kinds, outline, read_review
from sayso.script import print_script, render_script

POSTS = Path(__file__).parent / "data" / "posts"
KINDS = load_kinds()


def outline_of(post: str) -> Outline:
    if post.endswith(".html"):
        need_package("trafilatura")
    return outline(read_review(POSTS / post), KINDS)


@pytest.mark.parametrize("post", sorted(p.name for p in POSTS.iterdir() if p.suffix != ".script"))
def test_a_post_is_heard_as_it_was_meant(post: str) -> None:
    script = render_script(outline_of(post), SHOW, SHIPPED)
    _, _, said = print_script(script).split("---\n", 2)
    assert said == (POSTS / f"{post}.script").read_text("utf-8")
