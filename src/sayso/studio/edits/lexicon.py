"""How a name is said: an entry of lexicon.toml."""

from __future__ import annotations

import contextlib
from pathlib import Path

from sayso.errors import SaysoError, ShowError
from sayso.speech.spoken.clean import clean
from sayso.speech.spoken.lexicon import Entry, entry_name, parse_lexicon, read_entry
from sayso.speech.spoken.lexicon_text import waiting
from sayso.system.toml_edit import NoPlace, keys_under, quoted, with_value, without

_WORDS = ("words",)


def set_word(
    text: str,
    word: str,
    *,
    say: str | None,
    ipa: str | None = None,
    path: Path | None = None,
) -> str:
    """Have lexicon.toml say `word` so; with neither `say` nor `ipa`, take its entry away.

    `text` is the file's, empty where there is none; `path` names it in errors. An entry is changed
    in its place and its form, one that waits commented out is filled in, and another is added at
    the end of `[words]`. All else stays byte for byte. Raises ShowError, or ErrorGroup, for a file
    that cannot be read and for an entry that could not be read again.
    """
    path = path or Path("lexicon.toml")
    before = parse_lexicon(text, path).entries
    name = entry_name(word)
    entry = _entry(name, say, ipa)
    wanted = _entries_with(before, name, entry)
    if before == wanted:
        return text
    for candidate in _candidates(text, name, entry):
        with contextlib.suppress(SaysoError):
            if _alike(parse_lexicon(candidate, path).entries, wanted):
                return candidate
    raise ShowError(
        f"'{name}' cannot be changed in it without changing more",
        code="bad-lexicon",
        file=path,
        hint="put [words] on a line of its own, and one entry a line below it",
    )


def _entry(name: str, say: str | None, ipa: str | None) -> Entry | None:
    """The entry that is wanted, None for none; raises ShowError for one that makes no sense."""
    given = {
        key: clean(value).strip()
        for key, value in (("say", say), ("ipa", ipa))
        if value is not None
    }
    return read_entry(name, given) if given else None


def _entries_with(entries: tuple[Entry, ...], name: str, entry: Entry | None) -> tuple[Entry, ...]:
    if entry is None:
        return tuple(each for each in entries if each.written != name)
    if any(each.written == name for each in entries):
        return tuple(entry if each.written == name else each for each in entries)
    return (*entries, entry)


def _candidates(text: str, name: str, entry: Entry | None) -> list[str]:
    """Ways to write the change, the best first."""
    keys = [key for key in keys_under(text, _WORDS) if entry_name(key) == name]
    if entry is None:
        for key in keys:
            text = without(text, (*_WORDS, key))
        return [text]
    found: list[str] = []
    with contextlib.suppress(NoPlace):
        if keys:
            for key in keys:
                text = _changed(text, key, entry)
            return [text]
        found += [
            text[: each.start]
            + text[each.key : each.value[0]]
            + _value(entry)
            + text[each.value[1] :]
            for each in waiting(text)
            if each.name == name
        ]
        found.append(with_value(text, (*_WORDS, name), _value(entry)))
    return found


def _changed(text: str, key: str, entry: Entry) -> str:
    """The text with an entry that it has changed, in the form that it has."""
    path = (*_WORDS, key)
    has = keys_under(text, path)
    if not has:
        return with_value(text, path, _value(entry))
    parts = {"say": entry.say, "ipa": entry.ipa}
    for part, value in parts.items():
        if value is not None:
            text = with_value(text, (*path, part), quoted(value), key=part)
    for part in has:
        if parts[part] is None:
            text = without(text, (*path, part))
    return text


def _value(entry: Entry) -> str:
    if entry.say is not None and entry.ipa is None:
        return quoted(entry.say)
    parts = (("say", entry.say), ("ipa", entry.ipa))
    inner = ", ".join(f"{key} = {quoted(value)}" for key, value in parts if value is not None)
    return f"{{ {inner} }}"


def _alike(some: tuple[Entry, ...], others: tuple[Entry, ...]) -> bool:
    """Whether the entries are the same, in whatever order: that has no meaning."""
    return sorted(map(repr, some)) == sorted(map(repr, others))
