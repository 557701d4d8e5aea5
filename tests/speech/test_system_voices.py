"""pyttsx3 on macOS and Windows: our adapter over pyttsx3's own engine, with stand-ins for its drivers.

The real drivers need their systems; the stand-ins do what was read in theirs: formats of ids and
files, errors as events, files that are complete later.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest
from speech import fake_drivers as fakes

from sayso.errors import SpeechError
from sayso.speech.engines import Speech
from sayso.speech.workers import LocalWorkers

LINE = "Five words are enough here."
OTHER = {"darwin": fakes.Nsss.voices[1][0], "win32": fakes.Sapi5.voices[1][0]}


@pytest.fixture(scope="module", params=["darwin", "win32"])
def system(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[str, LocalWorkers]]:
    with pytest.MonkeyPatch.context() as patch, LocalWorkers(1, limit_s=30) as worker:
        # The worker starts with its first task: in a folder where no other test leaves files.
        patch.setenv("TMPDIR", str(tmp_path_factory.mktemp("system")))
        yield request.param, worker


System = tuple[str, LocalWorkers]


def said(system: System, text: str = LINE, voice: str = "default", speed: float = 1.0) -> Speech:
    platform, worker = system
    return worker.submit(fakes.speak, platform, text, voice, speed).result()  # type: ignore[no-any-return]


def test_the_whole_file_is_read_and_neither_system_leaves_one(system: System) -> None:
    speech = said(system)
    assert speech.sample_rate == 22_050
    assert len(speech.samples) == int(22_050 * 60 / 180 * 5)
    assert system[1].submit(fakes.files_left).result() == []


def test_what_was_said_before_changes_nothing(system: System) -> None:
    before = said(system).samples
    said(system, "Another one.", OTHER[system[0]], 1.5)
    assert np.array_equal(said(system).samples, before)


def test_voices_have_the_systems_ids_and_each_speaks(system: System) -> None:
    platform, worker = system
    voices = worker.submit(fakes.voices, platform).result()
    assert len({voice.id for voice in voices}) == len(voices) >= 2
    assert {voice.sex for voice in voices} >= {"female", "male"}
    assert {voice.language for voice in voices} <= {"en-US", "en-GB", "en-us", "und"}
    sounds = {said(system, LINE, voice.id).samples.tobytes() for voice in voices}
    assert len(sounds) == len(voices)


def test_an_unknown_voice_is_refused(system: System) -> None:
    with pytest.raises(SpeechError, match=r"has no voice 'gmw/en-us' .*sayso voices"):
        said(system, LINE, "gmw/en-us")
    assert len(said(system).samples) > 22_050


def test_a_higher_speed_is_faster(system: System) -> None:
    slow, fast = (len(said(system, LINE, speed=speed).samples) for speed in (0.8, 1.25))
    assert slow > fast


def test_nothing_to_say_is_an_error(system: System) -> None:
    with pytest.raises(SpeechError, match="cannot say"):
        said(system, "…")


@pytest.mark.parametrize("platform", ["darwin", "win32"])
def test_the_default_voice_needs_no_question_to_the_system(platform: str) -> None:
    with LocalWorkers(1) as worker:
        version, default, has_it = worker.submit(fakes.version_and_default, platform).result()
    assert version.startswith("2 pyttsx3-2")
    assert (default, has_it) == ("default", True)
