"""Addresses that lead where they must not: to files, to this machine, into a private network."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from email.message import Message
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from feed.rss.shows import SHOW, episode

from sayso.errors import SaysoError
from sayso.feed.rss import update_feed
from sayso.feed.validation import check_served
from sayso.net import http
from sayso.net.http import Answer, Unreachable, ask, outside
from sayso.net.urls import leads_inside
from sayso.publish.targets.urls import open_target
from sayso.show.show_file import parse_show

INSIDE = (
    "https://127.0.0.1/", "https://127.1/", "https://2130706433/", "https://0x7f000001/", "https://0177.0.0.1/",
    "https://localhost/", "https://localhost./", "https://a.localhost/", "https://0.0.0.0/", "https://0/",
    "https://10.0.0.1/", "https://172.16.3.4/", "https://192.168.1.1/admin", "https://169.254.169.254/latest/meta-data/",
    "https://100.64.0.1/", "https://[::1]/", "https://[::]/", "https://[::ffff:127.0.0.1]/", "https://[fe80::1]/",
    "https://[fd00::1]/", "https://[::ffff:169.254.169.254]/",
)  # fmt: skip
OUTSIDE = (
    "https://example.org/",
    "https://93.184.216.34/",
    "https://[2606:2800:220:1::1]/",
    "https://1.example/",
)


@pytest.fixture
def names(monkeypatch: pytest.MonkeyPatch) -> None:
    """A name server: the world's is not there in a test."""
    at_home = {"trap.example": "10.0.0.1", "home.example": "192.168.1.7"}
    really = socket.getaddrinfo

    def look_up(host: str, *how: Any) -> Any:
        if not host.islower():
            return really(host, *how)  # a number
        return [(0, 0, 0, "", (at_home.get(host, "93.184.216.34"), 0))]

    monkeypatch.setattr(socket, "getaddrinfo", look_up)


@pytest.mark.usefixtures("names")
@pytest.mark.parametrize("url", INSIDE)
def test_a_feed_of_the_world_does_not_lead_into_a_private_network(url: str) -> None:
    asked: list[str] = []

    def fetch(wanted: str, **_: object) -> Answer:
        asked.append(wanted)
        return Answer(wanted, wanted, 200, {})

    with pytest.raises(Unreachable, match="private network"):
        outside("https://example.org/feed.xml", fetch)(url, method="HEAD")
    assert not asked
    outside("https://192.168.1.7/feed.xml", fetch)(url)  # one's own feed at home
    assert asked == [url]


@pytest.mark.usefixtures("names")
def test_a_name_counts_as_what_it_stands_for() -> None:
    def fetch(wanted: str, **_: object) -> Answer:
        return Answer(wanted, wanted, 200, {})

    of_the_world = outside("https://example.org/feed.xml", fetch)
    with pytest.raises(Unreachable, match="private network"):
        of_the_world("https://trap.example/a.mp3", method="HEAD")
    assert of_the_world("https://example.org/a.mp3").status == 200
    assert outside("https://home.example/feed.xml", fetch)("https://home.example/a.mp3")


@pytest.mark.usefixtures("names")
def test_a_server_at_home_may_lead_on_at_home(monkeypatch: pytest.MonkeyPatch) -> None:
    def once(url: str, *_: object) -> tuple[int, Message, bytes, bool]:
        headers = Message()
        headers["location"] = "https://home.example/b"
        return 200 if url.endswith("/b") else 302, headers, b"", False

    monkeypatch.setattr(http, "_once", once)
    assert ask("https://home.example/a").final_url == "https://home.example/b"
    with pytest.raises(Unreachable, match="private network"):
        ask("https://example.org/a")


@pytest.mark.usefixtures("names")
def test_so_many_redirects_are_followed_and_no_more(monkeypatch: pytest.MonkeyPatch) -> None:
    """Apple follows five."""

    def once(url: str, *_: object) -> tuple[int, Message, bytes, bool]:
        left = int(url.rpartition("/")[2])
        headers = Message()
        headers["location"] = f"https://example.org/{left - 1}"
        return 200 if left == 0 else 301, headers, b"", False

    monkeypatch.setattr(http, "_once", once)
    answer = ask("https://example.org/5")
    assert (answer.final_url, answer.redirects) == ("https://example.org/0", (301,) * 5)
    with pytest.raises(Unreachable, match="more than 5 times"):
        ask("https://example.org/6")


