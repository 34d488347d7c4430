"""Conversations: who is talking, what was said, and what the buttons mean."""

import re
import secrets
import uuid
from collections.abc import Sequence
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import BigInteger, Select, Text, Uuid, bindparam, exists, func, select, text, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from participation.errors import ChoiceUnknown, ConversationUnknown
from participation.language.agreement import plain
from participation.models import (
    ChatAddress,
    Choice,
    Contribution,
    ContributionEntry,
    Conversation,
    DeepLink,
    Message,
    Resident,
)
from participation.services import outgoing
from participation.services.notify import notification

DRAFT = "inbreng"
"""Under this key what a message waits for (`verwacht`) tells which contribution it is about; nothing when it ended."""

_CHOICE_ID = re.compile(r"[\w-]{22}", re.ASCII)


async def open_conversation(
    session: AsyncSession,
    *,
    pseudonym: bytes,
    channel: str,
    municipality_code: str | None,
    campaign: str | None,
    language: str,
    now: datetime,
    place: str | None = None,
) -> Conversation:
    """Find or make the resident and start a conversation."""
    statement = insert(Resident).values(
        id=uuid.uuid4(), pseudonym=pseudonym, channel=channel, created_at=now, last_seen_at=now
    )
    resident_id = await session.scalar(
        statement.on_conflict_do_update(index_elements=["pseudonym"], set_={"last_seen_at": now}).returning(Resident.id)
    )
    conversation = Conversation(
        id=uuid.uuid4(),
        resident_id=resident_id,
        channel=channel,
        municipality_code=municipality_code,
        campaign=campaign,
        place=place,
        language=language,
        created_at=now,
        last_turn_at=now,
    )
    session.add(conversation)
    await session.flush()
    return conversation


async def get(session: AsyncSession, conversation_id: uuid.UUID) -> Conversation:
    """Return a conversation.

    Raises:
        ConversationUnknown: it never was, or its time is up.
    """
    found = await session.get(Conversation, conversation_id)
    if found is None:
        raise ConversationUnknown
    return found


async def latest_of(session: AsyncSession, *, pseudonym: bytes, channel: str) -> Conversation | None:
    """Return the conversation that a channel's user last spoke in, for channels where each user has one chat.

    Waits until nobody else opens one for the same user; held until the transaction ends.
    """
    key = int.from_bytes(pseudonym[:8], signed=True)
    await session.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": key})
    return await session.scalar(
        select(Conversation)
        .join(Resident, Resident.id == Conversation.resident_id)
        .where(Resident.pseudonym == pseudonym, Conversation.channel == channel)
        .order_by(Conversation.last_turn_at.desc())
        .limit(1)
    )


async def follow_link(session: AsyncSession, *, conversation_id: uuid.UUID, link: DeepLink) -> None:
    """Remember which municipality the resident came for, and from where."""
    await session.execute(
        update(Conversation)
        .where(Conversation.id == conversation_id)
        .values(municipality_code=link.municipality_code, campaign=link.campaign, place=link.place)
    )


async def receive(
    session: AsyncSession, *, conversation_id: uuid.UUID, external_id: str, body: dict[str, Any], now: datetime
) -> tuple[Conversation, Message, bool]:
    """Store what a resident sent; a second delivery finds the first.

    The messages of a conversation are numbered in the order in which they are committed: see `answer`.

    Returns:
        The conversation, the message, and whether it is new.

    Raises:
        ConversationUnknown: it never was, or its time is up.
    """
    conversation: Conversation | None = await session.scalar(
        _spoken_in(), {"conversation": conversation_id, "now": now}
    )
    if conversation is None:
        raise ConversationUnknown
    kept = {
        "conversation_id": conversation_id,
        "sender": "inwoner",
        "external_id": external_id,
        "body": body,
        "created_at": now,
    }
    if (new := await session.scalar(_kept_once(), kept)) is not None:
        return conversation, new, True
    earlier = select(Message).where(Message.conversation_id == conversation_id, Message.external_id == external_id)
    return conversation, (await session.scalars(earlier)).one(), False


