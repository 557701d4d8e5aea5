"""How names are said: lexicon.toml, and finding its words in a sentence."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from sayso.errors import SaysoError, ShowError, raise_all
from sayso.speech.spoken.clean import clean, sayable
from sayso.system.atomic_files import read_text
from sayso.system.toml import TomlProblem, read_toml
from sayso.system.toml_edit import line_of

FILE_NAME = "lexicon.toml"
_MAX_BYTES = 4 * 1024 * 1024  # 100,000 names

_FOLD = {ord("’"): "'", ord("‘"): "'", ord("ʼ"): "'", ord("‐"): "-", ord("‑"): "-"}
_TOKEN = re.compile(r"\w+|[^\w\s]")


@dataclass(frozen=True, slots=True)
class Entry:
    """One way to say one thing."""

    written: str
    say: str | None = None
    """A respelling."""
    ipa: str | None = None

    @property
    def any_case(self) -> bool:
        """Whether capitals do not matter: the entry is written all in lower case."""
        return self.written == self.written.lower()


@dataclass(frozen=True, slots=True)
class Found:
    """An entry found in a text at `start:end`, and the 's that follows it, or an empty string."""

    entry: Entry
    start: int
    end: int
    possessive: str


@dataclass(frozen=True, slots=True)
class Lexicon:
    """The entries of a show."""

    entries: tuple[Entry, ...] = ()
    _index: dict[str, tuple[tuple[str, Entry], ...]] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )

    def __post_init__(self) -> None:
        by_first: dict[str, list[tuple[str, Entry]]] = {}
        for entry in self.entries:
            folded = _fold(entry.written)
            first = _TOKEN.match(folded)
            if first is not None:
                by_first.setdefault(first.group(0).lower(), []).append((folded, entry))
        for first_word, found in by_first.items():
            self._index[first_word] = tuple(sorted(found, key=lambda pair: -len(pair[0])))

    def find(self, text: str) -> Iterator[Found]:
        """The entries in `text`, in order: the longest at each place, whole words, no overlap.

        Case counts unless the entry is all lower case; curly and straight apostrophes are alike.
        """
        if not self._index:
            return
        folded = _fold(text, strip=False)
        end = 0
        for token in _TOKEN.finditer(folded):
            start = token.start()
            if start < end:
                continue
            for written, entry in self._index.get(token.group(0).lower(), ()):
                if _stands(folded, start, written, entry.any_case):
                    end = start + len(written)
                    tail = text[end : end + 2]
                    possessive = (
                        tail
                        if _fold(tail) == "'s" and not text[end + 2 : end + 3].isalnum()
                        else ""
                    )
                    yield Found(entry, start, end, possessive)
                    break


EMPTY = Lexicon()


def _fold(text: str, strip: bool = True) -> str:
    folded = text.translate(_FOLD)
    return " ".join(folded.split()) if strip else folded


def _stands(text: str, start: int, written: str, any_case: bool) -> bool:
    end = start + len(written)
    here = text[start:end]
    if here != written and not (any_case and here.lower() == written):
        return False
    before, after = text[start - 1 : start], text[end : end + 1]
    return not (_word(before) and _word(written[0])) and not (_word(after) and _word(written[-1]))


def _word(character: str) -> bool:
    return character.isalnum() or character == "_"


def show_lexicon(root: Path) -> Lexicon:
    """The lexicon.toml of a show's folder; empty where it has none. Raises as `load_lexicon`."""
    path = root / FILE_NAME
    return load_lexicon(path) if path.is_file() else EMPTY


def load_lexicon(path: Path) -> Lexicon:
    """Read lexicon.toml: a table `[words]` of `"written" = "say"` or `{ say = "…", ipa = "…" }`.

    Raises ShowError, or ErrorGroup where there are several: TOML that does not parse (with its
    line), text that is not UTF-8, tables and values of a kind that the lexicon does not have.
    """
    return parse_lexicon(read_text(path, ShowError, "the lexicon", _MAX_BYTES), path)


def parse_lexicon(text: str, path: Path) -> Lexicon:
    """Read the text of lexicon.toml; `path` names it in errors, which are `load_lexicon`'s."""
    text = text.removeprefix("\ufeff")
    try:
        data = read_toml(text)
    except TomlProblem as error:
        raise ShowError(
            f"not valid TOML: {error.problem}",
            code="toml-syntax",
            file=path,
            line=error.line,
            hint=error.hint or 'entries look like "Cho Yi-hyun" = "Cho Yee-hyun"',
        ) from error
    return _lexicon(data, path, text)


def _lexicon(data: dict[str, object], path: Path, text: str) -> Lexicon:
    problems: list[SaysoError] = []
    entries: list[Entry] = []
    for key in data:
        if key != "words":
            problems.append(
                ShowError(
                    f"unknown table or key '{key}'",
                    code="bad-lexicon",
                    file=path,
                    line=line_of(text, (key,)),
                    hint="put the entries under [words]",
                )
            )
    words = data.get("words", {})
    if not isinstance(words, dict):
        problems.append(
            ShowError(
                "words is not a table",
                code="bad-lexicon",
                file=path,
                line=line_of(text, ("words",)),
                hint="write [words] on a line of its own",
            )
        )
        words = {}
    for written, value in words.items():
        try:
            entries.append(read_entry(written, value))
        except ShowError as error:
            problems.append(error.at(path, line_of(text, ("words", written))))
    raise_all(problems)
    return Lexicon(tuple(entries))


def read_entry(written: str, value: object) -> Entry:
    """An entry as TOML holds it; raises ShowError for one that makes no sense."""

    def wrong(problem: str, hint: str) -> ShowError:
        return ShowError(f"'{written}': {problem}", code="bad-lexicon", hint=hint)

    name = entry_name(written)
    if not sayable(name):
        raise wrong("no letters or digits to find", "give the words as the review writes them")
    if isinstance(value, str):
        value = {"say": value}
    if not isinstance(value, dict):
        raise wrong('neither text nor { say = "…", ipa = "…" }', "put the respelling in quotes")
    for key, part in value.items():
        if key not in ("say", "ipa"):
            raise wrong(f"unknown key '{key}'", "known: ipa, say")
        if not isinstance(part, str):
            raise wrong(f"{key} is not text", "put it in quotes")
        if not sayable(part):
            raise wrong(f"{key} has nothing to say", "write how it sounds, or delete the line")
    if not value:
        raise wrong("neither say nor ipa", "give one of them")
    return Entry(name, value.get("say"), value.get("ipa"))


def entry_name(written: str) -> str:
    """A key of lexicon.toml as it is looked for in texts."""
    return unicodedata.normalize("NFC", clean(written).strip())
