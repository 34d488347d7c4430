"""The eindverslag: what was done, what people put forward, and what is decided on it with the reasons.

Gemeentewet art. 150 has the council lay down in an ordinance how residents take part; such ordinances ask these three
of a final report. Issued, it is frozen with a number and the digest of its content; a later number comes in its place.
"""

import uuid
from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from participation.campaigns import events, fairness, feedback, later, outcome, outcome_paper, telling
from participation.campaigns.faults import FeedbackMissing, OutcomeNotFinal, ReportUnknown
from participation.campaigns.suppression import FEWEST, PUBLIC
from participation.campaigns.telling import Block, head, listed, say, table
from participation.dates import AMSTERDAM, dutch_date
from participation.models import (
    Campaign,
    CampaignEvent,
    CampaignFeedback,
    Clerk,
    FinalReport,
    Mailing,
    Municipality,
)
from participation.models.campaign_outcome import EVERYWHERE
from participation.reports.paper import digest

MENDED = "verbeterd"
DONE = {
    "starten": "De campagne begon.",
    "pauzeren": "De campagne is stilgezet.",
    "hervatten": "De campagne ging verder.",
    "verlengen": "De campagne is verlengd.",
    "sluiten": "De campagne is gesloten.",
    "stellingen": "De gemeente voegde stellingen toe.",
    "stelling_goed": "Er kwam een stelling van een inwoner bij.",
    fairness.ASIDE: "Deelnames zijn opzij gezet: er waren tekens dat die niet echt waren. De reden is opgeschreven.",
    fairness.BACK: "Deelnames die opzij waren gezet, tellen weer mee.",
    "uitkomst_gepubliceerd": "De uitkomst is gepubliceerd.",
    feedback.PUBLISHED: "Inwoners konden lezen wat met de uitkomst is gedaan.",
}
"""What belongs to the procedure, of all that is in the history of a campaign; beside it, each text that was mended.
How many participants were set aside is in the outcome, where small numbers are hidden."""

_LEVELS = {
    "informeren": "Inwoners hoorden wat er gebeurt.",
    "raadplegen": "Inwoners zeiden wat zij vinden. De gemeente beslist.",
    "adviseren": "Inwoners gaven advies. De gemeente zegt wat zij ermee doet, en waarom.",
    "coproduceren": "Inwoners en gemeente maakten samen een plan.",
    "meebeslissen": "Inwoners beslisten mee.",
}


async def draft(session: AsyncSession, campaign: Campaign, *, number: int, now: datetime) -> dict[str, Any]:
    """Return the report as it would be issued now.

    Raises:
        OutcomeNotFinal: it has not ended, or was not counted for the last time.
        FeedbackMissing: nobody was told yet what is decided.
    """
    found = await outcome.of(session, campaign.id, EVERYWHERE, reader=PUBLIC)
    if campaign.state != "gesloten" or found is None or not found.final:
        raise OutcomeNotFinal
    points = await feedback.points_of(session, campaign.id)
    if not points or await feedback.published_at(session, campaign.id) is None:
        raise FeedbackMissing
    inhabitants = await outcome_paper.inhabitants_of(session, campaign.id)
    blocks = [
        head("1. Hoe de campagne ging"),
        *await _procedure(session, campaign, [n for n, _ in inhabitants.values()]),
    ]
    blocks.append(head("2. Wat mensen naar voren brachten"))
    blocks += [_lower(block) for block in telling.tell(found.content, inhabitants=inhabitants, fewest=FEWEST[PUBLIC])]
    blocks += [head("3. Wat wij ermee doen, en waarom"), *_reaction(points)]
    name = await session.scalar(select(Municipality.name).where(Municipality.code == campaign.municipality_code))
    day = now.astimezone(AMSTERDAM).date()
    return {
        "titel": f"Eindverslag: {campaign.title}",
        "gemeente": name,
        "nummer": f"{campaign.public_id}-{number}",
        "datum": day.isoformat(),
        "feiten": [["Vastgesteld op", dutch_date(day)], *outcome_paper.facts(campaign)],
        "blokken": [block for block in blocks if block["soort"] != "beeld"],
    }


