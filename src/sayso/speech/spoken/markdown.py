"""Residue of markup, where the text did not arrive plain."""

from __future__ import annotations

import html
import re

from sayso.speech.spoken.clean import clean
from sayso.speech.spoken.rule import HELD, Reading, Rule, rule


def _entity(match: re.Match[str], reading: Reading) -> str:
    return clean(html.unescape(match.group(0)))


def _inner(match: re.Match[str], reading: Reading) -> str:
    return next((group for group in match.groups() if group is not None), "")


RULES: tuple[Rule, ...] = (
    rule(
        "entity",
        r"&(?:[a-zA-Z]{2,8}|#[0-9]{1,6}|#[xX][0-9a-fA-F]{1,5});",
        _entity,
        english=False,
        needs="&",
    ),
    rule(
        "address in brackets",
        r"<((?:https?://|mailto:)[^\s<>]{1,500})>",
        r"\1",
        english=False,
        needs="<",
    ),
    rule(
        "tag",
        rf"</?[a-zA-Z][a-zA-Z0-9]{{0,9}}(?:\s[^<>{HELD}]{{0,200}})?/?>",
        "",
        english=False,
        needs="<",
    ),
    rule(
        "picture",
        rf"!\[[^\[\]{HELD}]{{0,300}}\]\([^()\s{HELD}]{{0,500}}\)",
        "",
        english=False,
        needs="!",
    ),
    rule("footnote", r"\[\^[^\[\]\s]{1,40}\]:?|\s?\[[0-9]{1,3}\]", "", english=False, needs="["),
    rule(
        "link",
        rf"\[([^\[\]]{{1,300}})\]\([^()\s{HELD}]{{0,500}}(?:\s[^(){HELD}]{{0,100}})?\)",
        r"\1",
        english=False,
        needs="[",
    ),
    rule("code", r"`{1,3}([^`]{1,200})`{1,3}", r"\1", english=False, needs="`"),
    rule("line mark", r"^\s?(?:#{1,6}|>|[-*+•‣▪·])\s+(?=\S)", "", english=False, needs="#*+->·•‣▪"),
    rule(
        "strong",
        r"(?<![\w*])\*{2,3}(?=[^\s*])([^*]{1,300})(?<=\S)\*{2,3}(?![\w*])"
        r"|(?<![\w_])__(?=[^\s_])([^_]{1,300})(?<=\S)__(?![\w_])",
        _inner,
        english=False,
        needs="*_",
    ),
    rule(
        "emphasis",
        r"(?<![\w*])\*(?=[^\s*])([^*]{1,300})(?<=\S)\*(?![\w*])"
        r"|(?<![\w_])_(?=[^\s_])([^_]{1,300})(?<=\S)_(?![\w_])",
        _inner,
        english=False,
        needs="*_",
    ),
    rule("struck out", rf"~~[^~{HELD}]{{1,200}}~~", "", english=False, needs="~"),
)
