"""A person listens: to a sentence, to the episode, and finds the place again."""

from __future__ import annotations

import pytest
from browsing import Page, expect
from studio.served import edit, expect_sound, heard, sentence

pytestmark = pytest.mark.xdist_group("browser")


def at(tab: Page) -> float:
    """Where the episode is, in seconds."""
    seconds: float = tab.evaluate("document.querySelector('#episode').currentTime")
    return seconds


def test_a_sentence_is_played_alone_and_stops_when_pressed_again(tab: Page) -> None:
    expect_sound(tab)
    line = sentence(tab, "Imke Vreel plays")
    line.locator(".say").click()
    expect(line).to_have_class("line now single")
    assert heard(tab) == line.get_attribute("data-take")
    assert not tab.evaluate("document.querySelector('#take').paused")
    line.locator(".say").click()
    expect(line).to_have_class("line")
    assert tab.evaluate("document.querySelector('#take').paused")
    assert at(tab) == 0


def test_a_sentence_that_is_pressed_too_early_is_played_when_it_is_voiced(tab: Page) -> None:
    line = sentence(tab, "worth every minute")
    line.locator(".say").click()
    expect(line).to_have_class("line now single", timeout=30_000)


def test_the_sentence_that_is_heard_is_lit(tab: Page) -> None:
    expect_sound(tab)
    tab.get_by_role("button", name="Play", exact=True).click()
    expect(tab.locator(".line.now")).to_have_count(1)
    expect(tab.get_by_role("button", name="Pause", exact=True)).to_have_attribute(
        "aria-pressed", "true"
    )
    line = sentence(tab, "ferry pilot")
    middle = (int(str(line.get_attribute("data-start"))) + 300) / 1000
    tab.evaluate(f"document.querySelector('#episode').currentTime = {middle}")
    expect(line).to_have_class("line now")
    tab.keyboard.press("Space")
    expect(tab.get_by_role("button", name="Play", exact=True)).to_be_visible()


def test_who_scrolls_is_left_alone_until_asking_to_be_followed(tab: Page) -> None:
    expect_sound(tab)
    tab.set_viewport_size({"width": 1280, "height": 420})
    tab.get_by_role("button", name="Play", exact=True).click()
    last = sentence(tab, "worth every minute")
    start = int(str(last.get_attribute("data-start"))) / 1000
    tab.evaluate(f"document.querySelector('#episode').currentTime = {start + 0.05}")
    expect(last).to_have_class("line now")
    expect(last).to_be_in_viewport()
    tab.mouse.move(400, 300)
    tab.mouse.wheel(0, -3000)
    follow = tab.get_by_role("button", name="Follow", exact=True)
    expect(follow).to_be_visible()
    tab.evaluate("document.querySelector('#episode').playbackRate = 0.5")
    tab.evaluate(f"document.querySelector('#episode').currentTime = {start + 0.1}")
    expect(last).not_to_be_in_viewport()
    follow.click()
    expect(last).to_be_in_viewport()


def test_the_waveform_leads_to_every_segment(tab: Page) -> None:
    expect_sound(tab)
    parts = tab.locator(".wave .part")
    assert parts.count() > 3
    box = tab.locator(".wave").bounding_box()
    assert box is not None
    tab.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    length = int(str(tab.locator("#sound").get_attribute("data-ms"))) / 1000
    assert at(tab) == pytest.approx(length / 2, abs=0.2)
    parts.first.focus()
    tab.keyboard.press("ArrowRight")
    expect(parts.nth(1)).to_be_focused()
    expect(tab.locator("#part")).to_contain_text(str(parts.nth(1).get_attribute("data-title")))
    tab.keyboard.press("Enter")
    start = int(str(parts.nth(1).get_attribute("data-start"))) / 1000
    assert at(tab) == pytest.approx(start, abs=0.5)


def test_a_new_sound_goes_on_at_the_same_sentence(tab: Page) -> None:
    expect_sound(tab)
    tab.get_by_label("hear edits").uncheck()
    last = sentence(tab, "worth every minute")
    old = tab.locator("#sound").get_attribute("data-url")
    start = int(str(last.get_attribute("data-start"))) / 1000
    tab.evaluate(f"document.querySelector('#episode').currentTime = {start + 0.2}")
    expect(last).to_have_class("line now")
    edit(
        tab, "The harbour lights are out again.", "The lights of the whole long harbour are out."
    ).press("Control+Enter")
    expect(tab.locator("#sound")).not_to_have_attribute("data-url", str(old), timeout=30_000)
    expect_sound(tab)
    new = int(str(last.get_attribute("data-start"))) / 1000
    assert new != pytest.approx(start, abs=0.05)
    expect(tab.locator("#now")).to_have_text(f"0:{int(new + 0.2):02}")
    assert at(tab) == pytest.approx(new + 0.2, abs=0.1)
