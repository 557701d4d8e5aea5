from __future__ import annotations

from xml.etree import ElementTree as ET

import numpy as np
import pytest
from episode.timelines import EVENING, RATE, timelines
from hypothesis import given

from sayso.episode import waveform_svg
from sayso.episode.loudness_chart import loudness_chart
from sayso.episode.waveform import MAX_BYTES, bar_heights
from sayso.model import Chapter, Timeline

SVG = "{http://www.w3.org/2000/svg}"


def noise(timeline: Timeline, seed: int = 1) -> np.ndarray:
    n_frames = min(timeline.n_samples // 1152 + 1, 20_000)
    rng = np.random.default_rng(seed)
    return (rng.random(n_frames, np.float32) ** 4 * 100).astype(np.float32)


def test_the_picture_tells_chapters_and_times() -> None:
    root = ET.fromstring(waveform_svg(EVENING, noise(EVENING), "An evening <live>"))
    assert root.get("aria-label") == "Waveform of An evening <live>"
    titles = [title.text for title in root.iter(f"{SVG}title")]
    assert titles == ["Intro, 0:00", 'The "cast" & <co>, 1:03', "Verdict, 1:01:40"]
    texts = [text.text for text in root.iter(f"{SVG}text")]
    assert "0:00" in texts
    assert "1:00:00" in texts


@given(timelines())
def test_any_chapters_give_a_small_picture_that_is_xml(any_timeline: Timeline) -> None:
    svg = waveform_svg(any_timeline, noise(any_timeline), any_timeline.chapters[0].title)
    ET.fromstring(svg)
    assert len(svg.encode()) <= MAX_BYTES


@pytest.mark.parametrize("n_chapters", [60, 255, 3_000])
def test_hundreds_of_long_names_stay_within_forty_kilobytes(n_chapters: int) -> None:
    chapters = tuple(
        Chapter(f"s{i}", 'Ж"&<>' * 60, i * 100_000, (i + 1) * 100_000) for i in range(n_chapters)
    )
    long = Timeline(RATE, n_chapters * 100_000, (), (), chapters, ())
    svg = waveform_svg(long, noise(long), "T" * 5_000)
    ET.fromstring(svg)
    assert len(svg.encode()) <= MAX_BYTES


def test_it_takes_the_readers_colours_and_nothing_from_elsewhere() -> None:
    svg = waveform_svg(EVENING, noise(EVENING), "T")
    assert "prefers-color-scheme:dark" in svg
    assert "http" not in svg.replace("http://www.w3.org/2000/svg", "")
    assert "<script" not in svg


def test_bars_follow_the_sound() -> None:
    energies = np.concatenate([np.zeros(500), np.full(500, 90.0), np.full(500, 22.5)])
    heights = bar_heights(energies.astype(np.float32), 30)
    assert heights[:9].max() == 0
    assert heights[12:19] == pytest.approx(1.0)
    assert heights[22:] == pytest.approx(0.5)  # a quarter of the energy, half the amplitude


@pytest.mark.parametrize("energies", [np.zeros(0), np.zeros(900), np.full(1, 50.0)])
def test_silence_and_scraps_are_drawn_as_they_are(energies: np.ndarray) -> None:
    heights = bar_heights(energies.astype(np.float32), 40)
    assert heights.shape == (40,)
    assert (heights.max() > 0) == bool(energies.any())
    ET.fromstring(waveform_svg(EVENING, energies.astype(np.float32), "T"))


@pytest.mark.parametrize("n_frames", [1, 40, 4_000])
def test_the_loudness_chart_is_xml_of_any_length(n_frames: int) -> None:
    energies = np.full(n_frames, 30.0, np.float32)
    root = ET.fromstring(loudness_chart(energies, RATE, -16.0, (0.0, 0.5)))
    assert any("target −16 LUFS" in (text.text or "") for text in root.iter("text"))


def test_the_loudness_chart_of_silence_has_no_gate() -> None:
    assert "gate" not in loudness_chart(np.zeros(500, np.float32), RATE, -16.0, (0.0,))
