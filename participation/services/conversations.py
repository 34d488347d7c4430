"""Conversations: who is talking, what was said, and what the buttons mean."""

import re
import secrets
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import (
    BigInteger,
    Select,
    Text,
    Uuid,
    bindparam,
    column,
    exists,
    func,
    literal,
    select,
    text,
    true,
    update,
)
from sqlalchemy.dialects.postgresql import JSONB, insert
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


@dataclass(frozen=True)
class Received:
    """What a resident sent, as it is kept, and how the conversation stood before it.

    Args:
        message: not of the session; see `set_body`.
        is_new: it came in for the first time.
        said: the body of the last message to the resident; empty when there is none (any more).
        draft: the contribution that was begun and neither passed on nor left, as in `last_said`.
    """

    conversation: Conversation
    message: Message
    is_new: bool
    said: dict[str, Any]
    draft: dict[str, Any] | None


async def receive(
    session: AsyncSession, *, conversation_id: uuid.UUID, external_id: str, body: dict[str, Any], now: datetime
) -> Received:
    """Store what a resident sent; a second delivery finds the first.

    The messages of a conversation are numbered in the order in which they are committed: see `answer`.

    Raises:
        ConversationUnknown: it never was, or its time is up.
    """
    sent = {"conversation": conversation_id, "sent_as": external_id, "sent": body, "now": now, "before": _NEVER}
    row = (await session.execute(_received(), sent)).first()
    if row is None:
        raise ConversationUnknown
    conversation, number, said, draft = row
    if number is not None:
        message = Message(
            id=number,
            conversation_id=conversation_id,
            sender="inwoner",
            external_id=external_id,
            body=body,
            created_at=now,
        )
        return Received(conversation, message, True, said or {}, draft)
    earlier = select(Message).where(Message.conversation_id == conversation_id, Message.external_id == external_id)
    message = (await session.scalars(earlier)).one()
    before, draft = await last_said(session, conversation_id, before=message.id)
    return Received(conversation, message, False, before.body if before else {}, draft)


@cache
def _received() -> Any:
    """One statement, put together once: trips to the database, and making statements, are most of what a turn costs.

    A message is numbered from the row of its conversation, and so when that is locked. What is given has other names
    than columns: those would be set in each UPDATE.
    """
    conversation, now = bindparam("conversation", type_=Uuid()), bindparam("now", type_=Conversation.last_turn_at.type)
    spoken = (
        update(Conversation)
        .where(Conversation.id == conversation)
        .values(last_turn_at=now)
        .returning(*Conversation.__table__.columns)
        .cte("spoken")
    )
    seen = (
        update(Resident)
        .where(Resident.id == select(spoken.c.resident_id).scalar_subquery())
        .values(last_seen_at=now)
        .cte("seen")
    )
    message = select(
        spoken.c.id,
        literal("inwoner"),
        bindparam("sent_as", type_=Text()),
        bindparam("sent", type_=Message.body.type),
        now,
    )
    kept = (
        insert(Message)
        .from_select(["conversation_id", "sender", "external_id", "body", "created_at"], message)
        .on_conflict_do_nothing(index_elements=["conversation_id", "external_id"])
        .returning(Message.id)
        .cte("kept")
    )
    stood = _how_things_stand(Message.body).subquery("stood")
    return (
        select(aliased(Conversation, spoken), kept.c.id, stood.c.body, stood.c.draft)
        .select_from(spoken)
        .outerjoin(kept, true())
        .outerjoin(stood, true())
        .add_cte(seen)
        .execution_options(populate_existing=True)
    )


