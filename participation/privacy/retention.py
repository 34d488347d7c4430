"""Erasing by itself what has had its time: chat texts, verdicts, contact data. Contributions: see `destruction`."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy
from sqlalchemy import delete, exists, func, or_, select, true, update
from sqlalchemy.engine import CursorResult
from sqlalchemy.ext.asyncio import AsyncSession

from participation.campaigns import keeping
from participation.models import (
    AnswerVerdict,
    Choice,
    ConsentDetail,
    Contribution,
    ContributionIntake,
    Conversation,
    DestructionList,
    Incoming,
    LoginAttempt,
    Message,
    Resident,
    UnsureQuestion,
)
from participation.privacy import periods
from participation.privacy.shredders.tracker import tracker_exists
from participation.services import access_requests, desk_sessions, invitations, sign_on
from participation.services.closed import closed_since

DAYS_A_REPEAT_IS_KNOWN = 2
"""Telegram offers an update for at most 24 hours (Bot API, Getting updates)."""

_TRACKER = sqlalchemy.text(
    "DELETE FROM rasa.events WHERE NOT EXISTS (SELECT FROM conversation WHERE conversation.id::text = sender_id) "
    "OR timestamp < (SELECT :now - 86400.0 * least(coalesce(period.days, :days), :days) FROM conversation "
    "LEFT JOIN retention_period AS period "
    "ON period.municipality_code = conversation.municipality_code AND period.kind = :kind "
    "WHERE conversation.id::text = sender_id)"
)

Counts = Mapping[str | None, int]
"""Rows per municipality; none for conversations that never said which."""


@dataclass(frozen=True)
class Erased:
    """How many rows of each kind were erased."""

    messages: int
    choices: int
    conversations: int
    residents: int
    tracker_events: int
    login_attempts: int
    updates: int
    verdicts: int
    unsure_questions: int
    contacts: int


@dataclass(frozen=True)
class _Expired:
    """The rows of one kind that have had their time, and the municipality that each belongs to."""

    kind: str
    table: type[Any]
    conditions: tuple[sqlalchemy.ColumnElement[bool], ...]
    municipality: sqlalchemy.ColumnElement[str | None] | sqlalchemy.ColumnElement[str]


async def _expired(session: AsyncSession, *, chat_days: int, now: datetime) -> list[_Expired]:
    kinds = periods.kinds(chat_days)
    chat, unsure, verdicts, contact = (
        kinds[name] for name in (periods.CHAT, periods.UNSURE, periods.VERDICTS, periods.CONTACT)
    )
    any_chat = await periods.shortest(session, chat, now=now)
    in_conversation = [
        _Expired(
            chat.name,
            table,
            (
                table.created_at < any_chat,
                table.conversation_id == Conversation.id,
                table.created_at < periods.kept_since(chat, Conversation.municipality_code, now=now),
            ),
            Conversation.municipality_code.expression,
        )
        for table in (Message, Choice)
    ]
    direct = [
        _Expired(
            kind.name,
            table,
            (table.created_at < periods.kept_since(kind, table.municipality_code, now=now),),
            table.municipality_code.expression,
        )
        for kind, table in ((verdicts, AnswerVerdict), (unsure, UnsureQuestion))
    ]
    closed = closed_since().subquery()
    contacts = []
    for table, held in ((ContributionIntake, ContributionIntake.contact.is_not(None)), (ConsentDetail, true())):
        since = periods.kept_since(contact, table.municipality_code, now=now)
        over = select(closed.c.contribution_id).where(
            closed.c.contribution_id == table.contribution_id, closed.c.closed_at < since
        )
        contacts.append(_Expired(contact.name, table, (held, over.exists()), table.municipality_code.expression))
    return [*in_conversation, *direct, *contacts]


async def expired(session: AsyncSession, *, days: int, now: datetime) -> dict[str, Counts]:
    """Count what `erase_expired` would erase at this moment, by kind and municipality. Changes nothing."""
    found: dict[str, Counter[str | None]] = {}
    for one in await _expired(session, chat_days=days, now=now):
        rows = await session.execute(
            select(one.municipality, func.count())
            .select_from(one.table)
            .where(*one.conditions)
            .group_by(one.municipality)
        )
        found.setdefault(one.kind, Counter()).update(dict(rows.all()))
    return {kind: dict(counts) for kind, counts in found.items()}


async def erase_expired(session: AsyncSession, *, days: int, now: datetime) -> Erased:
    """Erase what has had its time in its municipality, and conversations and residents left empty.

    What still has to be sent goes with its message, a chat address with its conversation. What Rasa wrote down of a
    conversation that is no more (it answered too late, and meanwhile a resident had all erased) goes as well.
    A resident whose contribution is still kept stays, as a pseudonym without texts: the answer must find its way back.
    So does who takes part in a campaign, or agreed to messages about those (`campaigns.keeping`).
    How many went, per kind and municipality, is kept as evidence.

    Args:
        days: what this installation promises residents about chat texts.
    """
    chat = periods.kinds(days)[periods.CHAT]
    before = now - timedelta(days=days)
    gone: dict[str, int] = {}
    counted: dict[str, Counter[str | None]] = {}
    for one in await _expired(session, chat_days=days, now=now):
        erasing = _erasing(one).returning(one.municipality).execution_options(synchronize_session=False)
        municipalities = (await session.scalars(erasing)).all()
        gone[one.table.__tablename__] = len(municipalities)
        counted.setdefault(one.kind, Counter()).update(municipalities)
    await keeping.cut(session, days=days, now=now)
    conversations = await _delete(
        session,
        delete(Conversation).where(
            Conversation.last_turn_at < periods.kept_since(chat, Conversation.municipality_code, now=now),
            ~exists(select(Contribution.id).where(Contribution.conversation_id == Conversation.id)),
            ~keeping.keeps_conversation(now=now),
        ),
    )
    residents = await _delete(
        session,
        delete(Resident).where(
            Resident.last_seen_at < await periods.shortest(session, chat, now=now),
            ~exists(select(Contribution.id).where(Contribution.resident_id == Resident.id)),
            ~exists(select(Conversation.id).where(Conversation.resident_id == Resident.id)),
            ~keeping.keeps_resident(now=now),
        ),
    )
    tracker = 0
    if await tracker_exists(session):
        values = {"now": now.timestamp(), "days": days, "kind": chat.name}
        erased = await session.execute(_TRACKER, values)
        tracker = erased.rowcount if isinstance(erased, CursorResult) else 0
    attempts = await _delete(session, delete(LoginAttempt).where(LoginAttempt.created_at < now - timedelta(days=1)))
    await desk_sessions.forget(session, now=now)
    await invitations.forget(session, now=now)
    await sign_on.forget(session, now=now)
    await access_requests.forget(session, now=now)
    handled_before = now - timedelta(days=DAYS_A_REPEAT_IS_KNOWN)
    updates = await _delete(
        session, delete(Incoming).where(or_(Incoming.handled_at < handled_before, Incoming.received_at < before))
    )
    await _keep_evidence(session, counted, chat_days=days, now=now)
    return Erased(
        messages=gone["message"],
        choices=gone["choice"],
        conversations=conversations,
        residents=residents,
        tracker_events=tracker,
        login_attempts=attempts,
        updates=updates,
        verdicts=gone["answer_verdict"],
        unsure_questions=gone["unsure_question"],
        contacts=gone["contribution_intake"] + gone["consent_detail"],
    )


async def foresee(session: AsyncSession, *, days: int, now: datetime) -> None:
    """Note for each municipality what goes by itself the coming night, for the desk."""
    tomorrow: dict[str | None, dict[str, int]] = {}
    for kind, counts in (await expired(session, days=days, now=now + timedelta(days=1))).items():
        for code, count in counts.items():
            tomorrow.setdefault(code, {})[kind] = count
    for row in await session.scalars(select(DestructionList).where(DestructionList.state == "verwacht")):
        row.counts, row.made_at = tomorrow.pop(row.municipality_code, {}), now
    session.add_all(
        DestructionList(municipality_code=code, state="verwacht", counts=counts, periods={}, made_at=now)
        for code, counts in tomorrow.items()
        if code is not None
    )
    await session.flush()


def _erasing(one: _Expired) -> Any:
    if one.table is ContributionIntake:  # the rest of the row belongs to the contribution
        return update(ContributionIntake).where(*one.conditions).values(contact=None)
    return delete(one.table).where(*one.conditions)


async def _delete(session: AsyncSession, statement: sqlalchemy.Delete) -> int:
    result = await session.execute(statement.execution_options(synchronize_session=False))
    return result.rowcount if isinstance(result, CursorResult) else 0


async def _keep_evidence(
    session: AsyncSession, counted: Mapping[str, Counter[str | None]], *, chat_days: int, now: datetime
) -> None:
    for code in {code for counts in counted.values() for code in counts}:
        counts = {kind: per_code[code] for kind, per_code in counted.items() if per_code[code]}
        in_force = await periods.in_force(session, municipality_code=code, chat_days=chat_days)
        session.add(
            DestructionList(
                municipality_code=code,
                state="vanzelf",
                counts=counts,
                periods={kind: in_force[kind] for kind in counts},
                made_at=now,
                destroyed_at=now,
            )
        )
    await session.flush()