async def issue(session: AsyncSession, campaign: Campaign, *, clerk: Clerk, now: datetime) -> FinalReport:
    """Freeze the report under the next number. The campaign is locked by the caller: no two get the same number.

    Raises:
        OutcomeNotFinal, FeedbackMissing: it can not be issued yet.
    """
    last = await session.scalar(select(func.max(FinalReport.number)).where(FinalReport.campaign_id == campaign.id))
    number = (last or 0) + 1
    content = await draft(session, campaign, number=number, now=now)
    report = FinalReport(
        campaign_id=campaign.id,
        municipality_code=campaign.municipality_code,
        number=number,
        content=content,
        digest=digest(content),
        issued_by=clerk.id,
        issued_at=now,
    )
    session.add(report)
    await session.flush()
    await events.record(
        session,
        campaign,
        what="eindverslag",
        clerk=clerk,
        now=now,
        detail={"nummer": number, "sha256": report.digest.hex()},
    )
    return report


async def all_of(session: AsyncSession, campaign_id: uuid.UUID) -> Sequence[FinalReport]:
    """Return what was issued, the latest first."""
    found = await session.scalars(
        select(FinalReport).where(FinalReport.campaign_id == campaign_id).order_by(FinalReport.number.desc())
    )
    return found.all()


async def find(session: AsyncSession, *, campaign_id: uuid.UUID, number: int) -> FinalReport:
    """Return one.

    Raises:
        ReportUnknown: there is none with this number.
    """
    found = await session.scalar(
        select(FinalReport).where(FinalReport.campaign_id == campaign_id, FinalReport.number == number)
    )
    if found is None:
        raise ReportUnknown
    return found


async def _procedure(session: AsyncSession, campaign: Campaign, names: Sequence[str]) -> list[Block]:
    """The procedure that was followed: what was asked of whom, how people were reached, and what was done when."""
    done = await session.scalars(
        select(CampaignEvent).where(CampaignEvent.campaign_id == campaign.id).order_by(CampaignEvent.id)
    )
    # Of all municipalities, as the worker counted it: who leads can not see the recipients elsewhere.
    mailings = await session.scalars(select(Mailing.progress).where(Mailing.campaign_id == campaign.id))
    sent = sum(counts.get("verstuurd", 0) for progress in mailings for counts in progress.values())
    lines = [
        f"Deze gemeenten deden mee: {', '.join(names)}.",
        _LEVELS[campaign.level],
        "Inwoners deden mee in de chat van hun gemeente, op de website of op Telegram. Meedoen kon zonder account.",
    ]
    if sent:
        lines.append(f"De gemeente stuurde {telling.number(sent)} berichten over deze campagne in de chat.")
    often = Counter(
        (one.created_at.astimezone(AMSTERDAM).date(), text)
        for one in done
        if (text := later.told(one) if one.what == MENDED else DONE.get(one.what))
    )
    history = [
        [dutch_date(day), text if times == 1 else f"{text} ({times} keer)"] for (day, text), times in often.items()
    ]
    return [listed(lines), *([table("Wat er wanneer gebeurde", ["Datum", "Wat"], history)] if history else [])]


def _reaction(points: Sequence[CampaignFeedback]) -> list[Block]:
    blocks: list[Block] = []
    for number, point in enumerate(points, 1):
        blocks += [
            head(f"Punt {number}", 3),
            say(f"Dit hoorden wij: {point.heard}"),
            say(f"Besluit: {point.decided}"),
            say(f"Waarom: {point.because}"),
            say(f"Wat nu: {point.next_step}"),
        ]
    return blocks


def _lower(block: Block) -> Block:
    return block | {"niveau": min(block["niveau"] + 1, 3)} if block["soort"] == "kop" else block
