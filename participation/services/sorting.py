"""Sorting contributions by kind and theme: the model proposes, the clerk decides, the next model learns from that."""

import asyncio
import logging
import uuid
from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import ColumnElement, and_, exists, or_, select
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.ext.asyncio import AsyncSession

from participation.concern_store import ConcernStore
from participation.errors import ContributionUnknown, SortingUnknown
from participation.language.themes import OTHER, themes
from participation.models import Clerk, Contribution, ContributionSorting
from participation.models.contribution import KINDS, WITHDRAWN
from participation.services import audit, municipality_settings

if TYPE_CHECKING:  # see participation.concern_store
    from participation.language.concerns import Concern, Example

AT_ONCE = 20
"""Contributions that are sorted in one transaction; a resident who withdraws one of them waits for it."""

PATIENCE_SECONDS = 1.5
"""What a resident waits for the model; what takes longer is left to the griffie."""

logger = logging.getLogger(__name__)


async def understand(store: ConcernStore, text: str) -> "Concern | None":
    """Return what the model makes of a text. Never fails: without an answer a contribution is read back without it."""
    try:
        return await asyncio.wait_for(asyncio.to_thread(_understood, store, text), PATIENCE_SECONDS)
    except TimeoutError:
        logger.info("Sorting takes longer than a resident should wait")
    except Exception:  # whatever is wrong with the model, the resident's words are read back
        logger.exception("Sorting is not available")
    return None


async def warm_up(store: ConcernStore) -> None:
    """Read the model before the first resident needs it."""
    try:
        await asyncio.to_thread(_understood, store, "")
    except Exception:
        logger.exception("Sorting is not available")


def _understood(store: ConcernStore, text: str) -> "Concern | None":
    model = store.model()
    return model.understand(text) if model else None


def sure_of(concern: "Concern | None") -> tuple[str | None, str | None]:
    """Return the kind and the theme that the model is sure enough of to say them to a resident."""
    if concern is None:
        return None, None
    return concern.kind, concern.theme if concern.theme != OTHER else None


async def propose(
    session: AsyncSession, *, concern: "Concern", contribution: Contribution, now: datetime
) -> ContributionSorting:
    """Sort a contribution by what the model makes of it.

    A kind that is not likely enough is left open. A theme that is not, or that the municipality does not use, becomes
    `OTHER`.

    A kind or a theme that the desk gave when it entered the contribution stays; how likely the model found its own says
    nothing of it.
    """
    choices = await municipality_settings.of(session, contribution.municipality_code)
    row = ContributionSorting(
        contribution_id=contribution.id,
        municipality_code=contribution.municipality_code,
        kind=contribution.kind or concern.kind,
        theme=contribution.theme or choices.theme_shown(concern.theme),
        kind_probability=None if contribution.kind else concern.kinds[0][1],
        theme_probability=None if contribution.theme else concern.themes[0][1],
        created_at=now,
    )
    return await _apply(session, contribution, row)


async def correct(
    session: AsyncSession,
    *,
    municipality_code: str,
    contribution_id: uuid.UUID,
    kind: str | None,
    theme: str,
    clerk: Clerk,
    now: datetime,
) -> bool:
    """Sort a contribution as a clerk says; returns whether anything changed.

    Agreeing with the model is kept as well: it teaches as much as a correction does. Without a kind that stays open.

    Raises:
        ContributionUnknown: not in this municipality.
        SortingUnknown: no such kind or theme.
    """
    if kind not in {None, *KINDS} or theme not in {*themes(), OTHER}:
        raise SortingUnknown
    contribution = await session.scalar(
        select(Contribution)
        .where(Contribution.id == contribution_id, Contribution.municipality_code == municipality_code)
        .with_for_update()
    )
    if contribution is None:
        raise ContributionUnknown
    before = (contribution.kind, contribution.theme)
    row = ContributionSorting(
        contribution_id=contribution_id,
        municipality_code=municipality_code,
        kind=kind,
        theme=theme,
        clerk_id=clerk.id,
        created_at=now,
    )
    await _apply(session, contribution, row)
    await audit.record(
        session,
        action="inbreng.indeling",
        clerk=clerk,
        municipality_code=municipality_code,
        record=str(contribution_id),
        details={"van": list(before), "naar": [kind, theme]},
        now=now,
    )
    return before != (kind, theme)


async def _apply(session: AsyncSession, contribution: Contribution, row: ContributionSorting) -> ContributionSorting:
    session.add(row)
    contribution.kind, contribution.theme = row.kind, row.theme
    await session.flush()
    return row


def is_unsorted() -> ColumnElement[bool]:
    """Without kind or theme, and the model has made no proposal yet: a kind that it left open is the clerk's."""
    lacking = or_(Contribution.kind.is_(None), Contribution.theme.is_(None))
    proposed = exists().where(
        ContributionSorting.contribution_id == Contribution.id, ContributionSorting.clerk_id.is_(None)
    )
    return and_(lacking, Contribution.text != WITHDRAWN, ~proposed)


async def unsorted(session: AsyncSession) -> Sequence[Contribution]:
    """Return what the model is to sort, oldest first. The rows are locked: nobody withdraws them meanwhile."""
    found = await session.scalars(
        select(Contribution)
        .where(is_unsorted())
        .order_by(Contribution.created_at)
        .limit(AT_ONCE)
        .with_for_update(skip_locked=True)
    )
    return found.all()


async def corrected_examples(session: AsyncSession) -> "list[Example]":
    """Return how clerks sorted, the latest word on each contribution, for the next training; masked texts only."""
    from participation.language.concerns import Example

    latest = (
        select(ContributionSorting.kind, ContributionSorting.theme, Contribution.masked_text)
        .join(Contribution, Contribution.id == ContributionSorting.contribution_id)
        .where(ContributionSorting.clerk_id.is_not(None), Contribution.masked_at.is_not(None))
        .ext(distinct_on(ContributionSorting.contribution_id))
        .order_by(ContributionSorting.contribution_id, ContributionSorting.created_at.desc())
    )
    return [Example(kind, theme, text or "") for kind, theme, text in await session.execute(latest) if kind]
