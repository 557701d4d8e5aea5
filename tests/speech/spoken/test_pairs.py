"""Golden pairs: written, American, British (where it differs); one file a topic."""

from __future__ import annotations

import importlib.util
import re
from pathlib import Path

import pytest
from shared_data import SHARED

from sayso.speech.spoken import speak_text
from sayso.speech.spoken.rules import FIRST, RULES

PAIRS = Path(__file__).parent / "pairs"
HAZARDS = Path(__file__).with_name("hazards.tsv")


def golden_pairs() -> list[tuple[str, str, str, str]]:
    pairs = []
    for path in sorted(PAIRS.glob("*.tsv")):
        for n, line in enumerate(path.read_text("utf-8").splitlines(), 1):
            if line and not line.startswith("## "):
                written, american, *british = line.split("\t")
                pairs.append((f"{path.stem}:{n}", written, american, (british or [american])[0]))
    return pairs


def hazards() -> list[tuple[str, str, str]]:
    pairs = []
    for line in HAZARDS.read_text("utf-8").splitlines():
        if line and not line.startswith("## "):
            written, american, *british = line.split("\t")
            pairs.append((written, american, (british or [american])[0]))
    return pairs


@pytest.mark.parametrize(("written", "american", "british"), hazards())
def test_what_is_written_short_is_said_in_one_of_the_right_ways(
    written: str, american: str, british: str
) -> None:
    for language, right in (("en-US", american), ("en-GB", british)):
        spoken = speak_text(written, language=language).text
        assert letters(spoken) in [letters(each) for each in right.split(" | ")], spoken


def letters(text: str) -> str:
    """The words without what no voice says: spaces, hyphens and the dots of letters spelled."""
    text = re.sub(r"\beh\b", "a", text.lower())
    return re.sub(r"[\W_]", "", text)


@pytest.mark.parametrize(
    ("written", "american", "british"),
    [pair[1:] for pair in golden_pairs()],
    ids=[pair[0] for pair in golden_pairs()],
)
def test_a_voice_gets_words(written: str, american: str, british: str) -> None:
    assert speak_text(written, language="en-US").text == american
    assert speak_text(written, language="en-GB").text == british


def test_spoken_text_stays_as_it_is() -> None:
    for place, _, american, british in golden_pairs():
        assert speak_text(american).text == american, place
        assert speak_text(british, language="en-GB").text == british, place


def test_every_rule_has_a_pair() -> None:
    fired = set()
    for written in [*(pair[1] for pair in golden_pairs()), *(pair[0] for pair in hazards())]:
        for language in ("en-US", "en-GB"):
            fired |= {step.rule for step in speak_text(written, language=language).steps}
    assert {rule.name for rule in (*FIRST, *RULES)} <= fired


def test_the_pairs_hold_no_digits_or_signs() -> None:
    for place, _, american, british in golden_pairs():
        assert not re.search(r"[0-9$£€%&@#*_/+=<>(){}\[\]“”\"]", american + british), place


def test_hard_cases_of_real_reviews() -> None:
    path = SHARED / "lab" / "segments" / "tts_cases.py"
    if not path.exists():
        pytest.skip("no shared folder")
    spec = importlib.util.spec_from_file_location("tts_cases", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    wrong = [
        (written, spoken)
        for _, written, accepted in module.C
        for spoken in (
            speak_text(written, language=language).text for language in ("en-US", "en-GB")
        )
        if not ({_plain(spoken, " "), _plain(spoken, "")} & {" ".join(a.split()) for a in accepted})
    ]
    assert wrong == []


def _plain(text: str, gap: str) -> str:
    text = text.lower().replace("-", " ").replace("'", " ")
    return " ".join(re.sub(r"[^\w\s]", gap, text).split())
