"""Publishing to a folder, as a person does it from week to week."""

from __future__ import annotations

import json
import re
import shutil
from datetime import timedelta, timezone
from pathlib import Path

import pytest
from publish.show_folder import NOW, SITE, ShowFolder

from sayso.errors import ErrorGroup, PublishError, ShowError
from sayso.feed.validation import check_feed
from sayso.publish.api import check_published
from sayso.publish.ledger import FILE_NAME
from sayso.show.finding import find_show


def test_all_that_is_finished_is_published(show: ShowFolder) -> None:
    done = show.publish()
    assert [entry.slug for entry in done.published] == ["the-pier", "the-ferry", "the-lighthouse"]
    assert list(show.items) == ["the-lighthouse", "the-ferry", "the-pier"]  # newest first
    assert {entry.state for entry in show.ledger.entries} == {"published"}
    assert {entry.slug: entry.guid for entry in show.ledger.entries} == show.guids()
    errors = [one for one in check_published(find_show(show.root)) if one.severity == "error"]
    assert errors == []


def test_every_file_that_the_feed_names_is_there_whole(published: ShowFolder) -> None:
    feed = (published.public / "feed.xml").read_text("utf-8")
    named = set(re.findall(rf'"{SITE}([^"]+)"', feed)) | set(re.findall(rf">{SITE}(\S+?)<", feed))
    for name in named - {"feed.xml"}:
        path = published.public / name
        assert (path / "index.html" if name.endswith("/") else path).stat().st_size > 0
    for slug, item in published.items.items():
        media = published.public / str(item.enclosure_url).removeprefix(SITE)
        built = published.root / "episodes" / slug / "episode.mp3"
        assert media.read_bytes() == built.read_bytes()
        assert item.n_bytes == built.stat().st_size
    assert "the-pier/" in (published.public / "index.html").read_text("utf-8")


def test_again_changes_nothing(published: ShowFolder) -> None:
    before = published.files()
    done = published.publish(now=NOW + timedelta(days=1))
    assert not done.published
    assert not done.feed_changed
    assert published.files() == before
    done = published.publish("the-pier", now=NOW + timedelta(days=1))
    assert published.files() == before
    assert not done.uploaded


def test_a_changed_episode_keeps_guid_and_date_and_the_old_media(published: ShowFolder) -> None:
    old = published.items["the-pier"]
    published.build("the-pier", day=1, sentence="Nobody stops, and nobody sleeps.")
    done = published.publish(now=NOW + timedelta(days=1))
    assert [entry.slug for entry in done.published] == ["the-pier"]
    new = published.items["the-pier"]
    assert (new.guid, new.date) == (old.guid, old.date)
    assert new.enclosure_url != old.enclosure_url
    assert (published.public / str(old.enclosure_url).removeprefix(SITE)).is_file()


def test_a_lost_ledger_is_found_again_in_the_feed(published: ShowFolder) -> None:
    guids, ledger = published.guids(), published.ledger
    (published.root / FILE_NAME).unlink()
    published.publish(now=NOW + timedelta(days=1))
    assert published.guids() == guids
    assert published.ledger.entries == ledger.entries
    assert published.ledger.feed_guid == ledger.feed_guid


def test_a_lost_feed_is_made_again(published: ShowFolder) -> None:
    items = published.items
    shutil.rmtree(published.public)
    published.publish(now=NOW + timedelta(days=1))
    assert published.items == items


def test_a_feed_is_not_begun_again_without_what_it_held(published: ShowFolder) -> None:
    shutil.rmtree(published.public)
    shutil.rmtree(published.root / "episodes" / "the-pier")
    with pytest.raises(PublishError, match="the-pier"):
        published.publish()
    assert not published.public.exists()


