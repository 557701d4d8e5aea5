"""The notes of lint on a script, and on the names in it that no lexicon knows."""

from __future__ import annotations

import json
from dataclasses import dataclass

from sayso.model import Outline, Paragraph, Say, Script, Show
from sayso.review import kinds_of_show, segment_ids
from sayso.script import LintNote, lint
from sayso.show.finding import sound_path
from sayso.speech.spoken import Lexicon, unknown_names

_MAX_SENTENCE = 90  # a line of TOML that still fits a screen


@dataclass(frozen=True, slots=True)
class UnknownName:
    """A name that the lexicon does not have, and where it first occurs."""

    name: str
    origin: str
    """`p3.1` for the first sentence of `p3`; `title` or `author`."""
    line: int | None
    """The line of the review that its paragraph starts on."""
    sentence: str

    @property
    def entry(self) -> str:
        """The line of TOML to fill in."""
        sentence = _around(self.name, self.sentence)
        return f'{json.dumps(self.name, ensure_ascii=False)} = ""   # {self.origin}: {sentence}'


def lint_script(script: Script, show: Show, lexicon: Lexicon) -> tuple[LintNote, ...]:
    """All notes on a script, in the order of its lines."""
    found = lint(
        script,
        show,
        lambda file: sound_path(show, file),
        known_segments=segment_ids(kinds_of_show(show.root)),
    )
    names = [
        LintNote(
            "warning",
            line or None,
            f"no lexicon entry for {name!r}",
            code="unspelt-name",
            hint=f'hear it by `sayso say "{name}"`; '
            f'lexicon.toml, or [{name}]{{say="…"}}, settles it',
        )
        for name, line in names_to_say(script, lexicon).items()
    ]
    return tuple(sorted((*found, *names), key=lambda finding: finding.line or 0))


def names_to_say(script: Script, lexicon: Lexicon) -> dict[str, int]:
    """Names that a voice may stumble on and nothing says how to say, with the line of the first."""
    first: dict[str, int] = {}
    for item in script.items:
        if isinstance(item, Paragraph):
            # A respelt word is cared for; what stands around it is not one name.
            text = "".join(" ; " if isinstance(span, Say) else span.text for span in item.spans)
            for name in unknown_names(text, lexicon):
                first.setdefault(name, item.line)
    return first


def unknown_in_review(outline: Outline, lexicon: Lexicon) -> tuple[UnknownName, ...]:
    """The names in what is spoken of a review, each once, in order."""
    review = outline.review
    texts: list[tuple[str, int | None, str]] = []
    for origin, text in (("title", review.title), ("author", review.author)):
        texts += [(origin, None, text)] if text else []
    for placement in outline.placements:
        block = placement.block
        for number, sentence in enumerate(placement.sentences, placement.first + 1):
            texts.append((f"{block.id}.{number}", block.line, sentence))
    found: dict[str, UnknownName] = {}
    for origin, line, text in texts:
        for name in unknown_names(text, lexicon):
            found.setdefault(name, UnknownName(name, origin, line, " ".join(text.split())))
    return tuple(found.values())


def _around(name: str, sentence: str) -> str:
    """The sentence, or so much of a long one that the name can be seen in it."""
    if len(sentence) <= _MAX_SENTENCE:
        return sentence
    at = sentence.find(name)
    start = 0 if at + len(name) < _MAX_SENTENCE else sentence.rfind(" ", 0, max(1, at - 30)) + 1
    rest = sentence[start:]
    if len(rest) > _MAX_SENTENCE:
        end = rest.rfind(" ", at - start + len(name), _MAX_SENTENCE)
        rest = f"{rest[: end if end > 0 else _MAX_SENTENCE]} …"
    return f"… {rest}" if start else rest
