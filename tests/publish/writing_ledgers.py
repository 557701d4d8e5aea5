"""A process that writes a ledger, beside others: a module of its own, for spawned ones to import."""

from __future__ import annotations

from datetime import datetime, timezone
from pathlib import Path

from sayso.publish.ledger import Entry, make_guid, open_ledger

DAY = datetime(2025, 10, 17, 6, 0, tzinfo=timezone.utc)


def add_entries(folder: Path, number: int, n_entries: int) -> None:
    """Add entries to the ledger of a show folder, one at a time."""
    for n in range(n_entries):
        with open_ledger(folder) as file:
            entry = Entry(f"e-{number}-{n}", make_guid(), DAY, "published", "The Pier")
            file.write(file.ledger.with_entry(entry))
