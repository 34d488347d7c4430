"""A running campaign to take part in, with the parts that a test asks for."""

import secrets
import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from participation.models import Campaign, CampaignMunicipality, CampaignPart, Clerk, Statement
from participation.services import clerks

UTRECHT = "GM0344"


@dataclass(frozen=True)
class Ask:
    """One part."""

    kind: str
    text: str = "Wat vindt u?"
    options: Sequence[str] = ()
    rules: dict[str, Any] = field(default_factory=dict)
    statements: Sequence[str] = ()
    condition: tuple[int, Sequence[str]] | None = None
    """Number of an earlier part, and the texts of its options."""


async def clerk_of(session: AsyncSession, *, now: datetime, code: str = UTRECHT) -> Clerk:
    """Somebody who leads campaigns."""
    email = f"{uuid.uuid4().hex}@gemeente.example"
    made, _ = await clerks.create_clerk(session, email=email, name="Anna", roles={code: "griffier"}, now=now)
    return made


async def make(
    session: AsyncSession,
    *asked: Ask,
    now: datetime,
    codes: Sequence[str] = (UTRECHT,),
    clerk: Clerk | None = None,
    **changes: Any,
) -> Campaign:
    """Make a campaign that runs for a week; the first code leads it."""
    clerk = clerk or await clerk_of(session, now=now, code=codes[0])
    campaign = Campaign(
        **{
            "id": uuid.uuid4(),
            "public_id": secrets.token_hex(4),
            "municipality_code": codes[0],
            "title": "Een autoluw centrum",
            "why": "De raad kiest in maart.",
            "intro": "De gemeente wil minder auto's in het centrum.",
            "thanks": "De raad leest de antwoorden in maart.",
            "level": "adviseren",
            "phase": "Alles kan nog.",
            "decides": "De gemeenteraad",
            "official": "Team Verkeer",
            "portfolio_holder": "De wethouder verkeer",
            "asks_age": False,
            "asks_area": False,
            "state": "loopt",
            "revision": 1,
            "opens_at": now - timedelta(days=1),
            "closes_at": now + timedelta(days=7),
            "made_by": clerk.id,
            "made_at": now - timedelta(days=2),
            "started_at": now - timedelta(days=1),
        }
        | changes
    )
    session.add(campaign)
    await session.flush()
    for code in codes:
        session.add(
            CampaignMunicipality(
                campaign_id=campaign.id,
                municipality_code=code,
                leader_code=codes[0],
                asked_at=now,
                agreed_at=now,
                agreed_by=clerk.id,
            )
        )
    made: list[CampaignPart] = []
    number = 0
    for position, ask in enumerate(asked, start=1):
        options = [{"id": f"o{index}", "text": words} for index, words in enumerate(ask.options, start=1)]
        condition = None
        if ask.condition:
            earlier = made[ask.condition[0]]
            ids = [one["id"] for one in earlier.options if one["text"] in ask.condition[1]]
            condition = {"part": str(earlier.id), "options": ids}
        part = CampaignPart(
            id=uuid.uuid4(),
            campaign_id=campaign.id,
            municipality_code=codes[0],
            position=position,
            kind=ask.kind,
            text=ask.text,
            options=options,
            rules=ask.rules,
            condition=condition,
        )
        session.add(part)
        made.append(part)
        await session.flush()
        for words in ask.statements:
            number += 1
            session.add(
                Statement(
                    campaign_id=campaign.id,
                    part_id=part.id,
                    municipality_code=codes[0],
                    number=number,
                    text=words,
                    state="goed",
                    created_at=now,
                )
            )
    await session.flush()
    return campaign
