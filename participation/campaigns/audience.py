"""Whom a message about a campaign is for: who asked for it, by consent and choice, or by wanting the outcome.

A person's own choice always holds: who wants messages about one theme or area gets no others, whatever the sender asks.

| `audience` | who |
|---|---|
| `{"who": "berichten"}` | who agreed to messages, about everything or about the campaign's theme |
| with `"areas": [...]` | of those only who chose one of these areas |
| `{"who": "uitkomst"}` | who took part in this campaign and wants to hear what came of it |
"""

import uuid
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Select, and_, case, exists, func, literal, null, or_, select
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.ext.asyncio import AsyncSession

from participation.campaigns import states
from participation.models import (
    Campaign,
    CampaignMunicipality,
    Consent,
    Conversation,
    Mailing,
    Participant,
    Recipient,
    Subscription,
)
from participation.models.consent import CAMPAIGN

MESSAGES, OUTCOME = "berichten", "uitkomst"
FEW = 25
"""Below this number the desk warns: so few people could be told apart by what they answer."""

__all__ = ["FEW", "MESSAGES", "OUTCOME", "agreed", "count", "fill", "places", "wants"]


def wants(campaign: Campaign, mailing_kind: str, audience: Mapping[str, Any], code: str) -> Select[uuid.UUID | None]:
    """Select the residents of a municipality that a message is for."""
    if audience["who"] == OUTCOME:
        return select(Participant.resident_id).where(
            Participant.campaign_id == campaign.id,
            Participant.municipality_code == code,
            Participant.wants_outcome,
            Participant.resident_id.is_not(None),
        )
    latest = agreed(code).subquery()
    resident = latest.c.resident_id
    query = select(resident).where(latest.c.given, _chosen(resident, campaign, audience, code))
    took_part = exists().where(Participant.campaign_id == campaign.id, Participant.resident_id == resident)
    if mailing_kind == "uitnodiging":
        query = query.where(~took_part)
    elif mailing_kind == "herinnering":
        ready = exists().where(
            Participant.campaign_id == campaign.id,
            Participant.resident_id == resident,
            Participant.finished_at.is_not(None),
        )
        invited = exists().where(
            Recipient.resident_id == resident,
            Recipient.state == "verstuurd",
            Recipient.mailing_id == Mailing.id,
            Mailing.campaign_id == campaign.id,
        )
        query = query.where(~ready, or_(invited, took_part))
    return query


def agreed(code: str) -> Select[uuid.UUID, bool]:
    """Select the last word of everybody about messages on campaigns of a municipality."""
    return (
        select(Consent.resident_id, Consent.given)
        .where(Consent.municipality_code == code, Consent.purpose == CAMPAIGN)
        .ext(distinct_on(Consent.resident_id))
        .order_by(Consent.resident_id, Consent.id.desc())
    )


def _chosen(resident: Any, campaign: Campaign, audience: Mapping[str, Any], code: str) -> Any:
    theirs = and_(Subscription.resident_id == resident, Subscription.municipality_code == code)
    areas = list(audience.get("areas") or ())
    if areas:
        return exists().where(theirs, Subscription.area.in_(areas))
    nothing_chosen = ~exists().where(theirs)
    theme = exists().where(theirs, Subscription.theme == campaign.theme, Subscription.area.is_(None))
    return or_(nothing_chosen, theme)


async def count(session: AsyncSession, *, campaign: Campaign, kind: str, audience: Mapping[str, Any], code: str) -> int:
    """Return how many people of one municipality a message is for; the session may be that of the desk."""
    who = wants(campaign, kind, audience, code).subquery()
    return await session.scalar(select(func.count()).select_from(who)) or 0


async def places(session: AsyncSession, *, campaign: Campaign, audience: Mapping[str, Any]) -> list[str]:
    """Return the municipalities whose residents a message may be for, in order.

    Who took part hears the outcome, also where the municipality has stopped since: for that it is every one that was
    asked. Where nobody took part, nobody is found.
    """
    if audience["who"] != OUTCOME:
        return sorted(await states.agreed_codes(session, campaign.id))
    found = await session.scalars(
        select(CampaignMunicipality.municipality_code).where(CampaignMunicipality.campaign_id == campaign.id)
    )
    return sorted(found.all())


async def foresee(session: AsyncSession, *, mailing: Mailing) -> None:
    """Write down for how many people of each municipality a mailing is."""
    campaign = await session.get_one(Campaign, mailing.campaign_id)
    counted = {}
    for code in await places(session, campaign=campaign, audience=mailing.audience):
        number = await count(session, campaign=campaign, kind=mailing.kind, audience=mailing.audience, code=code)
        counted[code] = {"geteld": number}
    mailing.progress = counted
    await session.flush()


async def fill(session: AsyncSession, *, mailing: Mailing, now: datetime) -> None:
    """Write down everybody that a mailing goes to, in one statement a municipality. Doing it twice adds nobody twice.

    The chat is the one that they were last in. Who has none (any more) is written down as passed over.
    """
    campaign = await session.get_one(Campaign, mailing.campaign_id)
    for code in await places(session, campaign=campaign, audience=mailing.audience):
        who = wants(campaign, mailing.kind, mailing.audience, code).subquery()
        resident = next(iter(who.c))
        chat = (
            select(Conversation.id)
            .where(Conversation.resident_id == resident)
            .order_by(Conversation.last_turn_at.desc())
            .limit(1)
            .correlate(who)
            .scalar_subquery()
        )
        people = select(resident.label("resident_id"), chat.label("chat")).subquery()
        has_chat = people.c.chat.is_not(None)
        rows = select(
            literal(mailing.id),
            people.c.resident_id,
            literal(code),
            people.c.chat,
            case((has_chat, "wacht"), else_="overgeslagen"),
            case((has_chat, null()), else_="geen_gesprek"),
            literal(now),
        )
        columns = ["mailing_id", "resident_id", "municipality_code", "conversation_id", "state", "reason", "due_at"]
        await session.execute(upsert(Recipient).from_select(columns, rows).on_conflict_do_nothing())
    mailing.filled_at = now
    await session.flush()
