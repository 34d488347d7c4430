"""What the griffie chooses for a paper: for whom, over which period, on which themes, for which meeting."""

import uuid
from calendar import monthrange
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from participation.dates import AMSTERDAM, dutch_date
from participation.errors import DomainError
from participation.language.themes import OTHER, themes
from participation.models.report import AUDIENCES, REPORT_KINDS

FEWEST_PEOPLE = {"raad": 5, "openbaar": 10}
"""Of how many people a number has to be, by who reads it."""

LONGEST = timedelta(days=366 * 2)
MOST_QUOTES = 5
LONGEST_MEETING = 120


class ScopeFaulty(DomainError):
    """Something chosen can not be; `faults` says what, by field."""

    def __init__(self, faults: dict[str, str]) -> None:
        super().__init__()
        self.faults = faults


@dataclass(frozen=True)
class Period:
    """Days, both included."""

    since: date
    until: date

    @property
    def before(self) -> "Period":
        """As long, just before: as many months where it is whole months, else as many days."""
        last = self.since - timedelta(days=1)
        if self.since.day == 1 and self.until.day == monthrange(self.until.year, self.until.month)[1]:
            months = (self.until.year - self.since.year) * 12 + self.until.month - self.since.month + 1
            year, month = divmod(self.since.year * 12 + self.since.month - 1 - months, 12)
            return Period(date(year, month + 1, 1), last)
        return Period(last - (self.until - self.since), last)

    @property
    def moments(self) -> tuple[datetime, datetime]:
        """From the first moment to the first moment after."""
        after = self.until + timedelta(days=1)
        return datetime.combine(self.since, time(), AMSTERDAM), datetime.combine(after, time(), AMSTERDAM)

    @property
    def words(self) -> str:
        """As people say it."""
        return f"{dutch_date(self.since)} tot en met {dutch_date(self.until)}"


@dataclass(frozen=True)
class Scope:
    """The choice. Without themes it is about all. `meeting_id` is one of the calendar, `item_id` one of its agenda.

    `meeting` is what was typed: a committee or a point that no calendar has.
    """

    kind: str
    audience: str
    since: date
    until: date
    themes: tuple[str, ...] = ()
    meeting_id: uuid.UUID | None = None
    item_id: uuid.UUID | None = None
    quotes: int = 3
    """The most quotes with a theme."""
    meeting: str = ""
    planned: bool = False
    """Only what is planned for that meeting."""

    @property
    def period(self) -> Period:
        """What it is about."""
        return Period(self.since, self.until)

    @property
    def fewest(self) -> int:
        """Of how many people a number has to be."""
        return FEWEST_PEOPLE[self.audience]

    @property
    def compares(self) -> bool:
        """Whether numbers are held against the period before: what is planned for a meeting has none."""
        return self.kind == "signalen" and not self.planned

    @property
    def for_council(self) -> bool:
        """Whether only the council reads it: names and quotes are for the council alone."""
        return self.audience == "raad"

    def check(self, *, today: date) -> None:
        """Raise `ScopeFaulty` with what can not be."""
        faults = {
            "soort": None if self.kind in REPORT_KINDS else "onbekend",
            "lezers": None if self.audience in AUDIENCES else "onbekend",
            "tot": _fault_of_period(self.since, self.until, today),
            "thema": None if set(self.themes) <= {OTHER, *themes()} else "onbekend",
            "vergadering_zelf": None if len(self.meeting) <= LONGEST_MEETING else "lang",
            "ingepland": "vergadering" if self.planned and not (self.meeting_id or self.meeting) else None,
            "citaten": None if 0 <= self.quotes <= MOST_QUOTES else "aantal",
        }
        if found := {field: fault for field, fault in faults.items() if fault}:
            raise ScopeFaulty(found)

    def kept(self) -> dict[str, Any]:
        """As it is kept (JSON)."""
        return {
            "soort": self.kind,
            "lezers": self.audience,
            "van": self.since.isoformat(),
            "tot": self.until.isoformat(),
            "themas": list(self.themes),
            "vergadering": str(self.meeting_id) if self.meeting_id else None,
            "agendapunt": str(self.item_id) if self.item_id else None,
            "citaten": self.quotes,
            "vergadering_zelf": self.meeting,
            "ingepland": self.planned,
        }

    @classmethod
    def read(cls, kept: dict[str, Any]) -> "Scope":
        """Read what `kept` gave. Papers of before had no meeting that was typed, and no choice of what is planned."""
        return cls(
            kind=kept["soort"],
            audience=kept["lezers"],
            since=date.fromisoformat(kept["van"]),
            until=date.fromisoformat(kept["tot"]),
            themes=tuple(kept["themas"]),
            meeting_id=uuid.UUID(kept["vergadering"]) if kept["vergadering"] else None,
            item_id=uuid.UUID(kept["agendapunt"]) if kept["agendapunt"] else None,
            quotes=kept["citaten"],
            meeting=kept.get("vergadering_zelf", ""),
            planned=kept.get("ingepland", False),
        )


def _fault_of_period(since: date, until: date, today: date) -> str | None:
    if until < since:
        return "volgorde"
    if until > today:
        return "toekomst"
    return "te_lang" if until - since > LONGEST else None
