"""What is fetched from the web before and after the feed is written, and who is told."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs

import pytest
from publish.show_folder import NOW, ShowFolder
from servers.servers import nginx

from sayso.errors import ErrorGroup, PublishError
from sayso.feed.validation import check_served
from sayso.publish.api import publish
from sayso.show.finding import find_show


class Notes:
    """A reporter that keeps what it is told."""

    def __init__(self) -> None:
        self.notes: list[str] = []

    def stage(self, name: str, what: str) -> None:
        pass

    def progress(self, done: int, total: int) -> None:
        pass

    def note(self, text: str) -> None:
        self.notes.append(text)


@pytest.fixture
def url(show: ShowFolder, tmp_path: Path) -> Iterator[str]:
    """Where the show's public folder is served."""
    show.public.mkdir()
    with nginx(show.public, tmp_path / "nginx") as address:
        yield address


def test_what_a_server_hands_out_is_right_to_the_last_rule(show: ShowFolder, url: str) -> None:
    show.settings(url=url, publish='check = "web"', feed='email = "ada@late-seats.example"')
    done = show.publish()
    assert done.check == "web"
    found = check_served(f"{url}feed.xml", now=NOW)
    assert [str(one) for one in found if one.severity == "error"] == []


def test_media_that_nobody_can_fetch_is_not_announced(show: ShowFolder, url: str) -> None:
    """The address leads to another folder of the server."""
    show.settings(url=f"{url}elsewhere", publish='check = "web"')
    with pytest.raises((PublishError, ErrorGroup), match="404"):
        show.publish()
    assert not (show.public / "feed.xml").exists()
    assert {entry.state for entry in show.ledger.entries} == {"pending"}
    guids = {entry.slug: entry.guid for entry in show.ledger.entries}

    show.settings(url=url, publish='check = "web"')  # mended
    show.publish(now=NOW + timedelta(hours=1))
    assert show.guids() == guids


def test_a_page_in_the_place_of_the_feed_is_told_with_its_address(
    show: ShowFolder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Some hosts answer everything that they do not have with a page, and with 200."""
    monkeypatch.setattr("sayso.publish.upload._READ_BACK_WAITS_S", (0.0, 0.1))
    www = tmp_path / "www"
    www.mkdir()
    for name in ("media", "assets"):
        (www / name).symlink_to(show.public / name)
    (www / "feed.xml").write_text("<!doctype html><html><title>Welcome</title></html>")
    with nginx(www, tmp_path / "nginx") as url:
        show.settings(url=url, publish='check = "web"')
        with pytest.raises(PublishError, match="a web page, not a feed") as caught:
            show.publish("the-pier")
    assert caught.value.file == f"{url}feed.xml"
    assert "nobody can read it" in caught.value.problem


def test_a_file_that_is_served_cut_short_is_found(show: ShowFolder, url: str) -> None:
    show.settings(url=url, publish='check = "web"')
    show.publish()
    media = show.public / str(show.items["the-pier"].enclosure_url).removeprefix(url)
    media.write_bytes(media.read_bytes()[:-1])
    rules = {one.rule for one in check_served(f"{url}feed.xml", now=NOW)}
    assert "http-length" in rules


class Hub(BaseHTTPRequestHandler):
    told: list[dict[str, list[str]]]
    status = 204

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"])).decode("ascii")
        self.told.append(parse_qs(body))
        self.send_response(self.status)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        pass


@pytest.fixture
def hub() -> Iterator[tuple[str, type[Hub]]]:
    handler = type("Handler", (Hub,), {"told": []})
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/hub", handler
        server.shutdown()


def test_the_hub_is_told_once(show: ShowFolder, hub: tuple[str, type[Hub]]) -> None:
    address, handler = hub
    show.settings(feed=f'hub = "{address}"')
    show.publish("the-pier")
    show.publish("the-pier")
    feed_url = "https://late-seats.example/show/feed.xml"
    assert handler.told == [{"hub.mode": ["publish"], "hub.url": [feed_url]}]
    assert f'href="{address}" rel="hub"' in (show.public / "feed.xml").read_text("utf-8")


def test_a_hub_that_fails_stops_nothing(show: ShowFolder, hub: tuple[str, type[Hub]]) -> None:
    address, handler = hub
    handler.status = 500
    show.settings(feed=f'hub = "{address}"')
    notes = Notes()
    publish(find_show(show.root), reporter=notes, now=NOW)
    assert len(show.items) == 3
    assert [note for note in notes.notes if address in note]
