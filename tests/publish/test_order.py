"""The order of what a publication writes: nothing is named before it is there."""

from __future__ import annotations

import functools
import re
import shutil
from pathlib import Path

import pytest
from publish.show_folder import NOW, ShowFolder

from sayso.feed.rss import update_paged_feed
from sayso.publish.ledger import FILE_NAME, Ledger, LedgerFile
from sayso.publish.targets import FileForm
from sayso.publish.targets.folder import FolderTarget

GUID = "7f2d9a40-5f4c-4c1e-9d0a-2b1f6f3f0a11"


class Writes:
    """Everything a publication writes, in order; stops it before a write, as a power cut does."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.names: list[str] = []
        self.stop_before: str | None = None
        put, write = FolderTarget.put, LedgerFile.write

        def noted_put(
            target: FolderTarget, name: str, source: Path | bytes, form: FileForm
        ) -> None:
            self._note(name)
            put(target, name, source, form)

        def noted_write(file: LedgerFile, ledger: Ledger) -> None:
            self._note(FILE_NAME)
            write(file, ledger)

        monkeypatch.setattr(FolderTarget, "put", noted_put)
        monkeypatch.setattr(LedgerFile, "write", noted_write)

    def _note(self, name: str) -> None:
        if self.stop_before is not None and name.startswith(self.stop_before):
            raise KeyboardInterrupt
        self.names.append(name)


@pytest.fixture
def writes(monkeypatch: pytest.MonkeyPatch) -> Writes:
    return Writes(monkeypatch)


def kind(name: str) -> str:
    """What a file is, whatever its content has made of its name."""
    if name.startswith(("media/", "assets/")):
        return "media"
    return "page" if name.endswith("/index.html") else re.sub(r"feed-\d.*", "older page", name)


def test_ledger_media_pages_feed_index_ledger(show: ShowFolder, writes: Writes) -> None:
    show.publish()
    kinds = [kind(name) for name in writes.names]
    assert list(dict.fromkeys(kinds)) == [FILE_NAME, "media", "page", "feed.xml", "index.html"]
    assert kinds == [*sorted(kinds[:-1], key=list(dict.fromkeys(kinds)).index), FILE_NAME]


def test_older_pages_are_there_before_the_feed_that_names_them(
    show: ShowFolder, writes: Writes, monkeypatch: pytest.MonkeyPatch
) -> None:
    short = functools.partial(update_paged_feed, max_bytes=8_000)
    monkeypatch.setattr("sayso.publish.upload.update_paged_feed", short)
    show.publish()
    kinds = [kind(name) for name in writes.names]
    assert "older page" in kinds
    assert kinds.index("media") < kinds.index("older page") < kinds.index("feed.xml")
    head = (show.public / "feed.xml").read_text("utf-8")
    named = re.findall(r"feed-\d[\w.-]*\.xml", head)
    assert named
    assert all(writes.names.index(name) < writes.names.index("feed.xml") for name in named)


@pytest.mark.parametrize(
    "name", [FILE_NAME, "assets/", "media/", "the-pier/index.html", "feed.xml", "index.html"]
)
def test_stopped_before_a_write_the_next_run_ends_where_this_one_would_have(
    show: ShowFolder,
    tmp_path: Path,
    writes: Writes,
    monkeypatch: pytest.MonkeyPatch,
    name: str,
) -> None:
    monkeypatch.setattr("sayso.publish.selection.make_guid", lambda: GUID)
    undisturbed = ShowFolder(tmp_path / "undisturbed")
    shutil.copytree(show.root, undisturbed.root)
    undisturbed.publish("the-pier")
    writes.stop_before = name
    with pytest.raises(KeyboardInterrupt):
        show.publish("the-pier")
    feed = show.public / "feed.xml"
    assert feed.exists() == (name == "index.html")
    writes.stop_before = None
    show.publish("the-pier")
    assert show.files() == undisturbed.files()


def test_one_is_put_back_and_another_removed_in_one_step(published: ShowFolder) -> None:
    """Both were unpublished by runs that were killed before the feed was written."""
    before = published.items["the-pier"]
    entries = {entry.slug: entry for entry in published.ledger.entries}
    path = published.root / FILE_NAME
    text = path.read_text("utf-8")
    for slug in ("the-pier", "the-ferry"):
        (line,) = [line for line in text.splitlines() if f'"slug": "{slug}"' in line]
        text = text.replace(line, line.replace('"published"', '"withdrawn"'))
    path.write_text(text, "utf-8")
    done = published.publish("the-pier", now=NOW)
    assert published.items["the-pier"] == before
    assert set(published.items) == {"the-pier", "the-lighthouse"}
    assert [(one.kind, one.guid) for one in done.changes if not one.is_channel] == [
        ("removed", entries["the-ferry"].guid)
    ]
    states = {entry.slug: (entry.state, entry.manifest) for entry in published.ledger.entries}
    assert states["the-pier"] == ("published", entries["the-pier"].manifest)
    assert states["the-ferry"] == ("withdrawn", None)
