"""Taking part: one resident begins, votes, answers, passes over and ends. Each can be done again until the end.

This is the chat's own way, with messages. When a whole town votes at once, `ballots` takes the votes.
"""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, and_, bindparam, exists, func, or_, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from participation.campaigns import parts, states
from participation.campaigns.faults import CampaignClosed, StatementUnknown
from participation.campaigns.walk import SKIPPED, Walk
from participation.models import (
    Campaign,
    CampaignAnswer,
    CampaignPart,
    Participant,
    Statement,
    Vote,
)
from participation.services import masking

PLACE = "plaats"

LEAST_SHOWN = 10
"""Of fewer people than this it is not told how many took part."""


@dataclass(frozen=True)
class Coming:
    """By which way somebody comes in."""

    resident_id: uuid.UUID
    municipality_code: str
    conversation_id: uuid.UUID | None
    channel: str
    place: str | None = None


async def start(
    session: AsyncSession, *, campaign: Campaign, coming: Coming, now: datetime
) -> tuple[Participant, bool]:
    """Let a resident take part, or go on: one pseudonym takes part once. Returns also whether they are new.

    Raises:
        CampaignClosed: it takes no answers now, or not of this municipality.
    """
    states.assert_open(campaign, now)
    if coming.municipality_code not in await states.agreed_codes(session, campaign.id):
        raise CampaignClosed
    made = await session.scalar(
        insert(Participant)
        .values(
            id=uuid.uuid4(),
            campaign_id=campaign.id,
            municipality_code=coming.municipality_code,
            resident_id=coming.resident_id,
            conversation_id=coming.conversation_id,
            channel=coming.channel,
            place=coming.place,
            started_at=now,
            last_at=now,
        )
        .on_conflict_do_nothing(index_elements=["campaign_id", "resident_id"])
        .returning(Participant.id)
    )
    participant = await of_resident(session, campaign_id=campaign.id, resident_id=coming.resident_id)
    if participant is None:
        raise CampaignClosed
    if made is None:
        participant.conversation_id, participant.last_at = coming.conversation_id, now
    await session.flush()
    return participant, made is not None


def somebody_new(campaign: Campaign) -> Participant:
    """A participant that is kept nowhere: to count what is asked of somebody who begins."""
    return Participant(id=uuid.UUID(int=0), campaign_id=campaign.id, municipality_code=campaign.municipality_code)


async def of_resident(session: AsyncSession, *, campaign_id: uuid.UUID, resident_id: uuid.UUID) -> Participant | None:
    """Return a resident's part in a campaign; none when they do not take part."""
    found = await session.scalars(
        select(Participant).where(Participant.campaign_id == campaign_id, Participant.resident_id == resident_id)
    )
    return found.one_or_none()


async def unfinished_of(session: AsyncSession, *, resident_id: uuid.UUID, now: datetime) -> Campaign | None:
    """Return the campaign that a resident was last busy with and that still runs; none when there is none."""
    found = await session.scalars(
        select(Campaign)
        .join(Participant, Participant.campaign_id == Campaign.id)
        .where(Participant.resident_id == resident_id, states.open_now(now))
        .order_by(Participant.finished_at.is_(None).desc(), Participant.last_at.desc())
        .limit(1)
    )
    return found.one_or_none()


async def walk_of(session: AsyncSession, *, campaign: Campaign, participant: Participant) -> Walk:
    """Return all that is asked of a participant and all that they gave."""
    asked = await parts.of(session, campaign.id)
    statements: dict[uuid.UUID, list[Statement]] = {}
    rows = await session.scalars(
        select(Statement)
        .where(Statement.campaign_id == campaign.id, Statement.state == "goed")
        .order_by(Statement.number)
    )
    for statement in rows:
        statements.setdefault(statement.part_id, []).append(statement)
    votes = await session.scalars(
        select(Vote).where(Vote.participant_id == participant.id).execution_options(populate_existing=True)
    )
    answers = await session.scalars(
        select(CampaignAnswer)
        .where(CampaignAnswer.participant_id == participant.id)
        .execution_options(populate_existing=True)
    )
    return Walk(
        campaign=campaign,
        participant=participant,
        parts=asked,
        statements=statements,
        votes={vote.statement_id: vote for vote in votes},
        answers={answer.part_id: answer for answer in answers},
    )


