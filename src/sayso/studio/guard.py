"""Who may talk to the studio: this machine's browser, on the studio's own page.

A server on loopback can be reached by every page in every browser of the machine, by name tricks
too (DNS rebinding). So the host must be a loopback name, a write must come from our own page and
bring the page's token, and no other page may read, frame or script what is served.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from urllib.parse import SplitResult, urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "media-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'"
)
TOKEN_HEADER = "x-sayso-token"
MOST_BYTES = 1_000_000  # of a request: a paragraph is a few thousand
_SAFE = ("GET", "HEAD")
_HEADERS = {
    "content-security-policy": POLICY,
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "cross-origin-resource-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
}


class Guard:
    """Wraps an application: refuses strangers, and tells browsers to do the same."""

    def __init__(self, app: ASGIApp, hosts: Iterable[str], token: str) -> None:
        self._app = app
        self._hosts = frozenset(hosts)
        self._token = token

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer, or refuse with 403, 411 or 413."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        refused = self._refuse(scope["method"], Headers(scope=scope))
        if refused is not None:
            status, problem = refused
            await JSONResponse({"problem": problem}, status)(scope, receive, send)
            return

        async def send_guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in _HEADERS.items():
                    headers.setdefault(name, value)
                headers.setdefault("cache-control", "no-store")
            await send(message)

        await self._app(scope, receive, send_guarded)

    def _refuse(self, method: str, headers: Headers) -> tuple[int, str] | None:
        """Status and reason, or None where there is none."""
        if _host(f"//{headers.get('host', '')}").hostname not in self._hosts:
            return 403, "the studio answers to this machine alone"
        if method in _SAFE:
            return _refuse_embedding(headers)
        origin = headers.get("origin")
        if origin is not None and _host(origin).netloc != headers.get("host"):
            return 403, "a page from elsewhere may not change anything"
        if not secrets.compare_digest(headers.get(TOKEN_HEADER, "").encode(), self._token.encode()):
            return 403, "the studio was started anew since this page was loaded; load it again"
        length = headers.get("content-length")
        if length is None or not length.isascii() or not length.isdigit():
            return 411, "a request tells how long it is"
        if len(length) > 9 or int(length) > MOST_BYTES:
            return 413, "that is more than a paragraph"
        return None


def _refuse_embedding(headers: Headers) -> tuple[int, str] | None:
    """Another site may lead here by a link; to have its page ask would make us work for it."""
    foreign = headers.get("sec-fetch-site") in ("cross-site", "same-site")
    if foreign and headers.get("sec-fetch-mode") != "navigate":
        return 403, "a page from elsewhere may not ask for anything"
    return None


def _host(address: str) -> SplitResult:
    """The parts of an address; those of none where it is none."""
    try:
        return urlsplit(address)
    except ValueError:
        return urlsplit("")
