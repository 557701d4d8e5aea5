"""English text → misaki phonemes, for the engines that were trained on them (hibari, Kokoro).

The dictionary, the tagger and the sounds of unknown words are those of `hibari.g2p`.
"""

from __future__ import annotations

import itertools
import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence, Set
from typing import Any

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
    text: str, g2p: Any, split_sentences: Callable[[str], Iterable[str]], *, limit: int
) -> list[str]:
    """The phonemes of each sentence in `text`, at most `limit` each.

    `g2p` is a `hibari.g2p.G2P`, whose steps we take one by one. Called as a whole it first puts
    the text through rules of its own (a numeral after a name, abbreviations, units), which say
    what nobody wrote: "the part I liked" becomes "the part one liked".
    """
    text, marked = hide_ipa(text)
    found: list[str] = []
    for sentence in split_sentences(in_latin(plain_text(text))):
        tokens = g2p.phonemize_tokens(_tokens(g2p, sentence.translate(_MARKS), marked))
        for token in tokens:
            if has_words(token.text) and not has_words(token.phonemes or ""):
                token.phonemes = _spelled(g2p, token.text)
        parts = ((token.phonemes or "") + (" " if token.whitespace else "") for token in tokens)
        phonemes = "".join(parts).strip()
        if has_words(phonemes):
            found.extend(_cut(phonemes, limit))
    return found


_MARKS = str.maketrans("’‒―", "'-—")  # the only apostrophe and dashes that the tokenizer knows


def _tokens(g2p: Any, sentence: str, marked: Mapping[str, Ipa]) -> list[Any]:
    """The tokens of a sentence, in which each of the `marked` names is one with its phonemes.

    The written words take the name's place before words are tagged, so that their neighbours
    are read as if nothing were marked.
    """
    words: list[str] = []
    spans: dict[int, tuple[int, Ipa]] = {}
    at = 0
    for part in re.split(f"({'|'.join(marked) or '(?!)'})", sentence):
        mark = marked.get(part)
        words.append(part if mark is None else in_latin(plain_text(mark.text)) or part)
        if mark is not None:
            spans[at] = (at + len(words[-1]), mark)
        at += len(words[-1])
    edges = {*spans, *(end for end, _ in spans.values())}
    tokens: list[Any] = []
    at = until = 0
    for token in g2p.tokenize("".join(words)):
        for piece in _cut_at(token, at, edges):
            if at < until:  # the rest of a marked word
                tokens[-1].whitespace = piece.whitespace
            elif at in spans:
                until, mark = spans[at]
                tokens.append(piece.copy(phonemes=to_misaki(mark.ipa), rating=5))
            else:
                tokens.append(piece)
            at += len(piece.text + piece.whitespace)
    return tokens


def _spelled(g2p: Any, word: str) -> str:
    """The names of a word's letters, for one that the rules and the model have no sound for."""
    letters = (c for c in unicodedata.normalize("NFKD", word) if c.isascii() and c.isalpha())
    return g2p.lexicon.get_NNP("".join(letters))[0] or ""


def _cut_at(token: Any, start: int, edges: Set[int]) -> list[Any]:
    """A token that begins at `start`, cut where a marked word begins or ends inside it."""
    text = token.text
    cuts = [n for n in range(1, len(text)) if start + n in edges] if edges else []
    if not cuts:
        return [token]
    pieces = [
        token.copy(text=text[a:b], whitespace="") for a, b in itertools.pairwise([0, *cuts, None])
    ]
    pieces[-1].whitespace = token.whitespace
    return pieces


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
        words = [clause] if len(clause) <= limit else clause.split(" ")
        for word in words:
            for start in range(0, len(word), limit):  # a word that is too long is cut, not lost
                piece = word[start : start + limit]
                if runs[-1] and len(runs[-1]) + 1 + len(piece) > limit:
                    runs.append("")
                runs[-1] = f"{runs[-1]} {piece}".strip()
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
