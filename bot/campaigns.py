"""Taking part in a campaign, in any channel: what is done with a button of it, and with words typed in answer.

It comes before Rasa. What somebody asks in between goes on to Rasa; behind the answer they are offered to go on.
"""

import uuid
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from bot import campaign_messages
from bot.campaign_at import At
from bot.campaign_steps import STEPS
from bot.campaign_words import meant, of_command
from participation.campaigns import asking, offering, states, taking_part
from participation.campaigns.asking import GATE
from participation.campaigns.asking import meaning as meaning_of
from participation.campaigns.faults import CampaignClosed, CampaignUnknown, PartUnknown, StatementUnknown
from participation.campaigns.texts import text
from participation.database import EVERY_MUNICIPALITY, Database
from participation.language.places import naam_met_provincie
from participation.models import Campaign, Conversation
from participation.reply import Button, Reply
from participation.services import conversations

__all__ = ["GATE", "handle", "meant", "of_command", "offered", "reminder"]


async def offered(session: AsyncSession, conversation: Conversation, *, now: datetime) -> list[dict[str, Any]]:
    """What somebody gets, behind the welcome, who came by the link of a campaign."""
    if not conversation.campaign:
        return []
    found = await offering.came_for(
        session, public_id=conversation.campaign, municipality_code=conversation.municipality_code, now=now
    )
    return [found.to_json()] if found else []


async def reminder(
    database: Database, expected: dict[str, Any], replies: Sequence[dict[str, Any]], conversation: Conversation
) -> list[dict[str, Any]]:
    """After an answer to something else: say once that somebody was taking part, and offer to go on.

    Not where the answer asks something, and not to somebody in need.
    """
    at = expected.get(GATE)
    if not at or at.get("herinnerd") or any(one["soort"] in ("fout", "nood") or one.get("verwacht") for one in replies):
        return []
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
    slots = {"nummer": str(step.number), "totaal": str(step.total)} if step else {}
    told = text("herinnering" if step else "herinnering_klaar", titel=campaign.title, **slots)
    on = asking.resume_button(campaign.id)
    left = {GATE: {**at, "herinnerd": True}, "ja": on.meaning}
    return [Reply(told, kind="keuze", buttons=(on,), expects=left).to_json()]


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
    if meaning["stap"].startswith("berichten_"):
        return await campaign_messages.handle(database, conversation, meaning, text=text, now=now, expected=expected)
    try:
        async with database.session(EVERY_MUNICIPALITY) as session:
            replies = await _act(session, conversation, meaning, text, now)
    except (CampaignClosed, CampaignUnknown, PartUnknown, StatementUnknown) as fault:
        async with database.session(EVERY_MUNICIPALITY) as session:
            replies = [await _refused(session, conversation, meaning, fault, now)]
    return [reply.to_json() for reply in replies]


async def _act(
    session: AsyncSession, conversation: Conversation, meaning: dict[str, Any], said: str, now: datetime
) -> list[Reply]:
    step, code = meaning["stap"], conversation.municipality_code
    if step == "meedoen":
        return [await offering.running(session, municipality_code=code, now=now)]
    campaign = await _campaign(session, conversation, meaning, now)
    if campaign is None:
        return [Reply(text("niets_open")), await offering.running(session, municipality_code=code, now=now)]
    if step == "niet_nu":
        return [Reply(text("niet_nu"))]
    if step == "tonen":
        return [await offering.invitation(session, campaign)]
    if step == "hoeveel":
        many = await taking_part.how_many(session, campaign.id)
        told = text("mensen", aantal=str(many)) if many else text("mensen_weinig")
        return [Reply(told, buttons=(asking.resume_button(campaign.id),), expects=asking.expects(campaign.id))]
    states.assert_open(campaign, now)
    code = code or meaning.get("gemeente") or await _only_code(session, campaign)
    if code is None:
        return [await _which_municipality(session, campaign)]
    if conversation.municipality_code is None:
        await conversations.set_municipality(session, conversation_id=conversation.id, code=code)
    coming = taking_part.Coming(
        resident_id=conversation.resident_id,
        municipality_code=code,
        conversation_id=conversation.id,
        channel=conversation.channel,
        place=conversation.place,
    )
    participant, _ = await taking_part.start(session, campaign=campaign, coming=coming, now=now)
    if step not in STEPS:
        step = "verder"  # a button of an earlier version
    return await STEPS[step](At(session, conversation, meaning, said, now, campaign, participant))


async def _campaign(
    session: AsyncSession, conversation: Conversation, meaning: dict[str, Any], now: datetime
) -> Campaign | None:
    """The campaign that this is about; without a name the one that they were busy with."""
    if "peiling" not in meaning:
        return await taking_part.unfinished_of(session, resident_id=conversation.resident_id, now=now)
    found = await session.get(Campaign, uuid.UUID(meaning["peiling"]))
    if found is None:
        raise CampaignUnknown
    return found


async def _refused(
    session: AsyncSession, conversation: Conversation, meaning: dict[str, Any], fault: Exception, now: datetime
) -> Reply:
    campaign = None if isinstance(fault, CampaignUnknown) else await _campaign(session, conversation, meaning, now)
    if campaign is None:
        return Reply(text("onbekend"))
    if isinstance(fault, CampaignClosed):
        return await offering.not_open(session, campaign, conversation.municipality_code, now)
    on = asking.resume_button(campaign.id)  # a statement or question that was taken out
    return Reply(text("vervallen"), buttons=(on,), expects={"ja": on.meaning})


async def _only_code(session: AsyncSession, campaign: Campaign) -> str | None:
    codes = await states.agreed_codes(session, campaign.id)
    return next(iter(codes)) if len(codes) == 1 else None


async def _which_municipality(session: AsyncSession, campaign: Campaign) -> Reply:
    codes = sorted(await states.agreed_codes(session, campaign.id))
    buttons = tuple(Button(naam_met_provincie(code), meaning_of(campaign.id, "begin", gemeente=code)) for code in codes)
    return Reply(text("welke_gemeente"), kind="keuze", buttons=buttons)