async def vote(
    session: AsyncSession, *, participant_id: uuid.UUID, statement_id: uuid.UUID, value: int | None, now: datetime
) -> None:
    """Keep a vote, or without a value that the statement was passed over; the latest one counts.

    Raises:
        CampaignClosed: it takes no answers now.
        StatementUnknown: not one that is voted on in this campaign.
    """
    values = {"who": participant_id, "statement": statement_id, "value": value, "now": now}
    if await session.scalar(_casting(), values) is None:
        known = select(Statement.id).where(Statement.id == statement_id, Statement.state == "goed")
        raise CampaignClosed if await session.scalar(known) else StatementUnknown


@cache
def _casting() -> Any:
    """The statement that keeps a vote: whether the campaign is open is looked at where the vote is written.

    Putting it together takes as long as a third of a vote, so it is made once.
    """
    now = bindparam("now", type_=Vote.cast_at.type)
    voted = (
        select(
            Participant.id,
            Statement.id,
            Participant.campaign_id,
            Participant.municipality_code,
            bindparam("value", type_=Vote.value.type),
            now,
        )
        .join(Statement, Statement.campaign_id == Participant.campaign_id)
        .join(Campaign, Campaign.id == Participant.campaign_id)
        .where(
            Participant.id == bindparam("who"),
            Statement.id == bindparam("statement"),
            Statement.state == "goed",
            states.open_now(now),
        )
    )
    written = insert(Vote).from_select(
        ["participant_id", "statement_id", "campaign_id", "municipality_code", "value", "cast_at"], voted
    )
    cast = (
        written.on_conflict_do_update(
            index_elements=["participant_id", "statement_id"],
            set_={"value": written.excluded.value, "cast_at": written.excluded.cast_at},
        )
        .returning(Vote.participant_id)
        .cte("cast")
    )
    return (
        update(Participant)
        .where(Participant.id.in_(select(cast.c.participant_id)))
        .values(last_at=now)
        .returning(Participant.id)
        .execution_options(synchronize_session=False)
    )


async def answer(
    session: AsyncSession,
    *,
    participant: Participant,
    part: CampaignPart,
    value: Mapping[str, Any],
    words: str | None = None,
    now: datetime,
) -> None:
    """Keep the answer to a part that is not about statements; the latest one counts.

    Words are masked here: what the desk reads must not depend on who asks. Whether they may be shown is what the
    participant said about their words before; nobody is asked twice.

    Raises:
        CampaignClosed: it takes no answers now.
    """
    await _assert_open(session, participant.campaign_id, now)
    masked = await masking.readable(words, now=now) if words else None
    kept = {
        "value": dict(value),
        "words": words,
        "masked_words": masked.text if masked and masked.at else None,
        "may_quote": bool(words)
        and part.kind != PLACE
        and await may_quote(session, participant_id=participant.id) is True,
        "answered_at": now,
    }
    await session.execute(
        insert(CampaignAnswer)
        .values(
            participant_id=participant.id,
            part_id=part.id,
            campaign_id=participant.campaign_id,
            municipality_code=participant.municipality_code,
            **kept,
        )
        .on_conflict_do_update(index_elements=["participant_id", "part_id"], set_=kept)
    )
    participant.last_at = now
    await session.flush()


async def answer_in_words(
    session: AsyncSession, *, participant: Participant, part: CampaignPart, words: str, now: datetime
) -> None:
    """Answer an open question, or name a place; of a typed place the answer is its masked name.

    Raises:
        CampaignClosed: it takes no answers now.
    """
    value: dict[str, Any] = {"words": True}
    if part.kind == PLACE:
        value = {"place": (await masking.readable(words, now=now)).text}
    await answer(session, participant=participant, part=part, value=value, words=words, now=now)


