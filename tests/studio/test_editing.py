"""A person edits an episode in the browser: words, names, places, cues, headings."""

from __future__ import annotations

import pytest
from browsing import Page, Visit, expect
from studio.served import Studio, edit, expect_sound, heard, paragraph, sentence, takes

pytestmark = pytest.mark.xdist_group("browser")


def test_an_edited_sentence_alone_is_voiced_again_and_is_heard(tab: Page, studio: Studio) -> None:
    expect_sound(tab)
    before = takes(tab)
    sound = tab.locator("#sound").get_attribute("data-url")
    edit(tab, "nobody explains the jokes", "no joke is explained").press("Control+Enter")
    expect(sentence(tab, "no joke is explained")).to_have_class("line now single")
    after = takes(tab)
    new = set(after.values()) - set(before.values())
    assert len(new) == 1
    assert (
        heard(tab) == new.pop() == after["The dialogue is dry and quick, and no joke is explained."]
    )
    expect(tab.locator(".editor")).to_have_count(0)
    assert "and no joke is explained. {from=p4}" in studio.script.read_text("utf-8")
    expect_sound(tab)
    assert tab.locator("#sound").get_attribute("data-url") != sound


def test_edits_can_be_made_in_silence_and_are_saved_once(tab: Page, visit: Visit) -> None:
    expect_sound(tab)
    tab.get_by_label("hear edits").uncheck()
    field = edit(tab, "dry and quick", "dry and fast")
    expect(tab.locator(".spoken-now")).to_be_attached()
    expect(tab.locator(".typed")).to_be_hidden()  # all is said as it is written
    field.evaluate(
        "field => { for (let times = 0; times < 2; times++) field.dispatchEvent("
        "new KeyboardEvent('keydown', {key: 'Enter', ctrlKey: true, bubbles: true})) }"
    )
    expect(sentence(tab, "dry and fast")).to_have_attribute("data-voiced", "")
    assert heard(tab) == ""
    assert sum(url.endswith("/words") for url in visit.asked) == 1


def test_what_is_typed_is_shown_as_it_will_be_said(tab: Page) -> None:
    edit(tab, "It cost $3 million.", "S02E03 cost $4 million.")
    typed = tab.locator(".typed")
    expect(typed).to_contain_text("season two episode three")
    expect(typed).to_contain_text("four million dollars")
    expect(typed.locator(".steps li").first).to_contain_text("→")
    assert "S02E03" not in "".join(takes(tab))  # typed, not saved


def test_words_that_make_no_sense_are_told_beside_them_and_kept(
    tab: Page, studio: Studio, visit: Visit
) -> None:
    field = edit(tab, "dry and quick", 'dry and {"quick}')
    problem = tab.locator(".editor .problem")
    expect(problem).not_to_be_empty()
    tab.get_by_role("button", name="Save").click()
    expect(problem).not_to_be_empty()
    assert '{"quick}' in field.input_value()
    assert "quick}" not in studio.script.read_text("utf-8")
    visit.forgive("422")


def test_escape_asks_before_it_throws_words_away(tab: Page) -> None:
    field = edit(tab, "dry and quick", "wet and slow")
    field.press("Escape")
    expect(tab.locator(".editor .problem")).to_contain_text("Not saved yet")
    field.press("Escape")
    expect(tab.locator(".editor")).to_have_count(0)
    expect(sentence(tab, "dry and quick")).to_be_visible()


def test_a_name_is_put_right_where_it_stands_and_heard(tab: Page, studio: Studio) -> None:
    expect_sound(tab)
    before = takes(tab)
    box = paragraph(tab, "Imke Vreel plays")
    box.locator("summary", has_text="name").click()
    box.get_by_label("Imke Vreel is said").fill("Im-kuh Vrayl")
    box.get_by_role("button", name="Say it so").click()
    line = sentence(tab, "Imke Vreel plays")
    expect(line).to_have_class("line now single")
    after = takes(tab)
    assert [text for text in after if after[text] != before[text]] == [line.text_content()]
    assert heard(tab) == line.get_attribute("data-take")
    assert '"Imke Vreel" = "Im-kuh Vrayl"' in studio.lexicon.read_text("utf-8")
    assert box.get_by_label("Imke Vreel is said").input_value() == "Im-kuh Vrayl"


def test_a_paragraph_is_moved_and_taken_back(tab: Page, studio: Studio) -> None:
    box = paragraph(tab, "dry and quick")
    home = tab.locator("section", has=box).get_by_role("heading").first.text_content()
    box.locator("summary", has_text="p4").click()
    expect(box.locator(".card").first).to_contain_text("Move to")
    box.get_by_label("Move to").select_option("premise")
    there = tab.locator(".segment", has=sentence(tab, "ferry pilot"))
    expect(there.locator(".line", has_text="dry and quick")).to_be_visible()
    assert "p4" in studio.review.read_text("utf-8") or "4:" in studio.review.read_text("utf-8")
    moved = paragraph(tab, "dry and quick")
    if not moved.get_by_role("button", name="Take back").is_visible():
        moved.locator("summary", has_text="p4").click()
    moved.get_by_role("button", name="Take back").click()
    back = tab.locator(".segment", has=sentence(tab, "dry and quick"))
    expect(back.get_by_role("heading").first).to_have_text(str(home))


