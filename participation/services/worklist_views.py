"""The views of the work list as one table: what is new, who waits for whom, what is overdue."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, or_, text

from participation.models import WorklistItem
from participation.models.worklist import IS_WAITING
from participation.municipality_choices import PATIENCE

FOR_CLERK = ("ontvangen", "in_behandeling", "reactie_ontvangen", "gebundeld", "heropend")
"""Statuses in which the griffie has to do something."""

Condition = ColumnElement[bool]
Item = type[WorklistItem]
"""The items themselves, or those of them in which something was found."""


@dataclass(frozen=True)
class Asker:
    """For whom the list is made, and when."""

    municipality_code: str
    clerk_id: UUID
    now: datetime
    may_handle: bool = False
    """Who only reads for the council sees what the resident agreed to, and what the desk entered."""
    patience: Mapping[str, timedelta] = field(default_factory=lambda: PATIENCE)


def is_new(item: Item) -> Condition:
    """Say that the griffie has to do something and nobody has it, also when it came back to nobody."""
    return and_(_for_clerk(item), item.assignee_id.is_(None))


def _new(item: Item, _: Asker) -> Condition:
    return is_new(item)


def _mine(item: Item, asker: Asker) -> Condition:
    return and_(_for_clerk(item), item.assignee_id == asker.clerk_id)


def _for_clerk(item: Item) -> Condition:
    """One of these statuses, or words of the resident to read: what was forwarded or planned gets additions too."""
    return or_(item.status.in_(FOR_CLERK), item.reacted_at.is_not(None))


def _residents(item: Item, _: Asker) -> Condition:
    return item.status == "reactie_gevraagd"


def _overdue(item: Item, asker: Asker) -> Condition:
    return overdue(item, asker.now, asker.patience)


def overdue(item: Any, now: datetime, patience: Mapping[str, timedelta] = PATIENCE) -> Condition:
    """Say that the status in force lasts longer than it should, or that words of the resident lie unread as long."""
    late = (and_(item.status == status, item.status_at < now - longest) for status, longest in patience.items())
    return or_(item.reacted_at < now - patience["reactie_ontvangen"], *late)


def is_waiting() -> Condition:
    """Say that somebody still has to do something, in the very words of the index."""
    return text(IS_WAITING)  # type: ignore[return-value]  # a condition, but typed as a text


WAITING_VIEWS: dict[str, Callable[[Item, Asker], Condition]] = {
    "nieuw": _new,
    "mij": _mine,
    "inwoner": _residents,
    "te_laat": _overdue,
}
"""In the order in which the desk shows them: each makes its condition, which holds only for what `is_waiting`."""

EVERYTHING = "alles"
VIEWS = (*WAITING_VIEWS, EVERYTHING)
