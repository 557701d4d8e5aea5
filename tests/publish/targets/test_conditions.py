"""A store that takes no notice of conditions, as some that speak like S3: found out before harm."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from sayso.errors import PublishError
from sayso.publish.targets import Changed, FileForm, open_target

FEED = FileForm("application/rss+xml", immutable=False)


class Heedless(BaseHTTPRequestHandler):
    """PUT and GET of S3 by path, whatever If-Match and If-None-Match say."""

    objects: dict[str, bytes]
    protocol_version = "HTTP/1.1"

    def do_PUT(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.objects[self.path] = body
        self._answer(200, b"", body)

    def do_GET(self) -> None:
        body = self.objects.get(self.path)
        if body is None:
            self._answer(404, b"<Error><Code>NoSuchKey</Code></Error>", b"")
        else:
            self._answer(200, body, body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        pass

    def _answer(self, status: int, body: bytes, named: bytes) -> None:
        self.send_response(status)
        self.send_header("ETag", f'"{hashlib.md5(named).hexdigest()}"')
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


@pytest.fixture
def heedless(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    handler = type("Handler", (Heedless,), {"objects": {}})
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "key")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "secret")
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"s3://bucket/show?endpoint=http://127.0.0.1:{server.server_port}"
        server.shutdown()


def test_it_is_refused(heedless: str, tmp_path: Path) -> None:
    target = open_target(heedless, root=tmp_path)
    with pytest.raises(PublishError, match="no conditional writes") as caught:
        target.replace("feed.xml", b"feed", FEED, expected=None)
    assert "conditions=no" in str(caught.value.hint)
    assert target.read("feed.xml") is None
    target.close()


def test_unless_its_owner_vouches_to_publish_alone(heedless: str, tmp_path: Path) -> None:
    target = open_target(f"{heedless}&conditions=no", root=tmp_path)
    target.replace("feed.xml", b"one", FEED, expected=None)
    found = target.read("feed.xml")
    assert found is not None
    with pytest.raises(Changed):
        target.replace("feed.xml", b"two", FEED, expected=None)
    target.replace("feed.xml", b"two", FEED, expected=found.version)
    found = target.read("feed.xml")
    assert found is not None
    assert found.data == b"two"
    target.close()
