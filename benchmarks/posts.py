"""How well posts of real blogs are read: kind, shape, score, and the segments of paragraphs.

    python benchmarks/posts.py FOLDER LABELS.json

FOLDER has the posts as their authors wrote them; LABELS.json says what a person made of each before
sayso did: `{FILE: {"kind", "shape", "score", "paragraphs": [{"starts", "gold", "ok"}]}}`. A
paragraph is found by the words that it starts with. The posts are other people's, and no part of
sayso.
Prints the counts, and leaves them in build/trust/posts.json for `make trust`.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections import Counter
from datetime import date
from pathlib import Path
from typing import Any

from sayso.errors import SaysoError
from sayso.model import Outline
from sayso.review import Kinds, load_kinds, outline, read_review

RESULTS = Path(__file__).parent.parent / "build" / "trust"
N_COMPARED = 40
"""Letters of a paragraph that find it."""


def letters(text: str) -> str:
    return "".join(char for char in text.casefold() if char.isalnum())


def judge(placed: Outline, labels: dict[str, Any], counts: Counter[str]) -> None:
    """Count what is right in one post."""
    counts["posts"] += 1
    shapes = {placed.shape == "roundup", labels["shape"] == "roundup"}
    counts["several things, or one: right"] += len(shapes) == 1
    if labels.get("score") and labels["shape"] != "roundup":
        counts["scores"] += 1
        counts["scores found"] += placed.rating is not None
    if labels["shape"] == "roundup" or placed.shape == "roundup":
        return
    said = {letters(one.text): one for one in placed.placements if one.block.id.startswith("p")}
    for paragraph in labels.get("paragraphs") or []:
        gold, starts = paragraph["gold"], letters(paragraph["starts"])[:N_COMPARED]
        found = next((one for text, one in said.items() if text.startswith(starts)), None)
        if not gold or paragraph.get("scored") is False or found is None:
            continue
        right = {gold, *(paragraph.get("ok") or ())} if isinstance(gold, str) else {*gold}
        counts["paragraphs"] += 1
        counts["paragraphs right"] += found.segment in right
        counts["paragraphs unsure"] += found.unsure
        counts["paragraphs sure and right"] += not found.unsure and found.segment in right


def count(folder: Path, labels: dict[str, Any], kinds: Kinds) -> Counter[str]:
    """The counts of all posts, each with its kind guessed."""
    counts: Counter[str] = Counter()
    for name, told in labels.items():
        try:
            placed = outline(read_review(folder / name), kinds)
        except SaysoError as error:
            counts["posts refused"] += 1
            print(f"{name}: {error}", file=sys.stderr)
            continue
        judge(placed, told, counts)
        is_known = told["kind"] in kinds.by_id
        counts["posts of a known kind"] += is_known
        counts["kind right, or the likeliest"] += is_known and told["kind"] in (
            placed.kind,
            placed.likely_kind,
        )
        counts["kind wrong, and said for certain"] += placed.kind not in (told["kind"], "general")
    return counts


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("labels", type=Path)
    options = parser.parse_args()
    counts = count(options.folder, json.loads(options.labels.read_text("utf-8")), load_kinds())
    RESULTS.mkdir(parents=True, exist_ok=True)
    told = {"date": date.today().isoformat(), "counts": dict(counts)}
    (RESULTS / "posts.json").write_text(json.dumps(told, indent=1) + "\n", "utf-8")
    for what, n in counts.items():
        print(f"{n:5}  {what}")


if __name__ == "__main__":
    main()
