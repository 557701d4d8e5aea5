"""The page of an episode in a real browser, with its sound really playing."""

from __future__ import annotations

import re
from typing import Any

import pytest
from browsing import Page, Visit, expect
from site_pages import Site

pytestmark = pytest.mark.xdist_group("browser")

PHONE: dict[str, Any] = {"viewport": {"width": 390, "height": 844}, "has_touch": True}


def audio(tab: Page, attribute: str) -> Any:
    return tab.evaluate(f"document.querySelector('audio').{attribute}")


def wait(tab: Page, condition: str) -> None:
    """Until a condition on `audio` and on the marked line `now` holds."""
    tab.wait_for_function(
        "() => { const audio = document.querySelector('audio');"
        " const now = document.querySelector('.line.now');"
        f" return {condition}; }}"
    )


def start_of(site: Site, chapter: int) -> int:
    return site.page.item.chapters[chapter].start_ms // 1000


def lines(site: Site) -> list[Any]:
    return [
        line for chapter in site.page.transcript for turn in chapter.turns for line in turn.lines
    ]


@pytest.mark.parametrize("options", [{}, PHONE], ids=["desk", "phone"])
def test_a_chapter_is_heard_at_a_click(site: Site, visit: Visit, options: dict[str, Any]) -> None:
    tab = visit(site.page_url, **options)
    assert not any(url.endswith(".mp3") for url in visit.asked), "nothing is loaded unasked"
    tab.get_by_role("navigation", name="Chapters").get_by_role("link").nth(1).click()
    start = start_of(site, 1)
    wait(tab, f"!audio.paused && audio.currentTime > {start + 0.2}")
    assert audio(tab, "currentTime") < start + 10
    assert tab.url == f"{site.page_url}#t={start}"
    expect(tab.locator("nav [aria-current]")).to_have_text(re.compile("The cast"))
    wait(tab, f"now && now.dataset.start >= {start}")


def test_a_sentence_is_heard_at_a_click_and_the_mark_follows(site: Site, visit: Visit) -> None:
    tab = visit(site.page_url)
    spoken = lines(site)
    tab.locator(".line").nth(2).click()
    wait(tab, f"!audio.paused && audio.currentTime > {spoken[2].start_s}")
    marked = tab.locator(".line.now")
    expect(marked).to_have_text(spoken[2].text)
    expect(marked).to_have_attribute("aria-current", "true")
    tab.evaluate("document.querySelector('audio').playbackRate = 4")
    wait(tab, f"now && Number(now.dataset.start) === {spoken[3].start_s}")
    assert spoken[3].start_s - 0.02 <= audio(tab, "currentTime") < spoken[3].end_s + 0.8
    assert tab.locator(".line.now").count() == 1


def test_the_mark_stays_in_sight_of_those_who_read_along(site: Site, visit: Visit) -> None:
    tab = visit(site.page_url, viewport={"width": 390, "height": 300}, reduced_motion="reduce")
    tab.locator(".line").nth(3).click()
    tab.evaluate("document.querySelector('audio').playbackRate = 4")
    wait(tab, f"now && Number(now.dataset.start) > {lines(site)[4].start_s}")
    expect(tab.locator(".line.now")).to_be_in_viewport()
    # Scrolled away, one is left there.
    tab.evaluate("window.scrollTo(0, 0)")
    before = tab.locator(".line.now").get_attribute("data-start")
    wait(tab, f"now && now.dataset.start !== '{before}'")
    tab.wait_for_timeout(100)
    assert tab.evaluate("window.scrollY") == 0


def test_the_keyboard_reaches_every_paragraph(site: Site, visit: Visit) -> None:
    tab = visit(site.page_url)
    link = tab.get_by_role("link", name="Play from").nth(2)
    link.focus()
    tab.keyboard.press("Enter")
    seconds = int(str(link.get_attribute("href")).removeprefix("#t="))
    wait(tab, f"!audio.paused && audio.currentTime >= {seconds}")


@pytest.mark.parametrize("form", ["9", "9.5", "0:09", "npt:0:00:09"])
def test_a_link_to_a_time_opens_there(site: Site, visit: Visit, form: str) -> None:
    tab = visit(f"{site.page_url}#t={form}")
    assert audio(tab, "currentTime") == pytest.approx(9.5 if form == "9.5" else 9)
    assert audio(tab, "paused")
    expect(tab.get_by_role("status").last).to_have_text("Press play to hear it from 0:09")
    there = [line for line in lines(site) if line.start_s <= 9.5][-1]
    expect(tab.get_by_text(there.text)).to_be_in_viewport()
    tab.keyboard.press("k")
    wait(tab, "!audio.paused && audio.currentTime > 9.6")
    assert audio(tab, "currentTime") < 15


