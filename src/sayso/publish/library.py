"""The finished episodes of a show, each read and checked at most once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from sayso.episode.checking import check_episode
from sayso.errors import PublishError
from sayso.publish.media import FinishedEpisode, manifest_digest, read_finished


class Library:
    """Reads and checks episodes on demand, and remembers what it has found."""

    def __init__(self, folders: Sequence[Path]) -> None:
        """Raises EnvironmentProblem where a manifest in one of the `folders` cannot be read."""
        self._folders = {folder.name: folder for folder in folders}
        self.digests: Mapping[str, str] = {
            slug: manifest_digest(folder) for slug, folder in self._folders.items()
        }
        """SHA-256 of the manifests, by slug."""
        self._read: dict[str, FinishedEpisode] = {}
        self._checked: set[str] = set()

    def read(self, slug: str) -> FinishedEpisode:
        """An episode. Raises PublishError where its manifest is not sound."""
        if slug not in self._read:
            self._read[slug] = read_finished(self._folders[slug])
        return self._read[slug]

    def check(self, slug: str) -> FinishedEpisode:
        """An episode whose every file has been decoded and compared with its timeline.

        Raises PublishError where something is wrong with one.
        """
        episode = self.read(slug)
        if slug not in self._checked:
            checked = check_episode(episode.folder)
            errors = [finding for finding in checked.findings if finding.severity == "error"]
            if errors:
                more = f" (and {len(errors) - 1} more)" if len(errors) > 1 else ""
                raise PublishError(
                    f"the episode is not fit to be published: {errors[0].problem}{more}",
                    code="unfit-episode",
                    file=episode.folder / errors[0].file,
                    hint=f"{errors[0].hint}; sayso check {slug} tells all",
                )
            self._checked.add(slug)
        return episode
