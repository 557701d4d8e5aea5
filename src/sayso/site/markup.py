"""Show notes and waveform for a page: rebuilt from allowed elements, whatever the input."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from html import escape

from lxml import etree, html

from sayso.episode.notes import link_address
from sayso.episode.waveform import WAVE_HEIGHT, WAVE_TOP, WIDTH
from sayso.model.html_allowlist import ALLOWED_ELEMENTS
from sayso.script.template_context import Markup
from sayso.site.render import as_html, clean

_STAMP = re.compile(r"(?:(\d{1,2}):)?(\d{1,2}):(\d{2})(?= )")
_SVG = "{http://www.w3.org/2000/svg}"
_DRAWN: Mapping[str, tuple[str, ...]] = {
    "svg": ("role", "aria-label"),
    "path": ("class", "d"),
    "rect": ("class", "x", "y", "width", "height"),
    "title": (),
}
"""Elements and attributes of the waveform; its style is in site.css."""


def notes_markup(notes: str, *, has_chapters: bool) -> Markup:
    """Notes of allowed elements, with their timestamps as links.

    Where the page lists the chapters itself, the notes' own list and its heading are left out.
    """
    body = html.fragment_fromstring(clean(notes) or "<p></p>", create_parent="div")
    if has_chapters:
        for paragraph in [p for p in body if p.tag == "p" and _is_chapter_list(p)]:
            heading = paragraph.getprevious()
            if heading is not None and _is_heading(heading):
                body.remove(heading)
            body.remove(paragraph)
    return Markup("".join(_inside(body)).strip())


def plain_text(description: str) -> str:
    """A description's words, in one line."""
    if not description.strip():
        return ""
    body = html.fragment_fromstring(clean(description), create_parent="div")
    for element in body.iter("p", "li", "br"):
        element.tail = f" {element.tail or ''}"
    return " ".join(str(body.text_content()).split())


def waveform_markup(svg: str | None) -> Markup | None:
    """The waveform as an element of the page: its shapes and words, without its own style.

    None if it is not a waveform of ours.
    """
    if not svg:
        return None
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False
    )
    try:
        root = etree.fromstring(clean(svg).encode("utf-8"), parser)
    except etree.XMLSyntaxError:
        return None
    if root.tag != f"{_SVG}svg":
        return None
    # Only the wave itself, as wide as the page, which lists names and times of the chapters.
    view = f'<svg viewBox="0 {WAVE_TOP} {WIDTH} {WAVE_HEIGHT}" preserveAspectRatio="none"'
    return Markup("".join(_drawn(root)).replace("<svg", view, 1))


def _inside(element: html.HtmlElement) -> Iterator[str]:
    yield _text(element.text)
    for child in element:
        tag = child.tag if isinstance(child.tag, str) else ""
        if tag in ALLOWED_ELEMENTS:
            address = link_address(child.get("href")) if tag == "a" else None
            opening = f'a href="{escape(address)}"' if address else tag
            yield f"<{opening}>" if tag != "a" or address else ""
            yield from _inside(child)
            yield f"</{tag}>" if tag != "br" and (tag != "a" or address) else ""
        elif tag not in ("script", "style", ""):
            yield from _inside(child)
        yield _text(child.tail)


def _text(text: str | None) -> str:
    """Text as HTML; a timestamp at the start of a line becomes a link to that time."""
    parts = re.split(r"(?<=\n)", text or "")
    return "".join(map(_line, parts))


def _line(text: str) -> str:
    stamp = _STAMP.match(text)
    if stamp is None:
        return as_html(text)
    hours, minutes, seconds = (int(part or 0) for part in stamp.groups())
    at = hours * 3600 + minutes * 60 + seconds
    return f'<a href="#t={at}">{stamp[0]}</a>{as_html(text[stamp.end() :])}'


def _is_chapter_list(paragraph: html.HtmlElement) -> bool:
    lines = [line for line in str(paragraph.text_content()).splitlines() if line.strip()]
    return len(lines) > 1 and all(_STAMP.match(line) for line in lines)


def _is_heading(element: html.HtmlElement) -> bool:
    strong = element.find("strong")
    if element.tag != "p" or strong is None:
        return False
    return str(element.text_content()).strip() == str(strong.text_content()).strip()


def _drawn(element: etree._Element) -> Iterator[str]:
    tag = str(element.tag).removeprefix(_SVG)
    if tag not in _DRAWN:
        return
    named = "".join(
        f' {name}="{escape(element.get(name) or "")}"'
        for name in _DRAWN[tag]
        if element.get(name) is not None
    )
    yield f"<{tag}{named}>{escape(element.text or '')}"
    for child in element:
        yield from _drawn(child)
    yield f"</{tag}>"