async def set_body(session: AsyncSession, message: Message, body: dict[str, Any]) -> None:
    """Keep a message as something else than it was."""
    message.body = body
    await session.execute(update(Message).where(Message.id == message.id).values(body=body))


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

    Returns:
        The messages, which are not of the session.

    Raises:
        ConversationUnknown: it was erased meanwhile.
    """
    bodies, choices = [], []
    for reply in replies:
        buttons = [(secrets.token_urlsafe(16), button) for button in reply.get("knoppen", ())]
        bodies.append({**reply, "knoppen": [_shown(choice_id, button) for choice_id, button in buttons]})
        choices += [{"id": one, "title": button["titel"], "meaning": button["betekenis"]} for one, button in buttons]
    given = {
        "conversation": conversation_id,
        "told": str(conversation_id),
        "who": sender,
        "message": in_reply_to,
        "entry": entry_id,
        "bodies": bodies,
        "choices": choices,
        "now": now,
    }
    said = (await session.execute(_answered(), given)).all()
    if not said:
        raise ConversationUnknown
    numbers = [number for _, _, number in said if number is not None]
    if said[0].pushes:
        await outgoing.queue(session, conversation_id=conversation_id, message_ids=numbers, now=now)
    return [
        Message(
            id=number,
            conversation_id=conversation_id,
            sender=sender,
            in_reply_to=in_reply_to,
            entry_id=entry_id,
            body=body,
            created_at=now,
        )
        for number, body in zip(numbers, bodies, strict=True)
    ]


@cache
def _answered() -> Any:
    """One statement, as `_received`: what it writes comes from the row of the conversation, when that is locked."""
    now = bindparam("now", type_=Message.created_at.type)
    in_reply_to = bindparam("message", type_=Message.in_reply_to.type)
    pushes = exists().where(ChatAddress.conversation_id == Conversation.id)
    held = (
        select(Conversation.id, pushes.label("pushes"))
        .where(Conversation.id == bindparam("conversation", type_=Uuid()))
        .with_for_update(key_share=True, of=Conversation)
        .cte("held")
    )
    given = func.jsonb_to_recordset(bindparam("choices", type_=JSONB())).table_valued(
        column("id", Text()), column("title", Text()), column("meaning", JSONB())
    )
    choice = given.render_derived("choice_given", with_types=True)
    choices = (
        insert(Choice)
        .from_select(
            ["id", "conversation_id", "title", "meaning", "created_at"],
            select(choice.c.id, held.c.id, choice.c.title, choice.c.meaning, now).select_from(
                held.join(choice, true())
            ),
        )
        .cte("choices")
    )
    listed = func.jsonb_array_elements(bindparam("bodies", type_=JSONB())).table_valued(
        column("body", JSONB()), with_ordinality="place"
    )
    reply = listed.render_derived("reply")
    said = (
        insert(Message)
        .from_select(
            ["conversation_id", "sender", "in_reply_to", "entry_id", "body", "created_at"],
            select(
                held.c.id,
                bindparam("who", type_=Text()),
                in_reply_to,
                bindparam("entry", type_=Uuid()),
                reply.c.body,
                now,
            )
            .select_from(held.join(reply, true()))
            .order_by(reply.c.place),
        )
        .returning(Message.id)
        .cte("said")
    )
    handled = (
        update(Message)
        .where(Message.id == in_reply_to, Message.conversation_id == held.c.id)
        .values(handled_at=now)
        .cte("handled")
    )
    return (
        select(held.c.pushes, notification(bindparam("told", type_=Text())), said.c.id)
        .select_from(held)
        .outerjoin(said, true())
        .add_cte(choices, handled)
        .order_by(said.c.id)
    )


def _shown(choice_id: str, button: dict[str, Any]) -> dict[str, Any]:
    """What the channel sees of a button."""
    mark = {"klein": True} if button.get("klein") else {}
    return {"id": choice_id, "titel": button["titel"], **mark}


async def find_choice(session: AsyncSession, *, conversation_id: uuid.UUID, choice_id: str) -> Choice:
    """Return what a button of this conversation means.

    Raises:
        ChoiceUnknown: made up, of another conversation, or erased.
    """
    found = await session.get(Choice, choice_id) if _CHOICE_ID.fullmatch(choice_id) else None
    if found is None or found.conversation_id != conversation_id:
        raise ChoiceUnknown
    return found


async def titled(session: AsyncSession, said: dict[str, Any], text: str) -> Choice | None:
    """Return the button of the last message whose title is this text; none when none is, or more than one.

    Args:
        said: the body of that message.
    """
    words = plain(text)
    buttons = said.get("knoppen", ()) if words else ()
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


@cache
def _how_things_stand(shown: Any) -> Select[tuple[Any, dict[str, Any] | None]]:
    """The query of `last_said`.

    Args:
        shown: the last message, or what of it.
    """
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
        select(shown, draft.scalar_subquery().label("draft"))
        .where(Message.conversation_id == conversation, Message.id < before, Message.sender != "inwoner")
        .order_by(Message.id.desc())
        .limit(1)
    )


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
    found = await session.execute(_how_things_stand(Message), {"conversation": conversation_id, "before": before})
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
