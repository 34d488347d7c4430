"""The form in which a paper is chosen."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from desk.report_words import FAULTS
from participation.dates import AMSTERDAM, dutch_date
from participation.models import AgendaItem, Meeting
from participation.reports.scope import Scope, ScopeFaulty
from participation.tables import read_day

Calendar = Sequence[tuple[Meeting, Sequence[AgendaItem]]]


@dataclass(frozen=True)
class ReportForm:
    """What was typed and chosen, as it goes back into the form."""

    kind: str = ""
    audience: str = "raad"
    since: str = ""
    until: str = ""
    themes: tuple[str, ...] = ()
    meeting: str = ""
    quotes: str = "3"
    own_meeting: str = ""
    planned: bool = False
    errors: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def usual(cls, today: date) -> "ReportForm":
        """The month before this one."""
        last = today.replace(day=1) - timedelta(days=1)
        return cls(since=last.replace(day=1).isoformat(), until=last.isoformat())

    def scope(self, calendar: Calendar, *, today: date) -> Scope:
        """Read it.

        Raises:
            ScopeFaulty: something can not be.
        """
        since, until = read_day(self.since), read_day(self.until)
        faults = {name: "datum" for name, day in (("van", since), ("tot", until)) if day is None}
        meeting_id, item_id = _chosen_meeting(self.meeting, calendar)
        if self.meeting and meeting_id is None:
            faults["vergadering"] = "onbekend"
        if since is None or until is None or faults:
            raise ScopeFaulty(faults)
        quotes = int(self.quotes) if self.quotes.isascii() and self.quotes.isdigit() and len(self.quotes) < 3 else -1
        own = " ".join(self.own_meeting.split())
        about = (self.kind, self.audience, since, until, self.themes)
        scope = Scope(*about, meeting_id, item_id, quotes, own, self.planned)
        scope.check(today=today)
        return scope


def explained(fault: ScopeFaulty) -> dict[str, str]:
    """What is wrong, in words, by field."""
    return {name: FAULTS[name, code] for name, code in fault.faults.items()}


def meeting_label(meeting: Meeting) -> str:
    """A meeting in a list to choose from."""
    return f"{meeting.name}, {dutch_date(meeting.starts_at.astimezone(AMSTERDAM).date())}"


def _chosen_meeting(typed: str, calendar: Calendar) -> tuple[uuid.UUID | None, uuid.UUID | None]:
    """A meeting, or a point on its agenda."""
    for meeting, items in calendar:
        if typed == str(meeting.id):
            return meeting.id, None
        for item in items:
            if typed == str(item.id):
                return meeting.id, item.id
    return None, None
