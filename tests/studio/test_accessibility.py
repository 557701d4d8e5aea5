"""The studio for everybody: the keyboard alone, narrow screens, both colour schemes, axe's rules."""

from __future__ import annotations

from itertools import pairwise

import pytest
from browsing import COLOURS, Page, Visit, expect, violations
from studio.served import Studio, edit, expect_sound, heard, sentence

pytestmark = pytest.mark.xdist_group("browser")

SIZES = {
    "small phone": (320, 568),
    "phone": (390, 844),
    "desk at 200 %": (640, 450),
    "desk": (1280, 900),
}


def focused(tab: Page) -> str:
    """The name of what has the focus."""
    name: str = tab.evaluate(
        "document.activeElement.getAttribute('aria-label') ?? document.activeElement.textContent"
    )
    return name


def test_no_rule_of_axe_is_broken_and_nothing_overflows(studio: Studio, visit: Visit) -> None:
    tab = visit(studio.url, color_scheme="light", reduced_motion="reduce")
    expect_sound(tab)
    edit(tab, "It cost $3 million.", "S02E03 cost Imke Vreel $4 million, and then some")
    expect(tab.locator(".typed")).not_to_be_empty()
    studio.template.write_text("{% block greeting %}\n{% endblok %}\n", "utf-8")
    expect(tab.locator("#broken")).to_be_visible()
    tab.evaluate(
        "document.querySelectorAll('details').forEach(one => {"
        " one.removeAttribute('name'); one.open = true; })"
    )
    for width, height in SIZES.values():
        tab.set_viewport_size({"width": width, "height": height})
        assert tab.evaluate("document.documentElement.scrollWidth") <= width
        assert violations(tab) == []
    tab.emulate_media(color_scheme="dark")
    assert violations(tab, COLOURS) == []
    tab.get_by_role("button", name="Keyboard and settings").click()
    assert violations(tab, COLOURS) == []
    tab.emulate_media(color_scheme="light")
    assert violations(tab) == []


def test_the_keyboard_alone_edits_and_hears(tab: Page, studio: Studio) -> None:
    expect_sound(tab)
    tab.keyboard.press("Tab")
    tab.keyboard.press("Enter")  # skip to the script
    tab.keyboard.press("j")
    first = focused(tab)
    assert first.startswith("Play: ")
    tab.keyboard.press("j")
    second = focused(tab)
    assert second != first
    tab.keyboard.press("ArrowUp")
    assert focused(tab) == first
    tab.keyboard.press("j")
    tab.keyboard.press("Enter")
    expect(tab.locator(".line.single .say")).to_be_focused()
    tab.keyboard.press("Enter")
    tab.keyboard.press("]")
    assert tab.evaluate("document.activeElement.closest('.segment') !== null")
    tab.keyboard.press("[")
    while "dialogue" not in focused(tab):
        tab.keyboard.press("j")
    tab.keyboard.press("e")
    expect(tab.get_by_label("Words of the paragraph")).to_be_focused()
    tab.keyboard.press("End")
    tab.keyboard.type(" Always.")
    tab.keyboard.press("Control+Enter")
    expect(sentence(tab, "Always.")).to_have_class("line now single")
    assert heard(tab) == sentence(tab, "Always.").get_attribute("data-take")
    assert "Always." in studio.script.read_text("utf-8")
    expect(tab.locator(".say:focus")).to_have_count(1)
    tab.keyboard.press("u")
    expect(sentence(tab, "Always.")).to_have_count(0)
    tab.keyboard.press("?")
    expect(tab.get_by_role("dialog", name="Keyboard")).to_be_visible()
    tab.keyboard.press("Escape")
    expect(tab.get_by_role("dialog", name="Keyboard")).to_be_hidden()


def test_the_keys_can_be_switched_off(tab: Page) -> None:
    tab.keyboard.press("?")
    tab.get_by_label("use these keys").uncheck()
    tab.keyboard.press("Escape")
    tab.keyboard.press("j")
    expect(tab.locator(".say:focus")).to_have_count(0)


def test_the_tab_key_shows_where_it_is(tab: Page) -> None:
    expect_sound(tab)
    for _ in range(60):
        tab.keyboard.press("Tab")
        at = tab.evaluate(
            "(() => { const e = document.activeElement; if (e === document.body) return null;"
            " const shown = e.closest('.speaker') ?? e.querySelector(':scope > rect') ?? e;"
            " const s = getComputedStyle(shown);"
            " const {top, bottom} = e.getBoundingClientRect();"
            " const bar = document.querySelector('#bar');"
            " return {html: e.outerHTML.slice(0, 120), marked: s.outlineStyle !== 'none' || s.stroke !== 'none',"
            " seen: bottom > 0 && top < innerHeight"
            " && (bar.contains(e) || !(bar.getBoundingClientRect().top <= 0 && bottom < bar.getBoundingClientRect().bottom))}; })()"
        )
        if at is not None:
            assert at["marked"], at
            assert at["seen"], at


def test_what_one_presses_is_large_enough(studio: Studio, visit: Visit) -> None:
    """WCAG 2.2 §2.5.8: 24 by 24, but for what stands in a sentence, as a sentence's button does."""
    tab = visit(studio.url, viewport={"width": 390, "height": 844})
    expect_sound(tab)
    sizes = tab.evaluate(
        "[...document.querySelectorAll('button:not(.say), select, input:not([type=checkbox], #position), summary')]"
        ".filter(e => e.checkVisibility())"
        ".map(e => [Math.min(e.getBoundingClientRect().width, e.getBoundingClientRect().height), e.outerHTML.slice(0, 90)])"
    )
    assert len(sizes) > 20
    assert [one for one in sizes if one[0] < 24] == []


def test_headings_are_in_order_and_one_is_the_first(tab: Page) -> None:
    levels = [int(e.evaluate("e => e.tagName[1]")) for e in tab.locator("main h1, main h2").all()]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(b - a <= 1 for a, b in pairwise(levels))


def test_a_phone_is_enough(studio: Studio, visit: Visit) -> None:
    tab = visit(studio.url, viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True)
    expect_sound(tab)
    line = sentence(tab, "dry and quick")
    line.locator(".say").tap()
    expect(line).to_have_class("line now single")
    edit(tab, "dry and quick", "dry and fast")
    tab.get_by_role("button", name="Save").tap()
    expect(sentence(tab, "dry and fast")).to_have_class("line now single")
    assert (
        tab.get_by_role("button", name="Play", exact=True)
        .or_(tab.get_by_role("button", name="Pause", exact=True))
        .is_visible()
    )  # sticks to the top
