"""Real reviews, which are kept beside the repository; skipped where they are absent."""

from __future__ import annotations

import json

from shared_data import eval_reviews, seed_review

from sayso.review import guess_kind, load_kinds, outline, read_review


def test_the_seed() -> None:
    review = read_review(seed_review())
    assert [len(review.blocks), sum(len(b.sentences) for b in review.blocks)] == [11, 44]
    guess = guess_kind(review, load_kinds())
    assert (guess.kind, guess.sure) == ("tv", True)
    result = outline(review, load_kinds())
    assert [p.segment for p in result.placements] == [
        *("intro", "premise", "cast", "variants", "production", "themes"),
        *("cast", "production", "finale", "verdict", "verdict"),
    ]
    assert result.asides == ()


def test_labelled_reviews() -> None:
    paths = eval_reviews()
    gold = json.loads(paths[0].with_name("gold.json").read_text("utf-8"))["docs"]
    kinds = load_kinds()
    right = scored = guessed = 0
    for path in paths:
        review = read_review(path)
        labels = gold[path.stem]
        guessed += guess_kind(review, kinds).used == labels["kind"]
        placed = {
            p.block.id: p.segment for p in outline(review, kinds, kind=labels["kind"]).placements
        }
        for block, paragraph in zip(review.blocks, labels["paragraphs"], strict=True):
            scored += paragraph["scored"]
            right += paragraph["scored"] and placed.get(block.id) in paragraph["gold"]
    assert right / scored >= 0.9
    assert guessed / len(paths) >= 0.95
