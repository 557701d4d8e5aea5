"""The names of a show's files and folders."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from pathlib import Path
from typing import TYPE_CHECKING

from sayso.system.atomic_files import path_as_named, real_path

if TYPE_CHECKING:
    from sayso.model import Show

FILE_NAME = "show.toml"
EPISODES = "episodes"
MANIFEST = "episode.json"
"""The file that an episode's folder is finished by: it names all others."""
SCRIPT = "script.md"
RENDERED = ".rendered.md"
"""The last rendering, kept beside the script: what an edit is compared with."""


def show_files(start: Path, here: Path | None = None) -> list[Path]:
    """Where the show.toml is looked for that a folder or file belongs to, in this order.

    In the folders above it, on the path as it is named: what a link stands in counts, not where it
    leads. Then in `here`, the folder that somebody stands in, and those above it. At last above the
    place where a link leads.
    """
    named, is_folder = path_as_named(start), start.is_dir()
    tops = [named if is_folder else named.parent]
    if here is not None:
        tops.append(here)
    tops.append(real_path(named) if is_folder else real_path(named).parent)
    folders = (folder for top in tops for folder in (top, *top.parents))
    return [folder / FILE_NAME for folder in dict.fromkeys(folders)]


def is_at_home(review: Path, here: Path) -> bool:
    """Whether a review lies in the very show that somebody in `here` is in, or, where there is
    none, in that folder: nobody need be told which show its episode belongs to."""
    folder = path_as_named(review).parent
    home, around = (
        next((path for path in show_files(each) if path.is_file()), each / FILE_NAME)
        for each in (folder, here)
    )
    return real_path(home) == real_path(around)


def finished_episodes(show: Show) -> list[Path]:
    """The folders of a show's finished episodes, by name: those with a manifest."""
    return sorted(path.parent for path in (show.root / EPISODES).glob(f"*/{MANIFEST}"))


_DEVICE = re.compile("con|prn|aux|nul|(?:com|lpt)[0-9]")
"""Names that no folder can have on Windows (Microsoft: Naming Files, Paths, and Namespaces)."""


_AS_READ = """
аa бb вv гg дd еe жzh зz иi йy кk лl мm нn оo пp рr сs тt уu фf хkh цts чch шsh щshch ыy эe юyu яya
ёyo іi їyi єye ґg αa βv γg δd εe ζz ηi θth ιi κk λl μm νn ξx οo πp ρr σs ςs τt υy φf χch ψps ωo
"""
_LETTERS = str.maketrans({letter[0]: letter[1:] for letter in _AS_READ.split()})
"""Letters of Cyrillic and Greek as passports and road signs write them, roughly: to be read."""
_NAMED_SOUND = re.compile(r"(?:HANGUL SYLLABLE|(?:HIRAGANA|KATAKANA) LETTER(?: SMALL)?) (\w+)")
"""Characters that Unicode names by their sound."""


def slug(source: Path) -> str:
    """`reviews/The Long Tide!.md` → `the-long-tide`, `声.md` → `review-` and a hash of the name.

    The name of the episode's folder and of its page, the same on every machine. One of a name at
    least half of which is in other letters than a to z ends in a hash: no two of those are one.
    """
    stem = unicodedata.normalize("NFC", source.stem)
    name = _from_a_to_z(stem)
    if 2 * sum(map(str.isalnum, name)) <= sum(map(str.isalnum, stem)):
        digest = hashlib.sha256(stem.encode("utf-8", "surrogatepass")).hexdigest()[:8]
        read = "".join(map(_sound, stem.casefold())).translate(_LETTERS)
        read = _from_a_to_z(unicodedata.normalize("NFKD", read).translate(_LETTERS))
        return f"{read[:71].strip('-') or 'review'}-{digest}"
    name = name[:80].strip("-")
    return f"{name}-review" if _DEVICE.fullmatch(name) else name


def _from_a_to_z(text: str) -> str:
    ascii_text = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", ascii_text.casefold()).strip("-")


def _sound(character: str) -> str:
    named = _NAMED_SOUND.match(unicodedata.name(character, ""))
    return named[1].lower() if named else character
