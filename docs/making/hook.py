"""Gives the files of the site their paths in the repository: a hook of mkdocs (see mkdocs.yml).

A page that links to `../scripts/README.md#pages` then leads there on a code host and in the site
alike, and mkdocs itself tells of a link that leads nowhere. Files outside of docs/ that pages link
to come along, under names of their own.
"""

from __future__ import annotations

from pathlib import Path

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files

ROOT = Path(__file__).parents[2]
OUTSIDE = {
    "scripts/README.md": "templates.html",
    "audio/README.md": "music.html",
    "CONTRIBUTING.md": "contributing.html",
    "CHANGELOG.md": "changelog.html",
    "LICENSE": "LICENSE.txt",
    "reviews/the-long-tide.md": "reviews/the-long-tide.html",
    "reviews/plain-speaker.txt": "reviews/plain-speaker.txt",
    "lexicon.toml": "lexicon.toml",
    "show.toml": "show.toml",
}
"""Paths in the repository, and what each is in the site."""


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """Name every file by its path in the repository; the addresses of pages stay short."""
    docs = Path(config.docs_dir)
    homes = {f"{docs.name}/{f.src_uri}": f for f in files if f.src_dir == config.docs_dir}
    for file in homes.values():
        files.remove(file)
    targets = {path: file.dest_uri for path, file in homes.items()} | OUTSIDE
    for path, target in targets.items():
        inclusion = {"inclusion": homes[path].inclusion} if path in homes else {}
        files.append(File(path, str(ROOT), config.site_dir, False, dest_uri=target, **inclusion))
    return files
