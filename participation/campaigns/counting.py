"""Reading what was voted and answered, and counting it: plain numbers, before anything is hidden."""

import uuid
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from participation.campaigns import parts
from participation.models import Campaign, CampaignAnswer, CampaignPart, Municipality, Participant, Statement, Vote
from participation.models.taking_part import AGE_BANDS, AGREE, DISAGREE, PASS

AGREES, DISAGREES, UNSURE = "eens", "oneens", "weet_niet"
VALUES = {AGREE: AGREES, DISAGREE: DISAGREES, PASS: UNSURE}
UNSAID = ""
"""The place in a row of who did not say."""

TYPED = "anders"
"""The place in a row of who typed a place of their own."""


@dataclass(frozen=True)
class Person:
    """Who takes part, as far as it is counted. `active` is when they did something last."""

    id: uuid.UUID
    code: str
    area: str | None
    age: str | None
    finished: bool
    aside: bool
    active: datetime


@dataclass(frozen=True)
class Answered:
    """An answer that is about the question: not skipped."""

    person: uuid.UUID
    value: Mapping[str, Any]
    words: str | None
    may_quote: bool


@dataclass(frozen=True)
class Raw:
    """Everything that is counted of a campaign."""

    people: Sequence[Person]
    statements: Sequence[Statement]
    votes: Sequence[tuple[uuid.UUID, int, int]]
    parts: Sequence[CampaignPart]
    answers: Mapping[uuid.UUID, Sequence[Answered]]
    names: Mapping[str, str]
    """What municipalities are called, by code."""

    @property
    def home(self) -> dict[uuid.UUID, str]:
        """The municipality of each who counts."""
        return {person.id: person.code for person in self.people}

    @property
    def codes(self) -> list[str]:
        """The municipalities of those who count."""
        return sorted({person.code for person in self.people})


async def people_of(session: AsyncSession, campaign_id: uuid.UUID) -> list[Person]:
    """Return who takes part, with when they did something last: started, voted or answered."""
    voted = (
        select(Vote.participant_id, func.max(Vote.cast_at).label("at"))
        .where(Vote.campaign_id == campaign_id)
        .group_by(Vote.participant_id)
        .subquery()
    )
    answered = (
        select(CampaignAnswer.participant_id, func.max(CampaignAnswer.answered_at).label("at"))
        .where(CampaignAnswer.campaign_id == campaign_id)
        .group_by(CampaignAnswer.participant_id)
        .subquery()
    )
    rows = await session.execute(
        select(
            Participant.id,
            Participant.municipality_code,
            Participant.area,
            Participant.age_band,
            Participant.finished_at.is_not(None),
            Participant.aside_at.is_not(None),
            func.greatest(Participant.last_at, voted.c.at, answered.c.at),
        )
        .outerjoin(voted, voted.c.participant_id == Participant.id)
        .outerjoin(answered, answered.c.participant_id == Participant.id)
        .where(Participant.campaign_id == campaign_id)
        .order_by(Participant.id)
    )
    return [Person(*row) for row in rows]


async def read(session: AsyncSession, campaign: Campaign, people: Sequence[Person]) -> Raw:
    """Read what these people voted and answered.

    Left out are statements that are not shown any more, and what somebody gave at a part that is not asked of them any
    more since they changed the choice it depends on: they can not see or change it.
    """
    asked = await parts.of(session, campaign.id)
    statements = (
        await session.scalars(
            select(Statement)
            .where(Statement.campaign_id == campaign.id, Statement.state == "goed")
            .order_by(Statement.number)
        )
    ).all()
    votes = await session.execute(
        select(Vote.participant_id, Statement.part_id, Statement.number, Vote.value)
        .join(Statement, Statement.id == Vote.statement_id)
        .where(Vote.campaign_id == campaign.id, Statement.state == "goed")
    )
    rows = await session.execute(
        select(
            CampaignAnswer.part_id,
            CampaignAnswer.participant_id,
            CampaignAnswer.value,
            CampaignAnswer.masked_words,
            CampaignAnswer.may_quote,
            CampaignAnswer.words.is_not(None),
        ).where(CampaignAnswer.campaign_id == campaign.id)
    )
    answers = rows.all()
    kept = _asked_of(asked, people, [(row[1], row[0], row[2]) for row in answers])
    found: dict[uuid.UUID, list[Answered]] = {}
    for part_id, person, value, masked, may_quote, has_words in answers:
        if part_id in kept.get(person, ()) and (value or has_words):
            found.setdefault(part_id, []).append(Answered(person, value, masked, may_quote))
    return Raw(
        people,
        statements,
        [
            (person, number, value)
            for person, part_id, number, value in votes
            if value is not None and part_id in kept.get(person, ())
        ],
        asked,
        found,
        {row.code: row.name for row in await session.execute(select(Municipality.code, Municipality.name))},
    )


