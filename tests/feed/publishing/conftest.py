from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from feed.publishing.show_folder import ShowFolder


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> ShowFolder:
    """Three finished episodes; never published itself."""
    show = ShowFolder(tmp_path_factory.mktemp("built"))
    show.settings()
    show.build("the-pier", day=1)
    show.build("the-ferry", day=2, sentence="Everybody listens.")
    show.copy("the-ferry", "the-lighthouse")
    return show


@pytest.fixture(scope="session")
def published_once(built: ShowFolder, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The three, published to the folder `public`."""
    root = tmp_path_factory.mktemp("published") / "show"
    shutil.copytree(built.root, root)
    ShowFolder(root).publish()
    return root


@pytest.fixture
def show(built: ShowFolder, tmp_path: Path) -> ShowFolder:
    """A copy, to be published."""
    shutil.copytree(built.root, tmp_path / "show")
    return ShowFolder(tmp_path / "show")


@pytest.fixture
def published(published_once: Path, tmp_path: Path) -> ShowFolder:
    """A copy that has been published."""
    shutil.copytree(published_once, tmp_path / "published")
    return ShowFolder(tmp_path / "published")
