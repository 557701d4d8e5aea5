"""What a review is called, and what the thing is called that it is about."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path

from sayso.language.text import clean_text, word_set
from sayso.model import Review
from sayso.review.blocks import RawBlock
from sayso.review.front_matter import FrontMatter

_LINK = re.compile(r"\[([^\[\]]{1,300})\]\([^()\s]{1,500}\)")
_EMPHASIS = re.compile(r"(?<!\w)(\*{1,2}|__?)(?=\S)([^*_]{1,300})(?<=\S)\1(?!\w)")
_SPOKEN = frozenset({"paragraph", "item", "quote", "verse"})


def choose_title(
    front: FrontMatter, raw: Sequence[RawBlock], source: Path | None, spoken: Sequence[str]
) -> str:
    """From front matter, top heading, subject, file name, or a name that recurs, in this order.

    `spoken` are the paragraphs that can be spoken.
    """
    return (
        _plain(front.get("title"))
        or _find_top_heading(raw)
        or _plain(front.get("subject"))
        or title_from_path(source)
        or title_from_text(spoken)
        or title_from_start(spoken[0])
    )


def _plain(title: str | None) -> str | None:
    """A title without Markdown: `[The Pier](https://…)`, `*The Pier*`."""
    return title and _EMPHASIS.sub(r"\2", _LINK.sub(r"\1", title))


def _find_top_heading(raw: Sequence[RawBlock]) -> str | None:
    """The only `#` heading, if no text precedes it; of several, each heads a section."""
    tops = [at for at, b in enumerate(raw) if b.kind == "heading" and b.level == 1]
    if len(tops) != 1 or any(b.kind in _SPOKEN for b in raw[: tops[0]]):
        return None
    return raw[tops[0]].text


# ------------------------------------------------------------------------------ the thing reviewed

_ABOUT = (
    r"(?:an?|my|our|the|in-depth|short|mini|quick|brief|full|honest|spoiler[ -]free|early|advance"
    r"|film|movie|cinema|book|novel|comic|tv|television|series|season|show|game|video ?game"
    r"|board ?game|album|music|record|concert|theat(?:re|er)|product|gadget|gear|tech|hardware"
    r"|software|app|restaurant|food|hotel|travel|beer|wine|whisk(?:y|ey)|coffee)[ -]"
)
_REVIEW = (
    rf"(?:{_ABOUT}){{0,3}}reviews?(?:ed)?"
    r"|[^\W\d_]{0,14}-?(?:kritik|rezension|besprechung|recensie|bespreking|recension|anmeldelse"
    r"|omtale|arvostelu)"
    r"|recenzja|recenze|recenzia|kritika|inceleme|testbericht"
    r"|critique(?: (?:du? |de |d’|d')\w{1,12})?|chronique|rese[ñn]a(?: de \w{1,12})?"
    r"|cr[íi]tica(?: de \w{1,12})?|recensione|resenha|an[áa]lise|рецензия|обзор|отзыв"
    r"|レビュー|感想|書評|映画評|影评|书评|評測|评测|影評|書評|리뷰"
)
"""What a review calls itself: English, German, Dutch, the languages of the north, Polish, Czech,
Hungarian, Turkish, French, Spanish, Italian, Portuguese, Russian, Japanese, Chinese, Korean."""
_DASH = r"\s*(?:[:：|｜–—•·»«/]|\s-{1,2}\s)\s*"
_LABELS = (
    re.compile(r"(?:im |kurz)?test: |(?:first (?:look|impressions?)|hands-on)[:,] ", re.I),
    re.compile(rf"(?:{_REVIEW})(?:\s*(?:#|no\.?)?\s*\d{{1,4}})?(?:{_DASH}|\s+-\s+)", re.I),
    re.compile(rf"[\[(【「『<](?:{_REVIEW})[\])】」』>]\s*(?:[:：–—-]\s*)?", re.I),
    re.compile(rf"(?:{_ABOUT}){{0,3}}review of (?=\S)", re.I),
)
"""What may stand before the name of the thing."""
_SUFFIXES = (
    re.compile(rf"(?:{_DASH}|\s+-\s+|,\s*)(?:{_REVIEW})\Z", re.I),
    re.compile(rf"\s*[\[(【「『](?:{_REVIEW})[\])】」』]\Z", re.I),
    re.compile(
        r"[\s–—:|,(\[-]{1,4}(?:\d{1,3}(?:[.,]\d)?\s?/\s?(?:4|5|6|10|20|100)|[★☆⭐½]{1,10})[)\]]?\Z"
    ),
    re.compile(r"(?<!\bin)(?<!\bfor)(?<!\bunder)(?<!\bof)(?<!\bthe)(?<!\ba)\s+[Rr]eview(?:ed)?\Z"),
    re.compile(r"\s*(?:レビュー|感想|书评|影评|評測|评测|影評|書評|\s리뷰)\Z"),
)
"""What may stand after it."""
_LOWER_ABOUT = re.compile(rf"(?:\s+{_ABOUT.removesuffix('[ -]')}){{1,3}}\Z")
_CAPITAL_ABOUT = re.compile(
    r"\s+(?:Mini|Quick|Short|Brief|Full|Honest|Spoiler[ -]Free|In-Depth|Capsule)\Z"
)
_BAR = re.compile(r"\s+[|｜]\s+[^|｜]*\Z")
_SITE = re.compile(r"\s+[–—•·»«-]{1,2}\s+([^–—•·»«]{1,80})\Z")
_ARTICLES = word_set("a an the my our this in of for der die das le la el il de een")
_SUBTITLE = re.compile(r": (?=[a-z][a-z ])")
_LONGEST = 300
"""A title with more characters is a text."""
_SITE_KEYS = word_set("site sitename site_name sitetitle blog blogname publication publisher")
_QUOTES = (("“", "”"), ('"', '"'), ("„", "“"), ("«", "»"), ("‘", "’"), ("「", "」"), ("《", "》"))


def subject_of(review: Review, sites: Iterable[str | None] = ()) -> str:
    """The thing reviewed as a host says it: the title without what the title says besides.

    That is the word for a review, a rating, and the name of the site: behind a bar, or one of
    `sites`, the review's author, or what its front matter says.
    """
    if review.subject:
        return review.subject
    given = (value for key, value in review.extra if key.casefold() in _SITE_KEYS)
    names = {name.casefold() for name in (*sites, review.author, *given) if name}
    return subject_from_title(review.title, names)


def subject_from_title(title: str, sites: Iterable[str] = ()) -> str:
    """As `subject_of`, of a title; `sites` in small letters. The title where nothing is left."""
    if len(title) > _LONGEST:
        return title
    names = set(sites)
    found = title
    for _ in range(3):  # `Film review: The Pier – Review | Site`
        before = found
        site = _SITE.search(found)
        if site is not None and site[1].casefold() in names:
            found = found[: site.start()]
        for label in _LABELS:
            found = _without(found, label.match(found))
        for suffix in _SUFFIXES:
            ending = suffix.search(found)
            found = _without(found, ending)
            if ending is not None and any(char.isupper() for char in found):
                found = _without(found, _LOWER_ABOUT.search(found))
                found = _without(found, _CAPITAL_ABOUT.search(found))
        found = _without(found, _BAR.search(found))
        if found == before:
            break
    if any(char.isupper() for char in found):
        found = _SUBTITLE.split(found)[0]
    for opens, closes in _QUOTES:
        inner = found[1:-1]
        if found.startswith(opens) and found.endswith(closes) and not {opens, closes} & {*inner}:
            found = inner
    return found if any(char.isalnum() for char in found) else title


def _without(text: str, part: re.Match[str] | None) -> str:
    """`text` without a part at one of its ends, if more than a small word is left of it."""
    if part is None:
        return text
    left = (text[part.end() :] if part.start() == 0 else text[: part.start()]).strip()
    is_name = any(char.isalnum() for char in left) and left.casefold() not in _ARTICLES
    return left if is_name else text


# ------------------------------------------------------------------------------ where none is given

_SMALL_WORDS = word_set(
    "a an and as at but by for from in into nor of on or over the to up vs with"
)
_NO_TITLE = word_set(
    "review reviews reviewed draft final edit text untitled document doc new copy article "
    "post blog index readme tmp temp file"
)
_REVIEW_WORD = re.compile(_REVIEW, re.IGNORECASE)
_DATE = re.compile(r"^\d{4}[-_.]?\d\d[-_.]?\d\d(?=$|[^\d])")
_SEASON = re.compile(r"s(?:eason)?0*(\d{1,2})(?:e(?:p(?:isode)?)?0*(\d{1,3}))?", re.IGNORECASE)
_CAPITAL = "[" + "".join(char for char in map(chr, range(0x41, 0x530)) if char.isupper()) + "]"
"""Latin, Greek and Cyrillic."""
_NAME = re.compile(
    rf"{_CAPITAL}[\w’']*"
    rf"(?:[ -](?:(?:of|the|and|a|an|in|to|for|on|at|with|from) ){{0,2}}{_CAPITAL}[\w’']*){{1,7}}"
)
_MAX_TITLE_WORDS = 9
_MAX_TITLE_CHARS = 80
"""Of nine words; in scripts without spaces, a sentence or this much of it."""
_STOP = re.compile(r"[。！？；，、.!?;,]")


def title_from_path(path: Path | None) -> str | None:
    """Make a title from a file name: `all-of-us-s2.md` → `All of Us, Season 2`.

    None for a name without words, such as `000_d158d9bd03a1.txt`.
    """
    if path is None:
        return None
    stem = _DATE.sub("", clean_text(path.name.removesuffix(path.suffix)))
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
        elif not (part.casefold() in _NO_TITLE or _REVIEW_WORD.fullmatch(part) or _is_code(part)):
            words.extend(re.sub(r"(?<=[a-z])(?=[A-Z])", " ", part).split())
    if not any(char.isalpha() for word in words for char in word):
        return None
    title = " ".join(_capitalize(word, at in (0, len(words) - 1)) for at, word in enumerate(words))
    return f"{title}, {season}" if season else title


def title_from_text(paragraphs: Sequence[str]) -> str | None:
    """The name that recurs most, such as that of the thing reviewed; None if no name recurs."""
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
    """The first words of the text: the last resort."""
    words = text.split()
    start = " ".join(words[:_MAX_TITLE_WORDS])
    if len(words) <= _MAX_TITLE_WORDS and len(start) <= _MAX_TITLE_CHARS:
        return text.rstrip(".。")
    if len(start) > _MAX_TITLE_CHARS:
        stop = _STOP.search(start, 1, _MAX_TITLE_CHARS)
        start = start[: stop.start() if stop else _MAX_TITLE_CHARS]
    return start.rstrip(",;:.—–- ") + " …"


def _is_code(part: str) -> bool:
    """A counter (`000`, `20240131`) or a hash, rather than a word or a year."""
    if part.isdigit():
        return len(part) > 4 or (len(part) > 1 and part.startswith("0"))
    digits = sum(char.isdigit() for char in part)
    return len(part) >= 8 and digits >= 2 and re.fullmatch(r"[0-9a-fA-F]+", part) is not None


def _capitalize(word: str, at_end: bool) -> str:
    if any(char.isupper() for char in word):
        return word
    if not at_end and word in _SMALL_WORDS:
        return word
    return word[:1].upper() + word[1:]
