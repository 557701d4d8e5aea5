"""The names of a show's files and folders."""

from __future__ import annotations

import re
import unicodedata
from pathlib import Path
from typing import TYPE_CHECKING

from sayso.errors import ReviewError

if TYPE_CHECKING:
    from sayso.model import Show

EPISODES = "episodes"
MANIFEST = "episode.json"
"""The file that an episode's folder is finished by: it names all others."""
SCRIPT = "script.md"
RENDERED = ".rendered.md"
"""The last rendering, kept beside the script: what an edit is compared with."""


def finished_episodes(show: Show) -> list[Path]:
    """The folders of a show's finished episodes, by name: those with a manifest."""
    return sorted(path.parent for path in (show.root / EPISODES).glob(f"*/{MANIFEST}"))


_DEVICE = re.compile("con|prn|aux|nul|(?:com|lpt)[0-9]")
"""Names that no folder can have on Windows (Microsoft: Naming Files, Paths, and Namespaces)."""


def slug(source: Path) -> str:
    """`reviews/The Long Tide!.md` → `the-long-tide`.

    Raises ReviewError where nothing of the name is left.
    """
    ascii_name = unicodedata.normalize("NFKD", source.stem).encode("ascii", "ignore").decode()
    name = re.sub(r"[^a-z0-9]+", "-", ascii_name.casefold()).strip("-")[:80].strip("-")
    if not name:
        raise ReviewError(
            "no folder can be named after this file",
            code="bad-file-name",
            file=source,
            hint="give it a name with letters from a to z or digits",
        )
    return f"{name}-review" if _DEVICE.fullmatch(name) else name
