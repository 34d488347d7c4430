"""Dates and moments in Dutch time and Dutch words."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

AMSTERDAM = ZoneInfo("Europe/Amsterdam")
DAYS = ("maandag", "dinsdag", "woensdag", "donderdag", "vrijdag", "zaterdag", "zondag")
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


def dutch_day(day: date) -> str:
    """Write a date with the day of the week: donderdag 3 december 2026."""
    return f"{DAYS[day.weekday()]} {dutch_date(day)}"


def day_and_time(moment: datetime, *, today: date, with_time: bool = True) -> str:
    """Write a coming moment as residents say it: `vandaag om 19.30 uur`, `donderdag 3 december 2026 om 20.00 uur`."""
    local = moment.astimezone(AMSTERDAM)
    day = "vandaag" if local.date() == today else dutch_day(local.date())
    return f"{day} om {local:%H.%M} uur" if with_time else day
