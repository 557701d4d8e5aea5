"""Addresses, handles and hashtags."""

from __future__ import annotations

import re

from sayso.speech.spoken.rule import HELD, Reading, Rule, rule

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
_HUMP = re.compile(r"(?<=[a-z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])|(?<=[a-z])(?=[0-9])")

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


def _hashtag(match: re.Match[str], reading: Reading) -> str:
    return f"hashtag {_words(match.group(1))}"


RULES: tuple[Rule, ...] = (
    rule("address", URL, _url, needs="./"),
    rule("e-mail", EMAIL, _email, needs="@"),
    rule("domain", DOMAIN, _domain, needs="."),
    rule(
        "handle",
        r"(?<![\w.@])@([A-Za-z0-9_]{1,50}(?:\.[A-Za-z0-9_]{1,50}){0,3})(?![\w@])",
        _handle,
        needs="@",
    ),
    rule("hashtag", r"(?<![\w&#/])#([^\W\d_]\w{0,80})", _hashtag, needs="#"),
)
