"""A title for a review that does not give one."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from sayso.review.cleaning import cleaned
from sayso.review.word_set import word_set

_SMALL_WORDS = word_set(
    "a an and as at but by for from in into nor of on or over the to up vs with"
)
_NO_TITLE = word_set(
    "review reviews reviewed draft final edit text untitled document doc new copy article "
    "post blog index readme tmp temp file"
)
_DATE = re.compile(r"^\d{4}[-_.]?\d\d[-_.]?\d\d(?=$|[^\d])")
_SEASON = re.compile(r"s(?:eason)?0*(\d{1,2})(?:e(?:p(?:isode)?)?0*(\d{1,3}))?", re.IGNORECASE)
_NAME = re.compile(
    r"[A-Z][\w’']*(?:[ -](?:(?:of|the|and|a|an|in|to|for|on|at|with|from) ){0,2}[A-Z][\w’']*){1,7}"
)
_MAX_TITLE_WORDS = 9


def title_from_path(path: Path | None) -> str | None:
    """Make a title of a file name: `all-of-us-s2.md` → `All of Us, Season 2`; None where it has
    no words, as `000_d158d9bd03a1.txt`.
    """
    if path is None:
        return None
    stem = _DATE.sub("", cleaned(path.name.removesuffix(path.suffix)))
    words: list[str] = []
    season = ""
    parts = [part for part in re.split(r"[\s_.,+-]+", stem) if part]
    skip = False
    for part, following in zip(parts, [*parts[1:], ""], strict=True):
        if skip:
            skip = False
            continue
        numbered = _SEASON.fullmatch(part)
        if numbered is None and part.casefold() == "season" and following.isdigit():
            numbered, skip = _SEASON.fullmatch(part + following), True
        if numbered:
            season = f"Season {numbered[1]}"
            season += f", Episode {numbered[2]}" if numbered[2] else ""
        elif part.casefold() not in _NO_TITLE and not _is_code(part):
            words.extend(re.sub(r"(?<=[a-z])(?=[A-Z])", " ", part).split())
    if not any(char.isalpha() for word in words for char in word):
        return None
    title = " ".join(_cased(word, at in (0, len(words) - 1)) for at, word in enumerate(words))
    return f"{title}, {season}" if season else title


def title_from_text(paragraphs: Sequence[str]) -> str | None:
    """The name that the text repeats most often, such as that of the thing reviewed; else None."""
    counts: Counter[str] = Counter()
    for text in paragraphs[:200]:
        for match in _NAME.finditer(text[:20_000]):
            words = match.group().split(" ")
            # Names within it too: in 'Go to Quiet Hours' the name begins later.
            for start in range(len(words) - 1):
                if words[start][0].isupper():
                    counts[" ".join(words[start:])] += 1
    best = max(
        ((n * len(name.split()), name) for name, n in counts.items() if n > 1), default=(0, "")
    )
    return best[1] or None


def title_from_start(text: str) -> str:
    """The first words of the text, for want of anything better."""
    words = text.split()
    if len(words) <= _MAX_TITLE_WORDS:
        return text.rstrip(".")
    return " ".join(words[:_MAX_TITLE_WORDS]).rstrip(",;:.—–-") + " …"


def _is_code(part: str) -> bool:
    """A counter (`000`, `20240131`) or a hash, rather than a word or a year."""
    if part.isdigit():
        return len(part) > 4 or (len(part) > 1 and part.startswith("0"))
    digits = sum(char.isdigit() for char in part)
    return len(part) >= 8 and digits >= 2 and re.fullmatch(r"[0-9a-fA-F]+", part) is not None


def _cased(word: str, at_end: bool) -> str:
    if any(char.isupper() for char in word):
        return word
    if not at_end and word in _SMALL_WORDS:
        return word
    return word[:1].upper() + word[1:]
