"""The page of a campaign: what it is about, why, until when, who decides, and the way into the chat.

Nothing is kept of who opens it: no cookie, no script, nobody else is asked for anything. That it was opened is counted.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse
from sqlalchemy.ext.asyncio import AsyncSession
from starlette.exceptions import HTTPException

from bot.web.pages import page
from participation.campaigns import estimate, events, later, links, part_writing, parts, reach, states, taking_part
from participation.campaigns.links import Arrival
from participation.database import EVERY_MUNICIPALITY, Database
from participation.dates import AMSTERDAM, dutch_date
from participation.models import Campaign, CampaignEvent
from participation.services import municipalities, municipality_settings
from participation.settings import settings

router = APIRouter(include_in_schema=False)

PUBLIC_STATES = ("loopt", "pauze", "gesloten")
LONGEST_LINK = 40


@dataclass(frozen=True)
class Door:
    """The way into the chat of one municipality, and into Telegram where it is there."""

    name: str
    address: str
    telegram: str | None


@router.get("/c/{public_id}")
async def campaign_page(request: Request, public_id: str, plek: str = "") -> HTMLResponse:
    """Show a campaign that has started; a draft is no page."""
    if not (public_id.isascii() and public_id.isalnum()) or "\0" in plek:
        raise HTTPException(404)
    database: Database = request.app.state.database
    now = datetime.now(UTC)
    async with database.session(EVERY_MUNICIPALITY) as session:
        arrival = await links.arrived(session, links.value_of(public_id, plek[:LONGEST_LINK] or None))
        if arrival is None or arrival.campaign.state not in PUBLIC_STATES:
            raise HTTPException(404)
        campaign = arrival.campaign
        code = arrival.code or campaign.municipality_code
        await reach.count_opened(session, campaign_id=campaign.id, municipality_code=code, place=arrival.place, now=now)
        found = await parts.of(session, campaign.id)
        statements = await part_writing.statements_by_part(session, campaign.id)
        codes = await states.agreed_codes(session, campaign.id)
        changed = await events.of(session, campaign.id)
        number = await taking_part.how_many(session, campaign.id)
        choices = await municipality_settings.of(session, code)
        doors = await _doors(session, arrival, codes, plek, now)
    seconds = estimate.seconds(intro=[campaign.intro], parts=found, statements=statements)
    return page(
        request,
        "campagne.html",
        "'none'",
        campagne=campaign,
        gemeente_code=code,
        gemeente_naam=choices.shown_name or municipalities.names()[code],
        choices=choices,
        deuren=doors,
        is_open=states.is_open(campaign, now),
        minuten=estimate.minutes(seconds),
        meegedaan=number,
        tot=_day(campaign),
        veranderd=_changes(changed),
    )


async def _doors(
    session: AsyncSession, arrival: Arrival, codes: frozenset[str], link: str, now: datetime
) -> list[Door]:
    """Return the municipality of the link, or all that take part."""
    campaign, names = arrival.campaign, municipalities.names()
    value = links.value_of(campaign.public_id, link if arrival.code else None)
    found = []
    for code in [arrival.code] if arrival.code else sorted(codes, key=names.__getitem__):
        telegram = None
        if (name := settings().telegram_name) and (await municipality_settings.of(session, code)).on_telegram:
            own = await links.without_place(session, campaign, municipality_code=code, now=now)
            telegram = links.telegram_address(name, link if arrival.code else own.id)
        found.append(Door(names[code], links.chat_address(code, value), telegram))
    return found


def _changes(changed: Sequence[CampaignEvent]) -> list[str]:
    """What became of the questions and the period after people could answer, the newest first.

    Not who it was, and not the text that only the municipality reads.
    """
    told = []
    for event in changed:
        day = dutch_date(event.created_at.astimezone(AMSTERDAM).date())
        if event.what == "verbeterd" and (mended := later.told(event)):
            told.append(f"{day}: {mended}")
        elif event.what == "verlengen":
            told.append(f"{day}: de peiling sluit later dan eerst was gezegd.")
        elif event.what == "stellingen":
            told.append(f"{day}: er kwamen stellingen bij.")
    return told


def _day(campaign: Campaign) -> str:
    moment = campaign.closed_at or campaign.closes_at
    return dutch_date(moment.astimezone(AMSTERDAM).date()) if moment else ""
