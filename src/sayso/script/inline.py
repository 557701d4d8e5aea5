r"""What is inside a line: words, `[text]{say="…"}`, `*emphasis*`, escapes, attribute lists.

A backslash before punctuation makes it literal. Printing escapes exactly what parsing would take
for markup, so that any words at all survive the round trip.

In an attribute list, `{#id key=value key="value with spaces"}`, a value is bare where it holds no
white space, quote or brace; otherwise it is in double quotes, where `\"` and `\\` are literal.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from sayso.errors import did_you_mean
from sayso.language.text import shorten
from sayso.model import Emphasis, Say, Span, Text
from sayso.script.merge import MARKERS

ATTRIBUTE_LIST = r"\{(?:[^{}\"\\]|\\.|\"(?:[^\"\\]|\\.)*\")*\}"
"""Matches an attribute list or cue with its braces; quoted values may hold braces."""

_TOKEN = re.compile(
    r"""\s*(?:
        \#(?P<id>[\w-]+)
      | (?P<key>[^\W\d][\w-]*)=(?:"(?P<quoted>(?:[^"\\]|\\.)*)"|(?P<bare>[^\s"{}=]+))
      | "(?P<word_quoted>(?:[^"\\]|\\.)*)"
      | (?P<word>[^\s"{}=#]+)
    )(?=\s|$)""",
    re.VERBOSE,
)
_BARE = re.compile(r"[^\s\"{}=#\\]+\Z")


@dataclass(frozen=True, slots=True)
class Attributes:
    """What is between braces: an id, bare words, and key-value pairs, in order."""

    id: str | None
    words: tuple[str, ...]
    pairs: tuple[tuple[str, str], ...]

    def get(self, key: str) -> str | None:
        """The value of `key`, or None."""
        return next((value for name, value in self.pairs if name == key), None)


def parse_attributes(braced: str) -> Attributes | None:
    """Parse `{…}` with its braces; None where it is malformed or repeats an id or key."""
    ids: list[str] = []
    words: list[str] = []
    pairs: dict[str, str] = {}
    position = 1
    for token in _match_tokens(braced):
        position = token.end()
        if token["id"] is not None:
            ids.append(token["id"])
        elif token["key"] is not None:
            if token["key"] in pairs:
                return None
            bare, quoted = token["bare"], token["quoted"]
            pairs[token["key"]] = bare if quoted is None else _unquote(quoted)
        else:
            word, quoted = token["word"], token["word_quoted"]
            words.append(word if quoted is None else _unquote(quoted))
    if len(ids) > 1 or braced[position:-1].strip():
        return None
    return Attributes(ids[0] if ids else None, tuple(words), tuple(pairs.items()))


def print_value(value: str) -> str:
    """A value as script markup, after `key=` or as a word of a cue."""
    if _BARE.match(value):
        return value
    return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'


def with_attribute(braced: str, key: str, value: str | None) -> str:
    """`{…}` with `key` set, or removed (None); everything else in it stays as it is.

    An empty string where nothing is left.
    """
    tokens = list(_match_tokens(braced))
    old = next((token for token in tokens if token["key"] == key), None)
    if value is None:
        if old is None:
            return braced
        if len(tokens) == 1:
            return ""
        rest = braced[old.end() :]
        return "{" + rest.lstrip() if old is tokens[0] else braced[: old.start()] + rest
    printed = f"{key}={print_value(value)}"
    if old is not None:
        return braced[: old.start("key")] + printed + braced[old.end() :]
    at = tokens[-1].end() if tokens else 1
    return braced[:at] + (" " if tokens else "") + printed + braced[at:]


def find_argument(braced: str) -> tuple[int, int]:
    """The start and end of the argument of a cue such as `{pause 0.6 s}`."""
    _, first, *rest = _match_tokens(braced)
    return first.end() - len(first[0].lstrip()), [first, *rest][-1].end()


def _match_tokens(braced: str) -> Iterator[re.Match[str]]:
    """The tokens of an attribute list, with their places, up to what is malformed."""
    position, end = 1, len(braced[:-1].rstrip())
    while position < end and (token := _TOKEN.match(braced, position, end)):
        yield token
        position = token.end()


def _unquote(value: str) -> str:
    return re.sub(r"\\(.)", r"\1", value)


BLANKS = " \t\r"
"""White space at the ends of a line. Others (a no-break space) are the writer's characters."""

SPEAKER = re.compile(r"(?P<name>[^\W\d_][\w-]{0,39}):(?=\s|\Z)")
"""`NAME:` at the start of a paragraph."""

_ORIGIN = re.compile(r"\{from=(?P<origin>[\w:.,+-]+)\}\Z")
_MAX_PROBLEMS = 20
"""Of one paragraph; further ones would say nothing new."""
_MAX_SHOWN = 40
"""Characters of a text that a message quotes."""

_PUNCTUATION = r"[!-/:-@\[-`{-~]"
_ESCAPED = re.compile(rf"\\({_PUNCTUATION})")
_ANY = rf"(?:\\{_PUNCTUATION}|[^*\\]|\\(?!{_PUNCTUATION}))"
_INK = rf"(?:\\{_PUNCTUATION}|[^*\\\s]|\\(?!{_PUNCTUATION}))"
_STRESSED = f"{_INK}(?:{_ANY}*{_INK})?"
"""Stress begins and ends at a word, so `2 * 3 * 4` has none."""

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
    """A paragraph whose markup is not valid: the problem, a hint, and the place (a character)."""

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
    """Parse as `parse_spans` does, but return all problems instead of raising the first."""
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
            span = _parse_part(part)
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
    """A paragraph without the `{from=…}` at its end, and the origin that this names, if any."""
    start = text.rfind("{from=")
    found = _ORIGIN.match(text, start) if start >= 0 else None
    if found is None or (start - len(text[:start].rstrip("\\"))) % 2:
        return text, None
    return text[:start].rstrip(BLANKS), found["origin"]


def print_spans(spans: tuple[Span, ...]) -> str:
    """The words of a paragraph as script markup."""
    return "".join(_print_span(span) for span in spans)


def escape(text: str) -> str:
    """Plain words, escaped so that they are parsed as just these words."""
    return re.sub(r"[\\{}*]", r"\\\g<0>", text)


def escape_start(printed: str) -> str:
    """`printed`, escaped where it would start a speaker, heading, comment or conflict marker."""
    speaker = SPEAKER.match(printed)
    if speaker:
        return f"{speaker['name']}\\:{printed[speaker.end() :]}"
    if printed.startswith(("#", "<!--", "---", *MARKERS)):
        return "\\" + printed
    return printed


def escape_value(value: str) -> str:
    """Words from outside, escaped so that they are no markup whatever is next to them.

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
    inner = " ".join(f"{key}={_quote_value(value)}" for key, value in pairs if value is not None)
    return f"[{words}]{{{inner}}}"


def _quote_value(value: str) -> str:
    printed = print_value(value)
    return printed if printed.startswith('"') else f'"{printed}"'


def _parse_part(part: re.Match[str]) -> Span:
    if part["attributes"] is not None:
        return _parse_say(part["said"], part["attributes"], part.start())
    if part["brace"] is not None:
        raise InlineProblem(
            f"{shorten(part['brace'], _MAX_SHOWN)} inside a paragraph",
            f"put a cue on a line of its own, or write \\{part['brace'][0]} for the character",
            part.start(),
        )
    return Emphasis(_unescape(part["strong"] or part["stressed"]))


def _parse_say(words: str, braced: str, position: int) -> Say:
    attributes = parse_attributes(braced)
    if attributes is None or attributes.id or attributes.words or not attributes.pairs:
        raise InlineProblem(
            f"cannot read {shorten(braced, _MAX_SHOWN)} after [{shorten(words, _MAX_SHOWN)}]",
            'write [words]{say="…"}',
            position,
        )
    for key, _ in attributes.pairs:
        if key not in ("say", "ipa"):
            raise InlineProblem(
                f"unknown attribute {key!r} after [{shorten(words, _MAX_SHOWN)}]",
                did_you_mean(key, ("say", "ipa")) or "use say or ipa",
                position,
            )
    text = _unescape(words)
    if not text.strip():
        raise InlineProblem("empty brackets", 'write [words]{say="…"}', position)
    return Say(text, attributes.get("say"), attributes.get("ipa"))


def _unescape(text: str) -> str:
    return _ESCAPED.sub(r"\1", text)
