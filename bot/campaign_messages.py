"""Messages about campaigns: agreeing to them, choosing about what, and stopping them, in the chat."""

import re
import uuid
from datetime import datetime
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from participation.campaigns import offering, subscriptions, taking_part
from participation.campaigns.texts import text
from participation.database import EVERY_MUNICIPALITY, Database
from participation.language.themes import themes
from participation.models import Campaign, Conversation, Participant
from participation.own_areas import area_in
from participation.reply import Reply
from participation.services import municipalities, municipality_settings
from participation.services.placing import known_places

_END = re.compile(
    r"(?:(?:ik wil )?(?:me |mij )?(?:graag )?(?:afmelden|uitschrijven)(?: (?:graag|aub|alstublieft))?"
    r"|(?:ik wil )?geen berichten meer(?: (?:krijgen|ontvangen))?|stop (?:met )?(?:de )?berichten|meld (?:me|mij) af)"
)


def ends(words: str) -> bool:
    """Whether plain words stop all messages, and say nothing else."""
    return _END.fullmatch(words) is not None


async def question(session: AsyncSession, participant: Participant, campaign: Campaign) -> Reply | None:
    """Ask once, at the end, whether somebody wants to hear of a next campaign; none when they said so before."""
    if participant.resident_id is None or await subscriptions.is_wanted(
        session, resident_id=participant.resident_id, municipality_code=participant.municipality_code
    ):
        return None
    return offering.consent_question(campaign.id)


async def handle(
    database: Database,
    conversation: Conversation,
    meaning: dict[str, Any],
    *,
    text: str,
    now: datetime,
    expected: dict[str, Any],
) -> list[dict[str, Any]]:
    """Act on a button about messages, or on a place that was typed. What else was open stays open after stopping."""
    async with database.session(EVERY_MUNICIPALITY) as session:
        reply = await act(session, conversation, meaning, text, now)
    found = reply.to_json()
    if meaning["stap"] == "berichten_afmelden" and not found["verwacht"]:
        found["verwacht"] = expected
    return [found]


async def act(
    session: AsyncSession, conversation: Conversation, meaning: dict[str, Any], said: str, now: datetime
) -> Reply:
    """Do what a button about messages, or a typed place, stands for, and return what is said."""
    step, code = meaning["stap"].removeprefix("berichten_"), conversation.municipality_code
    resident, channel = conversation.resident_id, conversation.channel
    if step == "afmelden":
        there_were = await subscriptions.end(session, resident_id=resident, channel=channel, now=now)
        return offering.ended(there_were=there_were)
    if code is None or step == "aanbod":
        return await offering.messages(session, resident_id=resident, municipality_code=code)
    if step == "hoogte":
        if not meaning["antwoord"]:
            return Reply(text("hoogte_nee"))
        await subscriptions.agree(session, resident_id=resident, municipality_code=code, channel=channel, now=now)
        about, area = await _about(session, meaning, resident)
        return offering.about_what(about, area, told=text("hoogte_ja"))
    if not await subscriptions.is_wanted(session, resident_id=resident, municipality_code=code):
        return offering.consent_question()
    if step == "waarover":
        return offering.about_what()
    if step == "welk_thema":
        return offering.which_theme()
    if step == "welk_gebied":
        return offering.which_area(await _places(session, code))
    return await _chosen(session, resident, code, meaning, said, now)


async def _chosen(
    session: AsyncSession, resident: uuid.UUID, code: str, meaning: dict[str, Any], said: str, now: datetime
) -> Reply:
    theme, area = meaning.get("thema"), meaning.get("gebied")
    if meaning["stap"] == "berichten_gebied_getypt":
        areas = (await municipality_settings.of(session, code)).areas
        places = await _places(session, code)
        area = area_in(said, areas or dict.fromkeys(places, ()))
        if area is None:
            return offering.which_area(places, again=True)
    if meaning["stap"] != "berichten_laat_zo":
        await subscriptions.choose(
            session, resident_id=resident, municipality_code=code, now=now, theme=theme, area=area
        )
    return await _confirmed(session, resident, code)


async def _confirmed(session: AsyncSession, resident: uuid.UUID, code: str) -> Reply:
    """Say about what messages come now: all that was chosen, not only what was chosen last."""
    rows = [
        one for one in await subscriptions.of_resident(session, resident_id=resident) if one.municipality_code == code
    ]
    if not rows:
        return Reply(text("hoogte_alles"), kind="bevestiging")
    names = [themes()[one.theme].name if one.theme in themes() else str(one.theme or one.area) for one in rows]
    return Reply(text("hoogte_gekozen", waarover="; ".join(sorted(names))), kind="bevestiging")


async def _about(session: AsyncSession, meaning: dict[str, Any], resident: uuid.UUID) -> tuple[str | None, str | None]:
    """The theme of the campaign after which this was asked, and the area that they told there."""
    if "peiling" not in meaning:
        return None, None
    campaign_id = uuid.UUID(meaning["peiling"])
    campaign = await session.get(Campaign, campaign_id)
    participant = await taking_part.of_resident(session, campaign_id=campaign_id, resident_id=resident)
    return (campaign.theme if campaign else None), (participant.area if participant else None)


async def _places(session: AsyncSession, code: str) -> list[str]:
    choices = await municipality_settings.of(session, code)
    return known_places(municipality_code=code, municipality=municipalities.names()[code], areas=choices.areas)
