r"""What stands inside a paragraph: plain words, `[text]{say="…"}`, `*emphasis*`, escapes.

A backslash before punctuation makes it literal. Printing escapes exactly what parsing would take
for markup, so that any words at all survive the round trip.
"""

from __future__ import annotations

import re

from sayso.errors import did_you_mean
from sayso.model import Emphasis, Say, Span, Text
from sayso.script.attributes import ATTRIBUTE_LIST, parse_attributes, print_value
from sayso.script.merge import MARKERS

BLANKS = " \t\r"
"""White space at the ends of a line. Others (a no-break space) are the writer's characters."""

SPEAKER = re.compile(r"(?P<name>[^\W\d_][\w-]{0,39}):(?=\s|\Z)")
"""`NAME:` at the start of a paragraph."""

_ORIGIN = re.compile(r"\{from=(?P<origin>[\w:.,+-]+)\}\Z")
_MAX_PROBLEMS = 20
"""Of one paragraph: after so many, the rest would say nothing new."""

_PUNCTUATION = r"[!-/:-@\[-`{-~]"
_ESCAPED = re.compile(rf"\\({_PUNCTUATION})")
_ANY = rf"(?:\\{_PUNCTUATION}|[^*\\]|\\(?!{_PUNCTUATION}))"
_INK = rf"(?:\\{_PUNCTUATION}|[^*\\\s]|\\(?!{_PUNCTUATION}))"
_STRESSED = f"{_INK}(?:{_ANY}*{_INK})?"
"""Stress begins and ends at a word: `2 * 3 * 4` has none."""

_PART = re.compile(
    rf"""
      \\(?P<escaped>{_PUNCTUATION})
    | \[(?P<said>(?:\\.|[^\[\]\\])*)\](?P<attributes>{ATTRIBUTE_LIST})
    | \*\*(?P<strong>{_STRESSED})\*\*
    | \*(?P<stressed>{_STRESSED})\*
    | (?P<brace>\{{[^{{}}]*\}}|[{{}}])
    """,
    re.VERBOSE,
)


class InlineProblem(Exception):
    """A paragraph whose markup makes no sense: the problem, the hint, and where (a character)."""

    def __init__(self, problem: str, hint: str, position: int) -> None:
        super().__init__(problem)
        self.problem = problem
        self.hint = hint
        self.position = position


def parse_spans(text: str) -> tuple[Span, ...]:
    """Parse the words of a paragraph, without speaker and origin.

    Raises InlineProblem for an unknown attribute or an unescaped brace.
    """
    spans, problems = read_spans(text)
    if problems:
        raise problems[0]
    return spans


def read_spans(text: str) -> tuple[tuple[Span, ...], list[InlineProblem]]:
    """Parse as `parse_spans` does, with all problems found on the way."""
    spans: list[Span] = []
    problems: list[InlineProblem] = []
    plain: list[str] = []

    def flush() -> None:
        words = "".join(plain)
        plain.clear()
        if words:
            spans.append(Text(words))

    position = 0
    for part in _PART.finditer(text):
        plain.append(text[position : part.start()])
        position = part.end()
        if part["escaped"] is not None:
            plain.append(part["escaped"])
            continue
        try:
            span = _span(part)
        except InlineProblem as problem:
            problems.append(problem)
            if len(problems) == _MAX_PROBLEMS:
                break
            continue
        flush()
        spans.append(span)
    plain.append(text[position:])
    flush()
    return tuple(spans), problems


def split_origin(text: str) -> tuple[str, str | None]:
    """Cut `{from=…}` off the end of a paragraph."""
    start = text.rfind("{from=")
    found = _ORIGIN.match(text, start) if start >= 0 else None
    if found is None or (start - len(text[:start].rstrip("\\"))) % 2:
        return text, None
    return text[:start].rstrip(BLANKS), found["origin"]


def print_spans(spans: tuple[Span, ...]) -> str:
    """The words of a paragraph as they stand in a script."""
    return "".join(_print_span(span) for span in spans)


def escape(text: str) -> str:
    """Plain words, escaped so that they are read as nothing but words."""
    return re.sub(r"[\\{}*]", r"\\\g<0>", text)


def escape_start(printed: str) -> str:
    """Escape what at a paragraph's start would be a speaker, heading, comment or conflict mark."""
    speaker = SPEAKER.match(printed)
    if speaker:
        return f"{speaker['name']}\\:{printed[speaker.end() :]}"
    if printed.startswith(("#", "<!--", "---", *MARKERS)):
        return "\\" + printed
    return printed


def escape_value(value: str) -> str:
    """Words that come from outside, escaped so that nothing beside them makes markup of them.

    Stricter than `escape`: a template may put them between brackets or quotes, or join two.
    """
    escaped = re.sub(r'[\\{}*\[\]":]', r"\\\g<0>", value)
    return "\\" + escaped if escaped[:1] in tuple("#<!-=|>") else escaped


def _print_span(span: Span) -> str:
    if isinstance(span, Text):
        return escape(span.text)
    if isinstance(span, Emphasis):
        return f"*{escape(span.text)}*"
    words = re.sub(r"[\[\]]", r"\\\g<0>", escape(span.text))
    pairs = [("say", span.say), ("ipa", span.ipa)]
    inner = " ".join(f"{key}={_quoted(value)}" for key, value in pairs if value is not None)
    return f"[{words}]{{{inner}}}"


def _quoted(value: str) -> str:
    printed = print_value(value)
    return printed if printed.startswith('"') else f'"{printed}"'


def _span(part: re.Match[str]) -> Span:
    if part["attributes"] is not None:
        return _said(part["said"], part["attributes"], part.start())
    if part["brace"] is not None:
        raise InlineProblem(
            f"{_short(part['brace'])} inside a paragraph",
            f"put a cue on a line of its own, or write \\{part['brace'][0]} for the character",
            part.start(),
        )
    return Emphasis(_unescape(part["strong"] or part["stressed"]))


def _said(words: str, braced: str, position: int) -> Say:
    attributes = parse_attributes(braced)
    if attributes is None or attributes.id or attributes.words or not attributes.pairs:
        raise InlineProblem(
            f"cannot read {_short(braced)} after [{_short(words)}]",
            'write [words]{say="…"}',
            position,
        )
    for key, _ in attributes.pairs:
        if key not in ("say", "ipa"):
            raise InlineProblem(
                f"unknown attribute {key!r} after [{_short(words)}]",
                did_you_mean(key, ("say", "ipa")) or "use say or ipa",
                position,
            )
    text = _unescape(words)
    if not text.strip():
        raise InlineProblem("empty brackets", 'write [words]{say="…"}', position)
    return Say(text, attributes.get("say"), attributes.get("ipa"))


def _short(text: str) -> str:
    return text if len(text) <= 40 else text[:39] + "…"


def _unescape(text: str) -> str:
    return _ESCAPED.sub(r"\1", text)
