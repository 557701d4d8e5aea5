"""What is published, as a listener's player fetches it over HTTP."""

from __future__ import annotations

import urllib.request
from collections.abc import Mapping
from pathlib import Path

import pytest
from servers.servers import S3Server, nginx

from sayso.publish.targets import FileForm, open_target

FILES = {
    "feed.xml": FileForm("application/rss+xml", immutable=False),
    "index.html": FileForm("text/html", immutable=False),
    "media/tide-0a1b2c3d4e5f.mp3": FileForm("audio/mpeg", immutable=True),
    "media/tide-0a1b2c3d4e5f.vtt": FileForm("text/vtt", immutable=True),
    "media/tide-0a1b2c3d4e5f.srt": FileForm("application/x-subrip", immutable=True),
    "media/tide-0a1b2c3d4e5f.chapters.json": FileForm("application/json+chapters", immutable=True),
    "media/tide-0a1b2c3d4e5f.transcript.json": FileForm("application/json", immutable=True),
    "media/cover-0a1b2c3d4e5f.jpg": FileForm("image/jpeg", immutable=True),
    "assets/player-0a1b2c3d4e5f.js": FileForm("text/javascript", immutable=True),
}


def fetch(url: str, method: str = "GET", **headers: str) -> tuple[int, Mapping[str, str], bytes]:
    request = urllib.request.Request(url, method=method, headers=headers)
    with urllib.request.urlopen(request, timeout=10) as answer:
        return answer.status, answer.headers, answer.read()


def check_reading(base: str, *, caching: bool) -> None:
    for name, form in FILES.items():
        status, headers, body = fetch(base + name, "HEAD")
        assert (status, body) == (200, b"")
        assert headers["Content-Length"] == str(len(name) * 100)
        assert headers["Content-Type"].partition(";")[0] == form.mime
        assert headers["ETag"]
        if caching:
            assert headers["Cache-Control"] == form.cache_control
        status, headers, body = fetch(base + name, Range="bytes=100-299")
        assert (status, body) == (206, (name.encode() * 100)[100:300])
        assert headers["Content-Range"] == f"bytes 100-299/{len(name) * 100}"


def test_a_folder_behind_nginx(tmp_path: Path) -> None:
    target = open_target("public", root=tmp_path)
    for name, form in FILES.items():
        target.put(name, name.encode() * 100, form)
    with nginx(tmp_path / "public", tmp_path / "nginx") as base:
        check_reading(base, caching=False)


@pytest.mark.xdist_group("s3")
def test_a_bucket_that_anybody_may_read(
    s3_server: S3Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in s3_server.env.items():
        monkeypatch.setenv(name, value)
    target = open_target(s3_server.address("read-back"), root=tmp_path)
    for name, form in FILES.items():
        if name == "feed.xml":
            target.replace(name, name.encode() * 100, form, expected=None)
        else:
            target.put(name, name.encode() * 100, form)
    target.close()
    check_reading(s3_server.public_url + "read-back/", caching=True)
