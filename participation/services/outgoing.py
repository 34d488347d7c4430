"""Messages that a channel has to push: queued with the message, sent in order, each until it has arrived."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, exists, func, literal, or_, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from participation.models import Campaign, ChatAddress, Conversation, Mailing, Message, Outgoing
from participation.models.mailing import INVITES
from participation.services.notify import notify

LONGEST_WAIT = timedelta(minutes=5)
"""Between two attempts to send a message while the channel can not be reached."""

BETWEEN_TWO = timedelta(seconds=1)
"""Between a message of a mailing and what was sent before it in the same chat (Bot API FAQ: one a second)."""

IN_DANGER = "nood"
"""The kind of a message to somebody in danger."""


@dataclass(frozen=True)
class Waiting:
    """A message to send now, with the encrypted address it goes to."""

    outgoing: Outgoing
    message: Message
    sealed_address: bytes

    @property
    def in_danger(self) -> bool:
        """Whether it tells somebody in danger who can help."""
        return bool(self.message.body.get("soort") == IN_DANGER)


async def remember_address(session: AsyncSession, *, conversation_id: uuid.UUID, sealed: bytes, now: datetime) -> None:
    """Keep where to push the messages of this conversation. Who writes to us has not blocked us (any more)."""
    statement = insert(ChatAddress).values(conversation_id=conversation_id, sealed=sealed, created_at=now)
    await session.execute(
        statement.on_conflict_do_update(
            index_elements=["conversation_id"],
            set_={"blocked_at": None},
            where=ChatAddress.blocked_at.is_not(None),
        )
    )


async def queue(
    session: AsyncSession, *, conversation_id: uuid.UUID, message_ids: Sequence[int], now: datetime
) -> None:
    """Have messages pushed, when their conversation is in a channel that pushes; other channels fetch them."""
    for message_id in message_ids:
        pushes = select(
            literal(message_id), ChatAddress.conversation_id, literal(now), literal(0), literal(0), literal(False)
        ).where(ChatAddress.conversation_id == conversation_id)
        columns = ["message_id", "conversation_id", "due_at", "attempts", "parts_sent", "given_up"]
        await session.execute(insert(Outgoing).from_select(columns, pushes))


def goes_on() -> ColumnElement[bool]:
    """Whether messages of a mailing leave: it is not paused, nor, where it invites, the campaign."""
    can_take_part = exists().where(Campaign.id == Mailing.campaign_id, Campaign.state != "pauze")
    return and_(Mailing.state == "bezig", or_(Mailing.kind.not_in(INVITES), can_take_part))


async def next_waiting(
    session: AsyncSession, *, channel: str, now: datetime, only_in_danger: bool = False
) -> Waiting | None:
    """Return a message to send, locked until the transaction ends; of each conversation only the oldest.

    A message that has to wait holds up the later ones of its conversation: an answer never overtakes another. What
    somebody in danger has to read goes before all others, also of their own conversation. Messages of a mailing go
    last: they hold up no answer, not even in their own conversation, and leave one a second there. One that was handed
    over is never offered again, and of a mailing that does not go on nothing is offered and nothing waits for it.
    """
    earlier, lately = aliased(Outgoing), aliased(Outgoing)
    in_danger = Message.body["soort"].astext == IN_DANGER
    going_on = select(Mailing.id).where(goes_on())
    answered_first = or_(
        earlier.mailing_id.is_(None),
        and_(Outgoing.mailing_id.is_not(None), earlier.handed_at.is_(None), earlier.mailing_id.in_(going_on)),
    )
    of_mailing = and_(
        Outgoing.handed_at.is_(None),
        Outgoing.mailing_id.in_(going_on),
        ~exists(
            select(lately.message_id).where(
                lately.conversation_id == Outgoing.conversation_id, lately.done_at > now - BETWEEN_TWO
            )
        ),
    )
    found = await session.execute(
        select(Outgoing, Message, ChatAddress.sealed)
        .join(Message, Message.id == Outgoing.message_id)
        .join(ChatAddress, ChatAddress.conversation_id == Outgoing.conversation_id)
        .join(Conversation, Conversation.id == Outgoing.conversation_id)
        .where(
            Conversation.channel == channel,
            Outgoing.done_at.is_(None),
            Outgoing.due_at <= now,
            or_(Outgoing.mailing_id.is_(None), of_mailing),
            or_(ChatAddress.blocked_at.is_(None), Outgoing.mailing_id.is_not(None)),
            or_(
                in_danger,
                ~exists(
                    select(earlier.message_id).where(
                        earlier.conversation_id == Outgoing.conversation_id,
                        earlier.message_id < Outgoing.message_id,
                        earlier.done_at.is_(None),
                        answered_first,
                    )
                ),
            ),
            *([in_danger] if only_in_danger else []),
        )
        .order_by(
            in_danger.desc(),
            Outgoing.mailing_id.is_not(None),
            Outgoing.due_at,
            Outgoing.message_id,
        )
        .limit(1)
        .with_for_update(skip_locked=True, of=Outgoing)
    )
    row = found.first()
    return Waiting(*row) if row else None


async def held(session: AsyncSession, message_id: int) -> Outgoing | None:
    """Return a message that was handed over, locked until the transaction ends; none when it was erased meanwhile."""
    return await session.get(Outgoing, message_id, with_for_update=True, populate_existing=True)


async def next_due(session: AsyncSession, *, channel: str) -> datetime | None:
    """Return when the first message that waits may be tried."""
    return await session.scalar(
        select(func.min(Outgoing.due_at))
        .join(ChatAddress, ChatAddress.conversation_id == Outgoing.conversation_id)
        .join(Conversation, Conversation.id == Outgoing.conversation_id)
        .outerjoin(Mailing, Mailing.id == Outgoing.mailing_id)
        .where(
            Conversation.channel == channel,
            Outgoing.done_at.is_(None),
            Outgoing.handed_at.is_(None),
            ChatAddress.blocked_at.is_(None),
            or_(Mailing.id.is_(None), goes_on()),
        )
    )


def finish(outgoing: Outgoing, *, now: datetime, given_up: bool = False) -> None:
    """Note that all of it has arrived, or that it never will."""
    outgoing.done_at = now
    outgoing.given_up = given_up


def postpone(outgoing: Outgoing, *, now: datetime, wait: timedelta | None = None) -> None:
    """Try again later: after `wait` when the channel named a time, otherwise longer after every attempt."""
    if wait is None:
        wait = min(timedelta(seconds=2**outgoing.attempts), LONGEST_WAIT)
        outgoing.attempts = min(outgoing.attempts + 1, 20)
    outgoing.due_at = now + wait


async def set_blocked(session: AsyncSession, *, resident_id: uuid.UUID, blocked: bool, now: datetime) -> None:
    """Note that a resident keeps the bot out, or lets it in again; then what waited is sent."""
    theirs = select(Conversation.id).where(Conversation.resident_id == resident_id).scalar_subquery()
    await session.execute(
        update(ChatAddress).where(ChatAddress.conversation_id.in_(theirs)).values(blocked_at=now if blocked else None)
    )
    await notify(session, resident_id)
