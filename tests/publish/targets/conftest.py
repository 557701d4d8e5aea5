from __future__ import annotations

from collections.abc import Iterator

import pytest
from publish.targets.places import Place

from sayso.publish.targets import Target, retry, s3


@pytest.fixture
def target(place: Place) -> Iterator[Target]:
    found = place.open()
    yield found
    found.close()


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """A call that fails is tried again once, and at once."""
    monkeypatch.setattr(retry, "WAITS_S", (0.01,))
    monkeypatch.setattr(s3, "_TRIES", 1)
