"""What was said in the chat, how to reach it, and what is on its way in or out."""

from datetime import datetime
from typing import Any, ClassVar

from sqlalchemy import delete, select, tuple_
from sqlalchemy.ext.asyncio import AsyncSession

from participation.models import ChatAddress, Choice, Conversation, Incoming, Message, Outgoing
from participation.privacy.shredders.kind import Kind, Subject, delete_rows


class Messages(Kind):
    """What the resident, the bot and the griffie said, and the buttons."""

    name: ClassVar[str] = "berichten"
    tables: ClassVar[frozenset[str]] = frozenset({"message", "choice"})

    async def export(self, session: AsyncSession, subject: Subject) -> list[dict[str, Any]]:
        """Who said what, when, and the titles of the buttons."""
        rows = await session.scalars(
            select(Message).where(Message.conversation_id.in_(subject.conversation_ids)).order_by(Message.id)
        )
        return [
            {
                "van": row.sender,
                "tijd": row.created_at.isoformat(),
                "tekst": row.body["tekst"],
                "knoppen": [button["titel"] for button in row.body.get("knoppen", ())],
            }
            for row in rows
        ]

    async def shred(self, session: AsyncSession, subject: Subject, *, now: datetime) -> int:
        """Erase the buttons too: a meaning may hold the resident's words."""
        await session.execute(delete(Choice).where(Choice.conversation_id.in_(subject.conversation_ids)))
        return await delete_rows(session, delete(Message).where(Message.conversation_id.in_(subject.conversation_ids)))


class ToSend(Kind):
    """Where a channel that pushes sends the messages to, and what still has to be sent."""

    name: ClassVar[str] = "adres"
    tables: ClassVar[frozenset[str]] = frozenset({"chat_address", "outgoing"})

    async def export(self, session: AsyncSession, subject: Subject) -> list[dict[str, Any]]:
        """That there is an address. What it is, the resident's own channel knows; here it is encrypted."""
        rows = await session.scalars(
            select(ChatAddress).where(ChatAddress.conversation_id.in_(subject.conversation_ids))
        )
        return [{"sinds": row.created_at.isoformat(), "versleuteld": True} for row in rows]

    async def shred(self, session: AsyncSession, subject: Subject, *, now: datetime) -> int:
        """Erase both; what was not sent yet never will be."""
        await session.execute(delete(Outgoing).where(Outgoing.conversation_id.in_(subject.conversation_ids)))
        return await delete_rows(
            session, delete(ChatAddress).where(ChatAddress.conversation_id.in_(subject.conversation_ids))
        )


class Updates(Kind):
    """What a channel sent us and we still have to read; it is encrypted."""

    name: ClassVar[str] = "onderweg"
    tables: ClassVar[frozenset[str]] = frozenset({"incoming"})

    async def export(self, session: AsyncSession, subject: Subject) -> list[dict[str, Any]]:
        """When each came."""
        rows = await session.scalars(
            select(Incoming).where(Incoming.sender == subject.pseudonym).order_by(Incoming.update_id)
        )
        return [{"tijd": row.received_at.isoformat(), "gelezen": row.handled_at is not None} for row in rows]

    async def shred(self, session: AsyncSession, subject: Subject, *, now: datetime) -> int:
        """Erase all but the one that is being handled: that one asked for this, and loses its sender when it is done.

        Waiting for it would be waiting for ourselves: who handles it holds its lock.
        """
        free = (
            select(Incoming.channel, Incoming.update_id)
            .where(Incoming.sender == subject.pseudonym)
            .with_for_update(skip_locked=True)
        )
        found = [tuple(row) for row in await session.execute(free)]
        key = tuple_(Incoming.channel, Incoming.update_id)
        return await delete_rows(session, delete(Incoming).where(key.in_(found))) if found else 0


class Conversations(Kind):
    """That there was a conversation, in which channel, and about which municipality."""

    name: ClassVar[str] = "gesprekken"
    tables: ClassVar[frozenset[str]] = frozenset({"conversation"})

    async def export(self, session: AsyncSession, subject: Subject) -> list[dict[str, Any]]:
        """Where each conversation came from and how long it lasted."""
        rows = await session.scalars(
            select(Conversation).where(Conversation.id.in_(subject.conversation_ids)).order_by(Conversation.created_at)
        )
        return [
            {
                "kanaal": row.channel,
                "gemeente": row.municipality_code,
                "campagne": row.campaign,
                "plek": row.place,
                "taal": row.language,
                "begin": row.created_at.isoformat(),
                "laatste_bericht": row.last_turn_at.isoformat(),
            }
            for row in rows
        ]

    async def shred(self, session: AsyncSession, subject: Subject, *, now: datetime) -> int:
        """Erase them."""
        return await delete_rows(session, delete(Conversation).where(Conversation.id.in_(subject.conversation_ids)))
