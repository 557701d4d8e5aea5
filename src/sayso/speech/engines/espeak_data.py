"""The data of the bundled espeak-ng: which voices it has, and where a child finds them quickly."""

from __future__ import annotations

import contextlib
import functools
import hashlib
import shutil
from pathlib import Path

from sayso.errors import EnvironmentProblem
from sayso.system.atomic_files import exclusive
from sayso.system.cache import cache_folder


def has_voice_file(voice: str) -> bool | None:
    """Whether the bundled espeak-ng has `voice` (`gmw/en-us+f3`); None where none is bundled.

    Voice ids are paths of its data folder in lower case, variants are files of `voices/!v`.
    """
    data = bundled_data()
    if data is None:
        return None
    language, _, variant = voice.partition("+")
    variants = data / "voices" / "!v"
    return language in _language_files(data) and (
        not variant or variant in {each.name for each in variants.iterdir()}
    )


@functools.cache
def _language_files(data: Path) -> frozenset[str]:
    folder = data / "lang"
    return frozenset(
        path.relative_to(folder).as_posix().lower() for path in folder.rglob("*") if path.is_file()
    )


def bundled_data() -> Path | None:
    """The data folder of `espeakng_loader`; None where it is not installed."""
    try:
        import espeakng_loader
    except ImportError:
        return None
    return Path(espeakng_loader.get_data_path())


def with_lower_case(data: Path) -> Path:
    """espeak's data with every language also under its name in lower case: links in our cache.

    espeak looks for `gmw/en-us`, which is `en-US` on disk; not finding it, each child would read
    all 280 voice files to find it after all. Where no links can be made, the data itself.
    """
    name = hashlib.sha256(f"{data} {data.stat().st_mtime_ns}".encode()).hexdigest()[:16]
    folder = cache_folder() / "espeak" / name
    ours = folder / data.name
    with contextlib.suppress(OSError, EnvironmentProblem):
        if not ours.is_dir():
            with exclusive(folder.parent):
                if not ours.is_dir():  # another process may just have made it
                    made = folder.with_name(f"{name}.part")
                    shutil.rmtree(made, ignore_errors=True)  # of one that was killed
                    made.mkdir()
                    _link(data, made / data.name)
                    made.rename(folder)
    return ours if (ours / "phondata").is_file() else data


def _link(data: Path, ours: Path) -> None:
    ours.mkdir()
    for entry in data.iterdir():
        if entry.name != "lang":
            (ours / entry.name).symlink_to(entry)
    for path in (data / "lang").rglob("*"):
        if path.is_file():
            link = ours / path.relative_to(data)
            link.parent.mkdir(parents=True, exist_ok=True)
            link.symlink_to(path)
            if not link.with_name(link.name.lower()).exists():
                link.with_name(link.name.lower()).symlink_to(path)
