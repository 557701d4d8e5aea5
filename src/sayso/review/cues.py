"""Cues: the words and phrases that tell what a paragraph is about, and how they are found.

A cue is a phrase in small letters. In it, `act*` is any word that begins with `act`, `_` any one
word, `#` a number, `<Name>` a capitalised word that does not open its sentence; `£ $ € ? ( ) / ★`
stand for themselves, `'s` for the possessive. Hyphens count as spaces, a phrase never crosses the
end of a sentence, and a cue of one word is not found within a name of several. All cues of a kind
are sought in one pass over the words, so the time grows with the text alone.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cache
from typing import Generic, TypeVar

from sayso.review.word_set import word_set

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
class Token:
    """A word, number or sign of the text in the form that cues are compared with."""

    form: str
    start: int
    end: int
    is_name: bool = False
    """Whether it is capitalised though it does not open a sentence."""
    in_name: bool = False
    """Whether it is part of a name of several words, where it seldom has its own meaning: the
    `Dead` of a title, the `Queen` of a band."""


@dataclass(frozen=True, slots=True)
class Found(Generic[Target]):
    """A cue that was found: what it stands for, and the tokens it covers."""

    target: Target
    first: int
    last: int
    """Index of the token after its last one."""


def tokens(text: str) -> list[Token]:
    """Cut `text` into tokens; sentence ends become the token `.`, which no cue matches."""
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
    within = _names(text, forms, spans, capitals)
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


def _names(
    text: str, forms: list[str], spans: list[tuple[int, int]], capitals: list[bool]
) -> set[int]:
    """The tokens that are part of a name of several words.

    A name goes on over a space or hyphen, and over up to two small words, as in 'Game of Thrones'.
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
def cue_elements(cue: str) -> tuple[str, ...]:
    """Cut a cue into its elements. Raises ValueError, saying why, for what is no cue."""
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


_Entries = list[tuple[tuple[str, ...], Target]]


@dataclass
class CueIndex(Generic[Target]):
    """Many cues, sought together."""

    _by_word: dict[str, _Entries[Target]] = field(default_factory=lambda: defaultdict(list))
    _by_stem: dict[str, _Entries[Target]] = field(default_factory=lambda: defaultdict(list))
    _after_name: dict[str, _Entries[Target]] = field(default_factory=lambda: defaultdict(list))
    """Cues that begin with a name, by their second word; under `""` those where it is no word."""
    _longest_stem: int = 0

    def add(self, cue: str, target: Target) -> None:
        """Add a cue; raises ValueError for what is no cue."""
        elements = cue_elements(cue)
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

    def find(self, words: list[Token]) -> Iterator[Found[Target]]:
        """Yield every place where a cue stands, in reading order."""
        for at, word in enumerate(words):
            following = words[at + 1].form if at + 1 < len(words) else "."
            for elements, target in self._candidates(word, following):
                end = at + len(elements)
                if word.in_name and end == at + 1:
                    continue
                if end <= len(words) and all(
                    _fits(element, token)
                    for element, token in zip(elements[1:], words[at + 1 : end], strict=True)
                ):
                    yield Found(target, at, end)

    def _candidates(self, word: Token, following: str) -> Iterable[tuple[tuple[str, ...], Target]]:
        form = word.form
        yield from self._by_word.get(form, ())
        if form[0].isdigit():
            yield from self._by_word.get("#", ())
        if word.is_name:
            yield from self._after_name.get(following, ())
            yield from self._after_name.get("", ())
        for length in range(_SHORTEST_STEM, min(len(form), self._longest_stem) + 1):
            yield from self._by_stem.get(form[:length], ())


def _fits(element: str, token: Token) -> bool:
    if element == token.form:
        return True
    if element == "_":
        return token.form[0].isalpha()
    if element == "#":
        return token.form[0].isdigit()
    if element == "<Name>":
        return token.is_name
    return element.endswith("*") and token.form.startswith(element[:-1])
