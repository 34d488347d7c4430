"""Looking contributions over for a person: signs of danger or a threat, and near copies of others.

The worker does it a moment after a contribution came in, apart from logging it: nothing here can refuse or delay one.
"""

import asyncio
import uuid
from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import func, or_, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from participation.language import near_copies
from participation.language.danger import check_danger
from participation.language.threats import check_threats
from participation.models import Contribution, ContributionCheck, ContributionEntry, ContributionFlag, Conversation
from participation.models.contribution import FROM_RESIDENT, WITHDRAWN

AT_ONCE = 200
WINDOW = timedelta(days=14)
"""How long after a text a near copy still belongs to it."""
MASKING_TAKES = timedelta(minutes=5)
"""Near copies are sought in masked texts. After this long the signs do not wait for masking any more."""
_ONE_AT_A_TIME = 0x4E414B49


def signs_in(text: str) -> set[str]:
    """Return the kinds of flags for a text."""
    danger = check_danger(text)
    return {*check_threats(text), *({danger.kind} if danger else ())}


async def check_waiting(session: AsyncSession, *, now: datetime) -> int:
    """Check what has not been checked yet, oldest first; returns how many were. One process at a time."""
    if not await session.scalar(select(func.pg_try_advisory_xact_lock(_ONE_AT_A_TIME))):
        return 0
    rows = await session.execute(
        select(Contribution, Conversation.created_at)
        .outerjoin(ContributionCheck, ContributionCheck.contribution_id == Contribution.id)
        .outerjoin(Conversation, Conversation.id == Contribution.conversation_id)
        .where(
            ContributionCheck.contribution_id.is_(None),
            Contribution.text != WITHDRAWN,
            or_(
                Contribution.masked_at.is_not(None),
                func.coalesce(Contribution.changed_at, Contribution.created_at) < now - MASKING_TAKES,
            ),
        )
        .order_by(Contribution.created_at, Contribution.id)
        .limit(AT_ONCE)
        .with_for_update(of=Contribution, skip_locked=True)
    )
    found = rows.all()
    groups = await _groups(session, [contribution for contribution, _ in found])
    for contribution, opened_at in found:
        await _check(session, contribution, opened_at, groups[contribution.municipality_code], now=now)
    return len(found)


async def check_additions(session: AsyncSession, *, now: datetime) -> int:
    """Check what residents added to a contribution that has been checked; returns how many were.

    Who has a contribution at this moment may need its check too: both are locked, or both are left for the next time.
    """
    rows = await session.execute(
        select(ContributionEntry, ContributionCheck)
        .join(Contribution, Contribution.id == ContributionEntry.contribution_id)
        .join(ContributionCheck, ContributionCheck.contribution_id == Contribution.id)
        .where(
            ContributionEntry.kind.in_(FROM_RESIDENT),
            ContributionEntry.text != WITHDRAWN,
            ContributionEntry.created_at > ContributionCheck.checked_until,
        )
        .order_by(ContributionEntry.created_at)
        .limit(AT_ONCE)
        .with_for_update(of=(Contribution, ContributionCheck), skip_locked=True)
    )
    found = rows.all()
    for entry, check in found:
        signs = await asyncio.to_thread(signs_in, entry.text)
        await _flag(session, entry.contribution_id, entry.municipality_code, signs, now=now)
        check.checked_until = max(check.checked_until, entry.created_at)
    await session.flush()
    return len(found)


async def _check(
    session: AsyncSession,
    contribution: Contribution,
    opened_at: datetime | None,
    groups: "_Groups",
    *,
    now: datetime,
) -> None:
    signs = await asyncio.to_thread(signs_in, contribution.text)
    masked = contribution.masked_text if contribution.masked_at else None
    signature = await asyncio.to_thread(near_copies.signature, masked) if masked else None
    group = groups.put(contribution, signature)
    session.add(
        ContributionCheck(
            contribution_id=contribution.id,
            municipality_code=contribution.municipality_code,
            signature=signature,
            group_id=group,
            seconds_in_chat=int((contribution.created_at - opened_at).total_seconds()) if opened_at else None,
            received_at=contribution.created_at,
            checked_until=contribution.created_at,
        )
    )
    await session.flush()
    await _flag(session, contribution.id, contribution.municipality_code, signs, now=now)


class _Groups:
    """The signatures of a municipality with the group of each, oldest first, during one round."""

    def __init__(self) -> None:
        self._rows: list[tuple[datetime, uuid.UUID, bytes]] = []

    def add(self, received_at: datetime, group_id: uuid.UUID, signature: bytes) -> None:
        """Know a text that has been checked."""
        self._rows.append((received_at, group_id, signature))

    def put(self, contribution: Contribution, signature: bytes | None) -> uuid.UUID:
        """Return the group of the text that is most alike, or a new one; know this text from now on."""
        if signature is None:
            return contribution.id
        near = [row for row in self._rows if row[0] > contribution.created_at - WINDOW]
        found = near_copies.most_alike(signature, near_copies.as_matrix([other for _, _, other in near]))
        group = near[found[0]][1] if found else contribution.id
        self.add(contribution.created_at, group, signature)
        return group


async def _groups(session: AsyncSession, contributions: Sequence[Contribution]) -> dict[str, _Groups]:
    """What these may be near copies of, for each municipality."""
    since: dict[str, datetime] = {}
    for one in contributions:
        since[one.municipality_code] = min(one.created_at, since.get(one.municipality_code, one.created_at))
    groups = {code: _Groups() for code in since}
    for code, first in since.items():
        rows = await session.execute(
            select(ContributionCheck.received_at, ContributionCheck.group_id, ContributionCheck.signature)
            .where(
                ContributionCheck.municipality_code == code,
                ContributionCheck.received_at > first - WINDOW,
                ContributionCheck.signature.is_not(None),
            )
            .order_by(ContributionCheck.received_at, ContributionCheck.contribution_id)
        )
        for received_at, group_id, signature in rows:
            groups[code].add(received_at, group_id, signature or b"")
    return groups


async def _flag(
    session: AsyncSession, contribution_id: uuid.UUID, code: str, signs: set[str], *, now: datetime
) -> None:
    if signs:
        rows = [
            {"contribution_id": contribution_id, "kind": sign, "municipality_code": code, "created_at": now}
            for sign in sorted(signs)
        ]
        await session.execute(insert(ContributionFlag).on_conflict_do_nothing(), rows)
