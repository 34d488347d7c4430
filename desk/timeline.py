"""The history of a contribution as one story of statuses and texts, oldest first."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from desk.history_words import event_words
from participation.dates import dutch_date, dutch_day
from participation.models import ContributionEntry, ContributionNote, ContributionStatus
from participation.services.asking import last_day
from participation.services.contributions import ContributionDetail
from participation.services.history import Event
from participation.services.lifecycle import CLOSING


@dataclass(frozen=True)
class StatusStep:
    """A change of status. `reason` is empty when the text to the resident of the same moment says the same.

    `disposition` is the name of what was done with it, `destination` where it went. `last_day` says until when a
    resident can answer what was asked.
    """

    at: datetime
    status: str
    reason: str
    who: str | None
    disposition: str | None = None
    last_day: str | None = None
    destination: str | None = None


FORMER = "Een vroegere collega"


@dataclass(frozen=True)
class TextStep:
    """A text from the griffie to the resident, or of the resident.

    `helped` is what the resident said of an answer: "ja", "nee" or nothing. `is_masked` says that the resident's own
    words are different from `text`.
    """

    at: datetime
    id: uuid.UUID
    text: str
    who: str | None
    delivered_at: datetime | None
    from_resident: bool
    kind: str = "antwoord"
    helped: str | None = None
    is_masked: bool = False


@dataclass(frozen=True)
class EventStep:
    """Something else that was done with it, in words."""

    at: datetime
    event: str
    detail: str
    who: str | None


@dataclass(frozen=True)
class NoteStep:
    """A note for colleagues, which the resident gets no message of."""

    at: datetime
    note: str
    who: str | None


Step = StatusStep | TextStep | EventStep | NoteStep


def timeline(
    detail: ContributionDetail,
    names: Mapping[uuid.UUID, str],
    *,
    events: Sequence[Event] = (),
    notes: Sequence[ContributionNote] = (),
    helped: Mapping[uuid.UUID, str] | None = None,
    dispositions: Mapping[str, str] | None = None,
    for_griffie: bool = True,
) -> list[Step]:
    """Merge statuses, texts, notes and other events by time.

    Args:
        names: of the clerks, by id; where one is missing the step names nobody.
        for_griffie: with what a clerk explained to colleagues; what closes it is explained to the resident.
        helped: what the resident said of answers, by the id of the text.
        dispositions: their names, by key.
    """
    said = [(entry.created_at, entry.text) for entry in detail.entries if not entry.from_resident]

    def status_step(row: ContributionStatus) -> StatusStep:
        reason = row.reason or ""
        if row.status not in CLOSING and row.clerk_id is not None and not for_griffie:
            reason = ""
        if any(at == row.created_at and text.endswith(reason) for at, text in said):
            reason = ""
        disposition = (dispositions or {}).get(row.disposition, row.disposition) if row.disposition else None
        until = dutch_date(last_day(row.waits_until).date()) if row.waits_until else None
        to = f"{dutch_day(row.planned_for)}: {row.destination}" if row.planned_for else row.destination
        return StatusStep(row.created_at, row.status, reason, _name(names, row.clerk_id), disposition, until, to)

    def text_step(row: ContributionEntry) -> TextStep:
        return TextStep(
            row.created_at,
            row.id,
            row.readable_text,
            _name(names, row.clerk_id),
            row.delivered_at,
            row.from_resident,
            row.kind,
            (helped or {}).get(row.id),
            row.from_resident and row.masked_text != row.text,
        )

    def event_step(row: Event) -> EventStep:
        details = {**row.details, "wie": _name(names, assignee_of(row)) or FORMER}
        title, about = event_words(row.action, details, row.words)
        return EventStep(row.created_at, title, about, _name(names, row.clerk_id))

    steps: list[Step] = [status_step(row) for row in detail.statuses]
    steps.extend(event_step(row) for row in events)
    steps.extend(text_step(row) for row in detail.entries)
    steps.extend(NoteStep(row.created_at, row.text, _name(names, row.clerk_id)) for row in notes)
    return sorted(steps, key=lambda step: step.at)


def assignee_of(event: Event) -> uuid.UUID | None:
    """Who got the contribution, if that is what happened."""
    if event.action != "inbreng.toegewezen" or not event.details["naar"]:
        return None
    return uuid.UUID(event.details["naar"])


def _name(names: Mapping[uuid.UUID, str], clerk_id: uuid.UUID | None) -> str | None:
    return None if clerk_id is None else names.get(clerk_id)
