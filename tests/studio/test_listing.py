"""The reviews of a show, and the folder of a session's sounds."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from sayso.errors import EnvironmentProblem
from sayso.show.finding import find_show
from sayso.studio import rendering
from sayso.studio.listing import reviews_of
from sayso.studio.showing import show_reviews
from sayso.studio.sound_folder import SoundFolder


def test_a_file_of_an_odd_name_does_not_close_the_others(tmp_path: Path) -> None:
    (tmp_path / "show.toml").write_text('title = "Dead Air"\n')
    (tmp_path / "reviews").mkdir()
    for name in ("pier.md", "pier.txt", "海.md", ".draft.md", "Quay.HTM", "pier.jpg"):
        (tmp_path / "reviews" / name).write_text("The pier is long.\n")
    show = find_show(tmp_path)
    found = reviews_of(show, None)
    assert {slug: path.name for slug, path in found.sources.items()} == {
        "pier": "pier.md",
        "quay": "Quay.HTM",
        "review-0ac6d519": "海.md",
    }
    page = rendering.reviews(show_reviews(found, show))
    assert page.count("<li>") == 3
    assert "reviews/pier.txt</code>:</b> Its episode would be that of pier.md." in page


@pytest.mark.skipif(sys.platform == "win32", reason="folders cannot be locked there")
def test_the_sounds_of_a_studio_that_was_killed_are_removed_by_the_next(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    code = (
        "import os; from sayso.studio.sound_folder import SoundFolder; folder = SoundFolder(); "
        "(folder.path / 'so-far.mp3').write_bytes(b'sound'); os.kill(os.getpid(), 9)"
    )
    environment = {**os.environ, "TMPDIR": str(tmp_path)}
    subprocess.run([sys.executable, "-c", code], env=environment, check=False)
    (forsaken,) = tmp_path.iterdir()
    in_use = SoundFolder()
    for path in (forsaken, in_use.path):
        os.utime(path, (0, 0))
    just_made = tmp_path / "sayso-preview-new"
    just_made.mkdir()
    (tmp_path / "sayso-preview-link").symlink_to(Path(__file__).parent)
    last = SoundFolder()
    assert not forsaken.exists()
    assert {*tmp_path.glob("sayso*")} == {
        *(in_use.path, last.path, just_made, tmp_path / "sayso-preview-link")
    }
    for folder in (in_use, last):
        folder.close()
        assert not folder.path.exists()


def test_where_there_is_no_place_for_them_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "gone"))
    with pytest.raises(EnvironmentProblem, match="temporary files"):
        SoundFolder()
