"""Asking a web server, with bounds on everything: time, bytes, redirects, schemes.

For checking what a server hands out, and for verifying what listeners will fetch.
"""

from __future__ import annotations

import contextlib
import functools
import http.client
import socket
import ssl
import threading
import time
import urllib.request
import zlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from email.message import Message
from typing import Any
from urllib.parse import urljoin

from sayso.errors import PublishError
from sayso.net.urls import address_fault, host_of, is_loopback, leads_inside

MOST_BYTES = 64 * 1024 * 1024
"""No less than `feed.rss.document.MAX_BYTES`: a feed that can be written can be fetched too."""
MOST_REDIRECTS = 5  # Apple follows five
TIMEOUT_S = 15.0
"""Of one step: connecting, or waiting for more bytes."""
DEADLINE_S = 60.0
"""Of a whole answer; a server that drips bytes would never time out."""

_REDIRECTS = (301, 302, 303, 307, 308)
_CHUNK = 64 * 1024
_AGENT = "sayso (podcast feed check)"


class Unreachable(PublishError):
    """An address that gives no answer, or leads where it must not."""

    usual_code = "server-unreachable"


@dataclass(frozen=True, slots=True)
class Answer:
    """What a server answered, after redirects."""

    url: str
    """The address that was asked for."""
    final_url: str
    status: int
    headers: Mapping[str, str]
    """By name in lower case; several of one name joined by commas."""
    body: bytes = b""
    """Unpacked where it came as gzip."""
    is_cut: bool = False
    """True where there was more than was read."""
    redirects: tuple[int, ...] = field(default=())
    """The status of each redirect on the way."""

    @property
    def mime(self) -> str:
        """The media type, without parameters, in lower case."""
        return self.headers.get("content-type", "").split(";")[0].strip().lower()

    @property
    def length(self) -> int | None:
        """The Content-Length, where there is a right one."""
        text = self.headers.get("content-length", "")
        return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else None


Fetch = Callable[..., Answer]
"""A function with the signature of `ask`."""


def get(url: str, *, headers: Mapping[str, str] | None = None) -> Answer:
    """GET an address, `MOST_BYTES` of it at most. Raises Unreachable."""
    return ask(url, headers=headers)


def ask(
    url: str,
    *,
    method: str = "GET",
    headers: Mapping[str, str] | None = None,
    most_bytes: int = MOST_BYTES,
    timeout_s: float = TIMEOUT_S,
    deadline_s: float = DEADLINE_S,
) -> Answer:
    """Ask for an address by GET or HEAD, and follow redirects.

    Every step must be https, or http to this machine. The environment's proxies are used, save for
    this machine. Whatever the status is, it is an answer. Raises Unreachable where there is none.
    """
    ends = time.monotonic() + deadline_s
    at = url
    redirects: list[int] = []
    while True:
        _refuse_unsafe(at, url)
        try:
            status, received, body, is_cut = _once(
                at, method, headers or {}, most_bytes, timeout_s, ends
            )
        except (OSError, http.client.HTTPException, ValueError) as error:
            raise Unreachable(
                f"{at} gives no answer: {_why(error)}", hint="see whether the server is up"
            ) from error
        answer_headers = _joined(received)
        target = answer_headers.get("location")
        if status not in _REDIRECTS or target is None:
            if answer_headers.get("content-encoding", "").lower() == "gzip":
                body, is_cut = _unpacked(body, most_bytes, is_cut)
            return Answer(url, at, status, answer_headers, body, is_cut, tuple(redirects))
        redirects.append(status)
        if len(redirects) > MOST_REDIRECTS:
            raise Unreachable(
                f"{url} leads on more than {MOST_REDIRECTS} times",
                hint="give the address where it ends",
            )
        try:
            at = urljoin(at, target)
        except ValueError as error:  # such as http://[
            raise Unreachable(
                f"{url} leads to {target[:200]!r}, which is no address", hint="correct the redirect"
            ) from error


def _refuse_unsafe(at: str, asked: str) -> None:
    fault = address_fault(at)
    if fault is None and (at == asked or not leads_inside(at) or leads_inside(asked)):
        return
    said = fault or "is in a private network"  # a server must not make us knock at our own doors
    if at == asked:
        raise Unreachable(f"the address {said}: {asked[:200]}", hint="give an https:// address")
    raise Unreachable(f"{asked} leads to {at[:200]!r}, which {said}", hint="correct the redirect")


