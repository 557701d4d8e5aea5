from __future__ import annotations

import pytest
from resilience.stages import Stages
from tools import INSTANTS


@pytest.fixture(scope="session")
def stages(tmp_path_factory: pytest.TempPathFactory) -> Stages:
    """Group `stages`: they are made once then."""
    return Stages(tmp_path_factory.mktemp("stages"))


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Leave what is marked `rare` for the long run."""
    for item in items:
        if INSTANTS < 2 and item.get_closest_marker("rare"):
            item.add_marker(pytest.mark.skip(reason="rare (SAYSO_INSTANTS=100 runs them)"))
