"""Dates as feeds write them (RFC 2822 §3.3), read strictly."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone

from sayso.language.calendar import SHORT_MONTHS

_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_DATE = re.compile(
    r"(?:(?P<weekday>[^\W\d]+\.?),\s*)?(?P<day>\d{1,2})\s+(?P<month>[^\W\d]+\.?)\s+(?P<year>\d{2,4})"
    r"\s+(?P<hour>\d{1,2}):(?P<minute>\d{2})(?::(?P<second>\d{2}))?(?:\s+(?P<zone>\S+))?"
)
# RFC 2822 §4.3; what else it lists is read as UTC of unknown place
_OLD_ZONES = {
    "UT": 0, "GMT": 0, "Z": 0, "EST": -5, "EDT": -4, "CST": -6, "CDT": -5, "MST": -7, "MDT": -6,
    "PST": -8, "PDT": -7,
}  # fmt: skip

DATE_MEND = "write it like Tue, 03 Mar 2026 06:00:00 +0000"


@dataclass(frozen=True, slots=True)
class ReadDate:
    """A date and what is wrong with the way it is written."""

    moment: datetime | None
    """None where it cannot be read."""
    faults: tuple[str, ...] = ()


def read_date(text: str) -> ReadDate:
    """Read a `pubDate`. Each fault is worded for the end of `its date …`."""
    match = _DATE.fullmatch(text)
    if match is None:
        return ReadDate(None, ("is not written as RFC 2822 has it",))
    faults: list[str] = []
    if match["month"] not in SHORT_MONTHS:
        return ReadDate(None, (f"names no English month: {match['month'][:20]}",))
    if len(match["year"]) != 4:
        return ReadDate(None, (f"has a year of {len(match['year'])} digits",))
    zone, zone_fault = _zone(match["zone"])
    if zone_fault:
        faults.append(zone_fault)
    try:
        moment = datetime(
            int(match["year"]),
            SHORT_MONTHS.index(match["month"]) + 1,
            int(match["day"]),
            int(match["hour"]),
            int(match["minute"]),
            min(int(match["second"] or 0), 59),  # a leap second
            tzinfo=timezone(zone),
        )
    except ValueError:
        return ReadDate(None, ("is no day or time that exists",))
    weekday = match["weekday"]
    if weekday is not None and weekday not in _DAYS:
        faults.append(f"names no English weekday: {weekday[:20]}")
    elif weekday is not None and weekday != _DAYS[moment.weekday()]:
        faults.append(f"says {weekday}, and that day is a {_DAYS[moment.weekday()]}")
    return ReadDate(moment, tuple(faults))


def _zone(zone: str | None) -> tuple[timedelta, str | None]:
    """The offset of a zone, and what is wrong with it."""
    if zone is None:
        return timedelta(), "names no zone"
    match = re.fullmatch(r"([+-])(\d{2})([0-5]\d)", zone, re.ASCII)
    if match is None:
        hours = _OLD_ZONES.get(zone.upper(), 0)
        return timedelta(hours=hours), f"names its zone {zone[:20]}, not by a number"
    if zone == "-0000":
        return timedelta(), "has the zone -0000, which means that the zone is not known"
    offset = timedelta(hours=int(match[2]), minutes=int(match[3]))
    if offset >= timedelta(hours=24):
        return timedelta(), f"has a zone that does not exist: {zone}"
    return (-offset if match[1] == "-" else offset), None
