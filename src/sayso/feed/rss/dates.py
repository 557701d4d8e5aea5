"""Dates of a feed: RFC 2822, whole seconds, always with a zone."""

from __future__ import annotations

import re
from datetime import datetime, timezone
from email.utils import format_datetime, parsedate_to_datetime


def read_date(text: str) -> datetime | None:
    """A date of RFC 2822, as RSS has it, or of ISO 8601, as some feeds have it; UTC if unsaid."""
    try:
        date = parsedate_to_datetime(text)
    except (TypeError, ValueError, IndexError, OverflowError):
        try:
            date = datetime.fromisoformat(re.sub(r"[zZ]\Z", "+00:00", text))
        except ValueError:
            return None
    return date if date.tzinfo is not None else date.replace(tzinfo=timezone.utc)


def write_date(date: datetime) -> str:
    """`Fri, 17 Oct 2025 18:00:00 +0200`: English names, whatever the locale."""
    return format_datetime(whole_seconds(date))


def whole_seconds(date: datetime) -> datetime:
    """A date as a feed can say it; raises ValueError where it has no zone."""
    if date.tzinfo is None:
        raise ValueError("a date in a feed needs its zone")
    return date.replace(microsecond=0)
