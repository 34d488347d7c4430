"""One change to several contributions at once, and undoing it."""

import uuid
from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, exists, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from participation.errors import (
    ChangeUnknown,
    NothingChosen,
    SortingUnknown,
    TooManyChosen,
    TransitionNotAllowed,
    UndoTooLate,
)
from participation.language.themes import OTHER, themes
from participation.models import (
    BulkChange,
    Clerk,
    Contribution,
    ContributionAssignment,
    ContributionSorting,
    WorklistItem,
)
from participation.models.contribution import WITHDRAWN
from participation.services import assigning, audit, contributions, sorting, statuses

AT_ONCE = 100
"""Contributions that one change may touch."""

UNDO_WITHIN = timedelta(minutes=15)
TAKEN_UP = "in_behandeling"
UNDONE = "Ongedaan gemaakt door de griffie"

Changed = list[dict[str, Any]]


async def carry_out(
    session: AsyncSession,
    *,
    municipality_code: str,
    contribution_ids: Collection[uuid.UUID],
    action: str,
    target: str | None,
    clerk: Clerk,
    now: datetime,
) -> BulkChange:
    """Assign (`toewijzen`, to the clerk or nobody in `target`), take up (`oppakken`) or give a theme (`thema`).

    What the change does not fit is skipped and counted: it is closed, or has it already.

    Raises:
        NothingChosen, TooManyChosen: none of this municipality, or more than 100.
        ColleagueUnknown, SortingUnknown: the target does not exist.
    """
    if len(contribution_ids) > AT_ONCE:
        raise TooManyChosen
    if action == "thema" and target not in {*themes(), OTHER}:
        raise SortingUnknown
    items = await assigning.locked(session, municipality_code=municipality_code, contribution_ids=contribution_ids)
    if not items:
        raise NothingChosen
    before = {item.contribution_id: _state(item) for item in items}
    if action == "toewijzen":
        moved = await assigning.assign(
            session,
            municipality_code=municipality_code,
            contribution_ids=before.keys(),
            assignee_id=uuid.UUID(target) if target else None,
            clerk=clerk,
            now=now,
        )
        ids = set(moved)
    elif action == "oppakken":
        ids = {item.contribution_id for item in items if await _take_up(session, item, clerk, now)}
    else:
        ids = {item.contribution_id for item in items if await _give_theme(session, item, target or "", clerk, now)}
    change = BulkChange(
        id=uuid.uuid4(),
        municipality_code=municipality_code,
        clerk_id=clerk.id,
        action=action,
        target=target,
        changed=[before[one] for one in sorted(ids)],
        skipped=len(items) - len(ids),
        created_at=now,
    )
    session.add(change)
    await session.flush()
    return change


async def find(
    session: AsyncSession, *, municipality_code: str, change_id: uuid.UUID, clerk_id: uuid.UUID
) -> BulkChange | None:
    """Return a change of this clerk."""
    return await session.scalar(
        select(BulkChange).where(
            BulkChange.id == change_id,
            BulkChange.municipality_code == municipality_code,
            BulkChange.clerk_id == clerk_id,
        )
    )


def can_undo(change: BulkChange, now: datetime) -> bool:
    """Whether there is something to undo, and time left to do it."""
    return bool(change.changed) and change.undone_at is None and now - change.created_at <= UNDO_WITHIN


async def undo(
    session: AsyncSession, *, municipality_code: str, change_id: uuid.UUID, clerk: Clerk, now: datetime
) -> int:
    """Put back what one changed; returns how many.

    What a colleague has changed since stays as the colleague left it, and what the resident has written to as it is.

    History is not rewritten: the earlier status and the earlier colleague are added to it.

    Raises:
        ChangeUnknown: this clerk made no such change here.
        UndoTooLate: it is more than 15 minutes ago, or undone already.
    """
    change = await session.scalar(
        select(BulkChange)
        .where(
            BulkChange.id == change_id,
            BulkChange.municipality_code == municipality_code,
            BulkChange.clerk_id == clerk.id,
        )
        .with_for_update()
    )
    if change is None:
        raise ChangeUnknown
    if not can_undo(change, now):
        raise UndoTooLate
    ids = [uuid.UUID(state["id"]) for state in change.changed]
    items = await assigning.locked(session, municipality_code=municipality_code, contribution_ids=ids)
    states = {uuid.UUID(state["id"]): state for state in change.changed}
    back = 0
    for item in items:
        state = states[item.contribution_id]
        if change.action == "thema":
            done = await _theme_back(session, item, state, change)
        else:
            done = await _handler_back(session, item, state, change, clerk, now)
            if change.action == "oppakken":
                done = await _status_back(session, item, state, change, clerk, now)
        back += done
        if done:
            await audit.record(
                session,
                action="inbreng.ongedaan",
                clerk=clerk,
                municipality_code=municipality_code,
                record=str(item.contribution_id),
                details={"wat": change.action},
                now=now,
            )
    change.undone_at = now
    await session.flush()
    return back


