"""The HTML of descriptions and notes: which elements it has, which times it tells."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator

from sayso.model.html_allowlist import ALLOWED_ELEMENTS

# Linear on whatever text: the attributes of a tag cannot hold another tag's beginning.
_TAG = re.compile(r"<\s*/?\s*([A-Za-z][\w:-]*)([^<>]*)>")
_LINK = re.compile(r"\b(?:href|src)\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|([^\s>\"']+))", re.IGNORECASE)
_TIME = re.compile(r"(?<![\d:.])\(?\[?((?:\d{1,2}:)?[0-5]?\d:[0-5]\d)(?![\d:])")


def elements(markup: str) -> Iterator[tuple[str, str]]:
    """Name, in lower case, and attributes of each tag."""
    for match in _TAG.finditer(markup):
        yield match[1].lower(), match[2]


def foreign_elements(markup: str) -> list[str]:
    """The names of the elements that are not allowed, each once."""
    return sorted({name for name, _ in elements(markup)} - ALLOWED_ELEMENTS)


def unsafe_links(markup: str) -> list[str]:
    """Links to what is not the web or a mail address, such as `javascript:`, or is not absolute.

    One that names no host, such as `http:` or `https:///x`, is neither.
    """
    found = []
    for name, attributes in elements(markup):
        for match in _LINK.finditer(attributes) if name == "a" else ():
            target = html.unescape(match[1] or match[2] or match[3] or "").strip()
            if not re.match(r"(?:https?://[^/?#]|(?:mailto|tel):.)", target, re.IGNORECASE):
                found.append(target)
    return found


def timestamps(markup: str) -> list[int]:
    """The seconds of the times at the beginnings of lines: the chapter list that players make."""
    lines = re.sub(r"<\s*(?:/\s*)?(?:p|li|br|ol|ul)\b[^<>]*>", "\n", markup, flags=re.IGNORECASE)
    text = html.unescape(_TAG.sub("", lines))
    found = []
    for line in text.split("\n"):
        match = _TIME.match(line.strip())
        if match:
            seconds = 0
            for part in match[1].split(":"):
                seconds = seconds * 60 + int(part)
            found.append(seconds)
    return found
