"""Whom a message about a campaign is for: who asked for it, by consent and choice, or by wanting the outcome.

A person's own choice always holds: who wants messages about one theme or area gets no others, whatever the sender asks.

| `audience` | who |
|---|---|
| `{"who": "berichten"}` | who agreed to messages, about everything or about the campaign's theme |
| with `"theme": id` | about that theme in place of the campaign's own |
| with `"areas": [...]` | in place of a theme: who chose one of these areas, however their capitals are |
| with `"earlier": true` | of those only who took part in another campaign of their municipality |
| `{"who": "uitkomst"}` | who took part in this campaign and wants to hear what came of it |
"""

import uuid
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Select, Subquery, and_, case, exists, func, literal, null, or_, select
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

__all__ = ["FEW", "MESSAGES", "OUTCOME", "agreed", "fill", "people", "places", "wants"]


def wants(campaign: Campaign, mailing_kind: str, audience: Mapping[str, Any], code: str) -> Select[uuid.UUID | None]:
    """Select the residents of a municipality that a message is for."""
    if audience["who"] == OUTCOME:
        return select(Participant.resident_id).where(
            Participant.campaign_id == campaign.id,
            Participant.municipality_code == code,
            Participant.wants_outcome.is_(True),
            Participant.resident_id.is_not(None),
        )
    latest = agreed(code).subquery()
    resident = latest.c.resident_id
    query = select(resident).where(latest.c.given, _chosen(resident, campaign, audience, code))
    took_part = exists().where(Participant.campaign_id == campaign.id, Participant.resident_id == resident)
    if audience.get("earlier"):
        query = query.where(
            exists().where(
                Participant.campaign_id != campaign.id,
                Participant.municipality_code == code,
                Participant.resident_id == resident,
            )
        )
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
    areas = [area.lower() for area in audience.get("areas") or ()]
    if areas:
        return exists().where(theirs, func.lower(Subscription.area).in_(areas))
    nothing_chosen = ~exists().where(theirs)
    about = audience.get("theme") or campaign.theme
    theme = exists().where(theirs, Subscription.theme == about, Subscription.area.is_(None))
    return or_(nothing_chosen, theme)


def people(campaign: Campaign, mailing_kind: str, audience: Mapping[str, Any], code: str) -> Subquery:
    """Select the same residents as `resident_id`, each with the `chat` that they were last in, if they have one."""
    who = wants(campaign, mailing_kind, audience, code).subquery()
    resident = next(iter(who.c))
    chat = (
        select(Conversation.id)
        .where(Conversation.resident_id == resident)
        .order_by(Conversation.last_turn_at.desc())
        .limit(1)
        .correlate(who)
        .scalar_subquery()
    )
    return select(resident.label("resident_id"), chat.label("chat")).subquery()


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


async def fill(session: AsyncSession, *, mailing: Mailing, now: datetime) -> None:
    """Write down everybody that a mailing goes to, in one statement a municipality. Doing it twice adds nobody twice.

    Who has no chat (any more) is written down as passed over.
    """
    campaign = await session.get_one(Campaign, mailing.campaign_id)
    for code in await places(session, campaign=campaign, audience=mailing.audience):
        found = people(campaign, mailing.kind, mailing.audience, code)
        has_chat = found.c.chat.is_not(None)
        rows = select(
            literal(mailing.id),
            found.c.resident_id,
            literal(code),
            found.c.chat,
            case((has_chat, "wacht"), else_="overgeslagen"),
            case((has_chat, null()), else_="geen_gesprek"),
            literal(now),
        )
        columns = ["mailing_id", "resident_id", "municipality_code", "conversation_id", "state", "reason", "due_at"]
        await session.execute(upsert(Recipient).from_select(columns, rows).on_conflict_do_nothing())
    mailing.filled_at = now
    await session.flush()
