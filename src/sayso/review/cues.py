"""Cues: the words and phrases that tell what a paragraph is about, and how they are found.

A cue is a phrase in small letters. In it, `act*` is any word that begins with `act`, `_` any one
word, `#` a number, `<Name>` a capitalised word that does not open its sentence; `£ $ € ? ( ) / ★`
stand for themselves, `'s` for the possessive. Hyphens count as spaces, and a phrase never crosses
the end of a sentence. All cues of a kind are sought in one pass over the words, so the time is
proportional to the text, whatever the cues.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
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

Target = TypeVar("Target")


@dataclass(frozen=True, slots=True)
class Token:
    """A word, number or sign of the text in the form that cues are compared with."""

    form: str
    start: int
    end: int
    is_name: bool = False


@dataclass(frozen=True, slots=True)
class Found(Generic[Target]):
    """A cue that was found: what it stands for, and the tokens it covers."""

    target: Target
    first: int
    last: int
    """Index of the token after its last one."""


def tokens(text: str) -> list[Token]:
    """Cut `text` into tokens; sentence ends become the token `.`, which no cue matches."""
    found: list[Token] = []
    opens = True
    for match in _TOKEN.finditer(text):
        raw = match.group()
        form = raw.casefold().replace("’", "'")
        if form in _ENDS:
            found.append(Token(".", match.start(), match.end()))
            opens = True
            continue
        name = raw[0].isupper() and form not in _OPENERS and not opens
        found.append(Token(form, match.start(), match.end(), name))
        opens = form == "?" or (opens and not raw[0].isalnum())
    return found


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


@dataclass
class CueIndex(Generic[Target]):
    """Many cues, sought together."""

    _by_word: dict[str, list[tuple[tuple[str, ...], Target]]] = field(
        default_factory=lambda: defaultdict(list)
    )
    _by_stem: dict[str, list[tuple[tuple[str, ...], Target]]] = field(
        default_factory=lambda: defaultdict(list)
    )
    _longest_stem: int = 0

    def add(self, cue: str, target: Target) -> None:
        """Add a cue; raises ValueError for what is no cue."""
        elements = cue_elements(cue)
        head = elements[0]
        if head.endswith("*"):
            self._by_stem[head[:-1]].append((elements, target))
            self._longest_stem = max(self._longest_stem, len(head) - 1)
        else:
            self._by_word[head].append((elements, target))

    def find(self, words: list[Token]) -> Iterator[Found[Target]]:
        """Yield every place where a cue stands, in reading order."""
        for at, word in enumerate(words):
            for elements, target in self._candidates(word):
                end = at + len(elements)
                if end <= len(words) and all(
                    _fits(element, token)
                    for element, token in zip(elements[1:], words[at + 1 : end], strict=True)
                ):
                    yield Found(target, at, end)

    def _candidates(self, word: Token) -> Iterable[tuple[tuple[str, ...], Target]]:
        form = word.form
        yield from self._by_word.get(form, ())
        if form[0].isdigit():
            yield from self._by_word.get("#", ())
        if word.is_name:
            yield from self._by_word.get("<Name>", ())
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