async def add_words(
    session: AsyncSession, *, participant: Participant, part: CampaignPart, words: str, now: datetime
) -> None:
    """Give words to a choice that was made.

    Raises:
        CampaignClosed: it takes no answers now.
    """
    given = await session.scalar(
        select(CampaignAnswer.value).where(
            CampaignAnswer.participant_id == participant.id, CampaignAnswer.part_id == part.id
        )
    )
    await answer(session, participant=participant, part=part, value=given or SKIPPED, words=words, now=now)


async def skip(session: AsyncSession, *, participant: Participant, part: CampaignPart, now: datetime) -> None:
    """Pass over a part. What was answered before stays, as do votes on its statements; both can still be changed.

    Raises:
        CampaignClosed: it takes no answers now.
    """
    given = await session.scalar(
        select(CampaignAnswer.value).where(
            CampaignAnswer.participant_id == participant.id, CampaignAnswer.part_id == part.id
        )
    )
    if not given:
        await answer(session, participant=participant, part=part, value=SKIPPED, now=now)


async def may_quote(session: AsyncSession, *, participant_id: uuid.UUID) -> bool | None:
    """Return what a participant said about showing their words; none when they gave no words before.

    The name of a place is not something to quote: it is not asked about, and so says nothing about other words.
    """
    return await session.scalar(select(func.bool_or(CampaignAnswer.may_quote)).where(*_own_words(participant_id)))


async def let_quote(session: AsyncSession, *, participant_id: uuid.UUID, agreed: bool) -> None:
    """Keep whether the words of a participant may be shown, without a name; also of the words that come."""
    await session.execute(
        update(CampaignAnswer)
        .where(*_own_words(participant_id))
        .values(may_quote=agreed)
        .execution_options(synchronize_session=False)
    )


def _own_words(participant_id: uuid.UUID) -> tuple[ColumnElement[bool], ...]:
    place = exists().where(CampaignPart.id == CampaignAnswer.part_id, CampaignPart.kind == PLACE)
    return CampaignAnswer.participant_id == participant_id, CampaignAnswer.words.is_not(None), ~place


async def finish(session: AsyncSession, *, participant: Participant, now: datetime) -> bool:
    """Note that all was asked; returns whether this is the first time."""
    if participant.finished_at is not None:
        return False
    participant.finished_at = participant.last_at = now
    await session.flush()
    return True


async def how_many(session: AsyncSession, campaign_id: uuid.UUID) -> int | None:
    """Return how many people voted or answered, without those set aside; none while that is fewer than ten."""
    gave = or_(
        exists(select(Vote.participant_id).where(Vote.participant_id == Participant.id, Vote.value.is_not(None))),
        exists(select(CampaignAnswer.participant_id).where(CampaignAnswer.participant_id == Participant.id)),
    )
    counted = await session.scalar(
        select(func.count())
        .select_from(Participant)
        .where(and_(Participant.campaign_id == campaign_id, Participant.aside_at.is_(None), gave))
    )
    return counted if counted and counted >= LEAST_SHOWN else None


async def mask_waiting(session: AsyncSession, *, now: datetime, limit: int = 50) -> int:
    """Mask words that could not be masked when they came in; returns how many are done. For the worker."""
    waiting: Sequence[CampaignAnswer] = (
        await session.scalars(
            select(CampaignAnswer)
            .where(CampaignAnswer.words.is_not(None), CampaignAnswer.masked_words.is_(None))
            .order_by(CampaignAnswer.answered_at)
            .limit(limit)
            .with_for_update(skip_locked=True)
        )
    ).all()
    done = 0
    for row in waiting:
        masked = await masking.readable(row.words or "", now=now)
        if masked.at:
            row.masked_words, done = masked.text, done + 1
            if "place" in row.value and "options" not in row.value:
                row.value = {"place": masked.text}
    return done


async def _assert_open(session: AsyncSession, campaign_id: uuid.UUID, now: datetime) -> None:
    campaign = await session.get_one(Campaign, campaign_id, populate_existing=True)
    states.assert_open(campaign, now)
