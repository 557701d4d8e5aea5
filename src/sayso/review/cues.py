"""Cues: words and phrases that tell what a paragraph is about, how they are found and weighed.

A cue is a phrase in lower case. In it, `act*` is any word that begins with `act`, `_` any one
word, `#` a number, `<Name>` a capitalised word that does not open its sentence; `£ $ € ? ( ) / ★`
stand for themselves, `'s` for the possessive. Hyphens count as spaces, a phrase never crosses the
end of a sentence, and a cue of one word is not found within a name of several. One pass over the
words finds all cues of a kind, so the time grows with the text alone.
"""

from __future__ import annotations

import math
import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from typing import Generic, TypeVar

from sayso.language.text import word_set
from sayso.model import CueHit

_TOKEN = re.compile(
    r"\d+(?:[.,]\d+)*|['’]s\b|[^\W\d_]+(?:['’](?!s\b)[^\W\d_]+)*|[£$€¥?()/%★½.!;:…]"
)
_ELEMENT = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)*\*?|\d+|'s|#|_|<Name>|[£$€¥?()/%★½]")
_ENDS = frozenset(".!;:…")
_SHORTEST_STEM = 2
_OPENERS = word_set(
    "i the a an it he she they we you this that these those there but and or so in on at as for "
    "if when while with his her its their my our your not no yes what who how why is are was were "
    "all some one both even after before then now i'm i've i'd"
)
"""Words that are capitalised because they open a sentence, not because they are names."""

_I = frozenset({"i", "i'm", "i've", "i'd", "i'll"})
_JOINING = word_set("of the and in a to for on")
_NAME_CHARS = " -abcdefghijklmnopqrstuvwxyz"
_LONGEST_GAP = 2
"""Small words that may stand within a name."""

Target = TypeVar("Target")


@dataclass(frozen=True, slots=True)
class Cue:
    """A phrase and the points it gives."""

    phrase: str
    points: float
    announces: bool = False
    """Whether it is a segment's name, which counts only where a passage begins by announcing it."""


@dataclass(frozen=True, slots=True)
class Token:
    """A word, number or sign of the text, in the form that cues are compared with."""

    form: str
    start: int
    end: int
    is_name: bool = False
    """Whether it is capitalised though it does not open a sentence."""
    in_name: bool = False
    """Whether it is part of a name of several words, where it seldom has its own meaning: the
    `Dead` of a title, the `Queen` of a band."""


@dataclass(frozen=True, slots=True)
class FoundCue(Generic[Target]):
    """A cue that was found: what it stands for, and the tokens it covers."""

    target: Target
    first: int
    last: int
    """Index of the token after its last one."""


def tokenize(text: str) -> list[Token]:
    """Cut `text` into tokens; a sentence end becomes the token `.`, which no cue matches."""
    forms: list[str] = []
    spans: list[tuple[int, int]] = []
    capitals: list[bool] = []
    opening: list[bool] = []
    opens = True
    for match in _TOKEN.finditer(text):
        raw = match.group()
        form = raw.casefold().replace("’", "'")
        ends = form in _ENDS
        forms.append("." if ends else form)
        spans.append(match.span())
        opening.append(opens)
        capitals.append(raw[0].isupper() and form not in _I and not (opens and form in _OPENERS))
        opens = ends or form == "?" or (opens and not raw[0].isalnum())
    within = _find_names(text, forms, spans, capitals)
    return [
        Token(
            form,
            start,
            end,
            is_name=capital and form not in _OPENERS and (not opens or at in within),
            in_name=at in within,
        )
        for at, (form, (start, end), capital, opens) in enumerate(
            zip(forms, spans, capitals, opening, strict=True)
        )
    ]


def _find_names(
    text: str, forms: list[str], spans: list[tuple[int, int]], capitals: list[bool]
) -> set[int]:
    """The indices of the tokens that are part of a name of several words.

    A name continues across a space or hyphen, and across up to two small words, as in 'Game of
    Thrones'.
    """
    within: set[int] = set()
    last: int | None = None
    for at, capital in enumerate(capitals):
        if not capital:
            continue
        if (
            last is not None
            and at - last <= _LONGEST_GAP + 1
            and all(form in _JOINING for form in forms[last + 1 : at])
            and not text[spans[last][1] : spans[at][0]].strip(_NAME_CHARS)
        ):
            within.update(range(last, at + 1))
        last = at
    return within


