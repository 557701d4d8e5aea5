"""Markdown of show notes → the HTML that podcast apps show.

PSP-1 allows in an episode's description: p, ol, ul, li, a, and b, i, strong, em, br. Everything
else that Markdown can say becomes the nearest of these; HTML in the notes is shown as words.
"""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.token import Token
from markdown_it.utils import EnvType, OptionsDict

from sayso.episode.notes import web_address
from sayso.model.html_allowlist import ALLOWED_ELEMENTS


class _NotesRenderer(RendererHTML):
    """Writes no element but the allowed ones, and no attribute but a link's address."""

    def renderToken(  # noqa: N802 - markdown-it's name
        self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType
    ) -> str:
        token = tokens[idx]
        if token.hidden:
            return ""
        closing = token.nesting < 0
        if token.type.startswith("heading"):
            return "</strong></p>\n" if closing else "<p><strong>"
        if token.tag not in ALLOWED_ELEMENTS:
            return ""
        if token.tag == "a":
            if not closing:
                env["link"] = web_address(token.attrGet("href"))
            if env["link"] is None:  # `[words]()`: links do not nest, so this is its end as well
                return ""
            if not closing:
                return f'<a href="{escape(str(token.attrGet("href")))}">'
        end = "\n" if token.block and (closing or token.tag in ("ol", "ul")) else ""
        return f"<{'/' if closing else ''}{token.tag}>{end}"

    def code_inline(
        self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType
    ) -> str:
        """Code in a line, as words."""
        return escape(tokens[idx].content, quote=False)

    def code_block(
        self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType
    ) -> str:
        """A block of code, as a paragraph with its lines."""
        lines = tokens[idx].content.strip("\n").splitlines()
        return f"<p>{'<br>'.join(escape(line, quote=False) for line in lines)}</p>\n"

    fence = code_block

    def image(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType) -> str:
        """A picture, as the words that stand for it."""
        return escape(tokens[idx].content, quote=False)

    def text(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType) -> str:
        """Words."""
        return escape(tokens[idx].content, quote=False)

    def hardbreak(
        self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType
    ) -> str:
        """A line break."""
        return "<br>\n"

    softbreak = hardbreak  # a line of the notes is a line on the screen: timestamps need it

    def hr(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType) -> str:
        """A rule: nothing."""
        return ""


def notes_html(markdown: str) -> str:
    """The notes as an HTML fragment of allowed elements; links lead to the web and to mail only."""
    reader = MarkdownIt("commonmark", {"html": False}, renderer_cls=_NotesRenderer)
    reader.disable(["html_block", "html_inline"])
    reader.validateLink = lambda url: web_address(url) is not None  # type: ignore[method-assign]
    return str(reader.render(markdown))
