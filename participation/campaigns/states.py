"""From draft to closed: which steps there are, who may take them, and which campaigns residents can join now."""

import uuid
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from participation.campaigns import events
from participation.campaigns.faults import CampaignClosed, FieldsWrong, StepNotAllowed
from participation.models import Campaign, CampaignMunicipality, Clerk
from participation.services import offer_uses

STEPS = {
    "insturen": (("concept",), "controle"),
    "terughalen": (("controle", "klaar"), "concept"),
    "terugsturen": (("controle",), "concept"),
    "goedkeuren": (("controle",), "klaar"),
    "starten": (("klaar",), "loopt"),
    "pauzeren": (("loopt",), "pauze"),
    "hervatten": (("pauze",), "loopt"),
    "sluiten": (("loopt", "pauze"), "gesloten"),
}
"""Each step: from which states, to which. `terughalen` is by the makers, and ends an agreement too."""

EDITABLE = ("concept",)
"""Here everything can change. What can change later is in `later`."""


def steps_from(state: str) -> tuple[str, ...]:
    """The steps that a campaign in this state can take."""
    return tuple(step for step, (sources, _) in STEPS.items() if state in sources)


def open_now(now: datetime | ColumnElement[datetime]) -> ColumnElement[bool]:
    """Whether a campaign takes answers at this moment, wherever it is held."""
    return and_(
        Campaign.state == "loopt",
        or_(Campaign.opens_at.is_(None), Campaign.opens_at <= now),
        or_(Campaign.closes_at.is_(None), Campaign.closes_at > now),
    )


async def running(session: AsyncSession, municipality_code: str, now: datetime) -> list[Campaign]:
    """Return what residents of a municipality can take part in now, what closes first in front.

    It runs, has begun and has not ended, and the municipality leads it or agreed to take part.
    """
    found = await session.scalars(
        select(Campaign)
        .join(CampaignMunicipality, CampaignMunicipality.campaign_id == Campaign.id)
        .where(
            CampaignMunicipality.municipality_code == municipality_code,
            CampaignMunicipality.agreed_at.is_not(None),
            open_now(now),
        )
        .order_by(Campaign.closes_at.asc().nulls_last(), Campaign.started_at, Campaign.id)
    )
    return list(found.all())


def is_open(campaign: Campaign, now: datetime) -> bool:
    """The same as `open_now`, of a campaign at hand."""
    begun = campaign.opens_at is None or campaign.opens_at <= now
    return campaign.state == "loopt" and begun and (campaign.closes_at is None or campaign.closes_at > now)


def has_ended(campaign: Campaign, now: datetime) -> bool:
    """Whether it takes no answers any more; one that is paused may go on."""
    return campaign.state == "gesloten" or (campaign.closes_at is not None and campaign.closes_at <= now)


def assert_open(campaign: Campaign, now: datetime) -> None:
    """Refuse what comes before, after or during a pause.

    Raises:
        CampaignClosed: it takes no answers now.
    """
    if not is_open(campaign, now):
        raise CampaignClosed


async def take(
    session: AsyncSession,
    campaign: Campaign,
    step: str,
    *,
    clerk: Clerk | None,
    now: datetime,
    detail: dict[str, str] | None = None,
) -> None:
    """Take one step and write it down. Who may do so, and whether the campaign is ready, is for the caller.

    Raises:
        StepNotAllowed: not from the state that it is in; for one, because a colleague was first.
    """
    sources, after = STEPS[step]
    if campaign.state not in sources:
        raise StepNotAllowed
    before, campaign.state = campaign.state, after
    campaign.revision += 1
    if step == "starten":
        campaign.started_at = now
        await offer_uses.change(
            session,
            municipality_code=campaign.municipality_code,
            before=None,
            after=offer_uses.taken_over(campaign),
            now=now,
        )
    if step == "sluiten":
        campaign.closed_at = now
    await events.record(
        session, campaign, what=step, clerk=clerk, now=now, detail={"van": before, "naar": after} | (detail or {})
    )


async def start(session: AsyncSession, campaign: Campaign, *, clerk: Clerk | None, now: datetime) -> None:
    """Let residents in, by hand or at its moment. By hand before its moment: it opens now.

    Raises:
        StepNotAllowed: nobody agreed to it, or it has run already.
        FieldsWrong: its end is past.
    """
    if campaign.closes_at is not None and campaign.closes_at <= now:
        raise FieldsWrong({"sluit": "voorbij"})
    if campaign.opens_at is None or campaign.opens_at > now:
        campaign.opens_at = now
    await take(session, campaign, "starten", clerk=clerk, now=now)


async def keep_time(session: AsyncSession, *, now: datetime) -> int:
    """Start what was agreed and has its moment, close what has ended; returns how many. For the worker.

    Rows are locked, and passed over when another worker has them.
    """
    begun = and_(Campaign.state == "klaar", Campaign.opens_at <= now, Campaign.closes_at > now)
    ended = and_(Campaign.state.in_(("loopt", "pauze")), Campaign.closes_at <= now)
    due = await session.scalars(
        select(Campaign).where(or_(begun, ended)).order_by(Campaign.id).with_for_update(skip_locked=True)
    )
    found = due.all()
    for campaign in found:
        if campaign.state == "klaar":
            await start(session, campaign, clerk=None, now=now)
        else:
            await take(session, campaign, "sluiten", clerk=None, now=now)
    return len(found)


async def of_municipality(session: AsyncSession, *, municipality_code: str) -> Sequence[Campaign]:
    """Return what the municipality leads or was asked for, what was made last in front."""
    found = await session.scalars(
        select(Campaign)
        .join(CampaignMunicipality, CampaignMunicipality.campaign_id == Campaign.id)
        .where(CampaignMunicipality.municipality_code == municipality_code)
        .order_by(Campaign.made_at.desc(), Campaign.id)
    )
    return found.all()


async def by_public_id(session: AsyncSession, public_id: str) -> Campaign | None:
    """Return the campaign of an address that residents got, in whatever state."""
    return (await session.scalars(select(Campaign).where(Campaign.public_id == public_id))).one_or_none()


async def agreed_codes(session: AsyncSession, campaign_id: uuid.UUID) -> frozenset[str]:
    """Return the municipalities whose residents take part."""
    found = await session.scalars(
        select(CampaignMunicipality.municipality_code).where(
            CampaignMunicipality.campaign_id == campaign_id, CampaignMunicipality.agreed_at.is_not(None)
        )
    )
    return frozenset(found.all())
