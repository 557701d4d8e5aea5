"""The checks of an episode, in the order that a person would make them."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from sayso.episode.checking.finding import Finding
from sayso.episode.checking.frames import check_stream
from sayso.episode.checking.inventory import check_files
from sayso.episode.checking.listening import Heard, listen
from sayso.episode.checking.manifest_reading import Expected, read_manifest
from sayso.episode.checking.sound import CEILING_DBTP, check_sound
from sayso.episode.checking.tag_and_chapters import (
    check_chapters_json,
    check_cover,
    check_tag,
)
from sayso.episode.checking.transcripts import check_transcripts
from sayso.errors import EnvironmentProblem
from sayso.mix import FRAME, integrated
from sayso.system.atomic_files import explain_os_errors

MP3 = "episode.mp3"


@dataclass(frozen=True, slots=True)
class CheckedEpisode:
    """What a check has seen, and what it found wrong."""

    folder: Path
    findings: tuple[Finding, ...]
    title: str | None = None
    duration_s: float | None = None
    """As decoded."""
    integrated_lufs: float | None = None
    true_peak_dbtp: float | None = None
    n_chapters: int = 0
    n_lines: int = 0
    n_files: int = 0

    @property
    def is_right(self) -> bool:
        """No finding but warnings."""
        return all(finding.severity == "warning" for finding in self.findings)


def check_episode(folder: Path) -> CheckedEpisode:
    """Check a finished episode.

    Whatever is wrong with its files is a finding. Raises EnvironmentProblem where the folder or a
    file of it cannot be read at all.
    """
    with explain_os_errors(folder):
        if not folder.is_dir():
            raise EnvironmentProblem(
                "no such folder", code="no-episode", file=folder, hint="build the episode first"
            )
        expected, findings = read_manifest(folder)
        if expected is None:
            return CheckedEpisode(folder, tuple(findings))
        findings += check_files(folder, expected)
        findings += check_chapters_json(folder, expected)
        findings += check_transcripts(folder, expected)
        findings += check_cover(folder)
        heard = None
        if (folder / MP3).is_file():
            findings += check_tag(folder, expected)
            findings += check_stream(folder, expected)
            heard, undecoded = _listen(folder / MP3)
            findings += undecoded
            if heard is not None:
                findings += check_sound(heard, expected)
    return _checked(folder, expected, findings, heard)


def _listen(path: Path) -> tuple[Heard | None, list[Finding]]:
    import soundfile

    try:
        return listen(path, CEILING_DBTP), []
    except (soundfile.SoundFileError, ValueError) as error:
        return None, [Finding("decode", f"it cannot be decoded: {error}", MP3)]


def _checked(
    folder: Path, expected: Expected, findings: list[Finding], heard: Heard | None
) -> CheckedEpisode:
    return CheckedEpisode(
        folder,
        tuple(findings),
        title=expected.title,
        duration_s=None if heard is None else heard.n_samples / heard.sample_rate,
        integrated_lufs=(
            None if heard is None else integrated(heard.energies, FRAME, heard.sample_rate)
        ),
        true_peak_dbtp=None if heard is None else heard.true_peak_dbtp,
        n_chapters=len(expected.chapters),
        n_lines=len(expected.lines),
        n_files=len(expected.files),
    )
