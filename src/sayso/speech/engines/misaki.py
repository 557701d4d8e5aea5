"""IPA as dictionaries write it → the phoneme letters that hibari was trained on.

hibari speaks the American half of misaki's alphabet (misaki, EN_PHONES.md): a letter for each
diphthong (`A` for eɪ), `ʧ` and `ʤ` for the affricates, `ɹ` for r, no length, and stress directly
before the vowel rather than before the syllable. Sounds that English lacks get a near one.
"""

from __future__ import annotations

import re
import unicodedata

_LETTERS = {
    # affricates and diphthongs
    "tʃ": "ʧ", "dʒ": "ʤ", "tɕ": "ʧ", "dʑ": "ʤ", "ʨ": "ʧ", "ʥ": "ʤ", "ʦ": "ts", "ʣ": "dz",
    "eɪ": "A", "ei": "A", "aɪ": "I", "ai": "I", "aʊ": "W", "au": "W", "ɔɪ": "Y", "oi": "Y",
    "oʊ": "O", "əʊ": "O", "ou": "O",
    # r after a vowel, which Americans say where it is written ɜː too; syllabic consonants
    "ɜːɹ": "ɜɹ", "ɜːr": "ɜɹ", "ɜː": "ɜɹ", "ɝ": "ɜɹ", "ɚ": "əɹ", "oːɹ": "ɔɹ", "oːr": "ɔɹ",
    "oɹ": "ɔɹ", "or": "ɔɹ", "n\u0329": "ᵊn", "l\u0329": "ᵊl", "m\u0329": "ᵊm", "r\u0329": "əɹ",
    "ɹ\u0329": "əɹ",
    # consonants
    "r": "ɹ", "ɾ": "T", "ɻ": "ɹ", "ʀ": "ɹ", "ʁ": "ɹ", "g": "ɡ", "ɣ": "ɡ", "ɢ": "ɡ", "q": "k",
    "x": "k", "χ": "k", "c": "k", "c\u0327": "h", "ɦ": "h", "ħ": "h", "ɕ": "ʃ", "ʂ": "ʃ", "ʑ": "ʒ",
    "ʐ": "ʒ", "ɲ": "nj", "ɳ": "n", "ɱ": "m", "ɫ": "l", "ɬ": "l", "ɭ": "l", "ʎ": "lj", "β": "v",
    "ʋ": "v", "ɸ": "f", "ɥ": "w", "ʍ": "w", "ɰ": "w", "ʈ": "t", "ɖ": "d", "ʝ": "j", "ɟ": "ʤ",
    # vowels
    "a": "ɑ", "ɐ": "ə", "ɒ": "ɑ", "e": "ɛ", "o": "O", "y": "u", "ʏ": "ʊ", "ø": "ɜ", "œ": "ɜ",
    "ɨ": "ɪ", "ʉ": "u", "ɯ": "u", "ɤ": "ʌ", "ɘ": "ə", "ɵ": "ə", "ɞ": "ɜ", "ɶ": "æ",
    "'": "ˈ",
}  # fmt: skip
_VOWELS = frozenset("AIOWYæɑəɛiɪɔuʊʌɜᵊᵻ")
_KNOWN = frozenset("ˈˌ") | frozenset("bdfhijklmnpstuvwzæɑəɛɪɔʊʌɜᵊᵻɡŋɹʃʒðθʤʧ")
_SOUND = re.compile("|".join(sorted(map(re.escape, _LETTERS), key=len, reverse=True)) + "|.")


def to_misaki(ipa: str) -> str:
    """`ˈtʃoʊ jiː ˈhjʌn` → `ʧˈO jˈi hjˈʌn`; empty where nothing in it can be said."""
    words = (_word(word) for word in ipa.replace("/", " ").replace(".", "").split())
    return " ".join(word for word in words if word)


def _word(ipa: str) -> str:
    placed = []
    waiting = ""
    for letter in _spell(ipa):
        if letter in "ˈˌ":
            waiting = letter
        elif letter in _VOWELS:
            placed.append(waiting + letter)
            waiting = ""
        else:
            placed.append(letter)
    word = "".join(placed)
    if "ˈ" not in word:  # a word of its own has one main stress; the first vowel is the best guess
        word = word.replace("ˌ", "ˈ", 1) if "ˌ" in word else _stress_first_vowel(word)
    return word


def _spell(ipa: str) -> str:
    """IPA letters to misaki letters; length, tones and unknown marks are left out."""
    bare = unicodedata.normalize("NFD", ipa).replace("\u0361", "").replace("\u035c", "")  # ties
    sounds = _SOUND.findall(bare)
    return "".join(_LETTERS.get(each, each if each in _KNOWN else "") for each in sounds)


def _stress_first_vowel(word: str) -> str:
    for index, letter in enumerate(word):
        if letter in _VOWELS:
            return f"{word[:index]}ˈ{word[index:]}"
    return word
