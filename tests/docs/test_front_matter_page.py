"""docs/front-matter.md tells every key that a review can have."""

from __future__ import annotations

import re

from docs.fences import blocks, prose

from sayso.publish import feed_items as projection
from sayso.review import front_matter, parse_review

PAGE = "docs/front-matter.md"


def test_it_tells_every_key_and_no_other() -> None:
    told = re.findall(r"^\| `(\w+)` \|", prose(PAGE), re.M)
    podcast = {projection._PREFIX + key for key in projection._KEYS}
    assert len(told) == len(set(told))
    assert set(told) == {*front_matter._FIELDS, "segments", *podcast}


def test_its_example_has_every_key_of_an_episode() -> None:
    (block,) = blocks(PAGE, "yaml")
    extra = dict(parse_review(f"{block.text}\nThe water is back.\n").extra)
    assert set(extra) == {projection._PREFIX + key for key in projection._KEYS}