@cache
def parse_cue(cue: str) -> tuple[str, ...]:
    """Cut a cue into its elements. Raises ValueError, with the reason, for an invalid cue."""
    text = cue.replace("’", "'").replace("-", " ")
    elements = tuple(_ELEMENT.findall(text))
    if "".join(elements) != "".join(text.split()):
        raise ValueError("it holds a sign that cues cannot have")
    if not elements or elements[0] == "_":
        raise ValueError("it must begin with a word")
    if any(e != e.casefold() for e in elements if e != "<Name>"):
        raise ValueError("it must be in small letters")
    if any(e.endswith("*") and len(e) <= _SHORTEST_STEM for e in elements):
        raise ValueError("a * needs at least two letters before it")
    return elements


_Entry = tuple[tuple[str, ...], Target]


@dataclass
class CueIndex(Generic[Target]):
    """Many cues, found together in one pass."""

    _by_word: dict[str, list[_Entry[Target]]] = field(default_factory=lambda: defaultdict(list))
    _by_stem: dict[str, list[_Entry[Target]]] = field(default_factory=lambda: defaultdict(list))
    _after_name: dict[str, list[_Entry[Target]]] = field(default_factory=lambda: defaultdict(list))
    """Cues that begin with a name, by their second word; under `""` if that is not a word."""
    _longest_stem: int = 0

    def add(self, cue: str, target: Target) -> None:
        """Add a cue. Raises ValueError if it is invalid."""
        elements = parse_cue(cue)
        head = elements[0]
        if head == "<Name>":
            second = elements[1] if len(elements) > 1 else ""
            is_word = (second[:1].isalpha() and not second.endswith("*")) or second == "'s"
            self._after_name[second if is_word else ""].append((elements, target))
        elif head.endswith("*"):
            self._by_stem[head[:-1]].append((elements, target))
            self._longest_stem = max(self._longest_stem, len(head) - 1)
        else:
            self._by_word[head].append((elements, target))

    def find(self, words: list[Token]) -> Iterator[FoundCue[Target]]:
        """Yield every match of a cue, in reading order."""
        for at, word in enumerate(words):
            following = words[at + 1].form if at + 1 < len(words) else "."
            for elements, target in self._candidate_cues(word, following):
                end = at + len(elements)
                if word.in_name and end == at + 1:
                    continue
                if end <= len(words) and all(
                    _matches(element, token)
                    for element, token in zip(elements[1:], words[at + 1 : end], strict=True)
                ):
                    yield FoundCue(target, at, end)

    def _candidate_cues(self, word: Token, following: str) -> Iterator[_Entry[Target]]:
        form = word.form
        yield from self._by_word.get(form, ())
        if form[0].isdigit():
            yield from self._by_word.get("#", ())
        if word.is_name:
            yield from self._after_name.get(following, ())
            yield from self._after_name.get("", ())
        for length in range(_SHORTEST_STEM, min(len(form), self._longest_stem) + 1):
            yield from self._by_stem.get(form[:length], ())


def _matches(element: str, token: Token) -> bool:
    if element == token.form:
        return True
    if element == "_":
        return token.form[0].isalpha()
    if element == "#":
        return token.form[0].isdigit()
    if element == "<Name>":
        return token.is_name
    return element.endswith("*") and token.form.startswith(element[:-1])


_REPEAT = 0.25
"""What a cue adds, of its points, for each doubling of how often it is found."""

