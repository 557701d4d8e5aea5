"""From the page to an episode and to a feed; and the list of reviews."""

from __future__ import annotations

import pytest
from browsing import Page, Visit, expect, violations
from studio.served import SHOW, Studio, edit, expect_sound, sentence

pytestmark = pytest.mark.xdist_group("browser")

FEED = """
[feed]
url = "https://example.com/pod"
category = "TV & Film > TV Reviews"
email = "show@example.com"
"""


def test_build_makes_the_episode_that_was_heard(tab: Page, studio: Studio) -> None:
    expect_sound(tab)
    edit(tab, "dry and quick", "dry and fast").press("Control+Enter")
    expect(sentence(tab, "dry and fast")).to_be_visible()
    tab.get_by_role("button", name="Build").click()
    result = tab.get_by_role("region", name="Result of the build")
    expect(result).to_contain_text("LUFS", timeout=60_000)
    folder = studio.script.parent
    assert (folder / "episode.mp3").is_file()
    assert "dry and fast" in (folder / "transcript.txt").read_text("utf-8")
    assert violations(tab) == []
    result.get_by_role("button", name="Close").click()
    expect(result).to_be_hidden()
    built = tab.locator("#facts span").last
    expect(built).to_have_text("built")
    with studio.template.open("a", encoding="utf-8") as template:
        template.write("{# Nothing that is heard. #}\n")
    expect(built).to_have_text("changed since it was built")
    tab.get_by_role("button", name="Build").click()
    expect(built).to_have_text("built")


def test_publishing_shows_what_it_would_do_before_it_does_it(tab: Page, studio: Studio) -> None:
    (studio.folder / "show.toml").write_text(SHOW + FEED, "utf-8")
    expect_sound(tab)
    tab.get_by_role("button", name="Build").click()
    expect(tab.get_by_role("region", name="Result of the build")).to_contain_text(
        "LUFS", timeout=60_000
    )
    tab.get_by_role("button", name="Publish…").click()
    dialog = tab.get_by_role("dialog", name="Publish")
    confirm = dialog.get_by_role("button", name="Publish now")
    expect(confirm).to_be_enabled(timeout=60_000)
    expect(dialog).to_contain_text("The Pier, Season 2")
    assert not (studio.folder / "public" / "feed.xml").exists()
    assert violations(tab) == []
    confirm.click()
    expect(dialog.locator(".summary")).to_contain_text("Published", timeout=60_000)
    assert "The Pier, Season 2" in (studio.folder / "public" / "feed.xml").read_text("utf-8")
    expect(confirm).to_be_hidden()
    tab.keyboard.press("Escape")
    expect(dialog).to_be_hidden()


def test_what_keeps_an_episode_from_the_feed_is_told(tab: Page) -> None:
    tab.get_by_role("button", name="Publish…").click()
    dialog = tab.get_by_role("dialog", name="Publish")
    expect(dialog.locator(".remark").first).to_be_visible(timeout=60_000)
    expect(dialog.get_by_role("button", name="Publish now")).to_be_disabled()


def test_one_review_is_opened_at_once(studio: Studio, visit: Visit) -> None:
    tab = visit(studio.root)
    assert tab.url == studio.url
    tab.get_by_role("link", name="Dead Air").click()
    expect(tab).to_have_url(studio.url)
