"""What blog engines and note programs add within a paragraph of Markdown."""

from __future__ import annotations

import re
from dataclasses import dataclass

from sayso.language.text import one_line, word_set
from sayso.model import BlockKind
from sayso.review.blocks import RawBlock

_MAX_MARKUP = 2_000
"""A paragraph with more brackets and braces stays as it is: to find the end of each takes long."""
_CAPTION = re.compile(r"\[caption\b[^\]\n]{0,500}\](.{0,2000}?)\[/caption\]", re.DOTALL)
_PICTURE = re.compile(r"<[^<>]{0,1000}>|!\[[^\]]{0,500}\]\([^)\s]{0,1000}\)")
_SHORTCODE = re.compile(
    r"(?<!`)(?:"  # within `…` the text is about them
    r"\{\{[<%].{1,500}?[>%]\}\}"
    r"|\{%.{1,500}?%\}"
    r"|\{\{.{1,500}?\}\}"
    r"|\[/?(?:gallery|embed|video|audio|playlist|youtube|vimeo|spotify|soundcloud|twitter|tweet"
    r"|instagram|tiktok)(?:[\s=][^\[\]\n]{0,500})?\](?!\()"
    r"""|\[[a-z][\w-]{0,40}(?:\s+[\w-]{1,40}=(?:"[^"\n]{0,300}"|'[^'\n]{0,300}'|[^\s\]"']{1,300})"""
    r"){1,20}\s*/?\](?!\()"
    r"|\[\[?(?:toc|TOC)\]\]?(?!\()"
    r"|!\[\[[^\[\]\n]{1,300}\]\]"
    r")",
    re.DOTALL,
)
_ATTRIBUTES = re.compile(
    r"\{:[^{}\n]{0,300}\}|(?<=\S)[ \t]?\{[#.][^{}\n]{1,300}\}(?=\s*$)"
    r"|(?<=[\])*_])\{[#.][\w-][^{}\n]{0,300}\}"  # of a link, a picture or emphasis
    r"|(?<!`)\{[ \t]*(?:[#.][\w-]{1,80}[ \t]+){0,9}[\w-]{1,40}="
    r"""(?:"[^"\n]{0,300}"|'[^'\n]{0,300}'|[^\s"'{}]{1,300})(?:[ \t][^{}\n]{0,300})?\}""",
    re.M,
)
_MACRO = re.compile(r"\{\{\{\s*([\w-]{1,40})(?:\(([^{}\n]{0,500})\))?\s*\}\}\}")
"""Org's, whose last argument of several is what a page shows: `{{{link(kettle,The Kettle)}}}`."""
_PULLED = re.compile(
    r"^[ \t]*(?:\{\{[<%]\s*(?P<hugo>pull-?out|(?:pull-?|block-?)?quote)\b[^{}\n]{0,300}[>%]\}\}"
    r"|\{%-?\s*(?P<liquid>pullquote|blockquote|quote)\b[^{}%\n]{0,300}%\})"
    r"(?P<words>.{1,1000}?)"
    r"(?:\{\{[<%]\s*/\s*(?P=hugo)\s*[>%]\}\}|\{%-?\s*end(?P=liquid)\s*-?%\})"
    r"(?=[ \t]*(?:\n[ \t]*\n|\n?\Z))",
    re.DOTALL | re.MULTILINE | re.IGNORECASE,
)
_ANCHOR = re.compile(r"(?<=\S)[ \t]+\(#[\w-]{1,80}\)[ \t]*\Z")
"""`The menu (#menu)`, by which some engines name a heading."""
_WIKI_LINK = re.compile(r"\[\[(?:[^\[\]|\n]{1,200}\|)?([^\[\]|\n]{1,200})\]\](?!\()")
_HIGHLIGHT = re.compile(r"(?<![=\w])==(?=\S)([^=\n]{1,500})(?<=\S)==(?![=\w])")
_CALLOUT = re.compile(r"\[!([A-Za-z-]{1,20})(?:\|[^\]\n]{0,40})?\][+-]?[ \t]*([^\n]*)")
_WARNING_KINDS = word_set("warning danger caution attention alert")
_BLOCK_ID = re.compile(r"(?:(?<=\s)|\A)\^[A-Za-z][\w-]{0,40}[ \t]*$", re.MULTILINE)
_PLAYERS = re.compile(
    r"\W*(?:gallery|embed|video|audio|playlist|youtube|vimeo|spotify|soundcloud|twitter|tweet|x"
    r"|instagram|tiktok|figure|img|image|picture|bandcamp|mastodon|bluesky|gist|codepen|map)\b"
    r"|!\[\[",
    re.IGNORECASE,
)


def convert_pull_quotes(text: str) -> str:
    """`text` with shortcodes that set a quote as quotes of Markdown; the number of lines stays."""

    def convert(match: re.Match[str]) -> str:
        lines = match["words"].split("\n")
        return "\n".join(f"> {line.strip()}" if line.strip() else ">" for line in lines)

    return _PULLED.sub(convert, text) if "quote" in text or "pull" in text else text


def strip_blog_markup(text: str, line: int) -> tuple[str, list[RawBlock]]:
    """Remove what is not for reading from a paragraph's Markdown, which begins on `line`.

    The number of lines stays the same. What was removed is returned as blocks; marks around words
    are just dropped.
    """
    if text.count("[") + text.count("{") > _MAX_MARKUP:
        return text, []
    found: list[RawBlock] = []

    def remove(match: re.Match[str]) -> str:
        at = line + text.count("\n", 0, match.start())
        if match.re is _CAPTION:
            found.append(RawBlock("caption", one_line(_PICTURE.sub(" ", match[1])), at))
        else:
            kind: BlockKind = "embed" if _PLAYERS.match(match[0]) else "code"
            found.append(RawBlock(kind, one_line(match[0]), at))
        return "\n" * match[0].count("\n")

    def expand(match: re.Match[str]) -> str:
        _, several, last = (match[2] or "").rpartition(",")
        return last.strip() if several and not _PLAYERS.match(match[1]) else remove(match)

    if "{{{" in text:
        text = _MACRO.sub(expand, text)
    text = _SHORTCODE.sub(remove, _CAPTION.sub(remove, text))
    text = _ANCHOR.sub("", _BLOCK_ID.sub("", _ATTRIBUTES.sub("", text)))
    return _HIGHLIGHT.sub(r"\1", _WIKI_LINK.sub(r"\1", text)), found


@dataclass(frozen=True, slots=True)
class Callout:
    """How a callout of Obsidian or GitHub begins, which is a quote: `> [!NOTE] Title`."""

    title: str
    """Its own, or the name of its kind where that warns; else empty: the name is for the eye."""
    first: str
    """Words in the first line that are no title, after a warning."""
    spoiler: bool


def read_callout(text: str, *, is_whole: bool) -> Callout | None:
    """The callout that a quote begins with, if it does; `is_whole` where `text` is all of it."""
    found = _CALLOUT.match(text)
    if found is None:
        return None
    words = found[2].strip()
    if found[1].casefold() in _WARNING_KINDS and (is_whole or not words):
        return Callout(found[1].capitalize(), words, spoiler=False)
    return Callout(words, "", spoiler="spoiler" in found[1].casefold())
