"""The notes of lint on a script, and on the names in it that no lexicon knows."""

from __future__ import annotations

from sayso.model import Paragraph, Say, Script, Show
from sayso.review import kinds_of_show, segment_ids
from sayso.script import LintNote, lint
from sayso.show import sound_path
from sayso.speech.spoken import Lexicon, unknown_names


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