@pytest.mark.parametrize("key", ["guid", "date"])
def test_a_ledger_that_was_edited_is_refused(published: ShowFolder, key: str) -> None:
    before = published.files()
    document = json.loads((published.root / FILE_NAME).read_text("utf-8"))
    row = document["episodes"][0]
    other = {"guid": "0b0e8d8e-5c0d-4f43-9c58-0d6a3a7a2f11", "date": "2020-01-01T00:00:00+00:00"}
    row[key] = other[key]
    (published.root / FILE_NAME).write_text(json.dumps(document), "utf-8")
    with pytest.raises(PublishError, match=re.escape(row["slug"])) as caught:
        published.publish()
    assert "version control" in (caught.value.hint or "")
    assert (published.public / "feed.xml").read_bytes() == before["public/feed.xml"]


def test_a_date_changes_only_on_purpose(published: ShowFolder) -> None:
    earlier = NOW - timedelta(days=30)
    with pytest.raises(PublishError, match="remember"):
        published.publish("the-pier", at=earlier)
    guid = published.guids()["the-pier"]
    published.publish("the-pier", at=earlier, redate=True)
    assert published.items["the-pier"].date == earlier
    assert published.guids()["the-pier"] == guid
    published.publish()  # and all agree


def test_it_is_published_when_it_is_due(show: ShowFolder) -> None:
    friday = (NOW + timedelta(days=3)).astimezone(timezone(timedelta(hours=2)))
    show.publish("the-pier")
    done = show.publish("the-ferry", at=friday)
    assert [entry.slug for entry in done.scheduled] == ["the-ferry"]
    assert "the-ferry" not in show.items
    assert not show.publish(due=True, now=friday - timedelta(seconds=1)).published
    done = show.publish(due=True, now=friday)
    assert [entry.slug for entry in done.published] == ["the-ferry"]
    assert show.items["the-ferry"].date == friday
    assert "the-lighthouse" not in show.items  # nobody asked for it


def test_what_is_scheduled_is_left_alone_until_then(show: ShowFolder) -> None:
    friday = NOW + timedelta(days=3)
    show.publish("the-ferry", at=friday)
    show.publish()
    assert set(show.items) == {"the-pier", "the-lighthouse"}
    show.publish(now=friday)
    assert set(show.items) == {"the-pier", "the-lighthouse", "the-ferry"}


def test_unpublished_it_leaves_its_media_and_can_come_back(published: ShowFolder) -> None:
    item = published.items["the-pier"]
    published.publish(withdrawn=["the-pier"])
    assert "the-pier" not in published.items
    assert "the-pier/" not in (published.public / "index.html").read_text("utf-8")
    assert (published.public / str(item.enclosure_url).removeprefix(SITE)).is_file()
    published.publish(now=NOW + timedelta(days=1))
    assert "the-pier" not in published.items
    published.publish("the-pier", now=NOW + timedelta(days=1))
    assert published.items["the-pier"] == item


def test_what_a_killed_run_has_left_in_the_feed_can_be_unpublished(published: ShowFolder) -> None:
    document = json.loads((published.root / FILE_NAME).read_text("utf-8"))
    row = next(row for row in document["episodes"] if row["slug"] == "the-pier")
    row["state"] = "pending"
    del row["manifest"]
    (published.root / FILE_NAME).write_text(json.dumps(document), "utf-8")
    published.publish(withdrawn=["the-pier"])
    assert set(published.items) == {"the-ferry", "the-lighthouse"}


def test_only_the_published_can_be_unpublished(show: ShowFolder) -> None:
    show.publish("the-pier")
    with pytest.raises(PublishError, match="the-peer") as caught:
        show.publish(withdrawn=["the-peer"])
    assert caught.value.hint == "did you mean 'the-pier'?"


def test_a_rehearsal_writes_nothing(show: ShowFolder) -> None:
    done = show.publish(dry_run=True)
    assert [entry.slug for entry in done.published] == ["the-pier", "the-ferry", "the-lighthouse"]
    assert {change.kind for change in done.changes} == {"added"}
    assert done.uploaded
    assert not show.public.exists()
    assert not (show.root / FILE_NAME).exists()


