"""The history of a contribution as one story of statuses and texts, oldest first."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from participation.models import ContributionEntry, ContributionStatus
from participation.services.contributions import ContributionDetail


@dataclass(frozen=True)
class StatusStep:
    """A change of status. `reason` is empty when the text to the resident of the same moment says the same."""

    at: datetime
    status: str
    reason: str
    who: str | None


@dataclass(frozen=True)
class TextStep:
    """A text from the griffie to the resident, or an addition of the resident."""

    at: datetime
    id: uuid.UUID
    text: str
    who: str | None
    delivered_at: datetime | None
    from_resident: bool


def timeline(detail: ContributionDetail, names: Mapping[uuid.UUID, str]) -> list[StatusStep | TextStep]:
    """Merge statuses and texts by time.

    Args:
        names: of the clerks, by id; where one is missing the step names nobody.
    """
    said = {(entry.created_at, entry.text) for entry in detail.entries if not entry.from_resident}

    def status_step(row: ContributionStatus) -> StatusStep:
        reason = row.reason or ""
        if (row.created_at, reason) in said:
            reason = ""
        return StatusStep(row.created_at, row.status, reason, _name(names, row.clerk_id))

    def text_step(row: ContributionEntry) -> TextStep:
        who = _name(names, row.clerk_id)
        return TextStep(row.created_at, row.id, row.readable_text, who, row.delivered_at, row.from_resident)

    steps: list[StatusStep | TextStep] = [status_step(row) for row in detail.statuses]
    steps.extend(text_step(row) for row in detail.entries)
    return sorted(steps, key=lambda step: step.at)


def _name(names: Mapping[uuid.UUID, str], clerk_id: uuid.UUID | None) -> str | None:
    return None if clerk_id is None else names.get(clerk_id)
