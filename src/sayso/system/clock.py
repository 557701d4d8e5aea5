"""Times as players show them."""

from __future__ import annotations


def clock(seconds: float) -> str:
    """75.9 → `1:15`; 3683 → `1:01:23`. The second that has begun is the one shown."""
    whole = int(seconds)
    hours, minutes = divmod(whole // 60, 60)
    return f"{hours}:{minutes:02}:{whole % 60:02}" if hours else f"{minutes}:{whole % 60:02}"
