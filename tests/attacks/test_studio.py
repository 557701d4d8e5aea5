"""What a page from elsewhere, or a program that may not, tries with the studio."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from tools import need_package

from sayso.build.options import Options
from sayso.show.finding import find_show
from sayso.studio.listing import reviews_of

app = need_package("sayso.studio.app")
guard = need_package("sayso.studio.guard")

TOKEN = "the-token-of-the-page"
OURS = {"host": "127.0.0.1:8420", "origin": "http://127.0.0.1:8420", "x-sayso-token": TOKEN}


def ask(
    root: Path, method: str, path: str, headers: Mapping[str, str], body: bytes = b""
) -> tuple[int, bytes]:
    """Status and body of what the guarded application answers, without a network."""
    show = find_show(root)
    studio = app.Studio(show, reviews_of(show, None), Options(engine="tone"), None)
    guarded = guard.Guard(app.application(studio, TOKEN), ("127.0.0.1", "localhost", "::1"), TOKEN)
    read: list[bool] = []
    said: list[dict[str, object]] = []

    async def receive() -> dict[str, object]:
        read.append(True)
        return {"type": "http.request", "body": body, "more_body": False}

    async def send(message: dict[str, object]) -> None:
        said.append(message)

    raw_path = path.encode("latin-1", "replace")
    scope = {
        "type": "http", "method": method, "path": path, "raw_path": raw_path, "query_string": b"",
        "headers": [(k.lower().encode(), v.encode("latin-1")) for k, v in headers.items()],
        "server": ("127.0.0.1", 8420), "client": ("127.0.0.1", 1), "scheme": "http",
        "root_path": "", "http_version": "1.1",
    }  # fmt: skip
    # In a thread of its own: where a browser was driven before, this one has a loop already.
    with ThreadPoolExecutor(1) as thread:
        thread.submit(asyncio.run, guarded(scope, receive, send)).result()  # type: ignore[arg-type]
    studio.close()
    (status,) = [m["status"] for m in said if m["type"] == "http.response.start"]
    if status in (403, 411, 413):
        assert not read, "the body of a stranger was read"
    assert isinstance(status, int)
    return status, b"".join(m.get("body", b"") for m in said)  # type: ignore[misc]


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / "reviews").mkdir()
    (tmp_path / "reviews/the-pier.md").write_text("The pier is long. I like it.\n")
    (tmp_path / "show.toml").write_text('title = "Dead Air"\n')
    return tmp_path


READING = {
    "rebound name": {"host": "evil.example:8420"},
    "rebound name that begins like ours": {"host": "127.0.0.1.evil.example"},
    "host that is no host": {"host": "[::1"},
    "host with a user": {"host": "127.0.0.1@evil.example"},
    "host of all addresses": {"host": "0.0.0.0:8420"},
    "no host": {},
    "script of another site": {**OURS, "sec-fetch-site": "cross-site", "sec-fetch-mode": "no-cors"},
    "fetch of another site": {**OURS, "sec-fetch-site": "cross-site", "sec-fetch-mode": "cors"},
    "another port of this machine": {**OURS, "sec-fetch-site": "same-site", "sec-fetch-mode": "no-cors"},
}  # fmt: skip


@pytest.mark.parametrize("name", READING)
def test_strangers_read_nothing(name: str, root: Path) -> None:
    status, body = ask(root, "GET", "/the-pier/", READING[name])
    assert status == 403
    assert b"Dead Air" not in body


WRITING = {
    "no token": ({**OURS, "x-sayso-token": ""}, 403),
    "part of the token": ({**OURS, "x-sayso-token": TOKEN[:-1]}, 403),
    "a token beyond ASCII": ({**OURS, "x-sayso-token": "\xff" * 20}, 403),
    "another origin": ({**OURS, "origin": "https://evil.example"}, 403),
    "an origin that begins like ours": ({**OURS, "origin": "http://127.0.0.1:8420.evil.example"}, 403),
    "an origin that is no address": ({**OURS, "origin": "http://[::1"}, 403),
    "a frame without an origin": ({**OURS, "origin": "null"}, 403),
    "a body without a length": (OURS, 411),
    "a length that is no number": ({**OURS, "content-length": "1e3"}, 411),
    "a negative length": ({**OURS, "content-length": "-1"}, 411),
    "a length of other digits": ({**OURS, "content-length": "\xb2"}, 411),
    "a huge body": ({**OURS, "content-length": str(guard.MOST_BYTES + 1)}, 413),
    "a length of 5,000 digits": ({**OURS, "content-length": "9" * 5000}, 413),
}  # fmt: skip


@pytest.mark.parametrize("name", WRITING)
def test_strangers_change_nothing(name: str, root: Path) -> None:
    headers, wanted = WRITING[name]
    before = {path: path.read_bytes() for path in root.rglob("*") if path.is_file()}
    for path in ("/the-pier/words", "/the-pier/publish", "/the-pier/build"):
        status, _ = ask(root, "POST", path, headers, b"item=1&words=PWN&dry_run=0")
        assert status == wanted
    assert {path: path.read_bytes() for path in root.rglob("*") if path.is_file()} == before


PATHS = (
    "/static/../view.py", "/static/%2e%2e/view.py", "/static//etc/passwd", "/static/..\\view.py",
    "/the-pier/takes/../../../show.toml.wav", "/the-pier/sound/../../show.toml.mp3",
    "/../show.toml", "/..%2fshow.toml/", "/the-pier%00/", "/the-pier/takes/%00.wav", "/con/",
    "/" + "a" * 5000 + "/", "/the-pier/takes/" + "f" * 300 + ".wav", "/the-pier/takes/\0.wav", "/the-pier/sound/\0.mp3",
    "/the-pier/takes/" + "f" * 64 + ".wav", "/\0/", "/static/\0", "/static/" + "a" * 5000,
)  # fmt: skip


@pytest.mark.parametrize("path", PATHS)
def test_no_path_leads_out(path: str, root: Path) -> None:
    status, body = ask(root, "GET", path, OURS)
    assert status in (404, 405)
    assert b"Dead Air" not in body
    assert b"import" not in body


def test_a_link_from_elsewhere_opens_the_page(root: Path) -> None:
    headers = {**OURS, "sec-fetch-site": "cross-site", "sec-fetch-mode": "navigate"}
    status, _ = ask(root, "GET", "/", headers)
    assert status == 302