def test_a_damaged_episode_is_not_published(show: ShowFolder) -> None:
    mp3 = show.root / "episodes" / "the-pier" / "episode.mp3"
    mp3.write_bytes(mp3.read_bytes()[:-5000])
    with pytest.raises(PublishError, match="not fit to be published"):
        show.publish()
    assert not show.public.exists()
    assert not (show.root / FILE_NAME).exists()


def test_damaged_media_is_found_and_uploaded_again(published: ShowFolder) -> None:
    media = published.public / str(published.items["the-pier"].enclosure_url).removeprefix(SITE)
    whole = media.read_bytes()
    media.write_bytes(whole[:1000])
    found = [one.rule for one in check_published(find_show(published.root))]
    assert "target-media" in found
    published.publish("the-pier")
    assert media.read_bytes() == whole


def test_settings_that_are_missing_are_all_named(show: ShowFolder) -> None:
    (show.root / "show.toml").write_text('title = "Late Seats"\n', "utf-8")
    with pytest.raises(ErrorGroup) as caught:
        show.publish()
    assert [type(error) for error in caught.value.errors] == [ShowError, ShowError]
    assert 'url = "https://' in str(caught.value)


def test_a_review_says_what_kind_of_episode_it_is(show: ShowFolder) -> None:
    extra = "podcast_season: 2\npodcast_episode: 7\npodcast_type: bonus\npodcast_explicit: yes\n"
    show.build("the-pier", extra=extra)
    show.publish("the-pier")
    feed = (show.public / "feed.xml").read_text("utf-8")
    item = feed[feed.index("<item>") :]
    for words in (
        "<itunes:season>2<",
        "<itunes:episode>7<",
        "<itunes:episodeType>bonus<",
        "<itunes:explicit>true<",
    ):
        assert words in item


def test_what_a_review_says_wrong_is_named_before_anything_happens(show: ShowFolder) -> None:
    numbers = f"podcast_episode: nine\npodcast_season: {'9' * 5000}\n"
    show.build("the-pier", extra=f"podcast_seasn: 2\n{numbers}")
    with pytest.raises(ErrorGroup) as caught:
        show.publish()
    assert "did you mean 'podcast_season'?" in str(caught.value)
    assert str(caught.value).count("a whole number") == 2
    assert not (show.root / FILE_NAME).exists()


def test_a_new_theme_reaches_every_page(published: ShowFolder) -> None:
    before = published.files()
    (published.root / "scripts" / "site.css").write_text("body { color: black }\n", "utf-8")
    done = published.publish()
    after = published.files()
    assert not done.published
    changed = {name for name, data in after.items() if before.get(name) != data}
    pages = {f"public/{slug}/index.html" for slug in ("the-pier", "the-ferry", "the-lighthouse")}
    assert pages | {"public/index.html"} <= changed
    assert "public/feed.xml" not in changed


def test_a_new_theme_waits_where_new_media_is_not_published(published: ShowFolder) -> None:
    page = published.public / "the-pier" / "index.html"
    before = page.read_bytes()
    published.build("the-pier", sentence="Nobody stops, and nobody sleeps.")
    (published.root / "scripts" / "site.css").write_text("body { color: black }\n", "utf-8")
    published.publish("the-ferry")
    assert page.read_bytes() == before
    published.publish()
    named = re.findall(r"media/the-pier-[\w.]+mp3", page.read_text("utf-8"))
    assert named
    assert all((published.public / name).is_file() for name in named)


