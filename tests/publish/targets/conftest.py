from __future__ import annotations

from collections.abc import Iterator

import pytest
from publish.targets.places import Place

from sayso.publish.targets import Target, s3
from sayso.publish.targets import retry as persevering


@pytest.fixture
def target(place: Place) -> Iterator[Target]:
    found = place.open()
    yield found
    found.close()


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Trouble is tried again once, and at once."""
    monkeypatch.setattr(persevering, "WAITS_S", (0.01,))
    monkeypatch.setattr(s3, "_TRIES", 1)
