"""What one press on a button of a campaign does, or one answer to it; `bot.campaigns` says where it comes from."""

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from bot.campaign_at import At
from bot.campaign_steps import STEPS
from participation.campaigns import asking, offering, states, taking_part
from participation.campaigns.asking import meaning as meaning_of
from participation.campaigns.faults import CampaignClosed, CampaignUnknown, PartUnknown, StatementUnknown
from participation.campaigns.texts import text
from participation.language.places import naam_met_provincie
from participation.models import Campaign, Conversation
from participation.reply import Button, Reply
from participation.services import conversations

FAULTS = (CampaignClosed, CampaignUnknown, PartUnknown, StatementUnknown)
"""What `refused` has words for."""


async def act(
    session: AsyncSession, conversation: Conversation, meaning: dict[str, Any], said: str, now: datetime
) -> list[Reply]:
    """Do it, and return what is said and asked next.

    Raises:
        CampaignClosed, CampaignUnknown, PartUnknown, StatementUnknown: nothing was done.
    """
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


async def refused(
    session: AsyncSession, conversation: Conversation, meaning: dict[str, Any], fault: Exception, now: datetime
) -> Reply:
    """Say why it was not done."""
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
