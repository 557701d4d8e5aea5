"""The waveform of the page: its parts, and that it brings no styles into a page that allows none."""

from __future__ import annotations

import numpy as np
import pytest
from lxml import etree

from sayso.studio.waveform import WavePart, segments_svg

PARTS = (
    WavePart("Opening", 0, 0, 4_000),
    WavePart('The cast & "crew" <i>', 1, 4_000, 30_000),
    WavePart("A title that is far too long for the little room it has", 7, 30_000, 40_000),
)


def drawn(parts: tuple[WavePart, ...] = PARTS) -> etree._Element:
    energies = np.abs(np.sin(np.arange(1500, dtype=np.float32))) * 50
    return etree.fromstring(segments_svg(energies, parts, 40_000))


def test_every_segment_is_a_button_in_its_place() -> None:
    buttons = drawn().xpath("//*[@role='button']")
    assert [b.get("data-start") for b in buttons] == ["0", "4000", "30000"]
    assert [float(b.get("x")[:-1]) for b in buttons] == pytest.approx([0, 10, 75])
    assert sum(float(b.get("width")[:-1]) for b in buttons) == pytest.approx(100)
    assert buttons[1].get("aria-label") == 'The cast & "crew" <i>, 0:04'
    assert [b.get("tabindex") for b in buttons] == ["0", "-1", "-1"]


def test_names_are_as_long_as_there_is_room() -> None:
    names = [text.text or "" for text in drawn().iter("text")]
    assert names[1] == 'The cast & "crew" <i>'
    assert names[2].startswith("A title")
    assert names[2].endswith("…")


def test_each_bar_has_the_colour_of_its_segment() -> None:
    paths = drawn().xpath("//path")
    assert [path.get("class") for path in paths] == ["c0", "c1", "c7"]
    bars = [path.get("d").count("M") for path in paths]
    assert sum(bars) == 280
    assert bars == [28, 182, 70]


def test_it_brings_no_styles() -> None:
    picture = drawn()
    assert picture.xpath("//style | //@style") == []


@pytest.mark.parametrize("parts", [(), PARTS[:1]])
def test_silence_without_segments_is_a_line(parts: tuple[WavePart, ...]) -> None:
    picture = etree.fromstring(segments_svg(np.zeros(0, np.float32), parts, 0))
    assert {path.get("class") for path in picture.xpath("//path")} <= {"none", "c0"}
    assert "v1" in picture.xpath("//path")[0].get("d")
