"""Lines that break, servers that refuse, disks that are full: one clear error, nothing lost."""

from __future__ import annotations

import logging
import os
import traceback
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from publish.targets.broken_line import BrokenLine
from publish.targets.places import FEED, KINDS, MEDIA, SERVED, Place
from servers.starting import free_port
from tools import small_disk

from sayso.errors import EnvironmentProblem, PublishError, SaysoError
from sayso.publish.targets import Changed, Target, retry
from sayso.publish.targets.folder import FolderTarget

each_server = pytest.mark.parametrize("place", SERVED, indirect=True)


def at_port(place: Place, port: int) -> Place:
    """The same place, reached by another port, whose host key is known too."""
    if place.home is not None:
        known = place.home / ".ssh" / "known_hosts"
        host_key = known.read_text().splitlines()[0].split(" ", 1)[1]
        with known.open("a") as stream:
            stream.write(f"[127.0.0.1]:{port} {host_key}\n")
    return replace(place, address=place.address.replace(f":{place.port}", f":{port}"), port=port)


@pytest.fixture
def line(place: Place) -> Iterator[BrokenLine]:
    assert place.port is not None
    with BrokenLine(place.port).forwarding() as found:
        yield found


# ------------------------------------------------------------------------------------ broken lines


@each_server
def test_a_broken_upload_is_sent_again(
    place: Place, line: BrokenLine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(retry, "WAITS_S", (0.05,) * 4)
    target = at_port(place, line.port).open()
    source = tmp_path / "sound.mp3"
    source.write_bytes(os.urandom(3 << 20))
    target.put("media/a.mp3", b"old", MEDIA)
    line.cuts, line.after_sent = 2, 1 << 20
    target.put("media/a.mp3", source, MEDIA)
    assert line.cuts == 0
    found = target.read("media/a.mp3")
    assert found is not None
    assert found.data == source.read_bytes()
    target.close()


@each_server
def test_an_answer_that_is_lost_is_no_conflict(
    place: Place, line: BrokenLine, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The server has replaced the feed; asked again, it says that the feed has changed."""
    monkeypatch.setattr(retry, "WAITS_S", (0.05,) * 4)
    target = at_port(place, line.port).open()
    target.replace("feed.xml", b"one", FEED, expected=None)
    for n in range(3):
        found = target.read("feed.xml")
        assert found is not None
        # Sent in one block, so that whatever answer is due next is the one that is lost.
        line.cuts, line.after_sent, line.at_answer = 1, n * 9_000, True
        data = b"%d " % n * 20_000
        target.replace("feed.xml", data, FEED, expected=found.version)
        line.cuts = 0
        found = target.read("feed.xml")
        assert found is not None
        assert found.data == data
    with pytest.raises(Changed):
        target.replace("feed.xml", b"two", FEED, expected=None)
    target.close()


# --------------------------------------------------------------------------------- servers refusing


def spoilt(place: Place, how: str, monkeypatch: pytest.MonkeyPatch) -> Place:
    """The place with something wrong about it."""
    if how == "down":
        return at_port(place, free_port())
    if place.kind == "sftp":
        assert place.home is not None
        home = place.root / "other-home"
        (home / ".ssh").mkdir(parents=True)
        known = (place.home / ".ssh" / "known_hosts").read_text()
        if how == "unknown host":
            known = known.replace(f":{place.port} ", ":1 ")
        (home / ".ssh" / "known_hosts").write_text(known)
        monkeypatch.setenv("HOME", str(home))
    elif how == "no key":
        for name in (*place.env, "SAYSO_WEBDAV_USER"):
            monkeypatch.delenv(name, raising=False)
        monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
        monkeypatch.setenv("HOME", str(place.root))
    else:
        for name in ("AWS_SECRET_ACCESS_KEY", "SAYSO_WEBDAV_PASSWORD"):
            monkeypatch.setenv(name, SECRET)
    return place


SECRET = "s3cr3t-Wr0ng-and-l0ng"
REFUSALS = [
    pytest.param(
        *(kind, how, problem, hint),
        id=f"{kind}-{how}",
        marks=pytest.mark.xdist_group(kind),
    )
    for kind, how, problem, hint in (
        ("s3", "wrong key", "does not accept the secret key", "AWS_SECRET_ACCESS_KEY"),
        ("s3", "no key", "no key for", "AWS_PROFILE"),
        ("s3", "down", "cannot be reached", "nothing is lost"),
        ("sftp", "wrong key", "accepts none of the SSH keys", "ssh-copy-id"),
        ("sftp", "unknown host", "not the one in ~/.ssh/known_hosts", "ssh-keyscan -p"),
        ("sftp", "down", "cannot be reached", "nothing is lost"),
        ("dav", "wrong key", "does not accept the user and password", "SAYSO_WEBDAV_PASSWORD"),
        ("dav", "no key", "no password for", "keyring set sayso tester@127.0.0.1"),
        ("dav", "down", "cannot be reached", "nothing is lost"),
    )
]


@pytest.mark.parametrize(("place", "how", "problem", "hint"), REFUSALS, indirect=["place"])
@pytest.mark.usefixtures("impatient")
def test_a_refusal_is_one_clear_error_without_secrets(
    place: Place,
    how: str,
    problem: str,
    hint: str,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    bad = spoilt(place, how, monkeypatch)
    caplog.set_level(logging.DEBUG)
    secrets = {SECRET, *(v for k, v in place.env.items() if "SECRET" in k or "PASSWORD" in k)}
    opened: list[Target] = []

    def call(what: str) -> None:
        opened.append(bad.open())
        if what == "read":
            opened[-1].read("feed.xml")
        elif what == "put":
            opened[-1].put("media/a.mp3", b"sound", MEDIA)
        else:
            opened[-1].replace("feed.xml", b"feed", FEED, expected=None)

    for what in ("read", "put", "replace"):
        with pytest.raises((PublishError, EnvironmentProblem)) as caught:
            call(what)
        assert problem in caught.value.problem
        assert hint in (caught.value.hint or "")
        chain = list(retry.causes(caught.value))
        assert all(isinstance(error, SaysoError) for error in chain)
        told = "".join(traceback.format_exception(caught.value)) + repr(caught.value)
        assert not any(secret in told + caplog.text for secret in secrets)
    for target in opened:
        assert not any(secret in repr(target) + target.address for secret in secrets)
        target.close()


@each_server
@pytest.mark.usefixtures("impatient")
def test_a_server_that_comes_back_is_used_again(place: Place, line: BrokenLine) -> None:
    target = at_port(place, line.port).open()
    target.put("media/a.mp3", b"sound", MEDIA)
    line.cuts, line.after_sent = 1_000, 0
    with pytest.raises(EnvironmentProblem, match="cannot be reached"):
        target.read("media/a.mp3")
    line.cuts = 0
    assert target.size("media/a.mp3") == 5
    target.close()


@pytest.mark.xdist_group("s3")
@pytest.mark.parametrize("place", ["s3"], indirect=True)
def test_a_bucket_that_is_not_there(place: Place) -> None:
    target = replace(place, address=place.address.replace("podcast", "no-such-bucket")).open()
    with pytest.raises(PublishError, match="no such bucket"):
        target.read("feed.xml")
    with pytest.raises(PublishError, match="no such bucket"):
        target.put("media/a.mp3", b"sound", MEDIA)


# ---------------------------------------------------------------------------- disks and permissions


@pytest.mark.parametrize("place", [k for k in KINDS if k.values[0] != "s3"], indirect=True)
@pytest.mark.usefixtures("impatient")
def test_a_full_disk_leaves_what_is_there(place: Place, target: Target) -> None:
    assert place.files is not None
    with small_disk(place.files, "1m"):
        target.put("media/a.mp3", b"old", MEDIA)
        with pytest.raises((PublishError, EnvironmentProblem)) as caught:
            target.put("media/a.mp3", bytes(3 << 20), MEDIA)
        assert "full" in str(caught.value) or "space" in str(caught.value)
        found = target.read("media/a.mp3")
        assert found is not None
        assert found.data == b"old"
        if place.kind != "dav":  # wsgidav keeps what it failed to write open, and so its space
            target.put("media/b.mp3", b"small", MEDIA)


def test_a_folder_that_may_not_be_written(tmp_path: Path) -> None:
    """As nobody, where the tests run as root, who may do anything."""
    target = FolderTarget(tmp_path, bounds=None, address=str(tmp_path))
    tmp_path.chmod(0o555)
    told, tell = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            if os.geteuid() == 0:
                os.chdir("/")
                os.setuid(65_534)
            for write in (
                lambda: target.put("feed.xml", b"", FEED),
                lambda: target.replace("feed.xml", b"", FEED, expected=None),
            ):
                try:
                    write()
                except EnvironmentProblem as error:
                    os.write(tell, f"{error}\n".encode())
        finally:
            os._exit(0)
    os.waitpid(child, 0)
    os.close(tell)
    with os.fdopen(told) as stream:
        assert stream.read().count("no permission for this file or folder (check who owns") == 2
    tmp_path.chmod(0o755)


def test_a_folder_target_stays_within_its_bounds(tmp_path: Path) -> None:
    show, outside = tmp_path / "show", tmp_path / "outside"
    (show / "public").mkdir(parents=True)
    outside.mkdir()
    (outside / "feed.xml").write_text("not ours")
    target = FolderTarget(show / "public", bounds=show, address="public")
    (show / "public" / "media").symlink_to(outside)
    (show / "public" / "feed.xml").symlink_to(outside / "feed.xml")
    for call in (
        lambda: target.put("media/a.mp3", b"", MEDIA),
        lambda: target.size("media/feed.xml"),
        lambda: target.read("feed.xml"),
        lambda: target.replace("feed.xml", b"", FEED, expected=None),
    ):
        with pytest.raises(PublishError, match="symbolic link leads out"):
            call()
    assert [path.name for path in outside.iterdir()] == ["feed.xml"]
    assert (outside / "feed.xml").read_text() == "not ours"
