"""Counting a campaign again when there is something to count, with no transaction open while the processor works."""

import asyncio
import logging
import uuid
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from participation.campaigns import composing, counting, groups, open_answers, outcome
from participation.campaigns.composing import Counted
from participation.campaigns.counting import Person, Raw
from participation.campaigns.matrix import collect
from participation.campaigns.outcome import INSIDE
from participation.campaigns.pace import Mark, next_marks
from participation.campaigns.suppression import FEWEST
from participation.database import EVERY_MUNICIPALITY, Database
from participation.models import Campaign, CampaignAnswer, CampaignOutcome, Participant
from participation.models.campaign_outcome import EVERYWHERE

logger = logging.getLogger(__name__)

_STATES = ("loopt", "pauze", "gesloten")

MASKED_WITHIN = timedelta(hours=6)
"""How long after the end the last count waits for words that are not masked yet. Longer means that masking is broken,
and then the outcome comes without them."""


@dataclass(frozen=True)
class _Task:
    """What was read to count from. `stamp` tells whether anything changed since the last count after the end."""

    campaign: Campaign
    raw: Raw
    aside: Mapping[str, int]
    marks: Mapping[str, Mark]
    stamp: str
    before: CampaignOutcome | None
    final: bool


async def to_look_at(session: AsyncSession) -> Sequence[uuid.UUID]:
    """Return campaigns that may have to be counted: what is published stays as it is."""
    found = await session.scalars(
        select(Campaign.id)
        .where(Campaign.state.in_(_STATES), Campaign.started_at.is_not(None), Campaign.outcome_published_at.is_(None))
        .order_by(Campaign.id)
    )
    return found.all()


async def recount(
    database: Database, *, campaign_id: uuid.UUID, theme_of: Callable[[str], str] | None, now: datetime
) -> bool:
    """Count a campaign and keep the outcome; returns False where there is nothing new that may be told.

    Two workers that count at once: what was kept first stays.
    """
    async with database.session(EVERY_MUNICIPALITY) as session:
        task = await _read(session, campaign_id, now)
    if task is None:
        return False
    rows = await asyncio.to_thread(_compose, task, theme_of)
    async with database.session(EVERY_MUNICIPALITY) as session:
        return await _keep(session, task, rows, now=now)


async def _read(session: AsyncSession, campaign_id: uuid.UUID, now: datetime) -> _Task | None:
    campaign = await session.get(Campaign, campaign_id)
    if campaign is None or campaign.state not in _STATES or campaign.outcome_published_at is not None:
        return None
    final = campaign.state == "gesloten"
    before = await session.get(CampaignOutcome, (campaign_id, EVERYWHERE))
    stamp = await outcome.stamp(session, campaign)
    if final and before is not None and before.content.get("definitief") and before.content[INSIDE]["stempel"] == stamp:
        return None
    if final and await _waits_for_masking(session, campaign, now):
        return None
    everyone = await counting.people_of(session, campaign_id)
    people = [person for person in everyone if not person.aside]
    marks: dict[str, Mark] = {}
    if not final:
        told = _marks(before)
        found = next_marks(_active(people), told)
        if found is None and (not told or before is None or before.content[INSIDE]["stempel"] == stamp):
            return None
        marks = found if found is not None else told
        people = [person for person in people if person.code in marks and person.active <= marks[person.code].until]
        if found is None and Counter(one.code for one in people) != {code: one.people for code, one in told.items()}:
            return None
    aside = Counter(person.code for person in everyone if person.aside)
    return _Task(campaign, await counting.read(session, campaign, people), aside, marks, stamp, before, final)


async def _waits_for_masking(session: AsyncSession, campaign: Campaign, now: datetime) -> bool:
    """Whether words are still to be masked: after the last count they would never be counted."""
    if campaign.closed_at is not None and now > campaign.closed_at + MASKED_WITHIN:
        return False
    unmasked = select(CampaignAnswer.participant_id).where(
        CampaignAnswer.campaign_id == campaign.id,
        CampaignAnswer.words.is_not(None),
        CampaignAnswer.masked_words.is_(None),
    )
    return bool(await session.scalar(select(unmasked.exists())))


def _active(people: Sequence[Person]) -> dict[str, list[datetime]]:
    found: dict[str, list[datetime]] = {}
    for person in people:
        found.setdefault(person.code, []).append(person.active)
    return found


def _marks(before: CampaignOutcome | None) -> dict[str, Mark]:
    kept = before.content[INSIDE].get("tot", {}) if before is not None else {}
    return {code: Mark(datetime.fromisoformat(until), people) for code, (until, people) in kept.items()}


def _compose(task: _Task, theme_of: Callable[[str], str] | None) -> dict[str, dict[str, Any]]:
    """Do the arithmetic. Takes seconds of processor time for thousands of people."""
    raw = task.raw
    votes, voters = collect(raw.votes)
    model = task.before.content[INSIDE].get("model") if task.before is not None else None
    found = groups.find(votes, before=groups.Model.read(model) if model else None)
    words = {
        part.id: open_answers.look(raw.answers.get(part.id, ()), theme_of=theme_of)
        for part in raw.parts
        if part.kind != "plaats" and any(one.words for one in raw.answers.get(part.id, ()))
    }
    counted = Counted(raw, votes, voters, found, words, task.aside)
    readers = {reader: composing.compose(counted, fewest=fewest) for reader, fewest in FEWEST.items()}
    rows: dict[str, dict[str, Any]] = {
        about: {reader: content[about] for reader, content in readers.items()} | {"definitief": task.final}
        for about in (*raw.codes, EVERYWHERE)
    }
    rows[EVERYWHERE][INSIDE] = {
        "stempel": task.stamp,
        "tot": {code: (mark.until.isoformat(), mark.people) for code, mark in task.marks.items()},
        "model": found.model.as_json() if found else model,
    }
    return rows


async def _keep(session: AsyncSession, task: _Task, rows: Mapping[str, dict[str, Any]], *, now: datetime) -> bool:
    """Put this count in place of the one before; nothing stays of a municipality of which nobody counts any more."""
    if not await _all_still_here(session, task):
        return False
    present = await session.get(CampaignOutcome, (task.campaign.id, EVERYWHERE), with_for_update=True)
    if (present.counted_at if present else None) != (task.before.counted_at if task.before else None):
        return False
    sizes = Counter(person.code for person in task.raw.people)
    for about, content in rows.items():
        values = {
            "municipality_code": task.campaign.municipality_code if about == EVERYWHERE else about,
            "content": content,
            "counted_from": sizes.total() if about == EVERYWHERE else sizes[about],
            "counted_at": now,
        }
        statement = insert(CampaignOutcome).values(campaign_id=task.campaign.id, about=about, **values)
        await session.execute(statement.on_conflict_do_update(index_elements=["campaign_id", "about"], set_=values))
    await session.execute(
        delete(CampaignOutcome).where(
            CampaignOutcome.campaign_id == task.campaign.id, CampaignOutcome.about.not_in(rows)
        )
    )
    return True


async def _all_still_here(session: AsyncSession, task: _Task) -> bool:
    """Whether nobody whose words may be in this count had them erased meanwhile; until it is kept nobody can."""
    writers = {one.person for answers in task.raw.answers.values() for one in answers if one.may_quote}
    present = await session.scalars(
        select(Participant.id)
        .where(Participant.id.in_(writers))
        .order_by(Participant.id)
        .with_for_update(key_share=True, read=True)
    )
    return len(present.all()) == len(writers)
