"""The English names of the months, in order: `MONTHS[0]` is January."""

from __future__ import annotations

MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)
SHORT_MONTHS = tuple(month[:3] for month in MONTHS)
"""Three letters each, as RFC 5322 writes them: `Jan`, `Feb`, …, `Sep`, …, `Dec`."""
