"""How many people will get a mailing, before it is sent: who could not be reached, or had enough, does not count."""

from datetime import datetime, timedelta

from sqlalchemy import exists, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from participation.campaigns import audience, sending
from participation.campaigns.sending import Cap
from participation.models import Campaign, ChatAddress, Mailing

GOOD_FOR = timedelta(minutes=10)
"""So long a number is shown: meanwhile people agree to messages, or have had enough."""

COUNTED = "geteld"
"""The result under which `progress` holds the number of a municipality."""


async def foresee(session: AsyncSession, *, mailing: Mailing, cap: Cap, now: datetime) -> None:
    """Write down how many people of each municipality will get a mailing, when that is not known or long ago.

    For the worker: a desk sees no chats.
    """
    campaign = await session.get_one(Campaign, mailing.campaign_id)
    codes = await audience.places(session, campaign=campaign, audience=mailing.audience)
    if mailing.counted_at and now - mailing.counted_at < GOOD_FOR and set(codes) == set(mailing.progress):
        return
    mailing.counted_at = now
    mailing.progress = {
        code: {COUNTED: await _count(session, campaign, mailing, code, cap=cap, now=now)} for code in codes
    }
    await session.flush()


async def _count(
    session: AsyncSession, campaign: Campaign, mailing: Mailing, code: str, *, cap: Cap, now: datetime
) -> int:
    found = audience.people(campaign, mailing.kind, mailing.audience, code)
    blocked = exists().where(ChatAddress.conversation_id == found.c.chat, ChatAddress.blocked_at.is_not(None))
    query = select(func.count()).select_from(found).where(found.c.chat.is_not(None), ~blocked)
    if sending.is_unasked(mailing):
        query = query.where(sending.had(found.c.resident_id, mailing, cap, now) < cap.most)
    return await session.scalar(query) or 0
