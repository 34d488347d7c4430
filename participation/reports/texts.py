"""The words of residents for a paper, read when it is shown or issued: what was withdrawn is not among them."""

import uuid
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from participation.dates import AMSTERDAM
from participation.language.themes import OTHER
from participation.models import (
    Consent,
    ConsentDetail,
    Contribution,
    ContributionIntake,
    ContributionStatus,
    WorklistItem,
)
from participation.models.consent import NAME
from participation.reports.gathering import is_identified, may_be_quoted, still_said
from participation.reports.paper import one_line
from participation.reports.pieces_paper import LONGEST_SUBJECT, Piece
from participation.reports.scope import Scope
from participation.services import consents, dispositions

WAYS = {
    "papier": "per brief",
    "email": "per e-mail",
    "telefoon": "per telefoon",
    "balie": "aan de balie",
    "kraam": "op straat",
    "bijeenkomst": "op een bijeenkomst",
}
BY_STATUS = {"doorgezonden": "Doorgezonden", "ingepland": "Ingepland voor een vergadering"}
"""What a status says by itself about what to do with a piece."""


async def quotes(
    session: AsyncSession,
    *,
    municipality_code: str,
    candidates: Mapping[str, Sequence[uuid.UUID]],
    left_out: Collection[uuid.UUID],
    most: int,
) -> dict[str, list[tuple[uuid.UUID, str]]]:
    """Return for each theme at most so many texts that may be quoted at this moment."""
    wanted = {one for ids in candidates.values() for one in ids} - set(left_out)
    rows = await session.execute(
        select(Contribution.id, Contribution.masked_text)
        .join(WorklistItem, WorklistItem.contribution_id == Contribution.id)
        .where(
            Contribution.municipality_code == municipality_code,
            Contribution.id.in_(wanted),
            Contribution.id.not_in(consents.not_for_council(municipality_code)),
            may_be_quoted(),
            still_said(),
        )
    )
    texts = {contribution_id: text or "" for contribution_id, text in rows}
    return {theme: [(one, texts[one]) for one in ids if one in texts][:most] for theme, ids in candidates.items()}


async def pieces(
    session: AsyncSession,
    *,
    municipality_code: str,
    ids: Sequence[uuid.UUID],
    scope: Scope,
    edits: Mapping[str, Mapping[str, Any]],
    with_left_out: bool = False,
) -> list[Piece]:
    """Return the lines of the list as they are at this moment, with what the griffie wrote instead.

    Args:
        with_left_out: also those that the griffie took off the list.
    """
    disposition, destination = (
        select(column)
        .where(ContributionStatus.contribution_id == Contribution.id)
        .order_by(ContributionStatus.number.desc())
        .limit(1)
        .scalar_subquery()
        for column in (ContributionStatus.disposition, ContributionStatus.destination)
    )
    name = (
        select(ConsentDetail.value)
        .join(Consent, Consent.id == ConsentDetail.consent_id)
        .where(ConsentDetail.contribution_id == Contribution.id, Consent.purpose == NAME, Consent.given)
        .order_by(Consent.id.desc())
        .limit(1)
        .scalar_subquery()
    )
    rows = await session.execute(
        select(
            Contribution,
            ContributionIntake.received_on,
            WorklistItem.status,
            func.coalesce(WorklistItem.theme, OTHER).label("theme"),
            disposition.label("disposition"),
            destination.label("destination"),
            name.label("name"),
        )
        .join(WorklistItem, WorklistItem.contribution_id == Contribution.id)
        .outerjoin(ContributionIntake, ContributionIntake.contribution_id == Contribution.id)
        .where(
            Contribution.municipality_code == municipality_code,
            Contribution.id.in_(ids),
            Contribution.id.not_in(consents.not_for_council(municipality_code)),
            is_identified(),
            still_said(),
        )
    )
    ways = await dispositions.all_of(session, municipality_code=municipality_code)
    names = {way.key: way.name for way in ways}
    found: dict[uuid.UUID, Piece] = {}
    for row in rows:
        edit = edits.get(str(row.Contribution.id), {})
        if edit.get("weg") and not with_left_out:
            continue
        proposal = names.get(row.disposition or "") or ": ".join(
            filter(None, (BY_STATUS.get(row.status), row.destination))
        )
        # Words of a resident are for the council; in public only those of the griffie.
        readable = scope.for_council and row.Contribution.masked_at is not None
        subject = one_line(row.Contribution.readable_text, LONGEST_SUBJECT // 2) if readable else ""
        found[row.Contribution.id] = Piece(
            contribution_id=row.Contribution.id,
            received_on=row.received_on or row.Contribution.created_at.astimezone(AMSTERDAM).date(),
            name=row.name or "",
            way=WAYS.get(row.Contribution.channel, ""),
            theme=row.theme,
            subject=edit.get("onderwerp", subject),
            proposal=edit.get("voorstel", proposal),
            waits=scope.for_council and not readable and "onderwerp" not in edit,
        )
    return [found[one] for one in ids if one in found]