@pytest.mark.usefixtures("names")
@pytest.mark.parametrize("url", OUTSIDE)
def test_what_all_may_see_is_asked(url: str) -> None:
    assert not leads_inside(url)


@pytest.mark.usefixtures("names")
@pytest.mark.parametrize("url", INSIDE[:3] + INSIDE[10:16])
def test_media_of_a_feed_of_the_world_in_a_private_network_are_not_asked_for(url: str) -> None:
    asked: list[str] = []
    item = episode(1, image_url=f"{url}a.jpg")
    raw = update_feed(None, SHOW, [item], built=item.date)
    raw = raw.replace(item.enclosure.url.encode(), f"{url}a.mp3".encode())

    def fetch(wanted: str, **_: object) -> Answer:
        asked.append(wanted)
        body = raw if wanted == SHOW.feed_url else b""
        return Answer(wanted, wanted, 200, {"content-type": "application/rss+xml"}, body)

    findings = check_served(SHOW.feed_url, fetch=fetch, now=item.date)
    assert any("private network" in finding.problem for finding in findings)
    assert all(not leads_inside(wanted) for wanted in asked)


class _Redirecting(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_response(302)
        self.send_header("location", self.path[1:])
        self.send_header("content-length", "0")
        self.end_headers()

    def log_message(self, *args: object) -> None:
        pass


@pytest.fixture(scope="module")
def redirecting() -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), _Redirecting) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()


LED = ("file:///etc/passwd", "ftp://example.org/", "gopher://127.0.0.1:11211/_x", "data:text/plain,x", "http://example.org/",
       "https://a:b@example.org/", "https://exa mple.org/", "//example.org:x/", "javascript:x")  # fmt: skip


@pytest.mark.parametrize("to", LED)
def test_a_redirect_leads_to_the_web_alone(to: str, redirecting: str) -> None:
    with pytest.raises(Unreachable):
        ask(redirecting + to, timeout_s=2)


@pytest.mark.usefixtures("names")
@pytest.mark.parametrize("to", INSIDE)
def test_a_redirect_from_the_world_does_not_lead_inside(
    to: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []

    def once(url: str, *_: object) -> tuple[int, Message, bytes, bool]:
        asked.append(url)
        headers = Message()
        headers["location"] = to
        return 302, headers, b"", False

    monkeypatch.setattr(http, "_once", once)  # the world is not there in a test
    with pytest.raises(Unreachable, match=r"private network|not https"):
        ask("https://example.org/feed.xml")
    assert asked == ["https://example.org/feed.xml"]


TARGETS = ("http://169.254.169.254/", "https://example.org/", "file://host/etc", "ftp://a/b", "ssh://a/b", "s3://", "sftp://",
           "s3://bucket/x?endpoint=file:///etc", "s3://bucket/x?endpoint=gopher://a", "dav://intranet/", "../out", "sftp://a\0b/",
           "s3://key:qqSECRETqq@bucket/x", "sftp://me:qqSECRETqq@host/x", "webdav+https://me:qqSECRETqq@host/x",
           "s3://b/x?endpoint=https://me:qqSECRETqq@host", "sftp://me:qqSECRETqq@host:99999/x", "https://me:qqSECRETqq@[host/x",
           "s3://b/x?secret=qqSECRETqq")  # fmt: skip


@pytest.mark.parametrize("address", TARGETS)
def test_a_target_is_a_place_to_publish_and_its_error_tells_no_secret(
    address: str, tmp_path: Path
) -> None:
    with pytest.raises(SaysoError) as error:
        open_target(address, root=tmp_path)
    assert "qqSECRETqq" not in str(error.value)


ADDRESSES = ("javascript:alert(1)", "JaVaScRiPt:x", "data:text/html,<script>", "file:///etc/passwd", "http://example.org/",
             "https://me:qqSECRETqq@example.org/", "https://", "https://[::1", "https://a:99999/", "//example.org/", "https://a b/",
             "https://\\u202eexample.org/")  # fmt: skip
FIELDS = ("url", "license_url", "hub", "new_url")


@pytest.mark.parametrize("address", ADDRESSES)
def test_an_address_in_the_settings_is_one_of_the_web(address: str) -> None:
    for field in FIELDS:
        with pytest.raises(SaysoError) as error:
            parse_show(f'title = "x"\n[feed]\n{field} = "{address}"', Path("show.toml"))
        assert "qqSECRETqq" not in str(error.value)
