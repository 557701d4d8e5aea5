"""Pages that are sayso's own and no show's to change: the report and the studio.

Their templates are trusted and lie beside the code; a show's go through the sandbox of
`sayso.script.environment`.
"""

from __future__ import annotations

from pathlib import Path

import jinja2


def html_templates(folder: Path) -> jinja2.Environment:
    """The templates of a folder of ours: all that they print is escaped, and nothing undefined."""
    return jinja2.Environment(
        loader=jinja2.FileSystemLoader(folder),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