def test_a_time_put_into_the_address_bar_is_heard(site: Site, visit: Visit) -> None:
    tab = visit(site.page_url)
    tab.evaluate("location.hash = '#t=12'")
    wait(tab, "audio.currentTime === 12")
    tab.evaluate("location.hash = '#nonsense'")
    assert audio(tab, "currentTime") == 12


def test_the_transcript_is_searched(site: Site, visit: Visit) -> None:
    tab = visit(site.page_url)
    whole = tab.locator(".transcript").inner_text()
    field = tab.get_by_label("Search the transcript")
    marks = tab.locator(".transcript mark")
    count = tab.get_by_role("search").get_by_role("status")
    field.fill("WHÖ hás stöpped")  # neither case nor accents matter
    expect(marks).to_have_text(["who has stopped", "who has stopped"])
    expect(count).to_have_text("1 of 2")
    expect(tab.locator("mark.here")).to_be_in_viewport()
    field.press("Enter")
    expect(count).to_have_text("2 of 2")
    tab.get_by_role("button", name="Next match").click()
    expect(count).to_have_text("1 of 2")
    tab.get_by_role("button", name="Previous match").click()
    expect(count).to_have_text("2 of 2")
    field.fill("<script>")
    expect(marks).to_have_text(["<script>"])
    field.fill("no such words")
    expect(count).to_have_text("Not found")
    assert marks.count() == 0
    field.fill("cast")
    field.press("Escape")
    assert marks.count() == 0
    expect(count).to_have_text("")
    assert tab.locator(".transcript").inner_text() == whole
    field.fill("superb")
    marks.first.click()
    wait(tab, "!audio.paused && now && now.textContent.includes('superb')")


def test_the_speed_is_set_and_kept(site: Site, visit: Visit) -> None:
    tab = visit(site.page_url)
    tab.get_by_label("Speed").select_option("1.5")
    assert audio(tab, "playbackRate") == 1.5
    tab.locator(".line").first.click()
    wait(tab, "audio.currentTime > 0.3 && audio.playbackRate === 1.5")
    tab.reload()
    expect(tab.get_by_label("Speed")).to_have_value("1.5")
    assert audio(tab, "playbackRate") == 1.5
    tab.locator("h1").click()
    tab.keyboard.press(">")
    assert audio(tab, "playbackRate") == 1.75
    tab.keyboard.press("<")
    tab.keyboard.press("<")
    expect(tab.get_by_label("Speed")).to_have_value("1.25")


def test_keys_do_what_the_page_says(site: Site, visit: Visit) -> None:
    tab = visit(site.page_url)
    told = tab.locator(".keys kbd").all_text_contents()
    assert told == ["k", "j", "l", ",", ".", "<", ">", "c", "/"]
    spoken = lines(site)
    tab.keyboard.press("k")
    wait(tab, "!audio.paused && audio.currentTime > 0")
    tab.keyboard.press("k")
    assert audio(tab, "paused")
    tab.evaluate("document.querySelector('audio').currentTime = 0")
    tab.keyboard.press(".")
    assert audio(tab, "currentTime") == pytest.approx(spoken[0].start_s, abs=0.002)
    tab.keyboard.press(".")
    assert audio(tab, "currentTime") == pytest.approx(spoken[1].start_s, abs=0.002)
    tab.keyboard.press(",")
    assert audio(tab, "currentTime") == pytest.approx(spoken[0].start_s, abs=0.002)
    tab.evaluate("document.querySelector('audio').currentTime = 20")
    tab.keyboard.press("j")
    assert audio(tab, "currentTime") == pytest.approx(5)
    tab.keyboard.press("l")
    assert audio(tab, "currentTime") == pytest.approx(audio(tab, "duration"), abs=0.1)
    tab.keyboard.press("/")
    expect(tab.get_by_label("Search the transcript")).to_be_focused()
    tab.keyboard.type("k/.c")  # typing is typing
    expect(tab.get_by_label("Search the transcript")).to_have_value("k/.c")
    assert audio(tab, "paused")