def _state(item: WorklistItem) -> dict[str, Any]:
    return {
        "id": str(item.contribution_id),
        "behandelaar": str(item.assignee_id) if item.assignee_id else None,
        "status": item.status,
        "status_sinds": item.status_at.isoformat(),
        "ongelezen_sinds": item.reacted_at.isoformat() if item.reacted_at else None,
        "soort": item.kind,
        "thema": item.theme,
    }


async def _take_up(session: AsyncSession, item: WorklistItem, clerk: Clerk, now: datetime) -> bool:
    if item.status == TAKEN_UP:
        return False
    try:
        await contributions.change_status(
            session,
            municipality_code=item.municipality_code,
            contribution_id=item.contribution_id,
            status=TAKEN_UP,
            clerk=clerk,
            now=now,
        )
    except TransitionNotAllowed:
        return False
    return True


async def _give_theme(session: AsyncSession, item: WorklistItem, theme: str, clerk: Clerk, now: datetime) -> bool:
    withdrawn = exists().where(Contribution.id == item.contribution_id, Contribution.text == WITHDRAWN)
    if item.theme == theme or await session.scalar(select(withdrawn)):
        return False
    return await sorting.correct(
        session,
        municipality_code=item.municipality_code,
        contribution_id=item.contribution_id,
        kind=item.kind,
        theme=theme,
        clerk=clerk,
        now=now,
    )


async def _theme_back(session: AsyncSession, item: WorklistItem, state: dict[str, Any], change: BulkChange) -> bool:
    """Take the correction away altogether: nobody meant it, so the next model must not learn from it."""
    later = await session.scalar(
        select(
            exists().where(
                ContributionSorting.contribution_id == item.contribution_id,
                ContributionSorting.created_at > change.created_at,
            )
        )
    )
    if later or (item.kind, item.theme) != (state["soort"], change.target):
        return False
    await session.execute(
        delete(ContributionSorting).where(
            ContributionSorting.contribution_id == item.contribution_id,
            ContributionSorting.clerk_id == change.clerk_id,
            ContributionSorting.created_at == change.created_at,
        )
    )
    await session.execute(
        update(Contribution)
        .where(Contribution.id == item.contribution_id)
        .values(kind=state["soort"], theme=state["thema"])
    )
    return True


async def _handler_back(
    session: AsyncSession,
    item: WorklistItem,
    state: dict[str, Any],
    change: BulkChange,
    clerk: Clerk,
    now: datetime,
) -> bool:
    made = change.target if change.action == "toewijzen" else str(clerk.id)
    current = str(item.assignee_id) if item.assignee_id else None
    if current != made or current == state["behandelaar"]:
        return False
    session.add(
        ContributionAssignment(
            id=uuid.uuid4(),
            contribution_id=item.contribution_id,
            municipality_code=item.municipality_code,
            assignee_id=uuid.UUID(state["behandelaar"]) if state["behandelaar"] else None,
            clerk_id=clerk.id,
            created_at=now,
        )
    )
    await session.flush()
    return True


async def _status_back(
    session: AsyncSession,
    item: WorklistItem,
    state: dict[str, Any],
    change: BulkChange,
    clerk: Clerk,
    now: datetime,
) -> bool:
    if (item.status, item.status_at) != (TAKEN_UP, change.created_at) or item.reacted_at is not None:
        return False
    found = await statuses.lock(session, contribution_id=item.contribution_id, municipality_code=item.municipality_code)
    await statuses.take_back(session, found, clerk=clerk, reason=UNDONE, now=now)
    # In the list it counts from when it had that status first, and what was not read before is not read now.
    unread_since = state.get("ongelezen_sinds")
    await session.execute(
        update(WorklistItem)
        .where(WorklistItem.contribution_id == item.contribution_id)
        .values(
            status_at=datetime.fromisoformat(state["status_sinds"]),
            reacted_at=datetime.fromisoformat(unread_since) if unread_since else None,
        )
    )
    return True
