"""A review in another encoding becomes UTF-8, and the file as it was is kept."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from sayso.errors import ReviewError
from sayso.review.review_file import read_bytes
from sayso.system.atomic_files import write_atomic
from sayso.system.encodings import guess_encoding


@dataclass(frozen=True, slots=True)
class Converted:
    """What was done to a file."""

    codec: str | None
    """What it was read as; None where it was UTF-8 already, and nothing was done."""
    kept: Path | None
    """The file as it was."""
    sample: str
    """Its first line with a letter that is not ASCII."""


def convert_to_utf8(path: Path, codec: str | None = None) -> Converted:
    """Write a text as UTF-8; `codec` is what it is in, or None for a guess.

    The bytes as they were are kept beside it, as `NAME.CODEC`. Raises ReviewError where the file
    cannot be read so.
    """
    data = read_bytes(path)
    if codec is None:
        if _is_utf8(data):
            return Converted(None, None, "")
        guess = guess_encoding(data)
        if guess is None:
            raise ReviewError(
                "no encoding that sayso knows makes words of it",
                code="not-utf8",
                file=path,
                hint="name it: --from shift_jis, for one; or save it as UTF-8 in an editor",
            )
        codec = guess.codec
    try:
        text = data.decode(codec)
    except LookupError as error:
        raise ReviewError(
            f"{codec!r} is not an encoding that Python knows",
            code="not-utf8",
            file=path,
            hint="cp1252, cp1250, cp1251, mac_roman, utf-16, shift_jis and gb18030 are some",
        ) from error
    except UnicodeError as error:
        raise ReviewError(
            f"is not {codec}: {error}"[:300],
            code="not-utf8",
            file=path,
            hint="without --from, sayso guesses the encoding",
        ) from error
    kept = path.with_name(f"{path.name}.{codec}")
    if kept.exists() and kept.read_bytes() != data:
        raise ReviewError(
            "is in the way of the file as it was; nothing was written",
            code="already-there",
            file=kept,
            hint="move it elsewhere",
        )
    write_atomic(kept, data)
    write_atomic(path, text.removeprefix("\ufeff").encode())
    lines = (" ".join(line.split()) for line in text.splitlines())
    sample = next((line for line in lines if not line.isascii()), "")
    return Converted(codec, kept, sample[:80])


def _is_utf8(data: bytes) -> bool:
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return b"\0" not in data
