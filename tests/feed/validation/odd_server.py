"""A web server that does what servers do wrong, by the path that is asked for."""

from __future__ import annotations

import contextlib
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

MEDIA = bytes(range(256)) * 1200


@contextlib.contextmanager
def odd_server(feed: bytes = b"") -> Iterator[str]:
    """Serve on a free port; gives the base URL. `/feed.xml` is `feed`, with BASE its address."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Odd)
    server.daemon_threads = True
    base_url = f"http://127.0.0.1:{server.server_port}/"
    server.feed = feed.replace(b"BASE", base_url.encode())  # type: ignore[attr-defined]
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield base_url
    finally:
        server.shutdown()
        thread.join(5)
        server.server_close()


class _Odd(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        name = self.path.strip("/").partition("?")[0]
        getattr(self, "_" + name.split("/")[0].split(".")[0].replace("-", "_"), self._missing)()

    def do_HEAD(self) -> None:
        if self.path.startswith("/no-head"):
            self._send(405)
        else:
            self.do_GET()

    def log_message(self, *args: object) -> None:
        """Say nothing."""

    def _send(self, status: int, body: bytes = b"", **headers: str) -> None:
        self.send_response(status)
        headers.setdefault("Content-Length", str(len(body)))
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        if self.command != "HEAD":
            with contextlib.suppress(OSError):
                self.wfile.write(body)

    def _missing(self) -> None:
        self._send(404)

    def _feed(self) -> None:
        """A plain feed: no validators, no caching, a type that is none of XML."""
        self._send(200, self.server.feed, Content_Type="text/plain")  # type: ignore[attr-defined]

    def _moved(self) -> None:
        self._send(302, Location="/feed.xml")

    def _loop(self) -> None:
        self._send(301, Location="/loop")

    def _away(self) -> None:
        self._send(302, Location="file:///etc/passwd")

    def _nowhere(self) -> None:
        self._send(302, Location="http://[::1")

    def _out(self) -> None:
        self._send(302, Location="http://example.org/feed.xml")

    def _locked(self) -> None:
        self._send(401, WWW_Authenticate="Basic")

    def _no_head(self) -> None:
        self._send(200, MEDIA, Content_Type="audio/mpeg")

    def _no_range(self) -> None:
        self._send(200, MEDIA, Content_Type="audio/mpeg", ETag='"1"')

    def _wrong_range(self) -> None:
        """Answers ranges with the bytes from the beginning, whatever is asked for."""
        wanted = self.headers.get("Range")
        if wanted is None:
            self._send(200, MEDIA, Content_Type="audio/mpeg", ETag='"1"')
            return
        first, last = (int(number) for number in wanted.removeprefix("bytes=").split("-"))
        part = MEDIA[: last - first + 1]
        told = f"bytes {first}-{first + len(part) - 1}/{len(MEDIA)}"
        self._send(206, part, Content_Type="audio/mpeg", ETag='"1"', Content_Range=told)

    def _cut(self) -> None:
        self._send(200, b"half", Content_Length="8")
        self.close_connection = True

    def _drip(self) -> None:
        self._send(200, b"", Content_Length="1000000")
        for _ in range(200):
            with contextlib.suppress(OSError):
                self.wfile.write(b"x")
            time.sleep(0.02)

    def _headers(self) -> None:
        self.wfile.write(b"HTTP/1.0 200 OK\r\nX-Long: ")
        for _ in range(200):
            with contextlib.suppress(OSError):
                self.wfile.write(b"x")
            time.sleep(0.02)

    def _endless(self) -> None:
        self.send_response(200)
        self.end_headers()
        with contextlib.suppress(OSError):
            for _ in range(4000):
                self.wfile.write(b"x" * 65_536)

    def _silent(self) -> None:
        time.sleep(1)