def test_a_pause_is_put_in_changed_and_taken_out(tab: Page, studio: Studio) -> None:
    box = paragraph(tab, "ferry pilot")
    row = tab.locator(f"#add-{box.get_attribute('id')} button")
    row.focus()
    tab.keyboard.press("Enter")
    tab.keyboard.press("ArrowDown")
    tab.keyboard.press("Enter")
    seconds = tab.get_by_label("Seconds of the pause")
    expect(seconds).to_be_focused()
    assert seconds.input_value() == "0.6"
    tab.get_by_role("button", name="Longer").click(click_count=2)
    expect(tab.locator("#undo")).to_contain_text("cue")
    assert "{pause 0.8s}" in studio.script.read_text("utf-8")
    tab.get_by_role("button", name="Remove the pause").click()
    expect(seconds).to_have_count(0)
    assert "{pause" not in studio.script.read_text("utf-8")
    tab.locator("#toast").get_by_role("button", name="Undo").click()
    expect(seconds).to_have_value("0.8")


def test_a_step_holds_when_the_page_is_drawn_anew_before_it_is_sent(
    tab: Page, studio: Studio
) -> None:
    box = paragraph(tab, "ferry pilot")
    tab.locator(f"#add-{box.get_attribute('id')} button").click()
    tab.locator("#insert").get_by_role("button", name="Pause").click()
    seconds = tab.get_by_label("Seconds of the pause")
    expect(seconds).to_be_focused()
    after = tab.get_by_role("button", name="Longer").evaluate(
        """async (button) => {
            const { refresh } = await import("/static/live.js");
            button.focus();
            button.click();
            await refresh();
            button.click();
            await refresh();
            return document.querySelector("input[aria-label='Seconds of the pause']").value;
        }"""
    )
    assert after == "0.8"
    expect(tab.locator("#undo")).to_contain_text("cue")
    assert "{pause 0.8s}" in studio.script.read_text("utf-8")
    studio.script.write_text(
        studio.script.read_text("utf-8").replace("{pause 0.8s}", "{pause 1.5s}"), "utf-8"
    )
    expect(seconds).to_have_value("1.5")  # once it is sent, the file says what it is again


def test_a_paragraph_is_put_in_and_heard(tab: Page, studio: Studio) -> None:
    expect_sound(tab)
    box = paragraph(tab, "dry and quick")
    tab.locator(f"#add-{box.get_attribute('id')} button").click()
    tab.locator("#insert").get_by_role("button", name="Paragraph").click()
    field = tab.get_by_label("Words of the paragraph")
    expect(field).to_be_focused()
    field.fill("And it is *short*.")
    field.press("Control+Enter")
    expect(sentence(tab, "And it is short.")).to_have_class("line now single")
    text = studio.script.read_text("utf-8")
    assert text.index("{from=p4}") < text.index("And it is *short*.") < text.index("{from=p5}")


def test_headings_and_voices_are_changed_in_place(tab: Page, studio: Studio) -> None:
    cast = tab.locator(".segment", has=sentence(tab, "small and superb"))
    title = cast.get_by_label("Title of the segment")
    title.fill("The faces")
    title.press("Enter")
    expect(tab.get_by_role("heading", name="The faces")).to_have_count(1)
    cast.get_by_label("sting").select_option("intro")
    expect(tab.locator("#undo")).to_contain_text("heading")
    paragraph(tab, "small and superb").get_by_label("Voice of this paragraph").select_option("host")
    expect(tab.locator("#undo")).to_contain_text("voice")
    text = studio.script.read_text("utf-8")
    assert "## The faces {#" in text
    assert "sting=intro" in text
    assert "HOST: The cast is small" in text or "host: The cast is small" in text


def test_undo_goes_back_step_by_step(tab: Page, studio: Studio) -> None:
    edit(tab, "dry and quick", "dry and fast").press("Control+Enter")
    expect(sentence(tab, "dry and fast")).to_be_visible()
    edit(tab, "worth every minute", "worth most minutes").press("Control+Enter")
    expect(sentence(tab, "worth most minutes")).to_be_visible()
    tab.keyboard.press("u")
    expect(sentence(tab, "worth every minute")).to_be_visible()
    expect(sentence(tab, "dry and fast")).to_be_visible()
    tab.keyboard.press("u")
    expect(sentence(tab, "dry and quick")).to_be_visible()
    expect(tab.locator("#undo")).to_be_disabled()
