"""Residents, their conversations and the messages in them. Desk users have no right to read these tables."""

import uuid
from typing import Any

from sqlalchemy import BigInteger, ForeignKey, Identity, Index, LargeBinary, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from participation.models import base
from participation.models.base import Base, Moment


class Resident(Base):
    """A person in one channel, known only by the HMAC of the channel's own id."""

    __tablename__ = "resident"

    id: Mapped[base.Identity]
    pseudonym: Mapped[bytes] = mapped_column(LargeBinary(32), unique=True)
    channel: Mapped[str] = mapped_column(String(20))
    created_at: Mapped[Moment]
    last_seen_at: Mapped[Moment]


class Conversation(Base):
    """One chat thread. The municipality comes from the embed or deep link, or from the resident's own choice.

    `place` is where the deep link was shown, such as a library.
    """

    __tablename__ = "conversation"

    id: Mapped[base.Identity]
    resident_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("resident.id", ondelete="CASCADE"), index=True)
    channel: Mapped[str] = mapped_column(String(20))
    municipality_code: Mapped[str | None] = mapped_column(String(6), ForeignKey("municipality.code"))
    campaign: Mapped[str | None] = mapped_column(Text)
    place: Mapped[str | None] = mapped_column(Text)
    language: Mapped[str] = mapped_column(String(5), default="nl")
    created_at: Mapped[Moment]
    last_turn_at: Mapped[Moment]


class Message(Base):
    """One message in a conversation, from the resident (`inwoner`), the `bot` or the `griffie`.

    `external_id` is the channel's own id of an incoming message: the unique key makes a second delivery visible.
    `in_reply_to` ties the bot's messages to the turn that caused them, so that a repeat gets the same reply.
    """

    __tablename__ = "message"
    __table_args__ = (
        UniqueConstraint("conversation_id", "external_id"),
        UniqueConstraint("entry_id"),
        Index("ix_message_conversation_id_id", "conversation_id", "id"),
        Index("ix_message_created_at", "created_at"),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    conversation_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("conversation.id", ondelete="CASCADE"))
    sender: Mapped[str] = mapped_column(String(10))
    external_id: Mapped[str | None] = mapped_column(String(64))
    in_reply_to: Mapped[int | None] = mapped_column(ForeignKey("message.id", ondelete="CASCADE"), index=True)
    entry_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("contribution_entry.id", ondelete="CASCADE"))
    body: Mapped[dict[str, Any]]
    handled_at: Mapped[Moment | None]
    created_at: Mapped[Moment]


class Choice(Base):
    """What a button means. The channel only ever sees the random id; residents can not type a meaning."""

    __tablename__ = "choice"

    id: Mapped[str] = mapped_column(String(22), primary_key=True)
    conversation_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("conversation.id", ondelete="CASCADE"), index=True)
    title: Mapped[str] = mapped_column(Text)
    meaning: Mapped[dict[str, Any]]
    created_at: Mapped[Moment] = mapped_column(index=True)