@cache
def _spoken_in() -> Any:
    """Like the others of a turn it is put together once: that takes longer than what the database does with it."""
    conversation, now = bindparam("conversation", type_=Uuid()), bindparam("now", type_=Conversation.last_turn_at.type)
    resident = select(Conversation.resident_id).where(Conversation.id == conversation).scalar_subquery()
    seen = update(Resident).where(Resident.id == resident).values(last_seen_at=now).cte("seen")
    return (
        update(Conversation)
        .where(Conversation.id == conversation)
        .values(last_turn_at=now)
        .returning(Conversation)
        .add_cte(seen)
        .execution_options(synchronize_session=False, populate_existing=True)
    )


@cache
def _kept_once() -> Any:
    once = insert(Message).on_conflict_do_nothing(index_elements=["conversation_id", "external_id"])
    return once.returning(Message)


@cache
def _held_and_told() -> Any:
    conversation = bindparam("conversation", type_=Uuid())
    return (
        select(exists().where(ChatAddress.conversation_id == Conversation.id))
        .add_columns(notification(bindparam("told", type_=Text())))
        .where(Conversation.id == conversation)
        .with_for_update(key_share=True, of=Conversation)
    )


@cache
def _said() -> Any:
    return insert(Message).returning(Message, sort_by_parameter_order=True)


@cache
def _handled() -> Any:
    handled = update(Message).where(Message.id == bindparam("message")).values(handled_at=bindparam("now"))
    return handled.execution_options(synchronize_session=False)


async def answer(
    session: AsyncSession,
    *,
    conversation_id: uuid.UUID,
    replies: Sequence[dict[str, Any]],
    in_reply_to: int | None,
    now: datetime,
    sender: str = "bot",
    entry_id: uuid.UUID | None = None,
) -> list[Message]:
    """Store messages to the resident, give their buttons random ids, and wake the open chats and who pushes.

    The messages of a conversation are numbered in the order in which they are committed: the conversation is locked
    until then. Open chats go on behind the highest number that they have seen, and a lower one that came later would
    never be read.
    """
    whom = {"conversation": conversation_id, "told": str(conversation_id)}
    pushes = await session.scalar(_held_and_told(), whom)
    rows = [
        {
            "conversation_id": conversation_id,
            "sender": sender,
            "in_reply_to": in_reply_to,
            "entry_id": entry_id,
            "body": {
                **reply,
                "knoppen": [_button(session, conversation_id, one, now) for one in reply.get("knoppen", ())],
            },
            "created_at": now,
        }
        for reply in replies
    ]
    messages = list(await session.scalars(_said(), rows)) if rows else []
    if in_reply_to is not None:
        await session.execute(_handled(), {"message": in_reply_to, "now": now})
    if pushes:
        sent = [message.id for message in messages]
        await outgoing.queue(session, conversation_id=conversation_id, message_ids=sent, now=now)
    return messages


def _button(session: AsyncSession, conversation_id: uuid.UUID, button: dict[str, Any], now: datetime) -> dict[str, Any]:
    """Give a button its id; it is written with its message."""
    choice = Choice(
        id=secrets.token_urlsafe(16),
        conversation_id=conversation_id,
        title=button["titel"],
        meaning=button["betekenis"],
        created_at=now,
    )
    session.add(choice)
    mark = {"klein": True} if button.get("klein") else {}
    return {"id": choice.id, "titel": choice.title, **mark}


async def find_choice(session: AsyncSession, *, conversation_id: uuid.UUID, choice_id: str) -> Choice:
    """Return what a button of this conversation means.

    Raises:
        ChoiceUnknown: made up, of another conversation, or erased.
    """
    found = await session.get(Choice, choice_id) if _CHOICE_ID.fullmatch(choice_id) else None
    if found is None or found.conversation_id != conversation_id:
        raise ChoiceUnknown
    return found


async def titled(session: AsyncSession, said: Message | None, text: str) -> Choice | None:
    """Return the button of the last message whose title is this text; none when none is, or more than one."""
    words = plain(text)
    buttons = said.body.get("knoppen", ()) if said and words else ()
    found = [button["id"] for button in buttons if plain(button["titel"]) == words]
    return await session.get(Choice, found[0]) if len(found) == 1 else None


async def is_answered(session: AsyncSession, message: Message) -> bool:
    """Return whether a message was answered. Until this transaction ends nobody else answers in its conversation."""
    conversation = select(Conversation.id).where(Conversation.id == message.conversation_id)
    await session.execute(conversation.with_for_update(key_share=True))
    return await session.scalar(select(Message.handled_at).where(Message.id == message.id)) is not None


