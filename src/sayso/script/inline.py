r"""What stands inside a paragraph: plain words, `[text]{say="…"}`, `*emphasis*`, escapes.

A backslash before punctuation makes it literal. Printing escapes exactly what parsing would take
for markup, so that any words at all survive the round trip.
"""

from __future__ import annotations

import re

from sayso.model import Emphasis, Say, Span, Text
from sayso.script.attributes import ATTRIBUTE_LIST, parse_attributes, print_value

SPEAKER = re.compile(r"(?P<name>[^\W\d_][\w-]{0,39}):(?=\s|\Z)")
"""`NAME:` at the start of a paragraph."""

_ORIGIN = re.compile(r"(?:^|(?<=[^\\]))[ \t]*\{from=(?P<origin>[\w:.,+-]+)\}\s*\Z")

_PART = re.compile(
    rf"""
      \\(?P<escaped>[!-/:-@\[-`{{-~])
    | \[(?P<said>(?:\\.|[^\[\]\\])*)\](?P<attributes>{ATTRIBUTE_LIST})
    | \*\*(?P<strong>(?:\\.|[^*\\\s])(?:(?:\\.|[^*\\])*(?:\\.|[^*\\\s]))?)\*\*
    | \*(?P<stressed>(?:\\.|[^*\\\s])(?:(?:\\.|[^*\\])*(?:\\.|[^*\\\s]))?)\*
    | (?P<brace>[{{}}])
    """,
    re.VERBOSE,
)
_ESCAPED = re.compile(r"\\([!-/:-@\[-`{-~])")


class InlineProblem(Exception):
    """A paragraph whose markup makes no sense: the problem, the mend, and where (a character)."""

    def __init__(self, problem: str, mend: str, position: int) -> None:
        super().__init__(problem)
        self.problem = problem
        self.mend = mend
        self.position = position


def parse_spans(text: str) -> tuple[Span, ...]:
    """Parse the words of a paragraph, without speaker and origin.

    Raises InlineProblem for an unknown attribute or an unescaped brace.
    """
    spans: list[Span] = []
    plain: list[str] = []

    def flush() -> None:
        if plain:
            spans.append(Text("".join(plain)))
            plain.clear()

    position = 0
    for part in _PART.finditer(text):
        plain.append(text[position : part.start()])
        position = part.end()
        if part["escaped"] is not None:
            plain.append(part["escaped"])
        elif part["attributes"] is not None:
            span = _said(part["said"], part["attributes"], part.start())
            flush()
            spans.append(span)
        elif part["brace"] is not None:
            raise InlineProblem(
                f"a {part['brace']} inside a paragraph",
                f"put a cue on a line of its own, or write \\{part['brace']} for the character",
                part.start(),
            )
        else:
            flush()
            spans.append(Emphasis(_unescape(part["strong"] or part["stressed"])))
    plain.append(text[position:])
    if any(plain):
        flush()
    return tuple(spans)


def split_origin(text: str) -> tuple[str, str | None]:
    """Cut `{from=…}` off the end of a paragraph."""
    found = _ORIGIN.search(text)
    if found is None:
        return text, None
    return text[: found.start()].rstrip(), found["origin"]


def print_spans(spans: tuple[Span, ...]) -> str:
    """The words of a paragraph as they stand in a script."""
    return "".join(_print_span(span) for span in spans)


def escape(text: str) -> str:
    """Plain words, escaped so that they are read as nothing but words."""
    return re.sub(r"[\\{}*]", r"\\\g<0>", text)


def escape_start(printed: str) -> str:
    """Escape what at the start of a paragraph would be read as a speaker, heading or comment."""
    speaker = SPEAKER.match(printed)
    if speaker:
        return f"{speaker['name']}\\:{printed[speaker.end() :]}"
    if printed.startswith(("#", "<!--", "---")):
        return "\\" + printed
    return printed


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


def _said(words: str, braced: str, position: int) -> Say:
    attributes = parse_attributes(braced)
    known = {"say", "ipa"}
    if attributes is None or attributes.id or attributes.words or not attributes.pairs:
        raise InlineProblem(
            f"cannot read {braced} after [{words}]", 'write [words]{say="…"}', position
        )
    for key, _ in attributes.pairs:
        if key not in known:
            raise InlineProblem(
                f"unknown attribute {key!r} after [{words}]", "use say or ipa", position
            )
    text = _unescape(words)
    if not text.strip():
        raise InlineProblem("empty brackets", 'write [words]{say="…"}', position)
    return Say(text, attributes.get("say"), attributes.get("ipa"))


def _unescape(text: str) -> str:
    return _ESCAPED.sub(r"\1", text)
