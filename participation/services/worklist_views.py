"""The views of the work list as one table: what is new, who waits for whom, what is overdue."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, false, or_, text, true

from participation.models import WorklistItem
from participation.models.worklist import IS_WAITING

UNREAD = ("ontvangen", "reactie_ontvangen", "heropend")
"""Statuses that come with something the griffie has not read yet."""

FOR_CLERK = ("ontvangen", "in_behandeling", "reactie_ontvangen", "heropend")
"""Statuses in which the griffie has to do something."""

PATIENCE: dict[str, timedelta] = {
    "ontvangen": timedelta(days=7),
    "reactie_ontvangen": timedelta(days=7),
    "heropend": timedelta(days=7),
    "in_behandeling": timedelta(days=28),
    "reactie_gevraagd": timedelta(days=28),
}
"""How long a contribution may have a status before it is overdue. A choice of ours: no law sets a period for this."""

Condition = ColumnElement[bool]


@dataclass(frozen=True)
class Asker:
    """For whom the list is made, and when."""

    municipality_code: str
    clerk_id: UUID
    now: datetime


def _new(_: Asker) -> Condition:
    return and_(text(IS_WAITING), WorklistItem.status.in_(UNREAD), WorklistItem.assignee_id.is_(None))


def _mine(asker: Asker) -> Condition:
    return and_(text(IS_WAITING), WorklistItem.status.in_(FOR_CLERK), WorklistItem.assignee_id == asker.clerk_id)


def _residents(_: Asker) -> Condition:
    return and_(text(IS_WAITING), WorklistItem.status == "reactie_gevraagd")


def _overdue(asker: Asker) -> Condition:
    return and_(text(IS_WAITING), overdue(asker.now))


def overdue(now: datetime, patience: Mapping[str, timedelta] = PATIENCE) -> Condition:
    """Say that the status in force lasts longer than it should."""
    return or_(
        false(),
        *(
            and_(WorklistItem.status == status, WorklistItem.status_at < now - longest)
            for status, longest in patience.items()
        ),
    )


VIEWS: dict[str, Any] = {
    "nieuw": _new,
    "mij": _mine,
    "inwoner": _residents,
    "te_laat": _overdue,
    "alles": lambda _: true(),
}
"""In the order in which the desk shows them; each makes its condition for who asks."""