FOREIGN = """\
<?xml version="1.0" encoding="UTF-8"?>
<!-- made elsewhere -->
<rss version="2.0" xmlns:itunes="http://www.itunes.com/dtds/podcast-1.0.dtd"
  xmlns:podcast="https://podcastindex.org/namespace/1.0" xmlns:odd="https://odd.example/ns">
<channel>
  <title>Old Seats</title>
  <link>https://old.example/</link>
  <description>As it was.</description>
  <language>en</language>
  <itunes:author>Ada Quill</itunes:author>
  <itunes:explicit>false</itunes:explicit>
  <itunes:category text="Arts"/>
  <itunes:image href="https://old.example/cover.jpg"/>
  <podcast:guid>917393e3-1b1e-5cef-ace4-edaa54e1f810</podcast:guid>
  <odd:thing kept="yes"><![CDATA[<b>as it is</b>]]></odd:thing>
  <item>
    <title>The First</title>
    <guid isPermaLink="false">https://old.example/?p=1</guid>
    <pubDate>Fri, 05 Jan 2024 07:00:00 +0000</pubDate>
    <enclosure url="https://old.example/1.mp3" length="12345" type="audio/mpeg"/>
    <description><![CDATA[<p>One.</p>]]></description>
    <odd:note>kept</odd:note>
  </item>
</channel>
</rss>
"""


def test_a_feed_from_elsewhere_is_adopted_without_loss(show: ShowFolder, tmp_path: Path) -> None:
    old = tmp_path / "old.xml"
    old.write_text(FOREIGN, "utf-8")
    show.publish("the-pier", adopt=str(old))
    feed = (show.public / "feed.xml").read_text("utf-8")
    for words in (
        '<odd:thing kept="yes"><![CDATA[<b>as it is</b>]]>',
        "<odd:note>kept",
        "made els",
    ):
        assert words in feed
    assert "https://old.example/?p=1" in feed
    assert show.ledger.feed_guid == "917393e3-1b1e-5cef-ace4-edaa54e1f810"
    assert [e.state for e in show.ledger.entries] == ["adopted", "published"]
    with pytest.raises(PublishError, match="a feed already"):
        show.publish(adopt=str(old))
    (show.public / "feed.xml").unlink()
    with pytest.raises(PublishError, match="another host"):
        show.publish()


@pytest.mark.parametrize("guid", [None, "https://old.example/?p=2"])
def test_an_adopted_episode_that_is_built_here_keeps_its_guid(
    published: ShowFolder, tmp_path: Path, guid: str | None
) -> None:
    """The feed had it; its review comes to this machine later."""
    old, episode = tmp_path / "old.xml", published.root / "episodes" / "the-pier"
    feed = (published.public / "feed.xml").read_text("utf-8")
    known = published.guids()["the-pier"] or ""
    old.write_text(feed.replace(known, guid or known), "utf-8")
    shutil.rmtree(published.public)
    (published.root / FILE_NAME).unlink()
    shutil.move(episode, tmp_path / "the-pier")
    published.publish(adopt=str(old))
    shutil.move(tmp_path / "the-pier", episode)
    published.publish()
    published.publish()
    assert published.guids()["the-pier"] == (guid or known)
    assert {entry.state for entry in published.ledger.entries} == {"published"}


def test_a_mend_names_what_the_maker_of_the_feed_can_change(
    show: ShowFolder, tmp_path: Path
) -> None:
    """A setting or the review; what was adopted is mended in the feed alone."""
    show.settings(
        feed='license = "house rules"\nmedium = "radio"\nrrule = "BYDAY=FR"\nemail = "a,b@c.d"\n'
        'copyright = "© Ada"\n[[feed.people]]\nname = "Ada Quill"\nrole = "judge"\n'
    )
    show.build("episode-12-the-pier")
    old = tmp_path / "old.xml"
    old.write_text(FOREIGN.replace("The First", "Episode 1: The First"), "utf-8")
    show.publish("episode-12-the-pier", adopt=str(old))
    hints = {(one.rule, one.item): one.hint for one in check_published(find_show(show.root))}
    rules = ("pc-license", "pc-medium", "pc-updateFrequency", "owner-email", "rss-copyright")
    for rule in (*rules, "pc-person"):
        assert "show.toml" in hints[rule, None], rule
    ours, theirs = (
        hints["psp-item-title-number", title]
        for title in ("Episode 12 The Pier", "Episode 1: The First")
    )
    assert "front matter" in ours
    assert "itunes:episode" in theirs


