"""Other editors write the same files, and the studio itself goes away: nothing that was typed is lost."""

from __future__ import annotations

import pytest
from browsing import Page, Visit, expect
from studio.served import TEMPLATE, Studio, edit, expect_sound, sentence

pytestmark = pytest.mark.xdist_group("browser")


def test_a_broken_template_is_named_and_the_page_stays_usable(tab: Page, studio: Studio) -> None:
    expect_sound(tab)
    studio.template.write_text("{% block greeting %}\nHello.\n{% endblok %}\n", "utf-8")
    broken = tab.locator("#broken")
    expect(broken).to_contain_text("scripts/tv.md.j2:3")
    line = sentence(tab, "dry and quick")
    line.locator(".say").click()
    expect(line).to_have_class("line now single")
    mended = TEMPLATE.replace("on {{", "about {{")
    studio.template.write_text(mended, "utf-8")
    expect(broken).to_be_hidden()
    expect(sentence(tab, "This is Dead Air, about The Pier.")).to_be_visible()


def test_a_broken_script_is_named_with_its_line(tab: Page, studio: Studio) -> None:
    edit(tab, "dry and quick", "dry and fast").press("Control+Enter")
    expect(sentence(tab, "dry and fast")).to_be_visible()
    whole = studio.script.read_text("utf-8")
    studio.script.write_text(whole + "\n{pause soon}\n", "utf-8")
    line = whole.count("\n") + 2
    expect(tab.locator("#broken")).to_contain_text(f"script.md:{line}")
    expect(sentence(tab, "dry and fast")).to_be_visible()
    studio.script.write_text(whole, "utf-8")
    expect(tab.locator("#broken")).to_have_text("")
    expect(tab.locator("#broken")).to_be_hidden()


def test_what_an_editor_saves_shows_and_leaves_what_is_typed_alone(
    tab: Page, studio: Studio
) -> None:
    edit(tab, "worth every minute", "worth most minutes").press("Control+Enter")
    expect(sentence(tab, "worth most minutes")).to_be_visible()
    field = edit(tab, "dry and quick", "dry and fast")
    field.evaluate("field => field.setSelectionRange(4, 7)")
    text = studio.script.read_text("utf-8")
    studio.script.write_text(
        text.replace("The harbour lights are out again.", "The harbour is dark.").replace(
            "## ", "{pause 1s}\n\n## ", 1
        ),
        "utf-8",
    )
    expect(sentence(tab, "The harbour is dark.")).to_be_visible()
    expect(field).to_be_focused()
    assert "dry and fast" in field.input_value()
    assert field.evaluate("field => [field.selectionStart, field.selectionEnd]") == [4, 7]
    field.press("Control+Enter")
    expect(sentence(tab, "dry and fast")).to_be_visible()
    text = studio.script.read_text("utf-8")
    assert "The harbour is dark." in text
    assert "dry and fast" in text


@pytest.mark.parametrize("mine", [True, False])
def test_two_changes_of_the_same_words_are_shown_side_by_side(
    mine: bool, tab: Page, studio: Studio, visit: Visit
) -> None:
    edit(tab, "worth every minute", "worth most minutes").press("Control+Enter")
    expect(sentence(tab, "worth most minutes")).to_be_visible()
    field = edit(tab, "dry and quick", "dry and fast")
    text = studio.script.read_text("utf-8")
    studio.script.write_text(text.replace("dry and quick", "dry and slow"), "utf-8")
    expect(sentence(tab, "dry and slow")).to_have_count(1)
    assert "dry and fast" in field.input_value()
    field.press("Control+Enter")
    conflict = tab.locator(".conflict")
    expect(conflict.locator("blockquote").first).to_contain_text("dry and fast")
    expect(conflict.locator("blockquote").last).to_contain_text("dry and slow")
    assert "dry and fast" in field.input_value()
    conflict.get_by_role("button").nth(0 if mine else 1).click()
    expect(conflict).to_have_count(0)
    expect(tab.locator(".editor")).to_have_count(0)
    kept, gone = ("fast", "slow") if mine else ("slow", "fast")
    expect(sentence(tab, f"dry and {kept}")).to_be_visible()
    text = studio.script.read_text("utf-8")
    assert f"dry and {kept}" in text
    assert f"dry and {gone}" not in text
    visit.forgive("409")


def test_a_paragraph_that_is_taken_away_leaves_what_was_typed(tab: Page, studio: Studio) -> None:
    edit(tab, "worth every minute", "worth most minutes").press("Control+Enter")
    expect(sentence(tab, "worth most minutes")).to_be_visible()
    field = edit(tab, "dry and quick", "dry and fast")
    lines = studio.script.read_text("utf-8").splitlines(keepends=True)
    studio.script.write_text("".join(x for x in lines if "dry and quick" not in x), "utf-8")
    expect(tab.locator(".editor .problem")).to_contain_text("no longer in the script")
    assert "dry and fast" in field.input_value()


def test_what_was_typed_outlives_the_studio(tab: Page, studio: Studio, visit: Visit) -> None:
    field = edit(tab, "dry and quick", "dry and fast")
    studio.stop()
    away = tab.locator("#away")
    expect(away).to_contain_text("does not answer")
    field.press("Control+Enter")
    expect(tab.locator(".editor .problem")).to_contain_text("does not answer")
    studio.start()
    silent = tab.locator("#away:visible", has_text="does not answer")
    expect(silent).to_have_count(0, timeout=20_000)  # gone, or what follows is told already
    field.press("Control+Enter")
    expect(away).to_contain_text("started anew")
    assert "dry and fast" in field.input_value()
    away.get_by_role("button", name="Reload").click()
    expect(tab.get_by_label("Words of the paragraph")).to_have_value(
        "The dialogue is dry and fast, and nobody explains the jokes."
    )
    tab.get_by_label("Words of the paragraph").press("Control+Enter")
    expect(sentence(tab, "dry and fast")).to_be_visible()
    assert "dry and fast" in studio.script.read_text("utf-8")
    visit.forgive("403", "net::")
