"""Moments as Dutch people write them, in Dutch time."""

from datetime import date, datetime, timedelta

from participation.dates import AMSTERDAM, DAYS, MONTHS


def full_moment(moment: datetime) -> str:
    """Return a moment in full, such as `maandag 23 november 2026 om 14:03`."""
    local = moment.astimezone(AMSTERDAM)
    return f"{DAYS[local.weekday()]} {local.day} {MONTHS[local.month - 1]} {local.year} om {local:%H:%M}"


def short_moment(moment: datetime, now: datetime) -> str:
    """Return a moment as one would say it now: `vandaag om 14:03`, `gisteren om 09:12` or with the date."""
    local, today = moment.astimezone(AMSTERDAM), now.astimezone(AMSTERDAM).date()
    clock = f"{local:%H:%M}"
    if local.date() == today:
        return f"vandaag om {clock}"
    if local.date() == today - timedelta(days=1):
        return f"gisteren om {clock}"
    date = f"{local.day} {MONTHS[local.month - 1]}"
    return f"{date} om {clock}" if local.year == today.year else f"{date} {local.year} om {clock}"


def full_day(day: date) -> str:
    """Return a day in full, such as `23 november 2026`."""
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}"
