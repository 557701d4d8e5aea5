"""What blog engines and note-taking programs add to Markdown: none of it is for reading.

Shortcodes of Hugo, of Jekyll and Eleventy (Liquid), of WordPress; attributes of kramdown and
Pandoc; links, pictures, highlights and callouts of Obsidian, the last also of GitHub. Each is taken
out where it stands; the words within a pair stay.
"""

from __future__ import annotations

import re

from sayso.review.raw import RawBlock

_MOST = 2_000
"""Brackets in a paragraph; in one with more, looking for the end of each would take long."""
_CAPTION = re.compile(r"\[caption\b[^\]\n]{0,500}\](.{0,2000}?)\[/caption\]", re.DOTALL)
_PICTURE = re.compile(r"<[^<>]{0,1000}>|!\[[^\]]{0,500}\]\([^)\s]{0,1000}\)")
_SHORTCODE = re.compile(
    r"(?<!`)(?:"  # within `…` they are what the text is about
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
_ATTRIBUTES = re.compile(r"\{:[^{}\n]{0,300}\}|(?<=\S)[ \t]?\{[#.][^{}\n]{1,300}\}(?=\s*$)", re.M)
_WIKI_LINK = re.compile(r"\[\[(?:[^\[\]|\n]{1,200}\|)?([^\[\]|\n]{1,200})\]\](?!\()")
_HIGHLIGHT = re.compile(r"(?<![=\w])==(?=\S)([^=\n]{1,500})(?<=\S)==(?![=\w])")
_CALLOUT = re.compile(r"\A\[![A-Za-z]{1,20}\][+-]?[ \t]*")


def without_blog_markup(text: str, line: int) -> tuple[str, list[RawBlock]]:
    """A paragraph's Markdown, from `line` of the file on, without what is not for reading.

    Lines stay lines. What was taken out comes as blocks; marks around words just go.
    """
    if text.count("[") + text.count("{") > _MOST:
        return text, []
    found: list[RawBlock] = []

    def take_out(match: re.Match[str]) -> str:
        at = line + text.count("\n", 0, match.start())
        found.append(RawBlock("code", " ".join(match[0].split()), at))
        return "\n" * match[0].count("\n")

    def take_caption(match: re.Match[str]) -> str:
        at = line + text.count("\n", 0, match.start())
        words = " ".join(_PICTURE.sub(" ", match[1]).split())
        found.append(RawBlock("caption", words, at))
        return "\n" * match[0].count("\n")

    text = _CALLOUT.sub("", _CAPTION.sub(take_caption, text))
    text = _ATTRIBUTES.sub("", _SHORTCODE.sub(take_out, text))
    return _HIGHLIGHT.sub(r"\1", _WIKI_LINK.sub(r"\1", text)), found
