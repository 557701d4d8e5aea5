"""Times and dates as people read them."""

from __future__ import annotations

from datetime import datetime

_MONTHS = (
    *("January", "February", "March", "April", "May", "June", "July"),
    *("August", "September", "October", "November", "December"),
)


def clock(seconds: int) -> str:
    """83 → `1:23`; 3683 → `1:01:23`, as players show it."""
    hours, minutes = divmod(seconds // 60, 60)
    return f"{hours}:{minutes:02}:{seconds % 60:02}" if hours else f"{minutes}:{seconds % 60:02}"


def minutes(seconds: int) -> int:
    """The nearest whole minutes, at least 1."""
    return max(1, (seconds + 30) // 60)


def day(date: datetime) -> str:
    """`25 November 2026`, in the date's own zone and in English whatever the machine speaks."""
    return f"{date.day} {_MONTHS[date.month - 1]} {date.year}"


def megabytes(n_bytes: int) -> str:
    """`4.1 MB`."""
    return f"{max(n_bytes, 50_000) / 1e6:.1f} MB"