def outside(url: str, fetch: Fetch) -> Fetch:
    """`fetch` for the addresses that a feed at `url` names: a feed that all may read must not make
    us knock at doors of our own network."""
    if leads_inside(url):
        return fetch
    is_refused = functools.cache(lambda host: leads_inside(f"https://{host}"))

    def ask_outside(wanted: str, **how: Any) -> Answer:
        host = host_of(wanted)
        if is_refused(f"[{host}]" if ":" in host else host):
            raise Unreachable(
                f"{wanted[:200]} is in a private network",
                hint="give the address that listeners have",
            )
        return fetch(wanted, **how)

    return ask_outside


def _once(
    url: str,
    method: str,
    headers: Mapping[str, str],
    most_bytes: int,
    timeout_s: float,
    ends: float,
) -> tuple[int, Message, bytes, bool]:
    """One request without redirects: status, headers, body, whether there was more."""
    request = urllib.request.Request(url, method=method, headers={"User-Agent": _AGENT, **headers})
    opener = urllib.request.OpenerDirector()  # with no handler that follows, raises or reads files
    connecting = _Connecting()
    opener.add_handler(connecting)
    if not is_loopback(host_of(url)):
        opener.add_handler(urllib.request.ProxyHandler())
    with connecting.cut_off_at(ends):
        response = opener.open(request, timeout=timeout_s)
    with response:
        chunks, n_bytes = [], 0
        while method != "HEAD" and n_bytes <= most_bytes:
            if time.monotonic() > ends:
                raise TimeoutError("it takes too long")
            chunk = response.read1(min(_CHUNK, most_bytes + 1 - n_bytes))
            if not chunk:
                break
            chunks.append(chunk)
            n_bytes += len(chunk)
        body = b"".join(chunks)
        is_cut = n_bytes > most_bytes
        promised = response.length
        if method != "HEAD" and not is_cut and promised:
            raise http.client.IncompleteRead(body, promised)
        return response.status, response.headers, body[:most_bytes], is_cut


class _Connecting(urllib.request.HTTPSHandler, urllib.request.HTTPHandler):
    """Opens connections, and can end one whose server drips headers: each byte comes in time."""

    def __init__(self) -> None:
        super().__init__(context=_trusted())
        self._opened: list[http.client.HTTPConnection] = []

    def do_open(self, http_class: Any, req: Any, **how: Any) -> Any:
        """As it is inherited, but for keeping the connection."""

        def opened(*args: Any, **given: Any) -> http.client.HTTPConnection:
            self._opened.append(http_class(*args, **given))
            return self._opened[-1]

        return super().do_open(opened, req, **how)

    @contextlib.contextmanager
    def cut_off_at(self, ends: float) -> Iterator[None]:
        """End the connection at a time of `time.monotonic`. Raises TimeoutError then."""
        timer = threading.Timer(max(0.0, ends - time.monotonic()), self._cut_off)
        timer.daemon = True
        timer.start()
        try:
            yield
        except (OSError, http.client.HTTPException) as error:
            if time.monotonic() >= ends:
                raise TimeoutError("it takes too long") from error
            raise
        finally:
            timer.cancel()

    def _cut_off(self) -> None:
        for connection in self._opened:
            with contextlib.suppress(OSError, AttributeError):  # there is none yet, or no more
                connection.sock.shutdown(socket.SHUT_RDWR)


@functools.cache
def _trusted() -> ssl.SSLContext:
    """The system's authorities; read once, as that takes 20 ms."""
    return ssl.create_default_context()


def _joined(received: Message) -> dict[str, str]:
    found: dict[str, str] = {}
    for name, value in received.items():
        name = name.lower()
        found[name] = f"{found[name]}, {value}" if name in found else str(value)
    return found


def _unpacked(body: bytes, most_bytes: int, is_cut: bool) -> tuple[bytes, bool]:
    unpacker = zlib.decompressobj(wbits=31)
    try:
        data = unpacker.decompress(body, most_bytes)
    except zlib.error:
        return body, is_cut
    return data, is_cut or bool(unpacker.unconsumed_tail)


def _why(error: Exception) -> str:
    cause = getattr(error, "reason", error)
    if isinstance(cause, TimeoutError):
        return "it takes too long"
    if isinstance(cause, socket.gaierror):
        return "no such host"
    if isinstance(cause, ConnectionRefusedError):
        return "nothing listens there"
    if isinstance(cause, ssl.SSLCertVerificationError):
        return f"its certificate is not trusted: {cause.verify_message}"
    if isinstance(cause, http.client.IncompleteRead):
        return f"it breaks off {cause.expected} bytes before its end"
    return str(cause) or type(cause).__name__
