"""English text → misaki phonemes, for the engines that were trained on them (hibari, Kokoro).

The dictionary and the rules are those of `hibari.g2p`.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

from sayso.speech.engines.base import has_words, plain_text
from sayso.speech.engines.misaki import to_misaki
from sayso.speech.spoken.ipa import Ipa, split_ipa

_GAP_MS = 260  # between sentences inside one line
_MARGIN_MS = 15
_CLAUSE = re.compile(r"(?<=[,;:—])\s+")
_LATIN = re.compile(r"[A-Za-z0-9\u00c0-\u024f]")
_SOUNDS_LIKE = re.compile(r"(?:HANGUL SYLLABLE|(?:HIRAGANA|KATAKANA) LETTER(?: SMALL)?) (\w+)$")


def phoneme_runs(
    text: str,
    g2p: Callable[[str], str],
    split_sentences: Callable[[str], Iterable[str]],
    *,
    limit: int,
) -> list[str]:
    """The phonemes of each sentence in `text`, at most `limit` each.

    `g2p` reads `[word](/phonemes/)`, but its number and abbreviation rules would run over the
    phonemes too. So a marked word travels through those rules under a made-up name and is put in
    after.
    """
    from hibari.g2p.normalize import normalize

    text, marked = hide_ipa(text)
    links = {name: f"[{name}](/{to_misaki(mark.ipa)}/)" for name, mark in marked.items()}
    found: list[str] = []
    for sentence in split_sentences(in_latin(plain_text(text))):
        ready = normalize(sentence)
        for name, link in links.items():
            ready = ready.replace(name, link)
        phonemes = g2p(ready)
        if has_words(phonemes):
            found.extend(_cut(phonemes, limit))
    return found


def hide_ipa(text: str) -> tuple[str, dict[str, Ipa]]:
    """`text` with each word that has a pronunciation under a made-up name, and what they stand for.

    A pronunciation without a sound in it is passed over: its written word stays.
    """
    parts: list[str] = []
    marked: dict[str, Ipa] = {}
    for part in split_ipa(text):
        if isinstance(part, str):
            parts.append(part)
        elif to_misaki(part.ipa):
            name = f"Zq{''.join(chr(ord('a') + int(digit)) for digit in str(len(marked)))}zq"
            marked[name] = part
            parts.append(name)
        else:
            parts.append(part.text)
    return "".join(parts), marked


def foreign_words(text: str) -> tuple[str, ...]:
    """The words of `text` without a letter that English has, such as Arabic or Chinese ones."""
    plain = " ".join(part for part in split_ipa(text) if isinstance(part, str))
    words = plain_text(plain).split()
    return tuple(word for word in words if has_words(word) and not _LATIN.search(in_latin(word)))


def in_latin(text: str) -> str:
    """`text` with Hangul and kana in Latin letters, the only ones that these engines know.

    Unicode names a syllable by its sound (HANGUL SYLLABLE HAN, KATAKANA LETTER KA).
    """
    if text.isascii():
        return text
    text = unicodedata.normalize("NFKC", text)
    return "".join(_sound(c) if ord(c) > 0x36F else c for c in text)


def join_sentences(parts: Sequence[NDArray[np.float32]], sample_rate: int) -> NDArray[np.int16]:
    """Voiced sentences (−1 to 1) without the silence at their ends, with short gaps, as 16 bit.

    Empty where none has a sound.
    """
    trimmed = [part for each in parts if len(part := _without_silence(each, sample_rate))]
    if not trimmed:
        return np.zeros(0, np.int16)
    gap = np.zeros(sample_rate * _GAP_MS // 1000, np.float32)
    wave = np.concatenate([each for part in trimmed for each in (part, gap)][:-1])
    samples: NDArray[np.int16] = np.rint(np.clip(wave, -1.0, 1.0) * 32767.0).astype(np.int16)
    return samples


def _cut(phonemes: str, limit: int) -> list[str]:
    """`phonemes` in runs of at most `limit`, cut at clauses, then at words."""
    if len(phonemes) <= limit:
        return [phonemes]
    runs = [""]
    for clause in _CLAUSE.split(phonemes):
        pieces = [clause] if len(clause) <= limit else clause.split(" ")
        for piece in pieces:
            if runs[-1] and len(runs[-1]) + 1 + len(piece) > limit:
                runs.append("")
            runs[-1] = f"{runs[-1]} {piece}".strip()[:limit]
    return [run for run in runs if has_words(run)]


def _sound(character: str) -> str:
    match = _SOUNDS_LIKE.match(unicodedata.name(character, ""))
    if match is None:
        return character
    syllable = match.group(1).casefold()
    return syllable.capitalize() if character.isupper() else syllable


def _without_silence(wave: NDArray[np.float32], sample_rate: int) -> NDArray[np.float32]:
    loud = np.flatnonzero(np.abs(wave) > 10 ** (-50 / 20))
    if not len(loud):
        return wave[:0]
    margin = sample_rate * _MARGIN_MS // 1000
    return wave[max(0, loud[0] - margin) : loud[-1] + 1 + margin]