async def replies_to(session: AsyncSession, message_id: int) -> Sequence[Message]:
    """Return the messages that answered one message of the resident, in order."""
    return (await session.scalars(select(Message).where(Message.in_reply_to == message_id).order_by(Message.id))).all()


async def history(
    session: AsyncSession, *, conversation_id: uuid.UUID, after: int = 0, limit: int = 200
) -> Sequence[Message]:
    """Return the newest messages with an id above `after`, oldest first."""
    newest = (
        select(Message)
        .where(Message.conversation_id == conversation_id, Message.id > after)
        .order_by(Message.id.desc())
        .limit(limit)
    )
    return list(reversed((await session.scalars(newest)).all()))


async def newest(session: AsyncSession, conversation_id: uuid.UUID) -> int | None:
    """Return the id of the last message of either side; none when there is none (any more)."""
    return await session.scalar(select(func.max(Message.id)).where(Message.conversation_id == conversation_id))


def _how_things_stand() -> Select[tuple[Message, dict[str, Any] | None]]:
    """The query of `last_said`, built once: it is asked in every turn, and building it takes longer than its answer."""
    telling = aliased(Message)
    conversation, before = bindparam("conversation", type_=Uuid()), bindparam("before", type_=BigInteger())
    about = telling.body["verwacht"]
    draft = (
        select(about[DRAFT])
        .where(telling.conversation_id == conversation, telling.id < before)
        .where(telling.sender == "bot", about.has_key(DRAFT))
        .order_by(telling.id.desc())
        .limit(1)
    )
    return (
        select(Message, draft.scalar_subquery())
        .where(Message.conversation_id == conversation, Message.id < before, Message.sender != "inwoner")
        .order_by(Message.id.desc())
        .limit(1)
    )


_HOW_THINGS_STAND = _how_things_stand()
_NEVER = 2**63 - 1


async def last_said(
    session: AsyncSession, conversation_id: uuid.UUID, *, before: int = _NEVER
) -> tuple[Message | None, dict[str, Any] | None]:
    """Return how things stand in a conversation, now or before a message.

    Returns:
        The last message to the resident; none when there is none (any more). And the contribution that was begun and
        neither passed on nor left, none when there is none: the latest message that says anything about it tells (see
        `actions.unfinished`).
    """
    found = await session.execute(_HOW_THINGS_STAND, {"conversation": conversation_id, "before": before})
    row = found.first()
    return (row[0], row[1]) if row else (None, None)


async def set_municipality(session: AsyncSession, *, conversation_id: uuid.UUID, code: str) -> None:
    """Remember which municipality this conversation is about."""
    await session.execute(update(Conversation).where(Conversation.id == conversation_id).values(municipality_code=code))


async def undelivered(session: AsyncSession, *, limit: int = 100) -> Sequence[uuid.UUID]:
    """Return the ids of the griffie's texts that no chat has yet, oldest first, without those being delivered now.

    Without those whose chat has been erased: they can never be delivered and would fill up the list.
    """
    return (
        await session.scalars(
            select(ContributionEntry.id)
            .join(Contribution, Contribution.id == ContributionEntry.contribution_id)
            .where(ContributionEntry.delivered_at.is_(None), Contribution.conversation_id.is_not(None))
            .order_by(ContributionEntry.created_at)
            .limit(limit)
            .with_for_update(skip_locked=True, of=ContributionEntry)
        )
    ).all()


def lock_of_turns(conversation_id: uuid.UUID) -> int:
    """The advisory lock that is held by who handles a turn of this conversation."""
    return conversation_id.int % 2**63


async def lock_turns(session: AsyncSession, conversation_id: uuid.UUID) -> None:
    """Wait until no other process handles a turn of this conversation; held until the transaction ends."""
    await session.execute(select(func.pg_advisory_xact_lock(lock_of_turns(conversation_id))))


async def try_lock_turns(session: AsyncSession, conversation_id: uuid.UUID) -> bool:
    """The same, without waiting; returns whether nobody handles a turn now."""
    return bool(await session.scalar(select(func.pg_try_advisory_xact_lock(lock_of_turns(conversation_id)))))
