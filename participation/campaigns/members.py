"""Several municipalities in one campaign: one leads and asks, the people of each other one agree or refuse.

Nobody decides for another municipality. Without its agreement none of its residents is asked anything. A refusal is an
event: the row of a municipality says only whether it agrees now.
"""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from participation.campaigns import events
from participation.campaigns.faults import CampaignFixed, CampaignUnknown, FieldsWrong
from participation.models import Campaign, CampaignEvent, CampaignMunicipality, Clerk, Municipality

OPEN_FOR_ASKING = ("concept", "controle", "klaar", "loopt", "pauze")
OPEN_FOR_AGREEING = ("klaar", "loopt", "pauze")
"""Somebody of the leading municipality has looked at it: what is agreed to does not change any more."""

AGREED, REFUSED = "meedoen", "niet_meedoen"
TAKEN_BACK = "terughalen"
"""The step that ends all agreements, before the start."""


@dataclass(frozen=True)
class Member:
    """A municipality in a campaign. `refused_at` is empty where it agreed later, or was asked again.

    `took_part`: its residents could answer at some moment, so it stays, also when it has stopped.
    """

    code: str
    leads: bool
    asked_at: datetime
    agreed_at: datetime | None
    refused_at: datetime | None
    took_part: bool


async def of(session: AsyncSession, campaign: Campaign) -> Sequence[Member]:
    """Return the municipalities that this one may know of: the leader sees all, another one sees itself."""
    rows = await session.scalars(
        select(CampaignMunicipality)
        .where(CampaignMunicipality.campaign_id == campaign.id)
        .order_by(CampaignMunicipality.asked_at, CampaignMunicipality.municipality_code)
    )
    refusals = await session.execute(
        select(CampaignEvent.municipality_code, CampaignEvent.created_at)
        .where(CampaignEvent.campaign_id == campaign.id, CampaignEvent.what == REFUSED)
        .order_by(CampaignEvent.id)
    )
    refused = {row.municipality_code: row.created_at for row in refusals}
    before = await _took_part(session, campaign)
    return [
        Member(
            row.municipality_code,
            row.municipality_code == campaign.municipality_code,
            row.asked_at,
            row.agreed_at,
            _still(refused.get(row.municipality_code), row),
            campaign.started_at is not None and (row.agreed_at is not None or row.municipality_code in before),
        )
        for row in rows
    ]


async def takes_part(session: AsyncSession, campaign: Campaign, *, municipality_code: str) -> bool:
    """Whether a municipality leads, or agreed and did not stop: who only was asked reads what is asked, not what came
    of it."""
    row = await _own(session, campaign.id, municipality_code)
    return row is not None and row.agreed_at is not None


async def unanswered(session: AsyncSession, *, municipality_code: str) -> frozenset[uuid.UUID]:
    """Return the campaigns of others in which a municipality was asked to take part, and does not take part now."""
    found = await session.scalars(
        select(CampaignMunicipality.campaign_id).where(
            CampaignMunicipality.municipality_code == municipality_code,
            CampaignMunicipality.leader_code != municipality_code,
            CampaignMunicipality.agreed_at.is_(None),
        )
    )
    return frozenset(found.all())


async def ask(session: AsyncSession, campaign: Campaign, *, code: str, clerk: Clerk, now: datetime) -> None:
    """Ask a municipality to take part. Asking again after a refusal asks anew.

    Raises:
        FieldsWrong: `gemeente` to `onbekend` or `dubbel`.
        CampaignFixed: it has ended.
    """
    if campaign.state not in OPEN_FOR_ASKING:
        raise CampaignFixed
    if await session.get(Municipality, code) is None:
        raise FieldsWrong({"gemeente": "onbekend"})
    present = {member.code: member for member in await of(session, campaign)}
    if code in present and present[code].refused_at is None:
        raise FieldsWrong({"gemeente": "dubbel"})
    row = await session.get(CampaignMunicipality, (campaign.id, code))
    if row is None:
        session.add(
            CampaignMunicipality(
                campaign_id=campaign.id,
                municipality_code=code,
                leader_code=campaign.municipality_code,
                asked_at=now,
            )
        )
    else:
        row.asked_at = now
    await events.record(session, campaign, what="gemeente_gevraagd", clerk=clerk, now=now, detail={"gemeente": code})


async def take_out(session: AsyncSession, campaign: Campaign, *, code: str, clerk: Clerk, now: datetime) -> None:
    """Take back the question to a municipality, as long as its residents could not answer yet.

    Also one that has stopped since stays: its residents' answers count, and they are told what came of it.

    Raises:
        CampaignUnknown: it was not asked, or it leads.
        CampaignFixed: its residents take part already, or could.
    """
    row = await session.get(CampaignMunicipality, (campaign.id, code))
    if row is None or code == campaign.municipality_code:
        raise CampaignUnknown
    if campaign.started_at is not None and (row.agreed_at is not None or code in await _took_part(session, campaign)):
        raise CampaignFixed
    await session.delete(row)
    await events.record(session, campaign, what="gemeente_weg", clerk=clerk, now=now, detail={"gemeente": code})


async def answer(
    session: AsyncSession,
    campaign: Campaign,
    *,
    municipality_code: str,
    agrees: bool,
    clerk: Clerk,
    now: datetime,
) -> None:
    """Agree to take part with one's own residents, or refuse; also after having agreed.

    Whoever refuses later is asked nothing more; what residents answered before stays in the count.

    Raises:
        CampaignUnknown: this municipality was not asked, or leads.
        CampaignFixed: nobody of the leading municipality has agreed yet, or it has ended.
    """
    row = await _own(session, campaign.id, municipality_code)
    if row is None or municipality_code == campaign.municipality_code:
        raise CampaignUnknown
    if campaign.state not in OPEN_FOR_AGREEING:
        raise CampaignFixed
    if agrees == (row.agreed_at is not None) and agrees:
        return
    row.agreed_at, row.agreed_by = (now, clerk.id) if agrees else (None, None)
    await events.record(
        session,
        campaign,
        what=AGREED if agrees else REFUSED,
        clerk=clerk,
        now=now,
        detail={"gemeente": municipality_code},
        municipality_code=municipality_code,
    )


async def _took_part(session: AsyncSession, campaign: Campaign) -> frozenset[str]:
    """Return the other municipalities that agreed at some moment since the start, from the history: the leader sees no
    participants of another one."""
    if campaign.started_at is None:
        return frozenset()
    history = await session.scalars(
        select(CampaignEvent)
        .where(CampaignEvent.campaign_id == campaign.id, CampaignEvent.what.in_((AGREED, REFUSED, TAKEN_BACK)))
        .order_by(CampaignEvent.id)
    )
    now: set[str] = set()
    before: set[str] = set()
    for event in history.all():
        if event.what == TAKEN_BACK:
            now.clear()
        elif event.what == AGREED:
            now.add(event.municipality_code)
        elif event.municipality_code in now:
            now.remove(event.municipality_code)
            if event.created_at >= campaign.started_at:
                before.add(event.municipality_code)
    return frozenset(now | before)


async def _own(session: AsyncSession, campaign_id: uuid.UUID, code: str) -> CampaignMunicipality | None:
    found = await session.scalars(
        select(CampaignMunicipality).where(
            CampaignMunicipality.campaign_id == campaign_id, CampaignMunicipality.municipality_code == code
        )
    )
    return found.one_or_none()


def _still(refused_at: datetime | None, row: CampaignMunicipality) -> datetime | None:
    if refused_at is None or row.agreed_at is not None or refused_at < row.asked_at:
        return None
    return refused_at
