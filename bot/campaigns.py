"""Taking part in a campaign, in any channel: what is done with a button of it, and with words typed in answer.

It comes before Rasa. What somebody asks in between goes on to Rasa; behind the answer they are offered to go on.
"""

import uuid
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from bot import campaign_messages, campaign_trial
from bot.campaign_act import FAULTS, act, refused
from bot.campaign_words import meant, of_command
from participation.campaigns import asking, offering, taking_part, trials
from participation.campaigns.asking import GATE
from participation.database import EVERY_MUNICIPALITY, Database
from participation.models import Campaign, Conversation

__all__ = ["GATE", "handle", "meant", "of_command", "offered", "reminder"]


async def offered(session: AsyncSession, conversation: Conversation, *, now: datetime) -> list[dict[str, Any]]:
    """What somebody gets, behind the welcome, who came by the link of a campaign."""
    if not conversation.campaign:
        return []
    if trial_id := trials.read(conversation.campaign):
        return await campaign_trial.offered(session, conversation, trial_id, now=now)
    found = await offering.came_for(
        session, public_id=conversation.campaign, municipality_code=conversation.municipality_code, now=now
    )
    return [found.to_json()] if found else []


async def reminder(
    database: Database,
    expected: dict[str, Any],
    replies: Sequence[dict[str, Any]],
    conversation: Conversation,
    *,
    now: datetime,
) -> list[dict[str, Any]]:
    """After an answer to something else: say once that somebody was taking part, and offer to go on.

    Not where the answer asks something, and not to somebody in need.
    """
    at = expected.get(GATE)
    if not at or at.get("herinnerd") or any(one["soort"] in ("fout", "nood") or one.get("verwacht") for one in replies):
        return []
    if trials.MARK in at:
        return await campaign_trial.reminder(database, conversation, at, now=now)
    async with database.session(EVERY_MUNICIPALITY) as session:
        campaign = await session.get(Campaign, uuid.UUID(at["id"]))
        if campaign is None:
            return []
        participant = await taking_part.of_resident(
            session, campaign_id=campaign.id, resident_id=conversation.resident_id
        )
        if participant is None:
            return []
        step = (await taking_part.walk_of(session, campaign=campaign, participant=participant)).next()
    return [asking.reminding(campaign, step, at).to_json()]


async def handle(
    database: Database,
    conversation: Conversation,
    meaning: dict[str, Any],
    *,
    text: str,
    now: datetime,
    expected: dict[str, Any],
) -> list[dict[str, Any]]:
    """Act on a button or on words that were asked for, and ask what comes next."""
    if trials.MARK in meaning:
        return await campaign_trial.handle(database, conversation, meaning, text=text, now=now)
    if meaning["stap"].startswith("berichten_"):
        return await campaign_messages.handle(database, conversation, meaning, text=text, now=now, expected=expected)
    try:
        async with database.session(EVERY_MUNICIPALITY) as session:
            replies = await act(session, conversation, meaning, text, now)
    except FAULTS as fault:
        async with database.session(EVERY_MUNICIPALITY) as session:
            replies = [await refused(session, conversation, meaning, fault, now)]
    return [reply.to_json() for reply in replies]
