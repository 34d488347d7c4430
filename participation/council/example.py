"""A calendar that nobody can take for a real one, for the demonstration."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta

from participation.dates import AMSTERDAM

NAME = "voorbeeld.csv"
SITES = {"GM0344": "https://utrecht.demo.example/raad", "GM0307": "https://amersfoort.demo.example/raad"}
PLACES = {"GM0344": "de raadszaal van het voorbeeld, Verzonnenplein 1", "GM0307": "de raadszaal van het voorbeeld"}
POINTS = (
    "Opening en vaststelling van de agenda",
    "Voorbeeld: plan voor meer bomen in de Sprookjeswijk",
    "Voorbeeld: nieuwe fietsbrug over de Verzonnen Vaart",
    "Voorbeeld: vragen van raadsleden",
    "Sluiting",
)
DECISIONS = (
    ("raadsbesluit", "Voorbeeld: betaald parkeren in de Sprookjeswijk", 20),
    ("motie", "Voorbeeld: motie speeltuin in de Verzonnen Buurt", 34),
    ("amendement", "Voorbeeld: amendement op de begroting voor de bibliotheek", 48),
)
"""Kind, title, and how many days ago at most."""


def table(code: str, now: datetime) -> str:
    """Meetings of some weeks back and ahead, the same for all moments of a month, in the form of a griffie's table."""
    lines = ["soort;nummer;datum;begin;eind;naam;orgaan;plaats;url;livestream;status;vergadering"]
    for day in _thursdays(now.astimezone(AMSTERDAM).date()):
        council = day.day <= 7 or 15 <= day.day <= 21
        name, body = ("Raadsvergadering", "gemeenteraad") if council else ("Commissie Voorbeeld", "commissie")
        number, site = f"V{day:%Y%m%d}", SITES[code]
        lines.append(
            f"vergadering;{number};{day};19:30;22:30;{name};{body};{PLACES[code]};{site}/{day};{site}/kijken;gepland;"
        )
        if council:
            lines += [f"agendapunt;;;;;{point};;;;;;{number}" for point in POINTS]
    start = now.astimezone(AMSTERDAM).date()
    for kind, title, days in DECISIONS:
        day = start - timedelta(days=days)
        day -= timedelta(days=day.weekday() + 4 if day.weekday() < 3 else day.weekday() - 3)
        lines.append(f"{kind};{kind}-{title[11:20]};{day};;;{title};;;{SITES[code]}/besluiten/{kind};;;")
    return "\n".join(lines)


def _thursdays(today: date) -> Iterator[date]:
    """All Thursdays from two months back until four months ahead."""
    first = today - timedelta(days=60)
    first += timedelta(days=(3 - first.weekday()) % 7)
    for week in range(26):
        yield first + timedelta(weeks=week)
