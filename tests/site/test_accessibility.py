"""Pages for everybody: axe-core's rules, narrow screens, both colour schemes, the keyboard."""

from __future__ import annotations

from itertools import pairwise

import pytest
from browsing import COLOURS, Visit, violations
from site_pages import Site

pytestmark = pytest.mark.xdist_group("browser")

SIZES = {"small phone": (320, 568), "phone": (390, 844), "desk": (1280, 900)}
PAGES = {"page": "the-pier/", "index": ""}


@pytest.mark.parametrize("name", PAGES)
def test_no_rule_of_axe_is_broken_and_nothing_overflows(
    name: str, site: Site, visit: Visit
) -> None:
    tab = visit(site.root + PAGES[name], color_scheme="light", reduced_motion="reduce")
    if name == "page":  # with everything that the script shows
        tab.locator(".line").nth(2).click()
        tab.keyboard.press("k")
        tab.get_by_label("Search the transcript").fill("the")
        tab.get_by_text("Keyboard", exact=True).click()
    for width, height in SIZES.values():
        tab.set_viewport_size({"width": width, "height": height})
        assert tab.evaluate("document.documentElement.scrollWidth") <= width
        assert violations(tab) == []
    tab.emulate_media(color_scheme="dark")
    assert violations(tab, COLOURS) == []


def test_the_two_schemes_are_two(site: Site, visit: Visit) -> None:
    papers = [
        visit(site.root, color_scheme=scheme).evaluate("getComputedStyle(document.body).background")
        for scheme in ("light", "dark")
    ]
    assert papers[0] != papers[1]


@pytest.mark.parametrize("name", PAGES)
def test_the_tab_key_visits_everything_in_order_and_shows_where(
    name: str, site: Site, visit: Visit
) -> None:
    tab = visit(site.root + PAGES[name])
    wanted = tab.evaluate(
        "[...document.querySelectorAll('a[href], button, input, select, summary')]"
        ".filter(e => e.checkVisibility() || e.className === 'skip').length"
    )
    seen: list[str] = []
    for _ in range(wanted + 12):  # the browser's own controls have stops of their own
        tab.keyboard.press("Tab")
        at = tab.evaluate(
            "(() => { const e = document.activeElement; const s = getComputedStyle(e);"
            " const {top, bottom} = e.getBoundingClientRect();"
            " return {tag: e.tagName, id: [...document.querySelectorAll('*')].indexOf(e),"
            " outlined: s.outlineStyle !== 'none' && parseFloat(s.outlineWidth) >= 1,"
            " seen: bottom > 0 && top < innerHeight}; })()"
        )
        if at["tag"] in ("BODY", "AUDIO"):
            continue
        assert at["outlined"], at
        assert at["seen"], at
        if at["id"] not in seen:
            seen.append(at["id"])
    assert len(seen) == wanted
    assert seen == sorted(seen)


def test_what_one_presses_is_large_enough(site: Site, visit: Visit) -> None:
    """WCAG 2.2 §2.5.8: 24 by 24, but for links within sentences; ours are larger on their own."""
    tab = visit(site.page_url, viewport={"width": 320, "height": 568})
    sizes = tab.evaluate(
        "[...document.querySelectorAll('button, select, .button, nav a, summary')]"
        ".filter(e => e.checkVisibility()).map(e => e.getBoundingClientRect())"
        ".map(({width, height}) => Math.min(width, height))"
    )
    assert len(sizes) > 10
    assert min(sizes) >= 24


def test_the_landmarks_of_a_page(site: Site, visit: Visit) -> None:
    tab = visit(site.page_url)
    for role, name in {
        "banner": None,
        "main": None,
        "contentinfo": None,
        "search": None,
        "navigation": "Chapters",
        "region": "Transcript",
    }.items():
        assert tab.get_by_role(role, name=name).count() == 1, role  # type: ignore[arg-type]
    levels = [int(e.evaluate("e => e.tagName[1]")) for e in tab.locator("h1, h2, h3").all()]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(b - a <= 1 for a, b in pairwise(levels))
