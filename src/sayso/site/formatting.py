"""Dates, minutes and sizes as people read them."""

from __future__ import annotations

from datetime import datetime

_MONTHS = (
    *("January", "February", "March", "April", "May", "June", "July"),
    *("August", "September", "October", "November", "December"),
)


def minutes(seconds: int) -> int:
    """The nearest whole minutes, at least 1."""
    return max(1, (seconds + 30) // 60)


def day(date: datetime) -> str:
    """`25 November 2026`, in the date's own zone and in English whatever the machine speaks."""
    return f"{date.day} {_MONTHS[date.month - 1]} {date.year}"


def megabytes(n_bytes: int) -> str:
    """`4.1 MB`."""
    return f"{max(n_bytes, 50_000) / 1e6:.1f} MB"
