"""A campaign as people at the desk make one: drafted, looked at by a colleague, agreed to elsewhere, and started."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from participation.campaigns import making, members, part_writing, reviewing, states
from participation.campaigns.making import Texts
from participation.campaigns.part_writing import Typed
from participation.database import EVERY_MUNICIPALITY, Database
from participation.models import Campaign, CampaignPart, Clerk
from participation.services import clerks

COLOURS = ("Zonnepanelen op daken", "Windmolens", "Warmte uit water")
PARTS = (
    Typed("stellingen", "Bent u het hiermee eens?", rules={"own": True, "most": None}),
    Typed("keuze", "Waar beginnen wij mee?", "\n".join(COLOURS), {"most": 1, "words": False}),
    Typed(
        "schaal",
        "Hoe warm is uw huis?",
        rules={"lowest": 1, "highest": 5, "low_text": "koud", "high_text": "warm"},
    ),
    Typed("open", "Wat moet de raad nog weten?", rules={"most_characters": 1000}),
)


@dataclass(frozen=True)
class Begun:
    """A campaign that runs, what it asks, and who made it."""

    campaign: Campaign
    parts: dict[str, CampaignPart]
    statements: list[uuid.UUID]
    maker: Clerk


async def begin(database: Database, *, codes: Sequence[str], statements: int, now: datetime) -> Begun:
    """Take a campaign of these municipalities from draft to running; the first one leads."""
    leader, *others = codes
    maker, colleague, *partners = [await _clerk(database, code, now) for code in (leader, leader, *others)]
    texts = Texts(
        title="Energie in onze buurt",
        why="De raad wil weten wat u vindt, voor er plekken worden gekozen.",
        intro="Waar haalt onze gemeente straks stroom en warmte vandaan?",
        thanks="Dank u wel. In maart hoort u wat de raad ermee doet.",
        theme="klimaat_energie",
        level="adviseren",
        phase="Er zijn nog geen plekken gekozen.",
        decides="De gemeenteraad",
        official="Team Energie",
        portfolio_holder="De wethouder energie",
        asks_age=True,
        asks_area=True,
        closes_at=now + timedelta(days=7),
    )
    by_maker: dict[str, Any] = {"clerk": maker, "now": now}
    async with database.session(leader) as session:
        campaign = await making.make(
            session, municipality_code=leader, texts=texts, submission=uuid.uuid4(), **by_maker
        )
        parts = {typed.kind: await part_writing.add(session, campaign, typed) for typed in PARTS}
        lines = "\n".join(f"Stelling {number} over energie in de buurt." for number in range(1, statements + 1))
        added = await part_writing.add_statements(session, campaign, parts["stellingen"], lines=lines, **by_maker)
        await reviewing.send_in(session, campaign, of_no_party=True, **by_maker)
    async with database.session(leader) as session:
        led = await making.led(session, municipality_code=leader, campaign_id=campaign.id)
        await reviewing.approve(session, led, clerk=colleague, now=now)
        for code in others:
            await members.ask(session, led, code=code, **by_maker)
    for code, partner in zip(others, partners, strict=True):
        async with database.session(code) as session:
            found = await making.find(session, municipality_code=code, campaign_id=campaign.id)
            await members.answer(session, found, municipality_code=code, agrees=True, clerk=partner, now=now)
    async with database.session(leader) as session:
        led = await making.led(session, municipality_code=leader, campaign_id=campaign.id)
        await states.start(session, led, **by_maker)
    return Begun(led, parts, [one.id for one in added], maker)


async def _clerk(database: Database, code: str, now: datetime) -> Clerk:
    async with database.session(EVERY_MUNICIPALITY) as session:
        email = f"{uuid.uuid4().hex}@meting.example"
        clerk, _ = await clerks.create_clerk(session, email=email, name="Meting", roles={code: "griffier"}, now=now)
    return clerk
