"""Dates and moments in Dutch time and Dutch words."""

from datetime import date
from zoneinfo import ZoneInfo

AMSTERDAM = ZoneInfo("Europe/Amsterdam")
MONTHS = (
    "januari",
    "februari",
    "maart",
    "april",
    "mei",
    "juni",
    "juli",
    "augustus",
    "september",
    "oktober",
    "november",
    "december",
)


def dutch_date(day: date) -> str:
    """Write a date as residents read it: 23 november 2026."""
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}"
