"""What is written for a screen: residue of markup, addresses, handles and hashtags."""

from __future__ import annotations

import html
import re

from sayso.speech.spoken.clean import clean
from sayso.speech.spoken.rule import HELD, Reading, Rule, before, rule
from sayso.speech.spoken.tables import ENDINGS_SAID, FILE_ENDINGS, SHORTCODES


def _entity(match: re.Match[str], reading: Reading) -> str:
    return clean(html.unescape(match.group(0)))


def _inner(match: re.Match[str], reading: Reading) -> str:
    return next((group for group in match.groups() if group is not None), "")


MARKUP: tuple[Rule, ...] = (
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


_TLD = (
    "com|org|net|info|gov|edu|co|io|tv|uk|fm|blog|me|app|dev|au|ca|de|fr|nz|ie|eu|us|ai|gg|xyz|"
    "store|online|review|film|games|news|show|podcast"
)
_LABEL = r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
_HOST = rf"{_LABEL}(?:\.{_LABEL}){{0,4}}"
_PATH = rf"(?:/[^\s)>\]\"”{HELD}]{{0,500}})?"
_SPELLED = {
    "tv": "TV",
    "uk": "UK",
    "io": "I.O",
    "fm": "FM",
    "ai": "A.I",
    "us": "US",
    "eu": "EU",
    "gg": "GG",
    "nz": "NZ",
}
_HUMP = re.compile(
    r"(?<=[a-z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])|(?<=[a-z])(?=[0-9])|(?<=[0-9])(?=[A-Z][a-z]|[a-z]{3})"
)

URL = rf"(?:https?|ftp)://[^\s<>{HELD}]{{1,2000}}|(?<![\w.@-])www\.[^\s<>{HELD}]{{1,2000}}"
EMAIL = rf"(?<![\w.+-])[A-Za-z0-9._+-]{{1,64}}@{_LABEL}(?:\.{_LABEL}){{1,4}}(?![\w@])"
DOMAIN = rf"(?<![\w.@/-]){_HOST}\.(?:{_TLD})(?![\w@-])(?!\.\w){_PATH}"
ADDRESS = re.compile(f"{URL}|{EMAIL}|{DOMAIN}")
"""Anything that is an address on the net: the lexicon leaves the inside of one alone."""

_TAIL = re.compile(r"[.,;:!?)\]'’\"”*]+$")


def _words(name: str) -> str:
    return _HUMP.sub(" ", name.replace("_", " ")).strip()


def _host(host: str) -> str:
    labels = host.split(".")
    if labels[0].lower() == "www":
        labels = labels[1:]
    spoken = [_words(label.replace("-", " dash ")) for label in labels[:-1]]
    return " dot ".join([*spoken, _SPELLED.get(labels[-1].lower(), labels[-1])])


def _url(match: re.Match[str], reading: Reading) -> str:
    text = match.group(0)
    tail = _TAIL.search(text)
    end = tail.group(0) if tail else ""
    body = text[: len(text) - len(end)].split("://", 1)[-1]
    host = re.split(r"[/?#:]", body, maxsplit=1)[0].rpartition("@")[2]
    spoken = _host(host) if "." in host else _words(host)
    return spoken + end


def _domain(match: re.Match[str], reading: Reading) -> str:
    text = match.group(0)
    host = text.split("/", 1)[0]
    if host.split(".")[-1] != host.split(".")[-1].lower() or _is_sentence_end(host):
        return text
    tail = _TAIL.search(text)
    return _host(host) + (tail.group(0) if tail else "")


def _is_sentence_end(host: str) -> bool:
    """`again.me` is a missing space more often than an address; `.com` never is."""
    return host.count(".") == 1 and host.rpartition(".")[2] in (
        "me",
        "us",
        "show",
        "film",
        "games",
        "news",
        "review",
        "online",
        "store",
        "de",
        "app",
    )


def _email(match: re.Match[str], reading: Reading) -> str:
    user, _, host = match.group(0).partition("@")
    user = (
        user.replace(".", " dot ")
        .replace("_", " underscore ")
        .replace("-", " dash ")
        .replace("+", " plus ")
    )
    return f"{' '.join(user.split())} at {_host(host)}"


def _handle(match: re.Match[str], reading: Reading) -> str:
    return f"at {_words(match.group(1).replace('.', ' dot '))}"


def _file(match: re.Match[str], reading: Reading) -> str:
    ending = match.group(1)
    if not ending:
        return ""
    return f" dot {ending if ending in ENDINGS_SAID else ' '.join(_HUMP.split(ending.upper()))}"


def _path(match: re.Match[str], reading: Reading) -> str:
    home, path = match.groups()
    parts = [".".join(part.upper()) if part == "etc" else part for part in path.split("/")]
    return ("tilde" if home else "") + " slash ".join(parts)


def _shortcode(match: re.Match[str], reading: Reading) -> str:
    name = match.group(1)
    if name == "heart" and before(match).endswith(("I ", "i ")):
        return "love"
    return "" if "_" in name or name in SHORTCODES or name in ("+1", "-1") else match.group(0)


def _hashtag(match: re.Match[str], reading: Reading) -> str:
    return f"hashtag {_words(match.group(1))}"


ADDRESSES: tuple[Rule, ...] = (
    rule("address", URL, _url, needs="./"),
    rule("e-mail", EMAIL, _email, needs="@"),
    rule("domain", DOMAIN, _domain, needs="."),
    rule(
        "handle",
        r"(?<![\w.@])@([A-Za-z0-9_]{1,50}(?:\.[A-Za-z0-9_]{1,50}){0,3})(?![\w@])",
        _handle,
        needs="@",
    ),
    rule(
        "hashtag",
        r"(?<![\w&#/])#([^\W\d_]\w{0,80}|[0-9]{1,6}[A-Za-z]{3}\w{0,80})",
        _hashtag,
        needs="#",
    ),
    rule(
        "path", r"(?<![\w/~])(~(?=/))?((?:/[A-Za-z.][\w.-]{0,60}){2,8})(?![\w/])", _path, needs="/"
    ),
    rule(
        "file",
        rf"(?<=[\w-])\.({'|'.join(FILE_ENDINGS)})(?![\w@])(?!\.\w)|(?<![^\s(])\./(?=\w)",
        _file,
        needs=".",
    ),
    rule("emoji code", r"(?<![\w:]):([a-z0-9_+-]{1,30}):(?![\w:])", _shortcode, needs=":"),
)