def test_keys_leave_the_browser_its_own_and_can_be_turned_off(site: Site, visit: Visit) -> None:
    tab = visit(site.page_url)
    tab.evaluate("addEventListener('keydown', event => { window.taken = event.defaultPrevented; })")
    tab.locator("h1").click()
    for key in ("Tab", "ArrowDown", "PageDown", "Home", "Escape", "F6", "h", "n", "1", "Control+k"):
        tab.keyboard.press(key)
        assert tab.evaluate("window.taken") is False, key
    tab.get_by_text("Keyboard", exact=True).click()
    tab.get_by_label("Use these keys").uncheck()
    tab.locator("h1").click()
    tab.keyboard.press("k")
    assert audio(tab, "paused")
    tab.reload()
    tab.keyboard.press("k")
    assert audio(tab, "paused")
    assert not tab.get_by_label("Use these keys").is_checked()


def test_a_link_at_the_time_is_copied(site: Site, visit: Visit) -> None:
    tab = visit(site.page_url, permissions=["clipboard-read", "clipboard-write"])
    tab.evaluate("document.querySelector('audio').currentTime = 12.9")
    tab.get_by_role("button", name="Copy link").click()
    expect(tab.locator("#said")).to_have_text("The link at 0:12 is copied")
    assert tab.evaluate("navigator.clipboard.readText()") == f"{site.page_url}#t=12"
    tab.get_by_role("button", name="Copy", exact=True).click()
    expect(tab.locator("#said")).to_have_text("The feed's address is copied")
    assert tab.evaluate("navigator.clipboard.readText()") == site.page.channel.feed_url


def test_where_copying_is_forbidden_the_link_is_shown(site: Site, visit: Visit) -> None:
    tab = visit(site.page_url)
    tab.evaluate("() => { navigator.clipboard.writeText = () => Promise.reject(Error('no')); }")
    tab.get_by_role("button", name="Copy link").click()
    expect(tab.locator("#said")).to_have_text(site.page_url)


def test_back_and_forward_and_the_waveform(site: Site, visit: Visit) -> None:
    tab = visit(site.page_url)
    box = tab.locator(".waveform svg").bounding_box()
    assert box is not None
    tab.mouse.click(box["x"] + box["width"] * 0.8, box["y"] + box["height"] / 2)
    seconds = site.page.item.duration_s
    wait(tab, f"!audio.paused && audio.currentTime > {seconds * 0.8 - 0.5}")
    tab.keyboard.press("k")
    before = audio(tab, "currentTime")
    tab.get_by_role("button", name="back").click()
    assert audio(tab, "currentTime") == pytest.approx(before - 15, abs=0.1)
    tab.get_by_role("button", name="forward").click()
    assert audio(tab, "currentTime") == pytest.approx(audio(tab, "duration"), abs=0.1)


def test_the_captions_are_those_of_the_transcript(site: Site, visit: Visit) -> None:
    tab = visit(site.page_url)
    cues = tab.evaluate(
        """() => new Promise(done => {
            const [track] = document.querySelector('audio').textTracks;
            document.querySelector('track').addEventListener('load', () => {
                done([...track.cues].map(cue => cue.startTime));
            });
            track.mode = 'hidden';
        })"""
    )
    assert cues[0] == lines(site)[0].start_s
    assert len(cues) >= len(lines(site))


def test_without_javascript_everything_is_there(site: Site, visit: Visit) -> None:
    tab = visit(site.page_url, java_script_enabled=False)
    for hidden in (".tools", ".search", ".hint", ".keys", "[data-copy]"):
        expect(tab.locator(hidden).first).to_be_hidden()
    expect(tab.get_by_role("link", name="Download")).to_have_attribute("href", "../media/pier.mp3")
    expect(tab.get_by_text("The cast is small and superb.")).to_be_visible()
    tab.get_by_role("navigation", name="Chapters").get_by_role("link").last.click()
    expect(tab.get_by_role("heading", name="The verdict")).to_be_in_viewport()
    for link in tab.locator('a[href^="#t="]').all():
        target = str(link.get_attribute("href"))[1:]
        assert tab.locator(f'[id="{target}"]').count() == 1
    sound = tab.locator("audio")
    box = sound.bounding_box()
    assert box is not None
    assert box["height"] >= 40
    with tab.expect_request("**/pier.mp3"):
        tab.mouse.click(box["x"] + 25, box["y"] + box["height"] / 2)  # the browser's own button
