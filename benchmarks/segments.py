"""How often the review room puts a paragraph where a person would.

    python benchmarks/segments.py [-v]

Reads labelled reviews from `$SAYSO_SHARED/lab/segments/eval` (or `../shared/…`): a text a review,
and `gold.json` with the segments that are right for each paragraph. Prints

- accuracy by kind, and with the kind guessed instead of given;
- the held-out figure: each review is outlined without the cues that occur in no other review of its
  family (tv and film are one). Weights are not fitted to single cues, but whoever wrote the cues
  had read the reviews; this shows what is left for words that nobody could have taken from them.
  It errs on the low side, since it also removes rare words that are there for good reason;
- how errors fall by margin, which is what the threshold for unsure ones rests on;
- credits, ratings and quotes set aside; milliseconds a review.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import time
from collections import Counter, defaultdict
from dataclasses import dataclass, replace
from pathlib import Path

from sayso.model import Placement, Review
from sayso.review import Kind, Kinds, guess_kind, load_kinds, outline, read_review
from sayso.review.cues import tokenize
from sayso.review.placing import UNSURE_MARGIN

SHARED = Path(os.environ.get("SAYSO_SHARED", Path(__file__).resolve().parents[2] / "shared"))


@dataclass(frozen=True)
class Labelled:
    """A review and, for each of its blocks, the right segments; empty where it is not prose."""

    name: str
    review: Review
    kind: str
    right: tuple[frozenset[str], ...]

    @property
    def family(self) -> str:
        return "screen" if self.kind in ("tv", "film") else self.kind


@dataclass(frozen=True)
class Judged:
    labelled: Labelled
    text: str
    right: frozenset[str]
    segment: str | None
    placement: Placement | None

    @property
    def is_right(self) -> bool:
        return self.segment in self.right


def load(folder: Path) -> list[Labelled]:
    gold = json.loads((folder / "gold.json").read_text("utf-8"))["docs"]
    found = []
    for path in sorted(folder.glob("*.txt")):
        paragraphs = gold[path.stem]["paragraphs"]
        review = read_review(path)
        if len(review.blocks) != len(paragraphs):
            sys.exit(f"{path.name}: {len(review.blocks)} blocks for {len(paragraphs)} paragraphs")
        right = tuple(frozenset(p["gold"]) if p["scored"] else frozenset() for p in paragraphs)
        found.append(Labelled(path.stem, review, gold[path.stem]["kind"], right))
    return found


def judge(labelled: Labelled, kinds: Kinds, kind: str | None) -> list[Judged]:
    result = outline(labelled.review, kinds, kind=kind)
    placed: dict[str, Placement] = {}
    for placement in result.placements:
        placed.setdefault(placement.block.id, placement)
    return [
        Judged(labelled, block.text, right, p.segment if (p := placed.get(block.id)) else None, p)
        for block, right in zip(labelled.review.blocks, labelled.right, strict=True)
    ]


def accuracy(judged: list[Judged]) -> float:
    scored = [j for j in judged if j.right]
    return sum(j.is_right for j in scored) / len(scored)


def pruned(kinds: Kinds, corpus: list[Labelled]) -> dict[str, Kinds]:
    """For each review, its kind without the cues that only it shows in its family."""
    where: dict[tuple[str, str, str], set[str]] = defaultdict(set)
    for labelled in corpus:
        kind = kinds.by_id[labelled.kind]
        for block in labelled.review.blocks:
            for found in kind.index.find(tokenize(block.text)):
                number, cue = found.target
                where[labelled.family, kind.segments[number].id, cue.phrase].add(labelled.name)
    result = {}
    for labelled in corpus:
        kind = kinds.by_id[labelled.kind]
        only = {
            (segment, phrase)
            for (family, segment, phrase), names in where.items()
            if family == labelled.family and names == {labelled.name}
        }
        segments = tuple(
            replace(s, cues=tuple(c for c in s.cues if (s.id, c.phrase) not in only))
            for s in kind.segments
        )
        fewer = Kind(kind.id, kind.title, segments, kind.also, kind.signs)
        result[labelled.name] = Kinds({kind.id: fewer})
    return result


def by_kind(judged: list[Judged]) -> str:
    kinds = sorted({j.labelled.kind for j in judged})
    parts = []
    for kind in kinds:
        mine = [j for j in judged if j.labelled.kind == kind]
        parts.append(f"{kind} {accuracy(mine):.2f} of {sum(bool(j.right) for j in mine)}")
    return ", ".join(parts)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("-v", "--verbose", action="store_true", help="list what is wrong, and why")
    options = parser.parse_args()
    folder = SHARED / "lab" / "segments" / "eval"
    if not (folder / "gold.json").exists():
        sys.exit(f"no labelled reviews in {folder}; set SAYSO_SHARED")
    kinds = load_kinds()
    corpus = load(folder)

    judge(corpus[0], kinds, corpus[0].kind)  # compiles the cues
    start = time.perf_counter()
    judged = [j for labelled in corpus for j in judge(labelled, kinds, labelled.kind)]
    ms = 1000 * (time.perf_counter() - start) / len(corpus)
    scored = [j for j in judged if j.right]
    print(f"accuracy {accuracy(judged):.3f} of {len(scored)} paragraphs in {len(corpus)} reviews")
    print(f"  {by_kind(judged)}")
    held = pruned(kinds, corpus)
    unseen = [j for lab in corpus for j in judge(lab, held[lab.name], lab.kind)]
    print(f"held out {accuracy(unseen):.3f}")
    print(f"  {by_kind(unseen)}")

    guesses = {lab.name: guess_kind(lab.review, kinds).used for lab in corpus}
    wrong = [
        f"{lab.name} as {guesses[lab.name]}" for lab in corpus if guesses[lab.name] != lab.kind
    ]
    print(f"kind guessed right {len(corpus) - len(wrong)} of {len(corpus)} {', '.join(wrong)}")

    placed = sorted((j for j in scored if j.placement), key=lambda j: j.placement.margin)
    for share in (0.1, 0.2, 0.3, 0.4, 0.5):
        low = placed[: round(share * len(placed))]
        errors = sum(not j.is_right for j in low)
        rest = placed[len(low) :]
        print(
            f"lowest {share:.0%} of margins (under {rest[0].placement.margin:.2f}): "
            f"{errors} of {sum(not j.is_right for j in placed)} errors; "
            f"the rest {sum(j.is_right for j in rest) / len(rest):.2f} right"
        )
    unsure = [j for j in placed if j.placement and j.placement.unsure]
    print(f"doubtful (margin under {UNSURE_MARGIN}): {len(unsure) / len(placed):.0%}")

    aside = [j for j in judged if not j.right]
    print(f"not prose: {sum(j.placement is None for j in aside)} of {len(aside)} set aside")
    print(f"prose set aside: {sum(j.placement is None for j in scored)}")
    print(f"{ms:.1f} ms a review")
    if options.verbose:
        confused = Counter((min(j.right), j.segment) for j in scored if not j.is_right)
        print(", ".join(f"{a}->{b} {n}" for (a, b), n in confused.most_common()))
        for j in scored:
            if not j.is_right:
                cues = j.placement.cues[:12] if j.placement else ()
                right = "|".join(sorted(j.right))
                print(f"{j.labelled.name}: {right}, not {j.segment}: {j.text[:90]}")
                print("    " + " ".join(f"{c.segment}:{c.words}={c.score:.1f}" for c in cues))


if __name__ == "__main__":
    main()
