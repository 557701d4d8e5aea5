"""The words of a paragraph in their place: found in its source, and changed there."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from sayso.script.inline import BLANKS, SPEAKER, escape_start, split_origin
from sayso.script.merge import MARKERS

_TOKEN = re.compile(rf"[^{BLANKS}\n]+")
_OPENERS = ("#", "<!--", *MARKERS)
"""What a line of a paragraph cannot begin with."""
_MOST_COMPARED = 4_000_000
"""Words of the one text times words of the other; beyond it, all that differs is one change."""


def collapsed(words: str) -> str:
    """Words with single spaces between them and none around, as a paragraph is read."""
    return " ".join(_TOKEN.findall(words))


def n_alike(some: Sequence[str], others: Sequence[str]) -> int:
    """How many words, or characters, two texts begin with alike."""
    pairs = zip(some, others, strict=False)
    shorter = min(len(some), len(others))
    return next((at for at, (one, other) in enumerate(pairs) if one != other), shorter)


@dataclass(frozen=True, slots=True)
class Located:
    """A paragraph's source, and where in it the speaker and the words stand."""

    source: str
    speaker: tuple[int, int] | None
    """Begin and end of `NAME:`."""
    tokens: tuple[tuple[int, int], ...]
    """The words, cut at white space."""

    @property
    def words(self) -> str:
        """The words with their markup, on one line."""
        return " ".join(self.source[start:end] for start, end in self.tokens)

    @property
    def start(self) -> int:
        """Where the words begin."""
        return self.tokens[0][0]

    def with_voice(self, voice: str | None) -> str:
        """The source with another speaker, or none."""
        rest = self.source[self.start :]
        if voice is None:
            before = self.source[: self.speaker[0] if self.speaker else self.start]
            return before + _escaped_start(self.words, rest)
        if self.speaker is not None:
            start, end = self.speaker
            return f"{self.source[:start]}{voice}:{self.source[end:]}"
        return f"{self.source[: self.start]}{voice}: {rest}"

    def with_words(self, words: str) -> str:
        """The source with other words: line ends between words that stay are kept."""
        old = [self.source[start:end] for start, end in self.tokens]
        new = words.split(" ")
        gaps = [
            self.source[end:start]
            for (_, end), (start, _) in zip(self.tokens, self.tokens[1:], strict=False)
        ]
        before, after = self.source[: self.start], self.source[self.tokens[-1][1] :]
        out = [self._first(new[0], words, before)]
        for gap, token in zip(_gaps(old, new, gaps), new[1:], strict=True):
            opens = "\n" in gap and token.startswith(_OPENERS)
            out += [gap, f"\\{token}" if opens else token]
        return before + "".join(out) + after

    def on_one_line(self, words: str) -> str:
        """The source with other words, its line ends gone: where those would break the markup."""
        indent = self.source[: len(self.source) - len(self.source.lstrip(BLANKS))]
        name = self.source[slice(*self.speaker)] + " " if self.speaker else ""
        tail = self.source[self.tokens[-1][1] :]
        origin = collapsed(tail)
        end = tail[len(tail.rstrip(BLANKS + "\n")) :]
        said = words if self.speaker else escape_start(words)
        return f"{indent}{name}{said}{' ' if origin else ''}{origin}{end}"

    def _first(self, token: str, words: str, before: str) -> str:
        if self.speaker is None:
            return _escaped_start(words, token)
        return f"\\{token}" if "\n" in before and token.startswith(_OPENERS) else token


def locate(source: str) -> Located:
    """Find the words of a paragraph that was parsed from `source`."""
    places = [found.span() for found in _TOKEN.finditer(source)]
    joined = " ".join(source[start:end] for start, end in places)
    text, _ = split_origin(joined)
    speaker = SPEAKER.match(text)
    first = speaker.end() if speaker else 0
    tokens: list[tuple[int, int]] = []
    at = 0
    for start, end in places:
        # The part of this token, which stands at `at` in `joined`, that lies in the words.
        begin, finish = max(at, first), min(at + end - start, len(text))
        if begin < finish:
            tokens.append((start + begin - at, start + finish - at))
        at += end - start + 1
    name = (places[0][0], places[0][0] + speaker.end()) if speaker else None
    return Located(source, name, tuple(tokens))


def _escaped_start(words: str, rest: str) -> str:
    """`rest`, which begins as `words` do, escaped as these must be at a paragraph's start."""
    escaped = escape_start(words)
    if escaped == words:
        return rest
    at = next(i for i, character in enumerate(words) if escaped[i] != character)
    return f"{rest[:at]}\\{rest[at:]}"


def _gaps(old: list[str], new: list[str], gaps: list[str]) -> Iterator[str]:
    """The white space between new words: the old one wherever words or their number stay."""
    place = _places(old, new)
    for at in range(1, len(new)):
        left, right = place[at - 1], place[at]
        if left is None or right is None:
            # Of words that were put in, the last keeps the gap: they go to the end of the line.
            yield " " if right is None or right == 0 else gaps[right - 1]
        elif right == left + 1:
            yield gaps[left]
        else:  # some were taken out
            yield next((gap for gap in gaps[left:right] if "\n" in gap), gaps[left])


def _places(old: list[str], new: list[str]) -> list[int | None]:
    """For each new word the old one whose place it has, in order."""
    first = n_alike(old, new)
    last = n_alike(old[first:][::-1], new[first:][::-1])
    n_old, n_new = len(old) - first - last, len(new) - first - last
    place: list[int | None] = list(range(first))
    if n_old * n_new > _MOST_COMPARED:
        place += [None] * n_new
    else:
        matcher = SequenceMatcher(
            None, old[first : first + n_old], new[first : first + n_new], autojunk=False
        )
        for _, a, a_end, b, b_end in matcher.get_opcodes():
            here = range(first + a, first + a_end)
            place += [here[i] if i < len(here) else None for i in range(b_end - b)]
    return place + list(range(len(old) - last, len(old)))