_FIRST_SENTENCE = 1.25
"""The factor of a cue in the first sentence, which often says what the paragraph is about."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """The cues of one passage, and their sum for each segment."""

    scores: tuple[float, ...]
    hits: tuple[CueHit, ...]
    """Strongest first."""


def weigh_cues(
    sentences: Sequence[str],
    segments: Sequence[str],
    index: CueIndex[tuple[int, Cue]],
    title: Collection[str] = (),
) -> Evidence:
    """Weigh the cues of `index` in a passage of `sentences`.

    `segments` are the ids of the segments that the numbers in `index` stand for; there is one
    score for each. Where two cues of a segment cover the same words, the longer counts. A cue
    counts once, a little more if it recurs or is in the first sentence. The name of a segment
    counts where the passage begins by announcing it, and then for much. The sums are divided by a
    root of the passage's length, since long passages hold more cues. The words of `title`, in
    small letters, name the thing reviewed, and nobody in it.
    """
    text = " ".join(sentences)
    words = tokenize(text)
    if title:
        words = [replace(w, is_name=False) if w.form in title else w for w in words]
    first_end = len(sentences[0]) if len(sentences) > 1 else 0
    by_segment: list[list[FoundCue[tuple[int, Cue]]]] = [[] for _ in segments]
    for found in index.find(words):
        number, cue = found.target
        if not cue.announces or _is_announced(text, words, found.first, found.last):
            by_segment[number].append(found)
    scale = 1 / math.sqrt(1 + 0.5 * len(sentences))
    scores: list[float] = []
    hits: list[CueHit] = []
    for segment, found_cues in zip(segments, by_segment, strict=True):
        total = 0.0
        for said, at, points, n in _count_cues(text, words, found_cues):
            score = points * (1 + _REPEAT * math.log2(n)) * scale
            score *= _FIRST_SENTENCE if at < first_end else 1.0
            total += score
            hits.append(CueHit(segment, said, round(score, 3)))
        scores.append(total)
    return Evidence(tuple(scores), rank_hits(hits))


_BEFORE_A_NAME = word_set(
    "and but now so then also first firstly next finally lastly well okay as for to far the its "
    "their this all both my our speaking of on onto moving turning coming back let's let us talk "
    "me start starting with when it comes in terms about regarding a word 's"
)
"""Words that may stand between the beginning of a passage and the name that it announces."""
_LEADING_IN = word_set("for of about regarding to onto")
"""Those of them after which a name is announced whatever follows it: `as for the cast, …`."""
_AFTER_A_NAME = word_set(
    "is are was were has have had itself follows also does do did feels feel felt looks look takes "
    "comes come remains begins starts centres centers revolves concerns works work goes go sounds "
    "sound plays can could may might will would isn't aren't wasn't weren't doesn't wise"
)
_LONGEST_BEFORE = 7


def _is_announced(text: str, words: Sequence[Token], first: int, last: int) -> bool:
    """Whether the tokens from `first` to `last` are what the passage says that it is about.

    `The plot is …`, `As for the cast, …`, `Soundtrack: …`, `Storywise, …`, `Glazer's direction …`.
    """
    if first > _LONGEST_BEFORE:
        return False
    before = words[:first]
    if not all(word.form in _BEFORE_A_NAME or word.is_name for word in before):
        return False
    if any(word.is_name for word in before) and before[-1].form != "'s":
        return False
    if words[last - 1].form.endswith("wise") or any(w.form in _LEADING_IN for w in before):
        return True
    if last == len(words):
        return False
    return words[last].form in _AFTER_A_NAME or text[words[last].start] == ":"


def rank_hits(hits: Iterable[CueHit]) -> tuple[CueHit, ...]:
    """The hits, strongest first."""
    return tuple(sorted(hits, key=lambda hit: (-abs(hit.score), hit.segment, hit.words)))


def _count_cues(
    text: str, words: Sequence[Token], found: Sequence[FoundCue[tuple[int, Cue]]]
) -> Iterator[tuple[str, int, float, int]]:
    """For each thing said: its words, where it is first, points, and how often; longest first."""
    taken: set[int] = set()
    places: dict[str, list[int]] = defaultdict(list)
    first: dict[str, tuple[str, float]] = {}
    for cue in sorted(found, key=lambda f: (f.first - f.last, -abs(f.target[1].points), f.first)):
        span = range(cue.first, cue.last)
        if taken.isdisjoint(span):
            taken.update(span)
            at = words[cue.first].start
            said = text[at : words[cue.last - 1].end]
            places[said.casefold()].append(at)
            first.setdefault(said.casefold(), (said, cue.target[1].points))
    for folded, (said, points) in first.items():
        yield said, min(places[folded]), points, len(places[folded])