def test_ledger_and_feed_are_held_against_one_another(published: ShowFolder) -> None:
    document = json.loads((published.root / FILE_NAME).read_text("utf-8"))
    one, other, _ = document["episodes"]
    one["state"], other["date"] = "withdrawn", "2020-01-01T00:00:00+00:00"
    (published.root / FILE_NAME).write_text(json.dumps(document), "utf-8")
    found = {(f.rule, f.item) for f in check_published(find_show(published.root))}
    assert {("ledger-withdrawn", one["title"]), ("ledger-date", other["title"])} <= found


def test_adopted_media_beside_ours_is_left_out_of_the_check(
    show: ShowFolder, tmp_path: Path
) -> None:
    old = tmp_path / "old.xml"
    url = f"{SITE}Media/One.MP3"
    old.write_text(FOREIGN.replace("https://old.example/1.mp3", url), "utf-8")
    show.publish("the-pier", adopt=str(old))
    found = check_published(find_show(show.root))
    assert "target-media" not in {one.rule for one in found}


def test_a_feed_that_grows_too_long_loses_nothing(show: ShowFolder) -> None:
    item = FOREIGN[FOREIGN.index("  <item>") : FOREIGN.index("</channel>")]
    many = [
        item.replace("p=1<", f"p={n}<")
        .replace("/1.mp3", f"/{n}.mp3")
        .replace("One.", "One. " * 6000)
        for n in range(33)
    ]
    show.public.mkdir()
    (show.public / "feed.xml").write_text(FOREIGN.replace(item, "".join(many)), "utf-8")
    would = show.publish(dry_run=True)
    done = show.publish()
    assert sorted(path.name[:7] for path in show.public.glob("feed-*.xml")) == ["feed-1-"]
    for changes in (would.changes, done.changes):
        assert {one.kind for one in changes if not one.is_channel} == {"added"}
        assert len(changes) == 4  # the channel, and three episodes
    found = {one.rule for one in check_published(find_show(show.root))}
    assert not found & {"paging-links", "paging-unique", "feed-size"}


def test_another_shows_feed_is_not_written_to(published: ShowFolder) -> None:
    feed = published.public / "feed.xml"
    other = "11111111-1b1e-5cef-ace4-edaa54e1f810"
    assert published.ledger.feed_guid is not None
    feed.write_text(feed.read_text("utf-8").replace(published.ledger.feed_guid, other), "utf-8")
    with pytest.raises(PublishError, match="another show"):
        published.publish()


def test_what_others_published_stays(show: ShowFolder, tmp_path: Path) -> None:
    """A second show folder, on another machine, publishes to the same place."""
    other = ShowFolder(tmp_path / "other")
    shutil.copytree(show.root, other.root)
    shutil.rmtree(show.root / "episodes" / "the-lighthouse")
    shutil.rmtree(other.root / "episodes" / "the-pier")
    shutil.rmtree(other.root / "episodes" / "the-ferry")
    show.publish()
    other.settings(target=str(show.public))
    other.publish(now=NOW + timedelta(hours=1))
    assert list(show.items) == ["the-lighthouse", "the-ferry", "the-pier"]
    show.publish(now=NOW + timedelta(hours=2))
    assert list(show.items) == ["the-lighthouse", "the-ferry", "the-pier"]
    index = (show.public / "index.html").read_text("utf-8")
    assert all(slug in index for slug in show.items)


def test_the_feed_passes_the_gate_to_the_last_note(show: ShowFolder) -> None:
    show.settings(
        feed='email = "ada@late-seats.example"\nlicense = "cc-by-4.0"\nfrequency = "weekly"\n'
        'rrule = "FREQ=WEEKLY"\ncopyright = "2026 Ada Quill"'
    )
    show.publish()
    found = check_feed((show.public / "feed.xml").read_bytes(), "feed.xml", now=NOW)
    assert [str(one) for one in found if one.severity != "note"] == []


def test_a_feed_begins_with_an_episode(show: ShowFolder) -> None:
    shutil.rmtree(show.root / "episodes")
    done = show.publish()
    assert not done.feed_changed
    assert not show.public.exists()
