"""How a name is said: an entry of lexicon.toml."""

from __future__ import annotations

from pathlib import Path


def set_word(
    text: str,
    word: str,
    *,
    say: str | None,
    ipa: str | None = None,
    path: Path | None = None,
) -> str:
    """Have lexicon.toml say `word` so; with neither `say` nor `ipa`, take its entry away.

    `text` is the file's, empty where there is none; `path` names it in errors.
    """
    raise NotImplementedError
