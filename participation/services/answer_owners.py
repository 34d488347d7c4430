"""Who keeps an answer of a municipality up to date: one of the griffie, or nobody."""

import uuid
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from participation import content
from participation.answer_faults import TopicUnknown
from participation.errors import ColleagueUnknown
from participation.models import AnswerOwner, Clerk
from participation.services import assigning, audit


async def of_municipality(session: AsyncSession, *, municipality_code: str) -> dict[str, uuid.UUID]:
    """Return the owners by topic; a topic that nobody has is not in it."""
    rows = await session.execute(
        select(AnswerOwner.topic, AnswerOwner.clerk_id).where(AnswerOwner.municipality_code == municipality_code)
    )
    return dict(rows.all())


async def choose(
    session: AsyncSession,
    *,
    municipality_code: str,
    topic: str,
    owner_id: uuid.UUID | None,
    clerk: Clerk,
    now: datetime,
) -> None:
    """Give an answer to a colleague, to oneself, or (None) to nobody.

    Raises:
        TopicUnknown: the library has no such topic.
        ColleagueUnknown: nobody of this municipality who writes answers.
    """
    if topic not in content.answers():
        raise TopicUnknown(topic)
    names = dict(await assigning.colleagues(session, municipality_code=municipality_code))
    if owner_id is not None and owner_id not in names:
        raise ColleagueUnknown
    if owner_id is None:
        await session.execute(
            delete(AnswerOwner).where(AnswerOwner.municipality_code == municipality_code, AnswerOwner.topic == topic)
        )
    else:
        await _put(session, municipality_code, topic, owner_id)
    await audit.record(
        session,
        action="antwoord.eigenaar",
        clerk=clerk,
        municipality_code=municipality_code,
        record=topic,
        details={"naar": str(owner_id) if owner_id else None},
        now=now,
    )


async def _put(session: AsyncSession, municipality_code: str, topic: str, owner_id: uuid.UUID) -> None:
    statement = insert(AnswerOwner).values(municipality_code=municipality_code, topic=topic, clerk_id=owner_id)
    try:
        await session.execute(
            statement.on_conflict_do_update(
                index_elements=["municipality_code", "topic"], set_={"clerk_id": statement.excluded.clerk_id}
            )
        )
    except IntegrityError as error:  # they stopped working here at this very moment
        raise ColleagueUnknown from error


async def give_up_all(session: AsyncSession, *, municipality_code: str, clerk_id: uuid.UUID) -> None:
    """Leave what somebody had here without an owner: they do not work on answers here any more."""
    await session.execute(
        delete(AnswerOwner).where(AnswerOwner.municipality_code == municipality_code, AnswerOwner.clerk_id == clerk_id)
    )