def _asked_of(
    asked: Sequence[CampaignPart],
    people: Sequence[Person],
    answers: Sequence[tuple[uuid.UUID, uuid.UUID, Mapping[str, Any]]],
) -> dict[uuid.UUID, frozenset[uuid.UUID]]:
    """Return by person the parts that are asked of them; `answers`: person, part and value."""
    everything = frozenset(part.id for part in asked)
    if all(part.condition is None for part in asked):
        return {person.id: everything for person in people}
    chosen: dict[uuid.UUID, dict[str, Sequence[str]]] = {}
    for person_id, part_id, value in answers:
        chosen.setdefault(person_id, {})[str(part_id)] = value.get("options", ())
    return {
        person.id: frozenset(part.id for part in parts.asked_of(asked, chosen.get(person.id, {}))) for person in people
    }


Rows = dict[str, Counter[str]]
"""By municipality, or by group: how many people are in each place."""


def by_statement(raw: Raw, home: Mapping[uuid.UUID, str]) -> dict[int, Rows]:
    """Count the votes on each statement; `home` says in which row somebody is, and leaves out who is in none."""
    found: dict[int, Rows] = {statement.number: {} for statement in raw.statements}
    for person, number, value in raw.votes:
        if person in home:
            found[number].setdefault(home[person], Counter())[VALUES[value]] += 1
    return found


def by_value(answers: Sequence[Answered], home: Mapping[uuid.UUID, str], key: str) -> Rows:
    """Count answers of which each has one value: a `score`, a `place`, or the first of the `options`."""
    found: Rows = {}
    for answer in answers:
        value = answer.value.get(key)
        value = (value or [None])[0] if key == "options" else value
        if value is not None:
            found.setdefault(home[answer.person], Counter())[str(value)] += 1
    return found


def by_place(answers: Sequence[Answered], home: Mapping[uuid.UUID, str]) -> Rows:
    """Count who chose which place. Who typed one is counted as that: nobody read it, and it may tell who they are."""
    found: Rows = {}
    for answer in answers:
        chosen = answer.value.get("options")
        if chosen or "place" in answer.value:
            found.setdefault(home[answer.person], Counter())[chosen[0] if chosen else TYPED] += 1
    return found


def by_option(answers: Sequence[Answered], home: Mapping[uuid.UUID, str], option: str) -> Rows:
    """Count who chose an option among several, and who did not."""
    found: Rows = {}
    for answer in answers:
        if chosen := answer.value.get("options"):
            found.setdefault(home[answer.person], Counter())["ja" if option in chosen else "nee"] += 1
    return found


def mean_places(answers: Sequence[Answered], options: Sequence[str]) -> dict[str, float]:
    """The mean place of each option in a ranking; what somebody left out shares the places that were left."""
    totals = dict.fromkeys(options, 0.0)
    count = 0
    for answer in answers:
        ranked = [one for one in answer.value.get("options", ()) if one in totals]
        if not ranked:
            continue
        count += 1
        left = (len(ranked) + 1 + len(options)) / 2
        for option in options:
            totals[option] += ranked.index(option) + 1 if option in ranked else left
    return {option: total / count for option, total in totals.items()} if count else {}


def by_area(raw: Raw) -> Rows:
    """Count people by the area that they gave; the same name elsewhere is another area."""
    found: Rows = {}
    for person in raw.people:
        found.setdefault(person.code, Counter())[f"{person.code}:{person.area}" if person.area else UNSAID] += 1
    return found


def by_age(raw: Raw) -> Rows:
    """Count people by age band."""
    found: Rows = {}
    for person in raw.people:
        found.setdefault(person.code, Counter())[person.age if person.age in AGE_BANDS else UNSAID] += 1
    return found


def by_end(raw: Raw) -> Rows:
    """Count who came to the end, and who did not."""
    found: Rows = {}
    for person in raw.people:
        found.setdefault(person.code, Counter())["klaar" if person.finished else "bezig"] += 1
    return found
