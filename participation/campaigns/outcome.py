"""The outcome of a campaign as it was counted last: reading it, and the decision to publish it."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from participation.campaigns import events, fairness
from participation.campaigns.faults import OutcomeNotFinal
from participation.campaigns.suppression import DESK, PUBLIC
from participation.models import Campaign, CampaignEvent, CampaignOutcome, Clerk, Statement
from participation.models.campaign_outcome import EVERYWHERE

INSIDE, QUOTES = "intern", "citaten"
"""Keys beside those of the readers: what the next count needs, and the quotes that may be shown to all."""


@dataclass(frozen=True)
class Outcome:
    """What one kind of reader may see. `final`: counted after the end, of everybody."""

    about: str
    content: Mapping[str, Any]
    counted_from: int
    counted_at: datetime
    final: bool


async def of(session: AsyncSession, campaign_id: uuid.UUID, about: str, *, reader: str = DESK) -> Outcome | None:
    """Return the outcome of a municipality, or of all with EVERYWHERE; None before it was counted."""
    row = await session.get(CampaignOutcome, (campaign_id, about))
    if row is None:
        return None
    content = row.content[reader]
    if reader == PUBLIC:
        content = with_quotes(content, row.content.get(QUOTES, ()))
    return Outcome(about, content, row.counted_from, row.counted_at, bool(row.content.get("definitief")))


def with_quotes(content: Mapping[str, Any], chosen: Sequence[str]) -> dict[str, Any]:
    """Leave out quotes that nobody at the desk chose."""
    allowed = set(chosen)
    parts = [
        part
        | (
            {
                "onderwerpen": [
                    one | {"citaten": [quote for quote in one["citaten"] if quote in allowed]}
                    for one in part["onderwerpen"]
                ]
            }
            if "onderwerpen" in part
            else {}
        )
        for part in content["onderdelen"]
    ]
    return {**content, "onderdelen": parts}


def without_words(content: Mapping[str, Any], *, quotes: Sequence[str], places: Sequence[str]) -> dict[str, Any]:
    """Take what somebody wrote out of all that is kept of an outcome: what is offered as a quote, what was chosen.

    Before the last count a quote may be of an earlier answer of theirs: then all go, and the next count finds them.
    """
    gone = {_plain(quote) for quote in quotes}
    all_of_them = not content.get("definitief")

    def kept(texts: Sequence[str]) -> list[str]:
        return [] if all_of_them else [quote for quote in texts if _plain(quote) not in gone]

    def cleaned(part: Mapping[str, Any]) -> dict[str, Any]:
        found = dict(part)
        if "onderwerpen" in found:
            found["onderwerpen"] = [one | {"citaten": kept(one["citaten"])} for one in found["onderwerpen"]]
        if found["soort"] == "plaats" and "keuzes" in found:
            found["keuzes"] = [row for row in found["keuzes"] if row["id"] not in places]
        return found

    changed = dict(content)
    for reader in (DESK, PUBLIC):
        if reader in content:
            parts = [cleaned(part) for part in content[reader]["onderdelen"]]
            changed[reader] = content[reader] | {"onderdelen": parts}
    if QUOTES in content:
        changed[QUOTES] = kept(content[QUOTES])
    return changed


def _plain(quote: str) -> str:
    return " ".join(quote.casefold().split())


def quotes_in(content: Mapping[str, Any]) -> list[str]:
    """Return the quotes that could be shown to all."""
    return [quote for part in content["onderdelen"] for one in part.get("onderwerpen", ()) for quote in one["citaten"]]


async def quotes_of(session: AsyncSession, campaign_id: uuid.UUID) -> list[tuple[str, bool]]:
    """Return the quotes that could be shown to all, and whether somebody chose them."""
    row = await session.get(CampaignOutcome, (campaign_id, EVERYWHERE))
    if row is None:
        return []
    chosen = set(row.content.get(QUOTES, ()))
    return [(quote, quote in chosen) for quote in quotes_in(row.content[PUBLIC])]


async def stamp(session: AsyncSession, campaign: Campaign) -> str:
    """What changes when the desk decides something about the count: a statement that is shown, or who is set aside.

    Who leads sees the participants of no other municipality, but all events: its stamp is that of the worker.
    """
    shown = await session.scalar(
        select(func.count()).where(Statement.campaign_id == campaign.id, Statement.state == "goed")
    )
    decided = await session.scalar(
        select(func.max(CampaignEvent.id)).where(
            CampaignEvent.campaign_id == campaign.id, CampaignEvent.what.in_((fairness.ASIDE, fairness.BACK))
        )
    )
    return f"{campaign.state}:{shown}:{decided}"


async def publish(
    session: AsyncSession, campaign: Campaign, *, quotes: Sequence[str], clerk: Clerk, now: datetime
) -> None:
    """Show the outcome to everybody, with the quotes that somebody chose. Doing it again changes the quotes.

    From here it is not counted again: see `fairness`.

    Raises:
        OutcomeNotFinal: the last count is not there, or what the desk decided since is not in it yet.
    """
    await fairness.decide_alone(session, campaign)
    row = await session.get(CampaignOutcome, (campaign.id, EVERYWHERE), with_for_update=True)
    if campaign.state != "gesloten" or row is None or not row.content.get("definitief"):
        raise OutcomeNotFinal
    first = campaign.outcome_published_at is None
    if first and row.content[INSIDE]["stempel"] != await stamp(session, campaign):
        raise OutcomeNotFinal
    possible = quotes_in(row.content[PUBLIC])
    chosen = [quote for quote in possible if quote in set(quotes)]
    row.content = row.content | {QUOTES: chosen}
    campaign.outcome_published_at = campaign.outcome_published_at or now
    await events.record(
        session,
        campaign,
        what="uitkomst_gepubliceerd" if first else "citaten_gekozen",
        clerk=clerk,
        now=now,
        detail={"citaten": len(chosen)},
    )


async def published(session: AsyncSession, campaign: Campaign) -> Outcome | None:
    """Return what everybody may see; None while nothing is published."""
    if campaign.outcome_published_at is None:
        return None
    return await of(session, campaign.id, EVERYWHERE, reader=PUBLIC)


async def counted_of(session: AsyncSession, campaign_id: uuid.UUID) -> Sequence[CampaignOutcome]:
    """Return all rows that were counted, as far as this municipality may see them."""
    rows = await session.scalars(
        select(CampaignOutcome).where(CampaignOutcome.campaign_id == campaign_id).order_by(CampaignOutcome.about)
    )
    return rows.all()
