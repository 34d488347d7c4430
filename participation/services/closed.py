"""Which contributions are closed, and since when: retention counts from there."""

import uuid
from datetime import datetime

from sqlalchemy import Select, select
from sqlalchemy.dialects.postgresql import distinct_on

from participation.models import ContributionStatus
from participation.services.lifecycle import CLOSING


def closed_since() -> Select[uuid.UUID, str, str, datetime]:
    """Select the contributions whose status in force ends the handling, with the moment of that status."""
    latest = (
        select(ContributionStatus)
        .ext(distinct_on(ContributionStatus.contribution_id))
        .order_by(ContributionStatus.contribution_id, ContributionStatus.number.desc())
        .subquery()
    )
    return select(
        latest.c.contribution_id, latest.c.municipality_code, latest.c.status, latest.c.created_at.label("closed_at")
    ).where(latest.c.status.in_(CLOSING))
